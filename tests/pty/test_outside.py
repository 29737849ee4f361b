"""What leaves the screen, as a terminal gets it: copies, notifications, the title, the mouse, colours."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment

Start = Callable[..., PtyTerminal]
OSC52 = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
NOTE = re.compile(rb"\x1b\]777;notify;[^\x07]*\x07")
COLOURS = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


@pytest.fixture
def start(tmp_path: Path, gateway_url: str) -> Iterator[Start]:
    """Starts the chat with `settings` as its file, and a folder `bin` first on its PATH."""
    with ExitStack() as running:

        def begin(*words: str, settings: str = "", **env: str) -> PtyTerminal:
            bin_folder, home = tmp_path / "bin", tmp_path / "tui-chat"
            bin_folder.mkdir(exist_ok=True)
            home.mkdir(exist_ok=True)
            (home / "config.toml").write_text(settings)
            given = environment(tmp_path, SOLROUTER_API_KEY="sr_test_1", SOLROUTER_BASE_URL=gateway_url, **env)
            given["PATH"] = f"{bin_folder}:{given['PATH']}"
            return running.enter_context(PtyTerminal(chat_command("-m", "demo/fast", *words), given))

        yield begin


def test_a_copy_reaches_the_terminal(start: Start, tmp_path: Path) -> None:
    terminal = start(DISPLAY=":0")
    tool = tmp_path / "bin" / "xclip"
    tool.write_text(f"#!/bin/sh\ncat > {tmp_path}/given\nsleep 60 &\n")
    tool.chmod(0o755)
    terminal.wait_for("ready")
    terminal.send("hello\r")
    terminal.wait_for("ready", "tok · $0.")
    terminal.send("/copy\r")
    terminal.wait_for("with xclip and", "OSC 52")
    (copied,) = OSC52.findall(terminal.output)
    assert b64decode(copied) == (tmp_path / "given").read_bytes() != b""


def test_who_looks_elsewhere_is_told_once(start: Start) -> None:
    terminal = start(TERM="xterm-kitty")
    terminal.wait_for("ready")
    terminal.send("\x1b[I\r")
    terminal.send("first\r")
    terminal.wait_for("ready", "tok · $0.")
    assert not NOTE.search(terminal.output)
    terminal.send("second\r\x1b[O")
    terminal.wait_until(lambda: NOTE.search(terminal.output), "the notification")
    terminal.send("\x1b[I/rename done\r")
    terminal.wait_for("Renamed: done")
    (note,) = NOTE.findall(terminal.output)
    assert b";The answer is there\x07" in note


def test_the_title_tells_the_conversation_and_comes_back(start: Start) -> None:
    terminal = start()
    terminal.wait_for("ready")
    terminal.send("hello teapot\r")
    terminal.wait_for("ready", "tok · $0.")
    terminal.wait_until(lambda: b"\x1b]2;hello teapot - tui-chat\x07" in terminal.output, "the title")
    terminal.send("\x04")
    assert terminal.wait_end() == 0
    assert terminal.output.index(b"\x1b[22;0t") < terminal.output.index(b"\x1b]2;")
    assert b"\x1b]2;" not in terminal.output.partition(b"\x1b]2;\x07\x1b[23;0t")[2]


def test_no_title_is_set_where_none_is_wanted(start: Start) -> None:
    terminal = start(settings="terminal_title = false\n")
    terminal.wait_for("ready")
    terminal.send("hello\r")
    terminal.wait_for("ready", "tok · $0.")
    assert b"\x1b]2;" not in terminal.output


def test_the_mouse_is_left_to_the_terminal_while_running_and_in_the_next_run(start: Start) -> None:
    terminal = start()
    terminal.wait_for("ready")
    assert b"\x1b[?1003h" in terminal.output
    terminal.output = b""
    terminal.send("/mouse scroll\r")
    terminal.wait_for("mouse is scroll from now on")
    assert b"\x1b[?1003l" in terminal.output
    assert b"\x1b[?1007h" in terminal.output
    terminal.send("\x04")
    assert terminal.wait_end() == 0
    assert b"\x1b[?1007l" in terminal.output


def test_the_wheel_scrolls_where_it_comes_as_arrows(start: Start) -> None:
    terminal = start(settings='mouse = "scroll"\n')
    terminal.wait_for("ready")
    assert b"\x1b[?1000h" not in terminal.output
    terminal.send("write a long text\r")
    terminal.wait_for("ready", "tok · $0.")
    bottom = terminal.text.split("\n")[:20]
    terminal.send("\x1bOA\x1bOA\x1bOA")
    terminal.wait_until(lambda: terminal.text.split("\n")[:20] != bottom, "an earlier row")
    assert "│ write a long text" not in terminal.text
    terminal.send("\x1b[A")
    terminal.wait_for("│ write a long text")


def test_without_colours_there_are_none(start: Start) -> None:
    terminal = start(NO_COLOR="1", settings='theme = "paper"\n')
    terminal.wait_for("ready")
    terminal.send("hello\r")
    terminal.wait_for("ready", "tok · $0.")
    terminal.send("\x0c")
    terminal.wait_for("demo/thinker")
    assert not COLOURS.search(terminal.output)


def test_with_sixteen_colours_only_the_terminals_own_are_used(start: Start) -> None:
    terminal = start(TERM="xterm", COLORTERM="")
    terminal.wait_for("ready")
    terminal.send("hello\r")
    terminal.wait_for("ready", "tok · $0.")
    assert COLOURS.search(terminal.output)
    assert not re.search(rb"\x1b\[[0-9;]*[34]8;[25]", terminal.output)


def test_keys_in_kitty_form_are_told_on_the_page_of_keys(start: Start) -> None:
    terminal = start()
    terminal.send("\x1b[?31u")
    terminal.wait_for("ready")
    terminal.send("/keys\r")
    terminal.wait_for("Recall the next")
    terminal.send("\x1b[F")
    terminal.wait_for("in the kitty protocol: all of them")


def test_without_colours_the_focus_is_seen_and_a_placeholder_is_not_taken_for_words(start: Start) -> None:
    terminal = start(NO_COLOR="1")
    terminal.wait_for("Enter open the list", "Write a message", "ready")
    assert re.search(rb"\x1b\[2(?:;[0-9;]*)?mWrite a message", terminal.output)
    terminal.send("\x0c")
    terminal.wait_for("Enter switch", "demo/thinker")
    assert "Enter open the list" not in terminal.text
    terminal.send("\x1b")
    terminal.wait_for("Enter open the list")


def test_the_theme_follows_what_the_terminal_says_and_nothing_of_it_is_typed(start: Start) -> None:
    light, dark = b"48;2;251;251;249", b"48;2;20;23;31"
    terminal = start()
    terminal.wait_until(lambda: b"\x1b]11;?\x1b\\\x1b[c" in terminal.output, "the question")
    terminal.wait_for("ready")
    assert light not in terminal.output
    assert dark in terminal.output
    for piece in ("\x1b", "]1", "1;rgb:fbfb/f", "bfb/f9f9\x1b", "\\\x1b[?62", ";4cwri"):
        terminal.send(piece)
    terminal.wait_until(lambda: light in terminal.output, "the light theme")
    seen = len(terminal.output)
    terminal.send("\x1b[?997;1nt")
    terminal.wait_until(lambda: dark in terminal.output[seen:], "the dark theme")
    terminal.send("ten")
    terminal.wait_for("│ written")
    terminal.send("\x1b]11;rgb:fbfb/fbfb/f9f9\x07\x04\x03")
    terminal.wait_gone("written")


def test_a_theme_in_the_settings_asks_the_terminal_nothing(start: Start) -> None:
    terminal = start(settings='theme = "dusk"\n')
    terminal.wait_for("ready")
    assert b"\x1b]11;" not in terminal.output
    assert b"\x1b[?2031h" not in terminal.output
