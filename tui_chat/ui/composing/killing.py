"""Readline's deleting keys: text deleted by the line or the word can be put back elsewhere."""

from tui_chat.ui.composing.editable import Editable, Location
from tui_chat.ui.composing.kill_ring import KillRing
from tui_chat.ui.composing.words import word_left, word_right


class Killing:
    """Kills text into a ring of its own, and yanks from it."""

    def __init__(self, text: Editable) -> None:
        self._text = text
        self._ring = KillRing()
        self._killed: tuple[int, Location] | None = None
        """The edit of the last kill, and the caret after it."""
        self._yanked: tuple[int, Location, Location] | None = None
        """The edit of the last yank, and the locations of its text."""

    def word_left(self) -> None:
        """Delete to the beginning of the word."""
        self._kill(word_left(self._text.lines, self._text.caret), is_before=True)

    def blank_left(self) -> None:
        """Delete back to a blank."""
        self._kill(word_left(self._text.lines, self._text.caret, by_blanks=True), is_before=True)

    def word_right(self) -> None:
        """Delete to the end of the word."""
        self._kill(word_right(self._text.lines, self._text.caret))

    def to_start(self) -> None:
        """Delete to the beginning of the line; there the newline before it."""
        row, column = self._text.caret
        self._kill((row, 0) if column or not row else (row - 1, len(self._text.lines[row - 1])), is_before=True)

    def to_end(self) -> None:
        """Delete to the end of the line; there the newline after it."""
        lines, (row, column) = self._text.lines, self._text.caret
        is_at_end = column == len(lines[row]) and row + 1 < len(lines)
        self._kill((row + 1, 0) if is_at_end else (row, len(lines[row])))

    def cut(self) -> str:
        """Delete the selection, or the line with its newline; return it, empty where there was nothing."""
        text = self._text
        start, end = text.selected
        if start == end:
            row, _ = end
            is_last = row + 1 == len(text.lines)
            text.select((row, 0), (row, len(text.lines[row])) if is_last else (row + 1, 0))
        if cut := text.selected_text:
            self._kill(text.caret)
        return cut

    def yank(self) -> None:
        """Put back the newest kill."""
        text = self._text
        if self._ring.newest:
            start = min(text.selected)
            text.insert_text(self._ring.newest)
            self._yanked = text.edits, start, text.caret

    def yank_older(self) -> None:
        """Replace the text of a yank right before by the next older kill."""
        if self._yanked is None or self._yanked[0] != self._text.edits:
            return
        _, start, end = self._yanked
        self._text.select(start, end)
        self._ring.turn()
        self.yank()

    def _kill(self, to: Location, *, is_before: bool = False) -> None:
        """Kill the selection, or the text from the caret to a location."""
        text = self._text
        start, end = text.selected
        if start == end:
            end = to
        if start == end:
            return
        goes_on = self._killed == (text.edits, text.caret)
        self._ring.kill(text.overwrite("", start, end).text, goes_on=goes_on, is_before=is_before)
        self._killed = text.edits, text.caret
