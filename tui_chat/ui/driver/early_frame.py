"""The first frame as it is before anything is loaded: what the chat's real first frame shows, cell for cell.

Nothing of Textual is imported for it. It has the composer's frame, with what is typed meanwhile, and the status line.
Where it would depend on more than is known so early it is left out: then there is no early frame.
"""

from tui_chat.terminal.early import HIDE_CURSOR, SHOW_CURSOR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_COLUMNS, MOST_COLUMNS = 60, 500
LEAST_ROWS, MOST_ROWS = 14, 200
ROLES = ("background", "border", "foreground", "muted")
"""Colours of a theme that it takes, each as `#rrggbb`."""
INVITATION = "Write a message, or / for commands"
KEYS = (("Ctrl+P", "commands"), ("Ctrl+L", "models"), ("F1", "help"))
STATE, FIGURES = "ready", "0 tok · $0"
_VAST, _MEASURE = 140, 104
"""From so many columns on, the rows have this width and stand in the middle."""
_AT_LEAST_APART = 3


class Field:
    """The row in which the composer's text stands."""

    __slots__ = ("_column", "_muted", "_row", "_text", "room")

    def __init__(self, row: int, column: int, room: int, *, text: str, muted: str) -> None:
        """`row` and `column` are those of its first cell, from 1 on; `text` and `muted` switch to these colours."""
        self._row, self._column = row, column
        self._text, self._muted = text, muted
        self.room = room
        """Cells that words may take; the caret has one more."""

    def drawn(self, words: str, cells: int = 0) -> str:
        """What writes these words, which take so many cells, and the caret behind them; the invitation where there are
        none."""
        begins, caret = (f"\x1b[{self._row};{self._column + at}H" for at in (0, cells))
        shown, behind = (
            (f"{self._text}{words}", f"{caret}{SHOW_CURSOR}") if words else (f"{self._muted}{INVITATION}", "")
        )
        return f"{HIDE_CURSOR}{begins}{' ' * self.room}{begins}{shown}{behind}"


class EarlyFrame:
    """What is written to show the frame, and where words go in it."""

    __slots__ = ("field", "text")

    def __init__(self, text: str, field: Field) -> None:
        self.text = text
        self.field = field


def early_frame(
    columns: int, rows: int, colors: "Mapping[str, str]", model: str, *, has_hints: bool, erases: bool
) -> EarlyFrame | None:
    """The frame; None where this is not a frame that can be told so early. `erases`: what is erased gets the
    background."""
    width = _MEASURE if columns >= _VAST else columns
    shown = model or "no model"
    gap = width - 2 - len(shown) - 2 - len(STATE) - len(FIGURES)
    fits = LEAST_COLUMNS <= columns <= MOST_COLUMNS and LEAST_ROWS <= rows <= MOST_ROWS and gap >= _AT_LEAST_APART
    if not fits or not (shown.isascii() and shown.isprintable()):
        return None
    try:
        background, border, foreground, muted = (_numbers(colors[role]) for role in ROLES)
    except (KeyError, ValueError):
        return None
    left = (columns - width) // 2 + 1
    on, line, text, quiet = (
        f"\x1b[0;48;2;{background}m",
        *(f"\x1b[38;2;{each}m" for each in (border, foreground, muted)),
    )

    blank = "\x1b[K" if erases else " " * columns

    def at(row: int) -> str:
        return f"\x1b[{row};{left}H"

    keys = f"{quiet} · ".join(f"{text}{key} {quiet}{verb}" for key, verb in KEYS)
    taken = sum(len(key) + 1 + len(verb) for key, verb in KEYS) + 3 * (len(KEYS) - 1)
    bottom = f"╰─ {keys} {line}{'─' * (width - taken - 5)}╯" if has_hints else f"╰{'─' * (width - 2)}╯"
    field = Field(rows - 2, left + 2, width - 5, text=text, muted=quiet)
    written = (
        on,
        *(f"\x1b[{row}H{blank}" for row in range(1, rows + 1)),
        f"{at(rows - 3)}{line}╭{'─' * (width - 2)}╮",
        f"{at(rows - 2)}│{' ' * (width - 2)}│",
        f"{at(rows - 1)}{bottom}",
        f"{at(rows)} {text}{shown}  {quiet}{STATE}{' ' * gap}{FIGURES}",
        field.drawn(""),
    )
    return EarlyFrame("".join(written), field)


def _numbers(colour: str) -> str:
    """The parameters of a colour.

    Raises:
        ValueError: it is not `#rrggbb`.
    """
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(colour)
    return ";".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
