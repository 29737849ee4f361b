"""What an answer holds beside words, over its chunks: each picture once, each source as far as it is known."""

from collections.abc import Iterator

import msgspec

from tui_chat.core.parts import Foreign, Source
from tui_chat.core.stream_events import AudioDelta, PartReceived, SourceFound, StreamEvent
from tui_chat.providers.openai_wire import UNREADABLE, WireDelta, read_json
from tui_chat.providers.parts_wire import read_audio, read_parts
from tui_chat.providers.sources_wire import merged, read_sources

PARTS_BESIDE_CHOICES = {"images": "image", "videos": "video"}
"""Fields of a chunk that hold parts of the answer (Perplexity), and what those are."""
_SPECIFIC_SOURCES = ("citation", "citations", "web_search_results")
"""Where LiteLLM puts the pages that Anthropic's models name."""


class PartReader:
    """Reads the fields of a delta that are no words, and the lists of sources beside the choices."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._last: dict[str, bytes] = {}
        self._sources: dict[tuple[str, str], Source] = {}
        self._changed: dict[tuple[str, str], Source] = {}

    def read(self, delta: WireDelta) -> tuple[list[StreamEvent], str]:
        """Events of all that stands beside the words of a delta, and the words that are spoken in it. What is sent a
        second time, as some do with the last chunk, is nothing new."""
        events: list[StreamEvent] = []
        for raw, kind in (
            (delta.content_parts, ""),
            (delta.images, "image"),
            (delta.image, "image"),
            (delta.videos, "video"),
            (delta.files, "file"),
        ):
            if raw:
                events += self._new_parts(raw, kind)
        spoken = ""
        if delta.audio:
            heard, spoken = read_audio(_value(delta.audio))
            if heard is not None:
                events.append(heard)
        for raw, are_numbered in (
            (delta.annotations, False),
            (delta.citations, True),
            (delta.context, True),
            (delta.executed_tools, False),
        ):
            if raw:
                self._add_sources(_value(raw), are_numbered=are_numbered)
        if delta.provider_specific_fields and isinstance(fields := _value(delta.provider_specific_fields), dict):
            for name in _SPECIFIC_SOURCES:
                self._add_sources(fields.get(name), are_numbered=False)
        return events, spoken

    def read_parts(self, name: str, raw: msgspec.Raw) -> list[StreamEvent]:
        """A list of parts beside the choices."""
        return [*self._new_parts(raw, PARTS_BESIDE_CHOICES[name])]

    def _new_parts(self, raw: msgspec.Raw, kind: str) -> Iterator[PartReceived]:
        for part in read_parts(_value(raw), kind):
            if (key := hash(part)) not in self._seen:
                self._seen.add(key)
                yield PartReceived(part)

    def read_sources(self, name: str, raw: msgspec.Raw) -> None:
        """A list beside the choices. Some send it with every chunk."""
        data = bytes(raw)
        if self._last.get(name) != data:
            self._last[name] = data
            self._add_sources(_value(raw), are_numbered=name in ("citations", "search_results"))

    def take(self) -> list[StreamEvent]:
        """The sources that are new, or better known, since the last time."""
        changed, self._changed = self._changed, {}
        return [SourceFound(source) for source in changed.values()]

    def _add_sources(self, value: object, *, are_numbered: bool) -> None:
        for source in read_sources(value, are_numbered=are_numbered):
            before = self._sources.get(source.identity)
            now = merged(before, source)
            if now != before:
                self._sources[source.identity] = self._changed[source.identity] = now


def has_beside(delta: WireDelta) -> bool:
    """Whether a delta holds anything but words and calls."""
    return bool(
        delta.images
        or delta.audio
        or delta.annotations
        or delta.content_parts
        or delta.citations
        or delta.context
        or delta.image
        or delta.files
        or delta.videos
        or delta.context
        or delta.executed_tools
        or delta.provider_specific_fields
    )


def size_of_event(event: StreamEvent) -> int:
    """Characters that an event of `read` holds."""
    match event:
        case AudioDelta(data):
            return len(data)
        case PartReceived(part):
            return len(part.json if isinstance(part, Foreign) else part.url)
        case _:
            return 0


def _value(raw: msgspec.Raw) -> object:
    try:
        return read_json(raw)
    except UNREADABLE:
        return None
