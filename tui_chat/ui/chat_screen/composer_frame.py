"""The frame around the composer: notes and what is being done on its top edge, the keys in force on its bottom edge.

Attachments and queued messages are rows inside it, above the text. On a low screen one edge is left, and has both.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from textual import events

from tui_chat.ui.chat_screen.breakpoints import LOW
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.keys.hints import Hint, Key, keys_in_force, known_keys
from tui_chat.ui.rows.edge import DOT, OPEN, TOP, Piece, key_pieces
from tui_chat.ui.rows.frame import NO_HINTS, Frame

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.notes import Note

EDGES: Final = 6
"""Cells of the top edge that no word takes."""
_MARKS: Final = {"information": ("", "$foreground"), "warning": ("▲ ", "$warning"), "error": ("✗ ", "$error")}


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
        self._jump = ""

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
        self._jump = f"↓ {rows} new line{'s' if rows > 1 else ''}" if rows else ""
        self.draw_keys()

    def draw_keys(self) -> None:
        """Show on both edges what is true now."""
        if not self.is_attached:
            return
        keys = key_pieces(self._in_force(self._hints_of()))
        jump = [Piece(self._jump), *key_pieces(self._in_force([Hint("to-end", "")]))] if self._jump else []
        above = self._above()
        if self._is_open:
            self.top_edge.show(above or keys, jump)
        else:
            self.top_edge.show(above, jump)
            self.bottom_edge.show(keys)

    def _above(self) -> Sequence[Piece]:
        """The note, and where it is too long the key that shows it whole; else what is being done."""
        if self._note is not None:
            mark, tone = _MARKS[self._note.severity]
            note = Piece(mark + self._note.words, tone)
            if note.width <= self.size.width - EDGES:
                return [note]
            more = key_pieces(known_keys([Hint("notices", "all of it")], self._pairs))
            room = self.size.width - EDGES - sum(piece.width + len(DOT) for piece in more)
            return [note.cut(room), *more]
        return [Piece(self._composer.above)] if self._composer.above else []

    @property
    def _is_open(self) -> bool:
        return self.has_class("-open")

    def _in_force(self, hints: Sequence[Hint]) -> Sequence[Key]:
        if self.app.has_class(NO_HINTS) or (len(self.app.screen_stack) > 1 and self.app.screen is not self.screen):
            return ()
        return known_keys(hints, {**self._pairs, **keys_in_force(self.screen)})

    def on_resize(self, event: events.Resize) -> None:
        """Be one edge on a low screen."""
        del event
        is_open = self.screen.size.height < LOW
        if is_open != self._is_open:
            self.set_class(is_open, "-open")
            self.top_edge.show_ends(OPEN if is_open else TOP)
            self.draw_keys()
