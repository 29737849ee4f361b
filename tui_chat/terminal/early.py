"""The terminal, taken before anything large is imported, so that a screen shows while the rest of the program loads.

What is taken is handed to the driver (`take`), or given back as it was (`undo`): where an import fails, where a signal
ends or stops the program, or where there are words to print. No key is lost to the chat: what was read here is handed
on, all else waits in the terminal's queue. Where no chat comes, what was typed into its frame goes with that. Imports
nothing but C modules and what the interpreter and the program need anyway.
"""

import fcntl
import os
import select
import signal
import sys
import termios
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from tui_chat.terminal.type_ahead import TypeAhead

TerminalError = termios.error
ALTERNATE_SCREEN = "\x1b[?1049h"
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
_CANCEL = "\x18"
"""Ends a sequence that was cut."""
_LEAVE = f"\x1b[0m{SHOW_CURSOR}\x1b[?1049l"
_QUESTION = "\x1b]11;?\x1b\\\x1b[c"
"""For the background, and for what every terminal answers."""
ANSWER_WITHIN_S = 0.03
"""Longer than terminals on the same machine take."""
LATE_S = 0.1
"""Time in which an answer may still come that was not waited for."""
_ANSWER = b"\x1b]11;"
_MOST_BYTES = 4096
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGINT)
_USUAL = (signal.SIG_DFL, signal.default_int_handler)
_IFLAG, _LFLAG, _CC = 0, 3, 6
_KNOWN = ("xterm", "tmux", "alacritty", "foot", "wezterm")
"""Beginnings of TERM of terminals that have an alternate screen and answer when they are asked for their colours."""
_LIGHT = 0.5
_LUMA = (0.299, 0.587, 0.114)
"""As in `background`, which says more of it."""


def is_known(environ: "Mapping[str, str]") -> bool:
    """Whether the terminal is known to show 24-bit colours on an alternate screen, and nothing stands in the way."""
    term = environ.get("TERM", "").lower()
    return (
        environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
        and (term.startswith(_KNOWN) or (bool(environ.get("TMUX")) and term not in ("", "dumb")))
        and not environ.get("NO_COLOR")
        and not environ.get("STY")
        and not any(name.startswith("TEXTUAL_") and name != "TEXTUAL_FPS" for name in environ)
    )


def erases_with_background(environ: "Mapping[str, str]") -> bool:
    """Whether erased cells get the background, in a terminal that is known: kitty promises nothing."""
    is_kitty = "kitty" in environ.get("TERM", "").lower() or bool(environ.get("KITTY_WINDOW_ID"))
    return not is_kitty or bool(environ.get("TMUX"))


def is_in_front(reads: int, writes: int) -> bool:
    """Whether both descriptors are of a terminal that is this program's to change."""
    try:
        return os.isatty(reads) and os.isatty(writes) and os.tcgetpgrp(reads) == os.getpgrp()
    except OSError:
        return False


class SignalsHeld:
    """Signals wait while this is entered: what is done in it is done as a whole."""

    def __enter__(self) -> None:
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        try:
            signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        except BaseException:  # of one that came just before
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)


class LinesWaiting:
    """Lines that were typed while the terminal still made lines of keys: each ends with a newline in place of Enter."""

    def __init__(self, reads: int) -> None:
        """Made before the terminal's modes are changed."""
        try:
            told = fcntl.ioctl(reads, termios.FIONREAD, b"\0" * 4)
        except OSError:
            told = b""
        self._left = int.from_bytes(told, sys.byteorder)

    def as_keys(self, typed: bytes) -> bytes:
        """What is read next, as it was pressed."""
        count = min(self._left, len(typed))
        self._left -= count
        return typed[:count].replace(b"\n", b"\r") + typed[count:]


class EarlyScreen:
    """A terminal that was taken."""

    def __init__(self, reads: int, writes: int) -> None:
        """Take over the keys: none is echoed, and those that end or stop the program still do, but for Ctrl+Z and
        Ctrl+\\, which are keys of the chat's.

        Raises:
            termios.error: the terminal is gone.
        """
        self.attributes = termios.tcgetattr(reads)
        """Modes that the terminal had before."""
        self.lines = LinesWaiting(reads)
        """What was typed before this."""
        self.typed: list[tuple[float, bytes]] = []
        """What was read, and is still to be understood; behind `text`. Each piece with its time (monotonic)."""
        self.text = ""
        """What was typed, and can only be meant for the composer."""
        self.rest = ""
        """What the terminal did not take yet; all of it again where it took a part."""
        self.is_light: bool | None = None
        """The terminal's background; None where it did not say."""
        self._reads, self._writes = reads, writes
        self._is_on = True
        self._is_undone = False
        self.is_shown = False
        """The screen is the alternate one, and a frame is on it."""
        self._waits = False
        self._ahead: TypeAhead | None = None
        usual = [number for number in _SIGNALS if signal.getsignal(number) in _USUAL]
        self._before = {number: signal.signal(number, self._signalled) for number in usual}
        modes = termios.tcgetattr(reads)
        modes[_LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        modes[_IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        none = os.fpathconf(reads, "PC_VDISABLE").to_bytes(1, "little")
        modes[_CC][termios.VMIN] = 1
        modes[_CC][termios.VSUSP] = modes[_CC][termios.VQUIT] = none
        try:
            termios.tcsetattr(reads, termios.TCSANOW, modes)
        except termios.error:
            self._let_signals_be()
            raise

    def ask_for_background(self) -> bool:
        """Ask the terminal for its background; False where it did not answer in time. Keys that come meanwhile are
        kept."""
        self._waits = True
        self._write(_QUESTION)
        typed, until = b"", time.monotonic() + ANSWER_WITHIN_S
        while self._is_on and self._waits and (left_s := until - time.monotonic()) > 0 and len(typed) < _MOST_BYTES:
            if not select.select([self._reads], [], [], left_s)[0]:
                break
            typed += self._read()
            self.is_light = is_light_in(typed)
            self._waits = not _answers_all(typed)
        if keys := typed if self._waits else _without_answers(typed):
            self.typed.append((time.monotonic(), keys))
        return not self._waits

    def show(self, frame: str, room: int, draw: "Callable[[str, int], str]") -> None:
        """Show a frame on a screen of its own, and in so many cells of it what is typed from now on: `draw` makes of
        words and their cells what writes them. What the terminal does not take at once is left to the driver."""
        with SignalsHeld():  # a thread that is being started bears none, and one that stops the program gives back all
            if not self._is_on:
                return
            self.is_shown = True
            self._write(ALTERNATE_SCREEN + HIDE_CURSOR + frame)
            from tui_chat.terminal.type_ahead import TypeAhead  # nobody who waits for the frame waits for this

            size = os.get_terminal_size(self._writes)

            def show_typed(words: str, cells: int) -> bool:
                if os.get_terminal_size(self._writes) == size:
                    self._write(draw(words, cells))
                    return not self.rest
                return False

            self._ahead = TypeAhead(room, show_typed)
            for _, typed in self.typed:
                self._ahead.take(typed)
            self.typed = []
            self._ahead.begin(self._reads, self._read)

    def take(self) -> "list[int | list[bytes]] | None":
        """Hand the terminal over, with the modes that it had before; None where it was given back. Afterwards `undo`
        does nothing."""
        with SignalsHeld():
            if self._is_on:
                self._end_typing()
                self._let_signals_be()
                self._is_on = False
            return None if self._is_undone else self.attributes

    def undo(self) -> None:
        """Give the terminal back as it was."""
        with SignalsHeld():
            if not self._is_on:
                return
            self._end_typing()
            try:
                if self.is_shown:
                    os.write(self._writes, ((_CANCEL if self.rest else "") + _LEAVE).encode())
                    self.is_shown, self.rest = False, ""
                if self._waits:
                    select.select([self._reads], [], [], LATE_S)
                # Half of what was typed is in here: the other half is to be nothing to a shell.
                is_cut = self._waits or bool(self.text or self.typed)
                at = termios.TCSAFLUSH if is_cut else termios.TCSANOW
                termios.tcsetattr(self._reads, at, self.attributes)
            except (OSError, termios.error):
                pass  # the terminal is gone
            self._let_signals_be()
            self._is_on, self._is_undone = False, True

    def _end_typing(self) -> None:
        if self._ahead is not None:
            self._ahead.end()
            self.text, self.typed, self._ahead = self._ahead.text, self._ahead.behind, None

    def _read(self) -> bytes:
        return self.lines.as_keys(os.read(self._reads, _MOST_BYTES))

    def _write(self, text: str) -> None:
        data, written = text.encode(), 0
        if not self.rest:
            try:
                writes = os.open(os.ttyname(self._writes), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
                try:
                    written = os.write(writes, data)
                finally:
                    os.close(writes)
            except OSError:
                pass  # it takes nothing now, or is another user's
        if written < len(data):
            self.rest += (_CANCEL if written else "") + text

    def _signalled(self, number: int, frame: "FrameType | None") -> None:  # noqa: ARG002 - as handlers are called
        """Give the terminal back, then let the signal do what it does. Ctrl+C clears what was typed first."""
        if number == signal.SIGINT and self._ahead is not None and self._ahead.clear():
            return
        self.undo()
        self._let_signals_be()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        os.kill(os.getpid(), number)

    def _let_signals_be(self) -> None:
        for number, before in self._before.items():
            if signal.getsignal(number) == self._signalled:
                signal.signal(number, before)


def is_light_in(typed: bytes) -> bool | None:
    """Whether the background is light that an answer in `typed` tells; None where there is none."""
    _, is_there, answer = typed.partition(_ANSWER)
    colour = answer.partition(b"\x1b")[0].partition(b"\x07")[0]
    if colour.startswith(b"#"):
        digits = (len(colour) - 1) // 3
        parts = [colour[1 + at * digits :][:digits] for at in range(3)]
    else:
        parts = colour.partition(b":")[2].split(b"/")[:3]
    if not is_there or len(parts) != 3:
        return None
    try:
        shares = [int(part, 16) / float(16 ** len(part) - 1) for part in parts]
    except (ValueError, ZeroDivisionError):
        return None
    return sum(weight * share for weight, share in zip(_LUMA, shares, strict=True)) > _LIGHT


def _without_answers(typed: bytes) -> bytes:
    """The keys among what was read up to the last answer."""
    keys, is_there, rest = typed.partition(_ANSWER)
    if is_there:
        colour, ends, behind = rest.partition(b"\x1b\\")
        if not ends or b"\x07" in colour:
            behind = rest.partition(b"\x07")[2]
        keys += behind
    keys, _, rest = keys.partition(b"\x1b[?")
    return keys + rest.lstrip(b"0123456789;").removeprefix(b"c")


def _answers_all(typed: bytes) -> bool:
    """The answer came that ends the others: `CSI ? … c`."""
    _, is_there, rest = typed.partition(b"\x1b[?")
    return bool(is_there) and rest.lstrip(b"0123456789;")[:1] == b"c"
