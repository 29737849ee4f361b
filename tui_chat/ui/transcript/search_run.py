"""A running search: the conversation is searched in slices, and the screen stays responsive between them."""

from collections.abc import Callable
from functools import partial
from typing import Final

from tui_chat.ui.transcript.finding import Finder
from tui_chat.ui.transcript.search import Search
from tui_chat.ui.transcript.sought import Words

FIND_SLICE_S: Final = 0.006
"""Seconds that a slice of a search may take before the next frame."""

Later = Callable[[float, Callable[[], None]], object]
"""Calls a function after so many seconds."""


class SearchRun:
    """Goes to the first match, and searches on until everything was searched."""

    def __init__(
        self, search: Search, later: Later, show: Callable[[], None], progressed: Callable[[Finder], None]
    ) -> None:
        """`show` is called where another match is to be shown, `progressed` where more is known."""
        self._search = search
        self._later = later
        self._show = show
        self._progressed = progressed

    def begin(self, words: Words, node_id: str = "") -> None:
        """Begin a search, in place of the previous one; where a message is named, with its first match."""
        self._look(self._search.begin(words, node_id))

    def step(self, step: int) -> None:
        """Go to the next match, or with -1 to the previous one."""
        if (finder := self._search.finder) is not None:
            self._search.step(step)
            self._show()
            self._progressed(finder)

    def _look(self, finder: Finder) -> None:
        if finder is not self._search.finder:
            return
        is_done = finder.scan(FIND_SLICE_S)
        if finder.current is None and finder.may_begin:
            self.step(0)
        else:
            self._progressed(finder)
        if not is_done:
            self._later(FIND_SLICE_S, partial(self._look, finder))
