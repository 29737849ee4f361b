"""The screen that shows before the chat is loaded: it becomes the chat's, or is gone without a trace."""

import fcntl
import signal
import sys
import termios
import time
from array import array
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment

ENTERS, LEAVES = b"\x1b[?1049h", b"\x1b[?1049l"
WAITS = """
import select, sys
class Waits:
    def find_spec(self, name, path, target=None):
        if name == "tui_chat.ui.app":
            {does}
sys.meta_path.insert(0, Waits())
sys.argv[0] = "tui-chat"
from tui_chat.cli.main import main
sys.exit(main())
"""


EDGES = {
    "before it": "early.EarlyScreen, 'show'",
    "as the frame is written": "early.EarlyScreen, '_write'",
    "as the thread is made": "type_ahead.os, 'pipe'",
    "as the thread starts": "type_ahead.Thread, 'start'",
    "as it is given back": "early.EarlyScreen, '_end_typing'",
    "as signals are let be": "early.EarlyScreen, '_let_signals_be'",
}
SIGNALLED = """
import os, signal, sys, time
from tui_chat.terminal import early, type_ahead

def at(owner, name):
    whole = getattr(owner, name)
    def signalled(*given, **named):
        setattr(owner, name, whole)
        os.kill(os.getpid(), signal.{number})
        return whole(*given, **named)
    setattr(owner, name, signalled)

screen = early.EarlyScreen(0, 1)
at({edge})
try:
    screen.show("frame", 20, lambda words, cells: words)
    screen.undo()
except KeyboardInterrupt:
    pass
finally:
    screen.undo()
sys.stdout.write("given back")
sys.stdout.flush()
time.sleep(60)
"""
"""SIGTSTP stops nothing here, where no shell could go on with it."""


def waiting(terminal: PtyTerminal) -> int:
    """Bytes that were typed and that nobody has read."""
    count = array("i", [0])
    fcntl.ioctl(terminal.slave, termios.FIONREAD, count)
    return count[0]


def at_home(folder: Path, settings: str = 'theme = "dusk"') -> Mapping[str, str]:
    home = folder / "tui-chat"
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text(settings)
    return environment(folder)


WAIT = "while True: select.select([], [], [], 0.02)"
"""A wait that no signal ends, whenever it comes: `signal.pause` sleeps on where one came just before."""


def loading(does: str) -> list[str]:
    """The chat, which does this before it loads its screen."""
    return [sys.executable, "-c", WAITS.format(does=does)]


def held_back_by(gate: Path) -> list[str]:
    """The chat, which loads its screen once there is this file."""
    return loading(f"while not __import__('os').path.exists({str(gate)!r}): select.select([], [], [], 0.02)")


def test_it_becomes_the_chats_and_the_terminal_is_given_back_as_it_was(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), at_home(tmp_path)) as terminal:
        early = terminal.wait_for("Write a message", "F1 help", "demo/fast  ready")
        assert b"?2026$p" not in terminal.output
        terminal.wait_until(lambda: b"\x1b[?25h" in terminal.output, "the first frame")
        assert terminal.text == early
        terminal.wait_for("Connect with your key")
        terminal.send("\x04")
        assert terminal.wait_end() == 0

        assert terminal.output.count(ENTERS) == terminal.output.count(LEAVES) == 1
        assert terminal.modes == terminal.modes_before


def test_words_that_are_typed_while_the_chat_loads_show_at_once_and_are_the_composers(tmp_path: Path) -> None:
    gate = tmp_path / "open"
    with PtyTerminal([*held_back_by(gate), "-m", "demo/fast"], at_home(tmp_path), rows=90) as terminal:
        terminal.wait_for("Write a message")
        terminal.send("helly\x7fö")
        terminal.wait_for("│ hellö ")
        assert terminal.screen.cursor.x == len("│ hellö")
        terminal.send("\x7f" * 5)
        terminal.wait_for("Write a message")
        terminal.send("Wörter und ")
        terminal.wait_for("│ Wörter und ")
        terminal.send("mehr\rnext\x1b[D\x1b[D!")
        terminal.wait_for("│ Wörter und mehr ")
        gate.touch()
        terminal.wait_for("│ ne!xt ", "Wörter und mehr", " · first ")
        terminal.send("\x03\x03\x04")
        assert terminal.wait_end() == 0
        assert terminal.modes == terminal.modes_before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_while_the_chat_loads_gives_the_terminal_back(tmp_path: Path, number: signal.Signals) -> None:
    with PtyTerminal(loading(WAIT), at_home(tmp_path)) as terminal:
        terminal.wait_for("Write a message")
        assert terminal.modes != terminal.modes_before
        terminal.process.send_signal(number)

        assert terminal.wait_end() == (130 if number is signal.SIGINT else -number)
        assert terminal.output.endswith(LEAVES)
        assert terminal.modes == terminal.modes_before


def test_ctrl_c_ends_the_chat_while_it_loads(tmp_path: Path) -> None:
    with PtyTerminal(loading(WAIT), at_home(tmp_path)) as terminal:
        terminal.wait_for("Write a message")
        terminal.send("\x1a\x03")
        assert terminal.wait_end() == 130
        assert terminal.modes == terminal.modes_before


def test_ctrl_c_clears_what_was_typed_while_the_chat_loads_and_undo_brings_it_back(tmp_path: Path) -> None:
    gate = tmp_path / "open"
    with PtyTerminal([*held_back_by(gate), "-m", "demo/fast"], at_home(tmp_path)) as terminal:
        terminal.wait_for("Write a message")
        terminal.send("a draft")
        terminal.wait_for("│ a draft ")
        terminal.send("\x03")
        terminal.wait_for("Write a message")
        gate.touch()
        terminal.wait_for("Connect with your key")
        terminal.send("\x1a")
        terminal.wait_for("│ a draft ")


def test_escape_and_a_letter_that_comes_later_are_two_keys(tmp_path: Path) -> None:
    gate = tmp_path / "open"
    with PtyTerminal([*held_back_by(gate), "-m", "demo/fast"], at_home(tmp_path)) as terminal:
        terminal.wait_for("Write a message")
        terminal.send("one \x1b")
        terminal.wait_for("│ one ")
        time.sleep(0.3)
        terminal.send("0")
        time.sleep(0.3)
        gate.touch()
        terminal.wait_for("│ one 0 ")


def test_keys_that_lead_elsewhere_wait_for_where_they_lead(tmp_path: Path) -> None:
    gate = tmp_path / "open"
    with PtyTerminal([*held_back_by(gate), "-m", "demo/fast"], at_home(tmp_path), rows=90) as terminal:
        terminal.wait_for("Write a message")
        terminal.send("/temporary\rzebra\r")
        terminal.wait_for("│ /temporary ")
        gate.touch()
        terminal.wait_for("temporary", "zebra", " · first ")
        terminal.send("\x04")
        assert terminal.wait_end() == 0
    assert not any(b"zebra" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_enter_before_the_terminal_was_taken_is_enter(tmp_path: Path) -> None:
    for settings in ('theme = "dusk"', "ascii = false"):
        home = tmp_path / settings[:5]
        home.mkdir()
        with PtyTerminal(chat_command("-m", "demo/fast"), at_home(home, settings), rows=90) as terminal:
            terminal.send("hello\rnext")
            terminal.wait_for("│ next ", "hello", "ready", "demo · ")


def test_nothing_of_a_sentence_is_left_to_the_shell_where_no_chat_comes(tmp_path: Path) -> None:
    program = loading("select.select([], [], [], 0.5); raise ImportError('a part is missing')")
    with PtyTerminal(program, at_home(tmp_path)) as terminal:
        terminal.wait_for("Write a message")
        terminal.send("Why is it bad; touch PWNED\r")
        assert terminal.wait_end() == 1
        assert waiting(terminal) == 0


def test_what_breaks_while_the_chat_loads_is_told_on_the_terminals_own_screen(tmp_path: Path) -> None:
    with PtyTerminal(loading("raise ImportError('a part is missing')"), at_home(tmp_path)) as terminal:
        assert terminal.wait_end() == 1

        before, _, behind = terminal.output.partition(LEAVES)
        assert before.startswith(ENTERS)
        assert b"a part is missing" not in before
        assert b"a part is missing" in behind
        assert terminal.modes == terminal.modes_before


def test_a_refusal_is_told_on_the_terminals_own_screen(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("--base-url", "http://a b"), at_home(tmp_path)) as terminal:
        assert terminal.wait_end() == 2

        before, _, behind = terminal.output.partition(LEAVES)
        assert before.startswith(ENTERS)
        assert behind.startswith(b"tui-chat: --base-url")


def test_on_a_stop_while_it_loads_the_terminal_is_the_shells(tmp_path: Path) -> None:
    with PtyTerminal(loading(WAIT), at_home(tmp_path)) as terminal:
        terminal.wait_for("Write a message")
        terminal.process.send_signal(signal.SIGTSTP)
        terminal.wait_until(lambda: LEAVES in terminal.output, "the way back")
        terminal.wait_until(lambda: terminal.modes == terminal.modes_before, "the modes")


@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES)
@pytest.mark.parametrize("number", ["SIGTSTP", "SIGINT"])
def test_wherever_a_signal_comes_the_terminal_is_given_back_and_no_key_is_read_any_more(
    tmp_path: Path, number: str, edge: str
) -> None:
    program = [sys.executable, "-c", SIGNALLED.format(number=number, edge=edge)]
    with PtyTerminal(program, environment(tmp_path)) as terminal:
        terminal.wait_until(lambda: b"given back" in terminal.output, "the end of it")
        assert terminal.output.count(ENTERS) == terminal.output.count(LEAVES)
        assert terminal.modes == terminal.modes_before
        terminal.send("a\n")
        terminal.wait_until(lambda: waiting(terminal) == 2, "keys that nobody reads")


@pytest.mark.parametrize("answer", ["rgb:ffff/ffff/ffff\x07", "#fafafa\x1b\\", "rgba:ff/ff/ff/ff\x1b\\"])
def test_whatever_form_a_background_is_told_in_it_is_no_key(tmp_path: Path, answer: str) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_until(lambda: b"\x1b]11;?" in terminal.output, "the question")
        terminal.send(f"\x1b]11;{answer}\x1b[?62;22c")
        terminal.wait_for("Connect with your key")
        assert b"\x1b[0;48;2;251;251;249m" in terminal.output.partition(b"?2026$p")[0]
        terminal.send("x")
        terminal.wait_for("│ x ")


def test_a_screen_that_never_comes_shows_no_frame(tmp_path: Path) -> None:
    env = environment(tmp_path, TERM="dumb", TMUX="/tmp/tmux,1,0")
    with PtyTerminal(chat_command("-m", "demo/fast"), env) as terminal:
        terminal.wait_for("demo/fast")
        assert ENTERS not in terminal.output


def test_words_typed_in_another_window_size_wait_for_the_chat(tmp_path: Path) -> None:
    with PtyTerminal(loading(WAIT), at_home(tmp_path)) as terminal:
        terminal.wait_for("Write a message")
        terminal.send("one")
        terminal.wait_for("│ one ")
        terminal.resize(70, 20)
        told = len(terminal.output)
        terminal.send(" two")
        terminal.wait_still()
        assert len(terminal.output) == told


def test_the_background_is_asked_for_first_and_keys_that_come_meanwhile_are_kept(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_until(lambda: b"\x1b]11;?" in terminal.output, "the question")
        terminal.send("ear\x1b]11;rgb:ffff/ffff/ffff\x1b\\ly\x1b[?62;22c")
        terminal.wait_for("│ early ", "ready", "tok")

        assert b"\x1b[0;48;2;251;251;249m" in terminal.output.partition(b"?2026$p")[0]
        assert b"48;2;20;23;31" not in terminal.output
