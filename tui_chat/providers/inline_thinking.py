"""Reasoning that comes inside the text, between `<think>` and `</think>` at its very start (DeepSeek, Qwen, Groq raw).

Only at the start: later in an answer the same letters are something that the model talks about. White space around the
two tags belongs to neither side.
"""

from enum import Enum, auto

_OPEN = "<think>"
_CLOSE = "</think>"
_MAX_SPACE = 64
"""White space that is held back; nobody means more of it."""


class _State(Enum):
    UNDECIDED = auto()
    THINKING_BEGINS = auto()
    THINKING = auto()
    TEXT_BEGINS = auto()
    TEXT = auto()


class InlineThinking:
    """Splits text that arrives in pieces; a piece of a tag is held back until it is known to be one."""

    def __init__(self) -> None:
        self._state = _State.UNDECIDED
        self._held = ""

    @property
    def is_settled(self) -> bool:
        """All that still comes is text: nothing needs to pass here any more."""
        return self._state is _State.TEXT

    def feed(self, text: str) -> tuple[str, str]:
        """Reasoning and text that can be told apart now; either may be empty."""
        text = self._held + text
        self._held = ""
        if self._state is _State.UNDECIDED:
            text = self._decide(text)
        thought = ""
        if self._state is _State.THINKING_BEGINS:
            text = text.lstrip()
            if text:
                self._state = _State.THINKING
        if self._state is _State.THINKING:
            thought, text = self._think(text)
        if self._state is _State.TEXT_BEGINS:
            text = text.lstrip()
            if text:
                self._state = _State.TEXT
        return thought, text

    def finish(self) -> tuple[str, str]:
        """What was held back when the text ended."""
        held, self._held = self._held, ""
        return (held, "") if self._state is _State.THINKING else ("", held)

    def _decide(self, text: str) -> str:
        begun = text.lstrip()
        if begun.startswith(_OPEN):
            self._state = _State.THINKING_BEGINS
            return begun[len(_OPEN) :]
        if _OPEN.startswith(begun) and len(text) - len(begun) <= _MAX_SPACE:
            self._held = text
            return ""
        self._state = _State.TEXT
        return text

    def _think(self, text: str) -> tuple[str, str]:
        thought, tag, rest = text.partition(_CLOSE)
        if tag:
            self._state = _State.TEXT_BEGINS
            return thought.rstrip(), rest
        sizes = range(min(len(_CLOSE) - 1, len(text)), 0, -1)
        begun = next((size for size in sizes if _CLOSE.startswith(text[-size:])), 0)
        before = text[: len(text) - begun]
        kept = max(len(before.rstrip()), len(before) - _MAX_SPACE)
        self._held = text[kept:]
        return text[:kept], ""
