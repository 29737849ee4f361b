"""What comes with a message and is not ours to read: which fields are kept, and how they arrive in pieces.

Lists come item by item, and of text in a thought a few words at a time. Pieces of one thought are joined, as those who
sign it expect; an item that came whole is kept byte for byte, because a signature stands for the bytes.
Source: OpenRouter, "Reasoning tokens", "Preserving reasoning blocks"; LiteLLM, "thinking_blocks".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.stream_events import MessageData
from tui_chat.providers.openai_wire import UNREADABLE, WireCall, WireDelta, read_json, split_fields, write_json

LISTS = ("reasoning_details", "thinking_blocks", "annotations")
VALUES = ("extra_content", "reasoning_opaque")
CALL_VALUES = ("extra_content", "provider_specific_fields")
SPECIFIC = "provider_specific_fields"
OF_THE_FUNCTION = "function."
"""Before the name of a field that came inside a call's `function`."""
REASONING_FIELD = "reasoning_field"
"""Our own note beside them: the name of the field in which the reasoning came."""

_MAX_BYTES = 4 * 1024 * 1024
_SIGNATURES = ("thought_signatures", "thought_signature")
"""What counts in the `provider_specific_fields` of a message: LiteLLM repeats there what it also sends elsewhere."""
_GROWING = {"reasoning.text": "text", "reasoning.summary": "summary", "thinking": "thinking"}
"""Types of items that come in pieces, and the field that grows."""
_NOTHING = (b"", b"null", b"[]", b"{}", b'""')

_items_of = msgspec.json.Decoder(list[msgspec.Raw]).decode


@dataclass(slots=True)
class _Item:
    raw: bytes
    """As it came; empty once it holds more than one piece."""
    fields: dict[str, object]
    pieces: list[str] = field(default_factory=list)

    @property
    def grows(self) -> str | None:
        kind = self.fields.get("type")
        return _GROWING.get(kind) if isinstance(kind, str) else None

    def takes(self, piece: "_Item") -> bool:
        """Whether a piece goes on with this item: same type, place and id as far as told, and not signed yet."""
        if self.grows is None or self.fields.get("type") != piece.fields.get("type") or self.fields.get("signature"):
            return False
        return all(
            self.fields.get(name) is None or piece.fields.get(name) in (None, self.fields[name])
            for name in ("index", "id")
        )

    def grow(self, piece: "_Item") -> None:
        name = self.grows
        assert name is not None
        if self.raw:
            self.raw, self.pieces = b"", [_text(self.fields.get(name))]
        self.pieces.append(_text(piece.fields.get(name)))
        self.fields.update({key: value for key, value in piece.fields.items() if value is not None and key != name})

    def json(self) -> bytes:
        name = self.grows
        if self.raw or name is None:
            return self.raw
        return bytes(write_json({**self.fields, name: "".join(self.pieces)}))


class MessageFields:
    """Collects them over the chunks of one answer."""

    def __init__(self) -> None:
        self._lists: dict[str, list[_Item]] = {}
        self._values: dict[str, bytes] = {}
        self._signatures: dict[str, bytes] = {}
        self._bytes = 0
        self._reasoning_field = ""

    def read(self, delta: WireDelta) -> None:
        """What a chunk adds."""
        if delta.reasoning_content:
            self._reasoning_field = "reasoning_content"
        elif delta.reasoning:
            self._reasoning_field = "reasoning"
        elif delta.reasoning_text:
            self._reasoning_field = "reasoning_text"
        for name in LISTS:
            raw: msgspec.Raw = getattr(delta, name)
            if raw:
                self._read_list(name, raw)
        for name in VALUES:
            value = bytes(getattr(delta, name))
            if value not in _NOTHING and self._has_room(value):
                self._values[name] = value
        if delta.provider_specific_fields:
            self._read_signatures(delta.provider_specific_fields)

    def _read_signatures(self, raw: msgspec.Raw) -> None:
        try:
            fields = split_fields(raw)
        except UNREADABLE:
            return
        for name in _SIGNATURES:
            value = bytes(fields.get(name, b""))
            if value not in _NOTHING and self._has_room(value):
                self._signatures[name] = value

    def _read_list(self, name: str, raw: msgspec.Raw) -> None:
        try:
            items = [bytes(item) for item in _items_of(raw)]
        except UNREADABLE:
            items = [bytes(raw)]
        kept = self._lists.setdefault(name, [])
        for data in items:
            if data in _NOTHING or not self._has_room(data):
                continue
            try:
                value = read_json(data)
            except UNREADABLE:
                continue
            item = _Item(data, value if isinstance(value, dict) else {})
            if kept and kept[-1].takes(item):
                kept[-1].grow(item)
            elif item.grows or all(item.raw != known.raw for known in kept[-8:]):
                kept.append(item)

    def _has_room(self, data: bytes) -> bool:
        self._bytes += len(data)
        return self._bytes <= _MAX_BYTES

    def events(self) -> Iterator[MessageData]:
        """All of it, once the answer is over; nothing where it grew too large: half of it is worthless."""
        if self._bytes > _MAX_BYTES:
            return
        for name, items in self._lists.items():
            if items:
                yield MessageData(name, _decoded(b"[" + b",".join(item.json() for item in items) + b"]"))
        for name, value in self._values.items():
            yield MessageData(name, _decoded(value))
        if self._signatures:
            members = b",".join(b'"%s":%s' % (name.encode(), value) for name, value in self._signatures.items())
            yield MessageData(SPECIFIC, _decoded(b"{%s}" % members))
        if self._reasoning_field:
            yield MessageData(REASONING_FIELD, f'"{self._reasoning_field}"')


def call_data(call: WireCall, position: int) -> Iterator[MessageData]:
    """What came with a call that is not ours to read."""
    for name in CALL_VALUES:
        value = bytes(getattr(call, name))
        if value not in _NOTHING and len(value) <= _MAX_BYTES:
            yield MessageData(name, _decoded(value), position)
    if call.function is not None:
        value = bytes(call.function.provider_specific_fields)
        if value not in _NOTHING and len(value) <= _MAX_BYTES:
            yield MessageData(OF_THE_FUNCTION + SPECIFIC, _decoded(value), position)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _decoded(data: bytes) -> str:
    return without_surrogates(data.decode("utf-8", "replace"))
