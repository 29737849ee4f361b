"""The chat screen as its parts see it. A part that needs more of it says so in a protocol of its own."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol, TypeVar

from tui_chat.workspace.conversation import OpenConversation

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.widget import Widget
    from textual.worker import ResultType, Worker, WorkType

    from tui_chat.core.errors import Failure
    from tui_chat.ui.transcript.view import TranscriptView

Result = TypeVar("Result")


class Host(Protocol):
    """The screen, as its parts see it."""

    @property
    def conversation(self) -> OpenConversation:
        """The open conversation; another object after a change of conversation."""
        ...

    def note(self, words: str, *, severity: "SeverityLevel" = "information", timeout: float | None = None) -> None:
        """Say something on the composer's edge. Its words are never parsed as markup."""
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


class AskingHost(Host, Protocol):
    """The screen, as the parts see it that ask questions."""

    async def ask(self, dialog: "Screen[Result]") -> "Result | None":
        """Open a dialog and wait for its answer; None where it was left."""
        ...

    def tell(self, failure: "Failure") -> None:
        """Show a failure, and what to do about it."""
        ...


class LineHost(Host, Protocol):
    """The screen, as the parts see it that have a line above the composer."""

    @property
    def transcript(self) -> "TranscriptView":
        """The message log, once it is there."""
        ...

    def mount_above(self, line: "Widget") -> Awaitable[None]:
        """Mount a line right above the composer."""
        ...
