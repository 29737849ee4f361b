"""Rows of the list of conversations: state, title with labels, model, messages, cost, time of the last message.

Columns give way in this order, until the title has room: messages, model, time. State, title and cost are always there.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

import msgspec

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
WORK_CELLS: Final = 19
MODEL_CELLS: Final = 16
MESSAGE_CELLS: Final = 6
COST_CELLS: Final = 9
BRIEF_CELLS: Final = 7
WHOLE_CELLS: Final = 12
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


class Sign(Enum):
    """What stands before a title."""

    NONE = " "
    MARKED = Mark.DONE
    OPEN = Mark.ANSWER


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
    last: int


def shape(width: int, *, is_grouped: bool) -> Shape:
    """Columns for a width in cells; below headings of days the time is brief."""
    time = BRIEF_CELLS if is_grouped else WHOLE_CELLS
    room = width - STATE_CELLS - COST_CELLS
    for model, messages, last in ((MODEL_CELLS, MESSAGE_CELLS, time), (MODEL_CELLS, 0, time), (0, 0, time), (0, 0, 0)):
        if room - model - messages - last >= NARROWEST_TITLE:
            break
    return Shape(max(1, room - model - messages - last), model, messages, last)


def heading_row(words: str, width: int, *, is_grouped: bool) -> Row:
    """The heading of the rows in sight, and the words over the columns; `width` is that of the whole list."""
    columns = shape(width - MARGIN, is_grouped=is_grouped)
    over = f"{'model':<{columns.model}}"[: columns.model]
    over += f"{'msgs':>{columns.messages}}" if columns.messages else ""
    over += f"{'cost':>{COST_CELLS}}"
    over += f"{'last':>{columns.last}}" if columns.last else ""
    return ((Ink.MUTED, f" {words:<{columns.title + STATE_CELLS}}{over}"),)


def conversation_row(hit: Hit, width: int, now: float, *, sign: Sign, is_grouped: bool) -> Row:
    """A conversation in one line. `now` is in seconds since the epoch."""
    entry, row, columns = hit.entry, hit.entry.row, shape(width, is_grouped=is_grouped)
    state = _state(entry, sign, columns)
    room = columns.title + STATE_CELLS - width_of(state)
    title = _titled(entry, hit.positions, max(1, room - 2))
    cells: list[Run] = [*state, *title, (Ink.TEXT, " " * (room - width_of(title)))]
    if columns.model:
        model: Row = ((Ink.MUTED, cut_in_middle(entry.model, columns.model - 1)),)
        cells += [*model, (Ink.TEXT, " " * (columns.model - width_of(model)))]
    if columns.messages:
        messages = f"{row.messages:,}" if row else figures.UNKNOWN
        cells.append((Ink.MUTED, f"{messages:>{columns.messages}}"))
    cost = figures.total_cost(row.spending, is_narrow=True) if row else figures.UNKNOWN
    cells.append((Ink.TEXT, f"{cost:>{COST_CELLS}}"))
    if columns.last:
        time = brief_time if is_grouped else whole_time
        is_now = entry.work is not None and entry.work.standing in (Standing.BUSY, Standing.ASKS)
        last = "now" if is_now else time(row.updated_at, now) if row else ""
        cells.append((Ink.MUTED, f"{last:>{columns.last}}"))
    return cut(tuple(cells), width)


def title_place(width: int, *, is_grouped: bool) -> tuple[int, int]:
    """Where the title of a row begins in the list, and how many cells it has."""
    return MARGIN + STATE_CELLS, shape(width - MARGIN, is_grouped=is_grouped).title - 1


def _state(entry: Entry, sign: Sign, columns: Shape) -> Row:
    ink = Ink.SUCCESS if sign is Sign.OPEN else Ink.STRONG
    if sign is not Sign.NONE and (entry.work is None or sign is Sign.MARKED):
        return ((ink, str(sign.value)), (Ink.TEXT, " "))
    if entry.work is None:
        return ((Ink.TEXT, " " * STATE_CELLS),)
    ink, mark = _STATES[entry.work.standing]
    cells = min(WORK_CELLS, columns.title // 2)
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
