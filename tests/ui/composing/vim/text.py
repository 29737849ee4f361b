"""Lines in a list, as the modes edit them."""

from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.vim.modes import Mode, Vim

State = tuple[str, Location]


class Text:
    """A buffer without a screen."""

    def __init__(self, text: str, caret: Location = (0, 0)) -> None:
        self._lines = text.split("\n")
        self.caret = caret
        self._undone: list[State] = []
        self._done: list[State] = []
        self.edges: list[int] = []
        self.commands = 0
        self.clipboard = ""

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines)

    @property
    def line_count(self) -> int:
        return len(self._lines)

    def line(self, row: int) -> str:
        return self._lines[row]

    def between(self, start: Location, end: Location) -> str:
        return self.text[self._offset(start) : self._offset(end)]

    def replace(self, text: str, start: Location, end: Location) -> Location:
        before, after = self.text[: self._offset(start)], self.text[self._offset(end) :]
        self._lines = (before + text + after).split("\n")
        rows = (before + text).split("\n")
        return len(rows) - 1, len(rows[-1])

    def _offset(self, place: Location) -> int:
        return sum(len(line) + 1 for line in self._lines[: place[0]]) + place[1]

    def begin_change(self) -> None:
        self._done.append((self.text, self.caret))
        self._undone.clear()

    def undo(self) -> None:
        self._go_back(self._done, self._undone)

    def redo(self) -> None:
        self._go_back(self._undone, self._done)

    def _go_back(self, source: list[State], target: list[State]) -> None:
        if source:
            target.append((self.text, self.caret))
            text, self.caret = source.pop()
            self._lines = text.split("\n")

    def past_edge(self, direction: int) -> None:
        self.edges.append(direction)

    def command_line(self) -> None:
        self.commands += 1

    def write_clipboard(self, text: str) -> None:
        self.clipboard = text

    def read_clipboard(self) -> str:
        return self.clipboard


NAMES = {"\x1b": "escape", "\x12": "ctrl+r", " ": "space", "\r": "enter"}


def pressed(text: str, caret: Location, keys: str) -> tuple[Text, Vim]:
    """A text after these keys were pressed in normal mode; `\\x1b` is Esc."""
    buffer = Text(text, caret)
    vim = Vim(buffer)
    vim.mode = Mode.NORMAL
    for key in keys:
        if not vim.press(NAMES.get(key, key)) and vim.mode is Mode.INSERT:
            buffer.caret = buffer.replace(key, buffer.caret, buffer.caret)
    return buffer, vim
