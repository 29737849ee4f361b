"""The transcript's place on the screen, which is empty in the first frame."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui_chat.ui.transcript.times import Timestamps
    from tui_chat.ui.transcript.view import TranscriptView

_TIMESTAMPS: Final[Mapping[str, "Timestamps"]] = {"relative": "relative", "absolute": "absolute"}


class Log:
    """The message log of a chat screen; there after `mount`."""

    def __init__(self, *, timestamps: str, fold_hint: str, shows_reasoning: bool, joins_lines: bool) -> None:
        """As the settings have them; `fold_hint` says how to unfold reasoning."""
        self._timestamps: Timestamps = _TIMESTAMPS.get(timestamps, "off")
        self._fold_hint = fold_hint
        self._shows_reasoning = shows_reasoning
        self._joins_lines = joins_lines
        self._view: TranscriptView | None = None

    @property
    def view(self) -> "TranscriptView":
        """The transcript."""
        assert self._view is not None, "the transcript is not there yet"
        return self._view

    async def mount(self, mount: "Callable[[TranscriptView], Awaitable[None]]") -> None:
        """Put it into its place: the Markdown engine takes longer to import than all the rest of the screen."""
        from tui_chat.ui.transcript.view import TranscriptView

        self._view = TranscriptView(
            timestamps=self._timestamps,
            fold_hint=self._fold_hint,
            shows_reasoning=self._shows_reasoning,
            joins_lines=self._joins_lines,
        )
        await mount(self._view)
