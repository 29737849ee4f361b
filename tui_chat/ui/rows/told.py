"""What came of something: paragraphs behind their marks, whose further lines hang below the first one's words."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.rows import Ink, Row, wrapped

_LONGEST = 2_000
_MARGIN = 1


class Paragraph(NamedTuple):
    """Words behind a mark."""

    mark: str
    """As it is drawn; empty goes on below the one before."""
    words: str
    ink: Ink = Ink.TEXT


class Told(RowsLabel):
    """Nothing at first, and then what is told."""

    DEFAULT_CSS = """
    Told { background: $panel; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(self._told_rows, id=id)
        self._paragraphs: Sequence[Paragraph] = ()

    def tell(self, *paragraphs: Paragraph) -> None:
        """Show these paragraphs in place of those before; none shows nothing."""
        self._paragraphs = [each._replace(words=sanitize_line(each.words, _LONGEST)) for each in paragraphs]
        self.redraw()

    @property
    def text(self) -> str:
        """What is told, a line for each paragraph."""
        return "\n".join(f"{each.mark or ' '} {each.words}" for each in self._paragraphs)

    def _told_rows(self, width: int) -> Sequence[Row]:
        rows: list[Row] = []
        for mark, words, ink in self._paragraphs:
            indent = max(cell_len(mark), 1) + 1
            for place, row in enumerate(wrapped(words, width - indent - 2 * _MARGIN, ink)):
                head = f"{mark:<{indent}}" if place == 0 else " " * indent
                rows.append(((ink, f"{' ' * _MARGIN}{head}"), *row))
        return rows
