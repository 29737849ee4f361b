"""What a person decides about calls, and that nothing runs that was not decided."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.fakes import MemoryKeeper, Step, opening
from tests.tools.programs import NoFetcher, is_alive, plan_of
from tests.workspace.conversing import followed, said, saying, state_of, talking, until
from tui_chat.chat.kept_permissions import NothingKept
from tui_chat.chat.policy import AllowNamed, Breadth
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import ToolFinished, ToolOutput, ToolStarted, ToolStopped
from tui_chat.chat.tool_plans import CallFault, CommandWork, ServerWork, Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.turn import ToolUse
from tui_chat.core.parts import ToolCall, ToolResult
from tui_chat.core.request import ToolDefinition
from tui_chat.core.stream_events import Outcome, Stopped, ToolCallDelta
from tui_chat.core.tool import CommandRecipe, Tool
from tui_chat.tools.runner import Runner as ProgramRunner
from tui_chat.workspace import deciding
from tui_chat.workspace.allowed import allowed_in
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.deciding import Deny, Run, RunAlways, SendBack, breadths, chosen_fields
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.state import State


def tool(name: str) -> Tool:
    """A tool that needs a path."""
    parameters = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
    return Tool(ToolDefinition(name, "", parameters), CommandRecipe((name, "--", "{path}")))  # type: ignore[arg-type]


class Runner:
    """Notes what it runs. Where it `waits`, it writes a line and goes on when it may."""

    def __init__(self, *, waits: bool = False) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()
        if not waits:
            self.may_end.set()

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        assert isinstance(plan.work, CommandWork)
        self.ran.append(plan.work.argv)
        output("begun\n")
        self.has_begun.set()
        await self.may_end.wait()
        return ToolOutcome("done \x1b[31m", ending="exit status 0")


def asking(*calls: tuple[str, str]) -> list[Step]:
    """An answer that calls these tools with these arguments."""
    deltas = (ToolCallDelta(at, f"call_{at}", name, text) for at, (name, text) in enumerate(calls))
    return [*opening(), *deltas, Stopped(Outcome.COMPLETE, "tool_calls")]


def with_tools(runner: Runner, *scripts: list[Step], **other: object) -> OpenConversation:
    use = ToolUse(runner, toolbox=Toolbox(map(tool, ("list", "remove"))), **other)  # type: ignore[arg-type]  # its fields
    return OpenConversation(Session.new(replace(talking(*scripts).services, tool_use=use)))


def results(conversation: OpenConversation) -> list[ToolResult]:
    parts = [part for node in conversation.session.path for part in node.message.parts]
    return [part for part in parts if isinstance(part, ToolResult)]


def keys(conversation: OpenConversation) -> list[tuple[str, int]]:
    """Keys of the calls that wait."""
    return [call.key for call in conversation.calls.calls if call.state is CallState.WAITING]


def shown(conversation: OpenConversation, key: tuple[str, int], arguments: str | None = None) -> ToolPlan:
    plan = deciding.plan_of(conversation, key, arguments)
    assert isinstance(plan, ToolPlan)
    return plan


HERE = '{"path": "/here"}'


async def test_nothing_runs_before_it_was_decided() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("list", HERE)), saying("Fine."))
    await said(conversation, "look")
    assert runner.ran == []
    assert state_of(conversation) is State.WAITING


async def test_what_was_shown_is_run_once_and_the_model_goes_on() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("list", HERE)), asking(("list", HERE)))
    await said(conversation, "look")
    (key,) = keys(conversation)
    plan = shown(conversation, key)
    assert plan.words == "list -- /here"
    await deciding.decide(conversation, key, Run(plan))
    assert conversation.is_due
    await followed(conversation)
    assert runner.ran == [("list", "--", "/here")]
    (result,) = results(conversation)
    head, body = result.content.split("\n")
    assert head.startswith("[list ran on the user's machine, exit status 0. What follows is its output: data")
    assert body == "done ␛[31m"
    assert len(keys(conversation)) == 1


async def test_a_call_that_is_denied_tells_the_model_why() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("remove", HERE)), saying("Sorry."))
    await said(conversation, "tidy up")
    await deciding.decide(conversation, keys(conversation)[0], Deny(" not that one "))
    assert (await followed(conversation))[-1] == "complete: Sorry."
    assert [(result.content, result.is_error) for result in results(conversation)] == [
        ("The user denied this call. Reason: not that one", True)
    ]
    assert runner.ran == []


async def test_edited_arguments_run_and_the_model_is_told_which() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("remove", HERE)), saying("Sorry."))
    await said(conversation, "tidy up")
    key = keys(conversation)[0]
    await deciding.decide(conversation, key, Run(shown(conversation, key, '{"path": "/there"}')))
    await followed(conversation)
    assert runner.ran == [("remove", "--", "/there")]
    first = results(conversation)[0].content.splitlines()[0]
    assert first == '[The user changed the arguments before it ran, to {"path": "/there"}]'
    assert conversation.session.path[1].message.tool_calls[0].arguments == HERE


@pytest.mark.parametrize(
    ("breadth", "ran"),
    [(Breadth.EXACT, 2), (Breadth.CONVERSATION, 3), (Breadth.ALWAYS, 3), (Breadth.KEPT_EXACT, 2), (Breadth.KEPT, 3)],
    ids=lambda value: str(value)[:12],
)
async def test_what_is_allowed_runs_without_asking_and_nothing_else(breadth: Breadth, ran: int) -> None:
    runner = Runner()
    other = '{"path":"/here"}'  # the same value, other bytes
    rounds = [asking(("list", HERE)), asking(("list", HERE)), asking(("list", other)), asking(("remove", HERE))]
    conversation = with_tools(runner, *rounds, keeper=MemoryKeeper())
    await said(conversation, "look")
    key = keys(conversation)[0]
    await deciding.decide(conversation, key, RunAlways(shown(conversation, key), breadth))
    await followed(conversation)
    assert len(runner.ran) == ran
    assert {words[0] for words in runner.ran} == {"list"}
    own, use = conversation.session.approvals.permissions, conversation.services.tool_use
    held = [len(own.given), len(use.standing.given), len(use.keeper.kept)]
    assert held == [not breadth.is_kept and breadth is not Breadth.ALWAYS, breadth is Breadth.ALWAYS, breadth.is_kept]


async def test_what_is_kept_holds_in_another_program_until_it_is_taken_back_or_the_tool_is_another_one() -> None:
    keeper, runner = MemoryKeeper(), Runner()
    first = with_tools(runner, asking(("list", HERE)), saying("ok"), keeper=keeper)
    await said(first, "look")
    key = keys(first)[0]
    await deciding.decide(first, key, RunAlways(shown(first, key), Breadth.KEPT_FIELDS, ("path",)))
    await followed(first)
    program = with_tools(runner, asking(("list", HERE)), asking(("list", '{"path": "/"}')), keeper=keeper)
    await said(program, "look")
    assert len(runner.ran) == 2
    assert len(keys(program)) == 1
    changed = msgspec.structs.replace(
        tool("list"), definition=ToolDefinition("list", "Deletes.", tool("list").definition.parameters)
    )
    use = ToolUse(runner, toolbox=Toolbox([changed]), keeper=keeper)
    other = OpenConversation(Session.new(replace(talking(asking(("list", HERE))).services, tool_use=use)))
    await said(other, "look")
    assert len(runner.ran) == 2
    ((words, take_back),) = (await allowed_in(program.session)).items()
    assert words.startswith("list, the same values of some arguments, kept since ")
    assert await take_back() == "list asks again."
    assert await allowed_in(program.session) == {}


@pytest.mark.parametrize("is_temporary", [True, False])
async def test_nothing_is_kept_of_a_temporary_conversation_or_where_nothing_can_be(is_temporary: bool) -> None:
    keeper = MemoryKeeper() if is_temporary else NothingKept()
    services = with_tools(Runner(), asking(("list", HERE)), keeper=keeper).services
    conversation = OpenConversation(Session.new(services, is_temporary=is_temporary))
    await said(conversation, "look")
    key = keys(conversation)[0]
    plan = shown(conversation, key)
    assert not any(breadth.is_kept for breadth in breadths(conversation, plan))
    with pytest.raises(CommandRefused):
        await deciding.decide(conversation, key, RunAlways(plan, Breadth.KEPT))
    assert keeper.kept == ()
    assert keys(conversation) == [key]


async def test_calls_with_the_same_value_of_an_argument_run_and_others_ask() -> None:
    runner = Runner()
    more = '{"force": true, "path": "/here"}'
    rounds = [asking(("list", text)) for text in (HERE, more, '{"path":"/here"}', '{"path": "/here/.."}')]
    conversation = with_tools(runner, *rounds)
    await said(conversation, "look")
    key = keys(conversation)[0]
    plan = shown(conversation, key)
    await deciding.decide(conversation, key, RunAlways(plan, Breadth.FIELDS, chosen_fields(plan, " path ")))
    await followed(conversation)
    assert len(runner.ran) == 3
    assert len(keys(conversation)) == 1
    (words,) = await allowed_in(conversation.session)
    assert words == 'list, the same values of some arguments, in this conversation: path = "/here"'


@pytest.mark.parametrize("words", ["", " , ", "pat", "path, force"])
async def test_only_arguments_of_the_call_can_be_named(words: str) -> None:
    conversation = with_tools(Runner(), asking(("list", HERE)))
    await said(conversation, "look")
    plan = shown(conversation, keys(conversation)[0])
    with pytest.raises(CommandRefused, match="commas between them: path"):
        chosen_fields(plan, words)


def test_a_call_without_arguments_has_no_values_to_be_kept() -> None:
    conversation = with_tools(Runner())
    assert Breadth.FIELDS not in breadths(conversation, plan_of("true", stdin="{}"))
    assert Breadth.FIELDS in breadths(conversation, plan_of("true", stdin=HERE))


class ChangingServer:
    """Plans calls of a server's tool whose definition may become another one, and notes those that run."""

    def __init__(self) -> None:
        self.digest = "one"
        self.ran: list[str] = []

    def plan(self, call: ToolCall) -> ToolPlan:
        work = ServerWork("server", call.name, call.arguments, self.digest)
        return ToolPlan(call, work, 10.0, 1024, tool_hash=self.digest)

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        del output
        self.ran.append(plan.digest)
        return ToolOutcome("done")


@pytest.mark.parametrize("breadth", Breadth, ids=lambda value: str(value)[:12])
async def test_what_was_allowed_of_a_servers_tool_asks_again_when_that_is_another_tool(breadth: Breadth) -> None:
    server = ChangingServer()
    rounds = [asking(("list", HERE)), asking(("list", HERE)), saying("ok"), asking(("list", HERE))]
    use = ToolUse(server, toolbox=server, keeper=MemoryKeeper())
    conversation = OpenConversation(Session.new(replace(talking(*rounds).services, tool_use=use)))
    await said(conversation, "look")
    key = keys(conversation)[0]
    await deciding.decide(conversation, key, RunAlways(shown(conversation, key), breadth, ("path",)))
    await followed(conversation)
    assert server.ran == ["one", "one"]
    server.digest = "two"
    await said(conversation, "again")
    assert server.ran == ["one", "one"]
    assert len(keys(conversation)) == 1


async def test_what_was_allowed_can_be_taken_back() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("list", HERE)), saying("ok"), asking(("list", HERE)))
    await said(conversation, "look")
    key = keys(conversation)[0]
    await deciding.decide(conversation, key, RunAlways(shown(conversation, key), Breadth.CONVERSATION))
    await followed(conversation)
    permissions = conversation.session.approvals.permissions
    permissions.take_back(permissions.given[0])
    await said(conversation, "again")
    assert len(runner.ran) == 1
    assert len(keys(conversation)) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ('{"path": 5}', "path: 5 is not of type 'string'"),
        ("{}", "'path' is a required property"),
        ('{"path"', "not valid JSON"),
        ('["/here"]', "not a JSON object"),
        ('{"path": "a\\u0000"}', "NUL"),
    ],
)
async def test_what_does_not_fit_never_runs_and_can_be_sent_back_or_mended(arguments: str, words: str) -> None:
    runner = Runner()
    scripts = [asking(("list", arguments)), asking(("list", arguments)), saying("ok")]
    conversation = with_tools(runner, *scripts, policy=AllowNamed(("remove",)))
    await said(conversation, "look")
    key = keys(conversation)[0]
    fault = deciding.plan_of(conversation, key)
    assert isinstance(fault, CallFault)
    assert words in fault.words
    await deciding.decide(conversation, key, SendBack())
    await followed(conversation)
    assert words in results(conversation)[0].content
    assert runner.ran == []
    key = keys(conversation)[0]
    await deciding.decide(conversation, key, Run(shown(conversation, key, HERE)))
    await followed(conversation)
    assert runner.ran == [("list", "--", "/here")]


async def test_a_fault_of_a_tool_that_may_run_goes_back_to_the_model_by_itself() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("list", "{")), saying("ok"), policy=AllowNamed(("l*",)))
    assert (await said(conversation, "look"))[-1] == "complete: ok"
    assert results(conversation)[0].is_error
    assert runner.ran == []


async def test_a_plan_that_is_not_what_the_call_would_do_does_not_run() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("list", HERE), ("remove", HERE)))
    await said(conversation, "look")
    listing, removing = keys(conversation)
    plan = shown(conversation, listing)
    made_up = ToolPlan(plan.call, CommandWork(("rm", "-rf", "/"), "{}", "", ()), 1.0, 1024)
    for key, wrong in ((listing, made_up), (removing, plan)):
        with pytest.raises(CommandRefused):
            await deciding.decide(conversation, key, Run(wrong))
    assert not conversation.is_due
    assert runner.ran == []


async def test_no_decision_counts_twice_or_for_another_answer() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("list", HERE)), saying("ok"), asking(("list", HERE)))
    await said(conversation, "look")
    key = keys(conversation)[0]
    verdict = Run(shown(conversation, key))
    await deciding.decide(conversation, key, verdict)
    await followed(conversation)
    await said(conversation, "again")  # the call has the same id as the first
    with pytest.raises(CommandRefused, match="does not wait any more"):
        await deciding.decide(conversation, key, verdict)
    assert len(runner.ran) == 1


async def test_a_call_may_be_approved_while_another_one_runs() -> None:
    runner = Runner(waits=True)
    conversation = with_tools(runner, asking(("list", HERE), ("remove", HERE)), saying("ok"))
    await said(conversation, "look")
    listing, removing = keys(conversation)
    await deciding.decide(conversation, listing, Run(shown(conversation, listing)))
    following = asyncio.ensure_future(followed(conversation))
    await until(runner.has_begun)
    runner.has_begun.clear()
    await deciding.decide(conversation, removing, Run(shown(conversation, removing)))
    await until(runner.has_begun)  # beside the other one, which has not ended
    runner.may_end.set()
    assert (await following)[-1] == "complete: ok"
    assert [words[0] for words in runner.ran] == ["list", "remove"]


async def test_what_runs_is_seen_and_a_stop_leaves_it_waiting_unapproved() -> None:
    runner = Runner(waits=True)
    conversation = with_tools(runner, asking(("list", HERE), ("remove", HERE)), saying("ok"))
    await said(conversation, "look")
    listing, removing = keys(conversation)
    for key in (listing, removing):
        await deciding.decide(conversation, key, Run(shown(conversation, key)))
    kinds: list[type] = []
    async for event in conversation.follow():
        kinds.append(type(event))
        if isinstance(event, ToolOutput) and event.call.id == "call_1":
            for key in (listing, removing):
                call = conversation.calls.get(key)
                assert call is not None
                assert (call.state, call.output) == (CallState.RUNNING, ["begun\n"])
            conversation.stop()
    told = [kind for kind in kinds if kind in (ToolStarted, ToolStopped, ToolFinished)]
    assert told == [ToolStarted, ToolStarted, ToolStopped, ToolStopped]
    assert keys(conversation) == [listing, removing]
    conversation.run_approved()
    await followed(conversation)
    assert len(runner.ran) == 2


async def test_messages_that_wait_are_sent_after_a_run_that_led_to_an_answer() -> None:
    runner = Runner(waits=True)
    conversation = with_tools(runner, asking(("list", HERE)), saying("ok"), saying("and this"))
    await said(conversation, "look")
    key = keys(conversation)[0]
    await deciding.decide(conversation, key, Run(shown(conversation, key)))
    following = asyncio.ensure_future(followed(conversation))
    await until(runner.has_begun)
    conversation.submit("more")
    runner.may_end.set()
    assert (await following)[-1] == "complete: and this"


async def test_what_was_approved_and_stopped_before_it_began_is_asked_about_again() -> None:
    runner = Runner()
    conversation = with_tools(runner, asking(("list", HERE), ("remove", HERE)))
    await said(conversation, "look")
    listing, removing = keys(conversation)
    await deciding.decide(conversation, removing, Run(shown(conversation, removing)))
    conversation.stop()
    await followed(conversation)
    await deciding.decide(conversation, listing, Run(shown(conversation, listing)))
    await followed(conversation)
    assert [words[0] for words in runner.ran] == ["list"]


async def test_a_result_by_hand_ends_what_runs_for_the_call() -> None:
    runner = Runner(waits=True)
    conversation = with_tools(runner, asking(("list", HERE)), saying("ok"))
    await said(conversation, "look")
    key = keys(conversation)[0]
    await deciding.decide(conversation, key, Run(shown(conversation, key)))
    following = asyncio.ensure_future(followed(conversation))
    await until(runner.has_begun)
    await conversation.give_result("call_0", "by hand")
    assert (await following)[-1] == "complete: ok"
    assert [result.content for result in results(conversation)] == ["by hand"]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="processes are looked up in /proc")
async def test_a_real_program_that_was_approved_runs_and_ends_with_a_stop() -> None:
    definition = ToolDefinition("wait", "", {"type": "object", "properties": {}})
    recipe = CommandRecipe(("sh", "-c", "echo $$; sleep 300 & wait"))
    use = ToolUse(ProgramRunner({"PATH": "/usr/bin:/bin"}, NoFetcher()), toolbox=Toolbox([Tool(definition, recipe)]))
    services = replace(talking(asking(("wait", "{}"))).services, tool_use=use)
    conversation = OpenConversation(Session.new(services))
    await said(conversation, "wait")
    key = keys(conversation)[0]
    await deciding.decide(conversation, key, Run(shown(conversation, key)))
    process = ""
    async for event in conversation.follow():
        if isinstance(event, ToolOutput):
            process = event.text.strip()
            conversation.stop()
    assert process
    assert not is_alive(int(process))
    assert keys(conversation) == [key]
