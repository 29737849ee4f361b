"""`tui-chat usage`: spending by day, by model and by conversation."""

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import reduce
from typing import TextIO

from tui_chat.chat.ports import Spent
from tui_chat.chat.services import Services
from tui_chat.cli.arguments import UsageArguments
from tui_chat.cli.running import run_listing
from tui_chat.cli.table import write_json, write_table
from tui_chat.core import figures
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.usage import Spending
from tui_chat.settings.command_line import CommandLine


def run_usage(line: CommandLine, arguments: UsageArguments) -> int:
    """Print the sums over the saved answers, and return the exit status."""
    return run_listing(line, lambda services: _report(services, sys.stdout, arguments))


async def _report(services: Services, out: TextIO, arguments: UsageArguments) -> int:
    days = arguments.days
    since = services.clock.now() - days * 86_400 if days is not None else 0.0
    spent = await services.store.spent(since)
    groups = {
        "days": _grouped(spent, lambda row: datetime.fromtimestamp(row.begins_at).astimezone().date().isoformat()),
        "models": _grouped(spent, lambda row: row.model),
        "conversations": _grouped(spent, lambda row: f"{row.conversation_id}\0{row.title}"),
    }
    total = reduce(Spending.and_also, (row.spending for row in spent), Spending())
    if arguments.as_json:
        write_json(
            out,
            {
                "total": _object(total),
                "days": [{"day": key, **_object(sum_)} for key, sum_ in groups["days"]],
                "models": [{"model": key, **_object(sum_)} for key, sum_ in groups["models"]],
                "conversations": [
                    {"id": key.partition("\0")[0], "title": key.partition("\0")[2], **_object(sum_)}
                    for key, sum_ in groups["conversations"]
                ],
            },
        )
        return 0
    if not spent:
        out.write(_nothing_words(days))
        return 0
    for heading, key in (("DAY", "days"), ("MODEL", "models"), ("CONVERSATION", "conversations")):
        rows = [_row(name.partition("\0")[2] or name.partition("\0")[0], sum_) for name, sum_ in groups[key]]
        write_table(out, (heading, "ANSWERS", "INPUT", "OUTPUT", "COST"), rows, right=(1, 2, 3, 4))
        out.write("\n")
    write_table(out, ("", "ANSWERS", "INPUT", "OUTPUT", "COST"), [_row("Total", total)], right=(1, 2, 3, 4))
    if total.unknown or total.uncounted or total.estimated:
        out.write(
            f"\n~ marks sums with estimates in them ({total.estimated} answers), "
            f"≥ those with answers whose tokens or cost are unknown ({max(total.unknown, total.uncounted)}).\n"
        )
    return 0


def _nothing_words(days: int | None) -> str:
    if days is None:
        return "Nothing has been spent yet: no answer has been saved.\n"
    span = "the last day" if days == 1 else f"the last {days} days"
    return f"Nothing was spent in {span}: no answer was saved.\n"


def _grouped(spent: Iterable[Spent], key: Callable[[Spent], str]) -> list[tuple[str, Spending]]:
    sums: dict[str, Spending] = {}
    for row in spent:
        sums[key(row)] = sums.get(key(row), Spending()).and_also(row.spending)
    return list(sums.items())


def _row(name: str, spending: Spending) -> tuple[str, ...]:
    return (
        name,
        str(spending.answers),
        figures.total_tokens(spending.prompt_tokens, spending),
        figures.total_tokens(spending.completion_tokens, spending),
        figures.total_cost(spending, is_narrow=True),
    )


def _object(spending: Spending) -> JsonObject:
    return {
        "answers": spending.answers,
        "prompt_tokens": spending.prompt_tokens,
        "completion_tokens": spending.completion_tokens,
        "uncounted_answers": spending.uncounted,
        "cost_usd": f"{spending.usd:f}" if spending.is_known else None,
        "estimated_answers": spending.estimated,
        "unknown_cost_answers": spending.unknown,
    }
