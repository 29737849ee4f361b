"""An edge of a frame: a line with words at both ends. What does not fit gives way in a fixed order."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.keys.hints import Key, fitted
from tui_chat.ui.theming.marks import drawn_keys

DOT: Final = " · "
ASIDE: Final = "  "
"""Between a title and what is said of it."""
MUTED: Final = "$muted-tone"
TEXT: Final = "$foreground"
TITLE: Final = "$foreground bold"


class Ends(NamedTuple):
    """The first and the last cell of an edge, and the line between them."""

    left: str
    right: str
    line: str = "─"


TOP: Final = Ends("╭", "╮")
MIDDLE: Final = Ends("├", "┤")
BOTTOM: Final = Ends("╰", "╯")
OPEN: Final = Ends("─", "─")


class Piece(NamedTuple):
    """Words on an edge."""

    words: str
    tone: str = MUTED
    label: str = ""
    """A key before the words."""
    presses: tuple[str, ...] = ()
    """Keys that a click presses."""

    @property
    def width(self) -> int:
        """Cells."""
        return cell_len(self.words) + (cell_len(self.label) + bool(self.words) if self.label else 0)

    def cut(self, width: int) -> "Piece":
        """The piece in at most `width` cells, its end marked where it is cut."""
        if self.width <= width:
            return self
        room = max(0, width - 1 - (cell_len(self.label) + 1 if self.label else 0))
        return self._replace(words=set_cell_size(self.words, room).rstrip() + "…")

    @property
    def content(self) -> Content:
        """The words in their tones."""
        if not self.label:
            return Content.styled(self.words, self.tone)
        return Content.assemble((self.label, TEXT), " " if self.words else "", (self.words, self.tone))


def key_pieces(keys: Sequence[Key], room: int | None = None) -> tuple[Piece, ...]:
    """Hints as pieces; in their short forms where they do not fit into `room` cells."""
    drawn = [key._replace(label=drawn_keys(key.label)) for key in keys]
    fitting = drawn if room is None else fitted(drawn, room, len(DOT))
    return tuple(Piece(key.verb, label=key.label, presses=key.presses) for key in fitting)


class Placed(NamedTuple):
    """A piece, and the cell of the edge that it begins in."""

    start: int
    piece: Piece


def lay_out(left: Sequence[Piece], right: Sequence[Piece], width: int, joint: str = DOT) -> tuple[Placed, ...]:
    """Place what fits on an edge of `width` cells; `joint` stands between the first piece at the left and the rest.

    The first of the right pieces give way, then the last of the left ones; then the verb of the way out, where the
    title is whole without it; then the first one is cut.
    """
    left, right = list(left), list(right)
    room = width - 4  # `╭─` and `─╮`

    def size() -> int:
        used = sum(piece.width + len(DOT) for piece in (*left, *right))
        used += len(joint) - len(DOT) if len(left) > 1 else 0
        return used - (len(DOT) - 2) * (bool(left) + bool(right)) + (1 if left and right else 0)

    while size() > room:
        if len(right) > 1:
            right.pop(0)
        elif len(left) > 1:
            left.pop()
        elif right and left and right[0].label and 0 < size() - room <= cell_len(right[0].words) + 1:
            right[0] = right[0]._replace(words="")
        elif right and left and size() - room > left[0].width - 8:
            right.pop()
        elif left:
            left[0] = left[0].cut(max(1, left[0].width - (size() - room)))
            break
        else:
            break
    placed, at = [], 3
    for number, piece in enumerate(left):
        placed.append(Placed(at, piece))
        at += piece.width + len(joint if number == 0 else DOT)
    at = width - 3
    behind = []
    for piece in reversed(right):
        at -= piece.width
        behind.append(Placed(at, piece))
        at -= len(DOT)
    return (*placed, *reversed(behind))


class Edge(Widget):
    """A line with words in it; a click on a key presses it."""

    DEFAULT_CSS = """
    Edge { height: 1; width: 100%; color: $border-blurred; }
    """

    class Entered(Message):
        """A key on the edge was clicked."""

        def __init__(self, presses: tuple[str, ...]) -> None:
            super().__init__()
            self.presses = presses

    def __init__(self, ends: Ends, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._ends = ends
        self._left: tuple[Piece, ...] = ()
        self._right: tuple[Piece, ...] = ()
        self._joint = DOT
        self._meets: tuple[int, str] | None = None

    def meet(self, cell: int | None, sign: str = "┴") -> None:
        """Show that another line meets this one in a cell; None where none does."""
        meets = None if cell is None else (cell, sign)
        if meets != self._meets:
            self._meets = meets
            self.refresh()

    def show(self, left: Sequence[Piece] = (), right: Sequence[Piece] = (), *, joint: str = DOT) -> None:
        """Show these words; nothing in them is parsed as markup."""
        shown = tuple(map(_harmless, left)), tuple(map(_harmless, right)), joint
        if shown != (self._left, self._right, self._joint):
            self._left, self._right, self._joint = shown
            self.refresh()

    def show_ends(self, ends: Ends) -> None:
        """Draw the line with other ends."""
        self._ends = ends
        self.refresh()

    @property
    def placed(self) -> tuple[Placed, ...]:
        """The pieces that are shown, from left to right."""
        return lay_out(self._left, self._right, self.size.width, self._joint)

    @property
    def words(self) -> str:
        """What is said on the edge, without its line."""
        return DOT.join(piece.content.plain for _, piece in self.placed)

    def render(self) -> Content:
        """The line, with a blank around words that stand alone and a joint between those that stand together."""
        width = self.size.width
        parts = [Content(self._ends.left)]
        at = 1
        for number, (start, piece) in enumerate(self.placed):
            gap = start - at
            if number and gap <= len(DOT):
                parts.append(Content.styled(DOT if gap == len(DOT) else ASIDE, MUTED))
            else:
                before = " " if number else ""
                parts.append(Content(before + self._line(at + len(before), start - 1) + " "))
            parts.append(piece.content)
            at = start + piece.width
        before = " " if at > 1 else ""
        parts.append(Content(before + self._line(at + len(before), width - 1) + self._ends.right))
        return Content("").join(parts)

    def _line(self, start: int, end: int) -> str:
        """The line in these cells."""
        line = self._ends.line * (end - start)
        if self._meets is not None and start <= self._meets[0] < end:
            at = self._meets[0] - start
            line = line[:at] + self._meets[1] + line[at + 1 :]
        return line

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        event.stop()
        for start, piece in self.placed:
            if piece.presses and start <= event.x < start + piece.width:
                self.post_message(self.Entered(piece.presses))


def _harmless(piece: Piece) -> Piece:
    return piece._replace(words=sanitize_line(piece.words, 500), label=sanitize_line(piece.label, 80))
