"""The conversation as it is held in memory: each change is in force at once, and written through the store."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from msgspec.structs import replace

from tui_chat.chat.ports import Store
from tui_chat.chat.recorder import Journal, Recorder
from tui_chat.chat.services import Services
from tui_chat.core.errors import StoreError
from tui_chat.core.filed import Filed
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.merging import changed_conversation
from tui_chat.core.parts import Message, ToolCall
from tui_chat.core.tool_switch import merged
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
        self._marked = 0
        """How often messages were marked here."""
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

    def see_title(self, title: str) -> None:
        """Take the title that stands in the store, unless another is on its way there."""
        if not self._recorder.has_change:
            self.conversation = replace(self.conversation, title=title)
            self._recorder.saw(title=title)

    def see_filed(self, filed: Filed) -> None:
        """Take where it stands among the others."""
        self._recorder.filed = filed

    async def see_limits(self) -> None:
        """Take the limits that another program has set since: the tools that are off, of each the later word, and the
        budget, unless it was changed here."""
        if self.is_temporary or self._recorder.saved is None:
            return
        there = None
        with suppress(StoreError):  # whoever saves next is told what is wrong with the file
            there = await self._services().store.conversation(self.conversation.id)
        now, before = self.conversation, self._recorder.saved
        if there is None or before is None:
            return
        switches = merged(there.tool_switches, now.tool_switches)
        budget = changed_conversation(there, before, now).budget_usd
        self.conversation = replace(now, tool_switches=switches, budget_usd=budget)
        self._recorder.saw(budget_usd=there.budget_usd)

    async def see_marks(self) -> bool:
        """Take the marks that another program has given since, but for messages whose marks are not saved yet; whether
        there were any.

        Raises:
            StoreError: they cannot be read.
        """
        if self.is_temporary or self._recorder.saved is None:
            return False
        marked = self._marked
        there = await self._services().store.marks(self.conversation.id)
        if marked != self._marked:
            return False  # what was marked here meanwhile may not be among them
        known = [node for node in self.tree.nodes() if node.id in there and not self._recorder.owes(node.id)]
        others = [replace(node, marks=there[node.id]) for node in known if node.marks != there[node.id]]
        for node in others:
            self.tree.put(node)
        return bool(others)

    def see_added(self, head_id: str | None, nodes: Sequence[Node]) -> None:
        """Take the messages among these that are not here; the path goes on to this head where they alone lead there
        from its end."""
        new = [node for node in nodes if self.tree.get(node.id) is None]
        for node in new:
            self.tree.put(node)
        added = {node.id for node in new}
        line = reversed(self.tree.line(head_id))
        before = next((node.id for node in line if node.id not in added), None)
        if head_id in added and before == self.conversation.head_id:
            self.conversation = replace(self.conversation, head_id=head_id)
            self._recorder.saw(head_id=head_id)

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

    def was_loaded(self, saved: Conversation) -> None:
        """It is in the store, and was so as it was read: where it is not any more, somebody has deleted it."""
        self._recorder.saved = saved

    def change(self, conversation: Conversation, *, brings_back: bool = True) -> Awaitable[None]:
        """In force at once, so that what is asked right behind it is asked with it; saved by awaiting. Unless it
        `brings_back` what another program has deleted meanwhile, nothing is saved there."""
        self.conversation = conversation
        return self._save_change(brings_back=brings_back)

    async def _save_change(self, *, brings_back: bool) -> None:
        if len(self.tree) and not self.is_temporary:
            await self._recorder.save(self.conversation, brings_back=brings_back)

    async def save(self, *nodes: Node) -> None:
        """Write the conversation and these; a failure is said by the next turn, where nobody has said it yet."""
        if not self.is_temporary:
            await self._recorder.save(self.conversation, *nodes)

    def mark(self, node: Node, marks: Marks) -> Awaitable[Node]:
        """Give a message these marks; in force at once, written by awaiting."""
        self._marked += 1
        self.tree.put(marked := replace(node, marks=marks))
        return self._save_marks(marked, node.marks)

    async def _save_marks(self, node: Node, before: Marks) -> Node:
        if not self.is_temporary:
            await self._recorder.save_marks(self.conversation, node, before)
        return node

    async def save_node(self, node: Node) -> Node:
        """Write the conversation and this node, and return it."""
        await self.save(node)
        return node

    def journal(self, node_id: str) -> Journal:
        """What keeps the events of an answer while they come."""

        async def bring_back() -> None:
            if (node := self.tree.get(node_id)) is not None:
                await self.save(node)

        store: Store | None = None if self.is_temporary else self._services().store
        return Journal(store, self.conversation.id, node_id, bring_back)
