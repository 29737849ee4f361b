"""The viewport: the first row in sight, the number of rows, and whether the end is followed.

A settled viewport lies within the log, and everything in sight has its exact height: `settle`, `go` and `show` leave it
so.
"""

from collections.abc import Callable

from textual.strip import Strip

from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import Section
from tui_chat.ui.transcript.window import RowPlace, Window


class Viewport:
    """A place in the log and as many rows as the view has."""

    def __init__(self, transcript: Transcript, window: Window, height: Callable[[], int]) -> None:
        """`height` says how many rows the view has now; 0 before it was laid out."""
        self._transcript = transcript
        self._window = window
        self._ask_height = height
        self._height = 0
        """Rows in sight, as they were when it was settled last: asked for once a frame."""
        self._top = 0
        self._is_following = True
        self._rows_missed = 0
        """Rows that came while the reader was elsewhere."""

    @property
    def height(self) -> int:
        """Rows in sight."""
        return self._ask_height()

    @property
    def top(self) -> int:
        """The first row in sight."""
        return self._top

    @property
    def end(self) -> int:
        """The row below the last one in sight."""
        return self._top + self.height

    @property
    def total(self) -> int:
        """Rows of the whole log."""
        return self._transcript.index.total

    @property
    def is_following(self) -> bool:
        """The end stays in sight while the log grows."""
        return self._is_following

    @property
    def rows_missed(self) -> int:
        """Number of rows below that came while the reader was elsewhere."""
        if self._is_following or not self._rows_missed:
            return 0
        return max(0, min(self._rows_missed, self.total - self.end))

    def rows(self) -> list[Strip]:
        """The rows in sight, as a list of the caller's own."""
        return self._window.gather(self._top, self._height)

    def sections(self) -> list[Section]:
        """The sections of which rows are in sight."""
        return self._window.sections(self._top, self._height)

    def places(self) -> list[tuple[int, RowPlace] | None]:
        """For each row in sight, the section by its number, and the place; None below the end."""
        return self._window.places(self._top, self._height)

    def place(self, y: int) -> tuple[int, RowPlace] | None:
        """The place of a row in sight, as in `places`."""
        return self._window.places(self._top + y, 1)[0]

    def row_of(self, place: RowPlace) -> int | None:
        """The row of the log at which a place stands now; None where it is gone."""
        return self._window.row_of(place)

    # Moving

    def reset(self, *, follows: bool) -> None:
        """Show the first row of another conversation, or its end."""
        self._top = 0
        self._is_following = follows

    def settle(self) -> None:
        """Measure what is in sight, and stay within the log."""
        self._settle(self.height)

    def go(self, top: int) -> None:
        """Show the rows from `top`; at the end, follow it."""
        height = self.height
        if not self._transcript.is_whole:
            moved = top - self._top
            self.make_whole()
            top = self._top + moved if top else 0
        self._top = max(0, top)
        self._is_following = False
        end = self._window.settle_end(height) if top + 2 * height >= self.total else None
        if end is not None and top >= end:
            self._is_following = True
        self._settle(height)

    def make_whole(self) -> None:
        """Lay out all that is above; what is in sight stays there."""
        if above := self._transcript.make_earlier():
            self._top += above
            self.settle()

    def page(self, pages: int) -> None:
        """Go on by screens, one row kept in sight."""
        self.go(self._top + pages * max(1, self.height - 1))

    def follow(self) -> None:
        """Show the end from the next `settle` on, and stay there."""
        self._is_following = True

    def stay(self) -> None:
        """Stop following, though the end may be in sight."""
        self._is_following = False

    def grew(self, rows: int) -> None:
        """Count rows that came, or went, below."""
        self._rows_missed = max(0, self._rows_missed + rows)

    def measure(self, place: RowPlace) -> None:
        """Measure the surroundings of a place elsewhere; the rows in sight stay."""
        if (row := self._window.row_of(place)) is None:
            return
        first = self._window.place_at(self._top)
        self._window.settle(row, self.height)
        self._top = (self._window.row_of(first) if first is not None else None) or self._top

    def show(self, place: RowPlace) -> None:
        """Bring a place into sight, with something above and below it."""
        self.measure(place)
        if (row := self._window.row_of(place)) is None:
            return
        height = self.height
        if self._top + 1 <= row < self._top + height - 2:
            self.settle()
        else:
            self.go(max(0, row - height // 3))

    # Coming back

    def bookmark(self) -> RowPlace | None:
        """A bookmark for `turn_to`: the place at the top, or None for the end that is followed."""
        return None if self._is_following else self._window.place_at(self._top)

    def turn_to(self, bookmark: RowPlace | None) -> None:
        """Come back to a bookmark, as far as its place is still there."""
        if bookmark is None:
            self.follow()
        elif (row := self._window.row_of(bookmark)) is not None:
            self.go(row)

    def resize(self, width: int) -> None:
        """Wrap everything for a width, if it has changed; the place at the top stays there."""
        if width != self._transcript.width:
            top = self.bookmark()
            self._window.resize(width)
            self.hold(top)

    def hold(self, bookmark: RowPlace | None) -> None:
        """Keep the place at the top where it is, after rows above it have come or gone."""
        if bookmark is not None and not self._is_following:
            self._top = self._window.row_of(bookmark) or 0

    def _settle(self, height: int) -> None:
        self._height = height
        if not height:
            return
        if self._is_following:
            top = self._window.settle_end(height)
            self._rows_missed = 0
        else:
            top = self._window.settle(self._top, height)
        self._top = max(0, min(top, self.total - height))
