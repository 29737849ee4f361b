"""`tui-chat usage`: what was spent, summed up by day, month, model, conversation, gateway and kind."""

import shutil
import sys
from collections.abc import Sequence
from typing import Final, TextIO

from tui_chat.chat.ledger import Spent
from tui_chat.chat.services import Services
from tui_chat.cli.arguments import UsageArguments
from tui_chat.cli.narrowing import narrowed
from tui_chat.cli.progress import told
from tui_chat.cli.running import run_listing
from tui_chat.cli.table import Shrinking, write_json, write_table
from tui_chat.core import figures
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.search_query import Filters
from tui_chat.core.usage import Spending
from tui_chat.settings.command_line import CommandLine
from tui_chat.workspace.spending_report import (
    LOOK_BACK_DAYS,
    Sum,
    csv_text,
    facts_of,
    first_day,
    last_days,
    ordered,
    shares,
    summed_up,
    total_of,
)

_BAR_CELLS: Final = 10
_ROOM_FOR_BARS: Final = 80
"""Columns of the terminal from which on there are bars."""


def run_usage(line: CommandLine, arguments: UsageArguments) -> int:
    """Print the sums over the ledger, and return the exit status."""
    return run_listing(line, lambda services: _report(services, sys.stdout, arguments))


async def _report(services: Services, out: TextIO, arguments: UsageArguments) -> int:
    filters, now = narrowed(arguments), services.clock.now()
    begins_at = (filters.since, None if arguments.days is None else first_day(now, arguments.days))
    since = max((moment for moment in begins_at if moment is not None), default=0.0)
    read = await told(services.store.spent(since, filters.until), "Reading what was spent …")
    spent = [row for row in read if _is_meant(row, filters)]
    match arguments.form:
        case "json":
            write_json(out, _object(spent, arguments.by))
        case "csv":
            out.write(csv_text(spent, arguments.by))
        case "table" if spent:
            lately = spent
            if since > (began := first_day(now, LOOK_BACK_DAYS)) or filters.until is not None:
                lately = [row for row in await services.store.spent(began) if _is_meant(row, filters)]
            _write_last_days(out, lately, now)
            _write_tables(out, spent, arguments.by)
        case "table":
            out.write(_nothing_words(arguments))
    return 0


def _is_meant(row: Spent, filters: Filters) -> bool:
    of_model = not filters.models or any(part in row.model.lower() for part in filters.models)
    return of_model and {label.lower() for label in filters.labels} <= {label.lower() for label in row.labels}


# For people


def _write_last_days(out: TextIO, spent: Sequence[Spent], now: float) -> None:
    days = last_days(spent, now)
    out.write(f"Last {LOOK_BACK_DAYS} days  {days.line}  {days.words}\n\n")


def _write_tables(out: TextIO, spent: Sequence[Spent], words: Sequence[str]) -> None:
    for word in words:
        sums = ordered(summed_up(spent, word, joins_deleted=True), word)
        rows = [
            _row(each.title or each.name or figures.UNKNOWN, each, share)
            for each, share in zip(sums, shares(sums), strict=True)
        ]
        _write_table(out, word.upper(), rows)
        out.write("\n")
    total = total_of(spent)
    _write_table(out, "", [_row("Total", total)])
    if words := _legend(total.spending):
        out.write(f"\n{words}\n")


def _legend(total: Spending) -> str:
    """What the marks before sums mean, and for how many answers they stand; empty where there is none."""
    marks = []
    if total.estimated:
        marks.append(f"~ marks sums with estimates in them ({figures.counted(total.estimated, 'answer')})")
    untold = (("cost", total.unknown), ("tokens", total.uncounted))
    if whose := ", ".join(f"the {what} of {figures.counted(count, 'answer')}" for what, count in untold if count):
        marks.append(f"≥ {'' if marks else 'marks '}sums with something unknown in them ({whose})")
    return f"{', '.join(marks)}." if marks else ""


def _write_table(out: TextIO, heading: str, rows: Sequence[Sequence[str]]) -> None:
    header = (heading, "ANSWERS", "INPUT", "OUTPUT", "COST", "")
    columns = len(header)
    if out.isatty() and shutil.get_terminal_size().columns < _ROOM_FOR_BARS:
        columns -= 1
    cells = [row[:columns] for row in rows]
    write_table(out, header[:columns], cells, right=(1, 2, 3, 4), shrinking=[Shrinking(0, 12)])


def _row(name: str, each: Sum, share: float = 0.0) -> tuple[str, ...]:
    spending = each.spending
    return (
        name,
        str(spending.answers),
        figures.total_tokens(spending.known_prompt_tokens, spending),
        figures.total_tokens(spending.known_completion_tokens, spending),
        figures.exact_total_cost(spending),
        figures.line(share, _BAR_CELLS),
    )


def _nothing_words(arguments: UsageArguments) -> str:
    days = arguments.days
    if arguments.since or arguments.until or arguments.models or arguments.labels:
        return "Nothing was spent that is like that.\n"
    if days is None:
        return "Nothing has been spent yet: no answer has been saved.\n"
    span = "the last day" if days == 1 else f"the last {days} days"
    return f"Nothing was spent in {span}: no answer was saved.\n"


# For programs


def _object(spent: Sequence[Spent], words: Sequence[str]) -> JsonObject:
    """Sums under each word; a name or a title that is not known is null. Those under `days`, `models` and
    `conversations`, as earlier versions printed them, are always there."""
    under: dict[str, JsonValue] = {
        word: [_named(word, each) for each in ordered(summed_up(spent, word), word)] for word in words
    }
    return {
        "total": _facts(total_of(spent).spending),
        **under,
        "days": [{"day": each.name, **_facts(each.spending)} for each in summed_up(spent, "day")],
        "models": [{"model": each.name or None, **_facts(each.spending)} for each in summed_up(spent, "model")],
        "conversations": [
            {"id": each.name or None, "title": each.title or None, **_facts(each.spending)}
            for each in summed_up(spent, "conversation")
        ],
    }


def _named(word: str, each: Sum) -> JsonObject:
    title: JsonObject = {"title": each.title or None} if word == "conversation" else {}
    return {word: each.name or None, **title, **_facts(each.spending)}


def _facts(spending: Spending) -> JsonObject:
    return dict(facts_of(spending))
