"""A text with a caret, as the parts that edit it see it: the writing area is one, a list of lines in a test another."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

Location = tuple[int, int]
"""Row and column, from 0; between two of them stands what is from the first up to, and without, the second."""


class Replaced(msgspec.Struct, frozen=True):
    """Result of an edit."""

    text: str
    """The text that stood there, long pastes expanded."""
    end: Location
    """The end of the new text."""


class Editable(Protocol):
    """Text that can be edited. An edit of half a cluster or of a part of a long paste edits all of it."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines without their ends, long pastes as their markers; at least one."""
        ...

    @property
    def caret(self) -> Location:
        """The caret's location."""
        ...

    @property
    def selected(self) -> tuple[Location, Location]:
        """Locations of the selection's beginning and of the caret: twice the caret where nothing is selected."""
        ...

    @property
    def selected_text(self) -> str:
        """The selected text, long pastes expanded."""
        ...

    @property
    def edits(self) -> int:
        """Number of edits."""
        ...

    def select(self, start: Location, end: Location) -> None:
        """Select the text between two locations, the caret at the second. The next edit is undone apart."""
        ...

    def insert_text(self, text: str) -> None:
        """Put a text in the place of the selection, a long one as a chip."""
        ...

    def overwrite(self, text: str, start: Location, end: Location) -> Replaced:
        """Replace the text between two locations; what was pasted in it before is a chip again."""
        ...
