"""How large the next request is, and what the answer that is written has cost so far: counted at once where the path is
short, and on a thread where that would hold up a key. Until then what was shown before stands."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tui_chat.ui.chat_screen.host import Host
from tui_chat.workspace.context_fill import ContextFill
from tui_chat.workspace.live_cost import LiveCost
from tui_chat.workspace.next_request import NextRequest

if TYPE_CHECKING:
    from tui_chat.chat.session import Session
    from tui_chat.core.usage import Cost

AT_ONCE: Final = 500
"""Messages of a path that are counted between two frames."""
_GROUP: Final = "counting"


class Counting:
    """The figures of the conversation in sight."""

    def __init__(self, host: Host, show: Callable[[ContextFill], None]) -> None:
        """`show` is given what was counted on a thread."""
        self._host = host
        self._show = show
        self._next = NextRequest()
        self._live = LiveCost()

    def context(self) -> ContextFill:
        """What goes along with whatever is sent next, as far as it is counted."""
        session = self._host.conversation.session
        if len(session.path) <= AT_ONCE or self._next.is_counted(session):
            return self._next.fill(session)
        self._host.run_worker(self._count(session), name="context", group=_GROUP, exclusive=True)
        return self._next.last_fill(session)

    async def _count(self, session: "Session") -> None:
        counted = NextRequest()
        fill = await asyncio.to_thread(counted.fill, session)
        if self._host.conversation.session is session:
            self._next = counted
            self._show(fill)

    def cost(self, tokens: int) -> "Cost | None":
        """What the answer that is written has cost once so many tokens of it came; None where that is not known."""
        session = self._host.conversation.session
        if not self._live.is_measured(session):
            if len(session.path) > AT_ONCE:
                measured = asyncio.to_thread(self._live.measure, session)
                self._host.run_worker(measured, name="cost", group=f"{_GROUP} cost", exclusive=True)
                return None
            self._live.measure(session)
        return self._live.at(session, tokens)
