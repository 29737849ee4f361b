"""Taking a stored call again: what was shown runs, nothing is lost, and nothing is sent unasked."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.workspace.conversing import completer_of, followed, said, saying, talking, until
from tests.workspace.test_deciding import HERE, Runner, asking, keys, results, shown, tool, with_tools
from tui_chat.chat.policy import AllowNamed
from tui_chat.chat.session import Session
from tui_chat.chat.tool_plans import CallFault, Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.turn import ToolUse
from tui_chat.core.errors import FileError
from tui_chat.core.stream_events import Outcome, Stopped
from tui_chat.core.tree import pending_calls
from tui_chat.workspace import again
from tui_chat.workspace.again_words import Way, asked_in, is_again
from tui_chat.workspace.argument_changes import changes_between
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.deciding import Deny, Run, decide
from tui_chat.workspace.events import ConversationEvent
from tui_chat.workspace.followed import Rested
from tui_chat.workspace.open_conversations import OpenConversations
from tui_chat.workspace.refusal import CommandRefused

THERE = '{"path": "/there"}'


async def denied(runner: Runner) -> OpenConversation:
    """A conversation in which the first of two calls was denied and the second one run."""
    conversation = with_tools(runner, asking(("list", HERE), ("list", HERE)), saying("Fine."), saying("Well."))
    await said(conversation, "look")
    first, second = keys(conversation)
    await decide(conversation, first, Deny("no"))
    await decide(conversation, second, Run(shown(conversation, second)))
    await followed(conversation)
    return conversation


def planned(conversation: OpenConversation, call: Call, arguments: str) -> ToolPlan:
    plan = again.plan(conversation, call, arguments)
    assert isinstance(plan, ToolPlan)
    return plan


async def test_a_denied_call_runs_with_other_arguments_once_those_were_shown_and_nothing_is_sent() -> None:
    runner = Runner()
    conversation = await denied(runner)
    path, asked = conversation.session.path, len(completer_of(conversation).requests)
    call = again.picked(conversation, "1")
    plan = planned(conversation, call, THERE)
    assert runner.ran == [("list", "--", "/here")]
    done = await again.run(conversation, call, plan)
    assert runner.ran[1:] == [("list", "--", "/there")]
    assert done.result is not None
    assert done.result.content.startswith('[The user changed the arguments before it ran, to {"path": "/there"}]')
    assert (done.state, done.arguments, "".join(done.output)) == (CallState.ANSWERED, THERE, "begun\n")
    assert conversation.calls.calls[0] is done
    assert (conversation.session.path, len(completer_of(conversation).requests)) == (path, asked)


async def test_what_was_not_shown_does_not_run() -> None:
    runner = Runner()
    conversation = await denied(runner)
    call = again.picked(conversation, "list")
    plan = planned(conversation, call, THERE)
    await conversation.session.switch_tools(["list"], is_off=True)
    with pytest.raises(CommandRefused, match="not what it was"):
        await again.run(conversation, call, plan)
    assert isinstance(again.plan(conversation, call, THERE), CallFault)
    await conversation.session.switch_tools(["list"], is_off=False)
    assert isinstance(again.plan(conversation, call, "{"), CallFault)
    assert len(runner.ran) == 1


async def test_a_run_is_stopped_and_may_be_taken_again() -> None:
    runner = Runner()
    conversation = await denied(runner)
    runner.may_end.clear()
    runner.has_begun.clear()
    call = again.picked(conversation, "")
    running = asyncio.ensure_future(again.run(conversation, call, planned(conversation, call, THERE)))
    await runner.has_begun.wait()
    stopped = conversation.calls.calls[0]
    with pytest.raises(CommandRefused, match="running"):
        again.ways_of(stopped)
    assert stopped.stop is not None
    stopped.stop()
    assert (await running).state is CallState.STOPPED
    assert again.ways_of(stopped) == (Way.RUN, Way.SCHEMA, Way.MODEL)


async def quiet() -> None:
    """Let everything happen that waits for nothing."""
    for _ in range(200):
        await asyncio.sleep(0)


class Gates(Runner):
    """Lets the runs of each tool end when they may."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = {name: asyncio.Event() for name in ("list", "remove")}
        self.gates = {name: asyncio.Event() for name in self.begun}

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        outcome = await super().run(plan, output)
        self.begun[plan.call.name].set()
        await self.gates[plan.call.name].wait()
        return outcome


async def test_a_run_and_a_call_of_a_tool_that_runs_alone_keep_apart_whichever_of_them_began() -> None:
    runner = Gates()
    runner.gates["list"].set()
    toolbox = Toolbox([tool("list"), msgspec.structs.replace(tool("remove"), runs_alone=True)])
    use = ToolUse(runner, AllowNamed(("*",)), toolbox=toolbox)
    scripts = asking(("list", HERE)), saying("Well."), asking(("remove", HERE)), saying("Fine.")
    conversation = OpenConversation(Session.new(msgspec.structs.replace(talking(*scripts).services, tool_use=use)))
    await said(conversation, "look")
    runner.gates["list"].clear()
    runner.begun["list"].clear()
    call = again.picked(conversation, "list")
    beside = asyncio.ensure_future(again.run(conversation, call, planned(conversation, call, THERE)))
    await until(runner.begun["list"])
    turn = asyncio.ensure_future(said(conversation, "tidy up"))
    await quiet()
    assert conversation.session.pending_calls
    assert not runner.begun["remove"].is_set()
    assert conversation.is_answering
    runner.gates["list"].set()
    assert (await beside).state is CallState.ANSWERED
    await until(runner.begun["remove"])
    with pytest.raises(CommandRefused, match="runs alone"):
        await again.run(conversation, call, planned(conversation, call, THERE))
    runner.gates["remove"].set()
    assert (await turn)[-1] == "complete: Fine."
    assert [argv[0] for argv in runner.ran] == ["list", "list", "remove"]


async def test_a_turn_that_waits_for_a_run_beside_it_can_be_stopped() -> None:
    runner = Gates()
    use = ToolUse(runner, AllowNamed(("*",)), toolbox=Toolbox([msgspec.structs.replace(tool("list"), runs_alone=True)]))
    runner.gates["list"].set()
    scripts = asking(("list", HERE)), saying("Well."), asking(("list", THERE))
    conversation = OpenConversation(Session.new(msgspec.structs.replace(talking(*scripts).services, tool_use=use)))
    await said(conversation, "look")
    runner.gates["list"].clear()
    call = again.picked(conversation, "list")
    beside = asyncio.ensure_future(again.run(conversation, call, planned(conversation, call, HERE)))
    await asyncio.sleep(0)
    turn = asyncio.ensure_future(said(conversation, "again"))
    await quiet()
    assert conversation.session.pending_calls
    conversation.stop()
    await asyncio.wait_for(turn, 5)
    assert (len(runner.ran), beside.done()) == (2, False)
    await conversation.session.side_runs.end()
    assert (await beside).state is CallState.STOPPED


async def test_a_run_out_of_sight_is_asked_about_is_not_let_go_of_and_ends_with_the_program() -> None:
    runner = Runner()
    told: list[ConversationEvent | Rested] = []
    conversation = await denied(runner)
    opened = OpenConversations(lambda _, event: told.append(event))
    opened.shown.conversation.open(conversation.session)
    shown = opened.shown.conversation
    shown.calls.show(shown.session.path, ())
    runner.may_end.clear()
    runner.has_begun.clear()
    call = again.picked(shown, "list")
    running = asyncio.ensure_future(again.run(shown, call, planned(shown, call, THERE)))
    await runner.has_begun.wait()
    opened.show(Session.new(shown.services))
    (left,) = opened.others
    assert (opened.at_work, left.is_free, [each.words for each in opened.running]) == (1, False, ["running list"])
    await opened.end_side_runs()
    assert (await running).state is CallState.STOPPED
    opened.ran_beside(shown)
    assert (opened.at_work, left.words, told) == (0, "done, unread", [Rested()])


class Finishing(Runner):
    """Ends at once when it is stopped, and has a result."""

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        with contextlib.suppress(asyncio.CancelledError):
            await super().run(plan, output)
        return ToolOutcome("nearly done")


async def test_a_run_that_ends_well_although_it_is_stopped_keeps_its_result() -> None:
    runner = Finishing()
    conversation = await denied(runner)
    runner.may_end.clear()
    runner.has_begun.clear()
    call = again.picked(conversation, "list")
    running = asyncio.ensure_future(again.run(conversation, call, planned(conversation, call, THERE)))
    await until(runner.has_begun)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert conversation.calls.calls[0].state is CallState.ANSWERED


async def test_a_result_takes_the_place_of_the_old_one_as_a_variant_and_undo_goes_back() -> None:
    conversation = await denied(Runner())
    session = conversation.session
    before, head = [result.content for result in results(conversation)], session.conversation.head_id
    call = again.picked(conversation, "1")
    done = await again.run(conversation, call, planned(conversation, call, THERE))
    assert done.lasting_words == (
        "Not saved: gone when you leave this chat unless you put it in the place of the old result."
    )
    assert "variant" in await again.put(conversation, done)
    assert (call.lasting_words, done.lasting_words) == ("", "Saved as a variant.")
    assert done.result is not None
    assert [result.content for result in results(conversation)] == [done.result.content, before[1]]
    assert pending_calls(session.path) == ()
    assert len(session.tree.siblings(session.path[-2].id)) == 2
    conversation.retry()
    await followed(conversation)
    assert session.path[-1].message.text == "Well."
    await session.go_to(head)
    assert [result.content for result in results(conversation)] == before


async def test_a_result_has_no_place_behind_an_answer_that_did_not_end_well() -> None:
    script = [*asking(("list", HERE))[:-1], Stopped(Outcome.COMPLETE, "length")]
    conversation = with_tools(Runner(), script)
    await said(conversation, "look")
    call = again.picked(conversation, "")
    done = await again.run(conversation, call, planned(conversation, call, HERE))
    with pytest.raises(CommandRefused, match="did not end well"):
        await again.put(conversation, done)


async def test_another_schema_says_which_marks_change_and_runs_nothing(tmp_path: Path) -> None:
    runner = Runner()
    conversation = await denied(runner)
    file = tmp_path / "schema.json"
    file.write_text(json.dumps({"properties": {"path": {"maxLength": 2}, "depth": {}}, "required": ["depth"]}))
    call = again.picked(conversation, "1")
    held = await again.hold_against(conversation, call, again.schema_in(str(file)))
    assert [note.partition(" (")[0] for note in held.notes] == [
        "path: was not judged, now wrong",
        "depth: was not asked for, now missing",
    ]
    assert (held.state, len(runner.ran)) == (CallState.CHECKED, 1)
    assert held.lasting_words == "Not saved: gone when you leave this chat."
    assert held.definition is not None
    assert again.schema_text(conversation, held) == json.dumps(held.definition.parameters, indent=2)
    with pytest.raises(CommandRefused, match="not valid JSON"):
        await again.hold_against(conversation, call, "{")
    with pytest.raises(CommandRefused, match="type"):
        await again.hold_against(conversation, call, '{"type": "array"}')
    with pytest.raises(FileError):
        again.schema_in(str(tmp_path / "none"))


def test_marks_that_stay_are_no_change() -> None:
    schema = {"properties": {"path": {"type": "string"}}}
    assert changes_between(HERE, schema, schema) == ("No mark changes.",)  # type: ignore[arg-type]  # what JSON gives


async def test_another_model_answers_what_the_call_has_answered() -> None:
    conversation = await denied(Runner())
    answer = conversation.session.path[1]
    again.ask_model(conversation, again.picked(conversation, "2"), "other/model")
    await followed(conversation)
    assert completer_of(conversation).requests[-1].model == "other/model"
    assert conversation.session.tree.siblings(answer.id)[0].id == answer.id
    assert conversation.session.path[1].message.text == "Well."
    assert conversation.calls.calls == []
    with pytest.raises(CommandRefused, match="No tool was called"):
        again.picked(conversation, "1")


async def test_a_call_that_waits_is_decided_about_and_not_run_beside() -> None:
    conversation = with_tools(Runner(), asking(("list", HERE)))
    await said(conversation, "look")
    call = again.picked(conversation, "")
    assert again.ways_of(call) == (Way.SCHEMA, Way.MODEL)
    with pytest.raises(CommandRefused, match="decide about it first"):
        again.check_way(call, Way.RUN)


@pytest.mark.parametrize(
    ("words", "said_"),
    [
        ("again 9", "from 1 to 2"),
        ("again 0", "from 1 to 2"),
        ("again nothing", "No call of"),
        ("again 1 x", "one of"),
    ],
)
async def test_what_is_not_there_is_refused(words: str, said_: str) -> None:
    conversation = await denied(Runner())
    with pytest.raises(CommandRefused, match=said_):
        again.picked(conversation, asked_in(words).call)


def test_only_this_word_takes_a_call_again() -> None:
    assert [is_again(word) for word in ("again", "again 2 run {}", "against", "")] == [True, True, False, False]
    assert asked_in('again 2 run {"a": 1}').rest == '{"a": 1}'
