"""The command that reads what answers took and cost: in this conversation, or in all of them, one sentence a line."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from tui_chat.chat.ledger import LedgerKind
from tui_chat.core import figures
from tui_chat.core.budget import Scope
from tui_chat.core.ending import short_ending
from tui_chat.core.limits import limit_words
from tui_chat.core.moments import local_moment
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.usage import Spending
from tui_chat.plain.wording import answer_words, name_of, spending_words
from tui_chat.workspace.budget_gauges import Gauge
from tui_chat.workspace.parameters import asked_with_words
from tui_chat.workspace.speeds import ModelSpeed, rate_words
from tui_chat.workspace.usage_board import (
    NOUNS,
    ORDERS,
    BoardRow,
    Table,
    View,
    in_order,
    month_name,
    table_of,
    view_called,
)
from tui_chat.workspace.usage_report import Asked, Span, UsageReport, asked_in, read_report

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

SAID_AFTER_S: Final = 0.5
MOST: Final = 31
"""Rows that are read out; who wants more of them asks in the shell."""
_OF: Final[Mapping[Scope, str]] = {Scope.DAY: "the day's budget", Scope.MONTH: "the month's budget"}
_NOTHING: Final = "Nothing was spent yet. What answers cost is read out here, as the gateway tells it."


async def usage(chat: "Chat", word: str) -> None:
    """Read what the answers of this conversation took and cost; with a word, what was spent by day, month and so on."""
    view = view_called(word) if word else View.CHAT
    if view is View.CHAT:
        _say_chat(chat)
        return
    report = await _read(chat, Span.LATELY if view is View.DAYS else Span.ALL)
    table = await asyncio.to_thread(table_of, report, view)
    for sentence in sentences(report, view, table):
        chat.say(sentence)
    if chat.session.is_temporary and chat.session.spending.answers:
        chat.say(f"Not in here, since it is temporary: this chat, {_spent_words(chat.session.spending)}.")


async def _read(chat: "Chat", span: Span) -> UsageReport:
    """Read what was spent, and say so where that takes long."""
    reading = asyncio.ensure_future(read_report(chat.session, span))
    try:
        if not (await asyncio.wait({reading}, timeout=SAID_AFTER_S))[0]:
            chat.say("Reading what was spent …")
        return await reading
    finally:
        reading.cancel()


# This conversation


def _say_chat(chat: "Chat") -> None:
    chat.say(f"This conversation: {spending_words(chat.session.spending)}.")
    if chat.session.is_temporary:
        chat.say("It is temporary: what is spent in it counts in the budgets until the program ends, and is not kept.")
    answers = [node for node in chat.session.path if node.message.role is Role.ASSISTANT and node.answer is not None]
    numbers = {node.id: number for number, node in enumerate(answers, 1)}
    for asked in sorted(asked_in(chat.session), key=lambda each: numbers.get(each.id, len(numbers) + 1)):
        chat.say(_asked_words(asked, numbers))
    if limits := chat.conversation.limits:
        chat.say(f"As the last answer began: {'; '.join(map(limit_words, limits))}.")


def _asked_words(asked: Asked, numbers: Mapping[str, int]) -> str:
    answer = asked.answer
    if asked.kind is not LedgerKind.ANSWER:
        what = f"A {asked.kind.value}"
    elif asked.id in numbers:
        what = f"Answer {numbers[asked.id]}"
    else:
        what = "An answer on another branch"
    with_, upstream = asked_with_words(answer), sanitize_line(answer.upstream, 100)
    more = (upstream and f"served by {upstream}", with_ and f"asked with {with_}")
    said = "; ".join(filter(None, (answer_words(answer), *more)))
    ended = short_ending(answer)
    return f"{what}, {name_of(answer.answering_model)}{ended and f', {ended}'}: {said}."


# All conversations


def sentences(report: UsageReport, view: View, table: Table) -> Iterator[str]:
    """A view as sentences, the sum first."""
    if not table.rows:
        earlier = f"Nothing was spent in the {report.span.value}. /usage months has what was before."
        yield earlier if report.has_earlier else _NOTHING
        return
    when = "In all" if report.span is Span.ALL else f"In the {report.span.value}"
    yield f"{when}, {_spent_words(table.total.spending)}."
    gauges = {gauge.scope: gauge for gauge in report.gauges}
    rows = in_order(table.rows, ORDERS[view][0])
    for row in rows[:MOST]:
        yield f"{_sentence(report, view, row, gauges)}."
    if (more := len(rows) - MOST) > 0:
        yield f"{more} more: tui-chat usage --by {NOUNS[view]} in the shell lists them all."


def _sentence(report: UsageReport, view: View, row: BoardRow, gauges: Mapping[Scope, Gauge]) -> str:
    if view is View.KINDS:
        answers = row.sum.spending.answers
        return _spent_words(row.sum.spending, f"{answers} {row.key if answers == 1 else row.name}")
    said, today = [_spent_words(row.sum.spending)], local_moment(report.at).date()
    match view:
        case View.DAYS:
            named = _day_words(date.fromisoformat(row.key), today)
            gauge = gauges.get(Scope.DAY) if row.key == f"{today}" else None
        case View.MONTHS:
            named = month_name(row.key)
            gauge = gauges.get(Scope.MONTH) if row.key == f"{today:%Y-%m}" else None
        case _:
            named, gauge = row.name, None
    if view is View.MODELS:
        said += filter(None, (_speed_words(row.today, "today"), "the fastest" if row.is_fastest else ""))
        said += filter(None, (_speed_words(row.lately, "over 30 days"),))
    if gauge is not None and gauge.is_told:
        least, about = "at least " if gauge.is_least else "", "about " if gauge.is_estimated and gauge.used else ""
        said.append(f"{least}{about}{gauge.share * 100:.0f} percent of {_OF[gauge.scope]}")
    return ", ".join((named, *said))


def _day_words(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return f"{day:%A} {day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def _spent_words(spending: Spending, answers: str = "") -> str:
    """`31 answers, $0.4120315`; what is estimated or unknown is said in words. `answers` is what they are where they
    are no answers."""
    answers = answers or figures.counted(spending.answers, "answer")
    if not spending.is_known:
        return f"{answers}, cost unknown"
    about = "about " if spending.estimated else ""
    least = "at least " if spending.unknown else ""
    said = [f"{least}{about}{figures.exact_sum(spending.usd)}"]
    if spending.estimated:
        said.append(f"{spending.estimated} estimated")
    if spending.unknown:
        said.append(f"{spending.unknown} unknown")
    return ", ".join((answers, *said))


def _speed_words(speed: ModelSpeed | None, when: str) -> str:
    if speed is None or speed.tokens_per_s is None:
        return ""
    return f"{rate_words(speed.tokens_per_s)} tokens a second {when}"
