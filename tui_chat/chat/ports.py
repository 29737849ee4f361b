"""What the domain needs from the world, as small protocols.

The client and the store implement them; tests script them.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from tui_chat.chat.found import SearchResult
from tui_chat.chat.ledger import LedgerEntry, LedgerKind, ModelSum, Speed, Spent
from tui_chat.core.budget import Budget, Claim, Used
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.marks import Marks
from tui_chat.core.merging import Marked
from tui_chat.core.models import Catalog
from tui_chat.core.request import Request
from tui_chat.core.search_query import ALL, Filters, SearchQuery
from tui_chat.core.stream_events import StreamEvent
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Spending


class Completer(Protocol):
    """Asks a model."""

    def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Events as they come, the last one `Stopped`. Never raises for what the wire does; closing the generator
        closes the connection. Cancelled, it may give what was held back of the answer before it raises that."""
        ...

    async def close(self) -> None:
        """Let go of every connection that is kept for the next request."""
        ...


class CatalogSource(Protocol):
    """Knows the models."""

    def known(self) -> Catalog:
        """What is known without asking anybody; empty before the first `cached` or `read`."""
        ...

    async def cached(self) -> Catalog:
        """What is known or kept on disk, however old; empty where nothing is. Nobody is asked."""
        ...

    async def read(self, *, refresh: bool = False) -> Catalog:
        """The catalogue: fresh, or cached where that is recent enough (unless `refresh`) or all there is.

        Raises:
            GatewayError: it could not be asked and nothing is cached.
        """
        ...


class TimedEvent(msgspec.Struct, frozen=True, array_like=True):
    """A stream event and when it happened."""

    at_s: float
    """Seconds since the request was started."""
    event: StreamEvent


class ConversationSummary(msgspec.Struct, frozen=True):
    """A row of the history."""

    id: str
    title: str
    model: str
    created_at: float
    updated_at: float
    """Time of the last message."""
    messages: int
    spending: Spending = Spending()
    """What its answers and titles cost; of an answer that is being written that is unknown."""
    labels: tuple[str, ...] = ()
    is_archived: bool = False

    @property
    def filed(self) -> Filed:
        """Where it stands among the others."""
        return Filed(self.labels, self.is_archived)


class Preview(msgspec.Struct, frozen=True):
    """The last that was said on each side; empty where nothing was."""

    question: str = ""
    answer: str = ""


class Around(msgspec.Struct, frozen=True):
    """A message and its neighbours; empty where there is no such message."""

    nodes: tuple[Node, ...] = ()
    """The one before it, itself, and the newest one after it."""
    number: int = 0
    """Which message of its branch it is, the first is 1."""
    messages: int = 0
    """How many its conversation has."""


class BackedUp(msgspec.Struct, frozen=True):
    """A copy of everything that was saved."""

    path: Path
    conversations: int
    messages: int
    size: int
    """In bytes."""


class KeptCopy(msgspec.Struct, frozen=True):
    """A file of ours with conversations as they were, which no deletion changes."""

    path: Path
    made_at: float
    """Seconds since the epoch."""


Progress = Callable[[float], object]
"""Is told which share of a long work is done, from 0 to 1; what it raises ends the work."""


class Store(Protocol):
    """Keeps conversations. Every method may raise StoreError; what was in memory stays there, so saving can be
    tried again."""

    @property
    def generation(self) -> int:
        """Grows when what was saved before may be there no more: another file has taken the place of the one in use."""
        ...

    async def save(
        self,
        conversation: Conversation,
        nodes: Sequence[Node],
        marked: Sequence[Marked] = (),
        *,
        before: Conversation | None,
    ) -> None:
        """Write what changed of a conversation, these nodes, and marks that others were given: all of it or nothing.

        `before` is how it was read or saved last: only what differs is written, so that what another program has
        changed stays, and it is not created once more. None where it never was.

        Raises:
            StoreError: with code DELETED where another program has deleted it.
        """
        ...

    async def save_conversation(self, conversation: Conversation) -> None:
        """Create it, or write what changed of it (title, model, system, head)."""
        ...

    async def save_node(self, conversation_id: str, node: Node) -> None:
        """Write a node, whole: new, or in place of what was there under its id. Ends its journal, if any."""
        ...

    async def add(self, conversation: Conversation, nodes: Sequence[Node], filed: Filed = UNFILED) -> None:
        """Add a conversation with these nodes, whole or not at all. Nodes whose ids are there stay as they are, and so
        do the labels and the place of a conversation that is there; what was out of sight is in sight again."""
        ...

    async def append_journal(self, conversation_id: str, node_id: str, events: Sequence[TimedEvent]) -> None:
        """Append what arrived for an answer that is still growing. Costs what the events cost, not the answer.

        Raises:
            StoreError: with code DELETED where another program has deleted the conversation.
        """
        ...

    async def load(self, id_prefix: str) -> tuple[Conversation, tuple[Node, ...]]:
        """A conversation by its id or a unique beginning of it. An answer whose writer died comes back as far as its
        journal goes, with outcome TRUNCATED.

        Raises:
            StoreError: there is none, or more than one.
        """
        ...

    async def load_end(self, conversation_id: str, count: int) -> tuple[Node, ...]:
        """The last messages of the path that was being read, so many at most, as `load` has them; empty where there are
        none. Costs what these cost, however many there are."""
        ...

    async def find(self, id_prefix: str) -> ConversationSummary:
        """A conversation without its messages, by its id or a unique beginning of it.

        Raises:
            StoreError: there is none, or more than one.
        """
        ...

    async def conversation(self, conversation_id: str) -> Conversation | None:
        """What belongs to the conversation with exactly this id as a whole; None where it is not there."""
        ...

    async def latest_id(self) -> str | None:
        """The conversation with the newest message; None where there is none."""
        ...

    async def cut_questions(self) -> tuple[str, ...]:
        """What was asked where an answer was cut by the end of its program, for each, the newest first; empty where a
        message is newer than the start that found out. Only the newest few hundred messages are looked at."""
        ...

    async def list(self, limit: int | None = None, filters: Filters = ALL) -> tuple[ConversationSummary, ...]:
        """Conversations, the one with the newest message first. Of the filters, those count that concern a
        conversation, and its model and last message."""
        ...

    async def summary(self, conversation_id: str) -> ConversationSummary | None:
        """The conversation with exactly this id, as `list` has it, archived or not; None where there is none."""
        ...

    async def preview(self, conversation_id: str) -> Preview:
        """The last that was said on each side; empty where there is no such conversation."""
        ...

    async def marks(self, conversation_id: str) -> Mapping[str, Marks]:
        """What each message of a conversation is marked with, by its id; nothing where there is none of them."""
        ...

    async def around(self, conversation_id: str, node_id: str) -> Around:
        """A message and its neighbours, as they were saved last. What is very long comes shortened to the beginning of
        its words."""
        ...

    async def revision(self) -> int:
        """A number that is another one after every change, by whichever program."""
        ...

    async def search(self, query: SearchQuery, limit: int = 50) -> SearchResult:
        """Messages and titles that contain all the words, the best first. Cancelling ends it within a moment."""
        ...

    async def nearest_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """These words with the most similar known one in the place of each that is in no message; empty where there is
        none to replace, or nothing similar."""
        ...

    async def tend(self) -> float:
        """Do a piece of what can wait (the index of words, removing what was deleted), and return the share that is
        done: 1.0 where nothing is left. One call takes less than a tenth of a second."""
        ...

    async def add_to_ledger(self, entry: LedgerEntry) -> None:
        """Note what a request cost that was no answer of a saved conversation; those are noted as they are saved."""
        ...

    async def spent(self, since: float = 0.0, until: float | None = None) -> tuple[Spent, ...]:
        """What the ledger holds of this time, which begins and ends at full quarters of an hour, by day; oldest
        first."""
        ...

    async def spent_by_model(self) -> tuple[ModelSum, ...]:
        """What the ledger holds of all time, by model, gateway and kind: quick, however much that is."""
        ...

    async def models_asked(self, gateway: str, most: int) -> tuple[str, ...]:
        """The models that were asked for last through a gateway, so many at most, the newest first: as far as they are
        among what was asked lately."""
        ...

    async def ledger_of(self, conversation_id: str, kind: LedgerKind | None = None) -> tuple[LedgerEntry, ...]:
        """Everything that was asked in a conversation, or what is of this kind, oldest first."""
        ...

    async def speeds(self, since: float) -> tuple[Speed, ...]:
        """How fast the answers of this time came, oldest first."""
        ...

    async def used(self, claim: Claim) -> Used:
        """What counts against budgets before this claim, which is not entered."""
        ...

    async def claim(self, claim: Claim, budget: Budget) -> Used:
        """Enter what a request may cost, unless that would go over the budget, and return what counts besides it. The
        claim counts for every program until it is settled, or this one ends."""
        ...

    async def settle(self, claim_id: str, *, stays: bool) -> None:
        """End a claim: the ledger has what it cost; or it `stays` as the estimate of what nobody told."""
        ...

    async def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation the title that the person wants; costs nothing of what is in it.

        Raises:
            StoreError: there is none.
        """
        ...

    async def set_archived(self, conversation_id: str, archived: bool) -> None:
        """Put a conversation into the archive, or take it out."""
        ...

    async def set_labels(self, conversation_id: str, labels: Sequence[str]) -> None:
        """Give a conversation these labels and no others."""
        ...

    async def labels(self) -> tuple[str, ...]:
        """Every label that is in use, in the order of the alphabet."""
        ...

    async def models(self) -> tuple[str, ...]:
        """Every model that has answered, in the order of the alphabet."""
        ...

    async def back_up(self, target: Path, progress: Progress) -> BackedUp:
        """Copy all conversations to a file while others write. `progress` may be called in another thread.

        Raises:
            StoreError: nothing was saved yet, what was is damaged, the place is taken, or it cannot be written.
        """
        ...

    async def copies(self) -> tuple[KeptCopy, ...]:
        """The copies of conversations that were made before a change of form or after damage, the oldest first."""
        ...

    async def hide(self, conversation_id: str) -> None:
        """Take a conversation out of sight, to be deleted when the program ends (or the next one starts). Its drafts
        and prompts go then too, by the store's own doing."""
        ...

    async def bring_back(self, conversation_id: str) -> None:
        """Show a conversation again that was hidden."""
        ...

    async def delete(self, conversation_id: str) -> None:
        """Delete a conversation with everything in it, its drafts and the prompts that were typed in it. What it cost
        stays in the ledger."""
        ...

    def notices(self) -> tuple[str, ...]:
        """What the person should be told once and has not been: a damaged file was moved aside, and whither."""
        ...

    async def close(self) -> None:
        """Finish what is queued and let go of the file."""
        ...
