"""Notes: what is said in passing, one sentence at a time on the composer's edge.

A note goes when its time is over, or with the next key once it has stood for a second, so that who types sees it, too.
A warning or a failure is not taken away by the next note, which waits until it has been read. Only a brief note, which
speaks of this moment, is shown in between.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.sanitize import sanitize_line

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

SECONDS: Final = {"information": 5.0, "warning": 10.0, "error": 10.0}
STANDS_S: Final = {"information": 0.0, "warning": 2.0, "error": 3.0}
"""How long a note stands before another one takes its place."""
BRIEF_S: Final = 2.0
"""The longest time of a brief note."""
READ_AFTER_S: Final = 1.0
"""How long a note stands before a key takes it away."""
KEPT: Final = 50
LONGEST: Final = 2_000


class Note(msgspec.Struct, frozen=True):
    """Something that was said; never markup."""

    words: str
    severity: "SeverityLevel"
    said_at: float
    """Seconds since the epoch."""
    seconds: float
    """How long it is shown."""

    @property
    def is_brief(self) -> bool:
        """It speaks of this moment: it waits for no other note, and stands for all its time."""
        return self.seconds <= BRIEF_S


class Notes:
    """The note that is shown, those that wait for it, and the last fifty that were not brief."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, now: Callable[[], float] = time.time) -> None:
        self._monotonic = monotonic
        self._now = now
        self._waiting: deque[Note] = deque(maxlen=KEPT)
        self._recent: deque[Note] = deque(maxlen=KEPT)
        self._since = 0.0
        self.current: Note | None = None
        """The note that is shown."""

    @property
    def recent(self) -> tuple[Note, ...]:
        """The last notes, the newest first."""
        return tuple(reversed(self._recent))

    def add(self, words: str, severity: "SeverityLevel" = "information", seconds: float | None = None) -> None:
        """Say something: at once, or as soon as a warning before it was read.

        A brief note is shown at once, and a warning that was not read comes back after it.
        """
        sentence = sanitize_line(" ".join(words.split()), LONGEST)
        note = Note(sentence, severity, self._now(), SECONDS[severity] if seconds is None else seconds)
        current = self.current
        if not note.is_brief and (current is None or current.words != note.words):
            self._recent.append(note)
        if any(waiting.words == note.words for waiting in self._waiting):
            return
        is_unread = current is not None and self._age < STANDS_S[current.severity]
        if current is None or current.words == note.words:
            self._show(note)
        elif note.is_brief:
            if is_unread:
                self._waiting.appendleft(current)
            self._show(note)
        elif is_unread or self._waiting:
            self._waiting.append(note)
        else:
            self._show(note)

    def keep(self, words: str) -> None:
        """Keep a note among the last ones that nobody needs to be shown."""
        self._recent.append(Note(sanitize_line(" ".join(words.split()), LONGEST), "information", self._now(), 0.0))

    def key_pressed(self) -> bool:
        """Take away a note that was read; True where it went."""
        if self.current is None or self._age < READ_AFTER_S:
            return False
        self._show(self._waiting.popleft() if self._waiting else None)
        return True

    def follow_clock(self) -> float | None:
        """Take away the note whose time is over, and show the next one. Seconds until something changes again; None
        where nothing will."""
        while (current := self.current) is not None:
            until = STANDS_S[current.severity] if self._waiting and not current.is_brief else current.seconds
            if self._age < until:
                return until - self._age
            self._show(self._waiting.popleft() if self._waiting else None)
        return None

    @property
    def _age(self) -> float:
        return self._monotonic() - self._since

    def _show(self, note: Note | None) -> None:
        self.current, self._since = note, self._monotonic()


def words_of(failure: Failure) -> str:
    """A failure, and what to do about it here."""
    from tui_chat.workspace.advice import Audience, advise  # a start that goes well does without

    title = f"{failure.title}: " if failure.title else ""
    return f"{title}{failure.message} {advise(failure, Audience.CHAT)}".strip()
