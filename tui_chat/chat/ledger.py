"""What the ledger holds: each request that may have been billed, and sums over them."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from tui_chat.core import figures
from tui_chat.core.answer import Timing
from tui_chat.core.usage import Cost, Spending, TokenCounts, total_spending


class LedgerKind(StrEnum):
    """What was asked for."""

    ANSWER = "answer"
    TITLE = "title"
    SUMMARY = "summary"


class LedgerEntry(msgspec.Struct, frozen=True):
    """A request that the gateway began to answer, and what it cost; not a word of what was said."""

    id: str
    conversation_id: str
    created_at: float
    kind: LedgerKind
    requested_model: str
    model: str
    gateway: str
    """The base URL that was asked; empty where that was not kept."""
    counts: TokenCounts | None
    cost: Cost | None
    timing: Timing = Timing()


class Spent(msgspec.Struct, frozen=True, gc=False):
    """What was spent on one day in one conversation on one model through one gateway, on what is of one kind."""

    last_at: float
    """When the last of it was spent, to a quarter of an hour, in seconds since the epoch: on the day that it is of."""
    conversation_id: str
    title: str
    """Empty where the conversation was deleted."""
    labels: tuple[str, ...]
    model: str
    gateway: str
    spending: Spending
    cached_tokens: int | None = None
    """Tokens that were read from a cache, where an answer told; None where none did."""
    is_kept: bool = True
    """The conversation is there to be opened: it was kept, and not deleted."""
    kind: LedgerKind = LedgerKind.ANSWER
    cached_untold: int = 0
    """Answers that did not tell how many tokens were read from a cache."""
    cache_write_tokens: int | None = None
    """Tokens that were written to a cache, where an answer told; None where none did."""


class ModelSum(msgspec.Struct, frozen=True, gc=False):
    """What was spent in all on one model through one gateway, on what is of one kind."""

    model: str
    gateway: str
    kind: LedgerKind
    spending: Spending


class Speed(msgspec.Struct, frozen=True):
    """How fast one answer came."""

    at: float
    """Seconds since the epoch."""
    model: str
    first_token_s: float
    tokens_per_s: float | None
    """While it was written, not while it was waited for; None where it came too quickly to tell, or was not counted."""
    requested_model: str = ""
    """The model that was asked, which may have another name than the one that answered."""


def speed_of(entry: LedgerEntry) -> Speed | None:
    """The speed of an answer; None where nothing of it came, and of what is no answer to a person."""
    first_token_s, writing_s = entry.timing.first_token_s, entry.timing.writing_s
    if entry.kind is not LedgerKind.ANSWER or first_token_s is None:
        return None
    written = entry.counts.output_tokens if entry.counts else None
    rate = None
    if written and writing_s is not None and writing_s >= figures.SHORTEST_S:
        rate = written / writing_s
    return Speed(entry.created_at, entry.model, first_token_s, rate, entry.requested_model)


def sum_of(entries: Iterable[LedgerEntry]) -> Spending:
    """What they cost together."""
    return total_spending((entry.counts, entry.cost) for entry in entries)


def entry_id_of(conversation_id: str, node_id: str) -> str:
    """Id of an answer's entry in the ledger."""
    return f"{conversation_id}/{node_id}"
