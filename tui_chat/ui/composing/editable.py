"""A text with a caret, as the parts that edit it see it: the writing area is one, a list of lines in a test another."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

Place = tuple[int, int]
"""Row and column, from 0; between two of them stands what is from the first up to, and without, the second."""


class Replaced(NamedTuple):
    """What an edit did."""

    text: str
    """What stood there, long pastes whole."""
    end: Place
    """The place after what stands there now."""


class Editable(Protocol):
    """Text that can be changed. Whoever edits half of a cluster or of a long paste edits all of it."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines without their ends, long pastes as their markers; at least one."""
        ...

    @property
    def caret(self) -> Place:
        """Where the caret is."""
        ...

    @property
    def selected(self) -> tuple[Place, Place]:
        """Where the selection began, and the caret: twice the caret where nothing is selected."""
        ...

    @property
    def selected_text(self) -> str:
        """What is selected, long pastes whole."""
        ...

    @property
    def edits(self) -> int:
        """How often it was edited."""
        ...

    def select(self, start: Place, end: Place) -> None:
        """Select what is between two places, the caret at the second. What is edited next is undone apart."""
        ...

    def insert_text(self, text: str) -> None:
        """Put a text in the place of the selection, a long one as a chip."""
        ...

    def overwrite(self, text: str, start: Place, end: Place) -> Replaced:
        """Put a text in the place of what is between two places; what was pasted in it before is a chip again."""
        ...
