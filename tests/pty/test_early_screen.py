"""The screen that shows before the chat is loaded: it becomes the chat's, or is gone without a trace."""

import signal
import sys
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
    program = loading(f"while not __import__('os').path.exists({str(gate)!r}): select.select([], [], [], 0.02)")
    with PtyTerminal([*program, "-m", "demo/fast"], at_home(tmp_path), rows=90) as terminal:
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
        terminal.wait_for("│ ne!xt ", "Wörter und mehr", "ready")
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


def test_the_background_is_asked_for_first_and_keys_that_come_meanwhile_are_kept(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_until(lambda: b"\x1b]11;?" in terminal.output, "the question")
        terminal.send("ear\x1b]11;rgb:ffff/ffff/ffff\x1b\\ly\x1b[?62;22c")
        terminal.wait_for("│ early ", "ready", "tok")

        assert b"\x1b[0;48;2;251;251;249m" in terminal.output.partition(b"?2026$p")[0]
        assert b"48;2;20;23;31" not in terminal.output
