"""The object that `ask --json` prints: the contract's keys, whatever happened."""

from collections.abc import Sequence
from typing import Final

from tui_chat.chat.history import parse_arguments
from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.errors import Failure
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.media import address_of, kind_of, media_type_of, size_of
from tui_chat.core.parts import Beside, Foreign, Message, Role, Source, ToolCall
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, TokenCounts

KEPT_NOWHERE: Final = "Nothing of this is kept, so nothing can go on with it."

_NOTHING = Message(Role.ASSISTANT, ())


def result_of(
    answer: Node,
    conversation_id: str | None,
    *,
    unrun: Sequence[ToolCall] | None = None,
    runs: Sequence[JsonObject] = (),
    output: JsonValue = None,
) -> JsonObject:
    """The result of an answer that has ended. `conversation_id` is None where nothing was saved; `unrun` are its calls
    that still may be acted on, all of them where it is None; `runs` are the calls that were run."""
    info = answer.answer or AnswerInfo(requested_model="")
    message = answer.message
    to_act_on = {call.id for call in answer.calls_to_act_on}
    waiting = to_act_on if unrun is None else {call.id for call in unrun}
    calls: list[JsonValue] = [call_object(call) for call in message.tool_calls if call.id in waiting]
    partial: list[JsonValue] = [call_object(call) for call in message.tool_calls if call.id not in to_act_on]
    return {
        "conversation": conversation_id,
        "requested_model": info.requested_model,
        "model": info.model,
        "text": message.text,
        "reasoning": message.reasoning,
        "refusal": message.refusal,
        "tool_calls": calls,
        "partial_tool_calls": partial,
        "finish_reason": info.finish_reason,
        "outcome": (info.outcome or Outcome.TRUNCATED).value,
        "error": failure_object(info.failure),
        "usage": usage_object(info.counts),
        "cost": cost_object(info.cost),
        "timing": timing_object(info.timing),
        "retries": info.retries,
        "tool_runs": list(runs),
        "output": output,
        "parts": [part_object(part) for part in message.beside_words],
        "sources": [source_object(source) for source in message.sources],
        "left_out": list(info.left_out),
    }


def failed_result(failure: Failure, requested_model: str) -> JsonObject:
    """The result where not even a request could be made."""
    node = Node("", None, 0.0, _NOTHING, AnswerInfo(requested_model, outcome=Outcome.ERROR, failure=failure))
    return result_of(node, None)


def call_object(call: ToolCall) -> JsonObject:
    """One tool call, with its arguments parsed where they are a JSON object."""
    parsed, error = parse_arguments(call.arguments)
    return {
        "id": call.id,
        "name": call.name,
        "arguments": call.arguments,
        "parsed": parsed,
        "error": call.flaw or error,
    }


def part_object(part: Beside) -> JsonObject:
    """One item of the `parts` key. `url` is its address where it has one; `path` is null while it is in no file."""
    return {
        "type": kind_of(part),
        "media_type": media_type_of(part),
        "name": None if isinstance(part, Foreign) else part.name or None,
        "bytes": size_of(part),
        "path": None,
        "url": address_of(part) or None,
    }


def source_object(source: Source) -> JsonObject:
    """One item of the `sources` key."""
    return {"n": source.number, "title": source.title or None, "url": source.url}


def failure_object(failure: Failure | None) -> JsonObject | None:
    """The `error` key."""
    if failure is None:
        return None
    from tui_chat.workspace.advice import Audience, advise  # what goes well does without

    return {
        "kind": failure.kind.value,
        "status": failure.status,
        "type": failure.type,
        "code": failure.code,
        "message": failure.message,
        "advice": advise(failure, Audience.SHELL),
        "retryable": failure.retryable,
    }


def usage_object(counts: TokenCounts | None) -> JsonObject | None:
    """The `usage` key: null is unknown."""
    if counts is None:
        return None
    return {
        "prompt_tokens": counts.prompt_tokens,
        "completion_tokens": counts.completion_tokens,
        "total_tokens": counts.total_tokens,
        "reasoning_tokens": counts.reasoning_tokens,
        "cached_tokens": counts.cached_tokens,
        "cache_write_tokens": counts.cache_write_tokens,
    }


def cost_object(cost: Cost | None) -> JsonObject | None:
    """The `cost` key, dollars as an exact decimal string without an exponent."""
    return None if cost is None else {"usd": f"{cost.usd:f}", "source": cost.source.value}


def timing_object(timing: Timing) -> JsonObject:
    """The `timing` key, in seconds to the millisecond."""
    first = timing.first_token_s
    return {"first_token_s": None if first is None else round(first, 3), "total_s": round(timing.total_s or 0.0, 3)}
