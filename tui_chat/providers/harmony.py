"""The channels of gpt-oss, where a server hands them on unread: `<|channel|>analysis<|message|>…<|end|>` and so on.

`analysis` is thought, `final` and what `commentary` tells the person are text. A message to a function stays as it was
written: a call that the server did not parse, which nobody runs. Source: OpenAI's description of the harmony format.
"""

import re
from enum import Enum, auto

from tui_chat.core.stream_events import ReasoningDelta, TextDelta
from tui_chat.providers.event_runs import EventRuns

OPENINGS = ("<|channel|>", "<|start|>assistant")
"""How such an answer begins."""

_MESSAGE = "<|message|>"
_CALL = "<|call|>"
_NEXT = ("<|start|>", "<|channel|>")
"""A header begins."""
_ENDS = ("<|end|>", "<|return|>", _CALL)
_MARK = re.compile("|".join(map(re.escape, (*_NEXT, *_ENDS))))
_BEGUN = frozenset(mark[:size] for mark in (*_NEXT, *_ENDS) for size in range(1, len(mark)))
_LONGEST = len("<|channel|>")
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)")
_HEADER_ALONE = re.compile(r"(?:<\|start\|>[a-z]*)?(?:<\|channel\|>[a-z]*)?")
"""A header without its message, and nothing that anybody could have said."""
_MAX_HEADER = 256
"""No header is so long: what begins like one and goes on is text."""


class _State(Enum):
    HEADER = auto()
    BODY = auto()
    BETWEEN = auto()


class Channels:
    """Says thoughts and text to `runs`; a piece of a mark is held back until it is known to be one."""

    def __init__(self, runs: EventRuns) -> None:
        self._runs = runs
        self._state = _State.HEADER
        self._held = ""
        self._kind: type[TextDelta] | type[ReasoningDelta] = TextDelta
        self._is_call = False
        self._has_begun = False
        """This message has words."""
        self._has_said: set[type[TextDelta] | type[ReasoningDelta]] = set()

    def feed(self, text: str) -> None:
        """More of the text, from its first mark on."""
        text, self._held = self._held + text, ""
        while text:
            match self._state:
                case _State.HEADER:
                    text = self._read_header(text)
                case _State.BODY:
                    text = self._read_body(text)
                case _State.BETWEEN:
                    text = self._read_between(text)

    def finish(self) -> None:
        """Say what was held back. A header alone says nothing, unless it is all there is."""
        held, self._held = self._held, ""
        if self._state is not _State.HEADER:
            self._say(held, self._kind)
        elif not self._has_said or not _HEADER_ALONE.fullmatch(held):
            self._say(held, TextDelta)

    def _read_header(self, text: str) -> str:
        header, mark, rest = text.partition(_MESSAGE)
        if not mark and len(text) <= _MAX_HEADER:
            self._held = text
            return ""
        self._state = _State.BODY
        self._has_begun = False
        if len(header) > _MAX_HEADER:
            self._kind, self._is_call = TextDelta, False
            self._say(text[: len("<|")], TextDelta)
            return text[len("<|") :]
        channel = _CHANNEL.search(header)
        self._is_call = "to=" in header
        is_thought = channel is not None and channel[1] == "analysis" and not self._is_call
        self._kind = ReasoningDelta if is_thought else TextDelta
        if self._is_call:
            self._say(header + mark, TextDelta)
        return rest

    def _read_body(self, text: str) -> str:
        mark = _MARK.search(text)
        if mark is None:
            at = text.rfind("<", max(0, len(text) - _LONGEST + 1))
            end = at if at >= 0 and text[at:] in _BEGUN else len(text)
            self._say(text[:end], self._kind)
            self._held = text[end:]
            return ""
        self._say(text[: mark.start()] + (mark[0] if self._is_call and mark[0] == _CALL else ""), self._kind)
        if mark[0] in _NEXT:
            self._state = _State.HEADER
            return text[mark.start() :]
        self._state = _State.BETWEEN
        return text[mark.end() :]

    def _read_between(self, text: str) -> str:
        text = text.lstrip()
        if text in _BEGUN:
            self._held = text
            return ""
        for mark in _ENDS:
            if text.startswith(mark):
                return text[len(mark) :]
        if text.startswith(_NEXT):
            self._state = _State.HEADER
        elif text:
            self._state = _State.BODY
            self._kind, self._is_call, self._has_begun = TextDelta, False, False
        return text

    def _say(self, text: str, kind: type[TextDelta] | type[ReasoningDelta]) -> None:
        """Words of one message; those of an earlier one of their kind stand a line above."""
        if not text:
            return
        if not self._has_begun and kind in self._has_said:
            text = "\n\n" + text
        self._has_begun = True
        self._has_said.add(kind)
        self._runs.say(kind, text)
