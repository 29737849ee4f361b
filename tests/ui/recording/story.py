"""What is typed in the recording, and the recording of it: the real program in a terminal, asking the demo gateway."""

import codecs
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.demo.served import served
from tests.pty.pty_terminal import PtyTerminal, chat_command, environment
from tests.ui.recording.cast import MARKER, OUTPUT, Cast, Event, Header
from tests.ui.recording.looks import Thrift
from tui_chat.settings.paths import find_paths

SIZE = (110, 22)
SETTINGS = 'theme = "dusk"\ntimestamps = "off"\n'
KEY_S = 0.045
"""Between two keys, as a quick typist has it."""
LOOK_S = 1.3
"""To see what has come up."""
READ_S = 2.2
"""To read it."""
SAME_FRAME_S = 0.012
"""Output that follows sooner belongs to the picture before it."""
CTRL_L, CTRL_O, F3 = "\x0c", "\x0f", "\x1bOR"


class RecordedTerminal(PtyTerminal):
    """A terminal that keeps what comes with its time, and in which somebody types."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], size: tuple[int, int], pace: float) -> None:
        """`pace` scales every wait of the typist."""
        super().__init__(argv, env, *size)
        self.pace = pace
        self.events: list[Event] = []
        self._began_at = time.monotonic()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._thrift = Thrift()

    def read(self, patience_s: float = 0.05) -> bool:
        """Take in what the program wrote, and record it."""
        known = len(self.output)
        has_come = super().read(patience_s)
        if text := self._thrift.feed(self._decoder.decode(self.output[known:])):
            self._add(OUTPUT, text)
        return has_come

    def mark(self, name: str) -> None:
        """Name this moment."""
        self._add(MARKER, name)

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        end = time.monotonic() + seconds * self.pace
        while (left := end - time.monotonic()) > 0:
            self.read(min(left, 0.05))

    def type(self, text: str, end: str = "\r") -> None:
        """Write a text key by key, look at it, and press Enter."""
        for key in text:
            self.send(key)
            self.pause(KEY_S)
        self.pause(0.4)
        self.send(end)

    def _add(self, kind: str, data: str) -> None:
        at_s = round(time.monotonic() - self._began_at, 3)
        last = self.events[-1] if self.events else None
        if last and kind == last.kind == OUTPUT and at_s - last.at_s < SAME_FRAME_S:
            self.events[-1] = Event(last.at_s, OUTPUT, last.data + data)
        else:
            self.events.append(Event(at_s, OUTPUT if kind == OUTPUT else MARKER, data))


@dataclass(frozen=True)
class Moment:
    """A part of the recording that is marked by its name."""

    name: str
    shows: tuple[str, ...]
    """Words that are on the screen together at some time in it."""


STREAMING = Moment("The answer streams in", ("● writing", "tok/s", "def joined"))
SWITCHING = Moment("The model is switched", ("Models", "tools", "$0.50", "Enter switch"))
ARGUMENTS = Moment("Tool arguments arrive", ("get_weather", "city", '"Tokyo"', "pieces"))
COST = Moment("What it cost", ("Usage", "This chat", "writer", "$0.000"))
MOMENTS = (STREAMING, SWITCHING, ARGUMENTS, COST)


def tell(terminal: RecordedTerminal) -> None:
    """Type the story, with the patience of somebody who wants to be followed."""
    terminal.wait_for("ready")
    terminal.pause(LOOK_S)
    terminal.mark(STREAMING.name)
    terminal.type("Write 130 words about retries with Python code")
    terminal.wait_for("ready", "tok/s · $")
    terminal.pause(LOOK_S)
    terminal.mark(SWITCHING.name)
    terminal.send(CTRL_L)
    terminal.wait_for("Enter switch")
    terminal.pause(LOOK_S)
    terminal.type("tools")
    terminal.wait_for("demo/tools  ready")
    terminal.pause(LOOK_S / 2)
    terminal.mark(ARGUMENTS.name)
    terminal.type("Is it raining in Tokyo?")
    terminal.wait_for("waits for you", "Type the result")
    terminal.pause(LOOK_S)
    terminal.send(CTRL_O)
    terminal.wait_for("Enter send")
    terminal.pause(LOOK_S / 2)
    terminal.type("22 °C and clear")
    terminal.wait_for("demo/tools  ready")
    terminal.pause(LOOK_S)
    terminal.mark(COST.name)
    terminal.send(F3)
    terminal.wait_for("Usage", "writer")
    terminal.pause(READ_S)
    terminal.mark("The end")


def record(pace: float = 1.0) -> Cast:
    """Record the story with today's program."""
    with TemporaryDirectory() as folder, served(1.0) as (base_url, _):
        env = environment(Path(folder), SOLROUTER_API_KEY="sr_recording", SOLROUTER_BASE_URL=base_url)
        settings = find_paths(env).config_file
        settings.parent.mkdir(mode=0o700)
        settings.write_text(SETTINGS)
        with RecordedTerminal(chat_command("-m", "demo/writer"), env, SIZE, pace) as terminal:
            tell(terminal)
    return Cast(Header(2, *SIZE, "tui-chat", {"TERM": env["TERM"]}), tuple(terminal.events))
