"""Results that a person gives, and when the model goes on with them."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tests.fakes import EveryTool, Step
from tests.workspace.conversing import (
    FailingStore,
    calling,
    completer_of,
    elsewhere,
    ending,
    followed,
    said,
    saying,
    state_of,
    talking,
    texts,
    told,
    until,
)
from tui_chat.chat.policy import Decision
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import RoundLimitReached, ToolFinished
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.turn import ToolUse
from tui_chat.core.parts import Role, ToolCall, ToolResult
from tui_chat.core.stream_events import Outcome
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent
from tui_chat.workspace.state import State


class RunsTime:
    """Lets `time` run, and asks for everything else."""

    def decide(self, call: ToolCall) -> Decision:
        return Decision.RUN if call.name == "time" else Decision.ASK


class Clockwork:
    """Runs a call once it may, and says when it has begun."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        self.has_begun.set()
        await self.may_end.wait()
        return ToolOutcome("noon")


def with_tools(runner: Clockwork, *scripts: list[Step], max_rounds: int = 16) -> OpenConversation:
    services = talking(*scripts).services
    services = replace(services, tool_use=ToolUse(runner, RunsTime(), max_rounds, EveryTool()))
    return OpenConversation(Session.new(services))


def results(conversation: OpenConversation) -> list[tuple[str, str, bool]]:
    parts = [part for node in conversation.session.path for part in node.message.parts]
    return [(part.name, part.content.splitlines()[-1], part.is_error) for part in parts if isinstance(part, ToolResult)]


async def test_the_result_of_the_only_call_leads_to_the_next_answer() -> None:
    conversation = talking(calling("time"), saying("It is noon."))
    await said(conversation, "when?")
    assert state_of(conversation) is State.WAITING
    await conversation.give_result("call_time", "12:00")
    assert state_of(conversation) is State.ANSWERING
    assert await followed(conversation) == ["asked again", "complete: It is noon."]
    assert state_of(conversation) is State.IDLE
    assert results(conversation) == [("time", "12:00", False)]
    assert [call.state for call in conversation.calls.calls] == [CallState.ANSWERED]


async def test_with_several_calls_only_the_last_result_leads_on() -> None:
    conversation = talking(calling("time", "weather", "mood"), saying("Fine."))
    await said(conversation, "how is it?")
    await conversation.give_result("call_weather", "rain")
    await conversation.give_result("call_mood", "no idea", is_error=True)
    assert state_of(conversation) is State.WAITING
    assert not conversation.is_due
    await conversation.give_result("call_time", "12:00")
    assert await followed(conversation) == ["asked again", "complete: Fine."]
    assert results(conversation) == [("weather", "rain", False), ("mood", "no idea", True), ("time", "12:00", False)]


async def test_a_call_that_does_not_wait_any_more_takes_no_result() -> None:
    conversation = talking(calling("time"), saying("Never mind."))
    await said(conversation, "when?")
    await said(conversation, "forget it")
    path = conversation.session.path
    for call_id in ("call_time", "call_nobody"):
        with pytest.raises(KeyError):
            await conversation.give_result(call_id, "12:00")
    assert conversation.session.path == path
    assert state_of(conversation) is State.IDLE


async def test_no_result_is_given_twice() -> None:
    conversation = talking(calling("time", "weather"))
    await said(conversation, "how is it?")
    await conversation.give_result("call_time", "12:00")
    with pytest.raises(KeyError):
        await conversation.give_result("call_time", "13:00")
    assert results(conversation) == [("time", "12:00", False)]


async def test_calls_of_an_answer_that_was_cut_want_no_result() -> None:
    script = [*calling("time")[:-1], *ending(Outcome.TRUNCATED)[-1:]]
    conversation = talking(script)
    assert await said(conversation, "when?") == ["asked when?", "saved", "truncated"]
    assert state_of(conversation) is State.IDLE


async def test_a_resumed_conversation_waits_for_its_results_and_goes_on_with_them() -> None:
    before = talking(calling("time", "weather"), saying("Noon, and rain."))
    await said(before, "how is it?")
    await before.give_result("call_time", "12:00")
    session = await Session.resume(before.services, before.session.conversation.id)
    conversation = OpenConversation(session)
    assert state_of(conversation) is State.WAITING
    assert [call.state for call in conversation.calls.calls] == [CallState.ANSWERED, CallState.WAITING]
    await conversation.give_result("call_weather", "rain")
    assert await followed(conversation) == ["asked again", "complete: Noon, and rain."]
    assert [request.model for request in completer_of(conversation).requests] == ["test/model"] * 2


async def test_another_model_goes_on_with_the_results() -> None:
    conversation = talking(calling("time"), saying("Noon."))
    await said(conversation, "when?")
    await conversation.set_model("other/model")
    await conversation.give_result("call_time", "12:00")
    await followed(conversation)
    assert completer_of(conversation).requests[-1].model == "other/model"


async def test_the_answer_after_the_results_asks_for_a_model_where_there_is_none() -> None:
    conversation = talking(calling("time"))
    await said(conversation, "when?")
    await conversation.use(elsewhere(conversation, saying("Noon.")))
    await conversation.give_result("call_time", "12:00")
    assert await followed(conversation) == ["not sent:  (No model was chosen, and the gateway lists none.)"]
    await conversation.set_model("local/model")
    conversation.go_on()
    assert await followed(conversation) == ["asked again", "complete: Noon."]


async def test_a_result_is_kept_where_the_disk_is_full_and_written_later() -> None:
    store = FailingStore(is_full=False)
    conversation = talking(calling("time"), saying("Noon."), store=store)
    await said(conversation, "when?")
    store.is_full = True
    await conversation.give_result("call_time", "12:00")
    store.is_full = False
    await followed(conversation)
    assert len((await store.load(conversation.session.conversation.id))[1]) == len(conversation.session.tree) == 4


async def test_answered_again_without_calls_the_old_ones_do_not_wait_any_more() -> None:
    shown: list[int] = []
    conversation: OpenConversation = talking(
        calling("time"), saying("Noon, I guess.", lambda: shown.append(len(conversation.calls.calls)))
    )
    await said(conversation, "when?")
    conversation.retry()
    await followed(conversation)
    assert state_of(conversation) is State.IDLE
    assert [*shown, len(conversation.calls.calls)] == [0, 0]


# While a call is being run


async def test_a_result_for_one_call_may_be_given_while_another_is_run() -> None:
    runner = Clockwork()
    conversation = with_tools(runner, calling("ask", "time"), saying("Fine."))
    conversation.submit("how is it?")
    following = asyncio.ensure_future(followed(conversation))
    await until(runner.has_begun)
    assert state_of(conversation) is State.ANSWERING
    await conversation.give_result("call_ask", "well")
    assert not conversation.is_due
    runner.may_end.set()
    assert (await following)[-2:] == ["asked again", "complete: Fine."]
    assert results(conversation) == [("ask", "well", False), ("time", "noon", False)]


async def test_stopping_what_is_run_leaves_it_waiting_and_gives_back_the_outbox() -> None:
    runner = Clockwork()
    conversation = with_tools(runner, calling("time"), saying("It is noon."))
    conversation.submit("when?")
    following = asyncio.ensure_future(followed(conversation))
    await until(runner.has_begun)
    conversation.submit("and where?")
    conversation.stop()
    assert (await following)[-1] == "given back: and where?"
    assert state_of(conversation) is State.WAITING
    await conversation.give_result("call_time", "11:00")
    assert await followed(conversation) == ["asked again", "complete: It is noon."]


async def test_a_result_that_comes_while_the_turn_is_ending_leads_on_all_the_same() -> None:
    runner = Clockwork()
    scripts = (calling("time"), saying("It is noon."))
    conversation = with_tools(runner, *scripts, max_rounds=0)
    conversation.submit("when?")
    events: list[ConversationEvent] = []
    async for event in conversation.follow():
        events.append(event)
        if isinstance(event, RoundLimitReached):
            await conversation.give_result("call_time", "12:00")
    assert told(events)[-3:] == ["limit 0", "asked again", "complete: It is noon."]
    assert texts(conversation)[-1] == "It is noon."


async def test_stopped_between_two_rounds_the_results_stay_and_nothing_goes_on_by_itself() -> None:
    runner = Clockwork()
    runner.may_end.set()
    conversation = with_tools(runner, calling("time"), saying("It is noon."))
    conversation.submit("when?")
    async for event in conversation.follow():
        if isinstance(event, ToolFinished):
            conversation.stop()
    assert state_of(conversation) is State.IDLE
    assert conversation.session.path[-1].message.role is Role.TOOL
    conversation.retry()
    assert await followed(conversation) == ["asked again", "complete: It is noon."]
