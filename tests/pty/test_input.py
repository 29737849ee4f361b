"""Every key of the contract through a real terminal, in each form that terminals give it, and pastes and rubbish."""

import os
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment

Tell = Callable[[str], str]
"""What a terminal sends for a key."""
Start = Callable[..., PtyTerminal]

_CODES = {"enter": 13, "escape": 27, "shift+enter": 13, "alt+enter": 13}
_LEGACY = {
    "enter": "\r", "escape": "\x1b", "alt+enter": "\x1b\r", "up": "\x1b[A", "down": "\x1b[B",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR",
}  # fmt: skip
_KITTY = {"up": "\x1b[1;1:1A", "down": "\x1b[1;1:1B", "f1": "\x1b[P", "f2": "\x1b[Q", "f3": "\x1b[13~"}
_FUZZ_S = float(os.environ.get("TUI_CHAT_FUZZ_S", "1"))
"""For a minute of it: `TUI_CHAT_FUZZ_S=60 pytest tests/terminal/test_input.py -k fuzz`."""


def legacy(key: str) -> str:
    """As terminals have sent it since the VT100; Shift+Enter cannot be told there."""
    if key == "shift+enter":
        key = "alt+enter"
    return _LEGACY.get(key) or chr(ord(key.removeprefix("ctrl+")) & 0x1F)


def modify_other_keys(key: str) -> str:
    """As xterm sends it when modifyOtherKeys is on."""
    if key in ("enter", "escape", "up", "down", "f1", "f2", "f3"):
        return _LEGACY[key]
    modifiers = {"shift": 2, "alt": 3, "ctrl": 5}[key.partition("+")[0]]
    return f"\x1b[27;{modifiers};{_CODES.get(key) or ord(key[-1])}~"


def kitty(key: str) -> str:
    """As the kitty protocol has it, with a press, a repetition's kind and a release."""
    if key in _KITTY:
        return _KITTY[key] + _KITTY[key].replace("1:1", "1:3") * ("1:1" in _KITTY[key])
    modifiers = {"shift": 2, "alt": 3, "ctrl": 5}.get(key.partition("+")[0], 1)
    code = _CODES.get(key) or ord(key[-1])
    return f"\x1b[{code};{modifiers}:1u\x1b[{code};{modifiers}:3u"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a command, the chat on the demo gateway by default, with an editor that adds a word."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "from the editor" >> "$1"\n')
    editor.chmod(0o700)
    with ExitStack() as running:

        def begin(argv: list[str] | None = None, **env: str) -> PtyTerminal:
            command = argv or chat_command("-m", "demo/fast")
            settings = environment(tmp_path, EDITOR=str(editor), **env)
            return running.enter_context(PtyTerminal(command, settings))

        yield begin


def press_every_key(terminal: PtyTerminal, tell: Tell) -> None:
    """The keys of the contract, each seen to do what it promises; ends with the program."""

    def press(key: str) -> None:
        terminal.send(tell(key))

    terminal.wait_for("demo/fast", "ready")

    for word, key in (("one", "shift+enter"), ("two", "alt+enter"), ("three", "ctrl+j"), ("four\\", "enter")):
        terminal.send(word)
        press(key)
    terminal.send("five")
    terminal.wait_for("│ one ", "│ two ", "│ three ", "│ four ", "│ five ")
    press("up")
    press("down")
    press("ctrl+u")
    terminal.wait_gone("five")
    press("ctrl+c")
    terminal.wait_gone("four")
    press("ctrl+z")
    terminal.wait_for("│ four ")
    press("ctrl+c")
    terminal.wait_gone("four")

    terminal.send("teapots")
    press("enter")
    terminal.wait_for("ready", "tok · $0.")
    press("up")
    terminal.wait_for("│ teapots ")
    press("down")
    terminal.wait_gone("│ teapots ")

    for key, shown in (
        ("ctrl+l", "Models  "),
        ("ctrl+r", "Prompt history"),
        ("ctrl+f", "find › words"),
        ("ctrl+o", "No tool is offered"),
        ("ctrl+p", "Commands  "),
        ("f1", "Getting started"),
        ("f3", "Context "),
    ):
        press(key)
        terminal.wait_for(shown)
        press("escape")
        terminal.wait_gone(shown)
    press("f2")
    terminal.wait_for("No other model")
    press("ctrl+g")
    terminal.wait_for("from the editor")
    press("ctrl+c")
    terminal.wait_gone("from the editor")

    terminal.send("/model demo/thinker")
    press("enter")
    terminal.wait_for("demo/thinker  ready")
    terminal.send("what is 17 * 23?")
    press("enter")
    terminal.wait_for("thinking")
    press("escape")
    terminal.wait_for("stopped by you", "ready", "Ctrl+T")
    press("ctrl+t")
    terminal.wait_gone("Ctrl+T")
    press("ctrl+n")
    terminal.wait_gone("stopped by you")

    press("ctrl+c")
    terminal.wait_for("again to quit")
    press("ctrl+c")
    assert terminal.wait_end() == 0


@pytest.mark.parametrize(
    "tell",
    [legacy, kitty, pytest.param(modify_other_keys, marks=pytest.mark.slow)],
    ids=lambda tell: tell.__name__,
)
def test_every_key_of_the_contract_arrives(start: Start, tell: Tell) -> None:
    press_every_key(start(), tell)


@pytest.mark.parametrize(
    "tell", [modify_other_keys, pytest.param(legacy, marks=pytest.mark.slow)], ids=lambda tell: tell.__name__
)
def test_every_key_of_the_contract_arrives_inside_tmux(start: Start, tmp_path: Path, tell: Tell) -> None:
    tmux = shutil.which("tmux")
    assert tmux, "this test needs tmux: install it (apt-get install tmux)"
    settings = tmp_path / "tmux.conf"
    settings.write_text(
        "set -g status off\nset -s escape-time 10\nset -g default-terminal tmux-256color\n"
        "set -s extended-keys on\nset -as terminal-features 'xterm*:extkeys'\n"
    )
    call = [tmux, "-S", str(tmp_path / "tmux.socket"), "-f", str(settings)]
    terminal = start([*call, "new-session", *chat_command("-m", "demo/fast")])
    try:
        press_every_key(terminal, tell)
    finally:
        subprocess.run([*call, "kill-server"], capture_output=True, check=False)


@pytest.mark.parametrize("tell", [legacy, modify_other_keys, kitty], ids=lambda tell: tell.__name__)
def test_ctrl_d_quits_on_an_empty_composer_only(start: Start, tell: Tell) -> None:
    terminal = start()
    terminal.wait_for("ready")
    terminal.send("word" + tell("ctrl+d") + "s")
    terminal.wait_for("words")
    terminal.send(tell("ctrl+u") + tell("ctrl+d"))
    assert terminal.wait_end() == 0


def test_emoji_that_are_joined_are_typed_and_sent_whole(start: Start) -> None:
    terminal = start()
    terminal.wait_for("ready")
    for byte in "/rename 👨\u200d👩\u200d👧\r".encode():
        terminal.send(bytes([byte]))
    terminal.wait_gone("/rename")
    terminal.send("hi\r")
    terminal.wait_for("ready", "tok · $0.")
    terminal.send("\x04")
    assert terminal.wait_end() == 0
    listing = subprocess.run(
        chat_command("history", "list", "--json"), env=terminal.env, capture_output=True, text=True, check=True
    )
    assert "👨\u200d👩\u200d👧" in listing.stdout.encode().decode("unicode_escape").encode(
        "utf-16", "surrogatepass"
    ).decode("utf-16")


def test_what_is_typed_before_the_first_frame_is_in_the_composer(start: Start) -> None:
    terminal = start()
    terminal.send("early bird")
    terminal.wait_for("│ early bird ", "ready")


def test_replies_that_nobody_waits_for_are_not_typed(start: Start) -> None:
    terminal = start()
    terminal.wait_for("ready")
    terminal.send("x\x1b[?62;22c\x1b]11;rgb:1111/2222/3333\x1b\\\x1bP>|term 1\x1b\\\x1b[<35;NaN;NaNM\x1b[?997;1ny")
    terminal.wait_for("│ xy ")


def test_a_paste_of_five_megabytes_presses_nothing_and_everything_of_it_arrives(start: Start) -> None:
    terminal = start()
    terminal.wait_for("ready")
    block = b"\x1b[A\x00\x11\r\x1b\rsome words of a paste that is long \x04\x03"
    paste = b"\x1b[200~" + block * (5_000_000 // len(block)) + b"the end\x1b[201~"
    writer = threading.Thread(target=lambda: _write_all(terminal.master, paste))
    writer.start()
    terminal.wait_for("[Pasted", "MB #1]")
    writer.join()
    terminal.send("!")
    terminal.wait_for("MB #1]!", "ready")


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view[:65536]) :]


def test_fuzzed_input_leaves_it_alive_and_the_terminal_sane(start: Start, tmp_path: Path) -> None:
    settings = tmp_path / "tui-chat" / "config.toml"
    settings.parent.mkdir()
    settings.write_text("[keys]\neditor = []\n")  # it would take the terminal a hundred times
    terminal = start(chat_command("-m", "demo/fast", "--temporary"))
    terminal.wait_for("ready")
    chance = random.Random(20260101)
    parts = [
        b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b_", b"\x1bO", b"\x1b", b"\x1b[<", b";", b":", b"M", b"u", b"~", b"R", b"\\",
        b"\xff", b"\xf0\x9f", b"\x1b[200~", b"\x1b[201~", b"a", b"\r", b"\x00", b"\x07", b"27;2;13~", b"48;3;9;0;0t",
        b"/model x", b"99999999", b"\x1b[?2026;2$y", b"NaN", "é漢👨‍👩‍👧".encode(), b"\x0c", b"\x06", b"\x10", b"\x12",
    ]  # fmt: skip
    end = time.monotonic() + _FUZZ_S
    while time.monotonic() < end:
        terminal.send(b"".join(chance.choice(parts) for _ in range(40)))
        while terminal.read(0.1):
            pass
        assert terminal.process.poll() is None, terminal.text
    terminal.send(b"\x1b[201~")
    terminal.process.terminate()
    assert terminal.wait_end() == 128 + 15, terminal.text
    assert terminal.modes == terminal.modes_before
