"""What is noted of a message beside its words: how it came to stand there, and what a person marked it with."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

LONGEST_LABEL: Final = 40
"""Characters of a label, of a message or a conversation."""
MOST_LABELS: Final = 20
"""Labels of one message, or of one conversation."""


class Continuing(StrEnum):
    """How a model was brought to go on with an answer that was cut."""

    PREFILL = "prefill"
    """The answer stood last in the request, and the model wrote on from its last letter."""
    ASKED = "asked"
    """A sentence behind the answer asked for the rest of it."""


class Continuation(msgspec.Struct, frozen=True, gc=False):
    """The answer that this one goes on with."""

    of_id: str
    """Always the message before it."""
    how: Continuing


class Summary(msgspec.Struct, frozen=True, gc=False):
    """This message is sent in the place of those before it."""

    tail_id: str | None
    """The first of the messages before it that are sent all the same; None where none of them is."""
    messages: int
    """How many it stands for."""
    before_tokens: int
    """Estimate of what was sent before it was made."""
    after_tokens: int
    """Estimate of what is sent since: the summary and the tail."""


class Marks(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Everything that is noted of one message."""

    is_muted: bool = False
    """Seen and not sent. Of a summary: it was undone, and what it stood for is sent again."""
    is_deleted: bool = False
    """Neither shown nor sent, results of its calls with it; the tree has it, and brings it back."""
    is_pinned: bool = False
    """Always sent, also where a summary stands for what is around it."""
    is_bookmarked: bool = False
    labels: tuple[str, ...] = ()
    edited_id: str | None = None
    """The answer of a model that a person changed into this one; None where nobody did."""
    continues: Continuation | None = None
    summary: Summary | None = None

    def under(self, ids: Mapping[str, str]) -> "Marks":
        """The marks where messages go by new ids; what names one that has none does so no more."""
        continues, summary = self.continues, self.summary
        if continues is not None:
            continues = replace(continues, of_id=ids[continues.of_id]) if continues.of_id in ids else None
        if summary is not None:
            summary = replace(summary, tail_id=ids.get(summary.tail_id or ""))
        return replace(self, edited_id=ids.get(self.edited_id or ""), continues=continues, summary=summary)


UNMARKED = Marks()
