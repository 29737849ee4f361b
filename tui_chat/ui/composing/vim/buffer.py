"""What the modes edit, as they see it: lines, a caret, and spans that are replaced."""

from typing import NamedTuple, Protocol

from tui_chat.ui.composing.editable import Place


class Lines(Protocol):
    """Text to move in."""

    @property
    def line_count(self) -> int:
        """At least one."""
        ...

    def line(self, row: int) -> str:
        """One line, without its end."""
        ...


class Buffer(Lines, Protocol):
    """Text to change."""

    caret: Place

    def between(self, start: Place, end: Place) -> str:
        """The text of a span."""
        ...

    def replace(self, text: str, start: Place, end: Place) -> Place:
        """Put text in the place of a span; the place after it. The caret may move, and is set anew by who calls."""
        ...

    def begin_change(self) -> None:
        """What follows is undone apart from what came before."""
        ...

    def undo(self) -> None:
        """Take the last change back, the caret where it was made."""
        ...

    def redo(self) -> None:
        """Do again what was taken back."""
        ...

    def past_edge(self, direction: int) -> None:
        """The caret would leave the first (-1) or the last (1) line."""
        ...

    def command_line(self) -> None:
        """The person asks for a command by its name."""
        ...

    def write_clipboard(self, text: str) -> None:
        """Hand text to the machine's clipboard."""
        ...

    def read_clipboard(self) -> str:
        """What was copied last, as far as it can be known here."""
        ...


class Span(NamedTuple):
    """Part of a text."""

    start: Place
    end: Place
    """The place after its last character."""
    is_lines: bool = False
    """Whole lines, whatever the columns say."""


def first_column(line: str) -> int:
    """The column of the first character that is not blank; the last column of a blank line."""
    return min(len(line) - len(line.lstrip()), max(0, len(line) - 1))


def on_character(lines: Lines, place: Place) -> Place:
    """The place, moved to where a caret can stand on a character."""
    row = min(max(0, place[0]), lines.line_count - 1)
    return row, min(max(0, place[1]), max(0, len(lines.line(row)) - 1))
