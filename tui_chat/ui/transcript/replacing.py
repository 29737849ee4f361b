"""Replaces the path that is shown, or goes on from its end to the whole of it."""

from collections.abc import Sequence

from tui_chat.core.tree import Node
from tui_chat.ui.transcript.cursor import BlockCursor
from tui_chat.ui.transcript.earlier import AT_FIRST
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.pending import PendingEvents
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.search import Search
from tui_chat.ui.transcript.viewport import Viewport


class Replacing:
    """What stands in the log instead of what stood there."""

    def __init__(
        self,
        transcript: Transcript,
        viewport: Viewport,
        renderer: Renderer,
        cursor: BlockCursor,
        search: Search,
        pending: PendingEvents,
    ) -> None:
        self._transcript = transcript
        self._viewport = viewport
        self._renderer = renderer
        self._cursor = cursor
        self._search = search
        self._pending = pending
        self._is_end = False
        """More stands above what is shown, and is not known yet."""

    def show(self, path: Sequence[Node], *, is_end: bool) -> None:
        """Show this path instead. `is_end`: it is the end of one, of which the whole may be given the next time; what
        is in sight stays there then."""
        was_end, self._is_end = self._is_end, is_end
        if was_end and self._transcript.show_above(path):
            if not self._viewport.is_following:
                self._viewport.make_whole()
            return
        self._cursor.forget()
        self._search.end()
        self._pending.clear()
        self._transcript.show(path, last=AT_FIRST)
        self._renderer.forget_all()
        self._viewport.reset(follows=bool(path))
