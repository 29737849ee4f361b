"""The transcript's place on the screen, which is empty in the first frame."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui_chat.settings.model import Settings

if TYPE_CHECKING:
    from tui_chat.ui.transcript.view import TranscriptView


class Log:
    """The message log of a chat screen; there after `mount`."""

    def __init__(self, settings: Settings, *, fold_hint: str, variant: Callable[[str], str]) -> None:
        """`fold_hint` says how to unfold reasoning, `variant` which of its variants a message is, by its id."""
        self._settings = settings
        self._fold_hint = fold_hint
        self._variant = variant
        self._view: TranscriptView | None = None

    @property
    def view(self) -> "TranscriptView":
        """The transcript."""
        assert self._view is not None, "the transcript is not there yet"
        return self._view

    async def mount(self, mount: "Callable[[TranscriptView], Awaitable[None]]") -> None:
        """Put it into its place: the Markdown engine takes longer to import than all the rest of the screen."""
        from tui_chat.core.timestamps import Timestamps
        from tui_chat.ui.transcript.view import TranscriptView

        settings = self._settings
        self._view = TranscriptView(
            timestamps=Timestamps(settings.timestamps),
            variant=self._variant,
            fold_hint=self._fold_hint,
            shows_reasoning=settings.show_reasoning,
            joins_lines=settings.join_lines,
        )
        await mount(self._view)
