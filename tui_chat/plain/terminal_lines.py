"""Lines from a terminal: with readline's keys and history, or without where the terminal is dumb.

While an answer is being written, the terminal's own line editing takes what is typed. The program sets no terminal
modes, so none have to be restored, however it ends.
"""

import asyncio
import codecs
import errno
import getpass
import os
import select
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from tui_chat.core.sanitize import sanitize
from tui_chat.plain.signals import HANGUP_STATUS, Ended, Interrupted, Signals
from tui_chat.plain.speech import Speech

_READ_BYTES: Final = 65_536


class TerminalLines:
    """Whole lines as the terminal sends them, without editing: for `TERM=dumb` and Emacs shells."""

    is_terminal = True

    def __init__(self, speech: Speech, signals: Signals) -> None:
        self._speech = speech
        self._signals = signals
        self._input = sys.stdin.fileno()
        self._decoder = codecs.getincrementaldecoder(sys.stdin.encoding)("replace")
        self._partial = ""
        self._lines: deque[str] = deque()
        self._has_ended = False
        """Ctrl+D was pressed while no line was being read."""

    def read(self, prompt: str, prefill: str = "") -> str:
        if self._lines:
            line = self._lines.popleft()
            self._speech.flow(f"{prompt}{sanitize(line)}\n")  # shown once more, behind its prompt
            return line
        if self._has_ended:
            raise EOFError
        try:
            line = self._ask(prompt, prefill)
        except (EOFError, Interrupted, Ended):
            self._speech.was_continued(is_open=True)
            raise
        self._speech.was_continued(is_open=False)
        return line

    def _ask(self, prompt: str, prefill: str) -> str:
        del prefill
        self._speech.flow(prompt)
        with self._signals.asking():
            while not self._lines:
                if not self._take():
                    raise EOFError
        return self._lines.popleft()

    def read_secret(self, prompt: str) -> str:
        self._speech.end_line()
        with self._signals.asking():
            return getpass.getpass(prompt)

    def waiting(self) -> list[str]:
        while not self._has_ended and select.select([self._input], [], [], 0)[0]:
            self._has_ended = not self._take()
        lines = list(self._lines)
        self._lines.clear()
        return lines

    def put_back(self, lines: list[str]) -> None:
        self._lines.extendleft(reversed(lines))

    def remember(self, text: str) -> None:
        del text

    @contextmanager
    def watched(self, on_input: Callable[[], object]) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        loop.add_reader(self._input, on_input)
        try:
            yield
        finally:
            loop.remove_reader(self._input)

    def _take(self) -> bool:
        """Read what has arrived; False at the end of the input."""
        try:
            data = os.read(self._input, _READ_BYTES)
        except OSError as error:
            if error.errno == errno.EIO:
                raise Ended(HANGUP_STATUS) from None
            raise
        text = self._partial + self._decoder.decode(data)
        *lines, self._partial = text.split("\n")
        if not data and self._partial:  # Ctrl+D after words sends them
            lines, self._partial = [self._partial], ""
        self._lines.extend(line.removesuffix("\r") for line in lines)
        return bool(data or lines)


class ReadlineLines(TerminalLines):
    """Lines with readline: editing, history, and pastes taken whole."""

    def __init__(self, speech: Speech, signals: Signals, history: Iterable[str]) -> None:
        super().__init__(speech, signals)
        import readline  # missing on Windows

        self._readline = readline
        readline.set_auto_history(False)
        readline.set_completer(None)
        readline.parse_and_bind("set enable-bracketed-paste on")
        readline.parse_and_bind("tab: tab-insert")
        for prompt in history:
            readline.add_history(sanitize(prompt))

    def read(self, prompt: str, prefill: str = "") -> str:
        # Readline would not see the Ctrl+D, and would show the words unasked, that came since the last line.
        self.put_back(self.waiting())
        if not self._lines:
            prefill, self._partial = self._partial or prefill, ""
        return super().read(prompt, prefill)

    def remember(self, text: str) -> None:
        self._readline.add_history(sanitize(text))

    def _ask(self, prompt: str, prefill: str) -> str:
        self._speech.end_line()
        if prefill:
            self._readline.set_startup_hook(lambda: self._readline.insert_text(sanitize(prefill)))
        try:
            with self._signals.asking():
                return line_typed(prompt)
        except (Interrupted, Ended) as stop:
            stop.text = self._readline.get_line_buffer()
            raise
        finally:
            self._readline.set_startup_hook(None)


def line_typed(prompt: str) -> str:
    """Read a line. CPython 3.11 looks for signals once more after one has ended the wait: the handler of a nudge that
    came in between then returns with the exception of the first still set, which is told as an error of its own."""
    try:
        return input(prompt)
    except SystemError as error:
        if isinstance(error.__cause__, Interrupted | Ended):
            raise error.__cause__ from None
        raise
