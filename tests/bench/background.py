"""One conversation that streams in sight, against six that stream, five of them out of sight.

    python -m tests.bench.background      about two minutes; exit status 1 where a target is missed

Both in the whole program with its real client and store, each answer at 200 tokens a second from a gateway in a
process of its own, on the loopback interface. They take turns, and of all rounds the best counts.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, process_time

from tests.bench.answers import Answer
from tests.bench.conversation import RealClock, Say, chat_running, keys, wait_until
from tests.bench.corpus import text_event
from tests.bench.targets import Target, tuned
from tests.fakes import FakeCatalog
from tui_chat.chat.services import Gateway, Services
from tui_chat.chat.session import Session
from tui_chat.client.http import HttpConnection
from tui_chat.client.stream import HttpCompleter
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.store.sqlite import SqliteStore
from tui_chat.wiring.sources import new_id

TOKENS_PER_S = 200
MANY = 6
MOST_CPU = 2.5
MOST_KEY = 1.5
"""Latency of a key, as a multiple of what it is with one; within it a measurement is the same."""
ROUNDS = 3
SECONDS = 6.0
KEYS = 100
_TICK_S = 0.005
_SERVE = "--serve"
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True)
class Load:
    """What so many conversations took."""

    cpu_percent: float
    """Of a core, while no key was pressed."""
    key_ms: float
    """The 95th percentile."""


async def measure(say: Say, base_url: str) -> list[Target]:
    """Measure one conversation, then six."""
    say(f"\n{TOKENS_PER_S} tokens/s each\n\n{'':36}{'key p50':>8}{'p95':>8}{'max':>8}{'stall':>8}  ms")
    ones, sixes = [], []
    for _ in range(ROUNDS):
        ones.append(await _load(say, base_url, 1))
        sixes.append(await _load(say, base_url, MANY))
    one, six = _best(ones), _best(sixes)
    cpu, key = six.cpu_percent / one.cpu_percent, six.key_ms / one.key_ms
    say(f"\n  {'one, in sight':34}{one.cpu_percent:8.1f} % of a core")
    say(f"  {f'{MANY}, {MANY - 1} of them out of sight':34}{six.cpu_percent:8.1f} % of a core")
    say(f"  {'ratios':34}{cpu:8.2f} of CPU, {key:.2f} of the p95 of a key's time")
    return [
        Target(f"{MANY} take at most {MOST_CPU} times the CPU of one", f"{cpu:.2f}", cpu <= MOST_CPU),
        Target(f"keys with {MANY} as with one (at most {MOST_KEY} times)", f"{key:.2f}", key <= MOST_KEY),
    ]


def _best(loads: list[Load]) -> Load:
    return Load(min(load.cpu_percent for load in loads), min(load.key_ms for load in loads))


async def _load(say: Say, base_url: str, many: int) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        clock = RealClock()
        http = HttpConnection(base_url, environ={})
        services = Services(
            gateway=Gateway(base_url, is_demo=False, has_key=False),
            completer=HttpCompleter(http, OpenAIChat(), now=clock.now, random=lambda: 0.5),
            catalog=FakeCatalog(),
            store=SqliteStore(Path(folder) / "conversations.db"),
            clock=clock,
            new_id=new_id,
            default_model="bench/model",
        )
        async with chat_running(services) as (chat, terminal):
            with tuned():
                for number in range(many):
                    if number:
                        await chat.open(Session.new(services))
                    chat.dispatch.ask("Go on")
                    await wait_until(lambda: bool(chat.opened.shown.progress().characters))
                await asyncio.sleep(1.0)
                began = process_time()
                await asyncio.sleep(SECONDS)
                cpu_percent = (process_time() - began) / SECONDS * 100
                key_ms, _ = await keys(terminal, chat, say, f"{many} at work", KEYS)
                assert len(chat.opened.running) == many
            await chat.settle()
        await services.close()
    return Load(cpu_percent, key_ms)


# The gateway


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Stream a token when it is due, for as long as anybody listens."""
    await reader.readuntil(b"\r\n\r\n")
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
        targets = asyncio.run(measure(lambda line: print(line, file=sys.__stdout__, flush=True), base_url))
    print("\nTargets")
    for target in targets:
        print(f"  {'met   ' if target.is_met else 'MISSED'}  {target.claim}: {target.measured}")
    return int(not all(target.is_met for target in targets))


if __name__ == "__main__":
    if _SERVE in sys.argv:
        asyncio.run(_serve())
    else:
        sys.exit(main())
