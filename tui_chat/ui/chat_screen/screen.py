"""The chat: transcript above, composer below, the status line under it, and a side where panes open.

Puts the parts together, which get what they use and no more; what widgets post ends here.
"""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import TextArea
from textual.worker import WorkerState

from tui_chat.core.errors import Failure
from tui_chat.ui import dialogs
from tui_chat.ui.chat_screen.attaching import Attaching
from tui_chat.ui.chat_screen.beginning import Beginning
from tui_chat.ui.chat_screen.breakpoints import LOW
from tui_chat.ui.chat_screen.changing_gateway import ChangingGateway
from tui_chat.ui.chat_screen.completing import Completing
from tui_chat.ui.chat_screen.composer_frame import ComposerFrame
from tui_chat.ui.chat_screen.copying import Copying
from tui_chat.ui.chat_screen.dialog_host import DialogHost
from tui_chat.ui.chat_screen.drafting import Drafting
from tui_chat.ui.chat_screen.editing import Editing
from tui_chat.ui.chat_screen.finding import Finding
from tui_chat.ui.chat_screen.following import Following
from tui_chat.ui.chat_screen.hinting import Hinting, pairs_of
from tui_chat.ui.chat_screen.log import Log
from tui_chat.ui.chat_screen.model_choice import ModelChoice
from tui_chat.ui.chat_screen.noting import Noting
from tui_chat.ui.chat_screen.out_of_sight import OutOfSight
from tui_chat.ui.chat_screen.pane_host import PaneHost
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.ui.chat_screen.queueing import Queueing
from tui_chat.ui.chat_screen.results import Results
from tui_chat.ui.chat_screen.saving_again import SavingAgain
from tui_chat.ui.chat_screen.showing import Showing
from tui_chat.ui.chat_screen.sizing import Sizing
from tui_chat.ui.chat_screen.stashing import Stash
from tui_chat.ui.chat_screen.status_line import StatusLine
from tui_chat.ui.chat_screen.switching import Switching
from tui_chat.ui.chat_screen.tending_store import TendingStore
from tui_chat.ui.chat_screen.titling import Titling
from tui_chat.ui.chat_screen.unsent import Unsent
from tui_chat.ui.chat_screen.watching import Watching
from tui_chat.ui.commands.context import Program
from tui_chat.ui.commands.dispatch import Dispatch
from tui_chat.ui.commands.table import BY_ID, COMMANDS
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.driver.compositing import RowCompositor
from tui_chat.ui.driver.surviving import SurvivesWork
from tui_chat.ui.keys.command import OwnKeys, binding, first_label, is_bound_on_screen, label_of, leader_in
from tui_chat.ui.rows.frame import HasFrames
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.conversations import Conversations
from tui_chat.workspace.followed import Watch
from tui_chat.workspace.open_conversations import OpenConversations

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.widget import Widget
    from textual.worker import Worker

    from tui_chat.chat.services import Services
    from tui_chat.chat.session import Session
    from tui_chat.ui.chat_screen.queue_line import QueueLine
    from tui_chat.ui.panes.model_pane import ModelPane
    from tui_chat.ui.panes.tool_inspector import ToolInspector
    from tui_chat.ui.rows.pick_list import PickList
    from tui_chat.ui.transcript.messages import PartChosen
    from tui_chat.ui.transcript.view import TranscriptView
    from tui_chat.workspace.command import Command


class ChatScreen(DialogHost, SurvivesWork, HasFrames):
    """The screen of the open conversation."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (140, "-vast")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding(command) for command in COMMANDS if is_bound_on_screen(command)),
        Binding("tab", "complete", show=False),
    ]

    def __init__(self, program: Program, own_keys: OwnKeys) -> None:
        super().__init__()
        self._compositor = RowCompositor()
        self.noting = Noting(self, lambda: self.frame)
        self.interrupted_at = float("-inf")
        self.program = program
        self.commands = COMMANDS
        self.own_keys = own_keys
        fold_hint = label_of(BY_ID["reasoning"], own_keys)
        self._log = Log(program.loaded.settings, fold_hint=fold_hint, variant=lambda id_: self._showing.variant(id_))
        self.composer = composer = Composer(id="composer")
        self.status = StatusLine()
        self.side = PaneHost()
        self.opened = OpenConversations(
            lambda followed, event: self._out_of_sight.apply(followed, event),
            visible=composer.chips.fold,
            is_temporary=program.is_temporary,
        )
        self.conversations = Conversations(lambda: self.conversation, self.opened)

        self.dispatch = Dispatch(self)
        self.panes = Panes(self, self.side, composer, self.own_keys, is_wide=lambda: not self.has_class("-narrow"))
        self.completing = Completing(
            self, self, composer, submit=self.dispatch.submit, mount=lambda popup: self.query_one("#main").mount(popup)
        )
        self.beginning: Beginning = Beginning(self, self._mount_on_page)
        self.hinting: Hinting = Hinting(self, lambda: self.frame.draw_keys())
        self.frame: ComposerFrame = ComposerFrame(composer, pairs_of(self.own_keys), self.hinting.hints)
        self.finding = Finding(self, composer, lambda: self.transcript, lambda line: self.mount(line, after="#main"))
        self.copying = Copying(self, composer, self, lambda: program.outside.clipboard)
        self.stash = Stash(self, composer)
        self.attaching: Attaching = Attaching(self, composer, lambda: self.sizing.follow())
        self.sizing: Sizing = Sizing(self, composer, self.attaching, self.frame.show_size)
        close, answer = (label_of(BY_ID[id_], own_keys) for id_ in ("close", "tools"))
        composer.lead_back_by(close)
        self.editing = Editing(self, composer, self.stash, self.attaching, cancel_key=close)
        self.drafting = Drafting(self, composer, self.stash, self.editing)
        self.following = Following(self, lambda: self.transcript.action_follow())
        self.queueing = Queueing(self, composer, self.status, self.follow)
        self.models = ModelChoice(self, self.queueing, self._show_model, self.follow)
        self._showing: Showing = Showing(
            self, self.status, self.panes, lambda: self.transcript, lambda: program.outside, answer_key=answer
        )
        self._changing_gateway = ChangingGateway(self, self.show_facts)
        self.saving = SavingAgain(self, self.show_facts)
        self.titling = Titling(self, self._showing.show_spending, self.noting.notes.keep)
        self.tending = TendingStore(self)
        unsent = Unsent(self, composer, self.drafting, self.queueing, self.editing)
        self._results = Results(self, composer, self.panes, self._showing, self._go_on)
        self._out_of_sight: OutOfSight = OutOfSight(
            self,
            self.status,
            self.drafting,
            self._showing,
            key_to=lambda id_: first_label(BY_ID[id_], self.own_keys, leader_in(COMMANDS)),
        )
        watching = Watching(self, self._showing, unsent, self._results, self.drafting, self.sizing)
        watch = Watch(watching.apply, composer.give_back, watching.rested)
        self._switching: Switching = Switching(self, self._showing, self._out_of_sight, self._results, watch)

    def compose(self) -> ComposeResult:
        """Yield few widgets: each one costs milliseconds before the first frame."""
        with Container(id="main"):
            yield self.side
        yield self.frame
        yield self.status

    def on_mount(self) -> None:
        """Give the composer the focus before anything is loaded."""
        self.status.show(model=self.program.loaded.settings.model)
        self.composer.asks_first = self._take_key
        self.composer.use_keys(self.own_keys)
        self.watch(self.status, "status", self.frame.draw_keys, init=False)
        self.watch(self.side, "pane", self.frame.draw_keys, init=False)
        self.composer.focus()

    def _take_key(self, key: str) -> bool:
        """Offer a key of the composer to what is open at it."""
        parts = (self.completing, self.queueing, self.beginning, self.attaching)
        return any(part.take_key(key) for part in parts)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the composer's frame to the rows that there are."""
        self.frame.fit(event.size.height)

    # For commands and parts

    @property
    def writing(self) -> "ChatScreen":
        """The parts for unsent text."""
        return self

    @property
    def transcript(self) -> "TranscriptView":
        """The message log; only there after `mount_transcript`."""
        return self._log.view

    async def mount_transcript(self) -> None:
        """Put the transcript into its place, which is empty in the first frame."""
        await self._log.mount(self._mount_on_page)
        self.watch(self.transcript, "rows_missed", self.frame.show_missed, init=False)

    def _mount_on_page(self, widget: "Widget") -> Awaitable[None]:
        return self.query_one("#main").mount(widget, before=self.side)

    @property
    def lower_rows(self) -> int:
        """Rows of the composer and the status line, which no dialog covers."""
        return self.size.height - self.query_one("#main").outer_size.height

    @property
    def lower_width(self) -> int:
        """Cells of the composer and the status line."""
        return self.frame.outer_size.width

    def mount_above(self, line: "Widget") -> Awaitable[None]:
        """Mount a line right above the composer, in its frame."""
        return self.frame.mount(line, before=self.composer)

    def note(self, words: str, *, severity: "SeverityLevel" = "information", timeout: float | None = None) -> None:
        """Say something on the composer's edge. Its words are never parsed as markup."""
        self.noting.say(words, severity, timeout)

    def tell(self, failure: Failure) -> None:
        """Show a failure, and what to do about it."""
        self.noting.tell(failure)

    def execute(self, command: "Command", arguments: str = "") -> None:
        """Run a command."""
        self.dispatch.execute(command, arguments)

    def show_facts(self) -> None:
        """Show title, model, figures and what is at work out of sight as they are now."""
        self._showing.show_facts()
        self._out_of_sight.show_count()
        self.sizing.follow()

    def look_up(self) -> None:
        """Show what another program may have done to the conversation."""
        if self.conversation.is_open:
            self.run_worker(self._showing.look_up(), group="archive")

    def on_text_selected(self) -> None:
        """Copy the mouse's selection at once, where the settings say so."""
        if self.program.loaded.settings.copy_on_select:
            self.copying.copy_mouse_selection()

    # The conversation

    @property
    def conversation(self) -> OpenConversation:
        """The conversation that is shown."""
        return self.opened.shown.conversation

    async def open(self, session: "Session") -> None:
        """Show a conversation, new, resumed or open already; the one before goes on out of sight."""
        await self._switching.open(session)

    async def show_path(self) -> None:
        """Show the path as it is now: it was turned to another branch, or messages are marked otherwise."""
        self._showing.turn_to_path()
        if self.conversation.session.path:
            self.beginning.follow()
        else:
            self.run_worker(self.beginning.show(), group="pane")

    async def connect(self, services: "Services", found: str = "") -> None:
        """Go on through another gateway, and say what was found there."""
        await self._changing_gateway.connect(services, found)

    async def settle(self) -> None:
        """Stop all that runs and wait until it is saved; what waits goes back to its draft, and none of it is sent."""
        self.queueing.give_back()
        await self.following.settle()
        await self.opened.end_side_runs()
        self.queueing.give_back()

    def follow(self) -> None:
        """Show the queue, and follow the turn that is due; without a model to ask, look for one."""
        self.beginning.follow()
        self.queueing.show()
        self.editing.show()
        self.drafting.changed()
        self.sizing.follow()
        if self.conversation.lacks_model and len(self.conversation.outbox):
            self.models.find()
        self.following.go(self.opened.shown)

    def _go_on(self, conversation: OpenConversation) -> None:
        """Follow the turn of a conversation that goes on since a call was answered; it may be out of sight by now."""
        if conversation is self.conversation:
            self.follow()
        elif (followed := self.opened.find(conversation.session.conversation.id)) is not None:
            self.following.go(followed)
            self._out_of_sight.show_count()

    def _show_model(self, model: str) -> None:
        self.show_facts()
        self.panes.show_model(model)
        self.dispatch.run_pending()

    # Events of the conversation

    def on_worker_state_changed(self, event: "Worker.StateChanged") -> None:
        """Go on with the conversation after a turn that broke."""
        followed = self.following.followed_by(event.worker)
        if followed is not None and event.state is WorkerState.ERROR:
            followed.broke()

    async def on_model_pane_chosen(self, event: "ModelPane.Chosen") -> None:
        """Switch to the model that was chosen in the pane."""
        await self.panes.close()
        self.dispatch.run(self.models.switch(event.model_id), "model")

    def on_model_pane_refresh_requested(self) -> None:
        """Refresh the catalogue."""
        self.run_worker(self.panes.read_catalog(refresh=True), group="pane")

    async def on_tool_inspector_answered(self, event: "ToolInspector.Answered") -> None:
        """Hand in the result that was typed for a call."""
        await self._results.give(event.call_id, event.content, is_error=event.is_error)

    def on_tool_inspector_decided(self, event: "ToolInspector.Decided") -> None:
        """Carry out what was decided about a call."""
        self.dispatch.run(self._results.decide(event.key, event.decision, event.planned), "decide")

    def on_tool_inspector_taken(self, event: "ToolInspector.Taken") -> None:
        """Copy or save what a view of a call shows."""
        from tui_chat.ui.commands.actions import parts  # the first frame does without

        self.dispatch.run(parts.take_of_call(self, event.text, event.name, event.what, saves=event.saves), "part")

    def on_transcript_view_part_chosen(self, event: "PartChosen") -> None:
        """Open or save a part of an answer; a link that was clicked is one, too."""
        from tui_chat.ui.commands.actions import parts  # the first frame does without

        self.dispatch.run(parts.take(self, event.part, saves=event.saves), "part")

    def on_transcript_view_copy_requested(self, event: "TranscriptView.CopyRequested") -> None:
        """Copy a part of the transcript."""
        self.copying.copy(event.text, event.what)

    def on_transcript_view_find_progressed(self, event: "TranscriptView.FindProgressed") -> None:
        """Show the progress of a search."""
        self.finding.show(event)

    def on_pane_keys_asked(self) -> None:
        """Show all keys."""
        self.execute(BY_ID["keys"])

    async def on_pane_closed(self) -> None:
        """Close the pane that was left."""
        await self.panes.close()

    @on(Composer.Submitted)
    def _submitted(self, event: Composer.Submitted) -> None:
        self.dispatch.submit(event.text)

    def on_queue_line_asked(self, event: "QueueLine.Asked") -> None:
        """Do an action on a queued message."""
        self.queueing.do(event.wish, event.index)

    def action_command(self, id_: str) -> None:
        """Run the command of a key, or one chosen in the palette."""
        self.execute(BY_ID[id_])

    # Completion

    @on(TextArea.Changed)
    def _draft_changed(self, event: TextArea.Changed) -> None:
        if event.text_area is self.composer:
            self.beginning.follow()
            self.completing.follow()
            self.attaching.follow()
            self.drafting.changed()
            self.sizing.follow()
            self.hinting.follow()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Update the completion list: the cursor may have left its word."""
        if event.text_area is self.composer and self.completing.is_open:
            self.completing.follow()

    @on(Composer.Pasted)
    def _pasted(self, event: Composer.Pasted) -> None:
        self.attaching.pasted(event.text)  # a picture that is dropped on the terminal arrives as its path

    @on(Composer.PasteOpened)
    def _paste_opened(self, event: Composer.PasteOpened) -> None:
        self.app.push_screen(dialogs.paste(event.text))

    def on_unmount(self) -> None:
        """Stop looking for files."""
        self.completing.stop()

    def on_completion_popup_toggled(self) -> None:
        """Show whose keys count now."""
        self.frame.draw_keys()

    def on_pick_list_picked(self, event: "PickList.Picked") -> None:
        """Take the line of the completion list that was clicked; panes handle their own lists."""
        event.stop()
        self.completing.take_key("enter")

    def action_complete(self) -> None:
        """Take the marked candidate on Tab; without a completion list, go to the next part of the screen."""
        if not self.completing.take_key("tab"):
            self.focus_next()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Close the completion list, which belongs to the composer."""
        if event.widget is not self.composer:
            self.completing.close()
