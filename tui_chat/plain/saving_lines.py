"""Lines during whose reading is saved what could not be saved before. Reading blocks the chat's event loop, so a thread
tries meanwhile, with a loop of its own. It runs only while the chat waits, so the two never work at once.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Thread

from tui_chat.plain.lines import Lines
from tui_chat.workspace.saving import LEAVE_WITHIN_S, Saving


class SavingLines:
    """Lines that somebody else reads, with the saving beside them."""

    def __init__(self, lines: Lines, saving: Saving) -> None:
        self._lines = lines
        self._saving = saving
        self._loop: asyncio.AbstractEventLoop | None = None
        """Made when it is first needed, and kept: a store that was too slow still has a word for it later."""

    @property
    def is_terminal(self) -> bool:
        return self._lines.is_terminal

    def read(self, prompt: str, prefill: str = "") -> str:
        with self._trying():
            return self._lines.read(prompt, prefill)

    def read_secret(self, prompt: str) -> str:
        with self._trying():
            return self._lines.read_secret(prompt)

    def waiting(self) -> list[str]:
        return self._lines.waiting()

    def put_back(self, lines: list[str]) -> None:
        self._lines.put_back(lines)

    def remember(self, text: str) -> None:
        self._lines.remember(text)

    def watched(self, on_input: Callable[[], object]) -> AbstractContextManager[None]:
        return self._lines.watched(on_input)

    def close(self) -> None:
        """Let go of the loop; nothing is read any more."""
        if self._loop is not None:
            self._loop.close()

    @contextmanager
    def _trying(self) -> Iterator[None]:
        if not self._saving.is_owed:
            yield
            return
        loop = self._loop = self._loop or asyncio.new_event_loop()
        trying = loop.create_task(self._saving.keep_trying(LEAVE_WITHIN_S))

        def run() -> None:
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(trying)

        thread = Thread(target=run, name="saving", daemon=True)
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(trying.cancel)
            thread.join()
