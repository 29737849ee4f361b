"""What a report is made of: all that was asked in a conversation, budgets, and a file for a spreadsheet."""

import csv
import io
from contextlib import chdir
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fakes import UnreadCatalog, opening
from tests.workspace.conversing import followed, said, talking
from tests.workspace.test_budgets import PRICED, costing, spending
from tui_chat.chat.ledger import LedgerEntry, LedgerKind
from tui_chat.chat.titles import GivenTitle
from tui_chat.core.budget import Budget, Scope
from tui_chat.core.reply import Reply
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta, UsageReported
from tui_chat.core.usage import Cost, CostSource, TokenCounts, total_spending
from tui_chat.workspace import shaping
from tui_chat.workspace.usage_report import (
    PartSum,
    Span,
    asked_csv,
    asked_in,
    chat_usage,
    part_sums,
    read_report,
    save_csv,
)


async def test_titles_and_other_branches_are_rows_and_the_sum_is_theirs() -> None:
    conversation = talking(costing("0.5"), costing("0.25"))
    await said(conversation, "one")
    shaping.ask_again(conversation, shaping.asked(conversation, conversation.session.path[-1].id))
    await followed(conversation)
    billed = Reply(
        "cheap/model",
        outcome=Outcome.COMPLETE,
        counts=TokenCounts(9, 2, 11, cached_tokens=4),
        cost=Cost(Decimal("0.125"), CostSource.GATEWAY),
    )
    await conversation.session.take_title(GivenTitle("A title", billed))
    chat = chat_usage(conversation)
    assert [each.kind for each in chat.asked] == [LedgerKind.TITLE, LedgerKind.ANSWER, LedgerKind.ANSWER]
    costs = [each.answer.cost.usd for each in chat.asked if each.answer.cost]
    assert costs == [Decimal("0.125"), Decimal("0.25"), Decimal("0.5")]
    assert chat.spending == total_spending((each.answer.counts, each.answer.cost) for each in chat.asked)
    assert part_sums(chat.asked) == (PartSum(4, 2), PartSum(None, 3))
    table = list(csv.DictReader(io.StringIO(asked_csv(chat.asked))))
    assert [(each["kind"], each["cost_usd"]) for each in table] == [
        ("title", "0.125"),
        ("answer", "0.25"),
        ("answer", "0.5"),
    ]


async def test_a_report_has_what_was_spent_and_the_budgets_and_shows_them_in_the_status_line_too() -> None:
    conversation = spending(Budget(day=Decimal("2"), month=Decimal("10")), costing("0.5"))
    await said(conversation, "one")
    report = await read_report(conversation.session)
    assert [each.spending.usd for each in report.spent] == [Decimal("0.5")]
    day, month = report.gauges
    assert (day.scope, day.share, day.used_words) == (Scope.DAY, 0.25, "$0.50")
    assert (month.scope, month.share) == (Scope.MONTH, 0.05)
    assert day.until_words(day.ends_at or 0.0) == "until midnight, in 0 min"
    assert day.until_words((day.ends_at or 0.0) - 3 * 3600 - 61) == "until midnight, in 3 h 1 min"
    seen = conversation.services.budgets.seen_by(conversation.session.conversation.id)
    assert seen is not None
    assert seen.day == Decimal("0.5")


async def test_a_report_of_the_last_days_reads_no_more_and_says_whether_there_was_something_before() -> None:
    conversation = spending(Budget(), costing("0.5"))
    services = conversation.services
    cost = Cost(Decimal(2), CostSource.GATEWAY)
    old = LedgerEntry("x", "c", services.clock.now() - 40 * 86_400, LedgerKind.ANSWER, "m", "m", "", None, cost)
    await services.store.add_to_ledger(old)
    assert (await read_report(conversation.session, Span.LATELY)).has_earlier
    await said(conversation, "one")
    lately, all_ = [await read_report(conversation.session, span) for span in Span]
    assert [sum(each.spending.usd for each in report.spent) for report in (lately, all_)] == [
        Decimal("0.5"),
        Decimal("2.5"),
    ]
    assert not lately.has_earlier


async def test_what_is_spent_in_a_temporary_conversation_is_in_the_gauge_as_not_kept() -> None:
    conversation = spending(Budget(day=Decimal("2")), costing("0.5"), is_temporary=True)
    await said(conversation, "one")
    report = await read_report(conversation.session)
    assert report.spent == ()
    assert [(gauge.used, gauge.unkept) for gauge in report.gauges] == [(Decimal("0.5"), Decimal("0.5"))]


async def test_without_a_budget_there_is_no_gauge() -> None:
    conversation = spending(Budget(answer=Decimal(1)), costing("0.5"))
    assert (await read_report(conversation.session)).gauges == ()


async def test_an_empty_conversation_has_nothing_to_say_of_the_next_request() -> None:
    conversation = talking(costing("0.5"))
    assert chat_usage(conversation).next_words == ""
    assert asked_in(conversation.session) == ()
    await said(conversation, "one")
    assert chat_usage(conversation).next_words.startswith("~")


def test_a_table_is_saved_beside_those_that_are_there(tmp_path: Path) -> None:
    with chdir(tmp_path):
        saved = [save_csv(f"{number}\n", "usage-days").name for number in range(3)]
    assert saved == ["usage-days.csv", "usage-days-2.csv", "usage-days-3.csv"]
    assert [(tmp_path / name).read_text() for name in saved] == ["0\n", "1\n", "2\n"]


@pytest.mark.parametrize(("told", "reads"), [(None, 1), (Cost(Decimal(5), CostSource.GATEWAY), 0)])
async def test_where_no_list_was_read_one_is_asked_for_to_price_an_answer_whose_cost_nobody_told(
    told: Cost | None, reads: int
) -> None:
    used = UsageReported(TokenCounts(2, 3), told, "{}")
    script = [*opening(), TextDelta("Yes."), used, Stopped(Outcome.COMPLETE, "stop")]
    conversation = talking(script, script)
    catalog = UnreadCatalog(PRICED)
    conversation.session.use(replace(conversation.services, catalog=catalog))
    await said(conversation, "one")
    await said(conversation, "two")
    cost = told or Cost(Decimal("0.005"), CostSource.ESTIMATE)
    assert [
        entry.cost for entry in await conversation.services.store.ledger_of(conversation.session.conversation.id)
    ] == [cost] * 2
    assert catalog.reads == reads
