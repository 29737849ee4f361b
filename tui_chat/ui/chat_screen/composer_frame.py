"""The frame around the composer: notes and what is being done on its top edge, the keys in force on its bottom edge.

Attachments and queued messages are rows inside it, above the text. On a low screen one edge is left, and has both.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from tui_chat.core import figures
from tui_chat.ui.chat_screen.breakpoints import LOW
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.keys.hints import Hint, Key, keys_in_force, known_keys
from tui_chat.ui.rows.edge import DOT, OPEN, TOP, Piece, key_pieces
from tui_chat.ui.rows.frame import BEHIND, NO_HINTS, Frame
from tui_chat.ui.theming.marks import SEVERITY_MARKS

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.notes import Note

EDGES: Final = 6
"""Cells of an edge that no word takes."""
_FIRST_KEY: Final = 13
"""Cells of `Enter send` and of what stands around it."""
_TONES: Final = {"information": "$foreground", "warning": "$warning", "error": "$error"}
NOTE_AT_LEAST: Final = 20
"""Cells of a note below which the way to the end gives way to it."""


class ComposerFrame(Frame):
    """Holds the composer, and the lines that belong to what is written."""

    DEFAULT_CSS = """
    ComposerFrame { height: auto; background: $background; }
    ComposerFrame.-open, ComposerFrame.-open:focus-within, ComposerFrame.-open.-behind:focus-within {
        & > *, & > TextArea, & > TextArea:focus { border-left: none; border-right: none; }
        & > .-bottom { display: none; }
    }
    """

    def __init__(self, composer: Composer, pairs: Mapping[str, str], hints_of: Callable[[], Sequence[Hint]]) -> None:
        """`pairs` are keys by command id that are pressed after the leader; `hints_of` says what can be done now."""
        super().__init__(composer, id="composer-frame")
        self._composer = composer
        self._pairs = pairs
        self._hints_of = hints_of
        self._note: Note | None = None
        self._rows_missed = 0
        self._request_size = ""

    def on_mount(self) -> None:
        """Follow what the composer says of itself."""
        for name in ("above", "has_chips", "is_written"):
            self.watch(self._composer, name, self.draw_keys, init=False)

    def stand_behind(self, is_behind: bool) -> None:
        """Show no focus, and no cursor either."""
        self._composer.show_cursor = not is_behind
        super().stand_behind(is_behind)

    def show_note(self, note: "Note | None") -> None:
        """Show a note, or none."""
        if note is not self._note:
            self._note = note
            self.draw_keys()

    def show_missed(self, rows: int) -> None:
        """Say how far the end is, where it is out of sight."""
        self._rows_missed = rows
        self.draw_keys()

    def show_size(self, words: str) -> None:
        """Say what the next request would take; empty where nothing would be sent."""
        if words != self._request_size:
            self._request_size = words
            self.draw_keys()

    def draw_keys(self) -> None:
        """Show on both edges what is true now."""
        if not self.is_attached:
            return
        room = self.size.width - EDGES if self.size.width else None  # before the first frame nobody knows
        keys = key_pieces(self._in_force(self._hints_of()), room)
        size = [Piece(_fitting(self._request_size, room))] if self._request_size else []
        above, jump = self._above()
        if self._is_open:
            self.top_edge.show(above or keys, jump or (() if above else size))
        else:
            self.top_edge.show(above, jump)
            self.bottom_edge.show(keys, size)

    def _draw_edges(self) -> None:
        self.draw_keys()

    def _above(self) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """What stands on the top edge: at the left the note, else what is being done; at the right the way to the end,
        in the longest form that leaves the note whole, or readable."""
        room = self.size.width - EDGES
        if self._note is None:
            said = [Piece(self._composer.above)] if self._composer.above else []
            return said, self._ways_to_end()[0]
        mark = SEVERITY_MARKS.get(self._note.severity)
        note = Piece(f"{mark.drawn} {self._note.words}" if mark else self._note.words, _TONES[self._note.severity])
        ways = [(way, room - _width(way) - len(way)) for way in self._ways_to_end()]
        way, room = next(
            ((way, left) for least in (note.width, NOTE_AT_LEAST) for way, left in ways if left >= least), ((), room)
        )
        return self._note_within(note, room), way

    def _note_within(self, note: Piece, room: int) -> Sequence[Piece]:
        """The note, and where it is too long the key that shows it whole."""
        if note.width <= room:
            return [note]
        more = key_pieces(known_keys([Hint("notices", "read it all")], self._pairs))
        if room - _width(more) < NOTE_AT_LEAST:
            more = ()
        return [note.cut(room - _width(more)), *more]

    def _ways_to_end(self) -> Sequence[Sequence[Piece]]:
        """How far the end is and the key that goes there, the longest form first; the last one is empty."""
        if not self._rows_missed:
            return [()]
        long, short = f"↓ {figures.counted(self._rows_missed, 'new line')}", f"↓ {self._rows_missed} new"
        keys = self._in_force([Hint("to-end", "")])
        keyed = [[Piece(f"{words}{DOT}{key.label}", presses=key.presses)] for words in (long, short) for key in keys]
        return [*keyed, [Piece(short if keyed else long)], ()]

    @property
    def _is_open(self) -> bool:
        return self.has_class("-open")

    def _in_force(self, hints: Sequence[Hint]) -> Sequence[Key]:
        if self.app.has_class(NO_HINTS) or self.has_class(BEHIND):
            return ()
        return known_keys(hints, {**self._pairs, **keys_in_force(self.screen)})

    def on_resize(self) -> None:
        """Lay out the note for the new width."""
        self.draw_keys()

    def fit(self, height: int) -> None:
        """Be one edge on a screen of few rows, and hold a text of a third of them."""
        # In cells: Textual 8.2.8 passes over another limit where it measures a frame that is as high as what it holds.
        self._composer.styles.max_height = max(1, height // 3)
        is_open = height < LOW
        if is_open != self._is_open:
            self.set_class(is_open, "-open")
            self.top_edge.show_ends(OPEN if is_open else TOP)
            self.draw_keys()


def _width(pieces: Sequence[Piece]) -> int:
    """Cells of pieces, with what stands between them and what is beside them."""
    return sum(piece.width + len(DOT) for piece in pieces)


def _fitting(size: str, room: int | None) -> str:
    """What the next request would take, without its price where there is no room beside the first key."""
    if room is None or len(size) <= room - _FIRST_KEY:
        return size
    return size.partition(DOT)[0].replace(" tok", "")
