"""`tui-chat ask` against a real server on loopback."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import KEY, CalledProgram, Program
from tests.pty.pty_terminal import chat_command, environment
from tui_chat.cli import ask
from tui_chat.workspace.attachments import LIMIT_BYTES


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


def test_ask_attaches_files(called: CalledProgram, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("forty-two")
    result = called.json("ask", "--json", "-m", "demo/fast", "what is it?", "-f", str(tmp_path / "notes.txt"))
    assert isinstance(result, dict)
    assert result["outcome"] == "complete"


@pytest.mark.parametrize(("words", "text"), [((), ""), (("  ",), ""), ((), " \n\n")])
def test_ask_without_anything_to_ask_is_wrong_use(called: CalledProgram, words: tuple[str, ...], text: str) -> None:
    done = called.run("ask", *words, text=text)
    assert done.returncode == 2
    assert "Nothing was asked: There is nothing to ask." in done.stderr
    done = called.run("ask", "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (2, "settings")


@pytest.mark.parametrize(
    "words",
    [("--gateway", "nope"), ("-p", "nope"), ("--base-url", "ftp://x.test"), ("--timeout", "0"), ("--nonsense\x1b[2J",)],
)
@pytest.mark.parametrize("form", ["--json", "--stream-json"])
def test_a_flag_that_is_refused_is_told_in_the_object_too(
    called: CalledProgram, form: str, words: tuple[str, str]
) -> None:
    done = called.run("ask", form, *words, "hi")
    last = json.loads(done.stdout.splitlines()[-1])
    error = last.get("result", last)["error"]
    assert (done.returncode, error["kind"]) == (2, "settings")
    assert "--" in error["message"]
    assert "\x1b" not in error["message"]


def test_more_on_standard_input_than_can_be_asked_is_no_wrong_setting(program: Program) -> None:
    done = program.run("ask", text="x" * (LIMIT_BYTES + 1))
    assert done.returncode == 2
    assert done.stderr.startswith("Nothing was asked: Standard input is larger than 20 MB.")


def test_a_key_with_a_line_break_keeps_the_question_from_being_asked(called: CalledProgram) -> None:
    done = called.run("ask", "--json", "hi", SOLROUTER_API_KEY="sr_test_01234\n56789")
    result = json.loads(done.stdout)
    assert (done.returncode, result["error"]["kind"], result["outcome"]) == (2, "settings", "error")
    assert "a line break" in result["error"]["message"]
    assert "SOLROUTER_API_KEY" in result["error"]["message"]


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
    called: CalledProgram, prompt: str, status: int, kind: str
) -> None:
    done = called.run("ask", "--json", "--retries", "0", "-m", "demo/flaky", prompt)
    result = json.loads(done.stdout)
    assert done.returncode == status
    assert (result["outcome"], result["error"]["kind"]) == ("error", kind)
    assert result["error"]["advice"]


def test_a_429_with_retry_after_is_waited_for_and_counted(called: CalledProgram) -> None:
    result = called.json("ask", "--json", "-m", "demo/flaky", "429")
    assert isinstance(result, dict)
    assert (result["outcome"], result["retries"]) == ("complete", 1)


def test_an_error_inside_the_stream_keeps_the_text(called: CalledProgram) -> None:
    done = called.run("ask", "--json", "-m", "demo/flaky", "error")
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


def test_an_empty_balance_says_so(called: CalledProgram) -> None:
    assert called.run("ask", "-m", "demo/writer", "hi", SOLROUTER_API_KEY="sr_empty").returncode == 4


def test_tools_are_offered_and_calls_come_back_parsed(called: CalledProgram, tmp_path: Path) -> None:
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
    result = called.json("ask", "--json", "-m", "demo/tools", "--tools", tools, "weather in Tokyo and Paris?")
    assert isinstance(result, dict)
    assert [call["parsed"] for call in result["tool_calls"]] == [{"city": "Tokyo"}, {"city": "Paris"}]


def test_a_broken_tools_file_is_wrong_use_and_says_the_line(called: CalledProgram, tmp_path: Path) -> None:
    (tmp_path / "tools.json").write_text('[\n{"type": }\n]')
    done = called.run("ask", "hi", "--tools", str(tmp_path / "tools.json"))
    assert done.returncode == 2
    assert "line 2" in done.stderr


def test_temporary_answers_leave_no_trace(called: CalledProgram) -> None:
    assert called.run("ask", "--temporary", "-m", "demo/fast", "teapot secrets").returncode == 0
    for file in called.home.rglob("*"):
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_standard_input_is_waited_for_ends_in_the_object_too(
    called: CalledProgram, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before = signal.signal(number, signal.default_int_handler)  # these tests may themselves be run by `nohup`

    def waits() -> str:
        signal.raise_signal(number)
        return ""

    monkeypatch.setattr(ask, "_piped", waits)
    done = called.run("ask", "--json", "-m", "demo/fast")
    assert signal.getsignal(number) is signal.default_int_handler
    signal.signal(number, before)
    assert done.returncode == 128 + number
    assert json.loads(done.stdout)["error"]["message"] == "Stopped before anything was sent."


def test_a_reader_that_leaves_is_no_error(program: Program) -> None:
    script = f"{' '.join(chat_command('ask', '-m', 'demo/fast', 'hi'))} | head -c 1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, env=program.env, timeout=60, check=False)
    assert done.stderr == b""


def test_words_without_quotes_are_one_prompt(called: CalledProgram) -> None:
    result = called.json("ask", "--json", "-m", "demo/fast", "why", "is", "this")
    assert isinstance(result, dict)
    assert "why is this" in called.run("history", "show", result["conversation"]).stdout


def test_a_file_that_cannot_be_attached_is_named_as_it_was_given(called: CalledProgram, tmp_path: Path) -> None:
    (tmp_path / "odd.bin").write_bytes(b"with a \0 in it")
    for given, wrong in (("/nowhere/dir/file.txt", "cannot be read"), (f"{tmp_path}/odd.bin", "is neither text")):
        assert f"Not attached: {given} {wrong}" in called.run("ask", "-f", given, "Why?").stderr


def test_a_file_that_a_pattern_gave_too_much_is_not_sent_as_a_word(called: CalledProgram, tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("words")
    done = called.run("ask", "-f", str(tmp_path / "a.md"), str(tmp_path / "b.md"), "Compare them")
    assert done.returncode == 2
    assert "b.md is a file" in done.stderr
