"""Plain mode in a real terminal: what is written, what keys do, and how it ends."""

import os
import re
import signal
import termios
import time
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment
from tui_chat.workspace.prompts_file import read_prompts

BOX_DRAWING = re.compile("[\u2500-\u259f]")


def plain(home: Path, url: str, *words: str, term: str = "dumb", model: str = "demo/guide") -> PtyTerminal:
    env = environment(home, TERM=term, SOLROUTER_BASE_URL=url, SOLROUTER_API_KEY="sr_test_key_1234")
    return PtyTerminal(chat_command("-m", model, *words), env, columns=100, rows=60)


def prompts(home: Path) -> list[str]:
    return list(read_prompts(home / "tui-chat" / "prompts.jsonl"))


def assert_linear(output: bytes) -> None:
    """Only text and line ends: nothing that moves, colours, draws or writes again."""
    text = output.decode().replace("\r\n", "\n")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    assert not BOX_DRAWING.search(text)


def wait_for_the_next_prompt(terminal: PtyTerminal) -> None:
    """Wait until a line can be typed again: a key that comes earlier is the terminal's own business."""
    terminal.wait_until(lambda: "You:" in terminal.text.partition("End of answer.")[2], "the next prompt")
    terminal.wait_still()


def test_a_dumb_terminal_gets_nothing_but_lines(tmp_path: Path, gateway_url: str) -> None:
    with plain(tmp_path, gateway_url) as terminal:
        terminal.wait_for("plain mode", "You:")
        terminal.send("How do I stop an answer?\n")
        terminal.wait_for("End of answer.")
        terminal.send("/help\n")
        terminal.wait_for("Pages of the manual")
        terminal.send("/model\n")
        terminal.wait_for("Choose 1 to")
        terminal.send("1\n")
        terminal.wait_for("Model: ")
        terminal.send("/settings\n/usage\n")
        terminal.wait_for("This conversation: 1 answer")
        terminal.send("/quit\n")
        assert terminal.wait_end() == 0
        assert_linear(terminal.output)
        assert b"sr_test_key" not in terminal.output
        assert terminal.modes == terminal.modes_before


def test_a_terminal_that_names_no_kind_gets_lines_too(tmp_path: Path, gateway_url: str) -> None:
    with plain(tmp_path, gateway_url, term="") as terminal:
        terminal.wait_for("plain mode", "You:")
        terminal.send("\x04")
        assert terminal.wait_end() == 0
        assert_linear(terminal.output)


def test_the_setting_chooses_plain_mode_where_the_terminal_can_more(tmp_path: Path, gateway_url: str) -> None:
    (tmp_path / "tui-chat").mkdir()
    (tmp_path / "tui-chat" / "config.toml").write_text("plain = true\n")
    with plain(tmp_path, gateway_url, "hello", term="xterm") as terminal:
        terminal.wait_for("You: hello")
        wait_for_the_next_prompt(terminal)
        terminal.send("\x04")
        assert terminal.wait_end() == 0


def test_a_paste_of_several_lines_is_one_message(tmp_path: Path, gateway_url: str) -> None:
    with plain(tmp_path, gateway_url, "--plain", term="xterm-256color") as terminal:
        terminal.wait_for("You:")
        terminal.send("\x1b[200~one\ntwo\x1b[201~")
        terminal.wait_for("two")
        terminal.send("\r")
        wait_for_the_next_prompt(terminal)
        terminal.send("\x04")
        assert terminal.wait_end() == 0
    assert prompts(tmp_path) == ["one\ntwo"]


def test_lines_that_come_together_are_one_message_but_for_commands(tmp_path: Path, gateway_url: str) -> None:
    with plain(tmp_path, gateway_url) as terminal:
        terminal.wait_for("You:")
        terminal.send("one\ntwo\n/quit\n")
        assert terminal.wait_end() == 0
    assert prompts(tmp_path) == ["one\ntwo", "/quit"]


def test_up_brings_back_what_the_screen_sent(tmp_path: Path, gateway_url: str) -> None:
    (tmp_path / "tui-chat").mkdir()
    (tmp_path / "tui-chat" / "prompts.jsonl").write_text('"from the screen"\n')
    with plain(tmp_path, gateway_url, "--plain", term="xterm") as terminal:
        terminal.wait_for("You:")
        terminal.send("\x1b[A")
        terminal.wait_for("You: from the screen")
        terminal.send("\x15\x04")
        assert terminal.wait_end() == 0


def test_what_is_typed_while_an_answer_comes_is_sent_after_it(tmp_path: Path, slow_gateway_url: str) -> None:
    with plain(tmp_path, slow_gateway_url, "--plain", term="xterm") as terminal:
        terminal.wait_for("You:")
        terminal.send("How do I stop an answer?\r")
        terminal.wait_for("Assistant (demo/guide):")
        terminal.send("and what does it cost?\n")
        terminal.wait_for("Queued, for after this answer: and what does it cost?")
        second = "You: and what does it cost?"
        terminal.wait_until(lambda: "Assistant" in terminal.text.partition(second)[2], "the second answer")
        terminal.send("/stop\n")
        terminal.wait_until(lambda: "You:" in terminal.text.partition("Stopped: what had")[2], "the next prompt")
        terminal.wait_still()
        terminal.send("\x04")
        assert terminal.wait_end() == 0


def test_ctrl_c_stops_the_answer_and_twice_quits(tmp_path: Path, slow_gateway_url: str) -> None:
    with plain(tmp_path, slow_gateway_url, model="demo/writer") as terminal:
        terminal.wait_for("You:")
        terminal.send("Write about the sea\n")
        terminal.wait_for("Assistant (demo/writer):")
        terminal.send("\x03")
        terminal.wait_for("\nStopped: what had arrived is kept.", "End of answer.")
        terminal.wait_still()
        terminal.send("\x03")
        terminal.wait_for("Press Ctrl+C again within a second to quit.")
        press_until_ended(terminal, "\x03")
        assert terminal.wait_end() == 130
        assert_linear(terminal.output.replace(b"^C", b""))


def press_until_ended(terminal: PtyTerminal, key: str) -> None:
    """Press a key again: on a machine that was busy for a second, the press before counts no more."""
    for _ in range(10):
        terminal.send(key)
        until = time.monotonic() + 3.0
        while time.monotonic() < until and terminal.process.poll() is None:
            terminal.read()
        if terminal.process.poll() is not None:
            return


def test_ctrl_c_clears_a_line_and_up_brings_it_back(tmp_path: Path, gateway_url: str) -> None:
    with plain(tmp_path, gateway_url, "--plain", term="xterm") as terminal:
        terminal.wait_for("You:")
        terminal.send("half a")
        terminal.wait_for("You: half a")
        terminal.send("\x03")
        terminal.wait_for("Cleared. Up brings it back.")
        terminal.send("\x1b[A")
        deadline = time.monotonic() + 10
        while terminal.text.count("half a") < 2 and time.monotonic() < deadline:
            terminal.read()
        assert terminal.text.count("half a") == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_keeps_the_answer_so_far(tmp_path: Path, slow_gateway_url: str, number: signal.Signals) -> None:
    with plain(tmp_path, slow_gateway_url, model="demo/writer") as terminal:
        terminal.wait_for("You:")
        terminal.send("Write about the sea\n")
        terminal.wait_for("Assistant (demo/writer):")
        os.kill(terminal.process.pid, number)
        assert terminal.wait_end() == 128 + number
    with plain(tmp_path, slow_gateway_url, "-c") as terminal:
        terminal.wait_for(
            "Conversation: Write about the sea, 2 messages", "The last is Assistant (demo/writer), stopped by you: "
        )


def test_a_line_that_was_being_written_is_kept_when_the_program_is_ended(tmp_path: Path, gateway_url: str) -> None:
    with plain(tmp_path, gateway_url, "--plain", term="xterm") as terminal:
        terminal.wait_for("You:")
        terminal.send("not sent yet")
        terminal.wait_for("You: not sent yet")
        terminal.wait_still()
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_end() == 128 + signal.SIGTERM
        assert terminal.modes == terminal.modes_before
    assert prompts(tmp_path) == ["not sent yet"]


def test_a_line_of_a_temporary_chat_is_not_kept_when_the_program_is_ended(tmp_path: Path, gateway_url: str) -> None:
    with plain(tmp_path, gateway_url, "--plain", term="xterm") as terminal:
        terminal.wait_for("You:")
        terminal.send("/temporary\n")
        terminal.wait_for("/temporary again keeps it.")
        terminal.wait_still()
        terminal.send("not sent yet")
        terminal.wait_for("You: not sent yet")
        terminal.wait_still()
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.wait_end() == 128 + signal.SIGTERM
    assert "not sent yet" not in prompts(tmp_path)


def test_the_key_is_not_shown_while_it_is_typed(tmp_path: Path, gateway_url: str) -> None:
    with plain(tmp_path, gateway_url) as terminal:
        terminal.wait_for("You:")
        terminal.send("/connect\n")
        terminal.wait_for("Address of the gateway")
        terminal.send("\n")
        terminal.wait_for("Password (the API key")
        terminal.send("sr_another_key_77\n")
        terminal.wait_for("Keep the key")
        terminal.send("n\n")
        terminal.wait_for("Connected to ")
        terminal.send("\x04")
        assert terminal.wait_end() == 0
        assert b"sr_another" not in terminal.output
    assert not any("sr_another" in file.read_text(errors="replace") for file in tmp_path.rglob("*.toml"))


def test_a_terminal_that_stops_reading_cannot_hold_the_program(tmp_path: Path, slow_gateway_url: str) -> None:
    with plain(tmp_path, slow_gateway_url, model="demo/writer") as terminal:
        terminal.wait_for("You:")
        terminal.send("Write about the sea\n")
        terminal.wait_for("Assistant (demo/writer):")
        termios.tcflow(terminal.slave, termios.TCOOFF)
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.process.wait(timeout=10) == 128 + signal.SIGTERM
    with plain(tmp_path, slow_gateway_url, "-c") as terminal:
        terminal.wait_for("Conversation: Write about the sea, 2 messages")
