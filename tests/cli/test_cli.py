"""The program as a command: against a real server on loopback, in a home of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pty.pty_terminal import chat_command, environment

KEY = "sr_test_0123456789"


class Program:
    """Runs `tui-chat` in one home."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home = home
        self.env = environment(home, **more)

    def run(self, *words: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            chat_command(*words), input=text, capture_output=True, text=True, env={**self.env, **more}, timeout=60,
            check=False,
        )  # fmt: skip

    def json(self, *words: str, text: str = "") -> object:
        return json.loads(self.run(*words, text=text).stdout)


@pytest.fixture
def program(tmp_path: Path, gateway_url: str) -> Program:
    return Program(tmp_path, SOLROUTER_API_KEY=KEY, SOLROUTER_BASE_URL=gateway_url)


def test_ask_prints_only_the_answer(program: Program) -> None:
    done = program.run("ask", "-m", "demo/fast", "hi")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.endswith("\n")
    assert not done.stdout.endswith("\n\n")


def test_ask_reads_standard_input_behind_the_prompt(program: Program) -> None:
    result = program.json("ask", "--json", "-m", "demo/fast", "summarise this", text="the piped words")
    assert isinstance(result, dict)
    shown = program.run("history", "show", result["conversation"]).stdout
    assert "summarise this\n\nthe piped words" in shown


def test_ask_attaches_files(program: Program, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("forty-two")
    result = program.json("ask", "--json", "-m", "demo/fast", "what is it?", "-f", str(tmp_path / "notes.txt"))
    assert isinstance(result, dict)
    assert result["outcome"] == "complete"


def test_ask_without_anything_to_ask_is_wrong_use(program: Program) -> None:
    done = program.run("ask")
    assert done.returncode == 2
    assert "nothing to ask" in done.stderr
    done = program.run("ask", "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (2, "settings")


def test_a_listing_that_is_refused_ends_with_the_status_of_the_refusal(program: Program) -> None:
    done = program.run("models", "--refresh", SOLROUTER_API_KEY="wrong")
    assert done.returncode == 3
    assert "key" in done.stderr


@pytest.mark.parametrize(
    ("prompt", "status", "kind"),
    [
        ("401", 3, "authentication"),
        ("402", 4, "payment"),
        ("404", 5, "not_found"),
        ("429 always", 6, "rate_limit"),
        ("500 always", 7, "gateway"),
    ],
)
def test_refusals_end_with_their_status_and_say_what_to_do(
    program: Program, prompt: str, status: int, kind: str
) -> None:
    done = program.run("ask", "--json", "--retries", "0", "-m", "demo/flaky", prompt)
    result = json.loads(done.stdout)
    assert done.returncode == status
    assert (result["outcome"], result["error"]["kind"]) == ("error", kind)
    assert result["error"]["advice"]


def test_a_429_with_retry_after_is_waited_for_and_counted(program: Program) -> None:
    result = program.json("ask", "--json", "-m", "demo/flaky", "429")
    assert isinstance(result, dict)
    assert (result["outcome"], result["retries"]) == ("complete", 1)


def test_an_error_inside_the_stream_keeps_the_text(program: Program) -> None:
    done = program.run("ask", "--json", "-m", "demo/flaky", "error")
    result = json.loads(done.stdout)
    assert (done.returncode, result["outcome"]) == (7, "error")
    assert result["text"]


def test_an_early_close_keeps_the_text_and_says_so(program: Program) -> None:
    done = program.run("ask", "--json", "-m", "demo/flaky", "close")
    result = json.loads(done.stdout)
    assert (done.returncode, result["outcome"]) == (8, "truncated")
    assert result["text"]


def test_a_wrong_key_is_not_signed_in_and_never_printed(program: Program) -> None:
    done = program.run("ask", "hi", SOLROUTER_API_KEY="xx_secret_value_123")
    assert done.returncode == 3
    assert "secret_value" not in done.stdout + done.stderr


def test_an_empty_balance_says_so(program: Program) -> None:
    assert program.run("ask", "-m", "demo/writer", "hi", SOLROUTER_API_KEY="sr_empty").returncode == 4


def test_tools_are_offered_and_calls_come_back_parsed(program: Program, tmp_path: Path) -> None:
    tool = {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Returns weather for a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
    (tmp_path / "tools.json").write_text(json.dumps([tool]))
    tools = str(tmp_path / "tools.json")
    result = program.json("ask", "--json", "-m", "demo/tools", "--tools", tools, "weather in Tokyo and Paris?")
    assert isinstance(result, dict)
    assert [call["parsed"] for call in result["tool_calls"]] == [{"city": "Tokyo"}, {"city": "Paris"}]


def test_a_broken_tools_file_is_wrong_use_and_says_the_line(program: Program, tmp_path: Path) -> None:
    (tmp_path / "tools.json").write_text('[\n{"type": }\n]')
    done = program.run("ask", "hi", "--tools", str(tmp_path / "tools.json"))
    assert done.returncode == 2
    assert "line 2" in done.stderr


def test_history_lists_shows_searches_exports_imports_and_deletes(program: Program, tmp_path: Path) -> None:
    result = program.json("ask", "--json", "-m", "demo/fast", "quantum teapots")
    assert isinstance(result, dict)
    id_ = result["conversation"]
    listed = program.json("history", "list", "--json")
    assert isinstance(listed, list)
    assert [row["id"] for row in listed] == [id_]
    assert "quantum teapots" in program.run("history", "show", id_[:6]).stdout
    found = program.json("history", "search", "teapots", "--json")
    assert isinstance(found, list)
    assert found[0]["conversation"] == id_
    file = tmp_path / "export.json"
    assert program.run("history", "export", id_, "--json", "-o", str(file)).returncode == 0
    assert program.run("history", "delete", id_).returncode == 0
    assert program.json("history", "list", "--json") == []
    assert program.run("history", "import", str(file)).returncode == 0
    assert "quantum teapots" in program.run("history", "list").stdout


def test_exports_never_write_over_a_file(program: Program, tmp_path: Path) -> None:
    result = program.json("ask", "--json", "-m", "demo/fast", "hi")
    assert isinstance(result, dict)
    (tmp_path / "there.md").write_text("mine")
    done = program.run("history", "export", result["conversation"], "-o", str(tmp_path / "there.md"))
    assert done.returncode != 0
    assert (tmp_path / "there.md").read_text() == "mine"


def test_usage_adds_up_to_the_answers(program: Program) -> None:
    costs = []
    for prompt in ("one", "two"):
        result = program.json("ask", "--json", "-m", "demo/fast", prompt)
        assert isinstance(result, dict)
        costs.append(result["cost"]["usd"])
    report = program.json("usage", "--json")
    assert isinstance(report, dict)
    from decimal import Decimal

    assert Decimal(report["total"]["cost_usd"]) == sum(map(Decimal, costs))
    assert report["total"]["unknown_cost_answers"] == 0


def test_models_are_listed_with_prices(program: Program) -> None:
    rows = program.json("models", "--json")
    assert isinstance(rows, list)
    assert {"demo/guide", "demo/tools"} <= {row["id"] for row in rows}
    assert "demo/writer" in program.run("models", "writer").stdout


def test_config_says_where_each_value_comes_from(program: Program) -> None:
    path = Path(program.run("config", "path").stdout.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('model = "from/file"\nretries = "many"\n')
    done = program.run("config", "--json")
    rows = json.loads(done.stdout)
    assert (rows["model"]["value"], rows["model"]["source"]) == ("from/file", "file")
    assert rows["base_url"]["source"] == "environment"
    assert rows["retries"]["source"] == "default"
    assert KEY not in done.stdout + done.stderr
    assert "retries" in program.run("config").stdout.split("!")[1]


def test_a_bad_file_is_said_and_the_program_goes_on(program: Program) -> None:
    path = Path(program.run("config", "path").stdout.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("model = ")
    done = program.run("ask", "-m", "demo/fast", "hi")
    assert done.returncode == 0
    assert "config.toml:1" in done.stderr


def test_a_wrong_flag_is_wrong_use(program: Program) -> None:
    assert program.run("ask", "hi", "--base-url", "ftp://x").returncode == 2
    assert program.run("ask", "--nonsense").returncode == 2


@pytest.mark.parametrize("words", [(), ("ask",), ("models",), ("history",), ("history", "show"), ("usage",), ("demo",)])
def test_help_stands_on_every_level(program: Program, words: tuple[str, ...]) -> None:
    done = program.run(*words, "--help")
    assert done.returncode == 0
    assert "usage: tui-chat" in done.stdout


def test_options_may_stand_before_the_command(program: Program) -> None:
    assert program.run("-m", "demo/fast", "ask", "hi").returncode == 0


def test_the_chat_without_a_terminal_says_what_to_use(program: Program) -> None:
    done = program.run("hello")
    assert done.returncode == 2
    assert "tui-chat ask" in done.stderr


def test_temporary_answers_leave_no_trace(program: Program) -> None:
    assert program.run("ask", "--temporary", "-m", "demo/fast", "teapot secrets").returncode == 0
    for file in program.home.rglob("*"):
        assert file.is_dir() or b"teapot" not in file.read_bytes()


def test_files_are_private(program: Program) -> None:
    program.run("ask", "-m", "demo/fast", "hi")
    home = program.home / "tui-chat"
    assert home.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o077 == 0 for file in home.rglob("*.db*"))


def test_an_interrupt_keeps_what_arrived(tmp_path: Path, slow_gateway_url: str) -> None:
    env = environment(tmp_path, SOLROUTER_API_KEY=KEY, SOLROUTER_BASE_URL=slow_gateway_url)
    command = chat_command("ask", "--stream-json", "-m", "demo/writer", "write 2000 words")
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=env) as asking:
        assert asking.stdout is not None
        for line in asking.stdout:
            event = json.loads(line)
            if event["event"] == "text":
                asking.send_signal(signal.SIGINT)
                break
        rest = asking.stdout.read().splitlines()
    result = json.loads(rest[-1])["result"]
    assert asking.returncode == 130
    assert result["outcome"] == "cancelled"
    assert result["text"]


def test_a_reader_that_leaves_is_no_error(program: Program) -> None:
    script = f"{' '.join(chat_command('ask', '-m', 'demo/fast', 'hi'))} | head -c 1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=program.env, timeout=60, check=False)
    assert done.stderr == b""


def test_the_module_and_the_command_are_the_same_program() -> None:
    done = subprocess.run([sys.executable, "-m", "tui_chat", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tui-chat ")
    assert os.linesep in done.stdout
