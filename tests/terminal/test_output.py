"""What is written to a terminal that stops reading: frames are dropped, nothing else is, and nobody waits."""

import os
import select
import threading
import time
from collections.abc import Iterator

import pytest

from tui_chat.terminal.abilities import Abilities
from tui_chat.terminal.frame_encoder import FrameEncoder
from tui_chat.terminal.frames import Frame
from tui_chat.terminal.output import BACKLOG_BYTES, Kind, TerminalOutput

FRAME = "\x1b[1;1H" + "frame " * 2000
WAIT_S = 10.0


class Terminal:
    """A pty that is read only when asked, and what writes to it."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        self.asked_for_all = threading.Event()
        self.output = TerminalOutput(self.slave, self.asked_for_all.set, FrameEncoder(Abilities(), len))
        self.output.start()

    def read_until(self, end: bytes) -> bytes:
        """Everything up to this."""
        read = b""
        until = time.monotonic() + WAIT_S
        while end not in read:
            assert time.monotonic() < until, f"{end!r} never came; the end was {read[-200:]!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                read += os.read(self.master, 65536)
        return read

    def fill(self) -> None:
        """Write more than fits into it, and frames behind that."""
        self.output.write("x" * 1_000_000)
        while not select.select([self.master], [], [], 0.1)[0]:
            pass
        for _ in range(2 * BACKLOG_BYTES // len(FRAME)):
            self.output.write(FRAME, Kind.FRAME)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    os.close(terminal.master)
    terminal.output.stop()
    os.close(terminal.slave)


def test_what_is_written_comes_out_in_its_order(terminal: Terminal) -> None:
    for number in range(100):
        terminal.output.write(f"<{number}>", Kind.FRAME if number % 2 else Kind.KEPT)

    assert terminal.read_until(b"<99>") == b"".join(b"<%d>" % number for number in range(100))
    assert not terminal.asked_for_all.is_set()


def test_what_a_terminal_takes_is_out_before_the_call_returns() -> None:
    master, slave = os.openpty()
    output = TerminalOutput(slave, lambda: None, FrameEncoder(Abilities(), len))  # whose thread was never started
    output.write("one")
    output.show(Frame("\x1b[1;1Htwo", columns=3, rows=1))
    assert os.read(master, 100).startswith(b"one")
    output.write("x" * 1_000_000)
    output.write("behind it")
    assert b"behind" not in os.read(master, 100_000)
    for descriptor in (master, slave):
        os.close(descriptor)


def test_what_is_written_in_the_middle_of_a_write_comes_behind_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = FrameEncoder.hear

    def interrupted(encoder: FrameEncoder, text: str) -> None:
        if text == "first":
            terminal.output.write("second")  # as a signal's handler may
        hear(encoder, text)

    monkeypatch.setattr(FrameEncoder, "hear", interrupted)
    terminal.output.write("first")
    terminal.output.write("third")
    assert terminal.read_until(b"third") == b"firstsecondthird"


def test_a_terminal_that_stops_reading_loses_frames_and_nothing_else(terminal: Terminal) -> None:
    for number in range(200):  # a write that waited would wait here for ever: nobody reads
        terminal.output.write(FRAME, Kind.FRAME)
        terminal.output.write(f"<{number}>")
    terminal.output.write("all of it")
    assert not terminal.asked_for_all.is_set()
    read = terminal.read_until(b"all of it")

    assert len(read) < 200 * len(FRAME)
    assert read.replace(FRAME.encode(), b"") == b"".join(b"<%d>" % number for number in range(200)) + b"all of it"
    assert terminal.asked_for_all.wait(WAIT_S)


def test_after_the_whole_was_asked_for_frames_go_out_again(terminal: Terminal) -> None:
    terminal.fill()
    terminal.output.write("taken")
    terminal.read_until(b"taken")
    assert terminal.asked_for_all.wait(WAIT_S)
    terminal.output.write("\x1b[1;1Hthe whole", Kind.FRAME)

    assert terminal.read_until(b"the whole").endswith(b"\x1b[1;1Hthe whole")


def test_the_end_does_not_wait_for_a_terminal_that_reads_nothing_and_leaves_the_way_back_to_it(
    terminal: Terminal,
) -> None:
    terminal.fill()
    terminal.output.write("<the way back>", Kind.WAY_BACK)
    terminal.output.stop()
    terminal.output.join(WAIT_S)

    assert not terminal.output.is_alive()
    assert terminal.read_until(b"<the way back>").endswith(b"\x18<the way back>")


def test_what_is_kept_at_the_end_is_written_as_long_as_the_terminal_takes_any_of_it(terminal: Terminal) -> None:
    terminal.output.write("x" * 1_000_000)
    ending = threading.Thread(target=terminal.output.stop)
    ending.start()
    read = b""
    while len(read) < 1_000_000:
        read += os.read(terminal.master, 4096)
    ending.join()

    assert read == b"x" * 1_000_000


def test_what_is_written_to_a_terminal_that_is_gone_goes_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.terminal.output.DRAIN_TIMEOUT_S", 6 * WAIT_S)
    terminal = Terminal()
    os.close(terminal.master)
    terminal.output.write("x" * 1_000_000)
    began = time.monotonic()
    terminal.output.stop()

    assert time.monotonic() - began < WAIT_S, "it waited for somebody to read"
    assert not terminal.output.is_alive()
    os.close(terminal.slave)


def test_half_of_a_pair_is_no_reason_to_stop(terminal: Terminal) -> None:
    terminal.output.write("a\ud83db")

    assert terminal.read_until(b"b") == b"a?b"
