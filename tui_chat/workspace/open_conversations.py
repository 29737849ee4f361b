"""The open conversations of a run: the one that is shown, those that go on out of sight, and the one before.

No conversation is open twice: whoever asks for one that is open gets the same session. One that nothing would be lost
of is let go of when it is left, and read from the store again when it is wanted, to go on through the gateway that it
went through.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.core.errors import StoreError
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent
from tui_chat.workspace.followed import Followed, Rested, Standing, Watch
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # nothing before a screen's first frame needs them
    from tui_chat.chat.ports import Completer
    from tui_chat.chat.services import Services
    from tui_chat.chat.session import Session
    from tui_chat.workspace.gateways_of_run import GatewaysOfRun


UNHEARD: Final = Watch(lambda _: None, lambda _: None, lambda: None)
"""What is watched by nobody, and told to nobody."""


class Left(msgspec.Struct, frozen=True):
    """The conversation that was shown before."""

    id: str
    empty: OpenConversation | None
    """It, where it was left before anything was in it."""


class AtWork(msgspec.Struct, frozen=True):
    """An open conversation, as a list shows it."""

    id: str
    title: str
    model: str
    standing: Standing
    words: str
    """How it stands: `writing 12 s`, `waits for you`, `done, unread`, `failed`."""
    messages: int


def work_words(at_work: int, asking: int) -> tuple[str, ...]:
    """`2 at work`, `1 waits for you`: of the conversations out of sight, those that there are."""
    works = f"{at_work} at work" if at_work else ""
    asks = f"{asking} {'waits' if asking == 1 else 'wait'} for you" if asking else ""
    return tuple(words for words in (works, asks) if words)


class OpenConversations:
    """All conversations that are open."""

    def __init__(
        self,
        tell: Callable[[Followed, ConversationEvent | Rested], None],
        *,
        visible: Callable[[str], str] = str,
        is_temporary: bool = False,
    ) -> None:
        """`tell` is told what happens in one that nobody watches. `visible` and `is_temporary` are as for
        `OpenConversation`, of which the first is there at once, without a session."""
        self._tell = tell
        self._visible = visible
        self._shown = Followed(OpenConversation(visible=visible, is_temporary=is_temporary), tell)
        self._others: list[Followed] = []
        self._before: Left | None = None
        self._gateways: GatewaysOfRun | None = None
        self._parted: list[Completer] = []
        """Connections that a conversation went on without, and that others may still use."""

    @property
    def shown(self) -> Followed:
        """The conversation that is shown."""
        return self._shown

    @property
    def others(self) -> tuple[Followed, ...]:
        """Those out of sight, the one that was left last first."""
        return tuple(self._others)

    @property
    def all(self) -> tuple[Followed, ...]:
        """All of them, the one that is shown first."""
        return (self._shown, *self._others)

    @property
    def at_work(self) -> int:
        """How many answers are on their way, or calls taken again, out of sight."""
        return sum(each.standing is Standing.BUSY for each in self._others)

    @property
    def asking(self) -> int:
        """How many conversations out of sight wait for the person."""
        return sum(each.standing is Standing.ASKS for each in self._others)

    @property
    def running(self) -> tuple[Followed, ...]:
        """Those whose answer is on its way, or in which a call is taken again; the one that is shown first."""
        return tuple(each for each in self.all if each.standing is Standing.BUSY)

    def rows(self) -> tuple[AtWork, ...]:
        """Those that work, wait for the person, ended unread or exist only here, the one that is shown last."""
        listed = (each for each in (*self._others, self._shown) if each.conversation.is_open)
        return tuple(
            AtWork(
                each.id,
                each.title,
                each.conversation.session.conversation.model,
                each.standing,
                each.words,
                len(each.conversation.session.path),
            )
            for each in listed
            if each.standing is not Standing.IDLE or (each is not self._shown and each.exists_only_here)
        )

    # Finding

    def find(self, id_: str) -> Followed | None:
        """The open conversation with this id; None where it is not open, or nothing is in it."""
        return next((each for each in self.all if each.id == id_ and not each.is_empty), None)

    def is_before(self, followed: Followed) -> bool:
        """It is the one that `before` goes back to."""
        return self._before is not None and self._before.id == followed.id

    async def resume(self, id_prefix: str, *, is_temporary: bool = False) -> "Session":
        """The session of the conversation with this id, or this beginning of one: of the open one, with what another
        program has added to it, else from the store.

        Raises:
            StoreError: there is no such conversation, or more than one.
        """
        from tui_chat.chat.session import Session

        if (found := self.find(id_prefix)) is not None:
            return await _as_it_is(found.conversation)
        try:
            services = await self.gateways.through(id_prefix)
            session = await Session.resume(services, id_prefix, is_temporary=is_temporary)
        except StoreError:
            fitting = [each for each in self.all if each.id.startswith(id_prefix) and not each.is_empty]
            if len(fitting) != 1:
                raise
            return fitting[0].conversation.session  # it is on no disk
        found = self.find(session.conversation.id)
        return session if found is None else await _as_it_is(found.conversation)

    async def before(self, *, is_temporary: bool = False) -> "Session":
        """The session of the conversation that was shown before this one.

        Raises:
            CommandRefused: there was none.
            StoreError: it is not there any more.
        """
        from tui_chat.workspace.verbs import new_session

        if self._before is None:
            raise CommandRefused("There is no conversation to go back to yet.")
        if self._before.empty is not None:
            return new_session(self._before.empty, is_temporary=self._shown.conversation.is_temporary)
        return await self.resume(self._before.id, is_temporary=is_temporary)

    # Going from one to another

    def show(self, session: "Session") -> Followed:
        """Show the conversation of a session, which is opened unless it is open; the one before goes on out of
        sight."""
        left, found = self._shown, self.find(session.conversation.id)
        if found is left or left.conversation.session is session:
            return left
        left.unwatch()
        self._before = Left(left.id, left.conversation if left.is_empty else None)
        if found is None:
            recent = self.gateways.recent_at(session.services)
            conversation = OpenConversation(session, recent=recent, visible=self._visible)
            found = Followed(conversation, self._tell)
        else:
            self._others.remove(found)
        self._others.insert(0, left)
        self._shown = found
        return found

    async def let_go(self, followed: Followed) -> None:
        """Let go of a conversation out of sight, and of its connections where no other uses them."""
        self._others.remove(followed)
        self.gateways.left(followed.id, followed.conversation.services)
        self._part(followed.conversation.services.completer)
        await self._close_unused()

    async def drop(self, id_: str) -> None:
        """Stop a conversation out of sight that was deleted, and let go of it once what had arrived is saved. Nobody is
        told; what waited in its queue goes with it."""
        followed = self.find(id_)
        if followed is None or followed is self._shown:
            return
        followed.watch(UNHEARD)
        followed.conversation.outbox.take_all()
        followed.conversation.stop()
        await followed.conversation.rest()
        await followed.conversation.session.side_runs.end()
        await self.let_go(followed)
        if self._before is not None and self._before.id == id_:
            self._before = None

    def ran_beside(self, conversation: OpenConversation) -> None:
        """Take note that a call that was taken again in a conversation has its result."""
        for each in self.all:
            if each.conversation is conversation:
                each.ran_beside()

    async def end_side_runs(self) -> None:
        """End the calls that are taken again, with all that they have started."""
        for each in self.all:
            if each.conversation.is_open:
                await each.conversation.session.side_runs.end()

    # The gateways

    @property
    def gateways(self) -> "GatewaysOfRun":
        """What the conversations go through. Only once the first one is open."""
        if self._gateways is None:
            from tui_chat.workspace.gateways_of_run import GatewaysOfRun  # the first frame does without

            first = self._shown.conversation
            self._gateways = GatewaysOfRun(first.services, first.recent)
        return self._gateways

    async def connect(self, services: "Services") -> None:
        """Let the conversation that is shown go on through another gateway; the others keep theirs."""
        recent = self.gateways.recent_at(services)
        self.gateways.connected(services)
        self._part(self._shown.conversation.services.completer)
        await self._shown.conversation.use(services, recent=recent, closes_before=False)
        await self._close_unused()

    def _part(self, completer: "Completer") -> None:
        if completer not in self._parted:
            self._parted.append(completer)

    async def _close_unused(self) -> None:
        used = [each.conversation.services.completer for each in self.all if each.conversation.is_open]
        unused = [completer for completer in self._parted if completer not in used]
        self._parted = [completer for completer in self._parted if completer in used]
        for completer in unused:
            await completer.close()

    async def close(self) -> None:
        """Finish what is being saved, and let go of the file and of every connection."""
        shown = self._shown.conversation.services
        for each in self._others:
            self._part(each.conversation.services.completer)
        for completer in self._parted:
            if completer is not shown.completer:
                await completer.close()
        await shown.close()


async def _as_it_is(conversation: OpenConversation) -> "Session":
    from tui_chat.workspace.added_elsewhere import take_added  # the first frame does without

    with suppress(StoreError):  # what is here can be shown all the same
        await take_added(conversation)
    return conversation.session
