"""One conversation that streams in sight, against six that stream, five of them out of sight: `python -m
tests.bench.background`. Both in the whole program, each answer at 200 tokens a second."""

import asyncio
import sys
from dataclasses import dataclass
from time import process_time

from tests.bench.conversation import PacedCompleter, RealClock, Say, chat_running, keys, wait_until
from tests.bench.screens import Terminal
from tests.bench.targets import Target, tuned
from tests.fakes import make_services
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.ui.chat_screen.screen import ChatScreen

TOKENS_PER_S = 200
MANY = 6
MOST_CPU = 2.5
MOST_KEY = 1.5
"""Latency of a key, as a multiple of what it is with one; within it a measurement is the same."""


@dataclass(frozen=True)
class Load:
    """What so many conversations took."""

    cpu_percent: float
    """Of a core, keys not counted."""
    key_ms: float
    """The 95th percentile."""


async def measure(say: Say, *, seconds: float = 8.0, many_keys: int = 100) -> list[Target]:
    """Measure one conversation, then six."""
    say(f"\n{TOKENS_PER_S} tokens/s each\n\n{'':36}{'key p50':>8}{'p95':>8}{'max':>8}{'stall':>8}  ms")
    one = await _load(say, 1, seconds, many_keys)
    six = await _load(say, MANY, seconds, many_keys)
    cpu, key = six.cpu_percent / one.cpu_percent, six.key_ms / one.key_ms
    say(f"\n  {'one in sight':34}{one.cpu_percent:8.1f} % of a core")
    say(f"  {f'{MANY}, {MANY - 1} of them out of sight':34}{six.cpu_percent:8.1f} % of a core")
    say(f"  {'ratios':34}{cpu:8.2f} of CPU, {key:.2f} of a key's time")
    return [
        Target(f"{MANY} take at most {MOST_CPU} times the CPU of one", f"{cpu:.2f}", cpu <= MOST_CPU),
        Target(f"keys with {MANY} as with one (at most {MOST_KEY} times)", f"{key:.2f}", key <= MOST_KEY),
    ]


async def _load(say: Say, many: int, seconds: float, many_keys: int) -> Load:
    completer = PacedCompleter()
    completer.per_second = TOKENS_PER_S
    services = make_services(completer)  # type: ignore[arg-type]  # it asks for the scripted one by name
    services = Services(
        services.gateway, completer, services.catalog, services.store, RealClock(), services.new_id, "bench/model"
    )
    async with chat_running(services) as (chat, terminal):
        with tuned():
            for number in range(many):
                if number:
                    await chat.open(Session.new(services))
                await _begin(chat, terminal)
            began = process_time()
            await asyncio.sleep(seconds)
            cpu_percent = (process_time() - began) / seconds * 100
            key_ms, _ = await keys(terminal, chat, say, f"{many} at work", many_keys)
            assert len(chat.opened.running) == many
        completer.per_second = 0
        await wait_until(lambda: not chat.opened.running)
    return Load(cpu_percent, key_ms)


async def _begin(chat: ChatScreen, terminal: Terminal) -> None:
    chat.dispatch.ask("Go on")
    await wait_until(lambda: bool(chat.opened.shown.replay.characters))
    terminal.clear()


def main() -> int:
    """Print the figures; 1 where a promise is not kept."""
    targets = asyncio.run(measure(lambda line: print(line, file=sys.__stdout__, flush=True)))
    for target in targets:
        print(f"{'ok  ' if target.is_met else 'MISS'} {target.claim}: {target.measured}")
    return int(not all(target.is_met for target in targets))


if __name__ == "__main__":
    sys.exit(main())
