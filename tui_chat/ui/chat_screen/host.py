"""The chat screen as its parts see it: it shows toasts, runs workers and timers, and mounts lines."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from tui_chat.core.errors import Failure
from tui_chat.workspace.conversation import OpenConversation

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.timer import Timer
    from textual.widget import Widget
    from textual.worker import ResultType, Worker, WorkType


class Host(Protocol):
    """The screen, as its parts see it."""

    @property
    def conversation(self) -> OpenConversation:
        """The open conversation; another object after a change of conversation."""
        ...

    def toast(self, words: str, *, severity: "SeverityLevel" = "information", timeout: float | None = None) -> None:
        """Show a toast. Its words are never parsed as markup."""
        ...

    def tell(self, failure: Failure) -> None:
        """Show a failure, and what to do about it."""
        ...

    def run_worker(
        self,
        work: "WorkType[ResultType]",
        name: str | None = "",
        group: str = "default",
        description: str = "",
        exit_on_error: bool = False,
        start: bool = True,
        exclusive: bool = False,
        thread: bool = False,
    ) -> "Worker[ResultType]":
        """Run work in a worker; its error is recorded and survived."""
        ...

    def set_timer(self, delay: float, callback: Callable[[], object] | None = None) -> "Timer":
        """Call this later, unless the timer is stopped."""
        ...

    def mount_above(self, line: "Widget") -> Awaitable[None]:
        """Mount a line right above the composer."""
        ...
