"""Which pane is open beside the transcript, and what it is told. Panes know nothing of sessions; this feeds them."""

import asyncio
from typing import TYPE_CHECKING

from tui_chat.chat.session_events import SessionEvent, TurnEnded
from tui_chat.core.errors import ChatError
from tui_chat.ui.chat_screen.pane_host import PaneHost

if TYPE_CHECKING:  # the screen owns this; the panes are imported when they are first opened
    from textual.widget import Widget

    from tui_chat.ui.chat_screen.screen import ChatScreen
    from tui_chat.ui.panes.usage_pane import UsagePane
    from tui_chat.workspace.calls import CallBoard


class Panes:
    """The side of a chat screen."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._offered_for = ""
        self._at_work = asyncio.Lock()
        """Opening and closing take a while, and two presses of a key may be read in one go."""
        self._board: CallBoard | None = None
        """The calls of the open conversation: it outlives the inspector, so that arguments that arrive while the
        inspector is closed, and a result that is half typed, are there when it opens."""

    @property
    def _host(self) -> PaneHost:
        return self._chat.side

    @property
    def is_open(self) -> bool:
        """A pane is open."""
        return self._host.pane is not None

    @property
    def has_focus(self) -> bool:
        """The focus is in the open pane."""
        return self._host.has_focus_inside

    async def close(self) -> None:
        """Close what is open; the composer has the focus again."""
        async with self._at_work:
            await self._close()

    async def _close(self) -> None:
        await self._host.close()
        self._chat.composer.focus()

    async def new_session(self) -> None:
        """Another conversation is open: what was shown of the one before goes."""
        async with self._at_work:
            self._board = None
            await self._host.close()

    def _shows(self, kind: "type[Widget]") -> bool:
        return isinstance(self._host.pane, kind)

    async def _enter_or_close(self) -> None:
        """The key of an open pane: into it where the focus is elsewhere, else out of it."""
        pane = self._host.pane
        if pane is None or self._host.has_focus_inside:
            await self._close()
        else:
            pane.focus()

    async def toggle_models(self) -> None:
        """Open or close the model pane; what is known is there at once, the rest when it was read."""
        from tui_chat.ui.panes.model_pane import ModelPane

        async with self._at_work:
            if self._shows(ModelPane):
                await self._enter_or_close()
                return
            await self._open_models()
        await self.read_catalog(refresh=False)

    async def _open_models(self) -> None:
        from tui_chat.ui.panes.model_pane import ModelPane

        chat = self._chat
        known = chat.services.catalog.known()
        pane = ModelPane(
            known if known.models else None,
            chat.session.conversation.model,
            tuple(reversed(chat.models.recent)),
            now=chat.services.clock.now,
        )
        await self._host.open(pane)
        pane.focus()

    async def read_catalog(self, *, refresh: bool) -> None:
        """Read the catalogue for the panes that show it."""
        from tui_chat.ui.panes.model_pane import ModelPane

        try:
            catalog = await self._chat.services.catalog.read(refresh=refresh)
        except ChatError as error:
            if isinstance(pane := self._host.pane, ModelPane):
                pane.show_failure(error.failure)
            return
        if isinstance(pane := self._host.pane, ModelPane):
            pane.show_catalog(catalog)

    async def toggle_tools(self) -> None:
        """Open or close the tool inspector."""
        from tui_chat.ui.panes.tool_inspector import ToolInspector

        async with self._at_work:
            if self._shows(ToolInspector):
                await self._enter_or_close()
            else:
                await self._open_tools(focus=True)

    def offer_tools(self, node_id: str) -> None:
        """An answer began a call: where there is room beside the transcript, show how its arguments grow, once."""
        if node_id != self._offered_for:
            self._offered_for = node_id
            if self._chat.has_class("-wide") and self._host.pane is None:
                self._chat.run_worker(self.open_tools(focus=False), group="pane")

    async def open_tools(self, *, focus: bool) -> None:
        """Open the tool inspector, where it is not open."""
        async with self._at_work:
            await self._open_tools(focus=focus)

    async def _open_tools(self, *, focus: bool) -> None:
        from tui_chat.ui.panes.tool_inspector import ToolInspector

        chat, pane = self._chat, self._host.pane
        if not isinstance(pane, ToolInspector):
            definitions = {tool.name: tool for tool in chat.services.tools}
            pane = ToolInspector(
                definitions, board=self._calls(), monotonic=chat.services.clock.monotonic, own_keys=chat.own_keys
            )
            await self._host.open(pane)
        pane.show(chat.session.path, chat.session.pending_calls)
        if focus:
            pane.focus()

    def _calls(self) -> "CallBoard":
        if self._board is None:
            from tui_chat.workspace.calls import CallBoard

            self._board = CallBoard()
        return self._board

    async def toggle_usage(self) -> None:
        """Open or close the usage pane; the composer keeps the focus, since there is nothing to type."""
        from tui_chat.ui.panes.usage_pane import UsagePane

        async with self._at_work:
            if self._shows(UsagePane):
                await self._close()
                return
            pane = UsagePane(monotonic=self._chat.services.clock.monotonic)
            await self._host.open(pane)
            self._show_usage(pane)

    def _show_usage(self, pane: "UsagePane") -> None:
        chat = self._chat
        pane.show(chat.session.path, chat.session.spending, chat.services.catalog.known())

    def apply(self, event: SessionEvent) -> None:
        """Pass a session's event on to what shows it."""
        from tui_chat.ui.panes.tool_inspector import ToolInspector
        from tui_chat.ui.panes.usage_pane import UsagePane

        pane = self._host.pane
        if isinstance(pane, ToolInspector):
            pane.apply(event)
        else:
            self._calls().apply(event)
        if isinstance(pane, UsagePane):
            pane.apply(event)
            if isinstance(event, TurnEnded):
                self._show_usage(pane)

    def show_model(self, model: str) -> None:
        """Tell the model pane which model is in use."""
        from tui_chat.ui.panes.model_pane import ModelPane

        if isinstance(pane := self._host.pane, ModelPane):
            pane.show_current(model, tuple(reversed(self._chat.models.recent)))
