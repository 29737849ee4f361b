"""A screen that opens dialogs for commands, and runs their work."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual.screen import Screen

from tui_chat.ui.commands.context import Result

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.showing import Showing


@runtime_checkable
class Renewed(Protocol):
    """A dialog that shows what goes on below it."""

    def renew(self) -> None:
        """Show what has become of it."""
        ...


class DialogHost(Screen[None]):
    """Opens dialogs over itself."""

    _showing: "Showing"

    def on_screen_resume(self) -> None:
        """Say what the store has to tell: a dialog may have met a damaged file."""
        self._showing.say_notices()

    def renew_dialogs(self) -> None:
        """Let the dialogs show what has become of the conversation."""
        for screen in self.app.screen_stack:
            if screen.is_mounted and isinstance(screen, Renewed):
                screen.renew()

    async def ask(self, dialog: Screen[Result]) -> Result | None:
        """Open a dialog and wait for its answer; None where it was left."""
        return await self.app.push_screen_wait(dialog)

    def push(self, dialog: Screen[Result], then: Callable[[Result | None], None]) -> None:
        """Open a dialog at once, and call `then` with its answer."""
        self.app.push_screen(dialog, then)

    def run_beside(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run a command's work in a worker."""
        self.run_worker(work, name=name, group="command")
