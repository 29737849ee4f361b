"""Opens panes beside the transcript and feeds them; panes themselves know nothing of sessions."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from textual.widget import Widget

from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, ReplyGrew, SessionEvent
from tui_chat.core.errors import ChatError
from tui_chat.ui import panes
from tui_chat.ui.chat_screen.model_hosting import CopyingHost, ModelHosting
from tui_chat.ui.chat_screen.pane_host import PaneHost
from tui_chat.ui.chat_screen.tool_hosting import ToolHosting
from tui_chat.ui.chat_screen.usage_hosting import UsageHosting, UsageScreen
from tui_chat.ui.commands.context import Copying
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.keys.command import OwnKeys

if TYPE_CHECKING:  # `panes` imports each when it is first opened
    from tui_chat.core.errors import Failure
    from tui_chat.ui.panes.model_pane import ModelPane
    from tui_chat.ui.panes.tool_inspector import ToolInspector
    from tui_chat.ui.panes.usage_pane import UsagePane
    from tui_chat.workspace.deciding import CallKey
    from tui_chat.workspace.usage_board import View


Shown = TypeVar("Shown", bound=Widget)


class PanesHost(CopyingHost, UsageScreen, Protocol):
    """The screen, which copies and runs commands, too."""

    @property
    def copying(self) -> Copying: ...
    def tell(self, failure: "Failure") -> None: ...


class Panes:
    """The side of a chat screen."""

    def __init__(
        self, host: PanesHost, side: PaneHost, composer: Composer, own_keys: OwnKeys, *, is_wide: Callable[[], bool]
    ) -> None:
        """`is_wide`: there is room beside the transcript."""
        self._host = host
        self._side = side
        self._composer = composer
        self._own_keys = own_keys
        self._is_wide = is_wide
        self._offered_for = ""
        self._is_unasked = False
        """The inspector opened by itself."""
        self.models = ModelHosting(host, lambda: self._shown(self._models))
        self._models: ModelPane | None = None
        self._tools: ToolInspector | None = None
        self._usage: UsagePane | None = None
        self._usage_host = UsageHosting(host, lambda: self._shown(self._usage))
        self._tool_host = ToolHosting(host)
        """The pane of each kind that was opened last."""
        self._at_work = asyncio.Lock()
        """Opening and closing take a while, and two presses of a key may be read in one go."""

    @property
    def is_open(self) -> bool:
        """A pane is open."""
        return self._side.pane is not None

    @property
    def is_covering(self) -> bool:
        """A pane is open over the page, and not beside it."""
        return self.is_open and not self._is_wide()

    @property
    def has_focus(self) -> bool:
        """The focus is in the open pane."""
        return self._side.has_focus_inside

    @property
    def help_page(self) -> str:
        """The page of the manual on the pane that has the focus; empty where none has."""
        from tui_chat.ui.panes.pane import Pane  # the first frame does without

        pane = self._side.pane
        return pane.HELP if isinstance(pane, Pane) and self.has_focus else ""

    async def close(self) -> None:
        """Close the open pane; the composer has the focus again."""
        async with self._at_work:
            await self._close()

    async def _close(self) -> None:
        await self._side.close()
        self._composer.focus()

    async def new_conversation(self) -> None:
        """Close the pane that shows the previous conversation."""
        async with self._at_work:
            await self._side.close()

    def _shown(self, pane: Shown | None) -> Shown | None:
        """The pane, where it is the open one."""
        return pane if self._side.pane is pane else None

    async def _enter_or_close(self) -> None:
        """Act on the key of an open pane: go into it where the focus is elsewhere, else close it."""
        pane = self._side.pane
        if pane is None or self._side.has_focus_inside:
            await self._close()
        else:
            pane.focus()

    async def toggle_models(self) -> None:
        """Open or close the model pane; known models are there at once, the others when the catalogue was read."""
        async with self._at_work:
            if self._shown(self._models):
                await self._enter_or_close()
                return
            await self._open_models()
        await self.read_catalog(refresh=False)

    async def find_models(self, words: str) -> None:
        """Show the models that fit these words."""
        async with self._at_work:
            if not self._shown(self._models):
                await self._open_models()
            if pane := self._shown(self._models):
                pane.look_for(words)
        await self.read_catalog(refresh=False)

    async def _open_models(self) -> None:
        conversation = self._host.conversation
        services = conversation.services
        known = await services.catalog.cached()
        self._models = pane = panes.models(
            known if known.models else None,
            conversation.session.conversation.model,
            conversation.recent.newest_first,
            self.models.favourites.ids,
            host=self.models,
            now=services.clock.now,
        )
        with self._side.app.batch_update():  # the first frame that shows the list has the focus in it
            await self._side.open(pane)
            pane.focus()

    async def close_models(self) -> None:
        """Close the list of models: the gateway is another one."""
        async with self._at_work:
            if self._shown(self._models):
                await self._close()

    async def read_catalog(self, *, refresh: bool) -> None:
        """Read the catalogue for the panes that show it."""
        services, asked_for = self._host.conversation.services, self._models
        if not refresh and (await services.catalog.cached()).models:
            self._host.show_facts()  # what was kept is used until a newer one is there
        try:
            catalog = await services.catalog.read(refresh=refresh)
        except ChatError as error:
            if asked_for is self._models and (pane := self._shown(asked_for)):
                pane.show_failure(error.failure)
            return
        if services is not self._host.conversation.services:
            return
        if pane := self._shown(self._models):
            pane.show_catalog(catalog)
        self._host.show_facts()

    async def _renew_catalog(self) -> None:
        """Read the list anew where it has grown old: what an answer costs is estimated with the prices of its day."""
        before = self._host.conversation.services.catalog.known()
        if before.fetched_at is None:
            return  # it is being read, or could not be
        with suppress(ChatError):
            if await self._host.conversation.services.catalog.read() is not before:
                await self.read_catalog(refresh=False)

    async def toggle_tools(self) -> None:
        """Open or close the tool inspector."""
        async with self._at_work:
            if self._shown(self._tools):
                await self._enter_or_close()
            else:
                await self._open_tools(focus=True)
                self._is_unasked = False

    async def show_call(self, key: "CallKey", *, output: bool) -> None:
        """Show a call in the tool inspector, its output or its arguments."""
        from tui_chat.ui.panes.call_view import View  # the first frame does without

        await self.open_tools(focus=True)
        self._is_unasked = False
        if (pane := self._shown(self._tools)) is not None:
            pane.choose(key, View.OUTPUT if output else View.PARSED)

    async def seek_calls(self, words: str) -> None:
        """Show the calls that fit these words in the tool inspector."""
        await self.open_tools(focus=False)
        self._is_unasked = False
        if (pane := self._shown(self._tools)) is not None:
            pane.seek(words)

    def offer_tools(self, node_id: str) -> None:
        """Show the arguments of a call as they grow, once for each answer, where there is room beside the
        transcript."""
        if node_id != self._offered_for:
            self._offered_for = node_id
            if self._is_wide() and self._side.pane is None:
                self._host.run_worker(self.open_tools(focus=False), group="pane")

    async def open_tools(self, *, focus: bool) -> None:
        """Open the tool inspector because a call is there, unless it is open."""
        async with self._at_work:
            self._is_unasked = self._is_unasked or self._shown(self._tools) is None
            await self._open_tools(focus=focus)

    async def uncover(self) -> None:
        """Close the inspector where it opened by itself and hides the answer that comes."""
        async with self._at_work:
            if self._is_unasked and self._shown(self._tools) and self.is_covering:
                await self._close()

    async def _open_tools(self, *, focus: bool) -> None:
        conversation = self._host.conversation
        session, services = conversation.session, conversation.services
        pane = self._shown(self._tools)
        if pane is None:
            from tui_chat.workspace.deciding import plan_if_waiting  # the first frame does without

            self._tools = pane = panes.tools(
                lambda: conversation.services.definitions,
                conversation.calls,
                plan_of=partial(plan_if_waiting, conversation),
                host=self._tool_host,
                monotonic=services.clock.monotonic,
                own_keys=self._own_keys,
            )
            await self._side.open(pane)
        pane.show(session.path, session.pending_calls)
        if focus:
            pane.focus()
            if services.servers.is_waiting:
                self._host.run_worker(self._hear_servers(pane), group="servers", exclusive=True)

    async def _hear_servers(self, pane: "ToolInspector") -> None:
        """Ask the tool servers for what they have, now that somebody wants to see it."""
        from tui_chat.workspace.tool_servers import LOOKING_S  # the first frame does without

        conversation = self._host.conversation
        servers = conversation.services.servers
        await servers.prepare(LOOKING_S)
        for failure in servers.take_unsaid():
            self._host.tell(failure)
        if self._shown(pane) and conversation is self._host.conversation:
            pane.show(conversation.session.path, conversation.session.pending_calls)

    async def toggle_usage(self, word: str = "") -> None:
        """Open the board of usage with the view of this word, or turn to it; without a word, open or close the
        board."""
        from tui_chat.workspace.usage_board import View, view_called  # the first frame does without

        view = view_called(word) if word else View.CHAT
        async with self._at_work:
            pane = self._shown(self._usage)
            if pane is not None and word:
                pane.show_view(view)
                pane.focus()
            elif pane is not None:
                await self._enter_or_close()
            else:
                await self._open_usage(view)

    async def _open_usage(self, view: "View") -> None:
        conversation = self._host.conversation
        clock, session = conversation.services.clock, conversation.session
        self._usage = pane = panes.usage(view, host=self._usage_host, now=clock.now, monotonic=clock.monotonic)
        with self._side.app.batch_update():
            await self._side.open(pane)
            self._show_usage(pane)
            for timed in session.arrived():  # of the answer that is being written
                pane.apply(ReplyGrew(session.path[-1].id, timed.at_s, timed.event))
            pane.focus()

    def _show_usage(self, pane: "UsagePane") -> None:
        from tui_chat.workspace.usage_report import chat_usage

        pane.show(chat_usage(self._host.conversation))

    def show_spending(self) -> None:
        """Show the figures as they are now, where they are open."""
        if usage := self._shown(self._usage):
            self._show_usage(usage)
            usage.read_again()

    def apply(self, event: SessionEvent) -> None:
        """Pass a session's event on to the pane that shows it."""
        if tools := self._shown(self._tools):
            tools.apply(event)
        if isinstance(event, AnswerStarted):
            self._host.run_worker(self._renew_catalog(), group="catalog age", exclusive=True)
        if isinstance(event, AnswerEnded) and self._shown(self._models):
            self.models.ask_records()
        if usage := self._shown(self._usage):
            usage.apply(event)
            match event:
                case AnswerStarted():
                    self._show_usage(usage)
                case AnswerEnded():
                    self._show_usage(usage)
                    usage.read_again()
                case _:
                    pass

    def show_model(self, model: str) -> None:
        """Tell the model pane which model is in use."""
        if pane := self._shown(self._models):
            pane.show_current(model, self._host.conversation.recent.newest_first)
