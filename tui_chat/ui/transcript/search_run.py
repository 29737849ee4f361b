"""A running search: the conversation is searched in slices, and the screen stays responsive between them."""

from collections.abc import Callable
from functools import partial
from typing import Final

from tui_chat.ui.transcript.finding import Finder
from tui_chat.ui.transcript.search import Search
from tui_chat.ui.transcript.sought import Words

FIND_AGAIN_S: Final = 0.3
"""Seconds after which the search looks through what has come of an answer that grows."""
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
        self._is_due = False

    def begin(self, words: Words, node_id: str = "") -> None:
        """Begin a search, in place of the previous one; where a message is named, with its first match."""
        self._look(self._search.begin(words, node_id))

    def step(self, step: int) -> None:
        """Go to the next match, or with -1 to the previous one."""
        if (finder := self._search.finder) is not None:
            self._search.step(step)
            self._show()
            self._progressed(finder)

    def grew(self) -> None:
        """What is searched has grown: count that too, and stay where the reader is."""
        if self._search.finder is not None and not self._is_due:
            self._is_due = True
            self._later(FIND_AGAIN_S, self._look_again)

    def _look_again(self) -> None:
        self._is_due = False
        if (finder := self._search.finder) is None:
            return
        if not finder.is_done:
            self.grew()
        elif finder.look_again():
            self._look(finder, stays=True)

    def _look(self, finder: Finder, *, stays: bool = False) -> None:
        if finder is not self._search.finder:
            return
        is_done = finder.scan(FIND_SLICE_S)
        if finder.current is None and finder.may_begin and not stays:
            self.step(0)
        else:
            self._progressed(finder)
        if not is_done:
            self._later(FIND_SLICE_S, partial(self._look, finder, stays=stays))
        elif stays:
            self._show()  # it marks them
