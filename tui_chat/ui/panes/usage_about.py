"""More of the line under the cursor than its columns say."""

from collections.abc import Sequence
from typing import assert_never

from tui_chat.core import figures
from tui_chat.core.days import whole_time
from tui_chat.ui.panes.usage_rows import answer_rows
from tui_chat.ui.panes.usage_table import Line
from tui_chat.ui.rows.rows import Ink, Row, wrapped
from tui_chat.workspace.speeds import by_model, days_words, model_words, since_today
from tui_chat.workspace.usage_board import BoardRow, beside_words, gaps_words
from tui_chat.workspace.usage_report import Asked, UsageReport


def about_rows(line: Line, report: UsageReport | None, width: int) -> Sequence[Row]:
    """Rows on what the line is about; `report` is None while it is being read."""
    match line.what:
        case Asked() as asked:
            return answer_rows(asked.answer, width)
        case BoardRow() as row:
            return _of_sum(row, report, width)
        case None:
            return ()
        case _:
            assert_never(line.what)


def _of_sum(row: BoardRow, report: UsageReport | None, width: int) -> list[Row]:
    spending, said = row.sum.spending, []
    if report is not None:
        said.append(f"last used after {whole_time(row.sum.last_at, report.at)}")  # known to a quarter of an hour
    if spending.answers > 1 and spending.usd and not spending.unknown:
        about = "~" if spending.estimated else ""
        said.append(f"{about}{figures.dollars(spending.usd / spending.answers)} an answer")
    if gaps := gaps_words(spending, tells_signs=True):
        said.append(gaps)
    if row.sum.cache_write_tokens:
        said.append(f"{figures.tokens(row.sum.cache_write_tokens)} tokens written to caches")
    if beside := beside_words(row.sum):
        said.append(beside)
    rows = wrapped(" · ".join(said), width, Ink.MUTED)
    if report is not None and row.lately is not None:
        today, lately = by_model(since_today(report.speeds, report.at)), by_model(report.speeds)
        fast = (model_words(today, lately, row.key), days_words(report.speeds, row.key))
        for words in filter(None, fast):
            rows += wrapped(words, width, Ink.TEXT)
    return [*wrapped(row.name, width), *rows]
