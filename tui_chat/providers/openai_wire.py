"""Chunks as they are on the wire: typed where they are as documented, read leniently where they are not.

The typed way costs a third of `json.loads`. Whatever it refuses (an index as a string, content as a list of parts, half
a surrogate pair, bad UTF-8, control characters inside strings) is read by the lenient way, which accepts any JSON.
"""

import json
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Final

import msgspec

NOTHING = msgspec.Raw(b"")

UNREADABLE = (ValueError, RecursionError)
"""What either decoder raises for text that is not JSON, or is too deep to be meant seriously."""


class WireFunction(msgspec.Struct, gc=False):
    """`function` of a call, or the legacy `function_call`."""

    name: str | None = None
    arguments: msgspec.Raw = NOTHING
    provider_specific_fields: msgspec.Raw = NOTHING


class WireCall(msgspec.Struct, gc=False):
    """One item of `tool_calls`."""

    index: int | None = None
    id: str | None = None
    function: WireFunction | None = None
    type: str | None = None
    extra_content: msgspec.Raw = NOTHING
    provider_specific_fields: msgspec.Raw = NOTHING


class WireDelta(msgspec.Struct, gc=False):
    """`delta` of a chunk, or `message` of a whole answer."""

    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    reasoning_text: str | None = None
    reasoning_details: msgspec.Raw = NOTHING
    thinking_blocks: msgspec.Raw = NOTHING
    extra_content: msgspec.Raw = NOTHING
    reasoning_opaque: msgspec.Raw = NOTHING
    provider_specific_fields: msgspec.Raw = NOTHING
    refusal: str | None = None
    tool_calls: list[WireCall | None] | None = None
    function_call: WireFunction | None = None
    images: msgspec.Raw = NOTHING
    image: msgspec.Raw = NOTHING
    videos: msgspec.Raw = NOTHING
    files: msgspec.Raw = NOTHING
    audio: msgspec.Raw = NOTHING
    annotations: msgspec.Raw = NOTHING
    citations: msgspec.Raw = NOTHING
    context: msgspec.Raw = NOTHING
    executed_tools: msgspec.Raw = NOTHING
    content_parts: msgspec.Raw = NOTHING
    """Parts of a `content` that are no words; set by the lenient way, the only one that reads a list there."""


class WireChoice(msgspec.Struct, gc=False):
    """One of `choices`."""

    index: int | None = None
    delta: WireDelta | None = None
    message: WireDelta | None = None
    finish_reason: str | None = None
    usage: msgspec.Raw = NOTHING
    error: msgspec.Raw = NOTHING


split_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
"""A chunk's fields, their values untouched. Raises UNREADABLE."""

_typed_choices = msgspec.json.Decoder(list[WireChoice] | None).decode
_typed_text = msgspec.json.Decoder(str).decode


def read_json(data: bytes | msgspec.Raw) -> object:
    """Any JSON, as it was meant: bad UTF-8 replaced, control characters in strings and NaN accepted, decimals exact.

    Raises:
        UNREADABLE: it is not JSON.
    """
    return _any_json.decode(bytes(data).decode("utf-8", "replace"))


def read_exact_json(data: bytes | bytearray) -> object:
    """The same, for many objects: more quickly where the text keeps to the letter of JSON.

    Raises:
        UNREADABLE: it is not JSON.
    """
    try:
        return _exact_json(data)
    except UNREADABLE:
        return read_json(bytes(data))


LONGEST_NUMBER: Final = 400
"""Characters of a number; gateways in Python print floats with all their digits, some sixty."""


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits) if len(digits) <= LONGEST_NUMBER else Decimal("NaN")
    except InvalidOperation:
        return Decimal("NaN")


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= LONGEST_NUMBER else Decimal("NaN")


_any_json = json.JSONDecoder(parse_float=_decimal, parse_int=_integer, parse_constant=Decimal, strict=False)


_exact_json = msgspec.json.Decoder(float_hook=_decimal).decode


def _number(value: Decimal) -> float | None:
    """A number as JSON can have it."""
    return number if isfinite(number := float(value)) else None


def write_json(value: object) -> msgspec.Raw:
    """A value of `read_json` as JSON text again."""
    return msgspec.Raw(json.dumps(value, default=_number, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def read_choices(data: msgspec.Raw) -> list[WireChoice]:
    """`choices`, as far as it is a list of objects."""
    try:
        return _typed_choices(data) or []
    except UNREADABLE:
        pass
    try:
        value = read_json(data)
    except UNREADABLE:
        return []
    return [_choice(item) for item in _objects(value)]


def _objects(value: object) -> list[dict[str, object]]:
    """The objects of a list; one that stands where a list of them should counts as a list of one."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def read_text(data: msgspec.Raw) -> str:
    """`arguments`: the text of a JSON string, and of anything else but null its own JSON text."""
    raw = bytes(data)
    if not raw or raw == b"null":
        return ""
    if raw[:1] != b'"':
        return raw.decode("utf-8", "replace")
    try:
        return _typed_text(raw)
    except UNREADABLE:
        pass
    try:
        return str(read_json(raw))
    except UNREADABLE:
        return ""


def _choice(item: dict[str, object]) -> WireChoice:
    return WireChoice(
        index=_index(item.get("index")),
        delta=_delta(item.get("delta")),
        message=_delta(item.get("message")),
        finish_reason=_text(item.get("finish_reason")),
        usage=write_json(item["usage"]) if "usage" in item else NOTHING,
        error=write_json(item["error"]) if "error" in item else NOTHING,
    )


def _delta(value: object) -> WireDelta | None:
    if not isinstance(value, dict):
        return None
    content, thought = _words(value.get("content"))
    calls = value.get("tool_calls")
    details = value.get("reasoning_details")
    return WireDelta(
        content=content,
        reasoning_content=_thought(value.get("reasoning_content")) or thought,
        reasoning=_thought(value.get("reasoning")),
        reasoning_text=_thought(value.get("reasoning_text")),
        reasoning_details=write_json(details) if details else NOTHING,
        thinking_blocks=_raw(value, "thinking_blocks"),
        extra_content=_raw(value, "extra_content"),
        reasoning_opaque=_raw(value, "reasoning_opaque"),
        provider_specific_fields=_raw(value, "provider_specific_fields"),
        refusal=_words(value.get("refusal"))[0] or _refused_in(value.get("content")),
        tool_calls=[_call(call) for call in _objects(calls)],
        function_call=_function(value.get("function_call")),
        content_parts=write_json(others) if (others := _other_parts(value.get("content"))) else NOTHING,
        **{name: write_json(value[name]) for name in _BESIDE if value.get(name)},
    )


_BESIDE = ("images", "image", "videos", "files", "audio", "annotations", "citations", "context", "executed_tools")


def _thought(value: object) -> str:
    """The words of a thought: a string, parts, or an object around its text or summary."""
    if isinstance(value, dict):
        return next((words for name in ("text", "content", "summary") if (words := _thought(value.get(name)))), "")
    return _words(value)[0]


def _refused_in(content: object) -> str:
    """The words of `{"type": "refusal", "refusal": "…"}` among the parts of a `content`."""
    parts = content if isinstance(content, list) else [content]
    return "".join(part["refusal"] for part in parts if isinstance(part, dict) and isinstance(part.get("refusal"), str))


def _other_parts(content: object) -> list[object]:
    """The parts of a `content` that hold neither words nor thoughts."""
    parts = content if isinstance(content, list) else [content]
    return [
        part
        for part in parts
        if isinstance(part, dict)
        and "thinking" not in part
        and not isinstance(part.get("text"), str)
        and not isinstance(part.get("refusal"), str)
    ]


def _call(value: dict[str, object]) -> WireCall:
    id_ = value.get("id")
    if isinstance(id_, int) and not isinstance(id_, bool):
        id_ = str(id_)
    return WireCall(
        _index(value.get("index")),
        _text(id_),
        _function(value.get("function")),
        _text(value.get("type")),
        _raw(value, "extra_content"),
        _raw(value, "provider_specific_fields"),
    )


def _raw(value: dict[str, object], name: str) -> msgspec.Raw:
    """A field that is not ours to read."""
    return write_json(value[name]) if value.get(name) else NOTHING


def _function(value: object) -> WireFunction | None:
    if not isinstance(value, dict):
        return None
    arguments = write_json(value["arguments"]) if "arguments" in value else NOTHING
    return WireFunction(_text(value.get("name")), arguments, _raw(value, "provider_specific_fields"))


def _index(value: object) -> int | None:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        return int(number) if number.is_finite() and abs(number) < 1_000_000 else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7:
        return int(value)
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _words(value: object) -> tuple[str, str]:
    """Text and reasoning of a `content`, be it a string, a part or a list of parts (Mistral sends those)."""
    if isinstance(value, str):
        return value, ""
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return "", ""
    texts: list[str] = []
    thoughts: list[str] = []
    for part in value:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict):
            if "thinking" in part:
                thoughts.append(_words(part["thinking"])[0])
            elif isinstance(part.get("text"), str):
                kind = part.get("type")
                (thoughts if kind in ("thinking", "reasoning") else texts).append(part["text"])
    return "".join(texts), "".join(thoughts)


def read_reasoning_details(data: msgspec.Raw) -> str:
    """The readable part of `reasoning_details` (OpenRouter): text and summaries; encrypted details say nothing."""
    try:
        value = read_json(data)
    except UNREADABLE:
        return ""
    texts: list[str] = []
    for detail in value if isinstance(value, list) else [value]:
        if isinstance(detail, dict):
            text = detail.get("text") or detail.get("summary")
            if isinstance(text, str):
                texts.append(text)
    return "".join(texts)
