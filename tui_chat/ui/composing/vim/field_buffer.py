"""The text of a field as vim's buffer, on top of the field's own text and its undo."""

from typing import Protocol

from tui_chat.ui.composing.editable import Editable, Location
from tui_chat.ui.composing.vim.buffer import Span


class Undoable(Editable, Protocol):
    """Text whose edits can be undone, some together."""

    def between(self, start: Location, end: Location) -> str:
        """Text between two locations, long pastes expanded."""
        ...

    def show_selection(self, start: Location, end: Location) -> None:
        """Select the text between two locations, the caret at the second, and change nothing else."""
        ...

    def checkpoint(self) -> None:
        """Let later edits be undone apart."""
        ...

    @property
    def undo_depth(self) -> int:
        """Number of steps that can be undone."""
        ...

    def undo(self) -> None:
        """Go back by one step."""
        ...

    def redo(self) -> None:
        """Redo one step."""
        ...


class Field(Protocol):
    """The field that holds the text."""

    def go_past_edge(self, direction: int) -> None:
        """Leave the text upwards (-1) or downwards (1)."""
        ...

    def ask_for_command(self) -> None:
        """Ask for a command by its name."""
        ...


class Clipboard(Protocol):
    """The clipboard of the program and of the machine."""

    @property
    def clipboard(self) -> str:
        """Text that this program copied last."""
        ...

    def copy_to_clipboard(self, text: str) -> None:
        """Hand text to the machine's clipboard."""
        ...


class FieldBuffer:
    """The text of a field as a buffer."""

    def __init__(self, text: Undoable, field: Field, clipboard: Clipboard) -> None:
        self._text = text
        self._field = field
        self._clipboard = clipboard
        self.caret: Location = text.caret
        self.shown: tuple[Location, Location] | None = None
        """The selection that the modes show on the screen."""
        self._changes: list[int] = []
        """The depth of the undo before each change."""
        self._undone: list[int] = []
        """The number of steps of each change that was undone."""

    def show(self, selected: Span | None) -> None:
        """Show the caret and the selection."""
        if selected is None:
            start = end = self.caret
        elif self.caret == selected.start and selected.start != selected.end:
            start, end = selected.end, selected.start
        else:
            start, end = selected.start, selected.end
        self._text.show_selection(start, end)
        self.shown = self._text.selected

    @property
    def line_count(self) -> int:
        """Number of lines."""
        return len(self._text.lines)

    def line(self, row: int) -> str:
        """A line, without its end."""
        return self._text.lines[row]

    def between(self, start: Location, end: Location) -> str:
        """The text of a span, long pastes whole."""
        return self._text.between(start, end)

    def replace(self, text: str, start: Location, end: Location) -> Location:
        """Put text in the place of a span."""
        return self._text.overwrite(text, start, end).end

    def begin_change(self) -> None:
        """Begin a change, which is undone as one."""
        self._text.checkpoint()
        self._changes.append(self._text.undo_depth)
        self._undone.clear()

    def undo(self) -> None:
        """Take the last change back."""
        text = self._text
        before = text.undo_depth
        while self._changes and self._changes[-1] >= before:
            self._changes.pop()  # changes of nothing, and of a text that is no longer here
        start = self._changes.pop() if self._changes else before - 1
        while text.undo_depth > max(0, start):
            text.undo()
        self._undone.append(before - text.undo_depth)
        self.caret = text.caret

    def redo(self) -> None:
        """Redo it."""
        if self._undone:
            self._changes.append(self._text.undo_depth)
            for _ in range(self._undone.pop()):
                self._text.redo()
            self.caret = self._text.caret

    def past_edge(self, direction: int) -> None:
        """Leave the text."""
        self._field.go_past_edge(direction)
        self.caret = self._text.caret

    def command_line(self) -> None:
        """Ask for a command."""
        self._field.ask_for_command()
        self.caret = self._text.caret

    def write_clipboard(self, text: str) -> None:
        """Copy."""
        self._clipboard.copy_to_clipboard(text)

    def read_clipboard(self) -> str:
        """Text that this program copied last."""
        return self._clipboard.clipboard
