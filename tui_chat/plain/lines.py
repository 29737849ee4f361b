"""Where lines come from: the port, and a pipe or a file behind it. Terminals are in `terminal_lines`."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from tui_chat.core.sanitize import sanitize
from tui_chat.plain.signals import Signals
from tui_chat.plain.speech import Speech


class Lines(Protocol):
    """What a person, or a script, types."""

    @property
    def is_terminal(self) -> bool:
        """A person types, who can answer questions."""
        ...

    def read(self, prompt: str, prefill: str = "") -> str:
        """The next line, once it is there. `prefill` stands in it already, where that is possible.

        Raises:
            EOFError: there is none any more.
            Interrupted: Ctrl+C.
        """
        ...

    def read_secret(self, prompt: str) -> str:
        """A line that nobody gets to see. Raises as `read` does."""
        ...

    def waiting(self) -> list[str]:
        """The lines that are there already, taken out."""
        ...

    def put_back(self, lines: list[str]) -> None:
        """The next lines are these."""
        ...

    def remember(self, text: str) -> None:
        """Offer it where earlier lines can be recalled."""
        ...

    def watched(self, on_input: Callable[[], object]) -> AbstractContextManager[None]:
        """While this is entered, `on_input` is called when something was typed."""
        ...


class PipedLines:
    """Standard input that is no terminal: each line is taken when it is its turn, and shown with its prompt."""

    is_terminal = False

    def __init__(self, speech: Speech, signals: Signals) -> None:
        self._speech = speech
        self._signals = signals

    def read(self, prompt: str, prefill: str = "") -> str:
        del prefill
        line = self._next()
        self._speech.flow(f"{prompt}{sanitize(line)}\n")
        return line

    def read_secret(self, prompt: str) -> str:
        line = self._next()
        self._speech.say(prompt)
        return line

    def waiting(self) -> list[str]:
        return []

    def put_back(self, lines: list[str]) -> None:
        assert not lines, "none is ever taken before its turn"

    def remember(self, text: str) -> None:
        del text

    def watched(self, on_input: Callable[[], object]) -> AbstractContextManager[None]:
        del on_input
        return nullcontext()

    def _next(self) -> str:
        with self._signals.asking():
            raw = sys.stdin.buffer.readline()
        if not raw:
            raise EOFError
        return raw.decode("utf-8", "replace").rstrip("\r\n")
