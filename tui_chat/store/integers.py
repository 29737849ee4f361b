"""What SQLite takes for an integer."""

from typing import Final

import msgspec

from tui_chat.core.usage import TokenCounts

LARGEST_INTEGER: Final = 2**63 - 1


def bounded_counts(counts: TokenCounts) -> TokenCounts:
    """The counts as integers that SQLite can hold; the gateway's own words stay in `usage_raw`."""
    return TokenCounts(*map(_bounded, msgspec.structs.astuple(counts)))


def _bounded(count: int | None) -> int | None:
    return None if count is None else max(-LARGEST_INTEGER, min(count, LARGEST_INTEGER))
