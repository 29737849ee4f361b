"""Notifications for a person who looks elsewhere: an answer ended, or a call waits for its result.

They are a desktop notification or the bell, both only where the settings say so, and one for each event. The terminal's
focus reports say whether the person looks elsewhere. A terminal that never sent one may still be behind another window:
then a person who has touched neither key nor mouse for a while counts as away.
"""

import os
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.terminal.kind import NoteForm, passed_through, terminal_kind

AWAY_S: Final = 45.0
"""Time without input after which a person counts as away, where the terminal reports no focus. It is longer than most
answers take to begin."""
BELL: Final = "\x07"
LONGEST_WORDS: Final = 120


def news_of(answer: AnswerInfo, pending_call: str) -> str:
    """Word the end of an answer for a person who was not looking; empty where it is no news.

    `pending_call` is the name of the tool whose call waits for its result; empty for none.
    """
    if answer.outcome is None or answer.outcome is Outcome.CANCELLED:
        return ""
    if answer.failure is not None:
        return f"{answer.failure.title}: {answer.failure.message}"
    if pending_call:
        return f"{pending_call} waits for its result"
    return "The answer is there" if answer.outcome is Outcome.COMPLETE else "The answer is incomplete"


class Notifier:
    """Decides whether to notify, and how."""

    def __init__(
        self,
        write: Callable[[str], None],
        *,
        has_focus: Callable[[], bool | None],
        last_input_at: Callable[[], float],
        way: str = "terminal",
        environ: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`write` writes to the terminal; `way` is the setting `notify`.

        `has_focus` is the last report of the terminal, None where it never sent one; `last_input_at` is the time of its
        last input of any kind.
        """
        self._write = write
        self._has_focus = has_focus
        self._last_input_at = last_input_at
        self._way = way
        self._kind = terminal_kind(environ)
        self._clock = clock

    @property
    def is_anybody_here(self) -> bool:
        """The person sees the screen, as far as is known."""
        has_focus = self._has_focus()
        return self._clock() - self._last_input_at() < AWAY_S if has_focus is None else has_focus

    def tell(self, title: str, words: str) -> bool:
        """Notify a person who looks elsewhere, and say whether that was done. The words need not be sanitised."""
        if self._way == "off" or not words or self.is_anybody_here:
            return False
        note = self._note(_field(title, 60), _field(words, LONGEST_WORDS))
        if not note or self._way != "terminal":
            note = BELL + note
        self._write(note)
        return True

    def _note(self, title: str, words: str) -> str:
        """Make the sequence for a desktop notification; empty where the terminal shows none, or none is wanted."""
        if self._way == "bell" or not self._kind.reads_strings:
            return ""
        form = self._kind.note_form
        if form is NoteForm.NONE and self._way == "all":
            form = NoteForm.OSC_9  # a terminal ignores a sequence that it does not know
        match form:
            case NoteForm.OSC_777:
                sequence = f"\x1b]777;notify;{title};{words}\x07"
            case NoteForm.OSC_9:
                sequence = f"\x1b]9;{title}: {words}\x07"
            case NoteForm.NONE:
                return ""
        return passed_through(sequence, self._kind.multiplexer)


def _field(words: str, limit: int) -> str:
    """Sanitise the words of a field, which a semicolon would end."""
    return sanitize_line(words, limit).replace(";", ",")
