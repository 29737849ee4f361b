"""One conversation being held: its tree, its path, and the turns that make it grow.

A session owns the conversation and nobody else writes to it. Its turns are asynchronous generators of `SessionEvent`:
awaiting is the back-pressure, closing is the cancellation.
"""

from collections.abc import AsyncGenerator

from tui_chat.chat.services import Services
from tui_chat.chat.session_events import Phase, SessionEvent, ToolFinished
from tui_chat.core.parts import Message, ToolCall
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.core.usage import Spending


class Session:
    """A conversation, new or resumed."""

    def __init__(self, services: Services, conversation: Conversation, tree: Tree, *, is_temporary: bool) -> None: ...

    @classmethod
    def new(cls, services: Services, *, model: str = "", system: str = "", is_temporary: bool = False) -> "Session":
        """An empty conversation. Nothing is written before the first question; nothing at all where temporary."""
        ...

    @classmethod
    async def resume(cls, services: Services, id_prefix: str) -> "Session":
        """A saved conversation as it was left.

        Raises:
            StoreError: there is no such conversation, or more than one.
        """
        ...

    @property
    def conversation(self) -> Conversation: ...
    @property
    def tree(self) -> Tree: ...
    @property
    def path(self) -> tuple[Node, ...]: ...
    @property
    def phase(self) -> Phase: ...
    @property
    def is_busy(self) -> bool:
        """A turn is running."""
        ...

    @property
    def is_temporary(self) -> bool: ...
    @property
    def spending(self) -> Spending:
        """All answers of the conversation, those on other branches too."""
        ...

    @property
    def pending_calls(self) -> tuple[ToolCall, ...]:
        """Calls at the end of the path that still want a result, in their order."""
        ...

    def send(self, message: Message) -> AsyncGenerator[SessionEvent, None]:
        """Ask: add the message after the path, save it, and run a turn. Calls that still waited are left open."""
        ...

    def go_on(self) -> AsyncGenerator[SessionEvent, None]:
        """Run a turn on the path as it stands: after tool results, or after a question whose answer never came."""
        ...

    def retry(self, model: str = "") -> AsyncGenerator[SessionEvent, None]:
        """Answer the last question once more, beside the answer that is there; with `model`, by another model."""
        ...

    def edit(self, node_id: str, message: Message) -> AsyncGenerator[SessionEvent, None]:
        """Ask another question in the place of one that was asked; the old branch stays."""
        ...

    def stop(self) -> None:
        """End the running turn at once: its generator still yields what arrived and a TurnEnded (CANCELLED)."""
        ...

    async def answer_call(self, call_id: str, content: str, *, is_error: bool = False) -> ToolFinished:
        """Give a pending call its result. The turn goes on with `go_on()` once nothing is pending.

        Raises:
            KeyError: no pending call has this id.
        """
        ...

    async def set_model(self, model: str) -> None:
        """The next question goes to this model; what was answered keeps its own."""
        ...

    async def set_system(self, text: str) -> None: ...
    async def rename(self, title: str) -> None: ...
    async def show(self, node_id: str) -> None:
        """Make the newest line through this node the path (another variant, another branch)."""
        ...

    async def fork(self, node_id: str) -> "Session":
        """A new conversation with a copy of the path up to this node."""
        ...

    async def keep(self) -> None:
        """Turn a temporary conversation into a saved one."""
        ...

    def use(self, services: Services) -> None:
        """Go on through other services (another gateway) from the next turn."""
        ...
