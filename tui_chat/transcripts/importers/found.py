"""What comes out of a file: conversations, and those that cannot be taken."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.tree import Conversation, Node

HIDDEN: Final = "Hidden messages of the program (instructions, memory, empty system messages)"
NAMED_PICTURES: Final = "Pictures and files that are only named, because their bytes are not in the file"
PARAMETERS: Final = "Parameters and presets that would act on what is asked next"
LABELS: Final = "Labels beyond what one message or conversation may have"
EMPTY: Final = "Conversations without a message"

Pictures = Callable[[str], str | None]
"""The data URL of a picture by the name that a conversation has for it; None where the file does not hold it."""


class Transcript(msgspec.Struct, frozen=True):
    """One conversation as it can be saved."""

    conversation: Conversation
    nodes: tuple[Node, ...]
    left_out: Mapping[str, int] = {}
    """How many of what kind are not in it."""
    filed: Filed = UNFILED


class Unreadable(msgspec.Struct, frozen=True):
    """A conversation, or a piece of the file, that cannot be taken."""

    why: str
    """One sentence, harmless."""


class Found(msgspec.Struct, frozen=True):
    """The conversations of a file, read one by one."""

    count: int | None
    """How many there are; None where nobody knows before the end."""
    transcripts: Iterator[Transcript | Unreadable]
