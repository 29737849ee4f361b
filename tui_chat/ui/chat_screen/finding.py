"""The search in the conversation: opens the search line, and connects it with the transcript."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING

from textual.screen import Screen

from tui_chat.ui.composing.composer import Composer

if TYPE_CHECKING:  # the line is imported when it is first opened
    from textual.widget import Widget

    from tui_chat.ui.chat_screen.find_bar import FindBar
    from tui_chat.ui.transcript.view import TranscriptView
    from tui_chat.workspace.search import RecentSearches


class Finding:
    """The search of a chat screen."""

    def __init__(
        self,
        screen: Screen[None],
        composer: Composer,
        transcript: "Callable[[], TranscriptView]",
        mount: "Callable[[Widget], Awaitable[None]]",
    ) -> None:
        """`screen` knows the focus; `mount` puts the line into its place."""
        self._screen = screen
        self._composer = composer
        self._transcript = transcript
        self._mount = mount
        self._bar: FindBar | None = None
        self._before: Widget | None = None
        """The widget that had the focus."""
        self._last = ""

    async def open(self, words: str) -> None:
        """Open the line, with the words of the last search where none are given."""
        from tui_chat.ui.chat_screen.find_bar import FindBar

        if self._bar is None:
            self._before = self._screen.focused
            self._bar = FindBar(self, words or self._last)
            await self._mount(self._bar)
        elif self._bar.is_mounted:  # not so where the key is pressed twice in one read
            self._bar.ask(words or self._last)

    @cached_property
    def searches(self) -> "RecentSearches":
        """What was searched for in all conversations."""
        from tui_chat.workspace.search import RecentSearches  # the first frame does without

        return RecentSearches()

    def mark(self, words: tuple[str, ...], node_id: str) -> None:
        """Go to a message and mark words in it, and wherever else they are; the keys of the search go on there."""
        self._last = " ".join(words) or self._last
        self._transcript().find(words, node_id)
        self._transcript().focus()

    def ask(self, words: str) -> None:
        """Search for other words."""
        self._last = words or self._last
        self._transcript().find(words)
        if self._bar is not None and not words.strip():
            self._bar.show_count(0, 0, is_done=True)

    def step(self, by: int) -> None:
        """Go to the next match, or with -1 to the previous one."""
        self._transcript().find_next(by)

    def show(self, event: "TranscriptView.FindProgressed") -> None:
        """Show the progress of the search."""
        if self._bar is not None:
            self._bar.show_count(event.number, event.count, is_done=event.is_done)

    async def leave(self, *, for_text: bool) -> None:
        """Close the line: the matches stay marked where the reader goes on to the text, else all is as it was
        before."""
        bar, self._bar = self._bar, None
        if bar is None:
            return
        before = self._before
        if for_text:
            self._transcript().focus()
        else:
            self._transcript().end_find(goes_back=True)
            (before if before is not None and before.is_attached else self._composer).focus()
        await bar.remove()
