"""A title from a model: asked for once, behind everything else, and never in the place of a name that somebody gave."""

import asyncio
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.fakes import FakeCatalog, Step, UnreadCatalog, make_services, opening
from tests.memory_store import MemoryStore
from tests.workspace.conversing import (
    FAILURE,
    ClosableCompleter,
    calling,
    completer_of,
    ending,
    followed,
    hanging,
    said,
    saying,
)
from tui_chat.chat.budgets import Budgets
from tui_chat.chat.ledger import LedgerEntry, LedgerKind
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.chat.titles import Titles
from tui_chat.chat.titling import ANSWER_CHARACTERS, QUESTION_CHARACTERS, title_of
from tui_chat.core.budget import Budget
from tui_chat.core.errors import StoreError
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Text
from tui_chat.core.reply import Reply
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import Outcome, RetryScheduled, Stopped, TextDelta, UsageReported
from tui_chat.core.tree import TITLE_CHARACTERS
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts
from tui_chat.workspace import verbs
from tui_chat.workspace.conversation import OpenConversation

TITLE_MODEL = "cheap/model"
PRICE = Price(Decimal("0.000001"), Decimal("0.000001"))
BILL = UsageReported(TokenCounts(100, 5, 105), Cost(Decimal("0.0001"), CostSource.GATEWAY), "{}")


def titling(*words: str | Step) -> list[Step]:
    """An answer with a title, and its bill."""
    *begun, end = saying(*words)
    return [*begun, BILL, end]


def talking(*scripts: list[Step], store: MemoryStore | None = None, model: str = TITLE_MODEL) -> OpenConversation:
    """A new conversation for whose title `model` is asked."""
    services = make_services(ClosableCompleter(*scripts), store=store or MemoryStore())
    return OpenConversation(Session.new(replace(services, titles=Titles(model))))


def title(conversation: OpenConversation) -> str:
    return conversation.session.conversation.title


def asked(conversation: OpenConversation) -> list[str]:
    """The models that were asked, in order."""
    return [request.model for request in completer_of(conversation).requests]


def ledger(conversation: OpenConversation) -> list[LedgerEntry]:
    store = conversation.services.store
    assert isinstance(store, MemoryStore)
    return store.titles_paid


async def settled(services: Services) -> None:
    """Wait until no title is on its way, without ending any."""
    await asyncio.wait_for(services.titles.settled(), 5)


@pytest.mark.parametrize(
    ("budget", "price", "is_asked"),
    [
        (Budget(), Price(), True),
        (Budget(day=Decimal("0.02")), PRICE, True),
        (Budget(day=Decimal("0.0102")), PRICE, False),
        (Budget(day=Decimal(5)), Price(), False),
        (Budget(month=Decimal("0.0102")), PRICE, False),
    ],
)
async def test_a_title_is_not_asked_for_where_it_might_go_over_a_budget(
    budget: Budget, price: Price, is_asked: bool
) -> None:
    prices = ModelInfo("test/model", price=PRICE), ModelInfo(TITLE_MODEL, price=price)
    bill = UsageReported(TokenCounts(100, 5, 105), Cost(Decimal("0.01"), CostSource.GATEWAY), "{}")
    *answered, end = saying("Because.")
    services = replace(
        make_services(ClosableCompleter([*answered, bill, end], titling("Blue sky"))),
        catalog=FakeCatalog(*prices),
        titles=Titles(TITLE_MODEL),
        budgets=Budgets(budget),
    )
    conversation = OpenConversation(Session.new(services))
    await said(conversation, "Why is the sky blue?")
    await settled(services)
    assert (TITLE_MODEL in asked(conversation)) == is_asked


async def test_a_title_goes_to_the_upstream_providers_that_the_conversation_may_use() -> None:
    conversation = talking(saying("Because."), titling("Blue sky"))
    only = ("provider", '{"only":["azure"]}')
    services = replace(conversation.services, sampling=Sampling(temperature=0.2, extra=(only, ("top_k", "4"))))
    conversation.session.use(services)
    await said(conversation, "Why is the sky blue?")
    await settled(services)
    (title_asked,) = (each for each in completer_of(conversation).requests if each.model == TITLE_MODEL)
    assert title_asked.sampling.extra == (only,)


async def test_the_first_line_stays_where_no_model_is_named() -> None:
    conversation = talking(saying("Because."), model="")
    await said(conversation, "Why is the sky blue?\nReally.")
    await settled(conversation.services)
    assert title(conversation) == "Why is the sky blue?"
    assert asked(conversation) == ["test/model"]


async def test_a_title_comes_after_the_first_answer_and_is_saved() -> None:
    conversation = talking(saying("Because."), titling("Blue", " skies"))
    told: list[str] = []
    conversation.services.titles.when_taken(lambda: told.append(title(conversation)))
    await said(conversation, "Why is the sky blue?")
    assert title(conversation) == "Why is the sky blue?"
    await settled(conversation.services)
    assert title(conversation) == "Blue skies"
    assert told == ["Blue skies"]
    again = await Session.resume(conversation.services, conversation.session.conversation.id)
    assert again.conversation.title == "Blue skies"
    assert not again.conversation.is_named
    assert [row.title for row in await conversation.services.store.list()] == ["Blue skies"]


async def test_what_is_asked_is_small_and_has_nothing_else_of_the_conversation() -> None:
    conversation = talking(saying("b" * 90_000), titling("Letters"))
    await conversation.session.set_system("Be secret.")
    await said(conversation, "a" * 90_000)
    await settled(conversation.services)
    request = completer_of(conversation).requests[-1]
    assert request.model == TITLE_MODEL
    assert not request.tools
    assert not request.fallbacks
    words = request.messages[-1].text
    assert words.count("a") - words.count("an") <= QUESTION_CHARACTERS
    assert 0 < words.count("b") <= ANSWER_CHARACTERS
    assert "secret" not in " ".join(message.text for message in request.messages)
    assert sum(len(message.text) for message in request.messages) < 2_700


async def test_a_title_on_its_way_holds_up_neither_the_next_question_nor_the_end() -> None:
    conversation = talking(saying("One."), hanging("Never"), saying("Two."))
    await said(conversation, "first")
    assert await asyncio.wait_for(said(conversation, "second"), 5) == ["asked second", "saved", "complete: Two."]
    assert asked(conversation) == ["test/model", TITLE_MODEL, "test/model"]
    await asyncio.wait_for(conversation.services.close(), 5)
    assert title(conversation) == "first"
    assert completer_of(conversation).closed == 1
    assert completer_of(conversation).is_closed
    # The gateway had begun to answer: what it cost is not known, and said so.
    assert [(entry.kind, entry.cost) for entry in ledger(conversation)] == [(LedgerKind.TITLE, None)]


async def test_a_title_that_has_come_is_kept_at_the_end() -> None:
    conversation = talking(saying("One."), titling("A title"))
    await said(conversation, "first")
    await conversation.services.close()
    assert title(conversation) == "A title"


async def test_a_name_that_was_given_while_a_title_is_on_its_way_stays_and_the_title_is_paid() -> None:
    gate = asyncio.Event()
    conversation = talking(saying("One."), titling(gate, "A title"))
    await said(conversation, "first")
    await verbs.rename(conversation, "Mine")
    gate.set()
    await settled(conversation.services)
    assert title(conversation) == "Mine"
    assert len(ledger(conversation)) == 1


async def test_no_title_is_asked_for_where_the_person_named_the_conversation_also_after_a_restart() -> None:
    conversation = talking(ending(Outcome.ERROR), saying("One."))
    await said(conversation, "first")
    await verbs.rename(conversation, "Mine")
    again = OpenConversation(await Session.resume(conversation.services, conversation.session.conversation.id))
    assert again.session.conversation.is_named
    again.retry()
    await followed(again)
    await settled(again.services)
    assert title(again) == "Mine"
    assert TITLE_MODEL not in asked(again)


async def test_a_title_that_is_no_first_line_is_somebodys_own() -> None:
    """Conversations that were named before that was kept."""
    conversation = talking(ending(Outcome.ERROR), saying("One."))
    await said(conversation, "first")
    store, older = conversation.services.store, conversation.session.conversation
    await store.save_conversation(msgspec.structs.replace(older, title="Mine"))
    again = OpenConversation(await Session.resume(conversation.services, older.id))
    again.retry()
    await followed(again)
    await settled(again.services)
    assert title(again) == "Mine"
    assert TITLE_MODEL not in asked(again)


@pytest.mark.parametrize(
    "script",
    [
        ending(Outcome.ERROR),
        ending(Outcome.TRUNCATED, "A tit"),
        saying(" \n"),
        [*opening(), TextDelta("A tit"), Stopped(Outcome.COMPLETE, "length")],
        [RetryScheduled(1, 60.0, FAILURE)],
    ],
)
async def test_a_failure_leaves_the_first_line_and_is_not_told_by_the_turn(script: list[Step]) -> None:
    conversation = talking(saying("One."), script, saying("Two."))
    await said(conversation, "first")
    await settled(conversation.services)
    assert title(conversation) == "first"
    assert conversation.services.titles.failure is not None
    # It is not asked for again, in this run or another.
    assert await said(conversation, "second") == ["asked second", "saved", "complete: Two."]
    assert asked(conversation).count(TITLE_MODEL) == 1


async def test_a_title_is_asked_for_once_also_where_the_question_is_asked_again() -> None:
    conversation = talking(saying("One."), titling("A title"), saying("Two."), saying("Three."))
    await said(conversation, "first")
    await settled(conversation.services)
    conversation.retry()
    await followed(conversation)
    await said(conversation, "second")
    await settled(conversation.services)
    assert asked(conversation) == ["test/model", TITLE_MODEL, "test/model", "test/model"]


async def test_the_first_answer_that_ends_well_counts_whatever_came_before_it() -> None:
    conversation = talking(ending(Outcome.TRUNCATED, "Hal"), calling("f"), saying("Done."), titling("A title"))
    await said(conversation, "first")
    await said(conversation, "second")
    await settled(conversation.services)
    assert TITLE_MODEL not in asked(conversation)
    await conversation.give_result("call_f", "42")
    await followed(conversation)
    await settled(conversation.services)
    assert title(conversation) == "A title"


async def test_a_temporary_conversation_is_sent_to_nobody_for_a_title() -> None:
    services = make_services(ClosableCompleter(saying("One.")))
    session = Session.new(replace(services, titles=Titles(TITLE_MODEL)), is_temporary=True)
    conversation = OpenConversation(session)
    await said(conversation, "first")
    await settled(services)
    assert asked(conversation) == ["test/model"]


async def test_who_waits_for_the_end_is_not_kept_waiting_by_a_title() -> None:
    services = replace(make_services(ClosableCompleter(saying("One."))), titles=Titles(TITLE_MODEL))
    conversation = OpenConversation(Session.new(services), wants_title=False)
    await said(conversation, "first")
    assert asked(conversation) == ["test/model"]


async def test_its_cost_is_the_conversations() -> None:
    conversation = talking(saying("One."), titling("A title"))
    await said(conversation, "first")
    before = conversation.session.spending
    await settled(conversation.services)
    after = conversation.session.spending
    assert after == before.plus(BILL.counts, BILL.cost)
    (entry,) = ledger(conversation)
    assert entry.conversation_id == conversation.session.conversation.id
    assert (entry.kind, entry.requested_model, entry.model) == (LedgerKind.TITLE, TITLE_MODEL, "test/model")
    assert entry.gateway == conversation.services.gateway.stored_url
    assert (entry.counts, entry.cost) == (BILL.counts, BILL.cost)


UNTOLD = UsageReported(TokenCounts(100, 5, 105), None, "{}")


async def test_where_no_list_was_read_one_is_asked_for_to_price_a_title_whose_cost_nobody_told() -> None:
    conversation = talking(saying("One.", BILL), saying("A title", UNTOLD))
    catalog = UnreadCatalog(ModelInfo("test/model", price=PRICE))
    conversation.session.use(replace(conversation.services, catalog=catalog))
    await said(conversation, "first")
    assert catalog.reads == 0
    await settled(conversation.services)
    (entry,) = ledger(conversation)
    assert (entry.cost, catalog.reads) == (Cost(Decimal("0.000105"), CostSource.ESTIMATE), 1)


async def test_the_end_does_not_wait_for_the_price_of_a_title() -> None:
    conversation = talking(saying("One.", BILL), saying("A title", UNTOLD, asyncio.Event()))
    catalog = UnreadCatalog(ModelInfo("test/model", price=PRICE))
    conversation.session.use(replace(conversation.services, catalog=catalog))
    await said(conversation, "first")
    await conversation.services.titles.stop()
    (entry,) = ledger(conversation)
    assert (entry.counts, entry.cost, catalog.reads) == (UNTOLD.counts, None, 0)


async def test_a_refused_request_costs_nothing() -> None:
    conversation = talking(saying("One."), [Stopped(Outcome.ERROR, failure=FAILURE)])
    await said(conversation, "first")
    before = conversation.session.spending
    await settled(conversation.services)
    assert conversation.session.spending == before
    assert not ledger(conversation)


class NoLedger(MemoryStore):
    """Has no room for what a title cost."""

    async def add_to_ledger(self, entry: LedgerEntry) -> None:
        raise StoreError("The disk is full.", "Make room.")


async def test_a_bill_that_cannot_be_written_still_counts_and_the_title_stays() -> None:
    conversation = talking(saying("One."), titling("A title"), store=NoLedger())
    await said(conversation, "first")
    await settled(conversation.services)
    assert title(conversation) == "A title"
    assert conversation.session.spending.answers == 2


async def test_a_title_goes_to_the_conversation_as_it_is_open_now() -> None:
    gate = asyncio.Event()
    left = talking(saying("One."), titling(gate, "A title"), saying("Two."))
    await said(left, "first")
    here = OpenConversation(await Session.resume(left.services, left.session.conversation.id))
    await said(here, "second")
    gate.set()
    await settled(here.services)
    assert title(here) == "A title"
    saved, nodes = await here.services.store.load(here.session.conversation.id)
    assert (saved.title, saved.head_id) == ("A title", nodes[-1].id)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Blue skies", "Blue skies"),
        ('  "Blue skies."\n', "Blue skies"),
        ("# **Blue skies**", "Blue skies"),
        ("«Blaue Himmel»", "Blaue Himmel"),
        ("Title: Blue skies", "Blue skies"),
        ("Here is a title for it:\n\nBlue skies\n\nI hope it helps.", "Blue skies"),
        ("\x1b[31mBlue\x07\u202e skies", "Blue skies"),
        (".NET and C#", ".NET and C#"),
        ("__init__ explained", "__init__ explained"),
        ("- *Blue skies*", "Blue skies"),
        ("**Title:** “Blue skies.”", "Blue skies"),
        ('"Blue" and "green"', '"Blue" and "green"'),
        ("And so on...", "And so on..."),
        ("", ""),
        ("***", ""),
        ("word " * 40, "word word word word word word word word word word word…"),
    ],
)
def test_of_an_answer_one_line_of_words_is_taken(text: str, expected: str) -> None:
    assert title_of(Reply(parts=(Text(text),), outcome=Outcome.COMPLETE, finish_reason="stop")) == expected


@given(st.text())
def test_no_answer_makes_a_title_that_is_long_or_obeyed(text: str) -> None:
    made = title_of(Reply(parts=(Text(text),), outcome=Outcome.COMPLETE))
    assert len(made) <= TITLE_CHARACTERS
    assert all(character >= " " and not "\x7f" <= character <= "\x9f" for character in made)
    assert not set(made) & set("\u202e\u2066\u2028\u2029\n")
