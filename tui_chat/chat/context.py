"""What of a conversation is sent: the request that asks a model to continue a path, and how large it is."""

from typing import Final

from msgspec.structs import replace

from tui_chat.chat.history import GO_ON_EXACTLY, is_sent_answer, sendable_history
from tui_chat.chat.services import Services
from tui_chat.chat.tool_choice import about_calls, applied
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.given import CALLED
from tui_chat.core.marks import Continuing
from tui_chat.core.models import Ability
from tui_chat.core.parts import Role
from tui_chat.core.request import Request
from tui_chat.core.request_size import RequestSize, size_of_parts, size_of_request
from tui_chat.core.sending import is_summary_in_force, sent_nodes
from tui_chat.core.stream_events import Outcome
from tui_chat.core.taken import TOOL, only_taken
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import TokenCounts

SUMMARISE: Final = (
    "Summarise our conversation so far, for yourself: you will go on with this summary in its place. Keep what was "
    "asked, what was found and decided, names, numbers, code and file names that matter, and what is still open. "
    "Write it in the language of the conversation, without an introduction."
)
_IMPLAUSIBLE: Final = 2
"""Counts so many times smaller than the estimate are none of the whole: some gateways leave out what was cached, and
what was muted then, or has been added to the instructions or the tools since, was not sent."""


def build_request(
    conversation: Conversation,
    path: tuple[Node, ...],
    services: Services,
    model: str,
    *,
    then: str = "",
    prefills: bool = False,
) -> Request:
    """The request that asks `model` to answer what the path ends with; `then` and `prefills` as in
    `sendable_history`."""
    catalog = services.catalog.known()
    known = catalog.get(model)
    sees = known is None or known.has(Ability.PICTURES) is not False
    messages, origins = sendable_history(path, conversation.system, then=then, prefills=prefills, sees=sees)
    is_question = bool(path) and path[-1].message.role is Role.USER and not then and not prefills
    wanted, undone = applied(
        conversation.sampling_over(services.sampling),
        {tool.name for tool in services.offered},
        is_question=is_question,
    )
    sampling, left_out = only_taken(wanted, model, catalog)
    calls = about_calls(sampling)
    return Request(
        model=model,
        messages=tuple(messages),
        fallbacks=tuple(fallback for fallback in services.fallbacks if fallback != model),
        tools=services.offered,
        tool_choice=calls.tool_choice,
        parallel_tool_calls=calls.parallel_tool_calls,
        sampling=sampling,
        left_out=(*(f"{TOOL}{name}" for name in services.missing_tools), *undone, *left_out),
        gateway=services.gateway.stored_url,
        not_taken=frozenset(kind for kind in CALLED if known is not None and known.has(kind) is False),
        origins=origins,
    )


def continuing_request(
    conversation: Conversation, path: tuple[Node, ...], services: Services, model: str, how: Continuing
) -> Request:
    """The request that asks `model` to go on with the answer that the path ends with."""
    if how is Continuing.PREFILL:
        return build_request(conversation, path, services, model, prefills=True)
    return build_request(conversation, path, services, model, then=GO_ON_EXACTLY)


def summary_request(
    conversation: Conversation, path: tuple[Node, ...], services: Services, model: str, words: str
) -> Request:
    """The request that asks `model` for a summary of the path; `words` say what matters."""
    then = f"{SUMMARISE}\n\nAbove all keep: {words}" if words else SUMMARISE
    request = build_request(conversation, path, services, model, then=then)
    return replace(request, fallbacks=(), tool_choice="none" if request.tools else None)


def summarised(node: Node, conversation: Conversation, before: tuple[Node, ...], services: Services) -> Node:
    """A summary that is whole, with the estimate of what is sent since; every other message as it is."""
    if node.marks.summary is None:
        return node
    request = build_request(conversation, (*before, node), services, conversation.model)
    summary = replace(node.marks.summary, after_tokens=size_of_request(request).tokens)
    return replace(node, marks=replace(node.marks, summary=summary))


def asked_with(request: Request) -> AnswerInfo:
    """What is known of an answer before anything of it came."""
    return AnswerInfo(requested_model=request.model, gateway=request.gateway, sampling=request.sampling)


def size_on(path: tuple[Node, ...], request: Request) -> RequestSize:
    """The size of a request that a path makes: the tokens of its last answer and of what led to it, where they were
    counted for this model, and an estimate of all behind it; else an estimate of the whole."""
    estimate = size_of_request(request)
    counted, answers = _counted(path, request.model), [*request.origins]
    if counted is None or not answers:
        return estimate
    behind = size_of_parts(part for message in request.messages[max(answers) + 1 :] for part in message.parts)
    if counted * _IMPLAUSIBLE < estimate.tokens - behind.tokens:
        return estimate
    return RequestSize(counted, True, estimate.pictures, counted).plus(behind._replace(pictures=0))


def _counted(path: tuple[Node, ...], model: str) -> int | None:
    """Tokens of the last answer that is sent, and of what led to it; None where they were not counted, or where
    something of it is not sent any more."""
    answer = next((node for node in reversed(sent_nodes(path)) if is_sent_answer(node)), None)
    if answer is None or (info := answer.answer) is None or info.counts is None:
        return None
    place = next(at for at, node in enumerate(path) if node.id == answer.id)
    prompt, output = info.counts.prompt_tokens, _output_of(answer, info.counts)
    is_changed = any(is_summary_in_force(node) for node in path[place:]) or any(node.marks.is_muted for node in path)
    before = (None, *(node.id for node in path[:place]))
    is_shorter = any(node.parent_id != id_ for node, id_ in zip(path, before, strict=False))  # deleted between them
    if prompt is None or output is None or is_changed or is_shorter:
        return None
    return prompt + output if model in (info.requested_model, info.answering_model) else None


def _output_of(node: Node, counts: TokenCounts) -> int | None:
    """Tokens of an answer that may be sent again; None where they were not counted."""
    if (output := counts.output_tokens) is None:
        return None
    info = node.answer or AnswerInfo()
    if not node.message.reasoning and not info.message_data:
        output = max(0, output - (counts.reasoning_tokens or 0))  # thoughts that nobody has cannot be sent back
    if info.outcome is not Outcome.COMPLETE:  # counted before all of it had come
        output = max(output, size_of_parts(node.message.parts).tokens)
    return output
