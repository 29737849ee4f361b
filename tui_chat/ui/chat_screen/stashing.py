"""The stash: drafts put aside on purpose, for every conversation of this machine, or for one run only where nothing may
be written. The empty composer shows how many there are."""

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.core.errors import FileError
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.composing.composer import Composer

if TYPE_CHECKING:  # files are looked at after the first frame
    from tui_chat.workspace.stash import Stashed, StashFiles


class Stash:
    """The stash, as a chat screen sees it."""

    def __init__(self, host: Host, composer: Composer) -> None:
        self._host = host
        self._composer = composer
        self._files: StashFiles | None = None
        self._in_memory: list[Stashed] = []
        """The newest last."""
        self._invitation = ""

    async def begin(self, folder: Path) -> None:
        """Keep the stash in this folder, and show how many drafts are in it."""
        from tui_chat.workspace.stash import StashFiles

        self._files = StashFiles(folder, f"{os.getpid()}x{time.time_ns()}")
        await self.show()

    async def show(self) -> None:
        """Show in the empty composer how many drafts are stashed."""
        count = len(self._in_memory) + (await asyncio.to_thread(self._files.count) if self._files else 0)
        self._invitation = self._invitation or self._composer.invitation
        self._composer.invite(f"Write a message · {count} stashed: /pop" if count else self._invitation)

    async def push(self, pieces: tuple[str, ...]) -> bool:
        """Stash a draft. False: in memory only, since it must not or cannot be written."""
        from tui_chat.workspace.stash import Stashed

        is_kept = self._files is not None and not self._host.conversation.is_temporary
        if self._files is not None and is_kept:
            try:
                await asyncio.to_thread(self._files.push, pieces)
            except FileError:
                is_kept = False
        if not is_kept:
            self._in_memory.append(Stashed(pieces, time.time()))
        await self.show()
        return is_kept

    async def read(self) -> "tuple[Stashed, ...]":
        """Stashed drafts, the newest first."""
        on_disk = await asyncio.to_thread(self._files.read) if self._files else ()
        return tuple(sorted((*self._in_memory, *on_disk), key=lambda stashed: stashed.stashed_at, reverse=True))

    async def drop(self, stashed: "Stashed") -> None:
        """Delete a stashed draft."""
        if stashed in self._in_memory:
            self._in_memory.remove(stashed)
        elif self._files is not None:
            try:
                await asyncio.to_thread(self._files.drop, stashed)
            except FileError as error:
                self._host.note(f"It stays in the stash. {error.failure.message}", severity="warning")
        await self.show()
