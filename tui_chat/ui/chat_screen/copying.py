"""Takes text out of a chat screen, and says which way it went."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the screen owns this
    from tui_chat.ui.chat_screen.screen import ChatScreen


class Copying:
    """Copies for a chat screen, one at a time."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat

    def copy(self, text: str, what: str, *, is_selection: bool = False) -> None:
        """Copy a text; `what` names it for the note."""
        self._chat.run_worker(self._copy(text, what, is_selection=is_selection), group="copy", exclusive=True)

    async def _copy(self, text: str, what: str, *, is_selection: bool) -> None:
        from tui_chat.terminal.clipboard import copied_words, not_copied_words  # the first frame does without

        chat = self._chat
        try:
            copied = await chat.chat_app.outside.clipboard.put(
                text, is_selection=is_selection, may_write_file=not chat.is_temporary
            )
        except OSError as error:
            chat.toast(not_copied_words(error, what), severity="error")
            return
        chat.toast(copied_words(copied, what), severity="information" if copied.ways else "warning")

    def selected(self) -> str:
        """What is selected with the mouse, or in the composer; empty where nothing is."""
        return self._chat.composer.selected_text or self._chat.get_selected_text() or ""

    def follow_mouse(self) -> None:
        """The mouse selected something: copied at once where that is wanted."""
        chat = self._chat
        if chat.chat_app.loaded.settings.copy_on_select and (selected := chat.get_selected_text()):
            self.copy(selected, "the selection", is_selection=True)

    def drop_selection(self) -> None:
        """Nothing is selected any more."""
        self._chat.clear_selection()
        composer = self._chat.composer
        composer.move_cursor(composer.cursor_location)
