"""Budgets as a person meets them in a conversation, whatever the front end."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.fakes import EveryTool, FakeCatalog, Step, opening
from tests.memory_store import MemoryStore
from tests.workspace.conversing import calling, completer_of, followed, said, saying, talking
from tui_chat.chat.budgets import Budgets
from tui_chat.chat.ledger import LedgerEntry, LedgerKind
from tui_chat.chat.policy import Decision
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerStarted
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.turn import ToolUse
from tui_chat.core.budget import Budget, Claim, Scope, Used, amount
from tui_chat.core.errors import ErrorKind, Failure, StoreError
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import ToolCall
from tui_chat.core.stream_events import (
    Connected,
    FellBack,
    Outcome,
    RetryScheduled,
    Started,
    Stopped,
    TextDelta,
    UsageReported,
)
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts
from tui_chat.workspace import budgets
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

PRICED = ModelInfo("test/model", price=Price(Decimal("0.001"), Decimal("0.001")))
UNPRICED = ModelInfo("test/model")
FREE = ModelInfo("test/free", price=Price(Decimal(0), Decimal(0)))
CENT = Decimal("0.01")


def costing(usd: str, words: str = "Yes.") -> list[Step]:
    """A whole answer for which the gateway bills so much."""
    billed = UsageReported(TokenCounts(1, 1, 2), Cost(Decimal(usd), CostSource.GATEWAY), "{}")
    return [*opening(), TextDelta(words), billed, Stopped(Outcome.COMPLETE, "stop")]


def spending(
    budget: Budget,
    *scripts: list[Step],
    model: ModelInfo = PRICED,
    store: MemoryStore | None = None,
    is_temporary: bool = False,
) -> OpenConversation:
    conversation = talking(*scripts, models=[model, FREE], store=store, is_temporary=is_temporary)
    conversation.session.use(replace(conversation.services, budgets=Budgets(budget)))
    return conversation


def over(words: list[str]) -> str:
    """The reason of the only event: nothing was sent."""
    (event,) = words
    return event


async def test_what_would_go_over_is_not_sent_and_comes_back_as_it_was_typed() -> None:
    conversation = spending(Budget(day=Decimal("0.01")), costing("0.01"))
    assert await said(conversation, "one") == [
        "asked one",
        "saved",
        "notice: 100 % of today’s budget is used.",
        "complete: Yes.",
    ]
    words = over(await said(conversation, "two"))
    assert words == "not sent: two ($0.01 of $0.01 are used today; this request would add about $0.003.)"
    assert len(completer_of(conversation).requests) == 1
    assert len(conversation.session.path) == 2


async def test_allowed_for_once_is_for_one_request() -> None:
    conversation = spending(Budget(month=Decimal("0.01")), costing("0.01"), costing("0.5"))
    await said(conversation, "one")
    await said(conversation, "two")
    budgets.allow(conversation.session, Failure(ErrorKind.BUDGET, "", "", code=Scope.MONTH))
    assert "complete: Yes." in await said(conversation, "two")
    assert "not sent: three" in over(await said(conversation, "three"))


async def test_a_retry_that_was_not_sent_is_asked_when_that_is_allowed() -> None:
    conversation = spending(Budget(month=Decimal("0.01")), costing("0.01"), costing("0.5", "No."))
    await said(conversation, "one")
    assert not conversation.ask_unasked()
    conversation.retry()
    assert "not sent" in over(await followed(conversation))
    budgets.allow(conversation.session, Failure(ErrorKind.BUDGET, "", "", code=Scope.MONTH))
    assert conversation.ask_unasked()
    assert "complete: No." in await followed(conversation)
    assert not conversation.ask_unasked()


async def test_most_of_a_budget_is_said_once() -> None:
    conversation = spending(Budget(conversation=Decimal(1)), *[costing("0.4")] * 3)
    told = [await said(conversation, word) for word in ("one", "two")]
    assert [word for words in told for word in words if "notice" in word] == [
        "notice: 80 % of the budget of this conversation is used."
    ]


async def test_an_answer_that_grows_over_the_budget_is_stopped_and_kept() -> None:
    endless = [*opening(), *(TextDelta("word ") for _ in range(400))]
    conversation = spending(Budget(answer=Decimal("0.1")), endless)
    *_, last = await said(conversation, "one")
    info = conversation.session.path[-1].answer
    assert last.startswith("truncated: word word")
    assert info is not None
    assert info.failure is not None
    assert info.failure.kind is ErrorKind.BUDGET
    assert "Stopped by the budget of an answer" in info.failure.message


async def test_what_a_stopped_answer_may_have_cost_still_counts() -> None:
    store = MemoryStore()
    untold = [*opening(), TextDelta("word " * 400), Stopped(Outcome.COMPLETE, "stop")]
    conversation = spending(Budget(day=Decimal("0.6")), untold, store=store)
    await said(conversation, "one")
    info = conversation.session.path[-1].answer
    assert info is not None
    assert info.cost is None  # unknown is unknown; the budget counts by estimate
    assert "~$0.501 of $0.60" in over(await said(conversation, "x" * 800))


@pytest.mark.parametrize("is_temporary", [False, True])
async def test_what_nobody_knows_the_cost_of_is_not_said_to_be_nothing(is_temporary: bool) -> None:
    unbilled = [*opening(), TextDelta("Yes."), Stopped(Outcome.COMPLETE, "stop")]
    conversation = spending(Budget(), unbilled, costing("0.41"), is_temporary=is_temporary)
    await said(conversation, "one")
    conversation.services.budgets.budget = Budget(day=Decimal(1))
    by_scope = {each.scope: each.words for each in await budgets.standings(conversation.session)}
    assert by_scope[Scope.MONTH] == "no budget, an unknown amount used"
    assert by_scope[Scope.DAY] == "an unknown amount of $1.00"
    await said(conversation, "two")
    by_scope = {each.scope: each.words for each in await budgets.standings(conversation.session)}
    assert by_scope[Scope.DAY].startswith("at least $0.41 of $1.00, at least 41 %")


SILENT = Failure(ErrorKind.TIMEOUT, "It did not begin to answer.", "Wait.")
REFUSED = Failure(ErrorKind.GATEWAY, "It is down.", "Wait.", status=503)


@pytest.mark.parametrize(
    ("script", "used"),
    [
        ([FellBack("test/model", "test/free", SILENT), *costing("0.01")], "~$0.11"),
        ([FellBack("test/model", "test/free", REFUSED), *costing("0.01")], "$0.01"),
        ([Stopped(Outcome.ERROR, failure=SILENT)], "~$0.10"),
        ([Stopped(Outcome.ERROR, failure=REFUSED)], "$0"),
    ],
    ids=["given up", "refused first", "timed out", "refused"],
)
async def test_a_model_that_was_not_waited_for_counts_by_what_it_was_sent(script: list[Step], used: str) -> None:
    conversation = spending(Budget(day=Decimal("0.2")), script)
    await said(conversation, "x" * 400)
    seen = conversation.services.budgets.seen_by(conversation.id)
    assert seen is not None
    assert amount(seen.day, is_estimated=Scope.DAY in seen.estimated).startswith(used)
    assert f"{used} of $0.20" in over(await said(conversation, "y" * 800))
    assert conversation.session.spending.answers == (len(script) > 1)  # who gave no answer is none in the ledger


WAITING = RetryScheduled(1, 60.0, REFUSED)


@pytest.mark.parametrize(
    ("before", "used"),
    [([], "~$0.10"), ([WAITING], "$0"), ([RetryScheduled(1, 0.0, REFUSED)], "~$0.10")],
    ids=["asked", "waits to ask again", "asked again"],
)
async def test_a_request_that_was_stopped_before_it_was_answered_counts_by_estimate_where_it_was_out(
    before: list[Step], used: str
) -> None:
    conversation = spending(Budget(day=Decimal("0.2")), [*before, lambda: conversation.stop()])
    assert (await said(conversation, "x" * 400))[-1] == "cancelled"
    assert f"{used} of $0.20" in over(await said(conversation, "y" * 800))
    assert conversation.session.spending.answers == 0


async def test_a_question_that_was_stopped_before_it_was_asked_costs_nothing() -> None:
    conversation = spending(Budget(day=Decimal("0.2")))
    conversation.submit("x" * 400)
    async for event in conversation.follow():
        if isinstance(event, AnswerStarted):
            conversation.stop()
    assert completer_of(conversation).requests == []
    assert "$0 of $0.20" in over(await said(conversation, "y" * 800))


async def test_without_a_known_price_it_is_asked_once_for_a_model_and_conversation() -> None:
    conversation = spending(Budget(day=Decimal(1)), saying("a"), saying("b"), model=UNPRICED)
    assert "is not known" in over(await said(conversation, "one"))
    ways = budgets.ways_out(conversation.session, Failure(ErrorKind.BUDGET, "", "", code="unpriced"))
    assert [each.way for each in ways] == [budgets.WayOut.KEEP, budgets.WayOut.ONCE]
    budgets.allow(conversation.session, Failure(ErrorKind.BUDGET, "", "", code="unpriced"))
    assert "complete: a" in await said(conversation, "one")
    assert "complete: b" in await said(conversation, "two")


DEAR = ModelInfo("test/dear", price=Price(Decimal(1), Decimal(1)))


def falling_back(budget: Budget, *scripts: list[Step], to: ModelInfo) -> OpenConversation:
    """A conversation in which another model is asked where the first one fails."""
    conversation = talking(*scripts, models=[PRICED, to])
    conversation.session.use(replace(conversation.services, budgets=Budgets(budget), fallbacks=(to.id,)))
    return conversation


async def test_a_model_without_a_price_that_may_be_asked_instead_is_asked_about_before_anything_goes_out() -> None:
    other = ModelInfo("test/other")
    conversation = falling_back(Budget(day=Decimal(1)), saying("a"), saying("b"), to=other)
    words = over(await said(conversation, "one"))
    assert "what test/other costs is not known. Where test/model fails, it is asked in its place." in words
    failure = Failure(ErrorKind.BUDGET, "", "", code="unpriced")
    assert "whatever test/other may cost" in budgets.ways_out(conversation.session, failure)[1].words
    budgets.allow(conversation.session, failure)
    assert "complete: a" in await said(conversation, "one")
    assert "complete: b" in await said(conversation, "two")
    conversation.session.use(replace(conversation.services, fallbacks=("test/third",)))
    assert "test/third costs" in over(await said(conversation, "three"))


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (DEAR, "this request would add about"),
        (ModelInfo("test/elsewhere"), "what test/elsewhere costs is not known"),
    ],
)
async def test_a_model_that_no_budget_allows_is_not_asked_in_the_place_of_one_that_failed(
    to: ModelInfo, why: str
) -> None:
    reached: list[str] = []
    script: list[Step] = [FellBack("test/model", to.id, REFUSED), lambda: reached.append(to.id), *costing("1")]
    conversation = spending(Budget(day=Decimal("0.2")), script)
    conversation.session.use(replace(conversation.services, catalog=FakeCatalog(PRICED, DEAR)))
    assert not any("asked in its place" in words for words in await said(conversation, "x" * 400))
    info = conversation.session.path[-1].answer
    assert info is not None
    assert info.failure is not None
    assert (info.failure.kind, why in info.failure.message, reached) == (ErrorKind.BUDGET, True, [])
    assert info.answering_model == "test/model"  # the other one had no part in it
    seen = conversation.services.budgets.seen_by(conversation.id)
    assert seen is not None
    assert seen.day == 0


async def test_while_it_streams_the_price_of_the_model_counts_that_the_gateway_chose() -> None:
    script: list[Step] = [Connected(), Started("r", "test/dear"), *(TextDelta("word ") for _ in range(400))]
    conversation = falling_back(Budget(day=Decimal("5")), script, to=DEAR)
    await said(conversation, "hm")
    info = conversation.session.path[-1].answer
    assert info is not None
    assert info.failure is not None
    assert "Stopped by today’s budget" in info.failure.message


def test_what_another_conversation_used_marks_the_days_and_not_this_one() -> None:
    seen = Budgets()
    seen.saw("c1", Used(CENT, CENT, CENT))
    every = frozenset((Scope.CONVERSATION, Scope.DAY, Scope.MONTH))
    seen.saw("c2", Used(CENT, 2 * CENT, 2 * CENT, estimated=every, untold=every))
    days = every - {Scope.CONVERSATION}
    assert seen.seen_by("c1") == Used(CENT, 2 * CENT, 2 * CENT, estimated=days, untold=days)


def test_what_most_is_used_of_is_marked_as_what_is_used() -> None:
    conversation = spending(Budget(day=Decimal(1)))
    day = frozenset({Scope.DAY})
    for marks, used in (("", Used()), ("~", Used(estimated=day)), ("≥~", Used(estimated=day, untold=day))):
        conversation.services.budgets.saw(conversation.id, replace(used, day=Decimal("0.85")))
        assert budgets.pressing(conversation.session).badge == f"{marks}85 % of today’s budget"


async def test_a_free_model_is_asked_whatever_is_used() -> None:
    conversation = spending(Budget(day=Decimal("0.01")), costing("0.01"), costing("0"))
    await said(conversation, "one")
    assert "not sent" in over(await said(conversation, "two"))
    assert budgets.free_model(conversation.session) == "test/free"
    await conversation.set_model("test/free")
    assert "complete: Yes." in await said(conversation, "two")


async def test_what_other_conversations_spent_counts_for_the_day_and_not_for_this_conversation() -> None:
    store = MemoryStore()
    conversation = spending(Budget(conversation=Decimal(1), day=Decimal(1)), costing("0.1"), store=store)
    now = conversation.services.clock.now()
    cost = Cost(Decimal("0.9999"), CostSource.GATEWAY)
    await store.add_to_ledger(LedgerEntry("x", "other", now, LedgerKind.ANSWER, "m", "m", "", None, cost))
    assert "$0.9999 of $1.00 are used today" in over(await said(conversation, "one"))


async def test_a_temporary_conversation_leaves_nothing_and_counts_all_the_same() -> None:
    store = MemoryStore()
    conversation = spending(Budget(day=Decimal("0.01")), costing("0.01"), store=store, is_temporary=True)
    await said(conversation, "one")
    assert not store.ledger
    assert not store.claims
    assert "not sent: two" in over(await said(conversation, "two"))
    day = next(each for each in await budgets.standings(conversation.session) if each.scope is Scope.DAY)
    assert day.words == "$0.01 of $0.01, 100 %, $0.01 of it not kept"
    await conversation.session.keep()
    day = next(each for each in await budgets.standings(conversation.session) if each.scope is Scope.DAY)
    assert day.words == "$0.01 of $0.01, 100 %"


async def test_a_request_that_is_not_sent_claims_nothing_beside_what_is_not_kept() -> None:
    store = MemoryStore()
    conversation = spending(Budget(day=Decimal("0.1")), costing("0.09"), store=store, is_temporary=True)
    await said(conversation, "one")
    kept = spending(Budget(), costing("0"), store=store)
    kept.session.use(replace(kept.services, budgets=conversation.services.budgets))
    assert "this request would add about $0.05" in over(await said(kept, "x" * 200))
    assert not store.claims


async def test_a_round_that_would_go_over_ends_the_turn_and_loses_nothing() -> None:
    class Runner:
        async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
            return ToolOutcome("42")

    class Runs:
        def decide(self, call: ToolCall) -> Decision:
            return Decision.RUN

    billed = UsageReported(TokenCounts(1, 1, 2), Cost(Decimal("0.01"), CostSource.GATEWAY), "{}")
    *before, end = calling("add")
    conversation = spending(Budget(day=Decimal("0.01")), [*before, billed, end], saying("never"))
    services = replace(conversation.services, tool_use=ToolUse(Runner(), Runs(), toolbox=EveryTool()))
    conversation.session.use(services)
    words = await said(conversation, "one")
    assert words[-1].startswith("notice: $0.01 of $0.01 are used today")
    assert len(completer_of(conversation).requests) == 1
    assert not conversation.session.pending_calls
    conversation.session.allowance.is_next_over = True
    conversation.go_on()
    assert "complete: never" in await followed(conversation)


async def test_without_a_budget_the_store_hears_of_no_claim() -> None:
    store = MemoryStore()
    conversation = spending(Budget(), costing("5"), store=store)
    store.claim = None  # type: ignore[method-assign, assignment]  # calling it would fail
    assert "complete: Yes." in await said(conversation, "one")


async def test_the_command_sets_each_budget_and_takes_it_away() -> None:
    conversation = spending(Budget(), costing("0.25"), costing("0.25"))
    session = conversation.session
    await said(conversation, "one")
    assert await budgets.change(session, "0.5") == ("The budget of this conversation: $0.25 of $0.50, 50 %.", None)
    assert session.conversation.budget_usd == Decimal("0.5")
    words, kept = await budgets.change(session, "day 1")
    assert (words, kept) == ("Today’s budget: $0.25 of $1.00, 25 %.", Budget(day=Decimal(1)))
    words, kept = await budgets.change(session, "day none")
    assert (words, kept) == ("Today’s budget: no budget, $0.25 used.", Budget())
    for wrong in ("week 1", "-1", "1 2", "day", "nothing"):
        with pytest.raises(CommandRefused, match="A budget is"):
            await budgets.change(session, wrong)


async def test_a_resumed_conversation_has_its_own_budget() -> None:
    store = MemoryStore()
    conversation = spending(Budget(), costing("0.25"), store=store)
    await said(conversation, "one")
    await budgets.change(conversation.session, "0.2")
    resumed = await Session.resume(conversation.services, conversation.id)
    assert "not sent: two" in over(await said(OpenConversation(resumed), "two"))


async def test_what_one_conversation_has_used_up_is_nothing_to_another() -> None:
    store = MemoryStore()
    spent = spending(Budget(conversation=Decimal("0.01")), costing("0.01"), store=store)
    await said(spent, "one")
    other = OpenConversation(Session.new(spent.services))
    assert budgets.pressing(spent.session) == ("", "$0.01 of $0.01 in this chat")
    assert budgets.pressing(other.session) == ("", "")


async def test_where_nothing_can_be_written_what_was_spent_still_counts() -> None:
    class FullStore(MemoryStore):
        async def claim(self, claim: Claim, budget: Budget) -> Used:
            raise StoreError("The disk is full.", "Make room.")

    conversation = spending(Budget(day=Decimal("0.01")), costing("0.01"), store=FullStore())
    await said(conversation, "one")
    assert "not sent: two" in over(await said(conversation, "two"))


async def test_a_cost_that_is_to_count_and_cannot_be_written_is_said_also_where_no_word_is_kept() -> None:
    class FullLedger(MemoryStore):
        async def add_to_ledger(self, entry: LedgerEntry) -> None:
            raise StoreError("The disk is full.", "Make room.")

    services = spending(Budget(), costing("0.01"), store=FullLedger()).services
    unsaved = OpenConversation(Session.new(services, is_temporary=True, is_billed=True))
    assert "notice: What this answer cost is not counted. The disk is full." in await said(unsaved, "one")


async def test_what_cannot_be_read_is_said_and_is_no_zero() -> None:
    class BrokenStore(MemoryStore):
        async def used(self, claim: Claim) -> Used:
            raise StoreError("The file is damaged.", "Move it away.")

    conversation = spending(Budget(day=Decimal(1)), store=BrokenStore())
    with pytest.raises(StoreError, match="damaged"):
        await budgets.standings(conversation.session)
    await budgets.look(conversation.session)
    assert budgets.pressing(conversation.session) == ("", "")
