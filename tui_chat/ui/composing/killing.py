"""A text area with readline's ways: words, kills that can be yanked, undo by the word."""

from textual import events
from textual.document._document import Location  # private: what TextArea speaks in

from tui_chat.ui.composing.area import WritingArea
from tui_chat.ui.composing.kill_ring import KillRing
from tui_chat.ui.composing.words import word_end, word_start


class KillingArea(WritingArea):
    """What is deleted by the line or the word can be put back elsewhere."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self.kills = KillRing()
        self._killed: tuple[int, Location] | None = None
        """The edit that was a kill, and where the caret was after it."""
        self._yanked: tuple[int, Location, Location] | None = None
        """The edit that was a yank, and between which places it put what."""

    def insert_text(self, text: str) -> None:
        """Put text in the place of the selection, a long one as a chip."""
        self.replace(self.chips.shorten(text), *self.selection, maintain_selection_offset=False)
        self.scroll_cursor_visible()

    def action_undo_here(self) -> None:
        """Undo."""
        self.undo()

    def action_redo_here(self) -> None:
        """Do again."""
        self.redo()

    def action_line_start_here(self) -> None:
        """To the beginning of the line, however many rows it has."""
        self.move_cursor((self.cursor_location[0], 0))

    def action_line_end_here(self) -> None:
        """To its end."""
        self.move_cursor(self._line_end())

    def action_back_here(self) -> None:
        """A character back."""
        self.action_cursor_left()

    def action_word_left_here(self) -> None:
        """To the beginning of the word."""
        self.action_cursor_word_left()

    def action_word_right_here(self) -> None:
        """To the end of the word."""
        self.action_cursor_word_right()

    def get_cursor_word_left_location(self) -> Location:
        """The beginning of the word, or the end of the line above."""
        return self._word_start()

    def get_cursor_word_right_location(self) -> Location:
        """The end of the word, or the beginning of the line below."""
        row, column = self.cursor_location
        line = self.document[row]
        if column == len(line) and row + 1 < self.document.line_count:
            return row + 1, 0
        return row, word_end(line, column)

    def _word_start(self, *, by_blanks: bool = False) -> Location:
        row, column = self.cursor_location
        if not column and row:
            return row - 1, len(self.document[row - 1])
        return row, word_start(self.document[row], column, by_blanks=by_blanks)

    def _line_end(self) -> Location:
        row, _ = self.cursor_location
        return row, len(self.document[row])

    def action_kill_word_left_here(self) -> None:
        """Delete to the beginning of the word."""
        self._kill(self._word_start(), is_before=True)

    def action_kill_blank_left_here(self) -> None:
        """Delete back to a blank."""
        self._kill(self._word_start(by_blanks=True), is_before=True)

    def action_kill_word_right_here(self) -> None:
        """Delete to the end of the word."""
        self._kill(self.get_cursor_word_right_location())

    def action_kill_to_start_here(self) -> None:
        """Delete to the beginning of the line; there the newline before it."""
        row, column = self.cursor_location
        self._kill((row, 0) if column else self.get_cursor_left_location(), is_before=True)

    def action_kill_to_end_here(self) -> None:
        """Delete to the end of the line; there the newline after it."""
        end = self._line_end()
        self._kill(end if self.cursor_location != end else self.get_cursor_right_location())

    def _kill(self, to: Location, *, is_before: bool = False) -> None:
        """Delete the selection, or from the caret to a place, for the yanking keys."""
        start, end = self.selection if not self.selection.is_empty else (self.cursor_location, to)
        if start == end:
            return
        goes_on = self._killed == (self.document.edits, self.cursor_location)
        result = self.delete(start, end, maintain_selection_offset=False)
        self.kills.kill(self.chips.expand(result.replaced_text), goes_on=goes_on, is_before=is_before)
        self._killed = self.document.edits, self.cursor_location

    def action_yank_here(self) -> None:
        """Put back what was killed last."""
        if self.kills.newest:
            start = min(self.selection)
            self.insert_text(self.kills.newest)
            self._yanked = self.document.edits, start, self.cursor_location

    def action_yank_older_here(self) -> None:
        """What was killed before that in its place."""
        if self._yanked is None or self._yanked[0] != self.document.edits:
            return
        _, start, end = self._yanked
        self.move_cursor(start)
        self.move_cursor(end, select=True)
        self.kills.turn()
        self.action_yank_here()

    def action_cut(self) -> None:
        """Cut the selection, or the line."""
        if self.selection.is_empty:
            row, _ = self.cursor_location
            self.move_cursor((row, 0))
            self.move_cursor((row + 1, 0) if row + 1 < self.document.line_count else self._line_end(), select=True)
        if text := self.selected_text:
            self._kill(self.cursor_location)
            self.app.copy_to_clipboard(text)

    def action_paste(self) -> None:
        """Put what was copied or cut here."""
        self.insert_text(self.app.clipboard)

    async def _on_key(self, event: events.Key) -> None:
        """A word is undone at a time: what begins one begins an edit of its own."""
        row, column = self.cursor_location
        is_between = column and self.document[row][column - 1].isspace()
        if is_between and event.character is not None and not event.character.isspace():
            self.history.checkpoint()
