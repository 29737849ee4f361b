"""The conversation as it is held in memory: each change is in force at once, and written through the store."""

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from tui_chat.chat.ports import Store
from tui_chat.chat.recorder import Journal, Recorder
from tui_chat.chat.services import Services
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.parts import Message, ToolCall
from tui_chat.core.tree import Conversation, Node, Tree, pending_calls, title_from


class HeldConversation:
    """What belongs to it as a whole, its tree, and its path."""

    def __init__(
        self, services: Callable[[], Services], conversation: Conversation, tree: Tree, *, is_temporary: bool
    ) -> None:
        """`is_temporary`: nothing of it is written."""
        self.conversation = conversation
        self.tree = tree
        self.is_temporary = is_temporary
        self._services = services
        now = services()
        self._recorder = Recorder(now.store, now.unsaved, lambda: (self.conversation, self.tree.nodes()))

    @property
    def path(self) -> tuple[Node, ...]:
        """The branch that is being read, from the first message to the head."""
        return self.tree.path(self.conversation.head_id)

    @property
    def pending_calls(self) -> tuple[ToolCall, ...]:
        """Calls at the end of the path that still want a result, in their order."""
        return pending_calls(self.path)

    @property
    def is_owing(self) -> bool:
        """Something of it could not be saved so far."""
        return self._recorder in self._services().unsaved.owing

    def owes(self, node_id: str) -> bool:
        """A node is not on disk: writing it failed so far, or nothing of the conversation is written."""
        return self.is_temporary or self._recorder.owes(node_id)

    def new_node(self, parent_id: str | None, message: Message, marks: Marks = UNMARKED) -> Node:
        """A node of now, which is not in the tree yet."""
        services = self._services()
        return Node(services.new_id(), parent_id, services.clock.now(), message, marks=marks)

    def put_at_head(self, node: Node) -> None:
        """Make a node the end of the path, and let an untitled conversation take its title from there."""
        self.tree.put(node)
        self.conversation = replace(self.conversation, head_id=node.id)
        if not self.conversation.title:
            self.conversation = replace(self.conversation, title=title_from(self.path))

    def change(self, conversation: Conversation) -> Awaitable[None]:
        """In force at once, so that what is asked right behind it is asked with it; saved by awaiting."""
        self.conversation = conversation
        return self._save_change()

    async def _save_change(self) -> None:
        if len(self.tree):
            await self.save()

    async def save(self, *nodes: Node) -> None:
        """Write the conversation and these; a failure is said by the next turn, where nobody has said it yet."""
        if not self.is_temporary:
            await self._recorder.save(self.conversation, *nodes)

    async def save_node(self, node: Node) -> Node:
        """Write the conversation and this node, and return it."""
        await self.save(node)
        return node

    def journal(self, node_id: str) -> Journal:
        """What keeps the events of an answer while they come."""
        store: Store | None = None if self.is_temporary else self._services().store
        return Journal(store, self.conversation.id, node_id)
