"""Errors of workers of a screen: recorded and shown, and the program goes on.

Textual ends the program with the first worker that raises; a pane that cannot be filled is no reason for that.
"""

from typing import Protocol, runtime_checkable

from textual.dom import DOMNode
from textual.worker import ResultType, Worker, WorkerState, WorkType


@runtime_checkable
class Survivor(Protocol):
    """An app that can survive an error."""

    def survive(self, error: BaseException) -> None:
        """Record the error and show it."""


class SurvivesWork(DOMNode):
    """Mix-in of screens: no worker of theirs ends the program.

    Mix-ins stand after the screen among the bases: Textual takes styles and component classes along the first ones.
    """

    def run_worker(
        self,
        work: WorkType[ResultType],
        name: str | None = "",
        group: str = "default",
        description: str = "",
        exit_on_error: bool = False,
        start: bool = True,
        exclusive: bool = False,
        thread: bool = False,
    ) -> Worker[ResultType]:
        """Run work beside the screen; its error is survived unless `exit_on_error`."""
        return super().run_worker(work, name, group, description, exit_on_error, start, exclusive, thread)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Have work that broke recorded, where the app can."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None and isinstance(self.app, Survivor):
            self.app.survive(error)
