"""From a leaf to painted rows, for a width and a palette: measured, wrapped and coloured when it is first drawn.

Rows are cached by count, not by leaf, since painted rows are the heaviest thing in the log.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_chat.ui.theming import marks
from tui_chat.ui.transcript import code_rows
from tui_chat.ui.transcript.highlighting import Highlighter
from tui_chat.ui.transcript.inline import Look, Span, spans
from tui_chat.ui.transcript.leaves import JOINT, Kind, Leaf, Mark, MarkRole
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.section import Section, SectionKind
from tui_chat.ui.transcript.tables import TableShapes
from tui_chat.ui.transcript.wrapping import SegmentRow, divided, wrap

MARGIN: Final = " "
"""The first column, which shows the block cursor."""
GUTTER: Final = 3
"""Columns at the left, the margin among them, in which the marks of messages stand."""
MEASURE: Final = 100
"""Cells of text at most, whatever is read: wider rows are hard to follow."""
LEAST_GAP: Final = 2
"""Cells between a line of ours and what stands at its right edge."""
MAX_CACHED_ROWS: Final = 800
MAX_STRIPS: Final = 400
"""Rows that are found again by their segments: a few screens of them."""
MOST_FOLDED: Final = 4
"""Rows of a line of code that is found again by its pieces."""
TAB: Final = 4


class Renderer:
    """Paints leaves. One for a view; told of every change of width or colours."""

    def __init__(self, palette: Palette, width: int, *, joins_lines: bool = False) -> None:
        self.palette = palette
        self.joins_lines = joins_lines
        """Single line ends of a paragraph are shown as spaces."""
        self.width = max(8, width)
        self._cache: OrderedDict[tuple[object, ...], list[Strip]] = OrderedDict()
        self._cached_rows = 0
        self._strips: dict[tuple[Segment, ...], Strip] = {}
        self._code_lines: dict[tuple[object, ...], list[Strip]] = {}
        self._tables = TableShapes()
        self._highlighter = Highlighter()

    def set_palette(self, palette: Palette) -> None:
        """Set other colours."""
        self.palette = palette
        self._forget()

    def set_width(self, width: int) -> None:
        """Set another width."""
        self.width = max(8, width)
        self._forget()

    def forget_all(self) -> None:
        """Forget everything: another conversation is shown."""
        self._forget()
        self._tables.clear()
        self._highlighter.clear()

    def _forget(self) -> None:
        self._cache.clear()
        self._cached_rows = 0
        self._strips.clear()
        self._code_lines.clear()

    def blank(self) -> Strip:
        """An empty row."""
        return Strip.blank(self.width, self.palette.base)

    def rows(self, section: Section, number: int) -> list[Strip]:
        """The rows of a leaf, the gap above it included."""
        leaf = section.leaves[number]
        is_open = section.is_growing and number == len(section.leaves) - 1
        state: object = is_open
        if leaf.kind is Kind.ROW:
            shape = self._tables.of(section, number)
            room = self.room(leaf)
            state = (shape.widths(room), shape.header, shape.has_line_above(number, room))
        elif leaf.kind is Kind.CODE:
            state = self._highlighter.version(section, number)
        has_gap = section.has_gap(number)
        # References are few, and a definition that arrives late changes what brackets mean.
        known = len(section.references) if "[" in leaf.text or leaf.kind is Kind.ROW else 0
        uid = section.uid if leaf.kind is Kind.CODE or known else -1
        key = (leaf, section.kind, has_gap, state, uid, known)
        cached = self._cache.get(key)
        if cached is not None:
            self._cache.move_to_end(key)
            return cached
        strips = self._painted(section, number, leaf, is_open=is_open)
        if has_gap:
            strips.insert(0, self._strip(self._gap(section, leaf)))
        self._cache[key] = strips
        self._cached_rows += len(strips)
        while self._cached_rows > MAX_CACHED_ROWS and len(self._cache) > 1:
            _, dropped = self._cache.popitem(last=False)
            self._cached_rows -= len(dropped)
        return strips

    @property
    def read_width(self) -> int:
        """Cells from the left edge to the end of what is read."""
        return min(self.width, GUTTER + MEASURE)

    @property
    def words_room(self) -> int:
        """Cells for a row of text without marks of its own."""
        return max(4, self.read_width - GUTTER)

    def plain_room(self, section: Section) -> int:
        """Cells for a row of verbatim text."""
        return self.words_room - (section.kind is SectionKind.USER)

    def _strip(self, row: SegmentRow) -> Strip:
        """A row of segments, finished. The same row is the same object: of a leaf that grows most rows stay."""
        key = tuple(row)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= MAX_STRIPS:
                self._strips.clear()
            strip = Strip(row).adjust_cell_length(self.width, self.palette.base)
            strip = strip.apply_style(self.palette.base).simplify() if strip.cell_length else self.blank()
            self._strips[key] = strip
        return strip

    def label_text(self, leaf: Leaf) -> str:
        """The words of a label and what follows them, the shorter where the whole does not fit on a row, with what
        stands at the right edge where that fits beside the shorter."""
        whole = _joined(leaf.text, leaf.info)
        if not leaf.shorter:
            return whole
        short, room = _joined(leaf.text, leaf.shorter), self.words_room + GUTTER
        beside = cell_len(leaf.end) + LEAST_GAP if leaf.end else 0
        if cell_len(short) + beside <= room < cell_len(whole) + beside:
            return short
        return whole if cell_len(whole) < room else short

    def room(self, leaf: Leaf) -> int:
        """Cells for a row of a leaf beside its marks."""
        return max(4, self.words_room - sum(cell_len(mark.text) for mark in self.shown(leaf.marks)))

    def column_name(self, section: Section, number: int, column: int) -> str:
        """The name before a cell where the table is stacked."""
        header = self._tables.of(section, number).header
        named = spans(header[column], section.references) if column < len(header) else []
        return "".join(span.text for span in named) + ": " * bool(named)

    def indent(self, leaf: Leaf) -> int:
        """Characters before the text of a leaf."""
        return GUTTER + sum(len(mark.text) for mark in self.shown(leaf.marks))

    def table_widths(self, section: Section, number: int) -> tuple[int, ...]:
        """Cells of each column of the table that a row belongs to; empty where it is stacked."""
        return self._tables.of(section, number).widths(self.room(section.leaves[number]))

    def has_line_above(self, section: Section, number: int) -> bool:
        """Say whether a line stands above a row of a table."""
        return self._tables.of(section, number).has_line_above(number, self.room(section.leaves[number]))

    def shown(self, marks: Sequence[Mark]) -> Sequence[Mark]:
        """The innermost marks, as many as leave half of the width to the text."""
        room = (self.read_width - GUTTER) // 2
        count = 0
        for mark in reversed(marks):
            room -= cell_len(mark.text)
            if room < 0:
                break
            count += 1
        return marks[len(marks) - count :]

    def _gap(self, section: Section, leaf: Leaf) -> SegmentRow:
        return [*self._gutter(section), *self._marks(leaf.marks, is_gap=True)]

    def _gutter(self, section: Section) -> SegmentRow:
        if section.kind is SectionKind.REASONING:
            return [Segment(MARGIN), Segment("│ ", self.palette.on("border-blurred"))]
        return [Segment(" " * GUTTER)]

    def _marks(self, marks: Sequence[Mark], *, is_first: bool = False, is_gap: bool = False) -> SegmentRow:
        row: SegmentRow = []
        for mark in self.shown(marks):
            if mark.role is MarkRole.QUOTE:
                shown = not (is_gap and mark.opens)
                row.append(Segment(mark.text if shown else "  ", self.palette.on("border-blurred")))
            elif is_first and mark.opens:
                done = mark.role is MarkRole.DONE
                row.append(Segment(mark.text, self.palette.on("success" if done else "list-marker")))
            else:
                row.append(Segment(" " * cell_len(mark.text)))
        return row

    def _framed(
        self, section: Section, leaf: Leaf, rows: Iterable[SegmentRow], *, begins: bool = True
    ) -> list[SegmentRow]:
        """Rows of content behind the gutter and the marks; the leaf `begins` with the first of them."""
        gutter = self._gutter(section)
        rest = self._marks(leaf.marks)
        return [
            [*gutter, *(self._marks(leaf.marks, is_first=True) if begins and number == 0 else rest), *row]
            for number, row in enumerate(rows)
        ]

    def _painted(self, section: Section, number: int, leaf: Leaf, *, is_open: bool) -> list[Strip]:
        match leaf.kind:
            case Kind.LABEL:
                rows = self._label(section, leaf)
            case Kind.PLAIN:
                rows = self._plain(section, leaf)
            case Kind.CODE:
                return self._code(section, number, leaf)
            case Kind.ROW:
                rows = self._framed(section, leaf, self._row(section, number, leaf))
            case Kind.RULE:
                line = Segment("─" * self.room(leaf), self.palette.on("border-blurred"))
                rows = self._framed(section, leaf, [[line]])
            case Kind.HEADING:
                rows = self._framed(section, leaf, self._heading(section, leaf, is_open=is_open))
            case Kind.PARAGRAPH:
                found = spans(leaf.text, section.references, is_open=is_open, joins_lines=self.joins_lines)
                rows = self._framed(section, leaf, self._flow(found, self.room(leaf), self._ground(section, leaf)))
        return [self._strip(row) for row in rows]

    def _ground(self, section: Section, leaf: Leaf) -> str:
        if section.kind is SectionKind.REASONING:
            return "reasoning"
        return "quote" if any(mark.role is MarkRole.QUOTE for mark in leaf.marks) else "foreground"

    def _heading(self, section: Section, leaf: Leaf, *, is_open: bool) -> list[SegmentRow]:
        ground = "reasoning" if section.kind is SectionKind.REASONING else "heading"
        extra = Look.STRONG if leaf.level <= 3 else Look.EMPHASIS
        plain = spans(leaf.text, section.references, is_open=is_open, joins_lines=self.joins_lines)
        found = [span._replace(look=span.look | extra) for span in plain]
        return self._flow(found, self.room(leaf), ground)

    def _flow(self, found: Sequence[Span], room: int, ground: str) -> list[SegmentRow]:
        """Spans wrapped into rows."""
        text = "".join(span.text for span in found)
        return divided([Segment(span.text, self._style(span, ground)) for span in found], wrap(text, room))

    def _style(self, span: Span, ground: str) -> Style:
        style = self.palette.inline(ground, span.look)
        return style + Style(link=span.address) if span.address else style

    def _label(self, section: Section, leaf: Leaf) -> list[SegmentRow]:
        palette = self.palette
        # The row of an attachment gets its margin together with its bar.
        is_yours = section.kind in (SectionKind.ATTACHMENT, SectionKind.USER)
        margin = "" if is_yours else MARGIN
        mark, words = margin + leaf.text[: GUTTER - 1], leaf.text[GUTTER - 1 :]
        tone, muted = palette.tone(leaf.level), palette.on("muted")
        text = self.label_text(leaf)[GUTTER - 1 :]
        provider = words.rfind("/") + 1 if section.kind is SectionKind.HEADER else 0
        whole = (
            Segment(text[:provider], muted),
            Segment(text[provider : len(words)], tone),
            Segment(text[len(words) :], muted),
        )
        begun = Segment(mark, tone)
        rows = [
            [*([begun] if number == 0 else [Segment(" " * len(mark), tone)] if mark else []), *row]
            for number, row in enumerate(divided([part for part in whole if part.text], wrap(text, self.words_room)))
        ]
        if is_yours:
            return [self._user_row(row) for row in rows]
        if section.kind is SectionKind.TIME_GAP:
            line = Segment(f" {'─' * max(0, self.words_room - cell_len(words) - 1)}", palette.on("border-blurred"))
            rows[-1].append(line)
        if leaf.end:
            rows[-1] += self._at_end(leaf.end, sum(segment.cell_length for segment in rows[-1]))
        return rows

    def _at_end(self, words: str, used: int) -> SegmentRow:
        """Words at the right edge of a row of which so many cells are used; nothing where they do not fit."""
        gap = self.read_width - used - cell_len(words)
        return [] if gap < LEAST_GAP else [Segment(" " * gap), Segment(words, self.palette.on("muted"))]

    def _user_row(self, row: SegmentRow) -> SegmentRow:
        ground = self.palette.on("foreground", "user-background")
        bar = Segment(f"{marks.Mark.YOURS.drawn} ", self.palette.on("user", "user-background"))
        painted = [Segment(text, ground + style if style else ground) for text, style, _ in row]
        cells = sum(segment.cell_length for segment in painted)
        return [Segment(MARGIN), bar, *painted, Segment(" " * max(0, self.words_room - cells), ground)]

    def _plain(self, section: Section, leaf: Leaf) -> list[SegmentRow]:
        is_user = section.kind is SectionKind.USER
        room = self.plain_room(section)
        style = None if is_user else self.palette.on(self._ground(section, leaf) if section.is_raw else "muted")
        rows: list[SegmentRow] = []
        for line in leaf.text.split("\n"):
            shown = line.expandtabs(TAB)
            rows += [[Segment(shown[start:end], style)] for start, end in wrap(shown, room)]
        if is_user:
            return [self._user_row(row) for row in rows]
        return self._framed(section, leaf, rows)

    def _code(self, section: Section, number: int, leaf: Leaf) -> list[Strip]:
        """A block that grows is painted with each frame: its lines are found again by their pieces."""
        room = self.room(leaf)
        strips: list[Strip] = []
        begins = True
        if leaf.level == 0:
            head = code_rows.head(leaf.info, room, self.palette)
            strips += map(self._strip, self._framed(section, leaf, [head]))
            begins = False
            if not leaf.text:
                return strips
        for tokens in self._highlighter.lines(section, number):
            key = (*tokens, leaf.marks, section.kind is SectionKind.REASONING, begins)
            if (line := self._code_lines.get(key)) is None:
                rows = code_rows.line(tokens, room, self.palette)
                line = [self._strip(row) for row in self._framed(section, leaf, rows, begins=begins)]
                if len(self._code_lines) >= MAX_STRIPS:
                    self._code_lines.clear()
                if len(line) <= MOST_FOLDED:
                    self._code_lines[key] = line
            strips += line
            begins = False
        return strips

    def _row(self, section: Section, number: int, leaf: Leaf) -> list[SegmentRow]:
        shape = self._tables.of(section, number)
        widths = shape.widths(self.room(leaf))
        is_header = leaf.level == 1
        ground = self._ground(section, leaf)
        if not widths:
            return [] if is_header else self._stacked(section, leaf, shape.header, ground)
        style = self.palette.on("border-blurred")
        line = [Segment("─┼─".join("─" * width for width in widths), style)]
        columns: list[list[SegmentRow]] = []
        for column, width in enumerate(widths):
            cell = leaf.cells[column] if column < len(leaf.cells) else ""
            columns.append(
                self._cell(section, cell, width, leaf.info[column : column + 1], ground, is_header=is_header)
            )
        rows: list[SegmentRow] = [line] if self.has_line_above(section, number) else []
        for level in range(max(len(column) for column in columns)):
            row: SegmentRow = []
            for at, (column_rows, width) in enumerate(zip(columns, widths, strict=True)):
                if at:
                    row.append(Segment(" │ ", style))
                row += column_rows[level] if level < len(column_rows) else [Segment(" " * width)]
            rows.append(row)
        if is_header:
            rows.append(line)
        return rows

    def _cell(
        self, section: Section, cell: str, width: int, align: str, ground: str, *, is_header: bool
    ) -> list[SegmentRow]:
        found = spans(cell, section.references)
        if is_header:
            ground = ground if ground == "reasoning" else "heading"
            found = [span._replace(look=span.look | Look.STRONG) for span in found]
        rows: list[SegmentRow] = []
        for row in self._flow(found, width, ground):
            room = max(0, width - sum(segment.cell_length for segment in row))
            left = room if align == "r" else room // 2 if align == "c" else 0
            rows.append([Segment(" " * left), *row, Segment(" " * (room - left))])
        return rows

    def _stacked(self, section: Section, leaf: Leaf, header: Sequence[str], ground: str) -> list[SegmentRow]:
        """A row of a table that is too wide for the screen: one cell under another, each with its column's name."""
        room = self.room(leaf)
        rows: list[SegmentRow] = [[Segment("─" * room, self.palette.on("border-blurred"))]]
        for column, cell in enumerate(leaf.cells):
            name = header[column] if column < len(header) else ""
            named = [span._replace(look=span.look | Look.STRONG) for span in spans(name, section.references)]
            value = spans(cell, section.references)
            rows += self._flow([*named, Span(": " if named else ""), *value], room, ground)
        return rows


def _joined(words: str, info: str) -> str:
    is_apart = info and words.strip() and not info.startswith(JOINT)
    return f"{words}  {info}" if is_apart else words + info
