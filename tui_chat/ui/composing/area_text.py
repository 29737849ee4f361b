"""The text of a Textual area as an `Editable`, which is all that the parts of a writing area see of it."""

from collections.abc import Sequence

from textual.document._document import Selection  # private: what TextArea speaks in
from textual.widgets import TextArea

from tui_chat.ui.composing.chips import Chips
from tui_chat.ui.composing.document import Lines
from tui_chat.ui.composing.editable import Location, Replaced


class AreaText:
    """The text of an area whose document is `Lines` with these chips in it."""

    def __init__(self, area: TextArea, chips: Chips) -> None:
        self._area = area
        self._chips = chips

    @property
    def _document(self) -> Lines:
        document = self._area.document
        assert isinstance(document, Lines)
        return document

    @property
    def lines(self) -> Sequence[str]:
        """The lines, chips as their markers."""
        return self._document.lines

    @property
    def caret(self) -> Location:
        """The caret's location."""
        return self._area.cursor_location

    @property
    def selected(self) -> tuple[Location, Location]:
        """Locations of the selection's beginning and of the caret."""
        return self._area.selection

    @property
    def selected_text(self) -> str:
        """The selected text, chips expanded."""
        return self._area.selected_text

    @property
    def edits(self) -> int:
        """Number of edits."""
        return self._document.edits

    def between(self, start: Location, end: Location) -> str:
        """Text between two locations, chips expanded."""
        return self._area.get_text_range(start, end)

    def select(self, start: Location, end: Location) -> None:
        """Select as the keys do: what is edited next is undone apart."""
        self._area.move_cursor(start)
        self._area.move_cursor(end, select=True)

    def show_selection(self, start: Location, end: Location) -> None:
        """Select the text between two locations, and change nothing else."""
        self._area.selection = Selection(start, end)
        self._area.scroll_cursor_visible()

    def insert_text(self, text: str) -> None:
        """Put text in the place of the selection, a long one as a chip."""
        self._area.replace(self._chips.shorten(text), *self._area.selection, maintain_selection_offset=False)
        self._area.scroll_cursor_visible()

    def overwrite(self, text: str, start: Location, end: Location) -> Replaced:
        """Replace the text between two locations; text that was pasted before is a chip again."""
        result = self._area.replace(self._chips.fold(text), start, end, maintain_selection_offset=False)
        return Replaced(self._chips.expand(result.replaced_text), result.end_location)

    def checkpoint(self) -> None:
        """Let what follows be undone apart."""
        self._area.history.checkpoint()

    @property
    def undo_depth(self) -> int:
        """Number of edits that can be undone; those that are undone together count once."""
        return len(self._area.history.undo_stack)

    def undo(self) -> None:
        """Take back the edits since the last checkpoint."""
        self._area.undo()

    def redo(self) -> None:
        """Redo the edits that were undone last."""
        self._area.redo()
