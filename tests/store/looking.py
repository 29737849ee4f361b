"""What a store finds and what it counted, for claims."""

from tui_chat.chat.found import SearchHit
from tui_chat.chat.ports import Store
from tui_chat.core.search_query import read_query

NOON_OF_A_MONDAY = 1_763_985_600.0
"""24 November 2025, 12:00 UTC."""


async def look_for(store: Store, text: str, limit: int = 50, *, now: float = NOON_OF_A_MONDAY) -> tuple[SearchHit, ...]:
    """Hits of what was typed, filters among it."""
    return (await store.search(read_query(text, now).query, limit)).hits


async def ids_found(store: Store, text: str) -> list[str]:
    """The messages that were found; a hit in a title is `title of` its conversation."""
    return [hit.node_id or f"title of {hit.conversation_id}" for hit in await look_for(store, text)]
