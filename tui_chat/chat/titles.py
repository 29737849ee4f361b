"""Titles that are asked for in the background: the one place that knows them, for all conversations of this run.

A conversation that was left may still get its title, so this belongs to the services. Nobody waits for a title, and
one that fails is missed by nobody: the first line of the question stays.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from tui_chat.chat.ledger import LedgerKind, sum_of
from tui_chat.core.errors import Failure

if TYPE_CHECKING:
    from tui_chat.chat.ports import Store
    from tui_chat.core.reply import Reply
    from tui_chat.core.usage import Spending

GRACE_S: Final = 0.05
"""Time in which a title that has come is taken, where the program ends."""


class GivenTitle(msgspec.Struct, frozen=True):
    """What became of a request for a title."""

    title: str = ""
    """One line; empty where none came."""
    reply: "Reply | None" = None
    """The answer that is billed; None where the gateway answered nothing."""
    failure: Failure | None = None
    """Why it failed, where that is known."""


class TitleAsking(Protocol):
    """A request for a title."""

    async def run(self) -> GivenTitle:
        """Ask, and return what came of it."""
        ...

    async def run_apart(self) -> GivenTitle:
        """The same over connections of its own, for an event loop of its own."""
        ...

    def stop(self) -> None:
        """End it at once, from any thread: it still returns what came."""
        ...


class Titled(Protocol):
    """A conversation that gets a title."""

    async def take_title(self, given: GivenTitle, *, may_look_up: bool) -> None:
        """Take it, and count what it cost; `may_look_up`: there is time to ask what that comes to."""
        ...


class _Awaited:
    """A title that is on its way."""

    def __init__(self, asking: TitleAsking, session: Titled) -> None:
        self.asking = asking
        self.session = session
        self.task: asyncio.Task[None] | None = None
        self.has_come = False


class Titles:
    """The titles that are on their way."""

    def __init__(self, model: str = "") -> None:
        """`model` is asked for them; empty asks nobody."""
        self.model = model
        self.failure: Failure | None = None
        """Why the last one did not come; None where it did."""
        self._awaited: dict[str, _Awaited] = {}
        self._is_ending = False
        self._asked: set[str] = set()
        """Ids of the conversations for which a title was asked."""
        self._run: Callable[[TitleAsking], Awaitable[GivenTitle]] = lambda asking: asking.run()
        self._taken: Callable[[], object] = lambda: None

    def when_taken(self, tell: Callable[[], object]) -> None:
        """Call this whenever a conversation has got its title, or none."""
        self._taken = tell

    def run_with(self, run: Callable[[TitleAsking], Awaitable[GivenTitle]]) -> None:
        """Let requests be made in this way, where the event loop stands still between turns."""
        self._run = run

    def ask(self, conversation_id: str, asking: TitleAsking, session: Titled) -> None:
        """Ask for the title of a conversation, behind everything else; once in a run."""
        if conversation_id not in self._asked:
            self._asked.add(conversation_id)
            awaited = self._awaited[conversation_id] = _Awaited(asking, session)
            coming = self._run(asking)  # now, even if this loop stands still from here on
            awaited.task = asyncio.create_task(self._follow(conversation_id, awaited, coming), name="title")
            awaited.task.add_done_callback(_miss)

    def goes_on(self, conversation_id: str, session: Titled) -> None:
        """Give the title, if it is on its way, to another object for the same conversation."""
        if conversation_id in self._awaited:
            self._awaited[conversation_id].session = session

    async def settled(self, within_s: float | None = None) -> None:
        """Wait until nothing is on its way any more, for so long at most."""
        if tasks := [each.task for each in self._awaited.values() if each.task is not None]:
            await asyncio.wait(tasks, timeout=within_s)

    async def catch_up(self) -> None:
        """Take the titles that came while the event loop stood still."""
        if self._awaited:
            for _ in range(2):  # the loop is told, and then the task
                await asyncio.sleep(0)
            if tasks := [each.task for each in self._awaited.values() if each.task is not None and each.has_come]:
                await asyncio.wait(tasks)

    async def stop(self) -> None:
        """End what is on its way, and count it; what has come is taken."""
        self._is_ending = True
        await self.settled(GRACE_S)
        for each in self._awaited.values():
            each.asking.stop()
        await self.settled()

    async def _follow(self, conversation_id: str, awaited: _Awaited, coming: Awaitable[GivenTitle]) -> None:
        try:
            given = await coming
            awaited.has_come = True
            self.failure = given.failure
            await awaited.session.take_title(given, may_look_up=not self._is_ending)
        finally:
            del self._awaited[conversation_id]
        self._taken()


def _miss(task: "asyncio.Task[None]") -> None:
    """Take note of what went wrong, so that nobody is told of it: a title is no reason to disturb."""
    if not task.cancelled():
        task.exception()


async def cost_of_titles(store: "Store", conversation_id: str) -> "Spending":
    """What the titles of a conversation cost.

    Raises:
        StoreError: it cannot be read.
    """
    return sum_of(await store.ledger_of(conversation_id, LedgerKind.TITLE))
