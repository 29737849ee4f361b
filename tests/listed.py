"""A store that lists given rows, however many, and holds no message; and lists over it."""

from collections.abc import Iterable

from msgspec.structs import replace

from tests.fakes import make_services
from tests.memory_store import MemoryStore
from tui_chat.chat.ports import ConversationSummary
from tui_chat.chat.session import Session
from tui_chat.core.search_query import ALL, Filters, Shelf
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.conversation_list import ConversationList
from tui_chat.workspace.conversations import Conversations


class RowStore(MemoryStore):
    """Rows as they were given, and as they were changed since."""

    def __init__(self, rows: Iterable[ConversationSummary] = ()) -> None:
        super().__init__()
        self._shown = {row.id: row for row in rows}
        self._gone: dict[str, ConversationSummary] = {}
        self.read: list[int] = []
        """How many rows each call of `list` returned."""

    def change(self, row: ConversationSummary) -> None:
        """Another program writes this row."""
        self._changes += 1
        self._shown[row.id] = row

    async def list(self, limit: int | None = None, filters: Filters = ALL) -> tuple[ConversationSummary, ...]:
        rows = sorted(self._shown.values(), key=lambda row: -row.updated_at)
        until = filters.until
        meant = [row for row in rows if row.is_archived is (filters.shelf is Shelf.ARCHIVED)]
        meant = [row for row in meant if until is None or row.updated_at < until]
        self.read.append(len(meant[:limit]))
        return tuple(meant[:limit])

    async def summary(self, conversation_id: str) -> ConversationSummary | None:
        return self._shown.get(conversation_id)

    async def rename(self, conversation_id: str, title: str) -> None:
        self.change(replace(self._shown[conversation_id], title=title))

    async def set_archived(self, conversation_id: str, archived: bool) -> None:
        self.change(replace(self._shown[conversation_id], is_archived=archived))

    async def set_labels(self, conversation_id: str, labels: Iterable[str]) -> None:
        self.change(replace(self._shown[conversation_id], labels=tuple(sorted(labels))))

    async def labels(self) -> tuple[str, ...]:
        return tuple(sorted({label for row in self._shown.values() for label in row.labels}))

    async def hide(self, conversation_id: str) -> None:
        self._changes += 1
        self._gone[conversation_id] = self._shown.pop(conversation_id)

    async def bring_back(self, conversation_id: str) -> None:
        self.change(self._gone.pop(conversation_id))


async def listed(store: RowStore) -> ConversationList:
    """The first page of a store."""
    made = ConversationList(store)
    await made.read_first()
    return made


def conversations(store: MemoryStore) -> Conversations:
    """All conversations of a store, a new one open."""
    opened = OpenConversation(Session.new(make_services(store=store)))
    return Conversations(lambda: opened)
