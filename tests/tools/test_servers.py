"""Tool servers that are programs: what they get, what they can do to the chat, and that nothing of them stays."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from tests.tools.programs import is_alive
from tests.tools.serving import LONG_S, USUAL, Serving, server, serving, until
from tui_chat.chat.tool_plans import CallFault
from tui_chat.core.parts import ToolCall
from tui_chat.core.request import ToolDefinition
from tui_chat.core.tool import Printed, Tool, ToolServer, Variable
from tui_chat.tools.servers import server as one_server
from tui_chat.tools.servers import servers as all_servers
from tui_chat.tools.servers.server import CHANGED

HELLO = '{"message": "hello"}'
TOKEN = "a-token-that-nobody-else-knows-1234"


async def test_nothing_is_started_before_it_is_needed() -> None:
    async with serving(server("one"), server("off", enabled=False), prepares=False) as these:
        assert these.names == []
        assert [(view.name, view.words) for view in these.servers.views] == [("one", "not started")]
        assert these.servers.is_waiting


@pytest.mark.parametrize(
    ("command", "folder", "why"),
    [
        ("no-such-program-here", "", "no-such-program-here cannot be started: No such file or directory"),
        ("/etc", "", "/etc cannot be started: Permission denied"),
        ("sh", "/no/such/folder", "its folder /no/such/folder is not there"),
    ],
)
async def test_a_program_that_is_not_there_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, command: str, folder: str, why: str
) -> None:
    monkeypatch.setattr(one_server, "load_sdk", lambda: pytest.fail("importing the SDK takes seconds"))
    async with serving(ToolServer("one", (command,), folder=folder)) as these:
        assert these.servers.problems == {"one": why}


async def test_a_tool_is_planned_word_for_word_and_called() -> None:
    async with serving(server("one")) as these:
        plan = these.plan("echo", '{"message": "grüß\\u0001 dich", "more": {"a": [1, null]}}')
        assert plan.words == r'one · echo {"message": "grüß\u0001 dich", "more": {"a": [1, null]}}'
        assert plan.kind == "mcp"
        outcome = await these.run(plan)
        assert (outcome.content, outcome.is_error, outcome.ending) == ("plain: grüß\x01 dich", False, "")
        assert these.shown == "plain: grüß␁ dich"


async def test_what_was_planned_is_what_is_sent() -> None:
    arguments = '{"message": "", "null": null, "big": 12345678901234567890123, "deep": [[{"x": 1.5}], true]}'
    async with serving(server("one")) as these:
        sent = json.loads((await these.call("received", arguments)).content)
    assert sent == json.loads(arguments)


@pytest.mark.parametrize(
    "arguments", ['{"message": 5}', "{}", "[]", "{", '{"message": "", "n": 1e999}', r'{"message": "\ud800"}']
)
async def test_arguments_that_do_not_fit_are_never_sent(arguments: str) -> None:
    async with serving(server("one")) as these:
        assert isinstance(these.toolbox.plan(ToolCall("c1", "echo", arguments)), CallFault)


async def test_where_names_clash_the_server_stands_before_them() -> None:
    own = Tool(ToolDefinition("fail", "", {}))
    async with serving(server("one"), server("two", "clash"), own=(own,)) as these:
        assert {"one.echo", "two.echo", "one.fail", "environment"} <= set(these.names)
        assert not {"echo", "fail", "one.environment"} & set(these.names)
        assert (await these.call("one.echo", HELLO)).content == "plain: hello"
        assert (await these.call("two.echo", HELLO)).content == "clash: hello"


async def test_a_tool_that_is_left_out_takes_no_name_from_others() -> None:
    async with serving(server("one", tools=("environment",)), server("two", "clash", tools=("echo",))) as these:
        assert these.names == ["environment", "echo"]
        assert (await these.call("echo", HELLO)).content == "clash: hello"
        off = {each.tool.name for each in these.servers.listed if not each.tool.is_enabled}
        assert "one.echo" in off


async def test_only_the_tools_that_are_named_are_offered() -> None:
    async with serving(server("one", tools=("echo", "nonsense"))) as these:
        assert these.names == ["echo"]
        assert these.toolbox.plan(ToolCall("c1", "environment", "{}")) is None
        assert these.said == ["The tool server one: it has no tool nonsense."]
        listed = {each.tool.name: each.tool.is_enabled for each in these.servers.listed}
        assert (listed["echo"], listed["environment"]) == (True, False)


async def test_a_server_gets_few_variables_no_file_of_ours_and_an_empty_folder() -> None:
    async def printed(argv: Sequence[str]) -> str:
        return f"by {argv[0]}"  # shorter than a secret that is masked

    env = (("TEXT", "as it is"), ("TAKEN", Variable("MINE")), ("PRINTED", Printed(("pass", "show"))))
    environ = {**USUAL, "LANG": "C.UTF-8", "MINE": "my own", "SOLROUTER_API_KEY": "sr_" + "x" * 30, "AWS_SECRET": "y"}
    async with serving(server("one", env=env), environ=environ, printed=printed) as these:
        got = json.loads((await these.call("environment")).content)
    usual = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", "LANG": "C.UTF-8"}
    wanted = {"TEXT": "as it is", "TAKEN": "my own", "PRINTED": "by pass"}
    assert {name: got["variables"].get(name) for name in {**usual, **wanted}} == {**usual, **wanted}
    assert set(got["variables"]) <= {*usual, *wanted, "LC_CTYPE"}
    assert got["argv"] == ["plain"]
    assert (got["files"], got["folder"], got["is_leader"]) == ([], [], True)


async def test_a_secret_of_its_environment_is_masked_in_all_that_it_writes() -> None:
    env = (("TOKEN", Variable("MINE")),)
    async with serving(server("one", env=env), environ={**USUAL, "MINE": TOKEN}) as these:
        outcome = await these.call("environment")
        assert TOKEN not in outcome.content + these.shown
        assert "[key hidden]" in outcome.content


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ((("A", Variable("NOT_SET")),), "the variable NOT_SET is not set"),
        ((("A", Printed(("pass",))),), "the command pass failed"),
    ],
)
async def test_a_server_whose_secret_cannot_be_had_is_not_started(
    env: tuple[tuple[str, Variable | Printed], ...], why: str
) -> None:
    async with serving(server("one", env=env)) as these:
        assert these.names == []
        assert these.servers.problems == {"one": why}


async def test_texts_and_resources_are_text_and_what_is_beside_them_is_kept_and_named() -> None:
    """A picture is what its bytes say: a drawing that scripts may stand in is none, whatever the server calls it."""
    async with serving(server("one")) as these:
        picture = await these.call("picture")
        unseen = "which the user can save; you do not see it]"
        assert picture.content.splitlines() == [
            "Here:",
            "[the picture picture-1.png, image/png, 2.9 KB]",
            f"[the picture picture-2.bin, image/png, 5 B, {unseen}",
            "[the picture, image/png, 0 B, which cannot be read, and is left out]",
            f"[the sound picture-3.wav, audio/wav, 12 B, {unseen}",
            f"[the resource file:///data/notes.bin] [the file notes.bin, application/octet-stream, 9 B, {unseen}",
        ]
        assert [(type(part).__name__, part.name) for part in picture.beside] == [
            ("Image", "picture-1.png"),
            ("Media", "picture-2.bin"),
            ("Media", "picture-3.wav"),
            ("Media", "notes.bin"),
        ]
        assert picture.beside[0].url[:22] == "data:image/png;base64,"
        assert (await these.call("resource")).content == "[the resource file:///notes.txt]\nheld words"
        failed = await these.call("fail")
        assert (failed.content, failed.is_error) == ("no such thing", True)


async def test_its_log_and_its_progress_are_shown_while_a_call_runs() -> None:
    async with serving(server("one")) as these:
        outcome = await these.call("log")
        assert outcome.content == "logged"
        await until(lambda: len(these.servers.views[0].log) == 3)
        assert set(these.servers.views[0].log) == {"from stderr ␛[31mred", "info: from the log", "1 of 2"}
        assert "1 of 2" in these.shown


async def test_a_long_result_keeps_its_beginning_and_its_end() -> None:
    async with serving(server("one")) as these:
        outcome = await these.call("echo", json.dumps({"message": "a" * 50_000 + "z"}), limit_bytes=1000)
    assert outcome.content.startswith("plain: aaa")
    assert outcome.content.endswith("z")
    assert "bytes are left out here" in outcome.content
    assert len(outcome.content) < 1100


async def test_a_call_that_is_stopped_ends_the_server_with_its_grandchildren() -> None:
    async with serving(server("one")) as these:
        processes = json.loads((await these.call("children")).content)
        assert all(map(is_alive, processes))
        call = asyncio.ensure_future(these.call("slow"))
        await until(lambda: "begun" in these.servers.views[0].log)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert not any(map(is_alive, processes))
        assert (await these.call("echo", HELLO)).content == "plain: hello"  # of a new run, at once
        assert these.said == []


async def test_a_call_that_takes_too_long_ends_the_server() -> None:
    async with serving(server("one")) as these:
        processes = json.loads((await these.call("children")).content)
        outcome = await these.call("slow", timeout_s=0.05)
        assert (outcome.is_error, outcome.ending) == (True, "stopped after 0.05 s: it took too long")
        assert not any(map(is_alive, processes))


async def test_calls_of_one_server_run_side_by_side_and_one_that_takes_too_long_leaves_the_others() -> None:
    async with serving(server("one")) as these:
        processes = json.loads((await these.call("children")).content)
        longer = asyncio.ensure_future(these.call("slow"))
        await until(lambda: "begun" in these.servers.views[0].log)
        assert (await these.call("slow", timeout_s=0.05)).ending == "stopped after 0.05 s: it took too long"
        assert (await these.call("log")).content == "logged"
        assert these.shown == "1 of 2\nlogged"  # of what it says beside that nobody knows whose it is
        assert all(map(is_alive, processes))
        longer.cancel()
        await asyncio.gather(longer, return_exceptions=True)
        assert not any(map(is_alive, processes))


async def test_a_server_that_dies_in_a_call_is_said_once_and_started_again_ever_later() -> None:
    now = [0.0]
    async with serving(server("one"), now=lambda: now[0]) as these:
        outcome = await these.call("die")
        assert outcome.is_error
        assert outcome.content == "The tool server one: it ended with exit status 3."
        assert these.said == ["The tool server one: it ended with exit status 3."]
        assert these.names == []
        for pause_s in (1.0, 2.0, 4.0):
            assert not these.servers.is_waiting
            assert f"started again in {pause_s:g} s" in (await these.call("die")).content
            now[0] += pause_s
            assert these.servers.is_waiting
            assert "exit status 3" in (await these.call("die")).content
        now[0] += 8.0
        await these.servers.prepare(within_s=LONG_S)
        assert "echo" in these.names


async def test_what_a_server_says_before_it_fails_is_told() -> None:
    async with serving(server("dead", "dies"), server("one")) as these:
        assert these.said == ["The tool server dead: it ended with exit status 4. It said last: no licence."]
        assert these.said == []
        assert "echo" in these.names


async def test_a_server_that_says_nothing_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_servers, "WAIT_S", 0.01)
    async with serving(server("mute", "silent"), prepares=False) as these:
        await these.servers.prepare()
        assert these.names == []
        assert these.said == ["Not ready yet: mute. This is asked without their tools."]
        assert not these.servers.is_waiting  # nobody waits for this start again
        await these.servers.prepare()
        assert these.said == []


async def test_ten_megabytes_are_an_error_and_the_server_goes_on() -> None:
    async with serving(server("one")) as these:
        outcome = await these.call("bulk")
        assert outcome.is_error
        assert outcome.content == "The tool server one: it sent more than 4 MB in one message."
        assert (await these.call("echo", HELLO)).content == "plain: hello"


async def test_a_flood_ends_the_server() -> None:
    async with serving(server("one")) as these:
        assert (await these.call("flood")).is_error
        assert "more than 64 MB within 60 s" in (await these.call("echo", HELLO)).content


async def test_thousands_of_messages_that_nobody_asked_for_are_left_out() -> None:
    async with serving(server("one")) as these:
        assert (await these.call("many")).content == "many"
        assert these.shown.count("info: again") <= 1000
        assert "some are left out" in these.shown


async def test_lines_that_are_no_messages_are_its_log() -> None:
    async with serving(server("one")) as these:
        assert (await these.call("babble")).content == "babbled"
        assert "Hello, I am no JSON" in these.servers.views[0].log


async def test_a_server_is_offered_nothing_of_ours_and_refused_where_it_asks() -> None:
    async with serving(server("one")) as these:
        assert json.loads((await these.call("offered")).content) == {}
        assert "message" in json.loads((await these.call("asks")).content)


async def changed(these: Serving) -> None:
    """Have the server tell of echo what it did not tell before."""
    assert (await these.call("change")).content == "changed"
    await until(lambda: bool(these.servers.changed))


async def test_a_tool_that_is_changed_is_off_until_somebody_has_looked_at_it() -> None:
    async with serving(server("one")) as these:
        before = these.plan("echo", HELLO)
        await changed(these)
        assert these.said == ["The tool server one has changed what it says of its tools: echo."]
        assert "echo" not in these.names
        assert these.toolbox.plan(ToolCall("c1", "echo", HELLO)) is None
        assert (await these.run(before)).content == CHANGED
        (change,) = these.servers.changed
        assert change.tool.definition.description == "Says it again, and sends it to me."
        assert change.before is not None
        assert change.before.definition.description == "Says it again."
        assert these.servers.accept(change)
        assert "echo" in these.names
        assert (await these.run(before)).content == CHANGED  # what was looked at then was another
        assert (await these.call("echo", HELLO)).content == "plain: hello"


async def test_a_new_run_with_another_definition_is_a_change_too() -> None:
    async with serving(server("one")) as these:
        await changed(these)
        assert these.servers.accept(these.servers.changed[0])
        await these.servers.restart("one")
        await these.servers.prepare(within_s=LONG_S)
        assert [each.tool.name for each in these.servers.changed] == ["echo"]


async def test_all_of_it_ends_with_the_program() -> None:
    async with serving(server("one")) as these:
        processes = json.loads((await these.call("children")).content)
    assert not any(map(is_alive, processes))
