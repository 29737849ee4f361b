"""Input by lines: the port, and the implementation for a pipe or a file. Terminals are in `terminal_lines`."""

import sys
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from tui_chat.core.decoding import Encoding, encoding_of
from tui_chat.core.sanitize import sanitize
from tui_chat.plain.signals import Signals
from tui_chat.plain.speech import Speech


class Lines(Protocol):
    """Lines that a person or a script types."""

    @property
    def is_terminal(self) -> bool:
        """The input is a terminal, so a person can answer questions."""
        ...

    def read(self, prompt: str, prefill: str = "") -> str:
        """Wait for the next line. `prefill` is in it to be edited, where that is possible.

        Raises:
            EOFError: the input has ended.
            Interrupted: Ctrl+C was pressed.
        """
        ...

    def read_secret(self, prompt: str) -> str:
        """Wait for a line that is not shown. Raises as `read` does."""
        ...

    def waiting(self) -> list[str]:
        """Take the lines that have arrived, without waiting."""
        ...

    def put_back(self, lines: list[str]) -> None:
        """Put lines back, to be read next."""
        ...

    def remember(self, text: str) -> None:
        """Add a text to those that can be recalled, where the input has a history."""
        ...

    def watched(self, on_input: Callable[[], object]) -> AbstractContextManager[None]:
        """Call `on_input` when something was typed, while this is entered."""
        ...


class PipedLines:
    """Standard input that is no terminal: a line is read only when it is asked for, and shown with its prompt."""

    is_terminal = False

    def __init__(self, speech: Speech, signals: Signals) -> None:
        self._speech = speech
        self._signals = signals
        self._encoding: Encoding | None = None
        """As the first line shows it; None before that."""
        self._put_back: deque[str] = deque()

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
        self._put_back.extendleft(reversed(lines))

    def remember(self, text: str) -> None:
        del text

    def watched(self, on_input: Callable[[], object]) -> AbstractContextManager[None]:
        del on_input
        return nullcontext()

    def _next(self) -> str:
        if self._put_back:
            return self._put_back.popleft()
        with self._signals.asking():
            raw = self._line()
        if not raw:
            raise EOFError
        if self._encoding is None:
            self._encoding = encoding_of(raw)
            raw = raw.removeprefix(self._encoding.mark)
        return raw.decode(self._encoding.name, "replace").rstrip("\r\n")

    def _line(self) -> bytes:
        """The bytes up to the end of a line, no more: what follows may be typed for another program."""
        lines = sys.stdin.buffer
        raw = b""
        while piece := lines.readline():
            raw += piece
            encoding = self._encoding or encoding_of(raw[: len(raw) // 2 * 2])
            raw += lines.read(-len(raw) % encoding.unit_bytes)
            if raw.endswith("\n".encode(encoding.name)):
                break
        return raw
