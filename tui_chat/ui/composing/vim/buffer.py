"""The text that vim's modes edit, as they see it: lines, a caret, and spans that are replaced."""

from typing import NamedTuple, Protocol

from tui_chat.ui.composing.editable import Location


class TextLines(Protocol):
    """Text to move in."""

    @property
    def line_count(self) -> int:
        """At least one."""
        ...

    def line(self, row: int) -> str:
        """One line, without its end."""
        ...


class Buffer(TextLines, Protocol):
    """Text to change."""

    caret: Location

    def between(self, start: Location, end: Location) -> str:
        """The text of a span."""
        ...

    def replace(self, text: str, start: Location, end: Location) -> Location:
        """Replace the text of a span; return the place after it. The caller sets the caret again."""
        ...

    def begin_change(self) -> None:
        """Begin a change, which is undone apart from earlier ones."""
        ...

    def undo(self) -> None:
        """Undo the last change, with the caret where it was made."""
        ...

    def redo(self) -> None:
        """Redo what was undone."""
        ...

    def past_edge(self, direction: int) -> None:
        """Take note that the caret would leave the first (-1) or the last (1) line."""
        ...

    def command_line(self) -> None:
        """Ask the person for a command by its name."""
        ...

    def write_clipboard(self, text: str) -> None:
        """Write to the machine's clipboard."""
        ...

    def read_clipboard(self) -> str:
        """The text that was copied last, as far as it is known here."""
        ...


class Span(NamedTuple):
    """Part of a text."""

    start: Location
    end: Location
    """The place after its last character."""
    is_lines: bool = False
    """Whole lines, whatever the columns say."""


def first_column(line: str) -> int:
    """The column of the first character that is not blank; the last column of a blank line."""
    return min(len(line) - len(line.lstrip()), max(0, len(line) - 1))


def on_character(lines: TextLines, place: Location) -> Location:
    """The place, moved to where a caret can stand on a character."""
    row = min(max(0, place[0]), lines.line_count - 1)
    return row, min(max(0, place[1]), max(0, len(lines.line(row)) - 1))
