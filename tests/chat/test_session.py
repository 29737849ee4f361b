"""A session: turns, their ends, and what is kept of them."""

import asyncio
from contextlib import aclosing
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.fakes import FakeCatalog, ScriptedCompleter, Step, make_services, opening
from tests.memory_store import MemoryStore
from tui_chat.chat.ledger import LedgerKind
from tui_chat.chat.ports import TimedEvent
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    Phase,
    PhaseChanged,
    ReplyGrew,
    SessionEvent,
    ToolAsked,
)
from tui_chat.chat.titles import GivenTitle
from tui_chat.core.errors import LEFT_OUT, ErrorKind, Failure, StoreError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.parts import Role, Text, ToolResult, user_message
from tui_chat.core.reply import Reply
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.core.stream_events import (
    FellBack,
    FieldLeftOut,
    MessageData,
    Outcome,
    ReasoningDelta,
    Stopped,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts

DONE = Stopped(Outcome.COMPLETE, "stop")


async def collect(session: Session, text: str = "hello") -> list[SessionEvent]:
    return [event async for event in session.send(user_message(text))]


def answer_of(events: list[SessionEvent]) -> Node:
    last = events[-1]
    assert isinstance(last, AnswerEnded)
    return last.answer


async def test_a_turn_starts_grows_and_ends_with_the_whole_answer() -> None:
    completer = ScriptedCompleter([*opening(), TextDelta("Low"), TextDelta(" latency"), DONE])
    events = await collect(Session.new(make_services(completer)))
    assert isinstance(events[0], AnswerStarted)
    assert events[0].question is not None
    assert events[0].question.message.text == "hello"
    assert answer_of(events).message.text == "Low latency"
    grown = "".join(e.event.text for e in events if isinstance(e, ReplyGrew) and isinstance(e.event, TextDelta))
    assert grown == "Low latency"


async def test_the_phases_are_said_in_their_order_and_once() -> None:
    completer = ScriptedCompleter([*opening(), ReasoningDelta("hm"), TextDelta("a"), TextDelta("b"), DONE])
    events = await collect(Session.new(make_services(completer)))
    phases = [event.phase for event in events if isinstance(event, PhaseChanged)]
    assert phases == [Phase.CONNECTING, Phase.WAITING, Phase.THINKING, Phase.WRITING, Phase.READY]


async def test_the_question_is_stored_before_the_request_goes_out() -> None:
    store = MemoryStore()
    stored: list[int] = []

    async def count_nodes() -> None:
        _, nodes = await store.load(session.conversation.id)
        stored.append(len(nodes))

    tasks: list[asyncio.Task[None]] = []
    gate = asyncio.Event()

    def look() -> None:
        task = asyncio.ensure_future(count_nodes())
        task.add_done_callback(lambda _: gate.set())
        tasks.append(task)

    session = Session.new(make_services(ScriptedCompleter([look, gate, DONE]), store=store))
    await collect(session)
    assert stored == [2]


@pytest.mark.parametrize("before", [[], opening(), [*opening(), ReasoningDelta("hm")], [*opening(), TextDelta("half")]])
async def test_stopping_in_any_phase_ends_the_turn_and_keeps_what_came(before: list[Step]) -> None:
    completer = ScriptedCompleter(before)
    session = Session.new(make_services(completer))
    seen: list[SessionEvent] = []
    async with aclosing(session.send(user_message("hello"))) as turn:
        async for event in turn:
            seen.append(event)
            grown = sum(isinstance(e, ReplyGrew) for e in seen)
            if grown == len(before) and isinstance(event, (ReplyGrew, PhaseChanged)):
                session.stop()
    answer = answer_of(seen)
    assert answer.answer is not None
    assert answer.answer.outcome is Outcome.CANCELLED
    assert answer.message.text + answer.message.reasoning == "".join(
        step.text for step in before if isinstance(step, TextDelta | ReasoningDelta)
    )
    assert completer.closed == len(completer.requests)
    assert session.phase is Phase.READY


async def test_closing_the_generator_saves_the_partial_answer_as_cancelled() -> None:
    store = MemoryStore()
    completer = ScriptedCompleter([*opening(), TextDelta("half")])
    session = Session.new(make_services(completer, store=store))
    async with aclosing(session.send(user_message("hello"))) as turn:
        async for event in turn:
            if isinstance(event, ReplyGrew) and isinstance(event.event, TextDelta):
                break
    _, nodes = await store.load(session.conversation.id)
    assert nodes[-1].message.text == "half"
    assert nodes[-1].answer is not None
    assert nodes[-1].answer.outcome is Outcome.CANCELLED
    assert completer.closed == 1


async def test_a_cancelled_worker_saves_the_partial_answer_and_stays_cancelled() -> None:
    store = MemoryStore()
    session = Session.new(make_services(ScriptedCompleter([*opening(), TextDelta("half")]), store=store))
    grew = asyncio.Event()

    async def work() -> None:
        async with aclosing(session.send(user_message("hello"))) as turn:
            async for event in turn:
                if isinstance(event, ReplyGrew) and isinstance(event.event, TextDelta):
                    grew.set()

    worker = asyncio.create_task(work())
    await grew.wait()
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    _, nodes = await store.load(session.conversation.id)
    assert nodes[-1].message.text == "half"


async def test_a_failed_answer_keeps_its_text_and_its_failure() -> None:
    failure = Failure(ErrorKind.GATEWAY, "overloaded", "Try again.", True, status=529)
    completer = ScriptedCompleter([*opening(), TextDelta("half"), Stopped(Outcome.ERROR, failure=failure)])
    answer = answer_of(await collect(Session.new(make_services(completer))))
    assert answer.message.text == "half"
    assert answer.answer is not None
    assert answer.answer.failure == failure


async def test_calls_wait_for_results_and_the_turn_goes_on_with_them() -> None:
    call = [ToolCallDelta(0, "call_1", "get_weather", '{"city":'), ToolCallDelta(0, "", "", '"Tokyo"}')]
    completer = ScriptedCompleter(
        [*opening(), *call, Stopped(Outcome.COMPLETE, "tool_calls")], [*opening(), TextDelta("Sunny."), DONE]
    )
    session = Session.new(make_services(completer))
    events = await collect(session, "weather?")
    asked = [event for event in events if isinstance(event, ToolAsked)]
    assert [event.call.arguments for event in asked] == ['{"city":"Tokyo"}']
    assert session.phase is Phase.CALLING
    await session.answer_call("call_1", "25 °C")
    assert session.pending_calls == ()
    events = [event async for event in session.go_on()]
    assert answer_of(events).message.text == "Sunny."
    sent = completer.requests[1].messages
    assert [message.role for message in sent] == [Role.USER, Role.ASSISTANT, Role.TOOL]
    assert sent[2].parts == (ToolResult("call_1", "get_weather", "25 °C"),)


async def test_calls_of_a_cut_answer_are_not_asked_and_not_sent_back() -> None:
    cut: list[Step] = [*opening(), TextDelta("Let me"), ToolCallDelta(0, "c", "f", "{}"), Stopped(Outcome.TRUNCATED)]
    completer = ScriptedCompleter(cut, [*opening(), DONE])
    session = Session.new(make_services(completer))
    events = await collect(session)
    assert not any(isinstance(event, ToolAsked) for event in events)
    await collect(session, "go on")
    assert completer.requests[1].messages[1].parts == (Text("Let me"),)


async def test_an_unanswered_call_gets_a_result_that_says_so() -> None:
    call: list[Step] = [*opening(), ToolCallDelta(0, "c", "f", "{}"), Stopped(Outcome.COMPLETE, "tool_calls")]
    completer = ScriptedCompleter(call, [*opening(), DONE])
    session = Session.new(make_services(completer))
    await collect(session)
    await collect(session, "never mind")
    roles = [message.role for message in completer.requests[1].messages]
    assert roles == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER]


async def test_retrying_answers_beside_the_first_answer_with_another_model() -> None:
    completer = ScriptedCompleter(
        [*opening(), TextDelta("one"), DONE], [*opening("other/model"), TextDelta("two"), DONE]
    )
    session = Session.new(make_services(completer))
    first = answer_of(await collect(session))
    second = answer_of([event async for event in session.retry("other/model")])
    assert second.parent_id == first.parent_id
    assert [node.id for node in session.tree.siblings(second.id)] == [first.id, second.id]
    assert second.answer is not None
    assert second.answer.requested_model == "other/model"
    assert session.conversation.model == "test/model"


async def test_switching_models_keeps_the_history_and_what_answered_it() -> None:
    completer = ScriptedCompleter([*opening(), TextDelta("one"), DONE], [*opening("b/b"), TextDelta("two"), DONE])
    session = Session.new(make_services(completer))
    await collect(session)
    await session.set_model("b/b")
    await collect(session, "again")
    assert [node.answer.answering_model for node in session.path if node.answer] == ["test/model", "b/b"]
    assert len(completer.requests[1].messages) == 3


async def test_the_gateways_cost_is_kept_and_a_missing_one_is_estimated_and_marked() -> None:
    counts = TokenCounts(1000, 2000, 3000)
    billed = UsageReported(counts, Cost(Decimal("0.0000027"), CostSource.GATEWAY), "{}")
    unbilled = UsageReported(counts, None, "{}")
    completer = ScriptedCompleter([*opening(), billed, DONE], [*opening(), unbilled, DONE])
    model = ModelInfo("test/model", price=Price(Decimal("0.000001"), Decimal("0.000004")))
    session = Session.new(make_services(completer, models=[model]))
    first, second = answer_of(await collect(session)), answer_of(await collect(session))
    assert first.answer is not None
    assert second.answer is not None
    assert first.answer.cost == Cost(Decimal("0.0000027"), CostSource.GATEWAY)
    assert second.answer.cost == Cost(Decimal("0.009"), CostSource.ESTIMATE)


@pytest.mark.parametrize(
    ("told", "is_listed", "usd"),
    [
        (UsageReported(TokenCounts(1000, 0, 1000), Cost(Decimal(0), CostSource.GATEWAY), "{}"), False, None),
        (UsageReported(TokenCounts(1000, 0, 1000), Cost(Decimal(0), CostSource.GATEWAY), "{}"), True, "0.0014"),
        (UsageReported(TokenCounts(1000, 1, 1001), Cost(Decimal("0.001"), CostSource.GATEWAY), "{}"), False, "0.001"),
        (UsageReported(TokenCounts(1000, 1, 1001), Cost(Decimal("0.001"), CostSource.GATEWAY), "{}"), True, "0.0014"),
        (UsageReported(TokenCounts(1000, 1, 1001), Cost(Decimal("0.5"), CostSource.GATEWAY), "{}"), True, "0.5"),
        (UsageReported(TokenCounts(1000, 1, 1001), None, "{}"), True, "0.0014"),
        (UsageReported(TokenCounts(1000, 150, 1150), None, "{}"), True, "0.0016"),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.TRUNCATED, Outcome.ERROR])
async def test_what_was_told_while_an_answer_was_written_is_no_bill_where_it_was_cut(
    told: UsageReported, is_listed: bool, usd: str | None, outcome: Outcome
) -> None:
    completer = ScriptedCompleter([*opening(), told, TextDelta("word" * 100), Stopped(outcome)])
    model = ModelInfo("test/model", price=Price(Decimal("0.000001"), Decimal("0.000004")))
    session = Session.new(make_services(completer, models=[model] if is_listed else []))
    info = answer_of(await collect(session)).answer
    assert info is not None
    assert info.cost == (None if usd is None else Cost(Decimal(usd), CostSource.ESTIMATE))
    assert info.counts is not None
    is_counted = told.counts.completion_tokens == 150
    assert (info.counts.prompt_tokens, info.counts.completion_tokens) == (1000, 150 if is_counted else None)
    assert session.spending.unknown == (usd is None)


class KeptCatalog(FakeCatalog):
    """A list that is on disk, and that nobody has looked at yet."""

    def __init__(self, *models: ModelInfo) -> None:
        super().__init__()
        self._kept = Catalog(models, fetched_at=1.0)

    async def cached(self) -> Catalog:
        self.catalog = self._kept
        return self.catalog

    async def read(self, *, refresh: bool = False) -> Catalog:
        raise AssertionError("The gateway is not asked for it.")


async def test_what_is_kept_of_the_list_counts_from_the_first_answer_on_and_nobody_is_asked_for_it() -> None:
    completer = ScriptedCompleter([*opening(), UsageReported(TokenCounts(10, 5, 15), None, "{}"), DONE])
    model = ModelInfo("test/model", price=Price(Decimal("0.01"), Decimal("0.02")), supported_parameters=("stop",))
    services = replace(make_services(completer), catalog=KeptCatalog(model), sampling=Sampling(reasoning_effort="high"))
    info = answer_of(await collect(Session.new(services))).answer
    assert info is not None
    assert info.cost == Cost(Decimal("0.20"), CostSource.ESTIMATE)
    assert completer.requests[0].sampling.reasoning_effort is None


async def test_an_answer_under_a_name_that_is_in_no_list_is_estimated_as_the_model_that_was_asked() -> None:
    usage = UsageReported(TokenCounts(1000, 2000, 3000), None, "{}")
    completer = ScriptedCompleter([*opening("model-2024-07-18"), usage, DONE])
    model = ModelInfo("test/model", price=Price(Decimal("0.000001"), Decimal("0.000004")))
    info = answer_of(await collect(Session.new(make_services(completer, models=[model])))).answer
    assert info is not None
    assert (info.model, info.cost) == ("model-2024-07-18", Cost(Decimal("0.009"), CostSource.ESTIMATE))


async def test_a_cost_that_nobody_knows_stays_unknown() -> None:
    completer = ScriptedCompleter([*opening(), UsageReported(TokenCounts(1, 2, 3), None, "{}"), DONE])
    session = Session.new(make_services(completer))
    await collect(session)
    assert session.spending.unknown == 1
    assert not session.spending.is_known


class FullDisk(MemoryStore):
    """A store that refuses to write until there is room."""

    has_room = False

    def _check(self) -> None:
        if not self.has_room:
            raise StoreError("The disk is full.", "Make room.", retryable=True)

    async def save_node(self, conversation_id: str, node: Node, *, is_billed: bool = True) -> None:
        self._check()
        await super().save_node(conversation_id, node, is_billed=is_billed)

    async def append_journal(self, conversation_id: str, node_id: str, events: object) -> None:
        self._check()


async def test_a_full_disk_is_said_once_and_saved_again_once_there_is_room() -> None:
    store = FullDisk()
    completer = ScriptedCompleter([*opening(), TextDelta("one"), DONE], [*opening(), TextDelta("two"), DONE])
    session = Session.new(make_services(completer, store=store))
    events = await collect(session)
    assert [event.failure.message for event in events if isinstance(event, Notice)] == ["The disk is full."]
    assert session.path[-1].message.text == "one"
    store.has_room = True
    events = await collect(session, "again")
    assert not any(isinstance(event, Notice) for event in events)
    _, nodes = await store.load(session.conversation.id)
    assert [node.message.text for node in nodes] == ["hello", "one", "again", "two"]


async def test_a_failure_to_save_between_turns_is_said_by_the_next_one() -> None:
    store = FullDisk()
    store.has_room = True
    call: list[Step] = [*opening(), ToolCallDelta(0, "c", "f", "{}"), Stopped(Outcome.COMPLETE, "tool_calls")]
    session = Session.new(make_services(ScriptedCompleter(call, [*opening(), DONE]), store=store))
    await collect(session)
    store.has_room = False
    await session.answer_call("c", "result")
    events = [event async for event in session.go_on()]
    assert [event.failure.message for event in events if isinstance(event, Notice)] == ["The disk is full."]


async def test_a_temporary_conversation_writes_nothing_until_it_is_kept() -> None:
    store = MemoryStore()
    completer = ScriptedCompleter([*opening(), TextDelta("one"), DONE])
    session = Session.new(make_services(completer, store=store), is_temporary=True)
    await collect(session)
    assert await store.list() == ()
    await session.keep()
    _, nodes = await store.load(session.conversation.id)
    assert [node.message.text for node in nodes] == ["hello", "one"]


async def test_what_titles_cost_is_part_of_the_sum_after_a_restart_too() -> None:
    store = MemoryStore()
    services = make_services(ScriptedCompleter([*opening(), TextDelta("one"), DONE]), store=store)
    session = Session.new(services)
    await collect(session)
    cost = Cost(Decimal("0.25"), CostSource.GATEWAY)
    await session.take_title(GivenTitle("T", Reply("cheap", counts=TokenCounts(9, 1), cost=cost)))
    resumed = await Session.resume(services, session.conversation.id)
    assert resumed.spending == session.spending
    assert resumed.spending.usd == Decimal("0.25")
    assert [entry.kind for entry in resumed.beside] == [LedgerKind.TITLE]


async def test_a_resumed_conversation_has_everything_and_goes_on() -> None:
    store = MemoryStore()
    completer = ScriptedCompleter(
        [*opening(), ReasoningDelta("hm"), TextDelta("one"), DONE], [*opening(), TextDelta("two"), DONE]
    )
    services = make_services(completer, store=store)
    session = Session.new(services)
    await collect(session)
    resumed = await Session.resume(services, session.conversation.id)
    assert resumed.path == session.path
    assert resumed.conversation.title == "hello"
    await collect(resumed, "again")
    assert [message.text for message in completer.requests[1].messages] == ["hello", "one", "again"]


async def test_a_fork_in_mid_answer_ends_with_the_question_and_can_be_answered() -> None:
    arrived, goes_on = TextDelta("on"), asyncio.Event()
    script = [*opening(), arrived, goes_on, TextDelta("e"), DONE]
    completer = ScriptedCompleter(script, [*opening(), TextDelta("two"), DONE])
    session = Session.new(make_services(completer, store=MemoryStore()))
    fork = session
    async for event in session.send(user_message("hello")):
        if isinstance(event, ReplyGrew) and event.event == arrived:
            fork = await session.fork(session.path[-1].id)
            goes_on.set()
    assert [node.message.text for node in fork.path] == ["hello"]
    assert [event async for event in fork.retry()]
    assert [node.message.text for node in fork.path] == ["hello", "two"]
    assert [node.message.text for node in session.path] == ["hello", "one"]


async def test_a_fork_copies_the_path_and_leaves_the_original_alone() -> None:
    store = MemoryStore()
    completer = ScriptedCompleter([*opening(), TextDelta("one"), DONE], [*opening(), TextDelta("two"), DONE])
    session = Session.new(make_services(completer, store=store))
    await collect(session)
    fork = await session.fork(session.path[-1].id)
    await collect(fork, "elsewhere")
    assert len(session.path) == 2
    assert [node.message.text for node in fork.path] == ["hello", "one", "elsewhere", "two"]
    assert {node.id for node in fork.path}.isdisjoint(node.id for node in session.path)


async def test_editing_a_question_asks_beside_it() -> None:
    completer = ScriptedCompleter([*opening(), TextDelta("one"), DONE], [*opening(), TextDelta("two"), DONE])
    session = Session.new(make_services(completer))
    await collect(session)
    first = session.path[0]
    events = [event async for event in session.edit(first.id, user_message("better"))]
    assert answer_of(events).message.text == "two"
    assert [node.message.text for node in session.path] == ["better", "two"]
    assert len(session.tree) == 4


async def test_text_that_waits_is_handed_out_joined() -> None:
    completer = ScriptedCompleter([*opening(), *(TextDelta("x") for _ in range(1000)), DONE])
    events = await collect(Session.new(make_services(completer)))
    assert answer_of(events).message.text == "x" * 1000
    assert sum(isinstance(event, ReplyGrew) for event in events) < 100


async def test_the_journal_gets_what_arrived() -> None:
    journalled: list[TimedEvent] = []
    gate = asyncio.Event()

    class Watched(MemoryStore):
        async def append_journal(self, conversation_id: str, node_id: str, events: object) -> None:
            assert isinstance(events, list)
            journalled.extend(events)
            gate.set()

    completer = ScriptedCompleter([*opening(), TextDelta("half"), gate, DONE])
    await collect(Session.new(make_services(completer, store=Watched())))
    assert TextDelta("half") in [timed.event for timed in journalled]


async def test_what_was_left_out_of_the_requests_is_said_once_and_kept_with_each_answer() -> None:
    left_out: list[Step] = [FieldLeftOut("top_p", "top_p is deprecated"), *opening(), TextDelta("one"), DONE]
    session = Session.new(make_services(ScriptedCompleter(left_out, left_out)))
    first, second = await collect(session), await collect(session, "again")
    (notice,) = [event for event in first + second if isinstance(event, Notice)]
    assert "without top_p" in notice.failure.message
    assert "deprecated" in notice.failure.message
    assert [node.answer.left_out for node in session.path if node.answer] == [("top_p",), ("top_p",)]


@pytest.mark.parametrize(
    ("end", "left_out"),
    [
        ([Stopped(Outcome.ERROR, failure=Failure(ErrorKind.INVALID_REQUEST, "No such model.", ""))], ("top_p",)),
        ([*opening(), Stopped(Outcome.ERROR, failure=Failure(ErrorKind.GATEWAY, "It broke.", ""))], ("top_p",)),
        ([FellBack("m", "n", Failure(ErrorKind.GATEWAY, "It broke.", "")), *opening("n"), TextDelta("one"), DONE], ()),
    ],
)
async def test_an_answer_is_said_to_go_without_a_field_only_where_it_begins(
    end: list[Step], left_out: tuple[str, ...]
) -> None:
    missing = FieldLeftOut("top_p", "top_p is deprecated")
    again: list[Step] = [missing, *opening(), TextDelta("two"), DONE]
    session = Session.new(make_services(ScriptedCompleter([missing, *end], again)))

    def said(events: list[SessionEvent]) -> list[str]:
        failures = [event.failure for event in events if isinstance(event, Notice)]
        return [failure.message for failure in failures if failure.code == LEFT_OUT]

    first = await collect(session)
    assert session.path[-1].answer is not None
    assert (said(first), session.path[-1].answer.left_out) == ([], left_out)
    (told,) = said(await collect(session, "again"))
    assert "without top_p" in told


async def test_what_came_with_an_answer_is_there_for_the_next_request_after_a_restart() -> None:
    store = MemoryStore()
    call: list[Step] = [
        *opening(),
        ReasoningDelta("hm"),
        ToolCallDelta(0, "a", "f", "{}"),
        MessageData("extra_content", '{"s": 1}', 0),
        MessageData("reasoning_details", "[1]"),
        Stopped(Outcome.COMPLETE, "tool_calls"),
    ]
    completer = ScriptedCompleter(call, [*opening(), DONE])
    services = make_services(completer, store=store)
    session = Session.new(services, system="Be brief.")
    await collect(session)
    await collect(await Session.resume(services, session.conversation.id), "again")
    sent = completer.requests[1]
    (place, origin), *others = sent.origins.items()
    assert (place, others) == (2, [])
    assert sent.messages[place].tool_calls[0].provider_data == (("extra_content", '{"s": 1}'),)
    assert (origin.reasoning, origin.message_data) == ("hm", {"reasoning_details": "[1]"})
    assert (origin.gateway, origin.answering_model) == (services.gateway.base_url, "test/model")


@pytest.mark.parametrize(("offered", "may_run"), [(("f",), ["a"]), ((), ["a", "b"])])
async def test_a_tool_that_was_not_offered_is_not_asked_for(offered: tuple[str, ...], may_run: list[str]) -> None:
    calls: list[Step] = [ToolCallDelta(0, "a", "f", "{}"), ToolCallDelta(1, "b", "g", "{}")]
    completer = ScriptedCompleter([*opening(), *calls, Stopped(Outcome.COMPLETE, "tool_calls")], [*opening(), DONE])
    tools = tuple(ToolDefinition(name, "", {}) for name in offered)
    session = Session.new(make_services(completer, tools=tools))
    events = await collect(session)
    assert [event.call.id for event in events if isinstance(event, ToolAsked)] == may_run
    assert [call.id for call in session.pending_calls] == may_run
    await collect(session, "go on")
    assert [call.id for call in completer.requests[1].messages[1].tool_calls] == may_run
