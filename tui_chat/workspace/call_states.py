"""How a tool call stands, and what has come of its arguments, in the words that every front end shows."""

from enum import StrEnum
from typing import Final

from tui_chat.core import figures
from tui_chat.core.growing_parts import MOST_FRAGMENTS
from tui_chat.core.parts import ToolResult

STALLED_S: Final = 5.0
"""Seconds without a piece after which a call is stalled."""


class CallState(StrEnum):
    """State of a call, in the words that every front end shows."""

    ARRIVING = "writing"
    WAITING = "waits for you"
    RUNNING = "running"
    ANSWERED = "answered"
    ANSWERED_AS_ERROR = "failed"
    DENIED = "denied"
    """The person did not let it run."""
    LEFT = "unanswered"
    """The conversation went on without it."""
    NOT_TO_BE_ACTED_ON = "not to be acted on"
    CHECKED = "checked, not run"
    """Its arguments were held against another schema."""
    STOPPED = "stopped"
    """It was taken again, and stopped."""

    @property
    def brief(self) -> str:
        """The state in one word, for a list."""
        return _BRIEF.get(self, self.value)


_BRIEF = {
    CallState.NOT_TO_BE_ACTED_ON: "partial",
    CallState.CHECKED: "checked",
}


def facts_of_arguments(size_bytes: int, pieces: int, elapsed_s: float | None) -> list[str]:
    """Size, pieces and seconds of the arguments that have arrived, in words; what was not measured is left out. The
    most pieces that an answer keeps apart are at least so many."""
    said = [figures.size(size_bytes)]
    if pieces:
        said.append(f"{pieces}+ pieces" if pieces == MOST_FRAGMENTS else figures.counted(pieces, "piece"))
    if pieces > 1 and elapsed_s is not None:
        said.append(figures.seconds(elapsed_s))
    return said


def state_of(result: ToolResult) -> CallState:
    """State of a call that has this result."""
    if result.is_denied:
        return CallState.DENIED
    return CallState.ANSWERED_AS_ERROR if result.is_error else CallState.ANSWERED


def is_stalled(silent_s: float | None) -> bool:
    """Say whether so long a silence is more than a pause."""
    return silent_s is not None and silent_s >= STALLED_S


def silence_words(silent_s: float) -> str:
    """`nothing for 12 s`: how a call stands that is stalled."""
    return f"nothing for {whole_seconds(silent_s)}"


def whole_seconds(value: float) -> str:
    """`12 s`, `1 min 12 s`: of what is counted while one looks."""
    return f"{int(value)} s" if value < 60 else figures.seconds(int(value))


def byte_count(text: str) -> int:
    """Bytes of a text as UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
