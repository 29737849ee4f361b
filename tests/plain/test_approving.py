"""Calls that may run, asked about in lines."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, Step, make_services
from tests.plain.support import PlainChat, answer
from tests.workspace.test_deciding import HERE, Runner, asking, tool
from tui_chat.chat.tool_plans import Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.turn import ToolUse
from tui_chat.tools.kept_permissions import PermissionFile


def chatting(folder: Path, runner: Runner, *scripts: Iterable[Step], typed: Iterable[str] = ()) -> PlainChat:
    use = ToolUse(runner, toolbox=Toolbox(map(tool, ("list", "remove"))))
    services = replace(make_services(ScriptedCompleter(*scripts)), tool_use=use)
    return PlainChat(folder, services=services, typed=typed)


async def test_a_call_is_run_once_where_the_person_says_so(tmp_path: Path) -> None:
    runner = Runner()
    chat = chatting(tmp_path, runner, asking(("list", HERE)), answer("Two files."), typed=["2"])
    await chat.converse("look")
    assert "The call list waits. It runs list -- /here, at most 30 s and 256 KB.\n" in chat.said
    assert "1 deny, 2 run once, 3 edit, 4 always, Enter leaves it: 2\n" in chat.said
    assert "list is done after" in chat.said
    assert "Assistant (test/model): Two files." in chat.said
    assert runner.ran == [("list", "--", "/here")]


@pytest.mark.parametrize("typed", [[""], ["q", ""], ["9", "yes", "run", ""], []], ids=str)
async def test_nothing_but_the_number_runs_it(tmp_path: Path, typed: list[str]) -> None:
    runner = Runner()
    chat = chatting(tmp_path, runner, asking(("list", HERE)), typed=typed)
    await chat.converse("look")
    assert runner.ran == []
    assert len(chat.chat.session.pending_calls) == 1


async def test_what_was_typed_before_the_question_is_no_answer_and_is_not_lost(tmp_path: Path) -> None:
    runner = Runner()
    type_early: list[Callable[[], object]] = []
    script = [*asking(("list", HERE))[:-1], lambda: type_early[0](), asking(("list", HERE))[-1]]
    chat = chatting(tmp_path, runner, script, answer("ok"), answer("ok"), typed=["1", ""])
    type_early.append(lambda: chat.lines.type_early("2"))
    await chat.converse("look")
    assert runner.ran == []
    assert "Queued, for after this answer: 2" in chat.said
    assert "The user denied this call." in str(chat.chat.session.path)
    assert chat.chat.session.path[-2].message.text == "2"


async def test_in_a_pipe_nothing_is_run_whatever_comes(tmp_path: Path) -> None:
    runner = Runner()
    chat = chatting(tmp_path, runner, asking(("list", HERE)), typed=["2", "4"])
    chat.lines.is_terminal = False
    await chat.converse("look")
    assert "It is not run: whoever may allow that has to sit at a terminal." in chat.said
    assert runner.ran == []


async def test_a_call_is_denied_with_a_reason(tmp_path: Path) -> None:
    runner = Runner()
    chat = chatting(tmp_path, runner, asking(("remove", HERE)), answer("Sorry."), typed=["1", "keep it"])
    await chat.converse("tidy")
    assert "The user denied this call. Reason: keep it" in str(chat.chat.session.path)
    assert "Assistant (test/model): Sorry." in chat.said
    assert runner.ran == []


async def test_arguments_are_edited_and_asked_about_anew(tmp_path: Path) -> None:
    runner = Runner()
    typed = ["3", '{"path": 5}', "2", '{"path": "/there"}', "2"]
    chat = chatting(tmp_path, runner, asking(("remove", HERE)), answer("ok"), typed=typed)
    await chat.converse("tidy")
    assert "The call remove waits, and cannot run. The arguments do not fit the schema: path: 5 is not" in chat.said
    assert "It runs remove -- /there," in chat.said
    assert chat.lines.prefills[1] == HERE
    assert runner.ran == [("remove", "--", "/there")]


async def test_a_call_that_cannot_run_is_sent_back(tmp_path: Path) -> None:
    runner = Runner()
    chat = chatting(tmp_path, runner, asking(("list", "{}")), answer("ok"), typed=["3"])
    await chat.converse("look")
    assert "1 deny, 2 edit, 3 tell the model what is wrong, Enter leaves it: 3" in chat.said
    assert "The call was not run." in str(chat.chat.session.path)
    assert runner.ran == []


async def test_always_is_asked_about_how_far_and_can_be_taken_back(tmp_path: Path) -> None:
    runner = Runner()
    rounds = [asking(("list", HERE)), asking(("list", HERE)), answer("ok"), asking(("list", HERE))]
    chat = chatting(tmp_path, runner, *rounds, typed=["4", "3", "/tools", "1", "", "again", ""])
    await chat.converse("look")
    assert len(runner.ran) == 2
    assert "1. list, this tool, in this conversation" in chat.said
    assert "list asks again." in chat.said
    assert len(chat.chat.session.pending_calls) == 1


async def test_the_arguments_that_have_to_stay_are_asked_for_until_they_are_some_of_the_call(tmp_path: Path) -> None:
    runner = Runner()
    rounds = [asking(("list", HERE)), asking(("list", HERE)), asking(("list", '{"path": "/there"}'))]
    chat = chatting(tmp_path, runner, *rounds, typed=["4", "2", "pth", "path", ""])
    await chat.converse("look")
    assert "Name arguments of this call, with commas between them: path." in chat.said
    assert len(runner.ran) == 2
    assert len(chat.chat.session.pending_calls) == 1


async def test_several_calls_are_asked_about_one_after_the_other(tmp_path: Path) -> None:
    runner = Runner()
    calls = asking(("list", HERE), ("remove", HERE), ("list", HERE))
    chat = chatting(tmp_path, runner, calls, answer("ok"), typed=["2", "1", "", "2"])
    await chat.converse("look")
    assert runner.ran == [("list", "--", "/here")] * 2
    assert "Assistant (test/model): ok" in chat.said


class Hostile(Runner):
    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        return ToolOutcome("\x1b]0;owned\x07[bold]")


async def test_what_is_hostile_is_harmless_where_it_is_said(tmp_path: Path) -> None:
    arguments = '{"path": "\\u001b[2J\\u202e"}'
    chat = chatting(tmp_path, Hostile(), asking(("list", arguments)), answer("ok"), typed=["2"])
    await chat.converse("look")
    assert "\x1b" not in chat.said
    assert "\x07" not in chat.said
    assert "\u202e" not in chat.said


async def test_tools_are_switched_off_and_on_in_lines(tmp_path: Path) -> None:
    toolbox = Toolbox(map(tool, ("list", "remove")))
    completer = ScriptedCompleter(answer("ok"))
    services = replace(make_services(completer), tools=toolbox.definitions, tool_use=ToolUse(Runner(), toolbox=toolbox))
    typed = ["/tools off", "1", "/tools off remov", "/tools off remove", "/tools", "/tools on li*", "look"]
    chat = PlainChat(tmp_path, services=services, typed=typed)
    await chat.converse()
    assert "1. list" in chat.said
    assert "On: remove. Off in this conversation: list." in chat.said
    assert "There is no tool remov. Did you mean remove?" in chat.said
    assert chat.said.count("On: no tool. Off in this conversation: list, remove.") == 2
    assert [each.name for each in completer.requests[0].tools] == ["list"]


async def test_a_call_is_taken_again_in_lines(tmp_path: Path) -> None:
    runner = Runner()
    schema = tmp_path / "schema.json"
    schema.write_text('{"required": ["depth"]}')
    typed = [
        "1", "", "look again", "/tools again", "1", "1", '{"path": "/there"}', "1",
        "/tools again 1 put", f"/tools again list schema {schema}", "/tools again 9",
        "/tools again 1 model other/model",
    ]  # fmt: skip
    scripts = asking(("list", HERE)), answer("Sorry."), answer("Well."), answer("Other.")
    chat = chatting(tmp_path, runner, *scripts, typed=["look", *typed])
    await chat.converse()
    assert runner.ran == [("list", "--", "/there")]
    assert "The call list again. It runs list -- /there, at most 30 s and 256 KB." in chat.said
    assert "1 run once, 2 edit, Enter leaves it: 1\n" in chat.said
    assert "list, taken again, answered:" in chat.said
    assert "The new result stands in a variant" in chat.said
    assert "depth: was not asked for, now missing" in chat.said
    assert "Calls are counted from the newest" in chat.said
    assert "Assistant (test/model): Other." in chat.said


async def test_calls_that_run_side_by_side_are_told_apart_and_what_is_allowed_meanwhile_is_not_asked_about(
    tmp_path: Path,
) -> None:
    """Two calls of one tool, allowed with the first: each line says whose it is, and none is within another."""
    runner = Runner()
    chat = chatting(tmp_path, runner, asking(("list", HERE), ("list", HERE)), answer("ok"), typed=["4", "4"])
    await chat.converse("look")
    assert chat.said.count("The call list waits.") == 1
    told = [line.partition(" after")[0] for line in chat.said.splitlines() if line.startswith(("Running", "list"))]
    running = "list -- /here, at most 30 s and 256 KB."
    assert told == [f"Running list: {running}", f"Running list (2): {running}", "list is done", "list (2) is done"]


async def test_what_cannot_be_kept_is_said_and_the_call_is_asked_about_anew(tmp_path: Path) -> None:
    runner, keeper = Runner(), PermissionFile(tmp_path / "allowed.toml", lambda: 0.0)
    (tmp_path / "allowed.toml").write_text("torn [")
    use = ToolUse(runner, toolbox=Toolbox([tool("list")]), keeper=keeper)
    services = replace(make_services(ScriptedCompleter(asking(("list", HERE)), answer("ok"))), tool_use=use)
    chat = PlainChat(tmp_path, services=services, typed=["4", "7", "2"])
    await chat.converse("look")
    assert chat.said.count("is not trusted: it is not the TOML that was written.") == 2  # before it asks, and then
    assert chat.said.count("The call list waits.") == 2
    assert len(runner.ran) == 1
