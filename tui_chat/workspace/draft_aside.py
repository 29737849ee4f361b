"""The draft of an open conversation that is out of sight: kept in memory, and in its file, which stays locked.

Messages that wait, are on their way or came back belong to it until their questions are saved.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_chat.core.errors import FileError

if TYPE_CHECKING:  # files are looked at after the first frame
    from tui_chat.workspace.drafts import DraftFiles, KeptDraft
    from tui_chat.workspace.followed import Followed


class DraftAside:
    """The draft of one conversation."""

    def __init__(
        self, followed: "Followed", draft: "KeptDraft", files: "DraftFiles | None", next_number: Callable[[], int]
    ) -> None:
        """`draft` is what was written when it was left; without `files` it is kept in memory alone. `next_number`
        numbers what is written."""
        self.files = files
        self.is_stored = draft.is_saved
        """The conversation itself is on disk."""
        self._followed = followed
        self._draft = draft
        self._next_number = next_number
        self._written: KeptDraft | None = None

    @property
    def now(self) -> "KeptDraft":
        """All that is unsent of it now."""
        conversation = self._followed.conversation
        unsaved = (conversation.unsaved,) if conversation.unsaved else ()
        waiting = (*unsaved, *self._followed.returned, *conversation.outbox.messages)
        editing = conversation.editing.id if conversation.editing else ""
        return replace(self._draft, waiting=waiting, is_saved=self.is_stored, replaces=editing)

    @property
    def is_safe(self) -> bool:
        """Nothing of it is lost if the conversation is let go of."""
        now = self.now
        return now == self._written or not any(now.unsent)

    async def write(self) -> None:
        """Have it on disk.

        Raises:
            FileError: it cannot be written.
        """
        now = self.now
        if self.files is not None and now != self._written:
            await asyncio.to_thread(self.files.save, now, self._next_number())
            self._written = now

    def release(self) -> None:
        """Let go of the file, in which the draft stays for the next time."""
        if self.files is not None:
            self.files.release()

    def end(self) -> None:
        """Write it before this returns, and release it to the next run."""
        if self.files is not None:
            with suppress(FileError):  # there is nobody left to tell, and the file is as it was
                self.files.save(self.now, self._next_number())
            self.files.release()
