"""Saves again what could not be saved, for every front end: every few seconds while something is owed, and once more
before the program ends. Where that fails too, the person can have it written to another place.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.tree import Tree

if TYPE_CHECKING:  # nothing before a screen's first frame needs it
    from tui_chat.chat.unsaved import Unsaved

FIRST_WAIT_S: Final = 2.0
LONGEST_WAIT_S: Final = 15.0
_GROWTH: Final = 1.5
LEAVE_WITHIN_S: Final = 3.0
"""Time that saving and closing have where a person leaves, or waits for it."""
END_WITHIN_S: Final = 0.4
"""The same where a signal ends the program."""

SAVED_AGAIN: Final = "Everything is saved again."
STAYED: Final = "Stayed. Saving is tried again every few seconds."


class NotSaved(msgspec.Struct, frozen=True):
    """Something is not on disk, and is tried again."""

    failure: Failure | None
    """The reason; None where it was said already."""


class Told(msgspec.Struct, frozen=True):
    """Something happened to what was saved, and everything is on disk."""

    failure: Failure


class SavedAgain(msgspec.Struct, frozen=True):
    """All of it is on disk."""


class Saving:
    """What is owed to the disk, and when it is tried again."""

    def __init__(self, unsaved: "Unsaved", *, first_wait_s: float = FIRST_WAIT_S) -> None:
        self._unsaved = unsaved
        self._first_wait_s = first_wait_s
        self._wait_s = first_wait_s
        self._due_at = 0.0

    @property
    def is_owed(self) -> bool:
        """Something is not on disk."""
        return self._unsaved.failure is not None

    @property
    def words(self) -> str:
        """How much is not on disk, and why."""
        count = len(self._unsaved.owing)
        failure = self._unsaved.failure
        what = "A conversation is" if count == 1 else f"{count} conversations are"
        return f"{what} not saved, or not all of it. {failure.message if failure else ''}".rstrip()

    async def save(self, within_s: float) -> bool:
        """Try now, for so long at most; whether everything is on disk."""
        if self.is_owed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._unsaved.save_again(), within_s)
        return not self.is_owed

    async def save_if_due(self, within_s: float) -> None:
        """Try where the next try is due, for a front end that can do nothing else meanwhile."""
        if not self.is_owed:
            self._due_at, self._wait_s = 0.0, self._first_wait_s
        elif not self._due_at:
            self._due_at = monotonic() + self._wait_s
        elif monotonic() >= self._due_at and not await self.save(within_s):
            self._wait_longer()
            self._due_at = monotonic() + self._wait_s

    async def keep_trying(self, within_s: float) -> None:
        """Try whenever it is due until nothing is owed any more, for so long at most each time."""
        while self.is_owed:
            await self.save_if_due(within_s)
            await asyncio.sleep(max(0.0, self._due_at - monotonic()))

    async def news(self) -> AsyncGenerator[NotSaved | SavedAgain | Told, None]:
        """Try again until nothing is owed any more, and tell that something is, and when it is saved."""
        unsaid = self._unsaved.take_unsaid()
        if not self.is_owed:
            while unsaid is not None:
                yield Told(unsaid)
                unsaid = self._unsaved.take_unsaid()
            return
        self._wait_s = self._first_wait_s
        yield NotSaved(unsaid)
        while self.is_owed:
            await self._unsaved.over(self._wait_s)
            await self._unsaved.save_again()
            self._wait_longer()
        yield SavedAgain()

    def _wait_longer(self) -> None:
        self._wait_s = min(LONGEST_WAIT_S, self._wait_s * _GROWTH)

    async def export(self, path: str) -> tuple[Path, ...]:
        """Write all conversations that are owed to this file or folder; where they are now.

        JSON, which can be imported again, unless the file's ending asks for Markdown. Several conversations get files
        of their own, with a number each.

        Raises:
            TranscriptError: a file cannot be written.
        """
        return await asyncio.to_thread(self._export, path)

    def _export(self, path: str) -> tuple[Path, ...]:
        from tui_chat.transcripts.exporting import document, file_for, form_named  # only where something is owed
        from tui_chat.transcripts.saving import save_export

        form = form_named(Path(path).suffix.lstrip(".")) or "json"
        written: list[Path] = []
        for number, owing in enumerate(self._unsaved.owing, 1):
            conversation, nodes = owing.whole()
            file = file_for(path, form, conversation)
            if number > 1:
                file = file.with_name(f"{file.stem}-{number}{file.suffix}")
            written.append(save_export(file, document(form, conversation, Tree(nodes))))
        return tuple(written)


def exported_words(files: tuple[Path, ...]) -> str:
    """What is said of conversations that were written to another place."""
    return f"Written to {', '.join(map(str, files))}. `tui-chat history import` takes a JSON file back."
