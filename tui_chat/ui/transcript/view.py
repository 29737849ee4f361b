"""The transcript as a reader uses it: a cursor that goes from block to block, copying, folding, the raw view, selection
by mouse. How it grows and scrolls is in `log`, how it is searched in `searched_log`."""

from collections.abc import Callable, Sequence
from time import time
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from tui_chat.core.tree import Node
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.transcript.cursor import Block, BlockCursor, block_text, code_text, is_stop, message_text
from tui_chat.ui.transcript.decorating import Decorator, Rows
from tui_chat.ui.transcript.keys import VIEW_KEYS, view_binding
from tui_chat.ui.transcript.layouts import layout
from tui_chat.ui.transcript.leaves import Kind
from tui_chat.ui.transcript.rendering import COPY_MARK
from tui_chat.ui.transcript.searched_log import SearchedLog
from tui_chat.ui.transcript.section import Section, SectionKind
from tui_chat.ui.transcript.selecting import (
    Spot,
    all_text,
    between,
    character_at,
    row_with_spots,
    selected_text,
    word_at,
)
from tui_chat.ui.transcript.times import Timestamps
from tui_chat.ui.transcript.window import Place


class TranscriptView(SearchedLog):
    """Shows a path of messages, lets it grow, and lets a person read it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(view_binding(command) for command in VIEW_KEYS),
        bound("list-up", "move(-1)"),
        bound("list-down", "move(1)"),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("escape", "end_find", "End the search", show=False),
    ]

    class LinkClicked(Message):
        """A link was clicked; the address is http, https or mailto."""

        def __init__(self, view: "TranscriptView", address: str) -> None:
            super().__init__()
            self.view = view
            self.url = address

        @property
        def control(self) -> "TranscriptView":
            """The view."""
            return self.view

    class CopyRequested(Message):
        """Text shall go to the clipboard; `what` names it for people."""

        def __init__(self, view: "TranscriptView", text: str, what: str) -> None:
            super().__init__()
            self.view = view
            self.text = text
            self.what = what

        @property
        def control(self) -> "TranscriptView":
            """The view."""
            return self.view

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
        """As in `TranscriptLog`."""
        super().__init__(
            welcome=welcome,
            timestamps=timestamps,
            fold_hint=fold_hint,
            shows_reasoning=shows_reasoning,
            now=now,
            id=id,
            classes=classes,
        )
        self._cursor = BlockCursor(self._transcript)
        self._decorator = Decorator(self._renderer)

    def show(self, path: Sequence[Node]) -> None:
        """Replace what is shown; an empty path shows the welcome."""
        self._cursor.forget()
        super().show(path)

    # Painting

    def _decorate(self, rows: list[Strip]) -> None:
        selection = self.text_selection
        finder = self._finder
        block = self._cursor.block if self.has_focus or finder is not None else None
        if selection is None and block is None and finder is None:
            return
        places = self._window.places(self._top, len(rows))
        shown = Rows(rows, places)
        if finder is not None:
            self._decorator.mark_found(shown, finder)
        if selection is not None:
            self._decorator.mark_selected(shown, selection)
        if block is not None:
            self._decorator.mark_block(shown, block, self._found_place())
            if self.has_focus:
                row = min(max(0, self._rows_of(block)[0] - self._top), len(rows) - 1)
                self.app.cursor_position = self.content_region.offset + Offset(0, row)  # magnifiers follow it

    def with_places(self, row: Strip, y: int) -> Strip:
        """A row that tells the mouse which character of which leaf is under it."""
        place = self._window.places(self._top + y, 1)[0]
        if place is None:
            return row
        at, (section, number, inner) = place
        number = max(0, number)
        if not section.leaves:
            return row
        found = layout(self._renderer, section, number)
        inner -= section.has_gap(number)
        pieces = found.rows[inner] if 0 <= inner < len(found.rows) else ()
        # A row without text is before all of it or, below a heading, after it.
        beside = len(found.text) if inner > 0 and not pieces else 0
        return row_with_spots(row, pieces, Spot(at, number, beside))

    def on_focus(self) -> None:
        """The cursor stands on something that is in sight."""
        if not self._block_is_in_sight():
            self._put_cursor_in_sight()
        self.call_later(self._settle)

    def on_blur(self) -> None:
        """Nobody needs the cursor."""
        self.call_later(self._settle)

    # The block cursor

    def _block_is_in_sight(self) -> bool:
        block = self._cursor.block
        if block is None:
            return False
        first, end = self._rows_of(block)
        return first < self._top + self.scrollable_content_region.height and end > self._top

    def _put_cursor_in_sight(self) -> None:
        """On the last block that begins in sight."""
        height = self.scrollable_content_region.height
        self._cursor.forget()
        for place in reversed(self._window.places(self._top, height)):
            if place is not None and place[1].number >= 0 and is_stop(place[1].section):
                self._cursor.put(place[1].section, place[1].number)
                return

    def _current(self) -> Block | None:
        """The block that commands mean; the last one in sight where none was chosen."""
        self._fold_in()
        if self._cursor.block is None:
            self._put_cursor_in_sight()
        return self._cursor.block

    def _rows_of(self, block: Block) -> tuple[int, int]:
        """The first row of a block and the one after its last."""
        section = block.section
        first = self._window.row_of(Place(section, block.first, 0)) or 0
        first += section.has_gap(block.first)
        last = self._window.row_of(Place(section, block.end - 1, max(0, section.rows[block.end - 1] - 1))) or 0
        return first, last + 1

    def action_block(self, step: int) -> None:
        """To the next block, or the one before; through one that is taller than the screen by screens."""
        block = self._current()
        if block is None:
            return
        height = self.scrollable_content_region.height
        first, end = self._rows_of(block)
        is_seen = first < self._top + height and end > self._top
        if is_seen and step > 0 and end > self._top + height:
            self._go(min(self._top + max(1, height - 1), end - height))
        elif is_seen and step < 0 and first < self._top:
            self._go(max(self._top - max(1, height - 1), first))
        elif self._cursor.move(step):
            self._reveal(step)
        else:
            self._go(0 if step < 0 else self._transcript.index.total)

    def _reveal(self, step: int) -> None:
        """Bring the block under the cursor into sight."""
        block = self._cursor.block
        if block is None:
            return
        height = self.scrollable_content_region.height
        place = Place(block.section, block.first if step > 0 else block.end - 1, 0)
        if (row := self._window.row_of(place)) is not None:
            before = self._window.place_at(self._top)
            self._window.settle(row, height)
            self._top = (self._window.row_of(before) if before is not None else None) or self._top
        first, end = self._rows_of(block)
        if end - first > height:
            self._go(first if step > 0 else end - height)
        elif first < self._top:
            self._go(max(0, first - (block.first == 0)))
        else:
            self._go(max(self._top, end - height))
        if step < 0:
            self._is_following = False  # who goes back reads, though the end may still be in sight

    def action_first_block(self) -> None:
        """To the first block."""
        self._go(0)
        if self._transcript.sections:
            self._cursor.put(self._transcript.sections[0], 0)
            self._settle()

    def action_last_block(self) -> None:
        """To the last block, and follow the end."""
        self.action_follow()
        self._put_cursor_in_sight()
        self._settle()

    def action_prompt(self, step: int) -> None:
        """To the next question, or the one before."""
        super().action_prompt(step)
        place = self._window.place_at(self._top + 1)
        if place is not None and place.section.kind is SectionKind.USER:
            self._cursor.put(place.section, place.number)
            self._settle()

    def action_fold(self) -> None:
        """Fold or unfold what the cursor stands on."""
        block = self._current()
        if block is not None:
            self._toggle(Place(block.section, block.first, 0))

    def _toggle(self, place: Place) -> None:
        is_end = self._is_following and not self._transcript.is_growing
        if self._transcript.toggle(self._transcript.sections.index(place.section)):
            self._is_following = self._is_following and not is_end
            self._cursor.put(place.section, 0)
            self._settle()

    # Copying

    def action_copy_block(self) -> None:
        """Copy what the cursor stands on, as it was written."""
        block = self._current()
        if block is None:
            return
        kind = block.section.leaves[block.first].kind
        self._copy(block_text(block), "the code" if kind is Kind.CODE else "the block")

    def action_copy_message(self) -> None:
        """Copy the whole message under the cursor."""
        block = self._current()
        if block is not None:
            self._copy(message_text(self._transcript, block.section.node_id), "the message")

    def _copy(self, text: str, what: str) -> None:
        if text:
            self.post_message(self.CopyRequested(self, text, what))

    def all_text(self) -> str:
        """The Markdown of the whole conversation."""
        self._fold_in()
        return all_text(self._transcript)

    # Raw and rendered

    def action_raw(self) -> None:
        """Show the Markdown of the message under the cursor as it was written, or rendered again."""
        block = self._current()
        if block is not None:
            self._show_raw(block.section.node_id)

    def action_raw_all(self) -> None:
        """Show all Markdown as it was written, or rendered again."""
        self._show_raw(None)

    def _stand_on(self, section: Section, number: int) -> None:
        self._cursor.put(section, number)

    def _show_raw(self, node_id: str | None) -> None:
        block = self._cursor.block
        place = self._window.place_at(self._top)
        line = block.section.line_of(block.first) if block else -1
        self._fold_in()
        self._transcript.toggle_raw(node_id)
        if block is not None and line >= 0:
            self._cursor.put(block.section, block.section.leaf_at(line))
        if place is not None and not self._is_following:
            self._top = self._window.row_of(place) or 0
        self._settle()

    # Selection

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text under a selection; its source where everything is selected."""
        if selection.start is None and selection.end is None:
            return self.all_text(), "\n"
        start = Spot.of(selection.start) if selection.start is not None else Spot(0, 0, 0)
        end = Spot.of(selection.end) if selection.end is not None else Spot(len(self._transcript.sections), 0, 0)
        return selected_text(self._transcript, self._renderer, start, end), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's signature
        """The person selects."""
        self._settle()

    def on_click(self, event: events.Click) -> None:
        """A link is told to the screen, a fold mark folds, a copy mark copies; two clicks select a word, three a
        block."""
        event.prevent_default()  # Textual's own would select all that was ever said
        if event.style.link and event.chain == 1:
            self.post_message(self.LinkClicked(self, event.style.link))
            return
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y == len(self._rows) - 1 and not self._is_following and self._new_rows_mark_is_shown():
            self.action_follow()
            return
        found = self._window.places(self._top + offset.y, 1)[0]
        if found is None or found[1].number < 0 or not found[1].section.leaves:
            return
        at, place = found
        if event.chain > 1:
            self._select(at, place, offset.x, is_word=event.chain == 2)
        elif self._is_on_copy_mark(place, offset.x):
            self._copy(code_text(place.section, place.number), "the code")
        elif place.section.leaves[place.number].kind is Kind.LABEL:
            self._toggle(place)
        else:
            self._cursor.put(place.section, place.number)
            self._settle()

    def _is_on_copy_mark(self, place: Place, x: int) -> bool:
        section, number, row = place
        leaf = section.leaves[number]
        if leaf.kind is not Kind.CODE or leaf.level or row != section.has_gap(number):
            return False
        row_text = self._renderer.rows(section, number)[row].text.rstrip()
        return row_text.endswith(COPY_MARK.rstrip()) and x >= self._renderer.width - len(COPY_MARK)

    def _select(self, at: int, place: Place, x: int, *, is_word: bool) -> None:
        section, number, row = place
        if is_word:
            found = layout(self._renderer, section, number)
            inner = row - section.has_gap(number)
            pieces = found.rows[inner] if 0 <= inner < len(found.rows) else ()
            if not pieces:
                return
            start, end = word_at(found.text, character_at(self._renderer.rows(section, number)[row], pieces, x))
            selection = between(Spot(at, number, start), Spot(at, number, end))
        else:
            block = self._block_of(place)
            last = len(layout(self._renderer, section, block.end - 1).text)
            selection = between(Spot(at, block.first, 0), Spot(at, block.end - 1, last))
        self.screen.selections = {self: selection}
        self.screen.post_message(events.TextSelected())

    def _block_of(self, place: Place) -> Block:
        self._cursor.put(place.section, place.number)
        block = self._cursor.block
        assert block is not None
        return block
