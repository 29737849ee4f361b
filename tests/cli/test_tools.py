"""`tui-chat tools`, and tools in `ask`, as a command."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import CalledProgram, Program
from tests.pty.pty_terminal import chat_command
from tests.tools.programs import is_alive
from tests.tools.serving import PROGRAM
from tui_chat.chat.kept_permissions import hash_of
from tui_chat.chat.policy import Breadth, Permission
from tui_chat.chat.tool_files import read_tools
from tui_chat.settings.paths import find_paths
from tui_chat.tools.kept_permissions import PermissionFile

TOOLS = """
[tools.get_weather]
description = "The weather of a city."
parameters = { properties = { city = { type = "string" } }, required = ["city"] }
run = ["sh", "-c", 'echo "sunny in $1"', "sh", "{city}"]

[tools.fails]
run = ["sh", "-c", "echo oh no; exit 3"]

[tools.mood]
enabled = false

[tools.bad]
rum = 1

[mcp.everything]
command = ["./nothing"]
"""


@pytest.fixture
def tools(tmp_path: Path) -> str:
    file = tmp_path / "tools.toml"
    file.write_text(TOOLS)
    return str(file)


def test_the_tools_are_listed_with_what_is_wrong(called: CalledProgram, tools: str) -> None:
    rows = called.json("tools", "--json", "--tools", tools)
    assert isinstance(rows, list)
    assert {frozenset(row) for row in rows} == {
        frozenset({"name", "description", "runs", "source", "enabled", "problem"})
    }
    assert [(row["name"], row["runs"], row["enabled"]) for row in rows] == [
        ("get_weather", "command", True),
        ("fails", "command", True),
        ("mood", "person", False),
        ("everything", "mcp", False),
        ("bad", None, False),
    ]
    assert rows[-1]["problem"].startswith(f"{tools}:14: unknown; did you mean run?")
    shown = called.run("tools", "--tools", tools).stdout
    assert "get_weather" in shown
    assert f"{tools}:14" in shown


def test_none_is_said(called: CalledProgram) -> None:
    done = called.run("tools")
    assert (done.returncode, done.stdout) == (0, "")
    assert "No tool is set up" in done.stderr


def test_one_is_run_by_hand(called: CalledProgram, tools: str) -> None:
    done = called.run("tools", "run", "get_weather", '{"city": "Oslo"}', "--tools", tools)
    assert (done.returncode, done.stdout, done.stderr) == (0, "sunny in Oslo\n", "")
    done = called.run("tools", "run", "fails", "--tools", tools)
    assert (done.returncode, done.stdout, done.stderr) == (1, "oh no\n", "tui-chat: exit status 3\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run",), "tools run NAME JSON"),
        (("walk", "x"), "tools run NAME JSON"),
        (("run", "get_whether", "{}"), "did you mean get_weather?"),
        (("run", "get_weather", "{}"), "'city' is a required property"),
        (("run", "get_weather", "{"), "not valid JSON"),
        (("run", "mood", "{}"), "answered by a person"),
        (("run", "get_weather", "{}", "x"), "tools run NAME JSON"),
    ],
)
def test_what_cannot_be_run_is_wrong_use(called: CalledProgram, tools: str, words: tuple[str, ...], said: str) -> None:
    done = called.run("tools", *words, "--tools", tools)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_ask_runs_what_is_allowed(called: CalledProgram, tools: str) -> None:
    words = ("ask", "--json", "-m", "demo/tools", "--tools", tools, "weather in Tokyo?")
    unrun = called.json(*words)
    assert isinstance(unrun, dict)
    assert unrun["tool_runs"] == []
    assert len(unrun["tool_calls"]) == 1
    run = called.json(*words, "--allow", "get_*")
    assert isinstance(run, dict)
    assert run["tool_runs"][0]["result"].endswith("\nsunny in Tokyo\n")
    assert "sunny in Tokyo" in run["text"]


def test_ask_holds_an_answer_against_a_schema(called: CalledProgram, tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    file.write_text(json.dumps({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}))
    result = called.json("ask", "--json", "-m", "demo/fast", "--schema", str(file), "a number")
    assert isinstance(result, dict)
    assert isinstance(result["output"]["n"], int)


SERVERS = f"""
[tools.other]
run = ["true"]

[mcp.test]
command = [{json.dumps(sys.executable)}, "-I", {json.dumps(PROGRAM)}, "clash"]

[mcp.dead]
command = [{json.dumps(sys.executable)}, "-I", {json.dumps(PROGRAM)}, "dies"]

[mcp.off]
command = ["./never"]
enabled = false
"""


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("tui_chat.cli.tools.TOLD_WITHIN_S", 120.0)  # a busy machine takes longer
    file = tmp_path / "tools.toml"
    file.write_text(SERVERS)
    return str(file)


def test_the_tools_of_servers_are_listed_with_theirs(called: CalledProgram, servers: str) -> None:
    rows = called.json("tools", "--json", "--tools", servers)
    assert isinstance(rows, list)
    assert [(row["name"], row["runs"], row["enabled"], row["source"]) for row in rows] == [
        ("other", "command", True, servers),
        ("echo", "mcp", True, f"mcp.test in {servers}"),
        ("dead", "mcp", False, servers),
        ("off", "mcp", False, servers),
    ]
    assert (rows[1]["description"], rows[1]["problem"]) == ("Says it again.", None)
    assert rows[2]["problem"] == "it ended with exit status 4. It said last: no licence"
    shown = called.run("tools", "--tools", servers).stdout
    assert "echo   mcp test  offered" in shown


def test_a_tool_of_a_server_is_run_by_hand(called: CalledProgram, servers: str) -> None:
    done = called.run("tools", "run", "echo", '{"message": "hi"}', "--tools", servers)
    assert (done.returncode, done.stdout) == (0, "clash: hi\n")
    done = called.run("tools", "run", "ecko", "{}", "--tools", servers)
    assert done.returncode == 2
    assert "did you mean echo?" in done.stderr
    assert "The tool server dead: it ended with exit status 4" in done.stderr


def test_ask_calls_tools_of_servers_that_are_allowed(called: CalledProgram, servers: str) -> None:
    words = ("ask", "--json", "-m", "demo/tools", "--tools", servers, "use the tool echo with a message")
    unrun = called.json(*words)
    assert isinstance(unrun, dict)
    assert unrun["tool_runs"] == []
    (call,) = unrun["tool_calls"]
    assert call["name"] == "echo"
    run = called.json(*words, "--allow", "echo")
    assert isinstance(run, dict)
    assert "echo was answered by the tool server test" in run["tool_runs"][0]["result"]
    assert f"clash: {call['parsed']['message']}" in run["tool_runs"][0]["result"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "not an object"),
        ('{"default": NaN}', "not JSON"),
        ('{"type": 5}', "the schema itself is wrong"),
    ],
)
def test_a_schema_that_is_none_is_wrong_use(called: CalledProgram, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "schema.json"
    file.write_text(text)
    done = called.run("ask", "--schema", str(file), "hi")
    assert done.returncode == 2
    assert said in done.stderr


READY = """
[tools.read_file]
builtin = "read_file"
folder = "notes"

[tools.fetch_url]
builtin = "fetch_url"
"""


@pytest.fixture
def ready(tmp_path: Path) -> str:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "plan.md").write_text("Buy\x1b[2J milk\n")
    (tmp_path / "notes" / "way").symlink_to("/etc/passwd")
    (tmp_path / "tools.toml").write_text(READY)
    return str(tmp_path / "tools.toml")


def test_the_tools_that_come_along_are_off_and_said(called: CalledProgram, ready: str) -> None:
    rows = called.json("tools", "--json")
    assert rows == []
    assert "Ready, and off: read_file, list_files, search_files, fetch_url" in called.run("tools").stderr
    assert "Ready, and off: list_files, search_files." in called.run("tools", "--tools", ready).stderr
    listed = called.json("tools", "--json", "--tools", ready)
    assert isinstance(listed, list)
    assert [(row["name"], row["runs"], row["enabled"]) for row in listed] == [
        ("read_file", "built-in", True),
        ("fetch_url", "built-in", True),
    ]


def test_the_lines_that_are_printed_turn_them_on(called: CalledProgram, tmp_path: Path) -> None:
    done = called.run("tools", "ready", "search_files", "read_file")
    (tmp_path / "t.toml").write_text(done.stdout)
    rows = called.json("tools", "--json", "--tools", str(tmp_path / "t.toml"))
    assert isinstance(rows, list)
    assert [row["name"] for row in rows] == ["read_file", "search_files"]
    assert "tools.toml in the config folder" in done.stderr
    wrong = called.run("tools", "ready", "read_fil")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "did you mean read_file?" in wrong.stderr


def test_a_tool_that_comes_along_is_run_by_hand(called: CalledProgram, ready: str) -> None:
    done = called.run("tools", "run", "read_file", '{"path": "plan.md"}', "--tools", ready)
    assert (done.returncode, done.stdout) == (0, "Buy␛[2J milk\n")
    done = called.run("tools", "run", "read_file", '{"path": "way"}', "--tools", ready)
    assert (done.returncode, done.stdout) == (1, "way is a link, and links are not followed.\n")
    done = called.run("tools", "run", "read_file", '{"path": "../tools.toml"}', "--tools", ready)
    assert (done.returncode, done.stdout) == (2, "")
    done = called.run("tools", "run", "fetch_url", '{"url": "http://127.0.0.1:9/"}', "--tools", ready)
    assert done.returncode == 1
    assert "not public" in done.stdout


def test_ask_reads_a_file_only_with_leave(called: CalledProgram, ready: str) -> None:
    words = ("ask", "--json", "-m", "demo/tools", "--tools", ready, "read the file plan.md")
    unrun = called.json(*words)
    assert isinstance(unrun, dict)
    assert unrun["tool_runs"] == []
    assert [call["name"] for call in unrun["tool_calls"]] == ["read_file"]
    run = called.json(*words, "--allow", "read_file")
    assert isinstance(run, dict)
    assert run["tool_runs"][0]["result"].endswith("not words of the user.]\nBuy␛[2J milk\n")


def test_our_own_files_are_not_read_even_below_the_folder(called: CalledProgram, tmp_path: Path) -> None:
    config = Path(called.run("config", "path").stdout.strip())
    config.parent.mkdir(parents=True, exist_ok=True)
    (config.parent / "notes.txt").write_text("a-secret-of-ours")
    (tmp_path / "t.toml").write_text(
        f'[tools.search]\nbuiltin = "search_files"\nfolder = "{config.parent.parent}"\nhidden = true\n'
        f'[tools.read]\nbuiltin = "read_file"\nfolder = "{config.parent.parent}"\nhidden = true\n'
    )
    done = called.run("tools", "run", "search", '{"text": "a-secret-of-ours"}', "--tools", str(tmp_path / "t.toml"))
    assert (done.returncode, done.stdout) == (0, "")
    path = f"{config.parent.name}/notes.txt"
    done = called.run("tools", "run", "read", json.dumps({"path": path}), "--tools", str(tmp_path / "t.toml"))
    assert done.returncode == 1
    assert "belongs to tui-chat" in done.stdout


def test_whether_a_tool_is_called_is_a_parameter(called: CalledProgram, tools: str) -> None:
    words = ("ask", "--json", "-m", "demo/tools", "--tools", tools, "--allow", "*", "weather in Tokyo and Paris?")
    none = called.json(*words, "--param", "tool_choice=none")
    assert isinstance(none, dict)
    assert "told not to call anything" in none["text"]
    assert none["tool_runs"] == []
    one = called.json(*words, "--param", "parallel_tool_calls=false", "--param", "tool_choice=required")
    assert isinstance(one, dict)
    assert [run["name"] for run in one["tool_runs"]] == ["get_weather"]
    assert one["outcome"] == "complete"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_tool_that_is_run_by_hand_ends_with_the_program(program: Program, tmp_path: Path, number: int) -> None:
    file, told = tmp_path / "tools.toml", tmp_path / "told"
    os.mkfifo(told)
    file.write_text(f"[tools.wait]\nrun = ['sh', '-c', 'sleep 300 & echo $$ $! > {told}; wait']\n")
    command = chat_command("tools", "run", "wait", "{}", "--tools", str(file))
    with subprocess.Popen(command, env=program.env) as running:
        processes = told.read_text().split()
        running.send_signal(number)
        assert running.wait(20) == 128 + number
    assert len(processes) == 2
    assert not any(is_alive(int(process)) for process in processes)


def test_what_is_kept_is_listed_and_forgotten_and_does_not_count_in_ask(called: CalledProgram, tools: str) -> None:
    file = find_paths(called.env).permissions_file
    assert "Nothing is kept" in called.run("tools", "allowed").stderr
    (tool,) = (tool for tool in read_tools(Path(tools)).tools if tool.name == "get_weather")
    keeper = PermissionFile(file, lambda: 1_700_000_000.0)
    for name, breadth, arguments in (
        ("get_weather", Breadth.KEPT, ""),
        ("get_weather", Breadth.KEPT_EXACT, "{}"),
        ("fails", Breadth.KEPT, ""),
    ):
        asyncio.run(keeper.keep(Permission(name, breadth, arguments, digest=hash_of(tool)), tools))
    rows = called.json("tools", "allowed", "--json")
    assert isinstance(rows, list)
    assert rows[0] == {
        "name": "get_weather",
        "arguments": None,
        "fields": None,
        "since": "2023-11-14T22:13:20Z",
        "source": tools,
    }
    asked = called.run("ask", "-m", "demo/tools", "--tools", tools, "What is the weather in Tokyo?")
    assert "Not run: get_weather" in asked.stderr
    assert called.run("tools", "forget", "get_*").stderr == "tui-chat: 2 permissions forgotten.\n"
    assert "fails  all its calls" in called.run("tools", "allowed").stdout
    file.write_text("torn [")
    refused = called.run("tools", "allowed")
    assert refused.returncode == 2
    assert "is not trusted" in refused.stderr
    assert called.run("tools", "forget", "*").returncode == 0
    assert called.json("tools", "allowed", "--json") == []
    assert called.run("tools", "forget").returncode == 2
