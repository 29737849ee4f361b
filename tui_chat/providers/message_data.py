"""What comes with a message and is not ours to read: which fields are kept, and how they arrive in pieces.

Lists come item by item, and of text in a thought a few words at a time. Pieces of one thought are joined, as those who
sign it expect; an item that came whole is kept byte for byte, because a signature stands for the bytes. What is whole
is said at once, so that an answer that is stopped or cut keeps it; a thought that was cut itself is worth nothing.
Source: OpenRouter, "Reasoning tokens", "Preserving reasoning blocks"; LiteLLM, "thinking_blocks"; Anthropic, "Extended
thinking", "Preserving thinking blocks": signed thoughts go back unchanged or not at all.
"""

from collections.abc import Iterator

import msgspec

from tui_chat.core.answer import REASONING_FIELD
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.stream_events import MessageData
from tui_chat.providers.openai_wire import UNREADABLE, WireCall, WireDelta, read_json, split_fields, write_json

LISTS = ("reasoning_details", "thinking_blocks", "annotations")
VALUES = ("extra_content", "reasoning_opaque")
CALL_VALUES = ("extra_content", "provider_specific_fields")
SPECIFIC = "provider_specific_fields"
OF_THE_FUNCTION = "function."
"""Before the name of a field that came inside a call's `function`."""

_MAX_BYTES = 4 * 1024 * 1024
_REPEATS = 4
_ROOM = 64 * 1024
"""A list is said again whenever it has grown: all that together is no longer than so many times its size, and this."""
_SIGNATURES = ("thought_signatures", "thought_signature")
"""What counts in the `provider_specific_fields` of a message: LiteLLM repeats there what it also sends elsewhere."""
_GROWING = {"reasoning.text": "text", "reasoning.summary": "summary", "thinking": "thinking"}
"""Types of items that come in pieces, and the field that grows."""
_NOTHING = (b"", b"null", b"[]", b"{}", b'""')

_items_of = msgspec.json.Decoder(list[msgspec.Raw]).decode


class _Item(msgspec.Struct, eq=False):
    raw: bytes
    """As it came; empty once it holds more than one piece."""
    fields: dict[str, object]
    pieces: list[str] = []

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

    @property
    def is_whole(self) -> bool:
        """Nothing more of it can come."""
        return self.grows is None or bool(self.fields.get("signature"))

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
        self._said_bytes = 0
        self._said_lists: set[str] = set()
        self._reasoning_field = ""
        self._unsaid: dict[str, None] = {}
        """Fields that have grown since they were said."""
        self._open: set[str] = set()
        """Lists whose last item may still grow."""

    def read(self, delta: WireDelta) -> None:
        """What a chunk adds."""
        before = self._reasoning_field
        if delta.reasoning_content:
            self._reasoning_field = "reasoning_content"
        elif delta.reasoning:
            self._reasoning_field = "reasoning"
        elif delta.reasoning_text:
            self._reasoning_field = "reasoning_text"
        if self._reasoning_field != before:
            self._unsaid[REASONING_FIELD] = None
        if delta.content or delta.tool_calls:
            self._open.clear()  # a thought ends where the answer goes on
        for name in LISTS:
            raw: msgspec.Raw = getattr(delta, name)
            if raw:
                self._read_list(name, raw)
        for name in VALUES:
            value = bytes(getattr(delta, name))
            if value not in _NOTHING and self._has_room(value):
                self._values[name] = value
                self._unsaid[name] = None
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
                members = b",".join(b'"%s":%s' % (key.encode(), part) for key, part in self._signatures.items())
                self._values[SPECIFIC] = b"{%s}" % members
                self._unsaid[SPECIFIC] = None

    def _read_list(self, name: str, raw: msgspec.Raw) -> None:
        try:
            items = [bytes(item) for item in _items_of(raw)]
        except UNREADABLE:
            items = [bytes(raw)]
        kept = self._lists.setdefault(name, []) if self._bytes <= _MAX_BYTES else []
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
            else:
                continue
            self._unsaid[name] = None
            if kept[-1].is_whole:
                self._open.discard(name)
            else:
                self._open.add(name)

    def _has_room(self, data: bytes) -> bool:
        self._bytes += len(data)
        if self._bytes <= _MAX_BYTES:
            return True
        if self._lists:  # half of one is worthless
            self._lists = {}
            self._unsaid.update(dict.fromkeys(self._said_lists))
            self._open.clear()
        return False

    def whole(self) -> Iterator[MessageData]:
        """What has grown and is whole: see `_REPEATS` for how often."""
        for name in [name for name in self._unsaid if name not in self._open]:
            if self._said_bytes <= _REPEATS * self._bytes + _ROOM:
                yield from self._said(name, self._lists.get(name, []))

    def events(self, *, is_complete: bool) -> Iterator[MessageData]:
        """All that was not said, once the answer is over; of one that is not complete without the thought in which it
        ended. Lists that grew too large are empty."""
        for name in list(self._unsaid):
            items = self._lists.get(name, [])
            yield from self._said(name, items if is_complete or name not in self._open else items[:-1])

    def _said(self, name: str, items: list[_Item]) -> Iterator[MessageData]:
        del self._unsaid[name]
        if name == REASONING_FIELD:
            yield MessageData(name, f'"{self._reasoning_field}"')
        elif name in self._values:
            yield MessageData(name, _decoded(self._values[name]))
        elif items or name in self._said_lists:
            json = b"[" + b",".join(item.json() for item in items) + b"]"
            self._said_bytes += len(json)
            self._said_lists.add(name)
            yield MessageData(name, _decoded(json))


def without_unsigned(json: str) -> str:
    """A list of thoughts as JSON text without those that have to be signed and are not: they were cut, and whoever
    signs refuses them. Empty where none is left; everything else stays byte for byte as it is."""
    if json == "[]":
        return ""
    if '"thinking"' not in json and '"anthropic' not in json:
        return json
    try:
        items = _items_of(json)
        kept = [bytes(item) for item in items if not _lacks_signature(read_json(item))]
    except UNREADABLE:
        return json
    if len(kept) == len(items):
        return json
    return (b"[" + b",".join(kept) + b"]").decode() if kept else ""


def _lacks_signature(item: object) -> bool:
    if not isinstance(item, dict) or item.get("signature"):
        return False
    kind = item.get("type")
    return kind == "thinking" or (kind == "reasoning.text" and str(item.get("format")).startswith("anthropic"))


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
