"""Shows the title that a model gave, wherever a title or the spending stands."""

from collections.abc import Callable
from typing import Protocol

from tui_chat.chat.titles import Titles
from tui_chat.core.errors import Failure

_NAMED_BY_HAND = "The first line of the question stays; /rename gives another name."


class CallingHost(Protocol):
    """The screen, which does things in its own time."""

    def call_later(self, callback: Callable[[], object]) -> bool:
        """Call this when the messages before it are done."""
        ...


class Titling:
    """The titles of a chat screen's conversations."""

    def __init__(self, host: CallingHost, show: Callable[[], None], keep: Callable[[str], None]) -> None:
        """`show` shows title and spending; `keep` keeps a note that is not shown."""
        self._host = host
        self._show = show
        self._keep = keep
        self._said: Failure | None = None

    def begin(self, titles: Titles) -> None:
        """Show titles from now on."""
        titles.when_taken(lambda: self._host.call_later(lambda: self._taken(titles)))

    def _taken(self, titles: Titles) -> None:
        self._show()
        if (failure := titles.failure) is not None and failure != self._said:
            title = f"{failure.title}: " if failure.title else ""
            self._keep(f"No title from {titles.model}: {title}{failure.message} {_NAMED_BY_HAND}")
        self._said = titles.failure
