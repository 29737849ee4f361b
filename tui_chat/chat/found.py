"""What a search of everything finds."""

from enum import StrEnum

import msgspec

from tui_chat.core.parts import Role


class FoundIn(StrEnum):
    """In what of a message (or conversation) the words were found."""

    TEXT = "text"
    REASONING = "reasoning"
    CALL = "call"
    RESULT = "result"
    FILE = "file"
    SOURCE = "source"
    TITLE = "title"


class SearchHit(msgspec.Struct, frozen=True):
    """A message in which the words were found, or a conversation with them in its title."""

    conversation_id: str
    title: str
    node_id: str
    """Empty for a hit in the title."""
    created_at: float
    excerpt: str
    """A line around the hit, not sanitised."""
    role: Role = Role.USER
    model: str = ""
    """The model that answered; of a title, that of the conversation."""
    found_in: FoundIn = FoundIn.TEXT
    name: str = ""
    """Name of the tool or file in which it was found; empty elsewhere."""
    is_archived: bool = False


class SearchResult(msgspec.Struct, frozen=True):
    """What a search found."""

    hits: tuple[SearchHit, ...] = ()
    """The best first."""
    found: int = 0
    """Number of hits that were seen, of which `hits` are the best."""
    conversations: int = 0
    """Number of conversations with hits that were seen."""
    is_bounded: bool = False
    """There are more than `found`, all of them older."""
    indexed: float = 1.0
    """Share of the messages that could be looked through."""
    meant: "Meant | None" = None
    """What would have been found, where nothing was."""


class Meant(msgspec.Struct, frozen=True):
    """Words that were likely meant, and how often they are found."""

    words: tuple[str, ...]
    found: int
