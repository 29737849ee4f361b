"""Counts as SQLite has them."""

from typing import Final, Protocol

import msgspec

from tui_chat.core.usage import TokenCounts

LARGEST_INTEGER: Final = 2**63 - 1


def bounded_counts(counts: TokenCounts) -> TokenCounts:
    """The counts as integers that SQLite can hold; the gateway's own words stay in `usage_raw`."""
    return TokenCounts(*map(_bounded, msgspec.structs.astuple(counts)))


class HasCounts(Protocol):
    """A row with the columns of counts."""

    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    reasoning_tokens: int | None
    cached_tokens: int | None
    cache_write_tokens: int | None


def counts_in(row: HasCounts) -> TokenCounts:
    """The counts of a row that has some."""
    return TokenCounts(
        row.prompt_tokens,
        row.completion_tokens,
        row.total_tokens,
        row.reasoning_tokens,
        row.cached_tokens,
        row.cache_write_tokens,
    )


def _bounded(count: int | None) -> int | None:
    return None if count is None else max(-LARGEST_INTEGER, min(count, LARGEST_INTEGER))
