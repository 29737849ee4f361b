"""A plan as bytes: chunks in the service's format, each with the wait before it, or one whole completion.

The format is that of the service's page on streaming: the role in the first chunk, a finish reason and the usage with
its cost in the last, then `[DONE]`. The usage is in the last chunk and not in one of its own with empty `choices`,
since the page's own samples read `choices[0]` of every chunk.
"""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from tui_chat.core.jsonvalue import JsonObject
from tui_chat.demo import tokens
from tui_chat.demo.asked import Asked
from tui_chat.demo.catalogue import DemoModel
from tui_chat.demo.plan import CallTool, Comment, Fail, GrowCall, Hang, Move, Plan, Say, Think, Wait
from tui_chat.demo.seed import number

DONE = b"data: [DONE]\n\n"


class Step(msgspec.Struct, frozen=True):
    """Bytes, and the wait before they are sent."""

    delay_s: float
    data: bytes = b""
    breaks: bool = False
    """The connection breaks off here, in the middle of the body."""


class Head(msgspec.Struct, frozen=True):
    """Fields that every chunk of an answer repeats."""

    id: str
    created: int
    model: DemoModel

    def object(self, kind: str, choice: JsonObject) -> dict[str, object]:
        """Make a chunk or a completion with one choice."""
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model.id, "choices": [choice]}


def limit(plan: Plan, asked: Asked) -> Plan:
    """Cut the plan where `stop` or `max_tokens` ends it."""
    moves = list(_until_stop(plan.moves, asked.stops))
    reason = plan.finish_reason if len(moves) == len(plan.moves) else "stop"
    if asked.limit_tokens is None:
        return msgspec.structs.replace(plan, moves=tuple(moves), finish_reason=reason)
    kept: list[Move] = []
    left = asked.limit_tokens
    for move in moves:
        size = move_tokens(move)
        if size <= left:
            kept.append(move)
            left -= size
            continue
        if isinstance(move, Say | Think) and left:
            kept.append(type(move)("".join(tokens.cut(move.text)[:left])))
        elif isinstance(move, CallTool) and left:
            shorter = "".join(tokens.fragments(move.arguments)[: left - 1])
            kept.append(msgspec.structs.replace(move, arguments=shorter))
        return msgspec.structs.replace(plan, moves=tuple(kept), finish_reason="length")
    return msgspec.structs.replace(plan, moves=tuple(kept), finish_reason=reason)


def _until_stop(moves: tuple[Move, ...], stops: tuple[str, ...]) -> Iterator[Move]:
    for move in moves:
        places = [at for stop in stops if isinstance(move, Say) and (at := move.text.find(stop)) >= 0]
        if isinstance(move, Say) and places:
            yield Say(move.text[: min(places)])
            return
        yield move


def move_tokens(move: Move) -> int:
    """Count the tokens of a move: one for each piece that is sent."""
    match move:
        case Say(text) | Think(text):
            return tokens.count(text)
        case CallTool(arguments=arguments):
            return 1 + len(tokens.fragments(arguments))
        case GrowCall(arguments=arguments):
            return len(tokens.fragments(arguments))
        case Wait() | Comment() | Fail() | Hang():
            return 0


def usage(plan: Plan, asked: Asked, model: DemoModel) -> dict[str, object]:
    """Make the usage object, with the cost as an exact decimal number."""
    prompt = asked.prompt_tokens
    completion = sum(move_tokens(move) for move in plan.moves)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "cost": msgspec.Raw(plain(model.cost_usd(prompt, completion)).encode()),
        "prompt_tokens_details": {"cached_tokens": asked.cached_tokens},
        "completion_tokens_details": {
            "reasoning_tokens": sum(move_tokens(move) for move in plan.moves if isinstance(move, Think))
        },
    }


def plain(value: Decimal) -> str:
    """Write a decimal without an exponent or trailing zeros, as an exact JSON number."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def stream(plan: Plan, asked: Asked, head: Head) -> Iterator[Step]:
    """Yield the answer as server-sent events. Steps are made on demand, so a disconnect ends the work."""
    delta = _Deltas(head)
    pace = _Pace(plan, head.id)
    for move in plan.moves:
        match move:
            case Say(text):
                for piece in tokens.cut(text):
                    yield Step(pace.next(), delta({"content": piece}))
            case Think(text):
                for piece in tokens.cut(text):
                    yield Step(pace.next(), delta({"reasoning": piece}))
            case CallTool(index=index, id=call_id, name=name, arguments=arguments):
                begun: JsonObject = {"name": name, "arguments": ""}
                first: JsonObject = {"index": index, "id": call_id, "type": "function", "function": begun}
                yield Step(pace.next(), delta({"tool_calls": [first]}))
                yield from _grown(index, arguments, delta, pace)
            case GrowCall(index=index, arguments=arguments):
                yield from _grown(index, arguments, delta, pace)
            case Wait(seconds):
                yield Step(seconds, b"")
            case Comment(text):
                yield Step(0.0, f": {text}\n\n".encode())
            case Fail(message, type_, code):
                error = {"message": message, "type": type_, "code": code}
                failed = head.object("chat.completion.chunk", {"index": 0, "delta": {}, "finish_reason": "error"})
                yield Step(pace.next(), _event({**failed, "error": error}))
                return
            case Hang(is_clean):
                yield Step(0.0, b"", breaks=not is_clean)
                return
    last = delta({}, plan.finish_reason, usage(plan, asked, head.model))
    yield Step(0.0, last)
    yield Step(0.0, DONE)


def _grown(index: int, arguments: str, delta: "_Deltas", pace: "_Pace") -> Iterator[Step]:
    """The arguments of a call in small fragments."""
    for piece in tokens.fragments(arguments):
        more: JsonObject = {"index": index, "function": {"arguments": piece}}
        yield Step(pace.next(), delta({"tool_calls": [more]}))


class _Deltas:
    """Makes the chunks of one answer; the first has the role."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._is_first = True

    def __call__(self, delta: JsonObject, finish: str | None = None, usage: dict[str, object] | None = None) -> bytes:
        whole: JsonObject = {"role": "assistant", **delta} if self._is_first else delta
        self._is_first = False
        chunk = self._head.object("chat.completion.chunk", {"index": 0, "delta": whole, "finish_reason": finish})
        return _event(chunk if usage is None else {**chunk, "usage": usage})


class _Pace:
    """Makes the waits between tokens: the plan's speed, varied by a third from token to token."""

    def __init__(self, plan: Plan, seed: str) -> None:
        self._mean_s = 1 / plan.tokens_per_s if plan.tokens_per_s else 0.0
        self._next_s = plan.first_s
        self._state = number(seed)

    def next(self) -> float:
        delay_s, self._state = self._next_s, (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        self._next_s = self._mean_s * (2 / 3 + (self._state >> 8) / (0x7FFFFF * 1.5))
        return delay_s


def _event(value: dict[str, object]) -> bytes:
    return b"data: " + msgspec.json.encode(value) + b"\n\n"


def _with_arguments(call: dict[str, object], arguments: str) -> dict[str, object]:
    function = call["function"]
    return {**call, "function": {**(function if isinstance(function, dict) else {}), "arguments": arguments}}


def whole(plan: Plan, asked: Asked, head: Head) -> bytes | Fail | Hang:
    """Make the answer as one `chat.completion`; the failure where the plan ends with one."""
    texts, thoughts, calls = list[str](), list[str](), dict[int, dict[str, object]]()
    arguments_of: dict[int, str] = {}
    for move in plan.moves:
        match move:
            case Say(text):
                texts.append(text)
            case Think(text):
                thoughts.append(text)
            case CallTool(index=index, id=call_id, name=name, arguments=arguments):
                calls[index] = {"id": call_id, "type": "function", "function": {"name": name}}
                arguments_of[index] = arguments
            case GrowCall(index=index, arguments=arguments):
                arguments_of[index] += arguments
            case Fail() | Hang():
                return move
            case Wait() | Comment():
                pass
    message: dict[str, object] = {"role": "assistant", "content": "".join(texts) or None}
    if thoughts:
        message["reasoning"] = "".join(thoughts)
    if calls:
        message["tool_calls"] = [_with_arguments(call, arguments_of[index]) for index, call in calls.items()]
    body = {"id": head.id, "object": "chat.completion", "created": head.created, "model": head.model.id}
    choice = {"index": 0, "message": message, "finish_reason": plan.finish_reason}
    return msgspec.json.encode({**body, "choices": [choice], "usage": usage(plan, asked, head.model)})


def duration_s(plan: Plan) -> float:
    """Compute the time in which the plan is written."""
    written = sum(move_tokens(move) for move in plan.moves) / plan.tokens_per_s if plan.tokens_per_s else 0.0
    return plan.first_s + written + sum(move.seconds for move in plan.moves if isinstance(move, Wait))
