"""Running a program for a call, in an empty folder that goes with it unless another was chosen.

It ends within its time, and all that it has started ends with it.
"""

import asyncio
import contextlib
import errno
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from tui_chat.chat.tool_plans import CommandWork
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.figures import bound
from tui_chat.core.tool import Value, Variable
from tui_chat.tools.kept_output import KeptOutput
from tui_chat.tools.process_tree import end_all
from tui_chat.tools.starting import NotStarted, start

PASSED_ON: Final = ("PATH", "HOME", "LANG", "TERM", "TMPDIR")
"""The variables that every program gets."""
FLOOD_BYTES: Final = 64 * 1024 * 1024
"""Whoever writes more is ended: nobody reads it."""
_STDIN, _STDOUT = 0, 1
_LAST_WORDS_S: Final = 0.2
"""How long what is still in the pipe is waited for once the program has ended; a child may hold it open for ever."""
_GONE_WITHIN_S: Final = 0.3


async def run_command(
    work: CommandWork,
    environ: Mapping[str, str],
    timeout_s: float,
    limit_bytes: int,
    output: Callable[[str], None],
) -> ToolOutcome:
    """Run it to its end. What it writes to both its outputs is one text, as in a terminal. Cancelling ends it."""
    try:
        variables = environment(work.env, environ)
    except KeyError as missing:
        return ToolOutcome(f"The variable {missing.args[0]} is not set.", is_error=True, ending="not run")
    kept = KeptOutput(limit_bytes, output)
    try:
        async with working_folder(work.folder) as folder:
            transport, process = await start(
                work.argv, folder, variables, lambda: _Process(kept), _end, joins_errors=True
            )
            try:
                _limit_memory(transport.get_pid(), work.memory_mb)
                return await _follow(transport, process, work.stdin, timeout_s, kept)
            finally:
                await asyncio.shield(_end(transport, process))
    except NotStarted as why:
        return ToolOutcome(f"Not run: {why}.", is_error=True, ending="not run")
    except OSError as error:
        return ToolOutcome(f"Not run: {error.strerror or 'the system refuses it'}.", is_error=True, ending="not run")


def environment(given: tuple[tuple[str, Value], ...], environ: Mapping[str, str]) -> dict[str, str]:
    """All that a program gets of the environment.

    Raises:
        KeyError: a variable that the definition names is not set.
    """
    passed = {name: environ[name] for name in PASSED_ON if name in environ}
    return passed | {name: environ[value.name] if isinstance(value, Variable) else value for name, value in given}


class _Process(asyncio.SubprocessProtocol):
    """A program that runs. What it writes is taken at once, so that nothing ever waits in memory."""

    def __init__(self, kept: KeptOutput) -> None:
        self.is_over = asyncio.Event()
        """It has ended, or has to be."""
        self.output_is_closed = asyncio.Event()
        self.is_gone = asyncio.Event()
        """It has ended and its pipes are closed."""
        self.is_flooding = False
        self._kept = kept

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        assert fd == _STDOUT
        assert isinstance(data, bytes)
        self._kept.add(data)
        if self._kept.total_bytes > FLOOD_BYTES:
            self.is_flooding = True
            self.is_over.set()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        del exc
        if fd == _STDOUT:
            self.output_is_closed.set()

    def process_exited(self) -> None:
        self.is_over.set()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.is_gone.set()


def _limit_memory(process_id: int, most_mb: int) -> None:
    """Limit what a process, and each that it starts from now on, may have of memory of its own.

    Raises:
        OSError: this system cannot.
    """
    if not most_mb:
        return
    try:
        from resource import RLIMIT_DATA, prlimit
    except ImportError:
        raise OSError(errno.ENOTSUP, "memory_mb cannot be kept to on this system") from None
    most = most_mb * 1024 * 1024
    with contextlib.suppress(ProcessLookupError):  # it has ended already
        prlimit(process_id, RLIMIT_DATA, (most, most))


async def _follow(
    transport: asyncio.SubprocessTransport, process: _Process, stdin: str, timeout_s: float, kept: KeptOutput
) -> ToolOutcome:
    _feed(transport, stdin)
    try:
        async with asyncio.timeout(timeout_s):
            await process.is_over.wait()
    except TimeoutError:
        return ToolOutcome(kept.text(), is_error=True, ending=f"stopped after {timeout_s:g} s: it took too long")
    if process.is_flooding:
        return ToolOutcome(kept.text(), is_error=True, ending=f"stopped: it wrote more than {bound(FLOOD_BYTES)}")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS_S):
            await process.output_is_closed.wait()
    status = transport.get_returncode() or 0
    ending = f"exit status {status}" if status >= 0 else f"ended by signal {-status}"
    return ToolOutcome(kept.text(), is_error=status != 0, ending=ending)


def _feed(transport: asyncio.SubprocessTransport, text: str) -> None:
    """Give it the arguments; it need not read them."""
    pipe = transport.get_pipe_transport(_STDIN)
    assert isinstance(pipe, asyncio.WriteTransport)
    pipe.write(text.encode())
    pipe.close()


async def _end(transport: asyncio.SubprocessTransport, process: _Process) -> None:
    """End all of it, collect its status and close its pipes."""
    await asyncio.to_thread(end_all, transport.get_pid())
    pipe = transport.get_pipe_transport(_STDIN)
    if isinstance(pipe, asyncio.WriteTransport) and pipe.get_write_buffer_size():
        pipe.abort()  # else it waits for whoever holds the other end
    for happened in (process.is_over, process.is_gone):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GONE_WITHIN_S):
                await happened.wait()
        transport.close()


@contextlib.asynccontextmanager
async def working_folder(chosen: str) -> AsyncIterator[str]:
    """The chosen folder, or an empty one that is removed afterwards."""
    if chosen:
        yield chosen
        return
    made = await asyncio.to_thread(tempfile.mkdtemp, prefix="tool-")
    try:
        yield made
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, made, ignore_errors=True))
