"""A section: one part of a message in the log (a question, an answer's text, its reasoning, a tool call, how it ended).

Text is parsed when it is first seen; until then its height is a guess. Heights of leaves are guesses too until the
renderer has measured them.
"""

from enum import Enum, IntEnum, auto
from itertools import count
from typing import Final, NamedTuple

from tui_chat.core import figures
from tui_chat.core.data_urls import shortened
from tui_chat.core.parts import Beside, Source
from tui_chat.core.rope import Rope
from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.transcript.blocks import References
from tui_chat.ui.transcript.data_urls import PictureStream
from tui_chat.ui.transcript.heights import RowIndex
from tui_chat.ui.transcript.leaf_column import LeafColumn
from tui_chat.ui.transcript.leaves import Kind, Leaf, Placed, PlainStream, plain_leaves

FOLDED_RESULT_LINES: Final = 3
FOLDED_RESULT_CHARACTERS: Final = 500
"""Characters of a result that is one long line."""
LIVE_ROWS: Final = 6
"""Rows of reasoning that are shown while it streams."""

_uids = count()
_UNREAD: Final = LeafColumn((), 80)
"""Of a section whose leaves were not made yet; most of a long history stays that way, and nothing is put into it."""


class SectionKind(Enum):
    """What a section holds."""

    WELCOME = auto()
    USER = auto()
    ATTACHMENT = auto()
    HEADER = auto()
    """Who answers, and when."""
    TEXT = auto()
    REASONING = auto()
    REFUSAL = auto()
    CALL = auto()
    RESULT = auto()
    FOOT = auto()
    """How an answer ended, and what it took."""
    TIME_GAP = auto()
    """The day that begins with a message, or how much later than the one above it came."""
    STATUS = auto()
    """A retry, a notice."""


class Tone(IntEnum):
    """How a label is meant."""

    MUTED = 0
    USER = 1
    ASSISTANT = 2
    REASONING = 3
    TOOL = 4
    WARNING = 5
    ERROR = 6
    PLAIN = 7


MARKDOWN_KINDS: Final = frozenset({SectionKind.WELCOME, SectionKind.TEXT, SectionKind.REASONING, SectionKind.REFUSAL})
FOLDABLE_KINDS: Final = frozenset({SectionKind.REASONING, SectionKind.RESULT, SectionKind.CALL})
_CLOSE_ABOVE: Final = frozenset({SectionKind.TEXT, SectionKind.REASONING, SectionKind.REFUSAL, SectionKind.STATUS})
"""Kinds that follow an answer's header without an empty row."""


def label(text: str, info: str = "", tone: Tone = Tone.MUTED, *, shorter: str = "", end: str = "") -> Leaf:
    """A line of ours: sanitised words, and what follows them dimmed, or `shorter` where that does not fit; `end` stands
    at the right edge."""
    return Leaf(Kind.LABEL, text, gap=False, level=tone, info=info, shorter=shorter, end=end)


class _Look(NamedTuple):
    """The leaves of a section as they are shown, rendered or raw."""

    column: LeafColumn
    stream: PictureStream | PlainStream | None


class Section:
    """One part of one message."""

    def __init__(
        self,
        kind: SectionKind,
        node_id: str = "",
        source: str = "",
        labels: tuple[Leaf, ...] = (),
        *,
        call_id: str = "",
        beside: Beside | Source | None = None,
    ) -> None:
        self.uid = next(_uids)
        self.kind = kind
        self.node_id = node_id
        self.call_id = call_id
        self.beside = beside
        """The picture, sound, file or source that this line stands for."""
        self.labels = labels
        """Lines of ours above the text."""
        self.is_folded = kind in (SectionKind.RESULT, SectionKind.CALL)
        self.is_raw = False
        """Markdown is shown as it was written."""
        self.seams: tuple[int, ...] = ()
        """Places in the source at which the text goes on after it was cut."""
        self.is_growing = False
        self._gap = 1
        self._column = _UNREAD
        self._source = Rope(source)
        self._stream: PictureStream | PlainStream | None = None
        self._other_look: _Look | None = None
        self._is_read = False
        self._width = 80

    @property
    def source(self) -> str:
        """The text, sanitised."""
        return self._source.text()

    @property
    def can_fold(self) -> bool:
        """There is a text that can be folded."""
        return self.kind in FOLDABLE_KINDS and bool(self._source)

    @property
    def leaves(self) -> list[Leaf]:
        """The labels, and what was made of the text."""
        return self._column.leaves

    @property
    def rows(self) -> RowIndex:
        """Heights of the leaves, gaps included."""
        return self._column.rows

    @property
    def length(self) -> int:
        """Characters of the source."""
        return len(self.source)

    @property
    def is_read(self) -> bool:
        """Whether the leaves are there; they are made when the section is first seen."""
        return self._is_read

    @property
    def gap(self) -> int:
        """Empty rows above; none where there is nothing to show."""
        return self._gap if self.leaves or not self._is_read else 0

    @property
    def final_count(self) -> int:
        """Leaves, labels included, that will not change."""
        return self._column.final

    @property
    def references(self) -> References:
        """Link definitions of the text."""
        return self._stream.references if self._stream else {}

    @property
    def row_offset(self) -> int:
        """Rows hidden at the top: reasoning that streams shows its end only."""
        if self.kind is SectionKind.REASONING and self.is_growing and not self.is_folded:
            head = len(self.labels)
            below = self.rows.total - self.rows.start(min(head, len(self.rows)))
            return max(0, below - LIVE_ROWS)
        return 0

    def real_row(self, row: int) -> int:
        """The row among all leaves of a row that is shown."""
        hidden = self.row_offset
        return row + hidden if hidden and row >= self.rows.start(len(self.labels)) else row

    @property
    def height(self) -> int:
        """Rows, the gap above included; a guess until it was read and measured."""
        if not self._is_read:
            return self.gap + self._guess()
        return self.gap + self.rows.total - self.row_offset

    def follows(self, kind: SectionKind | None) -> None:
        """Set the gap for the kind of section that stands above."""
        close = kind is None or (kind is SectionKind.HEADER and self.kind in _CLOSE_ABOVE)
        together = self.kind is kind and kind in (SectionKind.ATTACHMENT, SectionKind.CALL, SectionKind.STATUS)
        under = (kind is SectionKind.ATTACHMENT and self.kind is SectionKind.USER) or (
            kind is SectionKind.CALL and self.kind is SectionKind.RESULT
        )
        self._gap = 0 if close or together or under or self.kind is SectionKind.FOOT else 1

    def read(self, width: int) -> None:
        """Make the leaves, if that was not done yet."""
        if self._is_read:
            return
        self._is_read = True
        self._width = width
        self._refill()

    def feed(self, text: str) -> None:
        """Take up more text, sanitised."""
        self._source.append(text)
        if self._stream:
            self._stream.feed(text)

    def advance(self) -> bool:
        """Make leaves of what was fed; whether anything changed. Those of a text that has ended stand already, and its
        stream would hand out the last of them once more."""
        if not self.is_growing or not self._is_read or self._stream is None or self.is_folded:
            return False
        return self._column.put(*self._stream.advance())

    def finish(self) -> None:
        """Nothing more comes."""
        if not self.is_growing:
            return
        self.is_growing = False
        if self._is_read and not self.is_folded and self._stream is not None:
            self._column.put(self._stream.finish(), [])
            # What was open is drawn otherwise when it is whole, and links that were defined late are known.
            self.forget_heights(range(len(self.leaves)))

    def relabel(self, *labels: Leaf) -> None:
        """Put other lines of ours above the text."""
        if labels == self.labels:
            return
        same_count = len(labels) == len(self.labels)
        self.labels = labels
        if not self._is_read:
            return
        if same_count:
            self._column.relabel(labels)
        else:
            self._refill()

    def fold(self, is_folded: bool) -> None:
        """Hide or show the text below the labels."""
        if is_folded != self.is_folded:
            self.is_folded = is_folded
            if self._is_read:
                self._refill()

    def resize(self, width: int) -> None:
        """All heights are guesses again."""
        self._width = width
        if self._is_read:
            self._column.resize(width)

    def is_exact(self, number: int) -> bool:
        """Whether a leaf's height was measured."""
        return self._column.is_exact(number)

    def measured(self, number: int, rows: int) -> None:
        """A leaf's height is known now, its gap included."""
        self._column.measured(number, rows)

    def forget_heights(self, numbers: range) -> None:
        """Measure these leaves anew when they are seen again."""
        self._column.forget_heights(numbers)

    def has_gap(self, number: int) -> bool:
        """Whether an empty row stands above a leaf."""
        return self._column.has_gap(number)

    def _refill(self) -> None:
        """Make all leaves from the source again, whole where nothing more comes."""
        self._other_look = None
        column = self._column = LeafColumn(self.labels, self._width)
        if self.kind in MARKDOWN_KINDS:
            self._stream = PlainStream() if self.is_raw else PictureStream()
            self._stream.feed(self.source)
            if self.is_folded:
                return
            if self.is_growing:
                column.put(*self._stream.advance())
            else:
                column.put(self._stream.finish(), [])
        elif text := self.source.strip("\n"):
            column.put(self._plain(text), [])

    def _plain(self, text: str) -> list[Placed]:
        """Verbatim text, its beginning only where it is folded."""
        first = len(self.source) - len(self.source.lstrip("\n"))
        if not self.is_folded:
            return plain_leaves(text, first)
        if self.kind is SectionKind.CALL:
            return []
        lines = text.split("\n", FOLDED_RESULT_LINES)
        hidden = lines[-1].count("\n") + 1 if len(lines) > FOLDED_RESULT_LINES else 0
        shown, more = text, ""
        if hidden > 1:
            shown, more = "\n".join(lines[:FOLDED_RESULT_LINES]), f"{Mark.FOLDED.drawn} {hidden} more lines"
        if len(shown) > 2 * FOLDED_RESULT_CHARACTERS:
            shown = shown[:FOLDED_RESULT_CHARACTERS]
            more = f"{Mark.FOLDED.drawn} {figures.tokens(len(text) - len(shown))} more characters"
        leaves = plain_leaves(shown, first)
        return [*leaves, Placed(first + shown.count("\n") + 1, label(more))] if more else leaves

    def line_of(self, number: int) -> int:
        """The line of the source that a leaf begins at; -1 for a label, and after the last leaf the count of lines."""
        line = self._column.line_of(number)
        return self.source.count("\n") + 1 if line is None else line

    def leaf_at(self, line: int) -> int:
        """The leaf in which a line of the source is shown."""
        return self._column.leaf_at(line)

    def block_around(self, number: int) -> tuple[int, int]:
        """The first leaf of the block that a leaf belongs to, and the one after its last."""
        if self.kind not in MARKDOWN_KINDS or self.is_folded:
            return 0, len(self.leaves)
        return self._column.block_around(number)

    def show_raw(self, is_raw: bool) -> None:
        """Show Markdown as it was written, or rendered."""
        if is_raw != self.is_raw and self.kind in MARKDOWN_KINDS:
            self.is_raw = is_raw
            if self._is_read:
                self._change_looks()

    def _change_looks(self) -> None:
        """Put the leaves of one look aside and take those of the other, if they were made once and still hold: parsing
        a million tokens takes seconds."""
        there = _Look(self._column, self._stream)
        other, self._other_look = self._other_look, None
        if other is None or self.is_growing or self.is_folded:
            self._refill()
        else:
            self._column, self._stream = other
            self._column.resize(self._width)
            self._column.relabel(self.labels)
        if not self.is_growing and not self.is_folded:
            self._other_look = there

    def _guess(self) -> int:
        if self.is_folded:
            return len(self.labels) + (FOLDED_RESULT_LINES if self.kind is SectionKind.RESULT else 0)
        text = shortened(self.source) if self.kind in MARKDOWN_KINDS else self.source
        lines = text.count("\n") + 1 if text else 0
        return len(self.labels) + max(lines, -(-len(text) // max(10, self._width - 4))) or 1
