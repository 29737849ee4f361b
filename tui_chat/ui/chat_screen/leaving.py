"""Leaves the program: asks what must be asked, stops what runs, saves, and exits."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from tui_chat.core.errors import ChatError
from tui_chat.ui import dialogs
from tui_chat.ui.chat_screen.drafting import Drafting
from tui_chat.ui.chat_screen.host import AskingHost
from tui_chat.ui.chat_screen.saving_again import SavingAgain
from tui_chat.ui.chat_screen.tending_store import TendingStore
from tui_chat.workspace.open_conversations import OpenConversations
from tui_chat.workspace.saving import END_WITHIN_S, LEAVE_WITHIN_S


class LeavingHost(AskingHost, Protocol):
    """The screen, as far as leaving it goes."""

    opened: OpenConversations
    drafting: Drafting
    saving: SavingAgain
    tending: TendingStore

    async def settle(self) -> None:
        """Stop every turn and wait until all are saved."""
        ...


class Leaving:
    """The way out of the program, taken once."""

    def __init__(
        self,
        host: LeavingHost,
        drafts: Path,
        *,
        end_editor: Callable[[], Awaitable[None]],
        end: Callable[[int], None],
    ) -> None:
        """`end` exits with this code."""
        self._host = host
        self._drafts = drafts
        self._end_editor = end_editor
        self._end = end
        self._is_asking = False
        """Whoever leaves is asked about answers that still run, or conversations that cannot be saved."""
        self.is_leaving = False
        self.has_left = False

    def begins(self, code: int) -> bool:
        """Whether `leave` is to be called for this: not where it is under way already, unless a signal comes while a
        question waits."""
        if self.is_leaving and not (self._is_asking and code):
            return False
        self.is_leaving, self._is_asking = True, False
        return True

    async def leave(self, code: int) -> None:
        """Stop what runs, save, and exit with this code, unless the person stays. Nobody can be asked where a signal
        ends the program: the code is not 0."""
        if code == 0 and not await self._may_stop():
            self.is_leaving = False
            return
        host = self._host
        await self._end_editor()
        await host.drafting.begin(self._drafts)  # somebody may leave before the start came to it
        await host.drafting.flush()
        is_open = host.conversation.is_open
        if is_open and not await self._is_settled(code):
            self.is_leaving = False
            return
        host.drafting.end()
        host.tending.end()
        if is_open:
            code = await self._close(code)
        self.has_left = True
        self._end(code)

    async def _is_settled(self, code: int) -> bool:
        """Everything is saved, or the person leaves nevertheless."""
        await self._host.settle()
        self._is_asking = code == 0
        may_leave = await self._host.saving.may_leave(asks=self._is_asking)
        self._is_asking = False
        return may_leave

    async def _close(self, code: int) -> int:
        """Close what is open; the code to exit with."""
        try:
            await asyncio.wait_for(self._host.opened.close(), END_WITHIN_S if code else LEAVE_WITHIN_S)
        except (TimeoutError, ChatError):
            return code or 1
        return code

    async def _may_stop(self) -> bool:
        """Ask before answers are stopped that nobody sees; False where the person stays."""
        opened = self._host.opened
        if not opened.at_work:
            return True
        self._is_asking = True
        running = [f"“{each.title}”: {each.words}" for each in opened.running]
        stops = await self._host.ask(dialogs.still_at_work(running))
        self._is_asking = False
        return bool(stops)
