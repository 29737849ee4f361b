"""Shows that something is not on disk while it is saved again and again, and asks before the program ends with it."""

from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui_chat.core.errors import ChatError
from tui_chat.ui import dialogs
from tui_chat.ui.chat_screen.host import AskingHost
from tui_chat.workspace.saving import (
    END_WITHIN_S,
    LEAVE_WITHIN_S,
    SAVED_AGAIN,
    STAYED,
    NotSaved,
    SavedAgain,
    Saving,
    Told,
    exported_words,
)

if TYPE_CHECKING:
    from tui_chat.chat.unsaved import Unsaved


class SavingAgain:
    """What a chat screen owes to the disk."""

    def __init__(self, host: AskingHost, show: Callable[[], None]) -> None:
        """`show` shows whether something is owed, wherever the screen does."""
        self._host = host
        self._show = show
        self._saving: Saving | None = None

    def begin(self, unsaved: "Unsaved") -> None:
        """Save again from now on; once is enough."""
        if self._saving is None:
            saving = self._saving = Saving(unsaved)
            unsaved.when_owed(
                lambda: self._host.run_worker(self._follow(saving), name="saving", group="saving", exclusive=True)
            )

    async def _follow(self, saving: Saving) -> None:
        async with aclosing(saving.news()) as news:
            async for each in news:
                self._show()
                match each:
                    case NotSaved(failure):
                        if failure is not None:
                            self._host.tell(failure)
                    case Told(failure):
                        self._host.tell(failure)
                    case SavedAgain():
                        self._host.note(SAVED_AGAIN)

    async def may_leave(self, *, asks: bool) -> bool:
        """Save what is owed before the program ends. Where that fails, the person is asked, if anybody can be; False
        where they stay."""
        saving = self._saving
        if saving is None or await saving.save(LEAVE_WITHIN_S if asks else END_WITHIN_S) or not asks:
            return True
        from tui_chat.ui.dialogs.leaving import Leaving  # only where a disk failed

        while not await saving.save(LEAVE_WITHIN_S):
            match await self._host.ask(dialogs.unsaved(saving.words)):
                case Leaving.QUIT:
                    return True
                case Leaving.EXPORT:
                    if await self._export(saving):
                        return True
                case _:
                    self._host.note(STAYED)
                    return False
        return True

    async def _export(self, saving: Saving) -> bool:
        path = await self._host.ask(dialogs.line("Write it where?", hint="a file or a folder", verb="save"))
        if not path:
            return False
        try:
            files = await saving.export(path)
        except ChatError as error:
            self._host.tell(error.failure)
            return False
        self._host.note(exported_words(files))
        return True
