"""The whole program in a real terminal, against a real server on loopback."""

import base64
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment

Start = Callable[..., PtyTerminal]
MODES_PUT_BACK = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1000l", b"\x1b[<u")
"""Alternate screen, cursor, bracketed paste, mouse and keyboard protocol."""


@pytest.fixture
def start(tmp_path: Path, gateway_url: str) -> Iterator[Start]:
    """Starts the chat with a model of the gateway; every start in one test shares one home."""
    with ExitStack() as running:

        def begin(*words: str, columns: int = 100, rows: int = 30, url: str = gateway_url, **env: str) -> PtyTerminal:
            connection = {"SOLROUTER_API_KEY": "sr_test_1", "SOLROUTER_BASE_URL": url}
            settings = environment(tmp_path, **{**connection, **env})
            return running.enter_context(PtyTerminal(chat_command(*words), settings, columns, rows))

        yield begin


def test_a_first_run_without_a_key_opens_on_the_demo_and_answers(tmp_path: Path) -> None:
    with PtyTerminal(chat_command(), environment(tmp_path)) as terminal:
        terminal.wait_for("demo/guide", "ready", "/connect")
        terminal.send("hi\r")
        terminal.wait_for("I am the guide")
        terminal.send("\x04")
        assert terminal.wait_end() == 0


def test_from_the_demo_a_key_leads_to_the_list_of_models_and_to_the_first_real_answer(
    tmp_path: Path, gateway_url: str
) -> None:
    with PtyTerminal(chat_command(), environment(tmp_path)) as terminal:
        terminal.wait_for("demo/guide", "ready", "/connect")
        terminal.send("/connect\r")
        terminal.wait_for("check and connect")
        terminal.send("\x1b[A\x15")
        terminal.send(f"{gateway_url}\x1b[B")
        terminal.send("mistyped_key_1\r")
        terminal.wait_for("The key was refused (401 from 127.0.0.1:", "14 characters")
        terminal.send("\x15sr_real_key_1\r")
        terminal.wait_for("Models", "demo/writer", "Connected to http://127.0.0.1:", "Enter switch")
        terminal.wait_still()
        terminal.send("\r")
        terminal.wait_gone("find ›")
        terminal.send("hi\r")
        terminal.wait_for("brings you to real models", "ready")
        terminal.send("\x04")
        assert terminal.wait_end() == 0
        assert b"sr_real" not in terminal.output
    assert not any(b"sr_real" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_models_are_switched_in_mid_session_and_tools_answered_by_hand(start: Start) -> None:
    terminal = start("-m", "demo/fast", columns=120, rows=40)
    terminal.wait_for("demo/fast", "ready")
    terminal.send("hello\r")
    terminal.wait_for("ready", "tok · $0.")
    terminal.send("/model demo/tools\r")
    terminal.wait_for("demo/tools")
    terminal.send("weather in Tokyo?\r")
    terminal.wait_for("get_weather", '"Tokyo"', "calling get_weather")
    terminal.wait_for("Type the result", "waits for you · Ctrl+O")
    terminal.send("\x0f")
    terminal.wait_for("Enter send")  # before, what is typed is a message
    terminal.send("31 degrees and raining\r")
    terminal.wait_for("31 degrees and raining", "ready")


def test_quitting_and_continuing_brings_everything_back(start: Start) -> None:
    first = start("-m", "demo/thinker")
    first.wait_for("ready")
    first.send("what is 17 * 23?\r")
    first.wait_for("391", "ready", "$0.")
    first.send("\x04")
    assert first.wait_end() == 0
    second = start("-c")
    second.wait_for("what is 17 * 23?", "391", "demo/thinker", "$0.")


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("401", "/connect"),
        ("402", "balance"),
        ("404", "/models"),
        ("error", "/retry"),
        ("close", "/retry"),
    ],
)
def test_a_failure_says_what_to_do_and_leaves_the_composer_ready(start: Start, prompt: str, words: str) -> None:
    terminal = start("-m", "demo/flaky", columns=120, rows=40)
    terminal.wait_for("ready")
    terminal.send(f"{prompt}\r")
    terminal.wait_for(words, "ready")
    terminal.send("still here")
    terminal.wait_for("still here")


def test_a_429_shows_its_countdown_and_then_the_answer(start: Start) -> None:
    terminal = start("-m", "demo/flaky")
    terminal.wait_for("ready")
    terminal.send("429\r")
    terminal.wait_for("retrying in")
    terminal.wait_for("ready", "Attempt 1")


def test_escape_stops_an_answer_that_has_minutes_to_go_and_keeps_it(start: Start, slow_gateway_url: str) -> None:
    terminal = start("-m", "demo/writer", url=slow_gateway_url)
    terminal.wait_for("ready")
    terminal.send("write 3000 words\r")
    terminal.wait_for("writing")
    terminal.send("\x1b")
    terminal.wait_for("ready", "stopped by you")


def test_text_and_enter_read_in_one_go_are_sent_in_their_order(start: Start) -> None:
    terminal = start("-m", "demo/fast")
    terminal.wait_for("ready")
    terminal.send("first\r/rename typed ahead\rthird, not sent")
    terminal.wait_for("first", "third, not sent")


def test_a_message_typed_behind_a_switch_goes_to_the_new_model(start: Start) -> None:
    terminal = start("-m", "demo/fast")
    terminal.wait_for("ready")
    terminal.send("/model demo/thinker\rwhat is 17 * 23?\r")
    terminal.wait_for("● demo/thinker", "391", "ready")


@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (80, 24), (120, 40), (300, 100)])
def test_every_size_shows_the_model_the_state_and_the_composer(start: Start, columns: int, rows: int) -> None:
    terminal = start("-m", "demo/fast", columns=columns, rows=rows)
    terminal.wait_for("demo/fast", "ready")
    terminal.send("hello\r")
    terminal.wait_for("demo/fast", "ready", "$0.")
    assert max(map(len, terminal.text.split("\n"))) <= columns


def test_resizing_while_it_streams_breaks_nothing(start: Start, slow_gateway_url: str) -> None:
    terminal = start("-m", "demo/writer", url=slow_gateway_url)
    terminal.wait_for("ready")
    terminal.send("write 200 words\r")
    terminal.wait_for("writing")
    for columns, rows in ((40, 10), (200, 60), (60, 12), (100, 30)):
        terminal.resize(columns, rows)
        terminal.wait_for("writing")
    terminal.send("\x1b")
    terminal.wait_for("ready")
    terminal.send("\x04")
    assert terminal.wait_end() == 0


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGHUP, 128 + signal.SIGHUP), (None, 0)]
)
def test_the_terminal_is_as_before_after_every_end(start: Start, number: signal.Signals | None, status: int) -> None:
    terminal = start("-m", "demo/fast")
    terminal.wait_for("ready")
    if number is None:
        terminal.send("\x04")
    else:
        terminal.process.send_signal(number)
    assert terminal.wait_end() == status
    assert terminal.modes == terminal.modes_before
    for mode in MODES_PUT_BACK:
        assert mode in terminal.output


def test_a_kill_in_mid_stream_keeps_the_question_and_what_was_shown(start: Start, slow_gateway_url: str) -> None:
    terminal = start("-m", "demo/writer", url=slow_gateway_url)
    terminal.wait_for("ready")
    terminal.send("write 3000 words about teapots\r")
    terminal.wait_for("writing 2 s")
    terminal.process.send_signal(signal.SIGKILL)
    terminal.wait_end()
    after = start("-c")
    after.wait_for("write 3000 words about teapots", "ready")
    after.wait_for("cut off")


def test_the_key_is_in_no_file_and_on_no_screen(start: Start, tmp_path: Path) -> None:
    terminal = start("-m", "demo/flaky", SOLROUTER_API_KEY="sr_secret_needle_42")
    terminal.wait_for("ready")
    for prompt in ("401", "error"):
        terminal.send(f"{prompt}\r")
        terminal.wait_for("ready")
    terminal.send("\x04")
    terminal.wait_end()
    assert b"secret_needle" not in terminal.output
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert not any(b"secret_needle" in file.read_bytes() for file in files)


def test_hostile_titles_and_answers_write_no_sequences_of_their_own(start: Start, tmp_path: Path) -> None:
    first = start("-m", "demo/fast")
    first.wait_for("ready")
    first.send("hello\r")
    first.wait_for("ready", "tok · $0.")
    first.send("\x04")
    first.wait_end()
    with sqlite3.connect(next(tmp_path.rglob("conversations.db"))) as store:
        hostile = '"[/b] \\u001b]52;c;aGk=\\u0007 \\u001b]0;pwned\\u0007 \\u009b2J"'
        store.execute("update parts set data = json_set(data, '$.text', json(?))", (hostile,))
    second = start("-c")
    second.wait_for("pwned")
    assert not re.search(rb"\x1b\]52|\x1b\]0;pwned|\xc2\x9b", second.output)


def test_wide_combining_and_right_to_left_text_keeps_every_frame_in_its_column(start: Start) -> None:
    words = "漢字かな 한국어 e\u0301te\u0301 🎉🎉 שלום مرحبا ไทย "
    terminal = start("-m", "demo/fast", columns=40, rows=20)
    terminal.wait_for("ready")
    for _ in range(4):
        terminal.send(words)
    terminal.wait_for("漢", "🎉", "╰─ ")
    screen = terminal.wait_still()
    rows = [row for row in screen.split("\n") if row.startswith("│")]
    assert len(rows) >= 2
    assert all(terminal.screen.buffer[y][39].data == "│" for y, row in enumerate(screen.split("\n")) if row in rows)
    terminal.send("\r")
    terminal.wait_for("ready", "tok · $0.")
    terminal.send("/copy all\r")
    terminal.wait_for("Copied")
    copied = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", terminal.output)
    assert (words * 4).strip() in base64.b64decode(copied[-1]).decode()
