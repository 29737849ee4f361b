"""The channels of gpt-oss, where a server hands them on unread: `<|channel|>analysis<|message|>…<|end|>` and so on.

`analysis` is thought, `final` and what `commentary` tells the person are text. A message to a function stays as it was
written: a call that the server did not parse, which nobody runs. Source: OpenAI's description of the harmony format.

Some servers drop the marks and leave the names of the channels: `analysisWe need…assistantfinalHello`. That is read as
well (`BareChannels`), but only from the very first word of a model that is gpt-oss by its name, for there is no word
that begins with `analysis` and a letter: sgl-project/sglang#9244 and #9190, oobabooga/textgen#7374, and
thinking-machines-lab/tinker-cookbook#239 show such answers.
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
_BARE_OPENING = re.compile(
    r"(?:assistant)?(?:(?P<thought>analysis)(?=[^\W\d_])|(?P<final>final)(?=[^\W\d_a-z]))|assistant(?P<alone>final)"
)
_BARE_BEGUN = frozenset(
    f"{role}{name}"[:size] for role in ("", "assistant") for name in ("analysis", "final") for size in range(1, 18)
)
_BARE_MARK = re.compile(r"assistant(analysis|final|commentary to=|commentary)")
_BARE_MARKS = ("assistantanalysis", "assistantfinal", "assistantcommentary to=")
_MAX_HEADER = 256
"""No header is so long: what begins like one and goes on is text."""


class _State(Enum):
    HEADER = auto()
    BODY = auto()
    BETWEEN = auto()


_Kind = type[TextDelta] | type[ReasoningDelta]


class _Messages:
    """Says the words of messages to `runs`; those of an earlier one of their kind stand a line above."""

    def __init__(self, runs: EventRuns) -> None:
        self._runs = runs
        self._has_begun = False
        """This message has words."""
        self.said: set[_Kind] = set()

    def begin(self) -> None:
        """Let what follows be another message."""
        self._has_begun = False

    def say(self, text: str, kind: _Kind) -> None:
        """More words of this message."""
        if not text:
            return
        if not self._has_begun and kind in self.said:
            text = "\n\n" + text
        self._has_begun = True
        self.said.add(kind)
        self._runs.say(kind, text)


def is_gpt_oss(model: str) -> bool:
    """Whether a model speaks in these channels, by its name."""
    return "gpt-oss" in model.lower()


def may_begin_bare(begun: str) -> bool:
    """Whether a text may go on to be one without marks."""
    return begun in _BARE_BEGUN


def begins_bare(text: str) -> bool:
    """Whether a text begins with the name of a channel whose marks were dropped."""
    return _BARE_OPENING.match(text) is not None


class BareChannels:
    """Says thoughts and text to `runs`, told apart by the names of the channels alone. All that follows the answer's
    own name is the answer."""

    def __init__(self, runs: EventRuns) -> None:
        self._messages = _Messages(runs)
        self._kind: _Kind | None = None
        """None before the first word."""
        self._is_final = False
        self._held = ""

    def feed(self, text: str) -> None:
        """More of the text, from its first word on."""
        text, self._held = self._held + text, ""
        if self._kind is None:
            opening = _BARE_OPENING.match(text)
            self._enter("analysis" if opening and opening["thought"] else "final")
            text = text[opening.end() :] if opening else text
        while not self._is_final:
            mark = _BARE_MARK.search(text)
            end = mark.start() if mark else _half_mark(text)
            if mark is None or (mark[1] == "commentary" and " to=".startswith(text[mark.end() :])):
                self._say(text[:end])
                self._held = text[end:]
                return
            self._say(text[:end])
            self._enter(mark[1])
            text = text[mark.end() :]
        self._say(text)

    def finish(self) -> None:
        """Say what was held back: it became no name."""
        held, self._held = self._held, ""
        self._say(held)

    def _enter(self, name: str) -> None:
        self._messages.begin()
        self._is_final = name == "final"
        self._kind = ReasoningDelta if name == "analysis" else TextDelta
        if name == "commentary to=":
            self._say(name)

    def _say(self, text: str) -> None:
        self._messages.say(text, self._kind or TextDelta)


def _half_mark(text: str) -> int:
    """Where half a name of a channel stands at the end of a text; its length where there is none."""
    starts = (at for at in range(max(0, len(text) - len(_BARE_MARKS[-1])), len(text)) if text[at] == "a")
    return next((at for at in starts if any(mark.startswith(text[at:]) for mark in _BARE_MARKS)), len(text))


class Channels:
    """Says thoughts and text to `runs`; a piece of a mark is held back until it is known to be one."""

    def __init__(self, runs: EventRuns) -> None:
        self._messages = _Messages(runs)
        self._state = _State.HEADER
        self._held = ""
        self._kind: _Kind = TextDelta
        self._is_call = False

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
            self._messages.say(held, self._kind)
        elif not self._messages.said or not _HEADER_ALONE.fullmatch(held):
            self._messages.say(held, TextDelta)

    def _read_header(self, text: str) -> str:
        header, mark, rest = text.partition(_MESSAGE)
        if not mark and len(text) <= _MAX_HEADER:
            self._held = text
            return ""
        self._state = _State.BODY
        self._messages.begin()
        if len(header) > _MAX_HEADER:
            self._kind, self._is_call = TextDelta, False
            self._messages.say(text[: len("<|")], TextDelta)
            return text[len("<|") :]
        channel = _CHANNEL.search(header)
        self._is_call = "to=" in header
        is_thought = channel is not None and channel[1] == "analysis" and not self._is_call
        self._kind = ReasoningDelta if is_thought else TextDelta
        if self._is_call:
            self._messages.say(header + mark, TextDelta)
        return rest

    def _read_body(self, text: str) -> str:
        mark = _MARK.search(text)
        if mark is None:
            at = text.rfind("<", max(0, len(text) - _LONGEST + 1))
            end = at if at >= 0 and text[at:] in _BEGUN else len(text)
            self._messages.say(text[:end], self._kind)
            self._held = text[end:]
            return ""
        last = mark[0] if self._is_call and mark[0] == _CALL else ""
        self._messages.say(text[: mark.start()] + last, self._kind)
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
            self._kind, self._is_call = TextDelta, False
            self._messages.begin()
        return text
