"""A table of the usage board: its columns, which give way in a fixed order where there is no room, and its lines.

The sum stands first. Making the lines of a long table takes a while: it is done in a thread.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final, NamedTuple, assert_never

from rich.cells import cell_len

from tui_chat.chat.ledger import LedgerKind
from tui_chat.core import figures
from tui_chat.core.days import whole_time
from tui_chat.core.ending import STOPPED, short_ending
from tui_chat.core.moments import local_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import TokenCounts
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, width_of
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.speeds import ModelSpeed, rate_words
from tui_chat.workspace.usage_board import (
    LONGEST_NAME,
    NOUNS,
    OF_ALL,
    ORDERS,
    BoardRow,
    Boards,
    Narrowing,
    Order,
    Table,
    View,
    behind,
    boards_of,
    in_order,
    table_of,
)
from tui_chat.workspace.usage_report import Asked, ChatUsage, UsageReport, part_sums

TOTAL: Final = "Total"
FASTEST: Final = "fastest"
"""As wide, with a number, as the heading of its column."""
_GAP: Final = 2
_NARROW: Final = 40
"""Cells up to which a line is its name and its cost."""
_NARROWEST_NAME: Final = 20
"""Cells that a long name has before every column that can has given way."""
_NARROWEST_BAR: Final = 4
_WIDEST_BAR: Final = 24
_NAME: Final = 0


class Column(NamedTuple):
    """A column of numbers."""

    heading: str
    goes: int
    """Of the columns that give way, the one with the lowest number goes first; 0 stays."""


_BAR: Final = 1
"""When the bar gives way."""
_SPENT: Final = (Column("answers", 5), Column("in", 3), Column("cached", 2), Column("out", 4), Column("cost", 0))
_OF_MODELS: Final = (
    Column("answers", 6),
    Column("in", 3),
    Column("cached", 2),
    Column("out", 4),
    Column("tok/s today", 7),
    Column("30 days", 5),
    Column("cost", 0),
)
_OF_CHAT: Final = (
    Column("in", 5),
    Column("cached", 2),
    Column("reason.", 1),
    Column("out", 6),
    Column("first", 3),
    Column("tok/s", 4),
    Column("cost", 0),
)


class Line(NamedTuple):
    """A line: its name, and a cell for each column."""

    name: Row
    short: Row
    """The name where there is less room."""
    cells: tuple[Run, ...]
    share: float
    """Of the largest, for its bar."""
    what: BoardRow | Asked | None = None
    """What it is about; None for the sum of this chat."""

    @property
    def key(self) -> str | None:
        """By which it is found again when the table is a newer one."""
        match self.what:
            case Asked(id=id_):
                return id_
            case BoardRow() as row:
                return row.key
            case None:
                return None
            case _:
                assert_never(self.what)


class Shape(NamedTuple):
    """Cells for the name, for each column that is shown by its index, and for the bar."""

    name: int
    columns: Mapping[int, int]
    bar: int


class DrawnTable:
    """Lines of one table, as they are drawn at any width."""

    def __init__(self, view: View, total: Line, lines: Iterable[Line]) -> None:
        self.view = view
        self.total = total
        self.lines = tuple(lines)
        self.order: Order | None = None
        """The order that the lines are in; None before they were sorted."""
        self._columns = _columns(view)
        heading = cell_len(NOUNS[view])
        self._names = max(heading, *(width_of(line.name) for line in (total, *self.lines)))
        self._short = min(_NARROWEST_NAME, max(heading, *(width_of(line.short) for line in (total, *self.lines))))
        self._widths = [
            max(cell_len(column.heading), *(cell_len(line.cells[place][1]) for line in (total, *self.lines)))
            for place, column in enumerate(self._columns)
        ]
        self._has_bar = any(line.share for line in self.lines)

    def sort(self, order: Order) -> None:
        """Bring the lines into an order."""
        if order is self.order:
            return
        self.order = order
        if self.view is View.CHAT:
            self.lines = tuple(sorted(self.lines, key=_newest if order is Order.NEWEST else _dearest))
        else:
            rows = {id(line.what): line for line in self.lines}
            self.lines = tuple(rows[id(row)] for row in in_order(self.rows, order))

    @property
    def rows(self) -> list[BoardRow]:
        """What the lines are about, in their order."""
        return [line.what for line in self.lines if isinstance(line.what, BoardRow)]

    def shape(self, width: int) -> Shape:
        """What there is room for."""
        is_narrow = width <= _NARROW
        shown = {
            place: cells for place, cells in enumerate(self._widths) if not (is_narrow and self._columns[place].goes)
        }
        has_bar = self._has_bar and not is_narrow
        while self._room(shown, width, has_bar) < self._short:
            going = [
                (column.goes, place) for place, column in enumerate(self._columns) if place in shown and column.goes
            ]
            if has_bar and (not going or min(going)[0] > _BAR):
                has_bar = False
            elif going:
                shown.pop(min(going)[1])
            else:
                break
        room = width - sum(cells + _GAP for cells in shown.values())
        if not has_bar:
            return Shape(max(1, min(room, self._names)), shown, 0)
        bar = max(_NARROWEST_BAR, min(_WIDEST_BAR, room - _GAP - self._names))
        return Shape(max(1, min(room - _GAP - bar, self._names)), shown, bar)

    @staticmethod
    def _room(shown: Mapping[int, int], width: int, has_bar: bool) -> int:
        """Cells that are left for the name."""
        return width - sum(cells + _GAP for cells in shown.values()) - has_bar * (_GAP + _NARROWEST_BAR)

    def heading(self, width: int) -> Row:
        """Words over the columns."""
        shape = self.shape(width)
        cells = [(Ink.MUTED, column.heading) for column in self._columns]
        return _drawn(((Ink.MUTED, NOUNS[self.view]),), cells, shape)

    def sum_row(self, width: int) -> Row:
        """The sum."""
        shape = self.shape(width)
        return _drawn(self._fitting(self.total, shape), self.total.cells, shape)

    def row(self, place: int, width: int) -> Row:
        """A line."""
        line, shape = self.lines[place], self.shape(width)
        row = _drawn(self._fitting(line, shape), line.cells, shape)
        return (*row, (Ink.ACCENT, "  " + figures.line(line.share, shape.bar))) if shape.bar and line.share else row

    def _fitting(self, line: Line, shape: Shape) -> Row:
        """The name, the short one where there is no room for all of the whole ones."""
        return line.name if self._names <= shape.name else line.short


def _drawn(name: Row, cells: Sequence[Run], shape: Shape) -> Row:
    shown = cut(name, shape.name)
    runs: list[Run] = [*shown, (Ink.TEXT, " " * (shape.name - width_of(shown)))]
    for place, size in shape.columns.items():
        ink, text = cells[place]
        runs.append((ink, " " * (_GAP + size - cell_len(text)) + text))
    return tuple(runs)


def _columns(view: View) -> tuple[Column, ...]:
    match view:
        case View.CHAT:
            return _OF_CHAT
        case View.MODELS:
            return _OF_MODELS
        case _:
            return _SPENT


# All conversations


class Prepared(NamedTuple):
    """The tables of a report, ready to be drawn."""

    boards: Boards
    tables: Mapping[View, DrawnTable]


def prepared(report: UsageReport) -> Prepared:
    """Make every table of a report, each in the order that it begins with."""
    boards = boards_of(report)
    tables: dict[View, DrawnTable] = {view: board_table(view, boards.tables[view]) for view in OF_ALL}
    for view, table in tables.items():
        table.sort(ORDERS[view][0])
    return Prepared(boards, tables)


def narrowed_table(report: UsageReport, view: View, narrowings: Sequence[Narrowing]) -> DrawnTable:
    """Make the table behind rows that were opened."""
    return board_table(view, table_of(report, view, behind(report, narrowings)))


def board_table(view: View, table: Table) -> DrawnTable:
    """A table of what was spent, as it is drawn."""
    is_of_models = view is View.MODELS
    whole = BoardRow(TOTAL, table.total, 0.0)
    name: Row = ((Ink.STRONG, TOTAL),)
    total = Line(name, name, _cells(whole, Ink.STRONG, is_of_models), 0.0, whole)
    return DrawnTable(view, total, (_board_line(row, is_of_models) for row in table.rows))


def _board_line(row: BoardRow, is_of_model: bool) -> Line:
    name = _model_name(row.name) if is_of_model else ((Ink.TEXT, row.name),)
    return Line(name, name[-1:], _cells(row, Ink.TEXT, is_of_model), row.share, row)


def _model_name(model: str) -> Row:
    """A model, its provider muted in a run of its own."""
    provider, slash, name = model.rpartition("/")
    return ((Ink.MUTED, provider + slash), (Ink.TEXT, name)) if provider and name else ((Ink.TEXT, model),)


def _cells(row: BoardRow, ink: Ink, is_of_model: bool) -> tuple[Run, ...]:
    spending = row.sum.spending
    is_rough = bool(spending.estimated or spending.unknown)
    speeds = (_speed(row.today, row.is_fastest), _speed(row.lately)) if is_of_model else ()
    if is_of_model and ink is Ink.STRONG:
        speeds = (_run(ink, ""), _run(ink, ""))  # speeds have no sum
    return (
        (Ink.STRONG if ink is Ink.STRONG else Ink.MUTED, f"{spending.answers:,}"),
        (ink, figures.exact_total_tokens(spending.known_prompt_tokens, spending)),
        (Ink.MUTED, figures.exact_part_tokens(row.sum.cached_tokens, row.sum.cached_untold)),
        (ink, figures.exact_total_tokens(spending.known_completion_tokens, spending)),
        *speeds,
        (Ink.WARNING if is_rough else ink, figures.exact_total_cost(spending)),
    )


def _speed(speed: ModelSpeed | None, is_fastest: bool = False) -> Run:
    words = rate_words(speed.tokens_per_s if speed else None)
    return (Ink.SUCCESS, f"{FASTEST} {words}") if is_fastest else (Ink.TEXT, words)


# This chat


class ChatTable:
    """The table of the open conversation, whose lines are kept as long as nothing changes in them."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Asked, date, Line]] = {}

    def table(self, chat: ChatUsage, now: float, *, but_for: str = "") -> DrawnTable:
        """Lines of all that was asked, `but_for` the answer that is being written."""
        today = local_moment(now).date()  # times beside the lines change with the day
        lines: dict[str, tuple[Asked, date, Line]] = {}
        for each in chat.asked:
            before = self._known.get(each.id)
            is_known = before is not None and before[0].answer is each.answer and before[1] == today
            lines[each.id] = before if before is not None and is_known else (each, today, _asked_line(each, now))
        self._known = lines
        return DrawnTable(
            View.CHAT, _chat_total(chat), (line for each, _, line in lines.values() if each.id != but_for)
        )


def _chat_total(chat: ChatUsage) -> Line:
    spending = chat.spending
    cached, reasoning = part_sums(chat.asked)
    is_rough = bool(spending.estimated or spending.unknown)
    strong = partial(_run, Ink.STRONG)
    cells = (
        strong(figures.exact_total_tokens(spending.known_prompt_tokens, spending)),
        strong(figures.exact_part_tokens(*cached)),
        strong(figures.exact_part_tokens(*reasoning)),
        strong(figures.exact_total_tokens(spending.known_completion_tokens, spending)),
        strong(""),
        strong(""),
        _run(Ink.WARNING if is_rough else Ink.STRONG, figures.exact_total_cost(spending)),
    )
    name = f"{TOTAL} of {figures.counted(spending.answers, 'answer')}"
    return Line(((Ink.STRONG, name),), ((Ink.STRONG, TOTAL),), cells, 0.0)


def _asked_line(asked: Asked, now: float) -> Line:
    answer, timing = asked.answer, asked.answer.timing
    counts = answer.counts or TokenCounts()
    rate = figures.rate(counts.output_tokens, timing.writing_s).removesuffix(" tok/s")
    is_rough = figures.cost(answer.cost).startswith("~")
    if answer.is_surely_unbilled:
        cost = (Ink.MUTED, figures.NOT_BILLED)
    else:
        cost = (Ink.WARNING if is_rough else Ink.TEXT, figures.bill(answer.cost) if answer.cost else figures.UNKNOWN)
    cells = (
        (Ink.TEXT, _count(counts.prompt_tokens)),
        (Ink.MUTED, _count(counts.cached_tokens)),
        (Ink.MUTED, _count(counts.reasoning_tokens)),
        (Ink.TEXT, _count(counts.output_tokens)),
        (Ink.MUTED, figures.seconds(timing.first_token_s)),
        (Ink.MUTED, rate),
        cost,
    )
    time: Run = (Ink.MUTED, f"{whole_time(asked.at, now)} ")
    name = _asked_name(asked)
    return Line((time, *name), (time, *(run for run in name if not run[1].endswith("/"))), cells, 0.0, asked)


def _asked_name(asked: Asked) -> Row:
    name = _model_name(sanitize_line(asked.answer.answering_model, LONGEST_NAME) or figures.UNKNOWN)
    if asked.kind is not LedgerKind.ANSWER:
        return (Ink.MUTED, f"{asked.kind.value} "), *name
    ended = _ending(asked)
    return (ended, (Ink.TEXT, " "), *name) if ended else name


def _ending(asked: Asked) -> Run | None:
    """How an answer ended, where that is not plain."""
    word, outcome = short_ending(asked.answer), asked.answer.outcome
    if not word:
        return None
    if word == STOPPED:
        return Ink.WARNING, f"{Mark.STOPPED.drawn} {word}"
    if outcome is Outcome.COMPLETE:
        return Ink.WARNING, f"{Mark.CAUTION.drawn} {word}"
    return Ink.WARNING if outcome is None else Ink.ERROR, f"{Mark.FAILED.drawn} {word}"


def _run(ink: Ink, text: str) -> Run:
    return ink, text


def _count(count: int | None) -> str:
    return figures.UNKNOWN if count is None else f"{count:,}"


def _newest(line: Line) -> float:
    return -line.what.at if isinstance(line.what, Asked) else 0.0


def _dearest(line: Line) -> tuple[bool, float, float]:
    cost = line.what.answer.cost if isinstance(line.what, Asked) else None
    return cost is None, -float(cost.usd) if cost else 0.0, _newest(line)
