"""Reading with the block cursor: from block to block, from question to question, folding, the raw source.

The viewport goes along, so that the block under the cursor is in sight.
"""

from collections.abc import Sequence

from tui_chat.core.tree import Node
from tui_chat.ui.transcript.block_text import Block
from tui_chat.ui.transcript.cursor import BlockCursor, is_stop
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import Section, SectionKind
from tui_chat.ui.transcript.viewport import Viewport
from tui_chat.ui.transcript.window import RowPlace


class Reader:
    """Moves the cursor and the viewport together."""

    def __init__(self, transcript: Transcript, cursor: BlockCursor, viewport: Viewport) -> None:
        self._transcript = transcript
        self._cursor = cursor
        self._viewport = viewport

    @property
    def block(self) -> Block | None:
        """The block under the cursor."""
        return self._cursor.block

    def current(self) -> Block | None:
        """The block that commands act on; the last one in sight where none was chosen."""
        if self._cursor.block is None:
            self._put_in_sight()
        return self._cursor.block

    def rows_of(self, block: Block) -> tuple[int, int]:
        """The first row of a block and the one after its last."""
        section, last = block.section, block.end - 1
        first_row = self._viewport.row_of(RowPlace(section, block.first, 0)) or 0
        last_row = self._viewport.row_of(RowPlace(section, last, max(0, section.rows[last] - 1))) or 0
        return first_row + section.has_gap(block.first), last_row + 1

    def look_up(self) -> None:
        """Move the cursor to something in sight."""
        if (block := self._cursor.block) is not None:
            first, end = self.rows_of(block)
            if first < self._viewport.end and end > self._viewport.top:
                return
        self._put_in_sight()

    def step(self, step: int) -> None:
        """Go to the next block, or with -1 to the previous one; through one that is taller than the screen by
        screens."""
        block = self.current()
        if block is None:
            return
        view = self._viewport
        first, end = self.rows_of(block)
        is_seen = first < view.end and end > view.top
        page = max(1, view.height - 1)
        if is_seen and step > 0 and end > view.end:
            view.go(min(view.top + page, end - view.height))
        elif is_seen and step < 0 and first < view.top:
            view.go(max(view.top - page, first))
        elif self._cursor.move(step):
            self._reveal(step)
        else:
            view.go(0 if step < 0 else view.total)

    def to_first(self) -> None:
        """Go to the first block."""
        self._viewport.go(0)
        if self._transcript.sections:
            self._cursor.put(self._transcript.sections[0], 0)

    def to_last(self) -> None:
        """Go to the last block, and follow the end."""
        self._viewport.follow()
        self._viewport.settle()
        self._put_in_sight()

    def to_question(self, step: int) -> None:
        """Go to the next question, or with -1 to the previous one."""
        self._viewport.make_whole()
        self.look_up()
        block = self._cursor.block
        if block is None:
            return
        sections = self._transcript.sections
        here = sections.index(block.section)
        beyond = range(here + 1, len(sections)) if step > 0 else range(here - (block.first == 0), -1, -1)
        for at in beyond:
            if sections[at].kind is SectionKind.USER:
                self._viewport.go(self._transcript.index.start(at))
                self._cursor.put(sections[at], 0)
                return

    def turn_to(self, path: Sequence[Node], transcript: Transcript) -> None:
        """Show another branch; the cursor goes to what took the place of its message."""
        block = self._cursor.block
        shown = [node.id for node in transcript.path]
        at = shown.index(block.section.node_id) if block is not None and block.section.node_id in shown else None
        transcript.turn_to(path)
        if at is not None and at < len(path) and path[at].id != shown[at]:
            there = (each for each in transcript.sections if each.node_id == path[at].id and is_stop(each))
            if (section := next(there, None)) is not None:
                self._cursor.put(section, 0)

    def fold(self, section: Section) -> None:
        """Fold or unfold a section, if it can be."""
        if self._transcript.toggle(self._transcript.sections.index(section)):
            if not self._transcript.is_growing:
                self._viewport.stay()
            self._cursor.put(section, 0)

    def toggle_raw(self, node_id: str | None) -> None:
        """Switch one message, or all, between Markdown source and rendered; cursor and viewport stay with their
        words."""
        block = self._cursor.block
        line = block.section.line_of(block.first) if block else -1
        top = self._viewport.bookmark()
        self._transcript.toggle_raw(node_id)
        if block is not None and line >= 0:
            self._cursor.put(block.section, block.section.leaf_at(line))
        self._viewport.hold(top)

    def _put_in_sight(self) -> None:
        """Move to the last block that begins in sight."""
        self._cursor.forget()
        for found in reversed(self._viewport.places()):
            if found is not None and found[1].number >= 0 and is_stop(found[1].section):
                self._cursor.put(found[1].section, found[1].number)
                return

    def _reveal(self, step: int) -> None:
        """Bring the block under the cursor into sight."""
        block = self._cursor.block
        if block is None:
            return
        view = self._viewport
        view.measure(RowPlace(block.section, block.first if step > 0 else block.end - 1, 0))
        first, end = self.rows_of(block)
        if end - first > view.height:
            view.go(first if step > 0 else end - view.height)
        elif first < view.top:
            view.go(max(0, first - (block.first == 0)))
        else:
            view.go(max(view.top, end - view.height))
        if step < 0:
            view.stay()  # who goes back reads, though the end may still be in sight
