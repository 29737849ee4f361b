"""`tui-chat usage`: what was spent, summed up by day, month, model, conversation and gateway."""

import csv
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Final, TextIO

from tui_chat.chat.ports import Spent
from tui_chat.chat.services import Services
from tui_chat.cli.arguments import UsageArguments
from tui_chat.cli.narrowing import narrowed
from tui_chat.cli.running import run_listing
from tui_chat.cli.table import Shrinking, exact_usd, write_json, write_table
from tui_chat.core import figures
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import Filters, start_of
from tui_chat.core.usage import Spending
from tui_chat.settings.command_line import CommandLine

Key = tuple[str, ...]
Sums = Sequence[tuple[Key, Spending]]


def _day(row: Spent) -> date:
    """The day here on which it was spent."""
    return datetime.fromtimestamp(row.begins_at).date()


_KEYS: Final[Mapping[str, Callable[[Spent], Key]]] = {
    "day": lambda row: (f"{_day(row)}",),
    "month": lambda row: (f"{_day(row):%Y-%m}",),
    "model": lambda row: (row.model,),
    "conversation": lambda row: (row.conversation_id, row.title),
    "gateway": lambda row: (row.gateway,),
}
"""What is summed up under each word: its name and, of a conversation, the title."""
_OF_TIME: Final = ("day", "month")
_FORMULA: Final = ("=", "+", "-", "@")
_LONGEST_CELL: Final = 1_000


def run_usage(line: CommandLine, arguments: UsageArguments) -> int:
    """Print the sums over the ledger, and return the exit status."""
    return run_listing(line, lambda services: _report(services, sys.stdout, arguments))


async def _report(services: Services, out: TextIO, arguments: UsageArguments) -> int:
    filters = narrowed(arguments)
    begins_at = (filters.since, _first_day(services.clock.now(), arguments.days))
    since = max((moment for moment in begins_at if moment is not None), default=0.0)
    spent = [row for row in await services.store.spent(since, filters.until) if _is_meant(row, filters)]
    match arguments.form:
        case "json":
            write_json(out, _object(spent, arguments.by))
        case "csv":
            _write_csv(out, spent, arguments.by)
        case "table" if spent:
            _write_tables(out, spent, arguments.by)
        case "table":
            out.write(_nothing_words(arguments))
    return 0


def _first_day(now: float, days: int | None) -> float | None:
    """The moment at which the first of so many days begins, of which today is the last."""
    if days is None:
        return None
    today = datetime.fromtimestamp(now).date()
    return start_of(today - timedelta(days=min(days - 1, today.toordinal() - 1)))


def _is_meant(row: Spent, filters: Filters) -> bool:
    of_model = not filters.models or any(part in row.model.lower() for part in filters.models)
    return of_model and {label.lower() for label in filters.labels} <= {label.lower() for label in row.labels}


def _summed_up(spent: Iterable[Spent], word: str) -> Sums:
    """The sums in the order in which they began."""
    sums: dict[Key, Spending] = {}
    for row in spent:
        key = _KEYS[word](row)
        sums[key] = sums.get(key, Spending()).and_also(row.spending)
    return list(sums.items())


def _ordered(spent: Iterable[Spent], word: str) -> Sums:
    """The sums as they are shown: days and months in their order, of all else the dearest first."""
    sums = _summed_up(spent, word)
    return sums if word in _OF_TIME else sorted(sums, key=lambda each: -each[1].usd)


def _total(spent: Iterable[Spent]) -> Spending:
    return reduce(Spending.and_also, (row.spending for row in spent), Spending())


# For people


def _write_tables(out: TextIO, spent: Sequence[Spent], words: Sequence[str]) -> None:
    for word in words:
        rows = [_row(key[-1] or key[0] or figures.UNKNOWN, sum_) for key, sum_ in _ordered(spent, word)]
        _write_table(out, word.upper(), rows)
        out.write("\n")
    total = _total(spent)
    _write_table(out, "", [_row("Total", total)])
    if total.unknown or total.uncounted or total.estimated:
        out.write(
            f"\n~ marks sums with estimates in them ({total.estimated} answers), "
            f"≥ those with answers whose tokens or cost are unknown ({max(total.unknown, total.uncounted)}).\n"
        )


def _write_table(out: TextIO, heading: str, rows: Sequence[Sequence[str]]) -> None:
    header = (heading, "ANSWERS", "INPUT", "OUTPUT", "COST")
    write_table(out, header, rows, right=(1, 2, 3, 4), shrinking=[Shrinking(0, 12)])


def _row(name: str, spending: Spending) -> Key:
    return (
        name,
        str(spending.answers),
        figures.total_tokens(spending.prompt_tokens, spending),
        figures.total_tokens(spending.completion_tokens, spending),
        figures.total_cost(spending, is_narrow=True),
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
    """Sums under each word. Those under `days`, `models` and `conversations`, as earlier versions printed them, are
    always there."""
    under: dict[str, JsonValue] = {word: [_named(word, *each) for each in _ordered(spent, word)] for word in words}
    return {
        "total": _facts(_total(spent)),
        **under,
        "days": [{"day": day, **_facts(sum_)} for (day,), sum_ in _summed_up(spent, "day")],
        "models": [{"model": model, **_facts(sum_)} for (model,), sum_ in _summed_up(spent, "model")],
        "conversations": [
            {"id": id_, "title": title, **_facts(sum_)} for (id_, title), sum_ in _summed_up(spent, "conversation")
        ],
    }


def _named(word: str, key: Key, spending: Spending) -> JsonObject:
    name, *title = key
    return {word: name or None, **({"title": title[0]} if title else {}), **_facts(spending)}


def _facts(spending: Spending) -> JsonObject:
    return {
        "answers": spending.answers,
        "prompt_tokens": spending.prompt_tokens,
        "completion_tokens": spending.completion_tokens,
        "uncounted_answers": spending.uncounted,
        "cost_usd": exact_usd(spending),
        "estimated_answers": spending.estimated,
        "unknown_cost_answers": spending.unknown,
    }


# For spreadsheets


def _write_csv(out: TextIO, spent: Sequence[Spent], words: Sequence[str]) -> None:
    """Write one table; what is unknown is an empty cell."""
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["by", "name", "title", *_facts(Spending())])
    for word in words:
        for key, sum_ in _ordered(spent, word):
            name, *title = key
            table.writerow([word, _cell(name), _cell("".join(title)), *_facts(sum_).values()])


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    line = sanitize_line(text, _LONGEST_CELL)
    return f"'{line}" if line.startswith(_FORMULA) else line
