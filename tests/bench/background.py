"""One conversation that streams in sight, against six that stream, five of them out of sight.

    python -m tests.bench.background      half a minute; exit status 1 where a target is missed

The whole program, twice, each in a terminal of its own, with its real client and store; each answer at 200 tokens a
second from a gateway in a process of its own, on the loopback interface. Keys are pressed in both terminals by turns,
and waited for in what is written there, so that whatever else the machine does is the same for one and for six.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter
from typing import Final

from tests.bench.answers import Answer
from tests.bench.corpus import text_event
from tests.bench.screens import percentile
from tests.bench.targets import Target
from tests.pty.pty_terminal import PtyTerminal, environment

TOKENS_PER_S = 200
MANY = 6
MOST_CPU = 2.5
MOST_KEY = 1.5
"""Latency of a key, as a multiple of what it is with one; within it a measurement is the same."""
SECONDS = 6.0
KEYS = 150
_APART_S = 0.03
"""Between two keys, as from a quick typist."""
_REST_S = 0.2
_LOOK_S = 0.005
_PATIENCE_S = 5.0
_LETTERS: Final = "ЖЯЮФЩЙЪЫЭ"
"""Letters that no answer has, so that an echo is known by them."""
_TICK_S = 0.005
_SERVE = "--serve"
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
_MODELS = (
    b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"data": [{"id": "bench/model"}]}'
)


@dataclass(frozen=True)
class Load:
    """What so many conversations took."""

    cpu_percent: float
    """Of a core, while no key was pressed."""
    key_ms: float
    """The median."""
    high_ms: float
    """The 95th percentile."""


def measure(base_url: str) -> list[Target]:
    """Measure one conversation and six, side by side: what else the machine does hits both."""
    with tempfile.TemporaryDirectory() as folder:
        one, six = (_program(Path(folder), base_url, name) for name in ("one", "six"))
        with one, six:
            _begin(one, 1)
            _begin(six, MANY)
            _pass([one, six], 2.0)
            loads = _loads([one, six])
    print(f"\n{TOKENS_PER_S} tokens/s each\n\n{'':28}{'CPU':>8}{'key p50':>10}{'p95':>8}  ms")
    for name, load in zip(("one, in sight", f"{MANY}, {MANY - 1} of them out of sight"), loads, strict=True):
        print(f"  {name:26}{load.cpu_percent:8.1f}{load.key_ms:10.1f}{load.high_ms:8.1f}")
    cpu, key, high = (
        loads[1].cpu_percent / loads[0].cpu_percent,
        loads[1].key_ms / loads[0].key_ms,
        loads[1].high_ms / loads[0].high_ms,
    )
    print(f"  {'ratios':26}{cpu:8.2f}{key:10.2f}{high:8.2f}")
    return [
        Target(f"{MANY} take at most {MOST_CPU} times the CPU of one", f"{cpu:.2f}", cpu <= MOST_CPU),
        Target(f"keys with {MANY} as with one (median, at most {MOST_KEY} times)", f"{key:.2f}", key <= MOST_KEY),
        Target(f"the same of their 95th percentile (at most {MOST_KEY} times)", f"{high:.2f}", high <= MOST_KEY),
    ]


def _program(folder: Path, base_url: str, name: str) -> PtyTerminal:
    words = [sys.executable, "-m", "tui_chat", "--base-url", base_url, "--model", "bench/model"]
    return PtyTerminal(words, environment(folder, TUI_CHAT_HOME=str(folder / name)), 120, 40)


def _begin(terminal: PtyTerminal, many: int) -> None:
    """Let so many answers be written, all but the last of them out of sight."""
    terminal.wait_for("ready")
    for number in range(many):
        if number:
            terminal.send("/new\r")
            terminal.wait_for("ready")
        terminal.send("Go on\r")
        terminal.wait_for("writing", *([f"{number} at work"] if number else []))


def _loads(terminals: Sequence[PtyTerminal]) -> list[Load]:
    """Measure each, by turns where keys are pressed."""
    before, began = [_processor_s(each) for each in terminals], perf_counter()
    _pass(terminals, SECONDS)
    passed = perf_counter() - began
    used = [(_processor_s(each) - start) / passed * 100 for each, start in zip(terminals, before, strict=True)]
    taken: list[list[float]] = [[] for _ in terminals]
    for number in range(KEYS):
        for terminal, times in zip(terminals, taken, strict=True):
            times.append(_key_ms(terminal, _LETTERS[number % len(_LETTERS)]))
            _pass(terminals, _APART_S)
        if number % len(_LETTERS) == len(_LETTERS) - 1:
            for terminal in terminals:
                terminal.send("\x15")  # else each letter stands there already, and is not written again
            _pass(terminals, _REST_S)
    return [
        Load(cpu_percent, median(times), percentile(times, 0.95))
        for cpu_percent, times in zip(used, taken, strict=True)
    ]


def _processor_s(terminal: PtyTerminal) -> float:
    fields = Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pass(terminals: Sequence[PtyTerminal], seconds: float) -> None:
    """Read for so long, and look at nothing of it."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        for terminal in terminals:
            terminal.take(_LOOK_S)


def _key_ms(terminal: PtyTerminal, letter: str) -> float:
    """Milliseconds from a key until its letter is written."""
    began, read = perf_counter(), b""
    terminal.send(letter)
    while letter.encode() not in read:
        read += terminal.take(_LOOK_S)
        if perf_counter() - began > _PATIENCE_S:
            raise AssertionError(f"{letter} never came")
    return (perf_counter() - began) * 1000


# The gateway


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Stream a token when it is due, for as long as anybody listens."""
    if (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET"):
        writer.write(_MODELS)
        writer.close()
        return
    writer.write(_HEAD)
    answer, began, sent = Answer("prose"), monotonic(), 0
    try:
        while not writer.is_closing():
            due = int((monotonic() - began) * TOKENS_PER_S)
            for _ in range(due - sent):
                writer.write(text_event(answer.take(1)))
            sent = due
            await writer.drain()
            await asyncio.sleep(_TICK_S)
    except ConnectionError:
        pass


@contextmanager
def _gateway() -> Iterator[str]:
    """The base URL of a gateway that runs beside."""
    command = [sys.executable, "-m", "tests.bench.background", _SERVE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/ai"
        finally:
            process.kill()


def main() -> int:
    """Print the figures; 1 where a target is missed."""
    with _gateway() as base_url:
        targets = measure(base_url)
    print("\nTargets")
    for target in targets:
        print(f"  {'met   ' if target.is_met else 'MISSED'}  {target.claim}: {target.measured}")
    return int(not all(target.is_met for target in targets))


if __name__ == "__main__":
    if _SERVE in sys.argv:
        asyncio.run(_serve())
    else:
        sys.exit(main())
