"""The arguments of a call as they are understood: one block of rows for each member, with its mark, and long texts
unfolded below their name.

A block is laid out where it grows, so a frame costs what arrived since the last one. Of a text that is huge only the
last rows are drawn, and of very many members the last ones.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, overload

from rich.cells import cell_len

from tui_chat.core import figures
from tui_chat.core.argument_language import TEXT, language_of
from tui_chat.core.json_layout import Mark as Piece_
from tui_chat.core.json_levels import Kind, Member
from tui_chat.core.partial_json import PartialJson
from tui_chat.core.sanitize import sanitize_in_place, sanitize_line
from tui_chat.core.schema_marks import Missing, SchemaMarks
from tui_chat.core.schema_rules import OPEN, Judged, Verdict
from tui_chat.ui.rows.flow import INKS, KEPT, Flow
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, width_of, wrapped
from tui_chat.ui.theming.marks import Mark, drawn

GROWS: Final = "▏"
"""Where a value grows."""
MOST_BLOCKS: Final = 1_000
"""Members up to which all are shown; of more the last ones."""
MOST_PIECES: Final = 6_000
"""Pieces of the layout of one member that are laid out from its beginning."""
LAST_PIECES: Final = 2_000
SHORT: Final = 160
"""Characters of a member's text beside its language that may name a path."""
_BELOW: Final = "    "
_UNFOLDED: Final = frozenset((Piece_.FOLD,))
_INKS: Final = {Verdict.RIGHT: (Ink.SUCCESS, Mark.DONE), Verdict.WRONG: (Ink.ERROR, Mark.FAILED)}


class _Block:
    """The rows of one member."""

    def __init__(self, member: Member, width: int) -> None:
        self._member = member
        self._width = width
        self._flow: Flow | None = None
        self._words = 0
        """Pieces of an open string that were laid out."""
        self._characters = 0
        self._lines = 1
        self._language = TEXT
        self._inline: Row = ()
        self._is_done = False
        self.head: tuple[Judged, int, Sequence[Row]] | None = None
        """The rows with its name as they were made last, once it is complete: for which mark, and width of names."""

    def grow(self, parsed: PartialJson, room: int, beside: dict[str, str]) -> None:
        """Lay out what has come of it; `room` are the cells beside its name."""
        if self._is_done:
            return
        if self._flow is None:
            self._inline = self._short(parsed, room)
            if not self._inline:
                self._unfold(parsed, beside)
        if self._flow is not None:
            self._grow_flow(self._flow, parsed)
        self._is_done = self._member.end is not None

    def _short(self, parsed: PartialJson, room: int) -> Row:
        """The value on one line; nothing where it is too long for that, or has lines of its own."""
        pieces = parsed.pieces
        end, part = self._member.end or (len(pieces), 0)
        runs: list[Run] = []
        used = 0
        at, offset = self._member.start
        while at < len(pieces) and (at < end or (at == end and part)):
            mark, text = pieces[at]
            if mark in _UNFOLDED or used > room:
                return ()
            if mark is Piece_.BREAK:
                text = " " if runs and runs[-1][1].endswith((",", ":")) else ""
                runs.append((Ink.PUNCTUATION, text))
            else:
                text = sanitize_in_place(text[offset : part if at == end else None][: room + 1])
                runs.append((INKS[mark], text))
            used += cell_len(text)
            at, offset = at + 1, 0
        return tuple(runs) if 0 < used <= room else ((Ink.TEXT, ""),) if not used else ()

    def _unfold(self, parsed: PartialJson, beside: dict[str, str]) -> None:
        """Begin the rows below the name; of what is huge already, near its end."""
        start, end = self._member.start, (self._member.end or parsed.end)[0]
        is_huge = end - start[0] > MOST_PIECES
        self._flow = Flow(
            self._width, indent=_BELOW, keeps_all=False, start=(end - LAST_PIECES, 0) if is_huge else start
        )
        self._flow.dropped = int(is_huge)
        if self._is_text(parsed):
            value = self._member.value
            beginning = value if isinstance(value, str) else "".join(parsed.open_words(0)[:99])
            self._language = language_of(self._member.name, beginning[:400], beside)

    def _is_text(self, parsed: PartialJson) -> bool:
        tip, value = parsed.tip, self._member.value
        if isinstance(value, str):
            return True
        return self._member.end is None and value is None and tip is not None and tip.kind is Kind.STRING

    def _grow_flow(self, flow: Flow, parsed: PartialJson) -> None:
        member = self._member
        if isinstance(member.value, str):
            self._put(flow, member.value[self._characters :])
        elif self._is_text(parsed):
            words = parsed.open_words(self._words)
            self._words += len(words)
            self._put(flow, "".join(words))
        elif not isinstance(member.value, str | None) or member.end is not None:
            flow.follow(parsed.pieces, member.end)

    def _put(self, flow: Flow, text: str) -> None:
        self._characters += len(text)
        self._lines += text.count("\n")
        tail = KEPT * self._width
        if len(text) > 4 * tail:
            flow.dropped += 1 + text.count("\n", 0, len(text) - tail)
            text = text[-tail:]
        flow.put(Ink.STRING, text)

    @property
    def is_whole(self) -> bool:
        """None of its rows is left out."""
        return self._flow is None or self._flow.is_whole

    @property
    def row_count(self) -> int:
        """Rows below the one with its name."""
        if self._flow is None:
            return 0
        return min(KEPT, len(self._flow.rows)) if self._flow.dropped else len(self._flow.rows)

    def row(self, index: int, *, grows: bool) -> Row:
        """A row below the one with its name."""
        assert self._flow is not None
        row = self._flow.rows[index - self.row_count]
        is_last = index == self.row_count - 1
        return (*row, (Ink.ACCENT, GROWS)) if grows and is_last else row

    def value(self, *, grows: bool) -> Row:
        """What stands beside the name."""
        if self._flow is None:
            return (*self._inline, (Ink.ACCENT, GROWS)) if grows else self._inline
        return ((Ink.MUTED, self._facts(self._flow)),)

    def _facts(self, flow: Flow) -> str:
        value = self._member.value
        if isinstance(value, dict):
            facts = figures.counted(len(value), "member")
        elif isinstance(value, list):
            facts = figures.counted(len(value), "item")
        else:
            size = f"{self._lines:,} lines" if self._lines > 1 else f"{self._characters:,} characters"
            facts = f"{self._language}, {size}"
        return f"{facts}, the last {KEPT} rows" if flow.dropped else facts


class ArgumentRows(Sequence[Row]):
    """The rows of all members, those that are required and have not come, and what is wrong."""

    def __init__(self, parsed: PartialJson, marks: SchemaMarks, width: int) -> None:
        self._parsed = parsed
        self._marks = marks
        self._width = width
        self._blocks: list[_Block] = []
        self._members: list[Member] = []
        self._first = 0
        """Members that are left out above."""
        self._beside: dict[str, str] = {}
        self._grows = True
        self._name_width = self._measured(marks.properties)
        self._parts: list[_Block | Sequence[Row]] = []
        """Rows in their order: those with names by themselves, and the rows below them as their block."""
        self._starts: list[int] = []
        """The first row of each part."""
        self._count = 0

    def _measured(self, names: Sequence[str]) -> int:
        longest = max((cell_len(sanitize_line(name, 40)) for name in names[:200]), default=4)
        return max(4, min(longest, 16, self._width // 3))

    def grow(self, *, is_arriving: bool) -> None:
        """Lay out what has come."""
        self._grows = is_arriving and self._parsed.problem is None
        members = self._parsed.members
        for at in range(max(0, len(self._members) - 1), len(members)):
            if at == len(self._members):
                self._add(members[at])
            room = max(8, self._width - self._name_width - 8)
            self._blocks[at - self._first].grow(self._parsed, room, self._beside)
            value = members[at].value
            if isinstance(value, str) and len(value) <= SHORT and len(self._beside) < 50:
                self._beside[members[at].name] = value
        if len(self._blocks) > MOST_BLOCKS:
            self._first += len(self._blocks) - KEPT
            del self._blocks[:-KEPT]
        self._place()

    def _add(self, member: Member) -> None:
        self._members.append(member)
        self._blocks.append(_Block(member, self._width))
        self._name_width = max(self._name_width, self._measured([member.name]))

    def _place(self) -> None:
        """Say which row is where."""
        self._parts, self._starts, self._count = [], [], 0
        if self._first:
            words = f"{Mark.LEFT_OUT.drawn} {self._first:,} members above are not drawn"
            self._put([cut(((Ink.MUTED, words),), self._width)])
        for at, block in enumerate(self._blocks):
            self._put(self._head(self._first + at, block))
            if block.row_count:
                self._put(block)
        for missing in self._marks.missing():
            self._put(self._missing(missing))
        if not self._count:
            words = "No arguments yet." if self._grows else "No arguments."
            self._put([cut(((Ink.MUTED, words),), self._width)])

    def _put(self, part: "_Block | Sequence[Row]") -> None:
        self._parts.append(part)
        self._starts.append(self._count)
        self._count += part.row_count if isinstance(part, _Block) else len(part)

    def _head(self, at: int, block: _Block) -> Sequence[Row]:
        member = self._members[at]
        judged = self._marks.marks[at] if at < len(self._marks.marks) else OPEN
        grows = self._grows and member.end is None and at == len(self._members) - 1
        if block.head is None or grows or block.head[:2] != (judged, self._name_width):
            rows = self._line(judged, member.name, block.value(grows=grows and not block.row_count))
            block.head = None if member.end is None else (judged, self._name_width, rows)
            return rows
        return block.head[2]

    def _line(self, judged: Judged, name: str, value: Row) -> list[Row]:
        """Mark, name and value; and why it is wrong, beside them or below."""
        ink, mark = _INKS.get(judged.verdict, (Ink.MUTED, ""))
        why = f"{judged.where.removeprefix('.')}: {judged.why}" if judged.where else judged.why
        if judged.verdict is not Verdict.WRONG and not self._marks.names(name):
            ink, mark, why = Ink.WARNING, Mark.CAUTION, "not in the schema"
        row = (*self._name(ink, mark, name), *value)
        why = sanitize_line(why, 300)
        if not why:
            return [cut(row, self._width)]
        if width_of(row) + 3 + cell_len(why) <= self._width:
            return [(*row, (Ink.TEXT, "   "), (ink, why))]
        indent = len(_BELOW)
        below: list[Row] = [((Ink.TEXT, _BELOW), *one) for one in wrapped(why, self._width - indent, ink)]
        return [cut(row, self._width), *below]

    def _name(self, ink: Ink, mark: str, name: str) -> Row:
        shown = drawn(mark) if mark else ""
        label = cut(((Ink.KEY, sanitize_line(name, 40) or '""'),), self._name_width)
        filled = " " * (self._name_width - width_of(label) + 2)
        return (
            (ink, shown),
            (Ink.TEXT, " " * (cell_len(Mark.DONE.drawn) + 1 - cell_len(shown))),
            *label,
            (Ink.TEXT, filled),
        )

    def _missing(self, missing: Missing) -> list[Row]:
        wanted = sanitize_line(missing.wanted, 200)
        if self._parsed.is_whole:
            ink, mark = Ink.ERROR, Mark.FAILED
            words = f"missing: {wanted}" if wanted else "missing"
        else:
            ink, mark = Ink.MUTED, Mark.OFF
            when = "not yet" if self._grows else "did not come"
            words = f"{wanted}, {when}" if wanted else when
        return [cut((*self._name(ink, mark, missing.name), (ink, words)), self._width)]

    @property
    def is_whole(self) -> bool:
        """No member, and no row of one, is left out."""
        return not self._first and all(block.is_whole for block in self._blocks)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        part = bisect_right(self._starts, index) - 1
        rows, at = self._parts[part], index - self._starts[part]
        if not isinstance(rows, _Block):
            return rows[at]
        is_open = self._grows and rows is self._blocks[-1] and self._members[-1].end is None
        return rows.row(at, grows=is_open)

    def __iter__(self) -> Iterator[Row]:
        return (self[at] for at in range(len(self)))
