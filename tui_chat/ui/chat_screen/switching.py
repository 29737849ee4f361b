"""Goes from one open conversation to another. Nothing is stopped: the one that is left goes on out of sight."""

from asyncio import Lock
from typing import TYPE_CHECKING, Protocol

from tui_chat.ui.chat_screen.beginning import Beginning
from tui_chat.ui.chat_screen.drafting import Drafting
from tui_chat.ui.chat_screen.editing import Editing
from tui_chat.ui.chat_screen.model_choice import ModelChoice
from tui_chat.ui.chat_screen.out_of_sight import OpenHost, OutOfSight
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.ui.chat_screen.queueing import Queueing
from tui_chat.ui.chat_screen.results import Results
from tui_chat.ui.chat_screen.saving_again import SavingAgain
from tui_chat.ui.chat_screen.showing import Showing
from tui_chat.ui.chat_screen.tending_store import TendingStore
from tui_chat.ui.chat_screen.titling import Titling
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.followed import Followed, Standing, Watch

if TYPE_CHECKING:
    from tui_chat.chat.session import Session
    from tui_chat.ui.transcript.view import TranscriptView


class Dispatching(Protocol):
    """What sends what waited."""

    def run_pending(self) -> None: ...


class SwitchingHost(OpenHost, Protocol):
    """The screen with the parts that show a conversation."""

    @property
    def composer(self) -> Composer: ...
    @property
    def dispatch(self) -> Dispatching: ...
    @property
    def panes(self) -> Panes: ...
    @property
    def beginning(self) -> Beginning: ...
    @property
    def editing(self) -> Editing: ...
    @property
    def drafting(self) -> Drafting: ...
    @property
    def queueing(self) -> Queueing: ...
    @property
    def models(self) -> ModelChoice: ...
    @property
    def saving(self) -> SavingAgain: ...
    @property
    def titling(self) -> Titling: ...
    @property
    def transcript(self) -> "TranscriptView": ...
    @property
    def tending(self) -> TendingStore: ...
    def follow(self) -> None: ...
    def look_up(self) -> None: ...


class Switching:
    """The conversation that a chat screen shows."""

    def __init__(
        self, host: SwitchingHost, showing: Showing, out_of_sight: OutOfSight, results: Results, watch: Watch
    ) -> None:
        """`watch` shows the events of the conversation in sight."""
        self._host = host
        self._showing = showing
        self._out_of_sight = out_of_sight
        self._results = results
        self._watch = watch
        self._one_at_a_time = Lock()
        """Opening a conversation takes a while, and two presses of a key may be read in one go."""

    async def open(self, session: "Session") -> None:
        """Show the conversation of a session, a new one, a resumed one or one that is open."""
        async with self._one_at_a_time:
            host = self._host
            if not host.conversation.is_open:
                host.conversation.open(session)
                host.saving.begin(host.conversation.services.unsaved)
                host.titling.begin(host.conversation.services.titles)
                host.tending.begin()
                await self._show(host.opened.shown, is_new=True)
                return
            left, found = host.opened.shown, host.opened.find(session.conversation.id)
            if left is found or left.conversation.session is session:
                if not self._showing.is_current:
                    self._showing.show_path(left.so_far())
                    self._showing.show_facts()
                    self._follow_elsewhere()
                host.composer.focus()
                return
            if left.is_opening:
                host.queueing.give_back()  # nobody looks for a model out of sight
            host.drafting.leave(left)
            await self._show(host.opened.show(session), is_new=found is None)
            await self._let_go()

    def _follow_elsewhere(self) -> None:
        from tui_chat.ui.chat_screen.following_elsewhere import FollowingElsewhere  # the first frame does without

        FollowingElsewhere(self._host, self._showing, lambda: self._host.transcript).begin()

    async def _show(self, shown: Followed, *, is_new: bool) -> None:
        host, showing = self._host, self._showing
        if not is_new:
            await host.drafting.enter(shown)  # waits for nothing: no event is missed between this and `watch`
        host.editing.show()
        host.queueing.show()
        showing.show_path(shown.so_far())
        showing.show_facts()
        self._out_of_sight.show_count()
        if shown.conversation.is_answering:
            showing.catch_up(shown.progress())
        else:
            showing.show_phase()
        shown.watch(self._watch)
        self._follow_elsewhere()
        await host.panes.new_conversation()
        await host.beginning.show()
        host.composer.focus()
        if is_new:
            await host.drafting.enter(shown)
        if shown.standing is Standing.ASKS:
            await self._results.ask()
        if shown.conversation.lacks_model:
            host.models.find()
        else:
            host.run_worker(host.panes.read_catalog(refresh=False), group="catalog")
        host.look_up()
        showing.say_notices()
        if is_new:
            host.dispatch.run_pending()
        else:
            host.follow()

    async def _let_go(self) -> None:
        """Keep the drafts of what is out of sight, and let go of every conversation of which nothing would be lost."""
        opened, drafting = self._host.opened, self._host.drafting
        for each in opened.others:
            is_safe = await drafting.put_away(each)
            if is_safe and each.is_free:
                drafting.let_go(each)
                await opened.let_go(each)
