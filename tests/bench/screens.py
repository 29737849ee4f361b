"""Apps whose terminal only counts: a driver that keeps what is written and when, and ways to wait for it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import perf_counter, process_time
from typing import NamedTuple

from textual import events
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.widgets import Markdown

from tui_chat.chat.session_events import AnswerStarted, ReplyGrew
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import Message, Role, Text
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.tree import Node
from tui_chat.ui.theming.themes import ThemedApp
from tui_chat.ui.transcript.view import TranscriptView

SIZE = (120, 40)
GIVE_UP_S = 0.25
"""A piece of text that changes nothing on screen (half a marker) writes nothing."""
_SYNC = ("\x1b[?2026h", "\x1b[?2026l")


class Written(NamedTuple):
    """One write to the terminal."""

    at_s: float
    cpu_s: float
    text: str


class CountingDriver(HeadlessDriver):
    """A terminal that is there, reads nothing and keeps what it is sent."""

    @property
    def is_headless(self) -> bool:
        """No: a headless app encodes nothing."""
        return False

    def start_application_mode(self) -> None:
        """Begin to count."""
        self.writes: list[Written] = []
        self.wrote = asyncio.Event()
        super().start_application_mode()

    def write(self, data: str) -> None:
        """Count."""
        if data in _SYNC:
            return
        self.writes.append(Written(perf_counter(), process_time(), data))
        self.wrote.set()

    def become(self, width: int, height: int) -> None:
        """Have another size."""
        self._size = width, height
        size = Size(width, height)
        self._app.post_message(events.Resize(size, size))


class Terminal:
    """What a benchmark sees of a running app."""

    def __init__(self, app: App[object]) -> None:
        assert isinstance(app._driver, CountingDriver)
        self.driver = app._driver

    def clear(self) -> None:
        """Forget what was written."""
        self.driver.writes.clear()
        self.driver.wrote.clear()

    async def next(self) -> bool:
        """Wait for the next write; False where none comes."""
        try:
            async with asyncio.timeout(GIVE_UP_S):
                await self.driver.wrote.wait()
        except TimeoutError:
            return False
        return True

    async def rest(self, quiet_s: float = 0.15) -> list[Written]:
        """Wait until nothing more is written; all that was."""
        while True:
            self.driver.wrote.clear()
            try:
                async with asyncio.timeout(quiet_s):
                    await self.driver.wrote.wait()
            except TimeoutError:
                return list(self.driver.writes)


class LogApp(ThemedApp[None]):
    """The transcript alone."""

    found: asyncio.Event | None = None
    """Set when what was looked for is seen."""

    def compose(self) -> ComposeResult:
        """One view."""
        yield TranscriptView()

    def on_transcript_view_find_progressed(self, event: TranscriptView.FindProgressed) -> None:
        """A search went on."""
        if event.count and self.found is not None:
            self.found.set()


class MarkdownApp(App[None]):
    """Textual's own Markdown in a scroller that follows its end, as its documents advise."""

    def compose(self) -> ComposeResult:
        """One widget."""
        with VerticalScroll():
            yield Markdown()

    def on_mount(self) -> None:
        """Follow."""
        self.query_one(VerticalScroll).anchor()


@asynccontextmanager
async def shown(app: App[None], size: tuple[int, int] = SIZE) -> AsyncIterator[Terminal]:
    """The app, running on a counting terminal."""
    ready = asyncio.Event()
    done = asyncio.Event()

    async def pilot(_: object) -> None:
        ready.set()
        await done.wait()
        app.exit()

    app.driver_class = CountingDriver
    running = asyncio.create_task(app.run_async(size=size, auto_pilot=pilot))
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        terminal = Terminal(app)  # type: ignore[arg-type]  # what it returns does not matter
        with app._context():
            await terminal.rest()
            yield terminal
    finally:
        waiting.cancel()
        done.set()
        await running


class Log:
    """A transcript in which one answer grows."""

    def __init__(self, app: App[None]) -> None:
        self.view = app.query_one(TranscriptView)
        question = Node("q", None, 0.0, Message(Role.USER, (Text("Go on."),)))
        draft = Node("a", "q", 0.0, Message(Role.ASSISTANT, ()), AnswerInfo(requested_model="bench/model"))
        self.view.apply(AnswerStarted(question, draft))

    def feed(self, text: str) -> None:
        """More of the answer."""
        self.view.apply(ReplyGrew("a", 0.0, TextDelta(text)))


def median(values: Sequence[float]) -> float:
    """The middle one."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else float("nan")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
