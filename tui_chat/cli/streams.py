"""The standard streams, made fit for whatever shell began the program: the one place where their faults are met.

A shell may close a stream, lead it to a full disk or to a pipe that nobody reads, or name an encoding without the
letters that are to be written. Reading finds an end where there is no input. What cannot be encoded is replaced. What
cannot be written to standard output ends the program, in words; notes that nobody can read are dropped. Imports
little: see `itself`.
"""

import errno
import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

WRITE_FAILED = 1
PIPE_CLOSED = 141
HUNG_UP = 129
_TERMINAL_GONE = (errno.EIO, errno.ENXIO)


class OutputLost(BaseException):
    """Standard output takes no more. Not an error that somebody on the way out could survive."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(cause.errno)
        self.is_pipe_closed = cause.errno == errno.EPIPE
        """Whoever read it has enough: `head` does that."""
        self.why = "it is closed" if cause.errno == errno.EBADF else cause.strerror or "it is gone"


class _Output(io.TextIOWrapper):
    """Standard output; writing raises OutputLost and no OSError, which would pass for one of a file. A terminal that is
    gone still raises its own: plain mode has its way of leaving then."""

    before: "Callable[[], None] | None" = None
    """Called before anything is written."""

    def write(self, text: str, /) -> int:
        if self.before is not None:
            self.before()
        try:
            return super().write(text)
        except OSError as error:
            raise _lost(error) from None

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise _lost(error) from None


def _lost(error: OSError) -> BaseException:
    return error if error.errno in _TERMINAL_GONE else OutputLost(error)


class _Notes(io.TextIOWrapper):
    """Standard error; what cannot be written is dropped."""

    before: "Callable[[], None] | None" = None
    """Called before anything is written."""

    def write(self, text: str, /) -> int:
        if self.before is not None:
            self.before()
        try:
            return super().write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError:
            _lead_nowhere(self.fileno())


def make_ready() -> None:
    """Put something behind each standard stream. Streams that are no longer the interpreter's own are left alone."""
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        _open_if_closed(number, mode)
    if sys.stdin is None:
        sys.stdin = open(0, errors="replace", closefd=False)  # noqa: SIM115 - open until the end
    elif isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if sys.stdout is sys.__stdout__:
        sys.stdout = _wrapped(_Output, 1, sys.stdout)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _wrapped(_Notes, 2, sys.stderr)


def before_words(give_way: "Callable[[], None]") -> None:
    """Have something give way before words are written to standard output and standard error, as `make_ready` made
    them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, _Output | _Notes):
            stream.before = give_way


def give_up_output(lost: OutputLost) -> int:
    """Say that standard output cannot be written, keep the interpreter's last flush from failing, and return the exit
    status."""
    _lead_nowhere(1)
    if lost.is_pipe_closed:
        return PIPE_CLOSED
    print(f"tui-chat: standard output cannot be written: {lost.why}.", file=sys.stderr)
    return WRITE_FAILED


def give_up_terminal(error: OSError) -> int:
    """Keep the interpreter's last flush from failing where the terminal is gone, and return the exit status.

    Raises:
        OSError: it is about something else.
    """
    if error.errno not in _TERMINAL_GONE:
        raise error
    _lead_nowhere(1)
    return HUNG_UP


def _wrapped(kind: type[_Output] | type[_Notes], number: int, before: object) -> io.TextIOWrapper:
    encoding = before.encoding if isinstance(before, io.TextIOWrapper) else None
    raw = io.FileIO(number, "w", closefd=False)
    return kind(io.BufferedWriter(raw), encoding, errors="replace", line_buffering=number == 2 or raw.isatty())


def _open_if_closed(number: int, mode: int) -> None:
    """Fill a descriptor that is closed, or the next file that is opened would be taken for the stream. Standard output
    is filled with what cannot be written, so that who wants to write notices."""
    try:
        os.fstat(number)
    except OSError:
        os.open(os.devnull, mode)  # it gets the lowest free number: this one, those below are filled


def _lead_nowhere(number: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
