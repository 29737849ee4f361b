"""What the pane of models asks of the chat: favourites, copies, what was spent, and what a switch would lose."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui_chat.core.errors import ChatError, FileError
from tui_chat.ui.chat_screen.host import Host
from tui_chat.workspace.favourites import Favourites

if TYPE_CHECKING:
    from tui_chat.core.models import ModelInfo
    from tui_chat.ui.panes.model_pane import ModelPane
    from tui_chat.workspace.model_switch import Present


class Copies(Protocol):
    """Copies a text."""

    def copy(self, text: str, what: str) -> None: ...


class CopyingHost(Host, Protocol):
    """The screen, which copies, too."""

    @property
    def copying(self) -> Copies: ...


class ModelHosting:
    """The chat, as far as the pane of models goes."""

    def __init__(self, host: CopyingHost, pane: "Callable[[], ModelPane | None]") -> None:
        """`pane` is the open one."""
        self._host = host
        self._pane = pane
        self.favourites = Favourites()
        self._present: tuple[object, Present] | None = None
        """What is in the conversation, and the path that it was counted for."""

    async def begin(self, file: Path, *, may_write: bool) -> None:
        """Keep the favourites in this file from now on."""
        await asyncio.to_thread(self.favourites.begin, file, may_write=may_write)

    def copy_model(self, model_id: str) -> None:
        """Copy an id."""
        self._host.copying.copy(model_id, "the model’s id")

    def star_model(self, model_id: str) -> None:
        """Make a model a favourite, or no favourite any more."""
        try:
            self.favourites.toggle(model_id)
        except FileError as error:
            self._host.note(f"{error.failure.message} Favourites count until you quit.", severity="warning")
        if (pane := self._pane()) is not None:
            pane.show_favourites(self.favourites.ids)

    def ask_records(self) -> None:
        """Find out what was spent on each model and how fast it was, and show it."""
        self._host.run_worker(self._ask_records(), group="spent", exclusive=True)

    async def _ask_records(self) -> None:
        from tui_chat.workspace.model_records import read_records  # the first frame does without

        try:
            records = await read_records(self._host.conversation.services)
        except ChatError:
            return  # /usage says what is wrong with the store
        if (pane := self._pane()) is not None:
            pane.show_records(records)

    def lost_with(self, model_id: str) -> str:
        """What the open conversation would lose with a model, in a line; empty where nothing."""
        from tui_chat.workspace.model_switch import brief_words, points_of  # the first frame does without

        present, session = self._counted(), self._host.conversation.session
        if not present.is_begun or model_id == session.conversation.model:
            return ""
        return brief_words(points_of(present, model_id, session.services.catalog.known()))

    def fits(self, model: "ModelInfo") -> bool:
        """Whether the model's context takes what is in the open conversation."""
        from tui_chat.workspace.model_switch import fits_context

        return fits_context(self._counted(), model)

    def _counted(self) -> "Present":
        from tui_chat.workspace.model_switch import present_in

        session = self._host.conversation.session
        counted_for = (session.path, session.conversation, session.services, session.asking.offered)
        if self._present is None or self._present[0] != counted_for:
            self._present = (counted_for, present_in(session))
        return self._present[1]
