"""Keys that are typed while the program starts: each arrives, whatever the moment after its exec."""

import time
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment

MOMENTS = 50
LAST_S = 1.0


@pytest.mark.slow
def test_a_word_that_is_typed_at_any_moment_after_the_start_is_in_the_composer(tmp_path: Path) -> None:
    """Every second time the screen is there before the chat is loaded."""
    lost = []
    for moment in range(MOMENTS):
        if moment % 2:
            (tmp_path / str(moment) / "tui-chat").mkdir(parents=True)
            (tmp_path / str(moment) / "tui-chat" / "config.toml").write_text('theme = "dusk"')
        with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path / str(moment))) as terminal:
            time.sleep(moment * LAST_S / MOMENTS)
            for letter in "early":
                terminal.send(letter)
            try:
                terminal.wait_for("│ early ", "ready")
            except AssertionError:
                lost.append(moment)
    assert not lost
