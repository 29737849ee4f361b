"""The chat: transcript above, composer below, the status line under it, and a side where panes open.

The screen holds the open session and puts the parts together: what is typed goes to `ui/dispatch`, turns run in
`ui/turns`, their events go through `ui/following`, panes open in `ui/panes`, what a command does is in `ui/actions`.
"""

from asyncio import Lock
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import TextArea
from textual.worker import WorkerState

from tui_chat.chat.services import Services
from tui_chat.core.errors import Failure
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.chat_screen.completing import Completing
from tui_chat.ui.chat_screen.copying import Copying
from tui_chat.ui.chat_screen.drafting import Drafting
from tui_chat.ui.chat_screen.editing import Editing
from tui_chat.ui.chat_screen.finding import Finding
from tui_chat.ui.chat_screen.following import Following
from tui_chat.ui.chat_screen.model_choice import ModelChoice
from tui_chat.ui.chat_screen.pane_host import PaneHost
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.ui.chat_screen.queueing import Queueing
from tui_chat.ui.chat_screen.saying import Saying
from tui_chat.ui.chat_screen.stashing import Stash
from tui_chat.ui.chat_screen.status_line import StatusLine
from tui_chat.ui.chat_screen.turns import Turns
from tui_chat.ui.chat_screen.welcome import welcome
from tui_chat.ui.commands.dispatch import Dispatch
from tui_chat.ui.commands.table import BY_ID, COMMANDS
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.dialogs.surviving import SurvivesWork
from tui_chat.ui.driver.compositing import RowCompositor
from tui_chat.ui.keys.command import OwnKeys, key_label, keys_of

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.worker import Worker

    from tui_chat.chat.session import Session
    from tui_chat.ui.app import ChatApp
    from tui_chat.ui.chat_screen.attaching import Attaching
    from tui_chat.ui.chat_screen.find_bar import FindBar
    from tui_chat.ui.chat_screen.queue_line import QueueLine
    from tui_chat.ui.panes.model_pane import ModelPane
    from tui_chat.ui.panes.tool_inspector import ToolInspector
    from tui_chat.ui.rows.pick_list import PickList
    from tui_chat.ui.transcript.times import Timestamps
    from tui_chat.ui.transcript.view import TranscriptView

_TIMESTAMPS: Mapping[str, "Timestamps"] = {"relative": "relative", "absolute": "absolute"}


class ChatScreen(SurvivesWork, Screen[None]):
    """One conversation at a time."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(command.binding() for command in COMMANDS if command.is_bound_on_screen),
        Binding("tab", "complete", show=False),
    ]

    def __init__(
        self,
        *,
        model: str = "",
        own_keys: OwnKeys | None = None,
        timestamps: str = "off",
        shows_reasoning: bool = False,
    ) -> None:
        super().__init__()
        self._compositor = RowCompositor()
        self._shows_reasoning = shows_reasoning
        self._timestamps: Timestamps = _TIMESTAMPS.get(timestamps, "off")
        self.own_keys: OwnKeys = own_keys or {}
        self.turns = Turns(self)
        self.panes = Panes(self)
        self.completing = Completing(self)
        self.dispatch = Dispatch(self)
        self.queueing = Queueing(self)
        self.drafting = Drafting(self)
        self.stash = Stash(self)
        self.editing = Editing(self)
        self.copying = Copying(self)
        self.finding = Finding(self)
        self.following = Following(self)
        self.models = ModelChoice(self)
        self._saying = Saying()
        self.interrupted_at = float("-inf")
        self._first_model = model
        self._attaching: Attaching | None = None
        self._transcript: TranscriptView | None = None
        self._session: Session | None = None
        self._services: Services | None = None
        self._one_at_a_time = Lock()
        """Opening a conversation takes a while, and two presses of a key may be read in one go."""

    def compose(self) -> ComposeResult:
        """Few widgets: each one costs milliseconds before the first frame."""
        with Container(id="main"):
            yield PaneHost()
        yield Composer(id="composer")
        yield StatusLine()

    def _fold_hint(self) -> str:
        return " ".join(key_label(key) for key in keys_of(BY_ID["reasoning"], self.own_keys)[:1])

    def on_mount(self) -> None:
        """The composer has the focus before anything is loaded."""
        self.status.show(model=self._first_model)
        self.composer.asks_first = lambda key: self.completing.take_key(key) or self.queueing.take_key(key)
        self.composer.use_keys(self.own_keys)
        self.composer.focus()

    # What commands and panes work with

    @property
    def chat_app(self) -> "ChatApp":
        """The app, as itself."""
        from tui_chat.ui.app import ChatApp  # the app imports this screen

        assert isinstance(self.app, ChatApp)
        return self.app

    @property
    def composer(self) -> Composer:
        """Where the person writes."""
        return self.query_one("#composer", Composer)

    @property
    def transcript(self) -> "TranscriptView":
        """What was said. Only there after `mount_transcript`."""
        assert self._transcript is not None
        return self._transcript

    async def mount_transcript(self) -> None:
        """Put the transcript into its place, which is empty in the first frame: the Markdown engine takes longer to
        import than all the rest of the screen."""
        from tui_chat.ui.transcript.view import TranscriptView

        self._transcript = TranscriptView(
            timestamps=self._timestamps, fold_hint=self._fold_hint(), shows_reasoning=self._shows_reasoning
        )
        await self.query_one("#main").mount(self._transcript, before=self.side)

    @property
    def status(self) -> StatusLine:
        """Model, state and figures."""
        return self.query_one(StatusLine)

    @property
    def side(self) -> PaneHost:
        """Where panes open."""
        return self.query_one(PaneHost)

    @property
    def attaching(self) -> "Attaching":
        """What goes along with the next message."""
        if self._attaching is None:
            from tui_chat.ui.chat_screen.attaching import Attaching  # the first frame does without

            self._attaching = Attaching(self)
        return self._attaching

    @property
    def has_session(self) -> bool:
        """The services are there and a conversation is open."""
        return self._session is not None

    @property
    def session(self) -> "Session":
        """The open conversation. Only to be asked for once there is one: see `has_session`."""
        assert self._session is not None
        return self._session

    @property
    def services(self) -> Services:
        """What the open conversation goes through."""
        assert self._services is not None
        return self._services

    @property
    def is_temporary(self) -> bool:
        """Nothing that is typed is written: so the conversation wants it, or the run while none is open."""
        return self._session.is_temporary if self._session else self.chat_app.is_temporary

    def toast(self, words: str, *, severity: "SeverityLevel" = "information", timeout: float | None = None) -> None:
        """Say something in passing. Never parsed as markup."""
        self._saying.say(self.app, words, severity=severity, timeout=timeout)

    def tell(self, failure: Failure) -> None:
        """Say what failed, and what to do."""
        self._saying.tell(self.app, failure)

    def on_text_selected(self) -> None:
        """The mouse selected something."""
        self.copying.follow_mouse()

    # The session

    async def open_session(self, session: "Session", services: Services | None = None) -> None:
        """Show a conversation, new or resumed; one that is running is stopped and saved first."""
        async with self._one_at_a_time:
            await self._open_session(session, services)

    async def _open_session(self, session: "Session", services: Services | None) -> None:
        await self.turns.settle()
        await self.drafting.leave()
        self._services = services or self._services
        self._session = session
        self.editing.end()
        self.following.show_path()
        self.following.show_facts()
        self.transcript.welcome = welcome(self.services.gateway, self.own_keys)
        await self.panes.new_session()
        self.status.enter(session.phase)
        self.composer.focus()
        await self.drafting.enter(session)
        if session.pending_calls:
            await self.following.ask_for_results()
        if self.models.is_missing:
            self.models.look()
        else:
            self.run_worker(self.panes.read_catalog(refresh=False), group="catalog")
        self.following.say_notices()
        self.dispatch.do_what_waited()

    async def use_services(self, services: Services) -> None:
        """Go on through another gateway; its default model takes the place of a model that it does not know."""
        self._services = services
        self.session.use(services)
        self.models.forget()
        await self.session.set_model(services.default_model)
        if self.models.is_missing:
            self.models.look()
        self.transcript.welcome = welcome(services.gateway, self.own_keys)
        self.following.show_facts()
        self.toast(f"Connected to {sanitize_line(services.gateway.base_url, 200)}. The conversation goes on there.")

    # What panes post

    async def on_model_pane_chosen(self, event: "ModelPane.Chosen") -> None:
        """A model was chosen in the pane."""
        await self.panes.close()
        await self.models.switch(event.model_id)

    def on_model_pane_refresh_requested(self) -> None:
        """The catalogue shall be read anew."""
        self.run_worker(self.panes.read_catalog(refresh=True), group="pane")

    async def on_tool_inspector_answered(self, event: "ToolInspector.Answered") -> None:
        """A result was typed for a call."""
        await self.turns.answer_call(event.call_id, event.content, is_error=event.is_error)

    def on_tool_inspector_copy_requested(self, event: "ToolInspector.CopyRequested") -> None:
        """The arguments of a call shall be copied."""
        self.copying.copy(event.text, "the arguments")

    def on_transcript_view_link_clicked(self, event: "TranscriptView.LinkClicked") -> None:
        """A link was clicked: where it really leads is said as it is opened."""
        self.toast(f"Opening {sanitize_line(event.url, 300)}")
        self.app.open_url(event.url)

    def on_transcript_view_copy_requested(self, event: "TranscriptView.CopyRequested") -> None:
        """A part of the transcript shall be copied."""
        self.copying.copy(event.text, event.what)

    def on_transcript_view_find_progressed(self, event: "TranscriptView.FindProgressed") -> None:
        """More is known about what is looked for."""
        self.finding.show(event)

    def on_find_bar_asked(self, event: "FindBar.Asked") -> None:
        """Other words are looked for."""
        self.finding.ask(event.words)

    def on_find_bar_stepped(self, event: "FindBar.Stepped") -> None:
        """Another place is wanted."""
        self.transcript.find_next(event.step)

    async def on_find_bar_left(self, event: "FindBar.Left") -> None:
        """The search line was left."""
        await self.finding.leave(for_text=event.for_text)

    async def on_model_pane_closed(self) -> None:
        """The pane was left."""
        await self.panes.close()

    async def on_tool_inspector_closed(self) -> None:
        """The pane was left."""
        await self.panes.close()

    async def on_usage_pane_closed(self) -> None:
        """The pane was left."""
        await self.panes.close()

    # What is typed

    @on(Composer.Submitted)
    def _submitted(self, event: Composer.Submitted) -> None:
        self.dispatch.submit(event.text)

    def on_queue_line_asked(self, event: "QueueLine.Asked") -> None:
        """Something was asked for a message that waits."""
        self.queueing.do(event.wish, event.index)

    # Commands

    def action_command(self, id_: str) -> None:
        """A key was pressed, or a command was chosen in the palette."""
        self.dispatch.execute(BY_ID[id_], "")

    # Completion

    @on(TextArea.Changed)
    def _draft_changed(self, event: TextArea.Changed) -> None:
        if event.text_area is self.composer:
            self.completing.follow()
            self.attaching.follow()
            self.drafting.changed()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """The cursor may have left the word that the list is for."""
        if event.text_area is self.composer and self.completing.is_open:
            self.completing.follow()

    def on_composer_pasted(self, event: Composer.Pasted) -> None:
        """A picture that is dropped on the terminal arrives as a paste of its path."""
        self.attaching.pasted(event.text)

    def on_unmount(self) -> None:
        """Nothing is looked for any more."""
        self.completing.stop()

    def on_pick_list_picked(self, event: "PickList.Picked") -> None:
        """A line of the completion list was clicked: the panes keep their own."""
        event.stop()
        self.completing.take_key("enter")

    def action_complete(self) -> None:
        """Tab takes what the completion list offers; without one it goes to the next part of the screen."""
        if not self.completing.take_key("tab"):
            self.focus_next()

    def on_worker_state_changed(self, event: "Worker.StateChanged") -> None:
        """After a turn that broke the conversation goes on."""
        if event.worker.group == "turn" and event.state is WorkerState.ERROR and self.has_session:
            self.following.turn_ended()
            self.turns.give_back_queue()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The completion list belongs to the composer."""
        if event.widget is not self.composer:
            self.completing.close()
