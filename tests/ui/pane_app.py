"""The app in which a pane is mounted alone, and a look at what its views show."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.rows import plain
from tui_chat.ui.theming.themes import ThemedApp


class PaneApp(ThemedApp[None]):
    """One pane and nothing else."""

    def __init__(self, pane: Widget) -> None:
        super().__init__()
        self.pane = pane
        self.heard: list[Message] = []
        """Every message that was sent, once."""

    def compose(self) -> ComposeResult:
        yield self.pane

    def hear(self, message: Message) -> None:
        """A hook for `run_test`; a message that bubbles comes several times."""
        if all(message is not known for known in self.heard):
            self.heard.append(message)

    def said(self, kind: type[Message]) -> list[Message]:
        """The messages of one kind, in their order."""
        return [message for message in self.heard if isinstance(message, kind)]

    def edges(self) -> tuple[str, str]:
        """The words on the top and on the bottom edge of the frame that is shown."""
        frame = self.screen.query_one(Frame)
        return frame.top_edge.words, frame.bottom_edge.words

    def lines(self, selector: str) -> list[str]:
        """What a view of rows holds, seen or not, without colours."""
        view = self.screen.query_one(selector, LinesView)
        return [plain(view.line_at(y)).rstrip() for y in range(view.line_count())]


@asynccontextmanager
async def alone(pane: Widget, width: int = 80, height: int = 24) -> AsyncIterator[tuple[PaneApp, Pilot[None]]]:
    """The pane in an app of its own, with the focus."""
    app = PaneApp(pane)
    async with app.run_test(size=(width, height), message_hook=app.hear) as pilot:
        pane.focus()
        await pilot.pause()
        yield app, pilot
