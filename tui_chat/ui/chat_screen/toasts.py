"""Toasts: a new one replaces the previous one, so that they never pile up over the screen.

A warning or a failure stays until its time is over, beside at most one other thing.
"""

from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.workspace.advice import Audience, advise

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.notifications import SeverityLevel

SECONDS = {"information": 4.0, "warning": 8.0, "error": 10.0}


class _Toast(msgspec.Struct, frozen=True):
    words: str
    title: str
    severity: "SeverityLevel"
    until: float


class Toasts:
    """The toasts of an app. Nothing in them is ever parsed as markup."""

    def __init__(self, clock: "Callable[[], float]" = monotonic) -> None:
        self._clock = clock
        self._kept: _Toast | None = None
        """The last warning or failure."""

    def show(
        self,
        app: "App[None]",
        words: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
    ) -> None:
        """Show a toast, and beside it the last warning or failure where its time is not over."""
        now = self._clock()
        seconds = SECONDS[severity] if timeout is None else timeout
        toast = _Toast(sanitize(words), sanitize_line(title), severity, now + seconds)
        app.call_later(app.clear_notifications)  # in its turn: a toast that is still on its way goes too
        before = self._kept
        if before is not None and before.until > now and before.words != toast.words:
            self._notify(app, before, before.until - now)
        self._notify(app, toast, seconds)
        if severity != "information":
            self._kept = toast

    def tell(self, app: "App[None]", failure: Failure) -> None:
        """Show a failure, and what to do about it."""
        self.show(app, f"{failure.message}\n{advise(failure, Audience.CHAT)}", title=failure.title, severity="error")

    @staticmethod
    def _notify(app: "App[None]", toast: _Toast, seconds: float) -> None:
        app.notify(toast.words, title=toast.title, severity=toast.severity, timeout=seconds, markup=False)
