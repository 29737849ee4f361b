"""The message log: one scrolling widget without children, whatever the length of the conversation.

What grows, wraps, follows and scrolls is here; what a reader does with it is in `view`.

`apply` only puts an event aside. A frame clock folds what has gathered, at most twenty times a second and more slowly
where frames are dear; while nothing happens nothing runs. The log follows its end until the person scrolls away.
"""

import asyncio
from collections.abc import Callable, Sequence
from time import time
from typing import Final

from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.theme import Theme

from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, SessionEvent
from tui_chat.core.tree import Node
from tui_chat.ui.transcript.extent import set_extent
from tui_chat.ui.transcript.extraction import code_block, last_answer_text
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.painted_rows import PaintedRows
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import SectionKind
from tui_chat.ui.transcript.times import Timestamps, time_text
from tui_chat.ui.transcript.window import Window

FRAME_S: Final = 1 / 20
TIMES_S: Final = 60
"""Seconds after which relative times are told anew."""
REST: Final = 4
"""A frame that took t is followed by at least this many t of rest."""


class TranscriptLog(PaintedRows, can_focus=True):
    """Shows a path of messages and lets it grow."""

    DEFAULT_CSS = """
    TranscriptLog {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        padding: 0 1 0 0;
    }
    """

    def __init__(
        self,
        *,
        welcome: str = "",
        timestamps: Timestamps = "off",
        fold_hint: str = "",
        shows_reasoning: bool = False,
        now: Callable[[], float] = time,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`welcome` is Markdown for an empty conversation; `fold_hint` says how to unfold reasoning ("Ctrl+T").

        `shows_reasoning` unfolds it from the first."""
        super().__init__(id=id, classes=classes)
        self.timestamps: Timestamps = timestamps
        self._now = now
        self._transcript = Transcript(
            welcome=welcome, time_text=self._time_text, fold_hint=fold_hint, shows_reasoning=shows_reasoning
        )
        self._renderer = Renderer(Palette({}), 80)
        self._window = Window(self._transcript, self._renderer)
        self._top = 0
        self._pending: list[SessionEvent] = []
        self._next_frame: asyncio.TimerHandle | None = None
        self._not_before = 0.0
        self._is_following = True
        self._settled_size = Size()
        self._new_rows = 0
        """Rows that came while the person was elsewhere."""

    # What the screen calls

    @property
    def is_following(self) -> bool:
        """The end stays in sight while the answer grows."""
        return self._is_following

    @property
    def welcome(self) -> str:
        """Markdown that an empty conversation shows."""
        return self._transcript.welcome

    @welcome.setter
    def welcome(self, text: str) -> None:
        self._transcript.welcome = text
        if not self._transcript.path and not self._pending:
            self.show(())

    def show(self, path: Sequence[Node]) -> None:
        """Replace what is shown; an empty path shows the welcome."""
        self._pending.clear()
        self._transcript.show(path)
        self._renderer.forget_all()
        self._is_following = bool(path)
        self._top = 0
        self._settle()

    def apply(self, event: SessionEvent) -> None:
        """Let what is shown grow by one event. Cheap: the next frame shows it."""
        self._pending.append(event)
        if isinstance(event, AnswerStarted):
            self._is_following = True
        if isinstance(event, AnswerEnded):
            self._frame()
        elif self._next_frame is None and self.is_mounted:
            loop = asyncio.get_running_loop()
            self._next_frame = loop.call_at(max(loop.time(), self._not_before), self._frame_or_break)

    def toggle_reasoning(self) -> None:
        """Fold or unfold all reasoning."""
        self._fold_in()
        self._transcript.toggle_reasoning()
        self._settle()

    def last_answer_text(self) -> str:
        """The Markdown of the last answer as it was received; empty where there is none."""
        self._fold_in()
        return last_answer_text(self._transcript)

    def message_text(self, number: int = 1) -> str:
        """The Markdown of the last answer but `number - 1`; empty where there is none."""
        self._fold_in()
        return last_answer_text(self._transcript, number)

    def code_block(self, number: int = 1) -> str | None:
        """The text of the last answer's `number`-th code block, as one reads; None where there is none."""
        self._fold_in()
        return code_block(self._transcript, number)

    # The frame clock

    def _frame_or_break(self) -> None:
        """A frame, called by the loop itself: Textual's timers and messages cost as much as a frame. What breaks goes
        the way that it takes from a message."""
        try:
            self._frame()
        except Exception as error:  # noqa: BLE001 - handed on
            self.call_next(_raise, error)

    def _frame(self) -> None:
        if self._next_frame is not None:
            self._next_frame.cancel()
            self._next_frame = None
        now = asyncio.get_running_loop().time
        began = now()
        before = self._transcript.index.total
        self._fold_in()
        self._new_rows = max(0, self._new_rows + self._transcript.index.total - before)
        self._settle(at_once=True)
        self._not_before = began + max(FRAME_S, REST * (now() - began))

    def _fold_in(self) -> None:
        """Take up the events that were put aside."""
        pending, self._pending = self._pending, []
        for event in pending:
            self._transcript.apply(event)
        if pending:
            self._transcript.advance()

    # Layout

    def on_mount(self) -> None:
        """Take the theme's colours, and again whenever it changes."""
        self.app.theme_changed_signal.subscribe(self, self._take_theme)
        self._take_colours()
        self.call_after_refresh(self._frame)
        if self.timestamps == "relative":
            self.set_interval(TIMES_S, self._tell_times)

    def on_unmount(self) -> None:
        """Nothing is painted any more: the loop would not ask."""
        if self._next_frame is not None:
            self._next_frame.cancel()

    def _tell_times(self) -> None:
        if self.app.screen is self.screen:
            self._transcript.tell_times_anew()
            self._settle()

    def _take_theme(self, _theme: Theme) -> None:
        self._take_colours()
        self._settle()
        self.refresh()

    def _take_colours(self) -> None:
        self._renderer.set_palette(Palette(dict(self.app.theme_variables)))

    def on_resize(self) -> None:
        """Wrap anew, and keep the first visible row where it is."""
        size = self.scrollable_content_region.size
        if not size.width:
            return
        if size.width != self._renderer.width or self._transcript.width != size.width:
            place = self._window.place_at(self._top)
            self._renderer.set_width(size.width)
            self._transcript.resize(size.width)
            if place is not None and not self._is_following:
                self._top = self._window.row_of(place) or 0
        self._settle()

    def _settle(self, *, at_once: bool = False) -> None:
        """Measure what is in sight, move there and repaint the rows that changed."""
        size = self.scrollable_content_region.size
        if not self.is_mounted or not size.height:
            return
        if self._is_following:
            top = self._window.settle_end(size.height)
        else:
            top = self._window.settle(self._top, size.height)
        self._settled_size = self.size
        total = self._transcript.index.total
        self._top = max(0, min(top, total - size.height))
        if self._is_following:
            self._new_rows = 0
        rows = self._window.gather(self._top, size.height)
        self._decorate(rows)
        if (mark := self._new_rows_mark(total, size)) is not None:
            rows[-1] = mark
        set_extent(self, Size(size.width, total), self._top)
        self._repaint(rows, at_once=at_once)

    def _decorate(self, rows: list[Strip]) -> None:
        """Make more of the rows in sight before they are painted."""

    def _new_rows_mark(self, total: int, size: Size) -> Strip | None:
        fresh = min(self._new_rows, total - self._top - size.height)
        if self._is_following or fresh <= 0:
            return None
        return self._renderer.banner(f" ↓ {fresh} new line{'s' if fresh > 1 else ''} · End ")

    # Moving

    def watch_scroll_y(self, _old_value: float, new_value: float) -> None:
        """The person scrolled, by any means; or Textual moved the view into a new size, which says nothing of what is
        wanted: the resize that follows settles it."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(new_value) != self._top and self.size == self._settled_size:
            self._go(round(new_value))

    def _go(self, top: int) -> None:
        """Show the window that begins at a row; at the end, follow it."""
        height = self.scrollable_content_region.height
        self._top = max(0, top)
        self._is_following = False
        end = self._window.settle_end(height) if top + 2 * height >= self._transcript.index.total else None
        if end is not None and top >= end:
            self._is_following = True
        self._settle()

    def action_move(self, rows: int) -> None:
        """Scroll by rows."""
        self._go(self._top + rows)

    def action_page(self, pages: int) -> None:
        """Scroll by screens, one row kept in sight."""
        self._go(self._top + pages * max(1, self.scrollable_content_region.height - 1))

    def action_to_start(self) -> None:
        """To the first row."""
        self._go(0)

    def action_follow(self) -> None:
        """To the end, and stay there."""
        self._is_following = True
        self._settle()

    def action_prompt(self, step: int) -> None:
        """To the next question, or the one before."""
        sections, index = self._transcript.sections, self._transcript.index
        starts = [index.start(at) for at, each in enumerate(sections) if each.kind is SectionKind.USER]
        there = [row for row in starts if (row > self._top if step > 0 else row < self._top)]
        if there:
            self._go(there[0] if step > 0 else there[-1])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Three rows down."""
        event.prevent_default().stop()
        self._go(self._top + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Three rows up."""
        event.prevent_default().stop()
        self._go(self._top - 3)

    def _new_rows_mark_is_shown(self) -> bool:
        size = self.scrollable_content_region.size
        return self._new_rows_mark(self._transcript.index.total, size) is not None

    def _time_text(self, created_at: float) -> str:
        return time_text(self.timestamps, created_at, self._now())


def _raise(error: Exception) -> None:
    raise error
