"""Copies text from a chat screen, and says how it was copied."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.composing.composer import Composer

if TYPE_CHECKING:
    from tui_chat.terminal.clipboard import Clipboard


class Copying:
    """Copies for a chat screen, one at a time."""

    def __init__(
        self, host: Host, composer: Composer, screen: Screen[None], clipboard: "Callable[[], Clipboard]"
    ) -> None:
        """`screen` holds the mouse's selection; the clipboard is there after the first frame."""
        self._host = host
        self._composer = composer
        self._screen = screen
        self._clipboard = clipboard

    def copy(self, text: str, what: str, *, is_selection: bool = False) -> None:
        """Copy a text; `what` names it in the note."""
        self._host.run_worker(self._copy(text, what, is_selection=is_selection), group="copy", exclusive=True)

    async def _copy(self, text: str, what: str, *, is_selection: bool) -> None:
        from tui_chat.terminal.clipboard import copied_words, not_copied_words  # the first frame does without

        try:
            copied = await self._clipboard().put(
                text, is_selection=is_selection, may_write_file=not self._host.conversation.is_temporary
            )
        except OSError as error:
            self._host.note(not_copied_words(error, what), severity="error")
            return
        self._host.note(copied_words(copied, what), severity="information" if copied.ways else "warning")

    def selected(self) -> str:
        """Text selected with the mouse or in the composer; empty where there is none."""
        return self._composer.selected_text or self._screen.get_selected_text() or ""

    def copy_mouse_selection(self) -> None:
        """Copy the mouse's selection."""
        if selected := self._screen.get_selected_text():
            self.copy(selected, "the selection", is_selection=True)

    def drop_selection(self) -> None:
        """Clear the selection."""
        self._screen.clear_selection()
        self._composer.move_cursor(self._composer.cursor_location)
