"""What comes before readline is ready: keys and signals between two prompts."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, environment

_PROGRAM = """
import asyncio, os, readline, signal, sys
from tui_chat.plain.signals import Ended, Signals
from tui_chat.plain.speech import Speech
from tui_chat.plain.terminal_lines import ReadlineLines

async def run(work):
    signals = Signals()
    with signals.installed():
        work(ReadlineLines(Speech(sys.stdout), signals, ()))

def between(lines):
    lines.read("first: ")
    print("between", flush=True)
    open(sys.argv[2]).close()  # a named pipe: waits for the test
    while True:
        print(repr(lines.read("next: ")), flush=True)

def told_to_end(lines):
    readline.set_pre_input_hook(lambda: os.kill(os.getpid(), int(sys.argv[2])))
    lines.read("first: ", "words")

try:
    asyncio.run(run(globals()[sys.argv[1]]))
except EOFError:
    print("ended")
except Ended as end:
    print("told to end, at", repr(end.text))
    sys.exit(end.status)
"""


def program(folder: Path, *words: str) -> PtyTerminal:
    return PtyTerminal([sys.executable, "-c", _PROGRAM, *words], environment(folder))


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        ("\x04", []),
        ("one\ntwo\n\x04", ["one", "two"]),
        ("half\x04\x04\x04", ["half"]),
        ("one\nhalf\x04\x04\x04", ["one", "half"]),
    ],
)
def test_what_is_typed_between_two_prompts_is_not_lost_nor_is_ctrl_d(
    tmp_path: Path, keys: str, lines: list[str]
) -> None:
    goes_on = tmp_path / "goes on"
    os.mkfifo(goes_on)
    with program(tmp_path, "between", str(goes_on)) as terminal:
        terminal.wait_for("first:")
        terminal.wait_still()
        terminal.send("word\n")
        terminal.wait_for("between")
        terminal.send(keys)
        terminal.wait_still()
        goes_on.open("w").close()
        terminal.wait_for("ended", *(repr(line) for line in lines))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_comes_while_readline_makes_itself_ready_ends_the_wait(
    tmp_path: Path, number: signal.Signals
) -> None:
    with program(tmp_path, "told_to_end", str(int(number))) as terminal:
        terminal.wait_for("told to end, at 'words'")
        assert terminal.wait_end() == 128 + number
