"""The terminal is as before after every end, and while the program is stopped; what was said is kept."""

import array
import fcntl
import os
import re
import signal
import sys
import termios
import time
import tty
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, chat_command, environment

End = Callable[[PtyTerminal], None]

SWITCHED_ON = re.compile(rb"\x1b\[\?(\d+)([hl])")
SHOWN_BY_DEFAULT = {"7", "25"}
"""Line wrap and the cursor; every other mode is off."""

CRASHING = """
import sys
from pathlib import Path
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.load import load_settings
from tui_chat.settings.paths import Paths
from tui_chat.settings.secrets import find_connection
from tui_chat.workspace.opening import Opening
from tui_chat.ui.app import run

def broken():
    secret = "what was being said"
    raise RuntimeError("broke with sr_secret_key_1234 \\x1b]0;title\\x07 here")

folder = Path(sys.argv[1])
paths = Paths(folder, folder, folder, folder)
loaded = load_settings(paths.config_file, {})
connection = find_connection(loaded, {}, paths.credentials_file)
keeping = SettingsKeeper(loaded, {}, is_temporary=False)
sys.exit(run(keeping, paths, Opening(), connection, make_services=broken))
"""

CRASHING_AGAIN = CRASHING.replace(
    "def broken():",
    """
from tui_chat.crash_report import watch
from tui_chat.ui.app import ChatApp

async def break_again(self, event):
    raise ValueError("broke with sr_secret_key_1234 again")

def broken():
    watch()
    ChatApp.on_event = break_again  # every event from now on, those of leaving too""",
)

STOPPED_AS_IT_WRITES = """
import os, signal, sys
from tui_chat.cli.main import main
from tui_chat.terminal.frame_encoder import FrameEncoder

encode = FrameEncoder.encode

def stopped(self, frame):
    if "writing" in frame.text:
        FrameEncoder.encode = encode
        os.kill(os.getpid(), signal.SIGTSTP)
    return encode(self, frame)

FrameEncoder.encode = stopped
sys.exit(main())
"""


def left_on(output: bytes) -> dict[str, bool]:
    """The modes that are not as they were before, by number."""
    modes = {number.decode(): state == b"h" for number, state in SWITCHED_ON.findall(output)}
    return {number: is_on for number, is_on in modes.items() if is_on != (number in SHOWN_BY_DEFAULT)}


def assert_as_before(terminal: PtyTerminal) -> None:
    """Settings, modes, cursor and keyboard."""
    assert terminal.modes == terminal.modes_before
    assert left_on(terminal.output) == {}
    assert {"1000", "1003", "1006", "1004", "1049", "2004", "2031", "25", "7"} <= {
        number.decode() for number, _ in SWITCHED_ON.findall(terminal.output)
    }
    assert len(re.findall(rb"\x1b\[>\d+u", terminal.output)) == terminal.output.count(b"\x1b[<u")
    assert terminal.output.count(b"\x1b[>4;1m") == terminal.output.count(b"\x1b[>4m")
    assert b"\x1b]0;" not in terminal.output
    assert terminal.output.count(b"\x1b[22;0t") == terminal.output.count(b"\x1b[23;0t")
    assert b"\x1b]2;" not in terminal.output.rpartition(b"\x1b]2;\x07\x1b[23;0t")[2]


def open_chat(home: Path, *words: str) -> PtyTerminal:
    """The chat on the demo gateway."""
    return PtyTerminal(chat_command("-m", "demo/writer", *words), environment(home))


def press(keys: str) -> End:
    """An end by keys."""
    return lambda terminal: terminal.send(keys)


def tell(number: signal.Signals) -> End:
    """An end by a signal from outside."""
    return lambda terminal: terminal.process.send_signal(number)


def interrupt_twice(terminal: PtyTerminal) -> None:
    """Ctrl+C, and once more when it is asked for."""
    terminal.send("\x03")
    terminal.wait_for("again to quit")
    terminal.send("\x03")


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (press("\x04"), 0),
        (press("/quit\r"), 0),
        (interrupt_twice, 0),
        (tell(signal.SIGTERM), 128 + signal.SIGTERM),
        (tell(signal.SIGHUP), 128 + signal.SIGHUP),
        (tell(signal.SIGINT), 128 + signal.SIGINT),
    ],
    ids=["ctrl+d", "/quit", "ctrl+c twice", "SIGTERM", "SIGHUP", "SIGINT"],
)
def test_the_terminal_is_as_before_after(tmp_path: Path, end: End, status: int) -> None:
    with open_chat(tmp_path) as terminal:
        terminal.wait_for("ready", "demo")
        end(terminal)
        assert terminal.wait_end() == status
        assert_as_before(terminal)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_terminal_is_as_before_after_a_signal_as_it_is_taken(tmp_path: Path, number: signal.Signals) -> None:
    with open_chat(tmp_path) as terminal:
        while b"\x1b[?1049h" not in terminal.output:
            terminal.read()
        terminal.process.send_signal(number)
        assert terminal.wait_end() == 128 + number
        assert_as_before(terminal)


def test_a_crash_gives_the_terminal_back_and_says_where_its_report_is(tmp_path: Path) -> None:
    with PtyTerminal([sys.executable, "-c", CRASHING, str(tmp_path)], environment(tmp_path), columns=300) as terminal:
        assert terminal.wait_end() == 1
        assert_as_before(terminal)
    (report,) = tmp_path.glob("crash-*.txt")
    after = terminal.output.rsplit(b"\x1b[?1049l", 1)[1].decode()
    assert report.name in after
    assert report.stat().st_mode & 0o777 == 0o600
    for text in (after, report.read_text()):
        assert "RuntimeError" in text
        assert "sr_secret_key" not in text
        assert "what was being said" not in text
        assert "\x1b]" not in text


def test_a_crash_while_leaving_after_a_crash_is_told_in_words_too(tmp_path: Path) -> None:
    env = environment(tmp_path)
    with PtyTerminal([sys.executable, "-c", CRASHING_AGAIN, str(tmp_path)], env, columns=300) as terminal:
        assert terminal.wait_end() == 1
        assert_as_before(terminal)
    after = terminal.output.rsplit(b"\x1b[?1049l", 1)[1].decode()
    assert "tui-chat broke: " in after
    assert "Traceback" not in after
    for text in (after, *(report.read_text() for report in tmp_path.rglob("crash-*.txt"))):
        assert "sr_secret_key" not in text


def test_a_terminal_that_was_closed_ends_it_and_keeps_what_was_said(tmp_path: Path) -> None:
    with open_chat(tmp_path, "write 3000 words about teapots") as terminal:
        terminal.wait_for("writing")
        os.dup2(os.open(os.devnull, os.O_RDWR), terminal.master)
        assert terminal.process.wait(10) == 128 + signal.SIGHUP
    with PtyTerminal(chat_command("-c"), environment(tmp_path)) as after:
        after.wait_for("stopped by you", "ready")


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_a_stop_that_cannot_be_caught_leaves_no_trace(tmp_path: Path, number: signal.Signals) -> None:
    with open_chat(tmp_path, "write 3000 words") as terminal:
        terminal.wait_for("writing")
        terminal.process.send_signal(number)
        os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
        while terminal.read():
            pass
        if number is signal.SIGTSTP:
            assert_as_before(terminal)
        before = len(terminal.output)
        terminal.process.send_signal(signal.SIGCONT)
        while b"\x1b[?1049h" not in terminal.output[before:]:
            assert terminal.read(5)
        terminal.screen.reset()
        terminal.wait_for("demo/writer", "writing")
        terminal.send("\x1b")
        terminal.wait_for("stopped by you", "ready")
        terminal.send("\x04")
        assert terminal.wait_end() == 0
        assert_as_before(terminal)


def test_a_stop_in_the_middle_of_a_write_leaves_no_trace(tmp_path: Path) -> None:
    words = ["-m", "demo/writer", "write 3000 words"]
    with PtyTerminal([sys.executable, "-c", STOPPED_AS_IT_WRITES, *words], environment(tmp_path)) as terminal:
        how = os.WSTOPPED | os.WNOWAIT | os.WNOHANG
        terminal.wait_until(lambda: os.waitid(os.P_PID, terminal.process.pid, how), "the stop")
        while terminal.read():
            pass
        assert_as_before(terminal)
        terminal.process.send_signal(signal.SIGCONT)
        terminal.screen.reset()
        terminal.wait_for("demo/writer", "writing")


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_a_job_that_goes_on_shows_its_whole_screen(tmp_path: Path, number: signal.Signals) -> None:
    with open_chat(tmp_path) as terminal:
        terminal.wait_for("Connect with your key")
        shown = terminal.wait_still()
        terminal.process.send_signal(number)
        os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
        while terminal.read():
            pass
        terminal.screen.reset()
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for("Connect with your key", "F1 help")
        assert terminal.wait_still() == shown


def test_reports_that_were_on_their_way_do_not_reach_the_shell(tmp_path: Path) -> None:
    with open_chat(tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.send("\x04")
        end = time.monotonic() + 10
        while b"\x1b[?1003l" not in terminal.output and time.monotonic() < end:
            terminal.send("\x1b[<35;10;10M\x1b[100;5:3u")
            terminal.read(0.001)
        assert terminal.wait_end() == 0
        tty.setraw(terminal.slave, termios.TCSANOW)
        waiting = array.array("i", [0])
        fcntl.ioctl(terminal.slave, termios.FIONREAD, waiting)
        assert waiting[0] == 0


@pytest.mark.parametrize(
    ("end", "status"), [(press("\x04"), 0), (tell(signal.SIGTERM), 128 + signal.SIGTERM)], ids=["ctrl+d", "SIGTERM"]
)
def test_thousands_of_keys_that_wait_do_not_hold_up_the_end(tmp_path: Path, end: End, status: int) -> None:
    with open_chat(tmp_path) as terminal:
        terminal.wait_for("ready", "demo")
        for _ in range(10):
            os.write(terminal.master, b"\x1b[D" * 500)
        while not terminal.read():
            pass
        end(terminal)
        assert terminal.process.wait(5) == status
        while terminal.read():
            pass
        assert_as_before(terminal)


def test_what_was_written_among_thousands_of_keys_is_kept(tmp_path: Path) -> None:
    with open_chat(tmp_path) as terminal:
        terminal.wait_for("ready", "demo")
        terminal.send("words " + "\x1b[C" * 1000)
        terminal.send("\x1b[C" * 1000 + "more\x11")
        assert terminal.wait_end() == 0
    with open_chat(tmp_path) as after:
        after.wait_for("│ words more", "ready")
