"""The search in the conversation: opens the line that asks, and passes on between it and the transcript."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the screen owns this; the line is imported when it is first opened
    from textual.widget import Widget

    from tui_chat.ui.chat_screen.find_bar import FindBar
    from tui_chat.ui.chat_screen.screen import ChatScreen
    from tui_chat.ui.transcript.view import TranscriptView


class Finding:
    """The search of a chat screen."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._bar: FindBar | None = None
        self._before: Widget | None = None
        """What had the focus."""
        self._last = ""

    async def open(self, words: str) -> None:
        """Open the line, with the words of the last search where none are given."""
        from tui_chat.ui.chat_screen.find_bar import FindBar

        chat = self._chat
        if self._bar is None:
            self._before = chat.focused
            self._bar = FindBar(words or self._last)
            await chat.mount(self._bar, after="#main")
        elif self._bar.is_mounted:  # not so where the key is pressed twice in one read
            self._bar.ask(words or self._last)

    def ask(self, words: str) -> None:
        """Other words are looked for."""
        self._last = words or self._last
        self._chat.transcript.find(words)
        if self._bar is not None and not words.strip():
            self._bar.show_count(0, 0, is_done=True)

    def show(self, event: "TranscriptView.FindProgressed") -> None:
        """Say how far the search is."""
        if self._bar is not None:
            self._bar.show_count(event.number, event.count, is_done=event.is_done)

    async def leave(self, *, for_text: bool) -> None:
        """Close the line: the places stay marked for who goes to the text, else all is as it was before."""
        bar, self._bar = self._bar, None
        if bar is None:
            return
        chat, before = self._chat, self._before
        if for_text:
            chat.transcript.focus()
        else:
            chat.transcript.end_find(goes_back=True)
            (before if before is not None and before.is_attached else chat.composer).focus()
        await bar.remove()
