"""Drafts put aside on purpose: a stack for every conversation of this machine, and for one run only where nothing shall
be written. How many there are is said in the empty composer."""

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

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
        self._placeholder = ""

    async def begin(self, folder: Path) -> None:
        """Keep what is stashed in this folder, and say what is there."""
        from tui_chat.workspace.stash import StashFiles

        self._files = StashFiles(folder, f"{os.getpid()}x{time.time_ns()}")
        await self.show()

    async def show(self) -> None:
        """Say in the empty composer how many there are."""
        count = len(self._in_memory) + (await asyncio.to_thread(self._files.count) if self._files else 0)
        composer = self._composer
        self._placeholder = self._placeholder or str(composer.placeholder)
        composer.placeholder = f"Write a message · {count} stashed: /pop" if count else self._placeholder

    async def push(self, pieces: tuple[str, ...]) -> bool:
        """Put a draft aside. False: in memory only, since nothing shall or can be written."""
        from tui_chat.workspace.stash import Stashed

        is_kept = self._files is not None and not self._host.conversation.is_temporary
        if self._files is not None and is_kept:
            try:
                await asyncio.to_thread(self._files.push, pieces)
            except OSError:
                is_kept = False
        if not is_kept:
            self._in_memory.append(Stashed(pieces, time.time()))
        await self.show()
        return is_kept

    async def read(self) -> "tuple[Stashed, ...]":
        """All of them, the newest first."""
        on_disk = await asyncio.to_thread(self._files.read) if self._files else ()
        return tuple(sorted((*self._in_memory, *on_disk), key=lambda stashed: stashed.stashed_at, reverse=True))

    async def drop(self, stashed: "Stashed") -> None:
        """Take one away."""
        if stashed in self._in_memory:
            self._in_memory.remove(stashed)
        elif self._files is not None:
            await asyncio.to_thread(self._files.drop, stashed)
        await self.show()
