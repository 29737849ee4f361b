"""Where the terminal's own cursor is, which input methods and magnifiers follow: at the caret, wherever one types."""

from pathlib import Path

import pytest

from tests.pty.emulator import Emulator
from tests.pty.pty_terminal import PtyTerminal, chat_command, environment


def caret_after(terminal: PtyTerminal, typed: str, *, cells: int) -> None:
    """The terminal's cursor comes to stand behind what was typed, as many cells on as that is wide."""

    def place() -> tuple[int, int]:
        row = next((y for y, line in enumerate(terminal.screen.display) if typed in line.replace("漢 ", "漢")), -1)
        line = terminal.screen.display[row]
        return line.replace("漢 ", "漢").find(typed) + cells, row

    for _ in range(200):
        if (terminal.screen.cursor.x, terminal.screen.cursor.y) == place():
            return
        terminal.read()
    cursor = terminal.screen.cursor
    raise AssertionError(f"the cursor is at {(cursor.x, cursor.y)} and not at {place()}:\n{terminal.text}")


def shown_after(terminal: PtyTerminal, *, is_shown: bool) -> None:
    """The terminal comes to show its cursor, or not to."""
    for _ in range(200):
        if terminal.screen.cursor.hidden is not is_shown:
            return
        terminal.read()
    raise AssertionError(f"the cursor is {'hidden' if is_shown else 'shown'}:\n{terminal.text}")


def test_one_caret_is_in_sight(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_for("ready")
        shown_after(terminal, is_shown=True)
        terminal.send("hello")
        caret_after(terminal, "hello", cells=5)
        assert_plain(terminal)
        terminal.send("\r")
        terminal.wait_for("tok · $0.", "ready")
        terminal.send("\t")
        terminal.wait_for("y copy")
        shown_after(terminal, is_shown=False)
        terminal.send("\x1b")
        terminal.wait_gone("y copy")
        shown_after(terminal, is_shown=True)
        terminal.send("\x06")
        terminal.wait_for("Find")
        terminal.send("need")
        caret_after(terminal, "need", cells=4)
        shown_after(terminal, is_shown=True)
        assert_plain(terminal)
        terminal.send("\x1b")
        terminal.wait_gone("need")
        terminal.send("\x04")
        assert terminal.wait_end() == 0
        assert terminal.output.rindex(b"\x1b[0 q") > terminal.output.rindex(b"\x1b[1 q")


def assert_plain(terminal: PtyTerminal) -> None:
    """The cell under the terminal's cursor looks as the one before it does: no caret is drawn there."""
    emulator = Emulator(terminal.screen.columns, terminal.screen.lines)
    emulator.feed(terminal.output)
    cursor = emulator.screen.cursor
    row = emulator.screen.buffer[cursor.y]
    here, before = row[cursor.x], row[cursor.x - 1]
    assert before.data.isalpha()
    assert (here.bg, here.reverse) == (before.bg, before.reverse)


@pytest.mark.parametrize(("columns", "rows"), [(100, 30), (40, 10)])
def test_the_terminals_cursor_is_at_the_caret(tmp_path: Path, columns: int, rows: int) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path), columns, rows) as terminal:
        terminal.wait_for("ready")
        terminal.send("see 漢")
        caret_after(terminal, "see 漢", cells=6)
        terminal.send("\nsecond")
        caret_after(terminal, "second", cells=6)
        terminal.send("\x1b[D\x1b[D")
        caret_after(terminal, "second", cells=4)
        terminal.resize(columns - 5, rows)
        terminal.wait_for("second")
        caret_after(terminal, "second", cells=4)
        terminal.send("\x03hello\r")
        terminal.wait_for("tok · $0.", "ready")
        terminal.send("\x06")
        terminal.wait_for("Find")
        terminal.send("need")
        caret_after(terminal, "need", cells=4)
        terminal.send("\x1b")
        terminal.wait_gone("need")
        terminal.send("\x12")
        terminal.wait_for("Prompt history")
        terminal.send("heo")
        caret_after(terminal, "heo", cells=3)
        terminal.send("\x1b")
        terminal.wait_gone("Prompt history")


def test_a_text_of_several_lines_in_a_dialog_has_the_same_caret(tmp_path: Path) -> None:
    with PtyTerminal(chat_command("-m", "demo/fast"), environment(tmp_path)) as terminal:
        terminal.wait_for("ready")
        terminal.send("/system\r")
        terminal.wait_for("System prompt")
        terminal.send("be brief")
        caret_after(terminal, "be brief", cells=8)
        shown_after(terminal, is_shown=True)
        assert_plain(terminal)
