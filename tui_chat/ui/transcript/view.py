"""The transcript as a widget: it connects its parts with Textual's keys, mouse, messages and sizes.

`model` holds what is shown, `viewport` says which rows are in sight, `rows_view` and `frame_clock` how and when they
are painted; `reading` moves the block cursor, `search` finds, `pointing` acts on clicks. An event is only put aside
until the next frame; the end is followed until the person scrolls away.
"""

from collections.abc import Callable, Sequence
from functools import partial
from time import time
from typing import ClassVar, Final, TypeAlias

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.reactive import reactive
from textual.selection import SELECT_ALL, Selection
from textual.strip import Strip
from textual.theme import Theme

from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, SessionEvent
from tui_chat.core.timestamps import MessageTimes, Timestamps
from tui_chat.core.tree import Node
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.transcript import messages
from tui_chat.ui.transcript.block_text import Block, beside_of, block_text, message_text
from tui_chat.ui.transcript.cursor import BlockCursor
from tui_chat.ui.transcript.decorating import Decorator
from tui_chat.ui.transcript.extraction import all_text
from tui_chat.ui.transcript.finding import Finder
from tui_chat.ui.transcript.frame_clock import FrameClock, raised
from tui_chat.ui.transcript.keys import VIEW_HINTS, VIEW_KEYS, view_binding
from tui_chat.ui.transcript.laying_out import LayingOut
from tui_chat.ui.transcript.leaves import Kind
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.pending import PendingEvents
from tui_chat.ui.transcript.pointing import Pointer
from tui_chat.ui.transcript.pulse import BEAT_S, Pulse
from tui_chat.ui.transcript.reading import Reader
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.replacing import Replacing
from tui_chat.ui.transcript.rows_view import RowsView
from tui_chat.ui.transcript.search import Search
from tui_chat.ui.transcript.search_run import SearchRun
from tui_chat.ui.transcript.selecting import SelectableText
from tui_chat.ui.transcript.viewport import Viewport
from tui_chat.ui.transcript.window import Window

TIMES_S: Final = 60
"""Seconds between two updates of the times."""


class TranscriptView(RowsView, can_focus=True):
    """Shows a path of messages, lets it grow, and lets a person read it."""

    DEFAULT_CSS = """
    TranscriptView { background: $background; color: $foreground; padding: 0 1 0 0; }
    """
    HINTS: ClassVar = VIEW_HINTS
    BINDINGS: ClassVar[list[BindingType]] = [
        *(view_binding(command) for command in VIEW_KEYS),
        bound("list-up", "move(-1)"),
        bound("list-down", "move(1)"),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("escape", "end_find", "End the search", show=False),
    ]

    rows_missed: reactive[int] = reactive(0)
    """Rows that came below while the reader was elsewhere."""

    LinkClicked: TypeAlias = messages.LinkClicked
    CopyRequested: TypeAlias = messages.CopyRequested
    FindProgressed: TypeAlias = messages.FindProgressed

    def __init__(
        self,
        *,
        welcome: str = "",
        timestamps: Timestamps = Timestamps.OFF,
        variant: Callable[[str], str] = lambda _: "",
        fold_hint: str = "",
        shows_reasoning: bool = False,
        joins_lines: bool = False,
        now: Callable[[], float] = time,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`welcome` is Markdown for an empty conversation; `variant` tells which of its variants a message is, by its
        id; `fold_hint` how to unfold reasoning ("Ctrl+T"), which `shows_reasoning` does from the first; `joins_lines`
        shows single line ends as spaces."""
        super().__init__(id=id, classes=classes)
        self.times = MessageTimes(timestamps, now)
        transcript = Transcript(
            welcome=welcome,
            times=self.times,
            variant=variant,
            fold_hint=fold_hint,
            shows_reasoning=shows_reasoning,
        )
        renderer = Renderer(Palette({}), 80, joins_lines=joins_lines)
        viewport = Viewport(transcript, Window(transcript, renderer), self.height_in_rows)
        self._transcript = transcript
        self._renderer = renderer
        self._viewport = viewport
        self._cursor = BlockCursor(transcript)
        self._reader = Reader(transcript, self._cursor, viewport)
        self._search = Search(transcript, renderer, viewport, self._cursor)
        self._search_run = SearchRun(self._search, self.set_timer, self._settle, self._tell_found)
        self._selectable = SelectableText(transcript, renderer)
        pointed = self._selectable, self._reader, self._cursor
        self._pointer = Pointer(viewport, renderer, *pointed, self._copy, self._run_command)
        self._decorator = Decorator(renderer, viewport, self._search, self._reader)
        self._clock = FrameClock(self._frame, partial(self.call_next, raised))
        self._laying_out = LayingOut(
            transcript, self._settle, lambda: self.text_selection is None, partial(self.call_next, raised)
        )
        self._pending = PendingEvents(transcript, viewport.make_whole)
        shown = transcript, viewport, renderer, self._cursor, self._search, self._pending
        self._replacing = Replacing(*shown)
        self._offers_fold = True
        self._pulse = Pulse(transcript, self._settle, lambda: self.app.animation_level != "none")

    # For the screen

    @property
    def is_following(self) -> bool:
        """The end stays in sight while the answer grows."""
        return self._viewport.is_following

    @property
    def awaits_frame(self) -> bool:
        """The next frame has something new to show; nothing runs where this is False."""
        return self._clock.is_waiting

    def show_welcome(self, text: str) -> None:
        """Show this Markdown while the conversation is empty."""
        self._transcript.welcome = text
        if not self._transcript.path and not self._pending:
            self.show(())

    def show(self, path: Sequence[Node], *, is_end: bool = False) -> None:
        """Replace the path that is shown; an empty one shows the welcome. `is_end`: what is above is shown later."""
        self._replacing.show(path, is_end=is_end)
        self._settle()
        if self.is_mounted and not is_end:
            self._laying_out.go_on()

    def apply(self, event: SessionEvent) -> None:
        """Let what is shown grow by one event. Cheap: the next frame shows it."""
        self._pending.put(event)
        self._pulse.follow(event)
        if isinstance(event, AnswerStarted) and event.question is not None and event.question.parent_id is None:
            self._viewport.follow()
        if isinstance(event, AnswerEnded):
            self._clock.run()
        elif not self._clock.is_waiting and self.is_mounted:
            self._clock.ask()

    def toggle_reasoning(self) -> None:
        """Fold or unfold all reasoning."""
        self._pending.all_in().toggle_reasoning()
        self._settle()

    def tell_times(self) -> None:
        """Update the time beside each answer, unless a dialog hides it."""
        if self.times.are_shown and self.app.screen is self.screen:
            self.show_heads()

    def show_heads(self, changed: Sequence[Node] = ()) -> None:
        """Update what is told at the heads of messages; `changed` are those of which something else is noted now."""
        (self._pending.all_in() if changed else self._transcript).update_heads(changed)
        self._settle()

    @property
    def here(self) -> str:
        """Id of the message under the cursor; empty where the cursor is not shown."""
        return self.last_here if self.has_focus else ""

    @property
    def last_here(self) -> str:
        """Id of the message under the cursor, or where it was when it was shown last; empty where it never was."""
        return block.section.node_id if (block := self._reader.block) is not None else ""

    @property
    def whole(self) -> Transcript:
        """All that is shown, with everything that came taken up."""
        return self._pending.all_in()

    def turn_to(self, path: Sequence[Node]) -> None:
        """Show another branch; what both have in common stays as it is, and in its place."""
        self._search.end()
        self._reader.turn_to(path, self.whole)
        self._settle()

    def find(self, words: str | tuple[str, ...], node_id: str = "") -> int:
        """Mark a phrase (see `sought`), or any of several words, and go to the last match, or to a message and its
        first one; return how many are known yet. It is done in slices. Empty words end the search."""
        self._pending.all_in()
        if node_id or "".join(words).strip():
            self._search_run.begin(words, node_id)
        else:
            self._search.end()
        self._settle()
        return self._search.finder.count if self._search.finder else 0

    def find_next(self, step: int = 1) -> None:
        """Go to the next match, or with -1 to the previous one, round at the ends."""
        self._pending.all_in()
        self._search_run.step(step)

    def end_find(self, *, goes_back: bool = False) -> None:
        """End the search; go back to where it began, if that is wanted."""
        (self._search.go_back if goes_back else self._search.end)()
        self._settle()

    def _tell_found(self, finder: Finder) -> None:
        self.post_message(self.FindProgressed(self, finder.number, finder.count, finder.is_done))

    # Frames

    def _frame(self) -> None:
        before = self._transcript.index.total
        self._pending.fold_in()
        self._viewport.grew(self._transcript.index.total - before)
        self._search_run.grew()
        self._settle(at_once=True)

    def _settle(self, *, at_once: bool = False) -> None:
        """Measure what is in sight, and paint it."""
        if self.is_mounted:
            self._viewport.settle()
            self._paint(at_once=at_once)

    def _paint(self, *, at_once: bool = False) -> None:
        """Show the rows in sight, decorated."""
        rows = self._viewport.rows()
        if not self.is_mounted or not rows:
            return
        if (row := self._decorator.decorate(rows, self.text_selection, has_focus=self.has_focus)) is not None:
            self.app.cursor_position = self.content_region.offset + Offset(0, row)  # magnifiers follow it
        self.show_rows(rows, top=self._viewport.top, total=self._viewport.total, at_once=at_once)
        self.rows_missed = self._viewport.rows_missed
        if self.has_focus and self._offers_fold is not (now := self._can_fold()):
            self._offers_fold = now
            self.refresh_bindings()

    def _can_fold(self) -> bool:
        """The block under the cursor can be folded; also where none was chosen yet."""
        block = self._reader.block
        return block is None or block.section.can_fold

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to fold only what can be folded."""
        if action == "end_find" and self._search.finder is None:
            return False
        return (action != "fold" or self._can_fold()) and super().check_action(action, parameters)

    # Events from Textual

    def on_mount(self) -> None:
        """Take the theme's colours, now and whenever it changes."""
        self.app.theme_changed_signal.subscribe(self, self._take_theme)
        self._take_colours()
        self.call_after_refresh(self._clock.run)
        self._laying_out.go_on()
        self.set_interval(TIMES_S, self.tell_times)
        self._pulse.take(self.set_interval(BEAT_S, self._pulse.beat, pause=True))

    def on_unmount(self) -> None:
        """Cancel the frame that is due: nothing asks whether the view is still there."""
        self._clock.stop()
        self._laying_out.stop()

    def on_resize(self) -> None:
        """Wrap again, and keep the first visible row where it is."""
        if width := self.scrollable_content_region.width:
            self._viewport.resize(width)
            self._settle()

    def on_focus(self) -> None:
        """Put the cursor on something in sight."""
        self._reader.look_up()
        self.call_later(self._settle)

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.call_later(self._settle)

    def scrolled_to(self, top: int) -> None:
        """Show the rows from `top`; at the end, follow it."""
        self._viewport.go(top)
        self._paint()

    def row_for_mouse(self, row: Strip, y: int) -> Strip:
        """A row in sight with its characters for the mouse."""
        found = self._viewport.place(y)
        return row if found is None else self._selectable.row_with_spots(row, *found)

    def on_click(self, event: events.Click) -> None:
        """Post a link; leave what else is clicked to `pointing`."""
        event.prevent_default()  # Textual's own would select all that was ever said
        if event.style.link and event.chain == 1:
            self.post_message(self.LinkClicked(self, event.style.link))
            return
        if (offset := event.get_content_offset(self)) is None:
            return
        if (selection := self._pointer.click(offset, event.chain)) is not None:
            self.screen.selections = {self: selection}
            self.screen.post_message(events.TextSelected())
        self._settle()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text under a selection; its source where everything is selected."""
        return all_text(self.whole) if selection == SELECT_ALL else self._selectable.text(selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's signature
        """Mark another selection."""
        self._settle()

    def _take_theme(self, _theme: Theme) -> None:
        self._take_colours()
        self._settle()
        self.refresh()

    def _take_colours(self) -> None:
        self._renderer.set_palette(Palette(dict(self.app.theme_variables)))

    # Actions, as the keys call them; `keys` says what each is for

    def action_move(self, rows: int) -> None:
        self.scrolled_to(self._viewport.top + rows)

    def action_page(self, pages: int) -> None:
        self._viewport.page(pages)
        self._paint()

    def action_to_start(self) -> None:
        self.scrolled_to(0)

    def action_follow(self) -> None:
        self._viewport.follow()
        self._settle()

    def action_block(self, step: int) -> None:
        self._pending.all_in()
        self._reader.step(step)
        self._paint()

    def action_end_block(self, is_last: bool) -> None:
        (self._reader.to_last if is_last else self._reader.to_first)()
        self._paint()

    def action_prompt(self, step: int) -> None:
        self._reader.to_question(step)
        self._paint()

    def action_fold(self) -> None:
        if (block := self._current()) is not None:
            self._reader.fold(block.section)
            self._settle()

    def action_copy(self, is_whole: bool) -> None:
        if (block := self._current()) is None:
            return
        if is_whole:
            self._copy(message_text(self._transcript, block.section.node_id), "the message")
        else:
            is_code = block.section.leaves[block.first].kind is Kind.CODE
            self._copy(block_text(block), "the code" if is_code else "the block")

    def action_part(self, saves: bool) -> None:
        self.post_message(messages.PartChosen(self, beside_of(self._current()), saves))

    def action_raw(self, is_all: bool) -> None:
        if (block := self._current()) is not None:
            self._reader.toggle_raw(None if is_all else block.section.node_id)
            self._settle()

    def action_found(self, step: int) -> None:
        if self._search.finder is None:
            raise SkipAction
        self.find_next(step)

    def action_end_find(self) -> None:
        self.end_find()

    def _current(self) -> Block | None:
        """The block under the cursor, with everything that came taken up."""
        self._pending.all_in()
        return self._reader.current()

    def _run_command(self, command: str) -> None:
        self.call_next(self.run_action, f"screen.command('{command}')")

    def _copy(self, text: str, what: str) -> None:
        if text:
            self.post_message(self.CopyRequested(self, text, what))
