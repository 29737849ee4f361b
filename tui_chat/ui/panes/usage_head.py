"""What stands above the tables of the usage board: the last days as a line, budgets as gauges, and for the open
conversation how full its context is."""

from collections.abc import Sequence
from typing import Final

from tui_chat.core import figures
from tui_chat.core.budget import Scope
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, width_of, wrapped
from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.theming.marks import gauge as drawn_gauge
from tui_chat.workspace.budget_gauges import Gauge, share_words
from tui_chat.workspace.context_fill import FULL, NEARLY_FULL, ContextFill
from tui_chat.workspace.spending_report import LOOK_BACK_DAYS, LastDays
from tui_chat.workspace.usage_board import Boards
from tui_chat.workspace.usage_report import ChatUsage, UsageReport

NOTHING: Final = "Nothing spent {}. What answers cost appears here, as the gateway tells it."
_CELLS: Final = 10
_SHORT_CELLS: Final = 5
_LABEL: Final = 8
_SCOPE: Final = 7
_NARROW: Final = 50


def chat_rows(chat: ChatUsage, report: UsageReport | None, width: int) -> list[Row]:
    """How full the open conversation's context is, and its budget; `report` is None while it is being read."""
    rows = context_rows(chat.fill, chat.next_words, width)
    if report is not None:
        rows += gauge_rows([each for each in report.gauges if each.scope is Scope.CONVERSATION], width, report.at)
    return rows


def boards_rows(boards: Boards, width: int) -> list[Row]:
    """The last days, and the budgets of all conversations; words where nothing was spent."""
    if boards.is_empty:
        when = f"in the {boards.report.span.value}" if boards.report.has_earlier else "yet"
        return wrapped(NOTHING.format(when), width, Ink.MUTED)
    gauges = [each for each in boards.report.gauges if each.scope is not Scope.CONVERSATION]
    return [*last_days_rows(boards.last_days, width), *gauge_rows(gauges, width, boards.report.at)]


def last_days_rows(days: LastDays, width: int) -> list[Row]:
    """The last days in columns, with the lowest, the highest and today in numbers, beside or below them."""
    title: Row = ((Ink.MUTED, f"Last {LOOK_BACK_DAYS} days  "),)
    line: Row = ((Ink.ACCENT, days.line),)
    words: Row = ((Ink.TEXT, days.words),)
    if width_of(row := (*title, *line, (Ink.TEXT, "  "), *words)) <= width:
        return [row]
    if width_of(row := (*title, *line)) <= width:
        return [row, cut(((Ink.TEXT, " " * width_of(title)), *words), width)]
    return [cut((*title, *words), width)]


def gauge_rows(gauges: Sequence[Gauge], width: int, now: float) -> list[Row]:
    """Budgets: the share that is used, and until when they hold."""
    rows = []
    for number, gauge in enumerate(gauges):
        ink = _ink(gauge.share)
        mark = f"{_mark(gauge.share)} " if gauge.share >= NEARLY_FULL else ""
        label = f"{'Budget' if number == 0 else '':<{_LABEL - len(mark)}}{mark}"
        scope = "this chat" if gauge.scope is Scope.CONVERSATION else gauge.scope.value
        head: Row = ((Ink.MUTED, label), (Ink.TEXT, f"{scope:<{max(_SCOPE, len(scope) + 2)}}"))
        unkept = f"{figures.dollars(gauge.unkept)} of it not kept" if gauge.unkept else ""
        aside = [gauge.until_words(now), unkept, f"{gauge.used_words} used"]
        rows.append(_gauge(head, gauge.share, share_words(gauge), aside, ink, width))
    return rows


def context_rows(fill: ContextFill, next_words: str, width: int) -> list[Row]:
    """Fill of the context window, and what the next request would take."""
    aside = [f"next request {next_words}" if next_words else ""]
    head: Row = ((Ink.MUTED, f"{'Context':<{_LABEL}}"),)
    if not fill.words:
        return [cut((*head, (Ink.MUTED, aside[0])), width)] if next_words else []
    said = f"{fill.words} of {figures.tokens(fill.window)}"
    if fill.share is None:
        return [_said(head, said, aside, Ink.TEXT, width)]
    said = f"{said}, {fill.share_words}"
    return [_gauge(head, fill.share, said, aside, _ink(fill.share), width)]


def _gauge(head: Row, share: float, said: str, aside: Sequence[str], ink: Ink, width: int) -> Row:
    cells = _CELLS if width >= _NARROW else _SHORT_CELLS
    full, rest = drawn_gauge(min(1.0, share), cells)
    drawn: tuple[Run, ...] = ((ink, full), (Ink.MUTED, rest), (Ink.TEXT, "  "))
    return _said((*head, *drawn), said, aside, ink, width)


def _said(head: Row, said: str, aside: Sequence[str], ink: Ink, width: int) -> Row:
    """The words behind a gauge, and beside them those that there is room for."""
    row: Row = (*head, (ink, said))
    for words in filter(None, aside):
        longer = (*row, (Ink.MUTED, f" · {words}"))
        row = longer if width_of(longer) <= width else row
    return cut(row, width)


def _ink(share: float) -> Ink:
    return Ink.SUCCESS if share < NEARLY_FULL else Ink.WARNING if share < FULL else Ink.ERROR


def _mark(share: float) -> str:
    return (Mark.CAUTION if share < FULL else Mark.FAILED).drawn
