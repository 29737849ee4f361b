"""Rows of the list of conversations: state, title with labels, model, messages, cost, time of the last message.

Columns give way in this order, until the title has room: messages, model, time, and what cost leaves blank. State,
title and cost are always there.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace
from rich.cells import cell_len

from tui_chat.chat.ports import ConversationSummary
from tui_chat.core import figures
from tui_chat.core.days import brief_time, whole_time
from tui_chat.core.marks import LONGEST_LABEL
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.unmarked import unmarked
from tui_chat.ui.rows.pick_list import MARGIN
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, cut_in_middle, highlighted, width_of
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.conversations import UNTITLED
from tui_chat.workspace.followed import Standing
from tui_chat.workspace.open_conversations import AtWork

STATE_CELLS: Final = 2
TITLE_PLACE: Final = MARGIN + STATE_CELLS
"""Where the title of a row begins in the list."""
WORK_CELLS: Final = 19
MODEL_CELLS: Final = 16
GAP: Final = 2
"""Blanks before each column of figures; a figure that is too long for that takes its cells from the title."""
MESSAGE_CELLS: Final = 5 + GAP
COST_CELLS: Final = 10 + GAP
BRIEF_COST_CELLS: Final = 7 + GAP
BRIEF_CELLS: Final = 6 + GAP
WHOLE_CELLS: Final = 11 + GAP
NARROWEST_TITLE: Final = 26
NARROWEST_LABELS: Final = 7
"""Two blanks, the sign, and a few letters."""
AT_WORK: Final = "At work"

_STATES: Final = {
    Standing.BUSY: (Ink.TEXT, Mark.ANSWER),
    Standing.ASKS: (Ink.WARNING, Mark.CAUTION),
    Standing.UNREAD: (Ink.SUCCESS, Mark.DONE),
    Standing.FAILED: (Ink.ERROR, Mark.FAILED),
    Standing.IDLE: (Ink.MUTED, Mark.OFF),
}


HERE: Final = "  (here)"


class Sign(Enum):
    """What is shown of a row besides its facts."""

    NONE = " "
    MARKED = Mark.DONE
    """Before the title: the next letter acts on it."""
    OPEN = HERE
    """Behind the title: it is the one in the chat. Where its labels have no room beside that, a mark says it."""


class Entry(msgspec.Struct, frozen=True):
    """A conversation with what is shown of it, harmless."""

    id: str
    title: str
    searched: str
    """The title, and the labels two blanks behind it: what a query is matched against, and what is shown."""
    model: str
    row: ConversationSummary | None
    """None where nothing of it was read yet."""
    work: AtWork | None = None


class Hit(NamedTuple):
    """An entry that fits the query, and which characters of what is searched were matched."""

    entry: Entry
    positions: tuple[int, ...] = ()


def entry_of(row: ConversationSummary, work: AtWork | None = None) -> Entry:
    """The entry of a row."""
    title = sanitize_line(row.title)
    labels = " ".join(f"#{sanitize_line(label, LONGEST_LABEL)}" for label in row.labels)
    return Entry(row.id, title, f"{title or UNTITLED}  {labels}".rstrip(), _short(row.model), row, work)


def entry_at_work(work: AtWork, row: ConversationSummary | None) -> Entry:
    """The entry of a conversation at work, of which maybe nothing was read yet."""
    if row is not None:
        return entry_of(row, work)
    title = sanitize_line(work.title)
    return Entry(work.id, title, title or UNTITLED, _short(work.model), None, work)


def _short(model: str) -> str:
    shown = sanitize_line(model, 120)
    return shown.rpartition("/")[2] or shown


class Shape(msgspec.Struct, frozen=True):
    """The columns that there is room for, and their widths."""

    title: int
    model: int
    messages: int
    cost: int
    last: int

    @property
    def figures(self) -> int:
        """Cells of the columns of figures."""
        return self.messages + self.cost + self.last


def shape(width: int, *, is_grouped: bool) -> Shape:
    """Columns for a width in cells; below headings of days the time is brief."""
    time = BRIEF_CELLS if is_grouped else WHOLE_CELLS
    given = Shape(0, MODEL_CELLS, MESSAGE_CELLS, COST_CELLS, time)
    for columns in (
        given,
        replace(given, messages=0),
        replace(given, messages=0, model=0),
        Shape(0, 0, 0, COST_CELLS, 0),
        Shape(0, 0, 0, BRIEF_COST_CELLS, 0),
    ):
        title = width - STATE_CELLS - columns.model - columns.figures
        if title >= NARROWEST_TITLE:
            break
    return replace(columns, title=max(1, title))


def heading_row(words: str, width: int, *, is_grouped: bool) -> Row:
    """The heading of the rows in sight, and the words over the columns; `width` is that of the whole list."""
    columns = shape(width - MARGIN, is_grouped=is_grouped)
    over = f"{'model':<{columns.model}}"[: columns.model]
    over += f"{'msgs':>{columns.messages}}" if columns.messages else ""
    over += f"{'cost':>{columns.cost}}"
    over += f"{'last':>{columns.last}}" if columns.last else ""
    return ((Ink.MUTED, f" {words:<{columns.title + STATE_CELLS}}{over}"),)


def conversation_row(hit: Hit, width: int, now: float, *, sign: Sign, is_grouped: bool) -> Row:
    """A conversation in one line. `now` is in seconds since the epoch."""
    entry, columns = hit.entry, shape(width, is_grouped=is_grouped)
    figures_of_it = _figures(entry, columns, now, is_grouped=is_grouped)
    columns = replace(columns, title=max(1, columns.title - max(0, width_of(figures_of_it) - columns.figures)))
    is_brief = sign is Sign.OPEN and not _has_room_for_here(entry, columns)
    state = _state(entry, sign, columns, is_brief=is_brief)
    room = columns.title + STATE_CELLS - width_of(state)
    here: Row = ((Ink.SUCCESS, HERE),) if sign is Sign.OPEN and entry.work is None and not is_brief else ()
    title = (*_titled(entry, hit.positions, max(1, room - 2 - width_of(here))), *here)
    cells: list[Run] = [*state, *title, (Ink.TEXT, " " * (room - width_of(title)))]
    if columns.model:
        model: Row = ((Ink.MUTED, cut_in_middle(entry.model, columns.model - 1)),)
        cells += [*model, (Ink.TEXT, " " * (columns.model - width_of(model)))]
    cells += figures_of_it
    return cut(tuple(cells), width)


def _has_room_for_here(entry: Entry, columns: Shape) -> bool:
    """There are no labels, or they fit beside title and `(here)`."""
    has_labels = entry.row is not None and bool(entry.row.labels)
    return not has_labels or cell_len(entry.searched) + cell_len(HERE) + 2 <= columns.title


def _figures(entry: Entry, columns: Shape, now: float, *, is_grouped: bool) -> Row:
    """The columns of figures, each behind a gap."""
    row, cells = entry.row, list[Run]()
    if columns.messages:
        cells.append((Ink.MUTED, _right(f"{row.messages:,}" if row else figures.UNKNOWN, columns.messages)))
    cost = figures.total_cost(row.spending, is_narrow=True) if row else figures.UNKNOWN
    cells.append((Ink.TEXT, _right(cost, columns.cost)))
    if columns.last:
        time = brief_time if is_grouped else whole_time
        is_now = entry.work is not None and entry.work.standing in (Standing.BUSY, Standing.ASKS)
        last = "now" if is_now else time(row.updated_at, now) if row else ""
        cells.append((Ink.MUTED, _right(last, columns.last)))
    return tuple(cells)


def _right(figure: str, cells: int) -> str:
    return f"{figure:>{max(cells, len(figure) + GAP)}}"


def _state(entry: Entry, sign: Sign, columns: Shape, *, is_brief: bool) -> Row:
    if sign is Sign.MARKED:
        return ((Ink.STRONG, str(sign.value)), (Ink.TEXT, " "))
    if entry.work is None:
        return ((Ink.SUCCESS, Mark.ANSWER.drawn), (Ink.TEXT, " ")) if is_brief else ((Ink.TEXT, " " * STATE_CELLS),)
    ink, mark = _STATES[entry.work.standing]
    cells = min(WORK_CELLS, columns.title * 3 // 5)
    words = cut(((ink, str(mark)), (Ink.TEXT, f" {sanitize_line(entry.work.words, 40)}")), cells - 1)
    return (*words, (Ink.TEXT, " " * (cells - width_of(words))))


def _titled(entry: Entry, positions: Sequence[int], width: int) -> Row:
    """The title, and its labels muted, which have two fifths of the room at least; what was matched is marked in both.
    Beside the words of a state there is no room for labels."""
    end = len(entry.title or UNTITLED)
    title: Row = highlighted(entry.searched[:end], positions) if entry.title else ((Ink.MUTED, UNTITLED),)
    matched = highlighted(entry.searched[end:], [at - end for at in positions if at >= end])
    labels: Row = tuple((Ink.MUTED if ink is Ink.TEXT else ink, text) for ink, text in matched)
    room = max(width - width_of(title), width * 2 // 5)
    if room < NARROWEST_LABELS or not labels or entry.work is not None:
        return cut(title, width)
    labels = cut(labels, room)
    return (*cut(title, width - width_of(labels)), *labels)


def preview_rows(said: Sequence[tuple[str, str]], width: int) -> list[Row]:
    """The last that was said, a line for each side: who says it, and the beginning."""
    rows: list[Row] = []
    for who, text in said:
        words = sanitize_line(unmarked(text[:4_000]), 400)
        rows.append(cut(((Ink.MUTED, f"{who} " if words and who else ""), (Ink.TEXT, words)), width))
    return rows
