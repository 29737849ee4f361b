"""What every store keeps: the same claims for the file and for memory."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.memory_store import MemoryStore
from tests.store.looking import look_for
from tests.store.values import answer, question
from tui_chat.chat.ledger import LedgerEntry, LedgerKind, entry_id_of
from tui_chat.chat.ports import Around, Store, TimedEvent
from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.errors import ErrorKind, Failure, StoreError
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.merging import Marked
from tui_chat.core.parts import File, Image, Message, Reasoning, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Sampling
from tui_chat.core.search_query import start_of
from tui_chat.core.stream_events import Outcome, Started, Stopped, TextDelta
from tui_chat.core.switched_off import SwitchedOff
from tui_chat.core.tool_switch import ToolSwitch
from tui_chat.core.tree import Conversation, Node, spending
from tui_chat.core.usage import Cost, CostSource, Price, Spending, TokenCounts, estimate_cost
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace.spending_report import day_of

NOW = 1000.0


@pytest.fixture(params=["file", "file without FTS5", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store
    if request.param == "memory":
        made = MemoryStore()
    else:
        path = tmp_path / "home" / "conversations.db"
        made = SqliteStore(path, now=lambda: NOW, use_index=request.param == "file")
    yield made
    await made.close()


async def keep(store: Store, conversation: Conversation, *nodes: Node) -> None:
    await store.save_conversation(conversation)
    for node in nodes:
        await store.save_node(conversation.id, node)


async def test_what_was_saved_comes_back(store: Store) -> None:
    conversation = Conversation("c1", 99.0, "A title", "m", "Be brief.", "a")
    await keep(store, conversation, question(), answer(cost="0.000027"))
    assert await store.load("c1") == (conversation, (question(), answer(cost="0.000027")))


async def test_saving_again_changes_what_changed_and_keeps_the_messages(store: Store) -> None:
    await keep(store, Conversation("c1", 99.0), question())
    await store.save_conversation(Conversation("c1", 99.0, "Named", "m2", "s", "q"))
    assert await store.load("c1") == (Conversation("c1", 99.0, "Named", "m2", "s", "q"), (question(),))


async def test_what_another_program_switched_meanwhile_stays_switched(store: Store) -> None:
    before = Conversation("c1", 1.0, "T", tool_switches=(ToolSwitch("list", True, 5.0),))
    await keep(store, before, question())
    await store.save_conversation(replace(before, tool_switches=(ToolSwitch("list", False, 7.0),)))
    await store.save_conversation(replace(before, tool_switches=(*before.tool_switches, ToolSwitch("x", True, 6.0))))
    assert SwitchedOff.of((await store.load("c1"))[0].tool_switches, None).off == {"x"}


async def test_what_another_program_changed_meanwhile_stays_where_it_was_not_changed_here(store: Store) -> None:
    before = Conversation("c1", 1.0, "T", "m", "Old.", "q", is_named=True, sampling=Sampling(seed=1))
    await keep(store, before, question())
    theirs = replace(before, title="Theirs", system="Theirs.", sampling=Sampling(seed=1, top_p=0.5), model="m2")
    await store.save(theirs, (), before=before)
    ours = replace(before, model="m3", head_id="a", sampling=Sampling(seed=2))
    await store.save(ours, (answer(),), before=before)
    expected = replace(theirs, model="m3", head_id="a", sampling=Sampling(seed=2, top_p=0.5))
    assert (await store.load("c1"))[0] == expected


async def test_marks_change_nothing_else_of_a_message_and_leave_those_of_another_program(store: Store) -> None:
    conversation, seen = Conversation("c1", 1.0, head_id="a"), Marks(labels=("old", "both"))
    whole = replace(answer(text="All of it", cost="0.5"), marks=seen)
    await keep(store, conversation, question(), whole)
    for marks in (Marks(labels=("both", "theirs")), Marks(labels=("old", "both", "ours"), is_pinned=True)):
        await store.save(conversation, (), [Marked("a", seen, marks)], before=conversation)
    expected = Marks(labels=("both", "theirs", "ours"), is_pinned=True)
    assert (await store.load("c1"))[1] == (question(), replace(whole, marks=expected))


async def test_a_title_that_a_person_gave_stays_until_a_person_gives_another(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0, "First line"), question())
    await store.rename("c1", "Named elsewhere")
    await store.save_conversation(Conversation("c1", 1.0, "First line", "m"))
    kept, _ = await store.load("c1")
    assert (kept.title, kept.model, kept.is_named) == ("Named elsewhere", "m", True)
    await store.save_conversation(Conversation("c1", 1.0, "Named here", is_named=True))
    assert (await store.load("c1"))[0].title == "Named here"


async def test_a_node_is_replaced_in_its_place(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0, head_id="b"), question(), answer(outcome=None, text=""), answer("b"))
    await store.save_node("c1", answer(text="All of it."))
    _, nodes = await store.load("c1")
    assert nodes == (question(), answer(text="All of it."), answer("b"))


async def test_siblings_keep_their_order(store: Store) -> None:
    variants = [answer(f"a{number}", str(number), at=200.0 - number) for number in range(4)]
    await keep(store, Conversation("c1", 1.0), question(), *variants)
    _, nodes = await store.load("c1")
    assert [node.id for node in nodes] == ["q", "a0", "a1", "a2", "a3"]


async def test_a_growing_answer_is_read_as_far_as_it_is(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question(), answer(text="", outcome=None))
    await store.append_journal("c1", "a", [TimedEvent(0.1, Started("r", "m2")), TimedEvent(0.2, TextDelta("Half "))])
    await store.append_journal("c1", "a", [TimedEvent(0.3, TextDelta("an answer"))])
    _, (_, growing) = await store.load("c1")
    assert growing.message.text == "Half an answer"
    assert growing.answer is not None
    assert (growing.answer.outcome, growing.answer.model, growing.answer.timing.total_s) == (None, "m2", 0.3)


async def test_saving_the_node_ends_its_journal(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question(), answer(text="", outcome=None))
    await store.append_journal("c1", "a", [TimedEvent(0.2, TextDelta("Half"))])
    await store.save_node("c1", answer(text="Whole."))
    _, nodes = await store.load("c1")
    assert nodes[1] == answer(text="Whole.")


async def test_a_journal_that_saw_the_end_says_how_it_ended(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question(), answer(text="", outcome=None))
    await store.append_journal(
        "c1", "a", [TimedEvent(0.2, TextDelta("All")), TimedEvent(0.9, Stopped(Outcome.COMPLETE, "stop"))]
    )
    _, nodes = await store.load("c1")
    assert nodes[1].answer is not None
    assert nodes[1].answer.outcome is Outcome.COMPLETE


async def test_a_unique_beginning_of_an_id_is_enough(store: Store) -> None:
    await keep(store, Conversation("abc1", 1.0))
    await keep(store, Conversation("abd2", 2.0))
    assert (await store.load("abc"))[0].id == "abc1"
    with pytest.raises(StoreError, match="More than one"):
        await store.load("ab")
    for wrong in ("x", "", "abc1x", "%", "a_c", "ABC1", "\udcff", "\0"):
        with pytest.raises(StoreError, match="There is no conversation"):
            await store.load(wrong)


async def test_a_whole_id_wins_over_longer_ones(store: Store) -> None:
    await keep(store, Conversation("ab", 1.0))
    await keep(store, Conversation("abc", 2.0))
    assert (await store.load("ab"))[0].id == "ab"


async def test_the_list_begins_with_the_newest_message(store: Store) -> None:
    await keep(store, Conversation("old", 1.0, "Old", "m"), question(at=50.0))
    await keep(store, Conversation("new", 2.0), question(at=40.0))
    await store.save_node("new", answer(at=60.0))
    summaries = await store.list()
    assert [(row.id, row.updated_at, row.messages) for row in summaries] == [("new", 60.0, 2), ("old", 50.0, 1)]
    assert (summaries[1].title, summaries[1].model, summaries[1].created_at) == ("Old", "m", 1.0)
    assert [row.id for row in await store.list(limit=1)] == ["new"]
    assert await store.latest_id() == "new"


async def test_there_is_no_latest_conversation_before_the_first_message(store: Store) -> None:
    assert await store.latest_id() is None
    await keep(store, Conversation("empty", 1.0))
    assert await store.latest_id() is None


async def test_the_end_of_the_path_that_was_read_is_loaded_by_itself(store: Store) -> None:
    later = [question("r", parent_id="b"), answer("c", parent_id="r", text="", outcome=None)]
    await keep(store, Conversation("c1", 1.0, head_id="c"), question(), answer("b"), *later, answer("a"))
    await keep(store, Conversation("c2", 1.0, head_id="lost"), question("r"), answer("b", parent_id="r"))
    await store.append_journal("c1", "c", [TimedEvent(0.2, TextDelta("Half"))])
    assert [node.id for node in await store.load_end("c1", 3)] == ["b", "r", "c"]
    assert (await store.load_end("c1", 3))[-1].message.text == "Half"
    assert [node.id for node in await store.load_end("c2", 9)] == ["r", "b"]
    assert await store.load_end("c3", 9) == ()


async def test_a_head_that_was_not_written_in_time_becomes_the_newest_message(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0, head_id="lost"), question(), answer())
    assert (await store.load("c1"))[0].head_id == "a"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Kolmogorov", ["text"]),
        ("kolmo ENTROPY", ["text"]),
        ("pondering", ["thought"]),
        ("get_weather", ["call"]),
        ("Reykjavík", ["call"]),
        ("drizzle", ["result"]),
        ("notes.txt", ["file"]),
        ("C++", ["text"]),
        ("東京", ["cjk"]),
        ("京都", ["cjk"]),
        ("Kolmogorov drizzle", []),
        ('" OR "a', []),
        ("text:* NEAR(", []),
        ("100%", ["result"]),
        ("a_b", []),
        ("mogorov", []),
        ("", []),
        ("   ", []),
        ("' -- \0", []),
    ],
)
async def test_words_are_found_wherever_they_stand(store: Store, words: str, found: list[str]) -> None:
    info = AnswerInfo("m", outcome=Outcome.COMPLETE)
    nodes = (
        Node("text", None, 1.0, Message(Role.USER, (Text("Kolmogorov and entropy, in C++"),))),
        Node("thought", "text", 2.0, Message(Role.ASSISTANT, (Reasoning("I am pondering"),)), info),
        Node("call", "x", 3.0, Message(Role.ASSISTANT, (ToolCall("1", "get_weather", '{"city":"Reykjavík"}'),)), info),
        Node("result", "x", 4.0, Message(Role.TOOL, (ToolResult("1", "weather", "drizzle, 100% sure"),))),
        Node("file", "x", 5.0, Message(Role.USER, (File("notes.txt", "axb"), Image("https://x/y.png")))),
        Node("cjk", "x", 6.0, Message(Role.USER, (Text("東京と京都へ行く"),))),
    )
    await keep(store, Conversation("c1", 1.0, "Title"), *nodes)
    hits = await look_for(store, words)
    assert [hit.node_id for hit in hits] == found
    assert all((hit.conversation_id, hit.title) == ("c1", "Title") for hit in hits)


async def test_a_hit_shows_a_line_around_the_words(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question(text="before " * 50 + "the\nneedle here" + " after" * 50))
    (hit,) = await look_for(store, "needle")
    assert "the needle here" in hit.excerpt
    assert hit.excerpt.startswith("…")
    assert hit.excerpt.endswith("…")
    assert len(hit.excerpt) < 180


async def test_what_a_message_no_longer_says_is_no_longer_found(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), answer(text="first words"))
    await store.save_node("c1", answer(text="second words"))
    assert await look_for(store, "first") == ()
    assert len(await look_for(store, "second")) == 1


async def test_search_stops_at_its_limit(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), *(question(f"q{n}", "same words") for n in range(5)))
    assert len(await look_for(store, "same", limit=3)) == 3
    assert await look_for(store, "same", limit=0) == ()


async def test_the_usage_report_has_every_answer_that_ended(store: Store) -> None:
    await keep(
        store,
        Conversation("c1", 1.0, "T"),
        question(),
        answer("a1", at=30.0, cost="0.0000000000000000001234567890123456789012345678"),
        answer("a2", at=20.0, outcome=Outcome.ERROR),
        answer("a3", at=25.0, outcome=None),
    )
    (spent,) = await store.spent()
    assert (spent.last_at, spent.conversation_id, spent.title) == (0.0, "c1", "T")
    assert spent.model == "openai/gpt-4o-mini"
    assert str(spent.spending.usd) == "1.234567890123456789012345678E-19"
    assert (spent.spending.answers, spent.spending.unknown, spent.spending.uncounted) == (2, 1, 1)


async def test_what_was_spent_is_told_by_day_and_read_by_quarters_of_an_hour(store: Store) -> None:
    begins = start_of(date(2026, 3, 29))
    times = (10.0, 899.0, 900.0, 2000.0, 86_000.0, 200_000.0)
    await keep(store, Conversation("c1", 1.0), *(answer(f"a{at}", at=begins + at, cost="1") for at in times))
    found = [(row.last_at - begins, row.spending.answers) for row in await store.spent()]
    assert sum(answers for _, answers in found) == len(times)
    assert [day_of(row) for row in await store.spent()] == sorted({day_of(row) for row in await store.spent()})
    assert [(row.last_at - begins) for row in await store.spent(begins + 1000.0, begins + 1800.0)] == [900.0]


@pytest.mark.parametrize("at", [0.0, -1.0, 253_402_300_800.0, 1e18])
async def test_what_was_spent_at_a_time_that_no_calendar_has_is_summed_up(store: Store, at: float) -> None:
    await keep(store, Conversation("c1", at), answer("a", at=at, cost="1"), answer("b", at=1e9, cost="2"))
    spent = await store.spent()
    assert sum(row.spending.answers for row in spent) == 2
    assert len({day_of(row) for row in spent}) == 2
    assert len(await store.list()) == 1


async def test_sums_of_all_time_by_model_are_those_of_the_days(store: Store) -> None:
    nodes = [answer(f"a{at}", at=at * 1e6, cost=f"0.{at}3", model=f"m{at % 3}") for at in range(9)]
    await keep(store, Conversation("c1", 1.0), *nodes, answer("b", at=5.0, model="m1"))
    await store.save_node("c1", answer("a4", at=4e6, cost="7", model="m2"))
    by_day: dict[str, Spending] = {}
    for row in await store.spent():
        by_day[row.model] = by_day.get(row.model, Spending()).and_also(row.spending)
    assert {each.model: each.spending for each in await store.spent_by_model()} == by_day


async def test_what_messages_are_marked_with_is_known_without_reading_them(store: Store) -> None:
    marked = replace(answer(), marks=Marks(is_muted=True, labels=("good",)))
    await keep(store, Conversation("c1", 1.0), question(), marked)
    await keep(store, Conversation("c2", 1.0), question())
    assert await store.marks("c1") == {"q": UNMARKED, "a": marked.marks}
    assert await store.marks("c2") == {"q": UNMARKED}
    assert await store.marks("c3") == {}


async def test_the_models_asked_last_through_a_gateway_are_known_the_newest_first(store: Store) -> None:
    models = [("m1", 1.0), ("m2", 2.0), ("m1", 3.0), ("", 4.0), ("m3", 5.0)]
    nodes = [answer(f"a{at}", at=at, model=model) for model, at in models]
    elsewhere = answer("b", at=6.0, model="m4")
    assert elsewhere.answer is not None
    elsewhere = replace(elsewhere, answer=replace(elsewhere.answer, gateway="http://there.invalid"))
    await keep(store, Conversation("c1", 1.0), *nodes, elsewhere)
    gateway = nodes[0].answer.gateway if nodes[0].answer else ""
    assert await store.models_asked(gateway, 8) == ("m3", "m1", "m2")
    assert await store.models_asked(gateway, 2) == ("m3", "m1")
    assert await store.models_asked("http://there.invalid", 8) == ("m4",)


async def test_an_answer_that_is_saved_again_is_billed_once(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question(), answer(outcome=Outcome.TRUNCATED))
    await store.save_node("c1", answer(cost="0.5"))
    ((spent,), (summary,)) = (await store.spent(), await store.list())
    assert (spent.spending.answers, str(spent.spending.usd), spent.spending.unknown) == (1, "0.5", 0)
    assert summary.spending == spent.spending


async def test_a_copy_costs_nothing_again(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), answer(cost="0.5"))
    copy = answer(cost="0.5")
    assert copy.answer is not None
    copy = replace(copy, answer=replace(copy.answer, entry_id=entry_id_of("c1", "a")))
    await keep(store, Conversation("c2", 2.0), copy)
    await store.add(Conversation("c3", 3.0), [answer(cost="0.5")])
    (spent,) = await store.spent()
    assert (spent.conversation_id, spent.spending.answers) == ("c1", 1)
    assert [row.spending.answers for row in await store.list()] == [1, 1, 1]  # each of them says what its answers cost


async def test_a_mark_on_an_imported_answer_bills_nothing(store: Store) -> None:
    node = answer(cost="1")
    await store.add(Conversation("c1", 1.0, head_id="a"), (question(), node))
    await store.save_node("c1", replace(node, marks=Marks(is_muted=True)))
    assert await store.spent() == ()


async def test_a_title_is_billed_to_its_conversation(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0, "T"), question())
    cost = Cost(Decimal("0.01"), CostSource.GATEWAY)
    await store.add_to_ledger(LedgerEntry("t1", "c1", 5.0, LedgerKind.TITLE, "cheap", "cheap", "", None, cost))
    (spent,) = await store.spent()
    assert (spent.title, spent.model, spent.spending.usd, spent.spending.uncounted) == (
        "T",
        "cheap",
        Decimal("0.01"),
        1,
    )
    (summary,) = await store.list()
    assert summary.spending == spent.spending


async def test_a_title_counts_in_a_conversation_that_was_deleted_meanwhile_and_is_written_again(store: Store) -> None:
    conversation = Conversation("c1", 1.0, "T")
    await keep(store, conversation, question(), answer(cost="0.5"))
    await store.delete("c1")
    cost = Cost(Decimal("0.01"), CostSource.GATEWAY)
    await store.add_to_ledger(LedgerEntry("t1", "c1", 5.0, LedgerKind.TITLE, "cheap", "cheap", "", None, cost))
    await store.save(conversation, (question(), answer(cost="0.5")), before=None)
    (summary,) = await store.list()
    assert (summary.spending.usd, summary.spending.answers) == (Decimal("0.51"), 2)


async def test_what_an_answer_costs_that_is_being_written_is_not_known(store: Store) -> None:
    growing = answer(outcome=None)
    await store.add(Conversation("c1", 1.0, head_id="a"), (question(), growing))
    (summary,) = await store.list()
    assert not summary.spending.is_known
    await store.save_node("c1", answer(cost="0.5"))
    (summary,) = await store.list()
    assert (summary.spending.usd, summary.spending.answers, summary.spending.is_known) == (Decimal("0.5"), 1, True)


async def test_titles_and_summaries_have_sums_of_their_own_beside_those_of_answers(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), answer("a", cost="0.5"))
    model = (await store.spent())[0].model
    for id_, kind, usd in (
        ("t1", LedgerKind.TITLE, "0.01"),
        ("t2", LedgerKind.TITLE, "0.02"),
        ("s", LedgerKind.SUMMARY, "4"),
    ):
        cost = Cost(Decimal(usd), CostSource.GATEWAY)
        counts = TokenCounts(1, 1, cached_tokens=1 if kind is LedgerKind.SUMMARY else None)
        await store.add_to_ledger(LedgerEntry(id_, "c1", 5.0, kind, model, model, "", counts, cost))
    found = {row.kind: (row.spending.answers, row.spending.usd, row.cached_untold) for row in await store.spent()}
    assert found == {
        LedgerKind.ANSWER: (1, Decimal("0.5"), 1),
        LedgerKind.TITLE: (2, Decimal("0.03"), 2),
        LedgerKind.SUMMARY: (1, Decimal(4), 0),
    }


def with_facts(node: Node, **facts: object) -> Node:
    assert node.answer is not None
    return replace(node, answer=replace(node.answer, **facts))


async def test_cached_tokens_are_summed_where_they_were_told_however_many(store: Store) -> None:
    most = 2**62
    told = (TokenCounts(most, 1, cached_tokens=most), TokenCounts(most, 1, cached_tokens=most), TokenCounts(1, 1))
    nodes = [with_facts(answer(f"a{at}", at=float(at)), counts=counts) for at, counts in enumerate(told)]
    await keep(store, Conversation("c1", 1.0), *nodes, answer("b", at=200_000.0))
    assert [(row.cached_tokens, row.cached_untold) for row in await store.spent()] == [(2 * most, 1), (None, 1)]


async def test_an_estimate_with_the_price_of_writing_to_a_cache_is_the_same_after_a_reload(store: Store) -> None:
    counts = TokenCounts(100, 10, 110, cached_tokens=20, cache_write_tokens=50)
    price = Price(Decimal(1), Decimal(2), cache_write_usd=Decimal(3))
    await keep(store, Conversation("c1", 1.0), with_facts(answer(), counts=counts))
    (_, (node,)), (entry,) = await store.load("c1"), await store.ledger_of("c1")
    assert node.answer is not None
    assert [each and estimate_cost(each, price) for each in (node.answer.counts, entry.counts)] == [
        estimate_cost(counts, price)
    ] * 2
    assert [row.cache_write_tokens for row in await store.spent()] == [50]


async def test_what_was_spent_says_whether_its_conversation_can_be_opened(store: Store) -> None:
    for id_ in ("kept", "hidden", "deleted"):
        await keep(store, Conversation(id_, 1.0, "T"), answer(cost="1"))
    await store.hide("hidden")
    await store.delete("deleted")
    assert {row.conversation_id: row.is_kept for row in await store.spent()} == {
        "kept": True,
        "hidden": False,
        "deleted": False,
    }


async def test_the_speed_of_an_answer_is_that_of_its_writing_and_no_title_has_one(store: Store) -> None:
    counted = TokenCounts(10, 80)
    await keep(
        store,
        Conversation("c1", 1.0),
        with_facts(answer("a1", at=10.0), counts=counted, timing=Timing(3.0, 5.0)),
        with_facts(answer("a2", at=20.0), counts=counted, timing=Timing(3.0, 3.01)),
        with_facts(answer("a3", at=30.0), counts=None, timing=Timing(1.0, 2.0)),
        with_facts(answer("a4", at=40.0), timing=Timing(None, 2.0)),
    )
    title = LedgerEntry("t", "c1", 50.0, LedgerKind.TITLE, "m", "m", "", counted, None, Timing(1.0, 2.0))
    await store.add_to_ledger(title)
    told = [(speed.at, speed.first_token_s, speed.tokens_per_s) for speed in await store.speeds(5.0)]
    assert told == [(10.0, 3.0, 40.0), (20.0, 3.0, None), (30.0, 1.0, None)]
    assert [speed.at for speed in await store.speeds(15.0)] == [20.0, 30.0]
    assert await store.ledger_of("c1", LedgerKind.TITLE) == (title,)
    assert len(await store.ledger_of("c1")) == 5


async def test_a_deleted_conversation_is_gone_with_all_its_words(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question(text="secret"), answer(cost="1"))
    await keep(store, Conversation("c2", 1.0), question(text="secret"))
    await store.delete("c1")
    assert [hit.conversation_id for hit in await look_for(store, "secret")] == ["c2"]
    (billed,) = await store.spent()  # outlives what was said
    assert (billed.conversation_id, billed.title, billed.spending.usd) == ("c1", "", Decimal(1))
    with pytest.raises(StoreError, match="There is no conversation"):
        await store.load("c1")
    with pytest.raises(StoreError, match="There is no conversation"):
        await store.delete("c1")


async def test_a_message_that_a_person_deleted_is_not_found_nor_are_results_of_its_calls(store: Store) -> None:
    results = [Message(Role.TOOL, (ToolResult("c", "t", f"secret {number}"),)) for number in (1, 2)]
    nodes = [
        question(text="a secret"),
        replace(answer(text="no secret"), parent_id="q"),
        Node("r1", "a", 3.0, results[0]),
        Node("r2", "r1", 3.0, results[1]),
        replace(question("q2", "secret?"), parent_id="r2"),
    ]
    await keep(store, Conversation("c1", 1.0), *nodes)
    for deleted, found in (("", {"q", "a", "r1", "r2", "q2"}), ("a", {"q", "q2"}), ("q2", {"q", "a", "r1", "r2"})):
        marked = [replace(node, marks=Marks(is_deleted=node.id == deleted, labels=("\ud800",))) for node in nodes]
        for node in marked:
            await store.save_node("c1", node)
        assert {hit.node_id for hit in await look_for(store, "secret")} == found
        assert {hit.node_id for hit in await look_for(store, "role:tool")} == found & {"r1", "r2"}
        near = await store.around("c1", "q2" if deleted == "a" else "a")
        assert [node.id for node in near.nodes] == {"": ["q", "a", "r1"], "a": ["q2"], "q2": ["q", "a", "r1"]}[deleted]
        assert near.number == 2
        preview = await store.preview("c1")
        assert (preview.question, preview.answer) == (
            "a secret" if deleted == "q2" else "secret?",
            "" if deleted == "a" else "no secret",
        )


async def test_a_conversation_is_found_by_the_beginning_of_its_id_without_its_messages(store: Store) -> None:
    await keep(store, Conversation("abc", 1.0, "T"), question())
    await keep(store, Conversation("abd", 1.0), question())
    await store.set_archived("abc", True)
    found = await store.find("abc")
    assert (found.id, found.title, found.messages, found.is_archived) == ("abc", "T", 1, True)
    with pytest.raises(StoreError, match="More than one"):
        await store.find("ab")
    await store.hide("abd")
    assert (await store.find("ab")).id == "abc"
    with pytest.raises(StoreError, match="There is no conversation"):
        await store.find("abd")


async def test_a_name_that_a_person_gave_changes_nothing_else(store: Store) -> None:
    conversation = Conversation("c1", 1.0, "T", "m", "Be brief.", "q")
    await keep(store, conversation, question())
    await store.rename("c1", "Mine")
    assert (await store.load("c1"))[0] == replace(conversation, title="Mine", is_named=True)
    with pytest.raises(StoreError, match="There is no conversation"):
        await store.rename("c2", "Mine")


async def test_writing_into_a_deleted_conversation_says_so(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), answer(text="", outcome=None))
    await store.delete("c1")
    with pytest.raises(StoreError):
        await store.append_journal("c1", "a", [TimedEvent(0.1, TextDelta("x"))])
    with pytest.raises(StoreError):
        await store.save_node("c1", answer())


async def test_the_same_node_ids_in_two_conversations_do_not_meet(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question(text="one"))
    await keep(store, Conversation("c2", 1.0), question(text="two"))
    assert (await store.load("c1"))[1][0].message.text == "one"
    assert (await store.load("c2"))[1][0].message.text == "two"


async def test_a_store_may_be_used_again_after_it_was_closed(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0, head_id="q"), question())
    await store.close()
    assert (await store.load("c1"))[1] == (question(),)


async def test_a_request_that_was_refused_is_no_answer_that_cost_something(store: Store) -> None:
    refused = Failure(ErrorKind.AUTHENTICATION, "no", "key", status=401)
    failed = Failure(ErrorKind.GATEWAY, "oops", "wait", status=502)
    nodes = tuple(
        Node(
            id_,
            None,
            at,
            Message(Role.ASSISTANT, ()),
            AnswerInfo(id_, outcome=Outcome.ERROR, failure=failure, timing=timing, has_begun=has_begun),
        )
        for id_, at, failure, timing, has_begun in (
            ("refused", 1.0, refused, Timing(None, 0.1), False),
            ("refused inside", 1.5, refused, Timing(None, 0.1), True),
            ("down", 2.0, failed, Timing(None, 0.1), False),
            ("unreached", 2.5, None, Timing(None, 0.1), False),
            ("begun", 3.0, failed, Timing(None, 0.1), True),
            ("cut", 4.0, refused, Timing(0.1, 0.2), False),
        )
    )
    await keep(store, Conversation("c1", 1.0, "Title"), *nodes)
    assert sorted(row.model for row in await store.spent()) == ["begun", "cut"]
    assert spending(nodes).answers == 2


async def test_a_conversation_is_added_as_a_whole(store: Store) -> None:
    await store.add(Conversation("c1", 99.0, "Title", head_id="a"), (question(), answer()))
    assert await store.load("c1") == (Conversation("c1", 99.0, "Title", head_id="a"), (question(), answer()))
    assert [hit.node_id for hit in await look_for(store, "because")] == ["a"]


async def test_what_is_added_at_once_counts_as_if_each_message_had_been_saved(store: Store) -> None:
    nodes = (question(at=50.0), answer("a", cost="0.25", at=70.0), answer("b", at=60.0), answer("c", text=""))
    await keep(store, Conversation("c1", 99.0), *nodes)
    await store.add(Conversation("c2", 99.0), nodes)
    one, other = await store.list()
    assert replace(one, id="") == replace(other, id="")
    assert one.messages == 4
    assert len(await look_for(store, "because")) == 4


async def test_adding_changes_no_message_that_is_there(store: Store) -> None:
    await keep(store, Conversation("c1", 99.0, head_id="q"), question())
    await store.add(Conversation("c1", 99.0, head_id="a"), (question(text="Other?"), answer()))
    assert (await store.load("c1"))[1] == (question(), answer())


async def test_a_message_is_read_with_its_neighbours_and_the_newest_of_those_after_it(store: Store) -> None:
    again, reply = answer("b", "Otherwise."), question("r", "And?", parent_id="b")
    await keep(store, Conversation("c1", 99.0), question(), answer(), again, reply)
    assert await store.around("c1", "q") == Around((question(), again), 1, 4)
    assert await store.around("c1", "b") == Around((question(), again, reply), 2, 4)
    assert await store.around("c1", "a") == Around((question(), answer()), 2, 4)
    assert await store.around("c1", "r") == Around((again, reply), 3, 4)
    assert await store.around("c1", "none") == await store.around("none", "q") == Around()


async def test_one_is_renamed_without_being_loaded(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0, "Before", "m", "Be brief.", "q"), question())
    before = await store.revision()
    await store.rename("c1", "After")
    assert await store.load("c1") == (
        Conversation("c1", 1.0, "After", "m", "Be brief.", "q", is_named=True),
        (question(),),
    )
    assert await store.revision() != before
    with pytest.raises(StoreError):
        await store.rename("none", "After")


async def test_a_summary_is_the_row_of_the_list_archived_or_not_and_none_of_what_is_hidden(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0, "A title", "m"), question(), answer())
    await store.set_labels("c1", ("work",))
    assert (await store.summary("c1"),) == await store.list()
    await store.set_archived("c1", True)
    archived = await store.summary("c1")
    assert archived is not None
    assert archived.is_archived
    await store.hide("c1")
    assert await store.summary("c1") is None
    assert await store.summary("c") is None


async def test_whatever_puts_the_list_in_order_is_a_change(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question())
    seen = [await store.revision()]
    for change in (
        store.set_archived("c1", True),
        store.set_labels("c1", ("work",)),
        store.hide("c1"),
        store.bring_back("c1"),
    ):
        await change
        seen.append(await store.revision())
    assert len(set(seen)) == len(seen)


async def test_what_is_known_of_a_bill_stays_known(store: Store) -> None:
    bill = Cost(Decimal("0.5"), CostSource.GATEWAY)
    told = LedgerEntry("e", "c1", 5.0, LedgerKind.ANSWER, "m", "m", "", TokenCounts(3, 4), bill)
    await store.add_to_ledger(told)
    for less in (None, Cost(Decimal(9), CostSource.ESTIMATE)):
        await store.add_to_ledger(replace(told, counts=None, cost=less))
        assert await store.ledger_of("c1") == (told,)
        assert [row.spending.usd for row in await store.spent()] == [Decimal("0.5")]
    more = replace(told, cost=Cost(Decimal("0.6"), CostSource.GATEWAY))
    await store.add_to_ledger(more)
    assert await store.ledger_of("c1") == (more,)


async def test_what_an_answer_cost_stays_though_its_conversation_was_deleted_meanwhile(store: Store) -> None:
    await keep(store, Conversation("c1", 1.0), question(), answer("a", outcome=None))
    await store.delete("c1")
    with pytest.raises(StoreError):
        await store.save_node("c1", answer("a", cost="0.5"))
    assert [row.spending.usd for row in await store.spent()] == [Decimal("0.5")]
    assert await store.list() == ()
