"""Tools that are switched off in one conversation: not offered, not run, and on again when the person wants."""

import math
from collections.abc import Iterable

import msgspec
import pytest
from msgspec.structs import replace

from tests.chat.scripted_servers import ECHO, Servers
from tests.fakes import ScriptedCompleter, make_services
from tests.workspace.test_deciding import HERE, Runner, asking, tool
from tui_chat.chat.policy import AllowNamed, AskAlways
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.chat.tool_plans import CallFault, Toolbox, ToolPlan
from tui_chat.chat.tool_switches import IS_OFF
from tui_chat.chat.turn import ToolUse
from tui_chat.core.parts import ToolCall, user_message
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.core.switched_off import SwitchedOff
from tui_chat.core.tool import ServerRecipe, Tool
from tui_chat.core.tool_switch import MOST_KEPT, ToolSwitch, merged, switched
from tui_chat.settings.presets import Preset
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.parameters import switch_preset
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.tool_switches import is_switch, states, switch, switchable, to_switch, toggle
from tui_chat.workspace.verbs import new_session


def off_in(switches: Iterable[ToolSwitch]) -> frozenset[str]:
    return SwitchedOff.of(switches, None).off


def serving(runner: Runner, completer: ScriptedCompleter) -> Services:
    toolbox = Toolbox(map(tool, ("list", "remove", "fs_read")))
    use = ToolUse(runner, AllowNamed(("*",)), toolbox=toolbox)
    return replace(make_services(completer), tools=toolbox.definitions, tool_use=use)


async def ask(session: Session) -> None:
    async for _ in session.send(user_message("look")):
        pass


def offered(completer: ScriptedCompleter) -> list[list[str]]:
    return [[each.name for each in request.tools] for request in completer.requests]


async def test_a_tool_that_is_off_is_not_offered_and_its_calls_do_not_run() -> None:
    runner, completer = Runner(), ScriptedCompleter(asking(("remove", HERE)), asking(("list", HERE)), asking())
    session = Session.new(serving(runner, completer))
    assert await switch(session, "off remove") == "On: list, fs_read. Off in this conversation: remove."
    await ask(session)
    assert runner.ran == []
    (called,) = session.path[-1].message.tool_calls
    assert called.flaw
    await ask(session)
    assert offered(completer) == [["list", "fs_read"]] * 3
    assert runner.ran == [("list", "--", "/here")]


async def test_it_is_on_again_and_elsewhere_it_was_never_off() -> None:
    runner, completer = Runner(), ScriptedCompleter(asking(("list", HERE)), asking(), asking())
    services = serving(runner, completer)
    session = Session.new(services)
    await switch(session, "off *")
    assert states(session) == "On: no tool. Off in this conversation: list, remove, fs_read."
    assert session.asking.offered == ()
    assert session.services is services
    assert Session.new(session.services).asking.offered == services.tools
    await switch(session, "on list fs_*")
    await ask(session)
    assert offered(completer)[0] == ["list", "fs_read"]
    assert runner.ran == [("list", "--", "/here")]
    fork = await session.fork(session.path[-1].id)
    assert fork.tools_off.off == {"remove"}


async def test_a_conversation_that_was_left_has_the_same_tools_off_when_it_is_opened_again() -> None:
    services = serving(Runner(), ScriptedCompleter(asking()))
    session = Session.new(services)
    await switch(session, "off remove")
    await ask(session)
    again = await Session.resume(services, session.conversation.id)
    assert again.tools_off.off == {"remove"}
    await switch(again, "on remove")
    assert not (await Session.resume(services, session.conversation.id)).tools_off


async def test_a_tool_stays_off_when_a_second_server_with_its_name_gives_it_another() -> None:
    servers = Servers()
    use = ToolUse(Runner(), AllowNamed(("*",)), toolbox=Toolbox((), servers))
    services = replace(make_services(ScriptedCompleter(asking())), servers=servers, tool_use=use)
    session = Session.new(services)
    await servers.prepare()
    await switch(session, "off echo")
    await ask(session)
    renamed = msgspec.structs.replace(ECHO.definition, name="test.echo")
    servers.offered = (msgspec.structs.replace(ECHO, definition=renamed),)
    other = Tool(ToolDefinition("two.echo", "", {}, told_by="two"), ServerRecipe("two", "echo", "digest"))
    servers.offered = (*servers.offered, other)
    again = await Session.resume(services, session.conversation.id)
    assert [tool.name for tool in again.asking.offered] == ["two.echo"]
    assert isinstance(again.tool_use.toolbox.plan(ToolCall("c", "test.echo", "{}")), CallFault)
    assert isinstance(again.tool_use.toolbox.plan(ToolCall("c", "two.echo", "{}")), ToolPlan)
    assert states(again) == "On: two.echo. Off in this conversation: test.echo."
    (off,) = (tool for tool in switchable(again) if tool.is_off)
    assert await toggle(again, off) == "test.echo is on."
    assert (await Session.resume(services, session.conversation.id)).tools_off.off == frozenset()


def test_of_what_two_programs_switch_the_latest_word_on_each_tool_counts() -> None:
    ours = switched((), {"list", "remove"}, True, 1.0)
    theirs = switched(switched(switched((), {"list"}, True, 1.0), {"fs_read"}, True, 2.0), {"list"}, False, 2.0)
    assert off_in(merged(ours, theirs)) == off_in(merged(theirs, ours)) == {"remove", "fs_read"}
    assert off_in(switched(ours, {"remove"}, False, 0.5)) == {"list"}  # also where the clock went back
    hostile = [ToolSwitch("a" * 301, True, 1.0), ToolSwitch("\x1b[2J", True, 1.0), ToolSwitch("x", True, math.inf)]
    assert merged(hostile) == ()
    assert len(merged(ToolSwitch(f"t{number}", True, number) for number in range(2000))) == MOST_KEPT


async def test_tools_that_no_server_has_told_yet_cannot_be_switched_and_that_is_said() -> None:
    servers = Servers()
    session = Session.new(replace(serving(Runner(), ScriptedCompleter(asking())), servers=servers))
    with pytest.raises(CommandRefused, match="Not all tool servers have told their tools yet"):
        await switch(session, "off echo")
    await ask(session)
    assert await switch(session, "off echo") == "On: list, remove, fs_read. Off in this conversation: echo."


async def test_a_preset_says_which_tools_are_on_until_others_are_switched_by_hand_and_after_a_new_start_too() -> None:
    completer = ScriptedCompleter(*(asking() for _ in range(4)))
    services = serving(Runner(), completer)
    conversation = OpenConversation(Session.new(services))
    session = conversation.session
    await switch(session, "off fs_read")
    presets = {"files": Preset("files", tools=("list", "fs_*", "rmove")), "bare": Preset("bare", tools=())}
    said = await switch_preset(conversation, presets, "files")
    assert said.endswith("The preset names tools that are not set up: rmove (did you mean remove?).")
    await ask(session)
    assert completer.requests[-1].left_out == ("tool rmove",)
    await switch(session, "on remove")
    await switch(session, "off list")
    await ask(session)
    fork = await session.fork(session.path[-1].id)
    assert [tool.name for tool in fork.asking.offered] == ["remove", "fs_read"]
    again = await Session.resume(services, session.conversation.id)
    assert again.asking.offered == fork.asking.offered
    new = new_session(OpenConversation(again), is_temporary=True)
    assert [tool.name for tool in new.asking.offered] == ["list", "fs_read"]
    await switch_preset(conversation, presets, "bare")
    await ask(session)
    await switch_preset(conversation, presets, "none")
    await ask(session)
    assert offered(completer) == [["list", "fs_read"], ["remove", "fs_read"], [], ["list", "remove", "fs_read"]]


async def test_a_preset_that_is_chosen_again_takes_back_what_was_approved_of_a_tool_that_it_leaves_off() -> None:
    services = serving(Runner(), ScriptedCompleter(asking(("remove", HERE))))
    session = Session.new(replace(services, tool_use=replace(services.tool_use, policy=AskAlways())))
    await session.set_preset("one", Sampling(), ("list",))
    await switch(session, "on remove")
    await ask(session)
    plan = session.tool_use.toolbox.plan(session.pending_calls[0])
    assert isinstance(plan, ToolPlan)
    session.approvals.approve(plan)
    await session.set_preset("one", Sampling(), ("list",))
    assert not session.approvals.has(plan.call.id)


async def test_a_preset_leaves_a_tool_off_that_a_server_tells_of_later() -> None:
    completer = ScriptedCompleter(asking(), asking())
    for named, told in ((("list",), ["list"]), (("ech?", "gone"), ["echo"])):
        servers = Servers()
        session = Session.new(replace(serving(Runner(), completer), servers=servers))
        await session.set_preset("one", Sampling(), named)
        assert session.asking.missing_tools == ()
        await servers.prepare()
        await ask(session)
        assert offered(completer)[-1] == told
    assert completer.requests[-1].left_out == ("tool gone",)


async def test_a_turn_that_runs_heeds_a_switch_at_once() -> None:
    session = Session.new(serving(Runner(), ScriptedCompleter()))
    planner, call = session.tool_use.toolbox, ToolCall("c1", "list", HERE)
    assert isinstance(planner.plan(call), ToolPlan)
    await switch(session, "off list")
    assert planner.plan(call) == CallFault(call, IS_OFF)


@pytest.mark.parametrize(
    ("words", "said"),
    [("off", "Which one?"), ("off lst", "Did you mean list?"), ("on zzzz", "There is no tool zzzz. On:")],
)
async def test_what_cannot_be_switched_is_refused_and_changes_nothing(words: str, said: str) -> None:
    session = Session.new(serving(Runner(), ScriptedCompleter()))
    with pytest.raises(CommandRefused, match=said.replace("?", r"\?")):
        await switch(session, words)
    assert not session.tools_off


async def test_a_word_alone_offers_what_it_can_switch() -> None:
    session = Session.new(serving(Runner(), ScriptedCompleter()))
    await switch(session, "off list")
    assert to_switch(session, "off") == ("remove", "fs_read")
    assert to_switch(session, "on ") == ("list",)
    assert to_switch(session, "on list") == ()


def test_only_these_words_switch() -> None:
    assert [is_switch(word) for word in ("off", " on x", "allowed", "", "offer")] == [True, True, False, False, False]
