"""Measures the memory that the program takes at its peak, in the worst cases that somebody else can bring about.

Beside the suite, because it takes minutes: `python -m tests.hardening.memory [worst | WORDS OF A CASE]`. `worst` are
those that stand for all, in one minute. Each case is a program of its own, which tells its peak when it ends; what it
saves is on disk. The exit status is 1 where one took more than `LIMIT_MB`.
"""

import asyncio
import json
import os
import pty
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from tests.gateways.fault import Caller, FaultGateway, Script
from tests.providers.streams import END_CALLS, call, calls, chunk, text

LIMIT_MB: Final = 300
PATIENCE_S: Final = 90.0
AT_REST_S: Final = 1.0
"""For what is still to be painted."""
FILE: Final = "conversation.json"
CUT: Final = b"longer than"
"""What is said of an answer that was cut at the limit."""
CUT_OFF: Final = 7
"""Exit status of an answer that is longer than can be kept."""
REFUSED: Final = 2
"""Exit status of an import that is none, or too large."""
_PEAK: Final = "peak"
_PROGRAM: Final = """
import sys
from pathlib import Path
from tui_chat.cli.main import main
peak = Path(sys.argv.pop(1))
try:
    status = main()
finally:
    peak.write_text(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
sys.exit(status)
"""
MEGABYTE: Final = 1_000_000


def peak_of(home: Path, *words: str, ends_with: Collection[int] = (0,)) -> float:
    """Run a command to its end, which must be one of these; its peak in MB."""
    nowhere = subprocess.DEVNULL
    run = subprocess.run(_argv(home, *words), cwd=home, env=_env(home), stdin=nowhere, stdout=nowhere, stderr=nowhere)
    assert run.returncode in ends_with, f"{words[:2]} ended with {run.returncode}"
    return _peak(home)


def _argv(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, str(home / _PEAK), *words]


def _env(home: Path) -> Mapping[str, str]:
    return {"TUI_CHAT_HOME": str(home), "PATH": "", "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def _peak(home: Path) -> float:
    return int((home / _PEAK).read_text()) / 1000


# What a gateway sends


def runaway(block: bytes, times: int, start: bytes = b"", end: bytes = b"") -> Script:
    """The same events over and over, as fast as they are taken."""

    async def script(caller: Caller) -> None:
        await caller.begin()
        await caller.write(start)
        for _ in range(times):
            await caller.write(block)
        await caller.write(end)

    return script


def said(character: str) -> Script:
    return runaway(text(character * 4000) * 100, 100)


def thought() -> Script:
    return runaway(chunk({"reasoning": "words " * 1000}) * 100, 100)


def one_call() -> Script:
    return runaway(calls(call("x" * 500_000, index=0)), 200, calls(call("", index=0, id="a", name="f")), END_CALLS)


def twenty_calls() -> Script:
    whole = [calls(call("x" * 5 * MEGABYTE, index=at, id=f"c{at}", name="f")) for at in range(20)]
    return runaway(b"".join(whole), 1, b"", END_CALLS)


def many_calls() -> Script:
    whole = [calls(call("{}", index=at, id=f"c{at}", name="f")) for at in range(100_000)]
    return runaway(b"".join(whole), 1, b"", END_CALLS)


# What somebody does with it


async def _served(script: Script, work: Callable[[str], float]) -> float:
    async with FaultGateway(script) as gateway:
        return await asyncio.to_thread(work, gateway.base_url)


def asked(script: Callable[[], Script], *flags: str) -> Callable[[Path], float]:
    """One answer in the shell."""

    def run(home: Path) -> float:
        def work(base_url: str) -> float:
            return peak_of(home, "ask", "hi", "-m", "m", "--base-url", base_url, *flags, ends_with=(CUT_OFF,))

        return asyncio.run(_served(script(), work))

    return run


def chatted(script: Callable[[], Script], *flags: str) -> Callable[[Path], float]:
    """One answer in the chat, which is left after it."""

    def run(home: Path) -> float:
        def work(base_url: str) -> float:
            with Terminal(_argv(home, "-m", "m", "--base-url", base_url, *flags), _env(home)) as terminal:
                terminal.wait_for(b"You:" if "--plain" in flags else b"Enter")
                terminal.send(b"hi\r")
                terminal.wait_for(CUT)
                time.sleep(AT_REST_S)
                terminal.send(b"\x04")
                terminal.wait_end()
            return _peak(home)

        return asyncio.run(_served(script(), work))

    return run


class Terminal:
    """A program in a terminal that throws away what it is shown, but for the end."""

    def __init__(self, argv: list[str], env: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True)
        os.close(slave)
        self._shown = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        os.close(self._master)

    def send(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def wait_for(self, words: bytes) -> None:
        end = time.monotonic() + PATIENCE_S
        while words not in self._shown.replace(b"\x1b[C", b" "):  # a blank that is there already is passed over
            if time.monotonic() > end or self._process.poll() is not None:
                raise AssertionError(f"{words!r} never came; this did: {self._shown[-2000:]!r}")
            time.sleep(0.02)

    def wait_end(self) -> None:
        self._process.wait(PATIENCE_S)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            self._shown = (self._shown + data)[-100_000:]


def exported(*texts: str) -> str:
    """A conversation in a file, with these questions."""
    nodes = [
        {"id": f"n{at}", "parent_id": f"n{at - 1}" if at else None, "created_at": 1.0,
         "message": {"role": "user", "parts": [{"type": "text", "text": text}]}, "answer": None}
        for at, text in enumerate(texts)
    ]  # fmt: skip
    conversation = {"id": "c1", "created_at": 1.0, "title": "T", "model": "m", "system": "", "head_id": nodes[-1]["id"]}
    return json.dumps({"format": "tui-chat/1", "conversation": conversation, "nodes": nodes}, ensure_ascii=False)


def imported(*texts: str, is_refused: bool = False) -> Callable[[Path], float]:
    """An import of such a conversation."""

    def run(home: Path) -> float:
        return _import(home, *texts, ends_with=REFUSED if is_refused else 0)

    return run


def imported_zeros(size: int) -> Callable[[Path], float]:
    """An import of a file that is none."""

    def run(home: Path) -> float:
        with (home / FILE).open("wb") as file:
            file.truncate(size)
        return peak_of(home, "history", "import", FILE, ends_with=(REFUSED,))

    return run


def afterwards(text: str, *words: str) -> Callable[[Path], float]:
    """Something that is done with a conversation of one message, once it is saved."""

    def run(home: Path) -> float:
        _import(home, text)
        return peak_of(home, "history", *words)

    return run


def opened_again(home: Path) -> float:
    """The chat with a message of the largest size."""
    _import(home, WORDS)
    argv = _argv(home, "-m", "m", "--base-url", "http://127.0.0.1:9/ai", "-r", "c1")
    with Terminal(argv, _env(home)) as terminal:
        terminal.wait_for(b"words")
        time.sleep(AT_REST_S)
        terminal.send(b"\x04")
        terminal.wait_end()
    return _peak(home)


def _import(home: Path, *texts: str, ends_with: int = 0) -> float:
    (home / FILE).write_text(exported(*texts))
    return peak_of(home, "history", "import", FILE, ends_with=(ends_with,))


class Case(NamedTuple):
    """What is done, and how."""

    name: str
    run: Callable[[Path], float]
    is_worst: bool = False
    """One of the few that stand for all."""


WORDS: Final = "words " * (32 * MEGABYTE // 6)
HORSES: Final = "🐎" * (8 * MEGABYTE)
CASES: Final = (
    Case("ask: one word without end", asked(partial(said, "x"), "--json"), is_worst=True),
    Case("ask: text in Han characters", asked(partial(said, "漢"), "--json"), is_worst=True),
    Case("ask: text in emoji", asked(partial(said, "🐎"), "--json"), is_worst=True),
    Case("ask: control characters", asked(partial(said, "\x01"), "--json")),
    Case("ask: quotes", asked(partial(said, '"'), "--json")),
    Case("ask: text", asked(partial(said, "ab cd "), "--json")),
    Case("ask: reasoning", asked(thought, "--json")),
    Case("ask: 100 MB of arguments", asked(one_call, "--json"), is_worst=True),
    Case("ask: 20 calls of 5 MB", asked(twenty_calls, "--json")),
    Case("ask: 100,000 calls", asked(many_calls, "--json")),
    Case("ask --stream-json: text", asked(partial(said, "x"), "--stream-json")),
    Case("ask --stream-json: arguments", asked(one_call, "--stream-json")),
    Case("ask, in words: text", asked(partial(said, "x"))),
    Case("ask, in words: arguments", asked(one_call)),
    Case("screen: text", chatted(partial(said, "ab cd ")), is_worst=True),
    Case("screen: reasoning", chatted(thought)),
    Case("screen: arguments", chatted(one_call)),
    Case("plain: text", chatted(partial(said, "ab cd "), "--plain")),
    Case("plain: reasoning", chatted(thought, "--plain")),
    Case("plain: arguments", chatted(one_call, "--plain")),
    Case("import: a message of 190 MB", imported("words " * (190 * MEGABYTE // 6), is_refused=True), is_worst=True),
    Case("import: a message of 40 MB", imported("words " * (40 * MEGABYTE // 6), is_refused=True)),
    Case("import: a message of 32 MB", imported(WORDS)),
    Case("import: 32 MB of emoji", imported(HORSES), is_worst=True),
    Case("import: zeros, 3 GB", imported_zeros(3_000 * MEGABYTE)),
    Case("import: zeros, 190 MB", imported_zeros(190 * MEGABYTE), is_worst=True),
    Case("saved: search", afterwards(WORDS, "search", "words"), is_worst=True),
    Case("saved: search of emoji", afterwards(HORSES, "search", "🐎")),
    Case("saved: show", afterwards(WORDS, "show", "c1")),
    Case("saved: export as JSON", afterwards(WORDS, "export", "c1", "--format", "json", "-o", "x.json"), is_worst=True),
    Case("saved: export as Markdown", afterwards(WORDS, "export", "c1", "-o", "x.md")),
    Case("saved: delete", afterwards(WORDS, "delete", "c1")),
    Case("saved: opened again on the screen", opened_again, is_worst=True),
)


def main(words: str) -> int:
    """Measure the cases whose names hold these words, those that stand for all, or all."""
    failed = 0
    for case in CASES:
        if not (case.is_worst if words == "worst" else words in case.name):
            continue
        began_s = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="memory-") as folder:
            try:
                peak_mb = case.run(Path(folder))
            except AssertionError as error:
                print(f"{case.name}: {error}", flush=True)
                failed += 1
                continue
        failed += peak_mb > LIMIT_MB
        print(f"{case.name:36}{peak_mb:6.0f} MB{time.monotonic() - began_s:8.1f} s", flush=True)
    print(f"{failed} failed; none may take more than {LIMIT_MB} MB")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
