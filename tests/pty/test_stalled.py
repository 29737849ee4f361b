"""A terminal that stops reading: the answer goes on, the keys go on, the program ends, and the screen comes back."""

import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.gateways.fault import Caller, Script
from tests.pty.pty_terminal import PtyTerminal, chat_command, environment
from tests.pty.serving import END, chunk, served
from tests.pty.test_life_cycle import assert_as_before

PARTS = 400
MORE_THAN_BUFFERS_HOLD = b": " + b"x" * 40_000 + b"\n\n"
"""With every part, so that a program that stops taking the answer is noticed at the gateway."""
PACE_S = 0.005
"""Between two parts, so that frame after frame is painted while they come."""
PATIENCE_S = 20.0
WITHIN_S = 6.0
"""How long a program may take to end that nobody listens to."""


class Answer:
    """An answer in many parts; says when it begins, when the last of it was taken, and when more is asked."""

    def __init__(self) -> None:
        self.begun, self.taken, self.asked_more = threading.Event(), threading.Event(), threading.Event()

    async def say(self, caller: Caller) -> None:
        await caller.begin()
        if not caller.line.startswith("POST"):
            return
        if self.taken.is_set():
            self.asked_more.set()
            await caller.write(chunk(content="And more.", finish_reason="stop") + END)
            return
        for number in range(PARTS):
            await caller.write(chunk(content=f"part {number} {'word ' * 100}\n\n") + MORE_THAN_BUFFERS_HOLD)
            await caller.pause(PACE_S)
            if number == PARTS // 10:
                self.begun.set()
        await caller.write(chunk(content="The last words.", finish_reason="stop") + END)
        self.taken.set()


@contextmanager
def asked(home: Path, script: Script) -> Iterator[PtyTerminal]:
    """The chat in a terminal, with a question that is answered so."""
    with served(script) as gateway:
        env = environment(home, SOLROUTER_API_KEY="sr_x", SOLROUTER_BASE_URL=gateway.base_url)
        with PtyTerminal(chat_command("-m", "some/model", "a question"), env) as terminal:
            yield terminal


def is_stored(home: Path, words: str) -> bool:
    """The store holds these words."""
    (file,) = home.rglob("conversations.db")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
        return any(words in str(row) for row in store.execute("select data from parts"))


def test_an_answer_is_taken_and_stored_while_the_terminal_reads_nothing_and_shown_after(tmp_path: Path) -> None:
    answer = Answer()
    with asked(tmp_path, answer.say) as terminal:
        terminal.wait_for("writing")

        assert answer.taken.wait(PATIENCE_S), "the gateway was left waiting"
        terminal.send("go on\r")
        assert answer.asked_more.wait(PATIENCE_S), "the keys were left waiting"
        assert is_stored(tmp_path, "The last words.")  # an answer is, before the next is asked for
        terminal.send("typed blindly")
        # The size of the draft comes last.
        terminal.wait_for("The last words.", "And more.", "typed blindly", "ready", " tok ─╯")
        shown = terminal.wait_still()
        for columns in (90, 100):
            terminal.resize(columns, 30)
            terminal.screen.reset()
            terminal.wait_for("The last words.", "And more.", "typed blindly", "ready")
        terminal.wait_for(shown)  # painted anew it is the same: nothing was missing before
        terminal.send("\x15\x04")
        assert terminal.wait_end() == 0
        assert_as_before(terminal)


@pytest.mark.parametrize(
    ("end", "status"),
    [("\x04", 0), (signal.SIGTERM, 128 + 15)],
    ids=["ctrl+d", "SIGTERM"],
)
def test_a_program_that_nobody_reads_ends_and_leaves_the_way_back(
    tmp_path: Path, end: str | signal.Signals, status: int
) -> None:
    answer = Answer()
    with asked(tmp_path, answer.say) as terminal:
        terminal.wait_for("writing")
        assert answer.taken.wait(PATIENCE_S)

        if isinstance(end, signal.Signals):
            terminal.process.send_signal(end)
        else:
            terminal.send(end)
        assert terminal.process.wait(WITHIN_S) == status
        assert terminal.modes == terminal.modes_before
        assert terminal.wait_end() == status
        assert_as_before(terminal)
        assert terminal.output.rindex(b"\x1b[?25h") > terminal.output.rindex(b"H")


def test_a_stop_and_going_on_while_nobody_reads_shows_the_whole_again(tmp_path: Path) -> None:
    answer = Answer()
    with asked(tmp_path, answer.say) as terminal:
        terminal.wait_for("writing")
        assert answer.begun.wait(PATIENCE_S)
        terminal.process.send_signal(signal.SIGTSTP)
        os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
        assert terminal.modes == terminal.modes_before
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for("The last words.", "ready")
        terminal.send("\x04")
        assert terminal.wait_end() == 0
        assert_as_before(terminal)
