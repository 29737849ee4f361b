"""Events on their way out of a decoder: neighbouring deltas of one kind joined, surrogate pairs made whole.

Joining is what makes a fast stream cheap: everything behind the decoder costs per event, not per chunk. Pairs need care
because some servers cut text by UTF-16 units, so that half an emoji ends one chunk and its other half begins the next
(aimock does, measured); no encoder takes the halves.
"""

import msgspec

from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.stream_events import (
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)

DeltaKind = type[TextDelta] | type[ReasoningDelta] | type[RefusalDelta]
_JSON = msgspec.json.Encoder()


class EventRuns:
    """What one answer says, in order. `chars` counts what was said in all, `width` the bytes that a character of it
    takes in memory: one emoji makes every other character as wide."""

    def __init__(self) -> None:
        self.chars = 0
        self.width = 1
        self.kept_bytes = 0
        """Of what was handed out, as JSON: escapes and UTF-8 take up to six times the text."""
        self.has_answer = False
        """Words, a refusal or a call came; thoughts and white space are none."""
        self._text_chars = 0
        """Of the text, as it was handed out."""
        self._out: list[StreamEvent] = []
        self._kind: DeltaKind = TextDelta
        self._pieces: list[str] = []
        self._halves: dict[DeltaKind | int, str] = {}
        """The first half of a pair, per kind of text or position of a call, until the second arrives."""
        self._calls: dict[int, ToolCallDelta] = {}

    def say(self, kind: DeltaKind, text: str) -> None:
        """More text of one kind; nothing where it is empty."""
        if not text:
            return
        self.chars += len(text)
        if not self.has_answer and kind is not ReasoningDelta:
            self.has_answer = not text.isspace()
        if self._halves or not text.isascii():
            text = self._whole(kind, text)
        if kind is TextDelta:
            self._text_chars += len(text)
        if kind is not self._kind:
            self._end_run()
            self._kind = kind
        self._pieces.append(text)

    def reclassify(self) -> None:
        """All of the text so far was thought."""
        if half := self._halves.pop(TextDelta, ""):
            self._halves[ReasoningDelta] = half
        if self._text_chars:
            self.add(Reclassified(self._text_chars))
        self._text_chars = 0
        self.has_answer = False

    def say_call(self, event: ToolCallDelta) -> None:
        """More of a call."""
        self.chars += len(event.fragment)
        self.has_answer = True
        self._calls[event.index] = event
        if self._halves or not event.fragment.isascii():
            event = _with_fragment(event, self._whole(event.index, event.fragment))
        self.kept_bytes += len(_JSON.encode(event.fragment)) - 2
        self.add(event)

    def add(self, event: StreamEvent) -> None:
        """An event that is joined with nothing."""
        self._end_run()
        self._out.append(event)

    def take(self) -> list[StreamEvent]:
        """All events since the last time."""
        self._end_run()
        out, self._out = self._out, []
        return out

    def finish(self) -> None:
        """Halves that stayed alone become replacement characters."""
        halves, self._halves = self._halves, {}
        for channel in halves:
            if isinstance(channel, int):
                self.add(_with_fragment(self._calls[channel], "\ufffd"))
            else:
                self.say(channel, "\ufffd")

    def _whole(self, channel: DeltaKind | int, text: str) -> str:
        text = self._halves.pop(channel, "") + text
        if self.width < 4 and text and not text.isascii():
            self.width = 4 if max(text) > "\uffff" else 2
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._halves[channel] = text[-1]
            text = text[:-1]
        return without_surrogates(text)

    def _end_run(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            self._pieces = []
            if text:
                self.kept_bytes += len(_JSON.encode(text)) - 2
                self._out.append(self._kind(text))


def _with_fragment(event: ToolCallDelta, fragment: str) -> ToolCallDelta:
    return ToolCallDelta(event.index, event.id, event.name, fragment)
