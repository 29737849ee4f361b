"""Results that a person types for calls that wait: what is half typed, and what was sent."""

from collections.abc import Sequence

from tui_chat.ui.composing.keys import send_label
from tui_chat.ui.keys.command import OwnKeys
from tui_chat.ui.rows.rows import Ink, Row, cut, wrapped
from tui_chat.ui.rows.tabs import choice_row
from tui_chat.workspace.calls import CallBoard, ResultDraft
from tui_chat.workspace.deciding import CallKey


class TypedResults:
    """The results of one inspector; drafts are the board's, and outlive it."""

    def __init__(self, board: CallBoard, own_keys: OwnKeys) -> None:
        self._board = board
        self._own_keys = own_keys
        self.sent: set[CallKey] = set()
        """Calls whose result was sent and is not known to be saved."""
        self._asked_empty: CallKey | None = None
        """The call for which an empty result was submitted once: submitting again sends it."""

    def draft(self, key: CallKey | None) -> ResultDraft:
        """The result of a call that is half typed."""
        return self._board.drafts.setdefault(key or ("", 0), ResultDraft())

    def keep(self, key: CallKey | None, text: str) -> bool:
        """Keep what is half typed, but of a result that was sent; whether what is said of it changes."""
        if key not in self.sent:
            self.draft(key).text = text
        if text and self._asked_empty is not None:
            self._asked_empty = None
            return True
        return False

    def sends(self, key: CallKey, text: str) -> bool:
        """Take a result that was submitted; False where it is empty, and has to be submitted once more."""
        if not text.strip() and self._asked_empty != key:
            self._asked_empty = key
            return False
        self.sent.add(key)
        self.draft(key).text = text
        return True

    def rows(self, key: CallKey | None, width: int) -> Sequence[Row]:
        """What stands below the field: result or error, or what was made of it."""
        if key in self.sent:
            return [((Ink.MUTED, "The result was sent."),)]
        if self._asked_empty == key:
            words = f"Nothing is written. {send_label(self._own_keys)} again sends it empty."
            return wrapped(words, width, Ink.WARNING)
        return [cut(choice_row(("result", "error"), int(self.draft(key).is_error)), width)]
