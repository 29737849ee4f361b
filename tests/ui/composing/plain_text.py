"""Lines in a list, as the parts of a writing area edit them: no screen, no chips, one undo step for each edit."""

from collections.abc import Sequence

from tui_chat.ui.composing.editable import Location, Replaced

State = tuple[str, tuple[Location, Location]]


class PlainText:
    """A text that can be edited and undone."""

    def __init__(self, text: str, caret: Location = (0, 0)) -> None:
        self.text = text
        self.selected: tuple[Location, Location] = (caret, caret)
        self.edits = 0
        self.checkpoints = 0
        self._done: list[State] = []
        self._undone: list[State] = []

    @property
    def lines(self) -> Sequence[str]:
        return self.text.split("\n")

    @property
    def caret(self) -> Location:
        return self.selected[1]

    @property
    def selected_text(self) -> str:
        return self.between(*self.selected)

    def between(self, start: Location, end: Location) -> str:
        first, last = sorted((self._offset(start), self._offset(end)))
        return self.text[first:last]

    def select(self, start: Location, end: Location) -> None:
        self.selected = (start, end)

    def show_selection(self, start: Location, end: Location) -> None:
        self.selected = (start, end)

    def insert_text(self, text: str) -> None:
        self.overwrite(text, *self.selected)

    def overwrite(self, text: str, start: Location, end: Location) -> Replaced:
        first, last = sorted((self._offset(start), self._offset(end)))
        self._done.append((self.text, self.selected))
        self._undone.clear()
        self.edits += 1
        replaced, rows = self.text[first:last], (self.text[:first] + text).split("\n")
        self.text = self.text[:first] + text + self.text[last:]
        place = len(rows) - 1, len(rows[-1])
        self.selected = (place, place)
        return Replaced(replaced, place)

    def _offset(self, place: Location) -> int:
        return sum(len(line) + 1 for line in self.lines[: place[0]]) + place[1]

    def checkpoint(self) -> None:
        self.checkpoints += 1

    @property
    def undo_depth(self) -> int:
        return len(self._done)

    def undo(self) -> None:
        self._go(self._done, self._undone)

    def redo(self) -> None:
        self._go(self._undone, self._done)

    def _go(self, source: list[State], target: list[State]) -> None:
        if source:
            target.append((self.text, self.selected))
            self.text, self.selected = source.pop()
