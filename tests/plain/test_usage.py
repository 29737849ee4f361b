"""What was spent, read out: one sentence a line, exact, and no unknown as zero."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from msgspec import structs
from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, make_services
from tests.memory_store import MemoryStore
from tests.plain.support import PlainChat
from tests.workspace.test_budgets import PRICED, costing
from tests.workspace.test_spending_report import living_in
from tui_chat.chat.budgets import Budgets
from tui_chat.chat.ledger import LedgerKind, Speed, Spent
from tui_chat.core.budget import Budget, Scope
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.stream_events import Outcome, Stopped
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts
from tui_chat.plain.actions.usage import MOST, sentences
from tui_chat.workspace.budget_gauges import Gauge
from tui_chat.workspace.usage_board import View, table_of
from tui_chat.workspace.usage_report import UsageReport

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0


def spent(days: int, usd: str | None, model: str = "m", source: CostSource = CostSource.GATEWAY) -> Spent:
    cost = Cost(Decimal(usd), source) if usd is not None else None
    return Spent(NOON - days * DAY_S, "c", "Title", (), model, "", Spending().plus(TokenCounts(1, 1), cost))


def read_out(view: View, *rows: Spent, speeds: tuple[Speed, ...] = (), gauges: tuple[Gauge, ...] = ()) -> list[str]:
    with living_in("UTC"):
        report = UsageReport(NOON, rows, speeds, gauges)
        return list(sentences(report, view, table_of(report, view)))


def test_each_day_is_a_sentence_the_sum_first_and_today_with_its_share_of_the_budget() -> None:
    day = Gauge(Scope.DAY, Decimal(1), Decimal("0.4120315"), False, None)
    rows = [
        spent(400, "7"),
        spent(3, "2", source=CostSource.ESTIMATE),
        spent(1, None),
        spent(0, "0.4"),
        spent(0, "0.0120315"),
    ]
    assert read_out(View.DAYS, *rows, gauges=(day,)) == [
        "In all, 5 answers, at least about $9.4120315, 1 estimated, 1 unknown.",
        "Today, 2 answers, $0.4120315, 41 percent of the day's budget.",
        "Yesterday, 1 answer, cost unknown.",
        "Thursday 26 November, 1 answer, about $2.00, 1 estimated.",
        "Saturday 25 October 2025, 1 answer, $7.00.",
    ]


def test_this_month_has_its_share_of_the_budget() -> None:
    month = Gauge(Scope.MONTH, Decimal(20), Decimal(5), False, None)
    assert read_out(View.MONTHS, spent(40, "1"), spent(0, "5"), gauges=(month,))[1:] == [
        "November 2026, 1 answer, $5.00, 25 percent of the month's budget.",
        "October 2026, 1 answer, $1.00.",
    ]


def test_kinds_are_counted_by_their_own_names() -> None:
    title, summary = (structs.replace(spent(0, "0.5"), kind=kind) for kind in (LedgerKind.TITLE, LedgerKind.SUMMARY))
    assert read_out(View.KINDS, spent(0, "2"), title, title, summary)[1:] == [
        "1 answer, $2.00.",
        "2 titles, $1.00.",
        "1 summary, $0.50.",
    ]


def test_models_say_how_fast_they_are() -> None:
    speeds = (Speed(NOON, "a", 0.3, 88.0), Speed(NOON, "b", 0.3, 20.0), Speed(NOON - DAY_S, "a", 0.3, 60.0))
    assert read_out(View.MODELS, spent(0, "2", "a"), spent(0, "0", "b"), spent(0, "0", "c"), speeds=speeds)[1:] == [
        "a, 1 answer, $2.00, 88 tokens a second today, the fastest, 74 tokens a second over 30 days.",
        "b, 1 answer, $0, 20 tokens a second today, 20 tokens a second over 30 days.",
        "c, 1 answer, $0.",
    ]


def test_of_a_long_list_the_first_are_read_and_the_way_to_the_rest() -> None:
    said = read_out(View.DAYS, *(spent(days, "1") for days in reversed(range(MOST + 9))))
    assert len(said) == MOST + 2
    assert said[-1] == "9 more: tui-chat usage --by day in the shell lists them all."


async def test_what_a_temporary_chat_costs_is_told_in_it_and_said_to_be_in_no_list(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(costing("0.5")), store=MemoryStore(), models=[PRICED])
    chat = PlainChat(tmp_path, services=services, typed=("/temporary", "Why?", "/usage", "/usage days"))
    assert await chat.converse()
    assert "This conversation: " in chat.said
    assert "It is temporary: what is spent in it counts in the budgets until the program ends" in chat.said
    assert "Nothing was spent yet." in chat.said
    assert "Not in here, since it is temporary: this chat, 1 answer, $0.50." in chat.said
    await services.close()


async def test_a_request_over_the_months_budget_is_sent_for_once_where_that_is_chosen(tmp_path: Path) -> None:
    completer = ScriptedCompleter(costing("0.01"), costing("0.5"), costing("0.5"))
    services = make_services(completer, store=MemoryStore(), models=[PRICED])
    services = replace(services, budgets=Budgets(Budget(month=Decimal("0.01"))))
    typed = ("Why?", "And so?", "2", "And then?", "1", "/budget once", "And now?")
    chat = PlainChat(tmp_path, services=services, typed=typed)
    assert await chat.converse()
    assert "this month" in chat.said
    assert "2. Send this once, over the budget" in chat.said
    asked = [request.messages[-1].text for request in completer.requests]
    assert asked == ["Why?", "And so?", "And now?"]
    await services.close()


async def test_a_retry_over_the_budget_is_sent_where_that_is_chosen(tmp_path: Path) -> None:
    completer = ScriptedCompleter(costing("0.01"), costing("0.5"))
    services = make_services(completer, store=MemoryStore(), models=[PRICED])
    services = replace(services, budgets=Budgets(Budget(month=Decimal("0.01"))))
    chat = PlainChat(tmp_path, services=services, typed=("Why?", "/retry", "2"))
    assert await chat.converse()
    assert [request.messages[-1].text for request in completer.requests] == ["Why?", "Why?"]
    await services.close()


async def test_usage_is_read_in_the_chat_and_another_word_is_refused(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(costing("0.5")), store=MemoryStore(), models=[PRICED])
    services = replace(services, budgets=Budgets(Budget(day=Decimal(1))))
    typed = ("/usage days", "Why?", "/usage day", "/usage conversations", "/usage", "/usage weeks")
    chat = PlainChat(tmp_path, services=services, typed=typed)
    assert await chat.converse()
    assert "Nothing was spent yet." in chat.said
    assert "Today, 1 answer, $0.50, 50 percent of the day's budget." in chat.said
    assert "Why?, 1 answer, $0.50." in chat.said
    assert "Answer 1, test/model: 1 tokens in, 1 out; cost $0.50" in chat.said
    assert "Usage is shown for this chat, or by days, months, models, gateways, conversations or kinds." in chat.said
    await services.close()


async def test_a_request_that_was_refused_is_not_billed_as_on_the_screen_and_in_its_facts(tmp_path: Path) -> None:
    failure = Failure(ErrorKind.NOT_FOUND, "No such model.", "Name another.", status=404)
    chat = PlainChat(tmp_path, [Stopped(Outcome.ERROR, failure=failure)], typed=("/usage", "/facts 1"))
    assert await chat.converse("Why?")
    assert "Answer 1, test/model, failed: not billed; " in chat.said
    assert "\ncost: not billed\n" in chat.said
    assert "cost unknown" not in chat.said
