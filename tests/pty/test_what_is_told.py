"""A terminal is told what differs from what it holds, and all of it where that is not certain."""

import re
from pathlib import Path

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment

RUBBISH = b"\x1b[2;2Hwritten by another"


def test_a_key_takes_few_bytes(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_for("/connect", "ready", "demo · 0 tok")
        terminal.send("a")
        # The size of what is typed comes a while behind it, and its price when the list of models is there; they are
        # the same for both letters.
        terminal.wait_for("│ a", "~1 tok · ~$")
        terminal.wait_still()
        before = len(terminal.output)
        terminal.send("b")
        terminal.wait_for("│ ab")
        terminal.wait_still()

        assert len(terminal.output) - before < 100


def test_what_another_program_wrote_is_gone_when_the_window_has_the_focus_again(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_for("/connect", "ready", "demo · 0 tok")
        before = terminal.wait_still()
        terminal.show(RUBBISH)
        assert "written by another" in terminal.text
        terminal.send("\x1b[O\x1b[I")
        terminal.wait_gone("written by another")

        assert terminal.wait_still() == before


def test_a_screen_that_was_cut_is_told_whole(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_for("/connect", "ready", "demo · 0 tok")
        before = terminal.wait_still()
        terminal.resize(60, 20)
        terminal.screen.reset()
        terminal.wait_for("Connect with your key", "ready")
        terminal.wait_still()
        terminal.resize(100, 30)
        terminal.screen.reset()
        terminal.wait_for("/connect", "ready", "demo · 0 tok")

        assert terminal.wait_still() == before


def test_redraw_tells_the_whole_screen_anew(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_for("ready", "demo · 0 tok")
        terminal.send("/redraw")
        terminal.wait_for("Draw the whole screen anew")
        terminal.wait_still()
        before = terminal.text
        terminal.screen.erase_in_display(2)
        seen = len(terminal.output)
        terminal.send("\r")
        terminal.wait_for("demo/fast", "ready")
        terminal.wait_still()
        assert b"demo/fast" in terminal.output[seen:]
        assert terminal.text.splitlines()[-1] == before.splitlines()[-1]


def test_a_person_can_say_that_the_terminal_does_only_what_every_one_does(tmp_path: Path) -> None:
    home = tmp_path / "tui-chat"
    home.mkdir()
    (home / "config.toml").write_text('painting = "plain"\n')
    with PtyTerminal(chat_command("-m", "demo/fast", "hi"), environment(tmp_path)) as terminal:
        terminal.wait_for("ready", "tok · ")
        terminal.wait_still()

        assert not re.search(rb"\x1b\[\d+;\d+r|\x1b\[\d*[KXST]", terminal.output)
