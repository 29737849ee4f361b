"""What a server writes beside its answers: its last lines, each within a bound, and harmless."""

from collections import deque
from collections.abc import Callable
from typing import Final

from tui_chat.core.sanitize import sanitize_line
from tui_chat.tools.servers.lines import Lines

_MOST_LINES: Final = 200
_LONGEST_LINE: Final = 1000


class ServerLog:
    """Of one server."""

    def __init__(self) -> None:
        self._kept: deque[str] = deque(maxlen=_MOST_LINES)
        self._lines = Lines(_LONGEST_LINE * 4)
        self.mask: Callable[[str], str] = str
        """Takes secrets out of a line."""
        self.followers: list[Callable[[str], None]] = []
        """One for each call that runs. Where there is only one, it is given every line as it comes; of several nobody
        knows whose a line is."""

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of its standard error."""
        for line in self._lines.feed(piece):
            self.add(line.decode(errors="replace"))

    def add(self, line: str, whose: Callable[[str], None] | None = None) -> None:
        """Take a line; `whose` is the follower that it is meant for, None where nobody knows that."""
        if shown := sanitize_line(self.mask(line), _LONGEST_LINE).strip():
            self._kept.append(shown)
            if whose is None and len(self.followers) == 1:
                (whose,) = self.followers
            if whose is not None:
                whose(shown)

    def clear(self) -> None:
        """Forget the lines of a run that is over."""
        self._kept.clear()

    @property
    def kept(self) -> tuple[str, ...]:
        """The last lines, the oldest first."""
        return tuple(self._kept)
