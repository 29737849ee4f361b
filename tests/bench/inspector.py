"""What the tool inspector costs: keys while 500 KB of arguments arrive in pieces of five bytes and it is open.

    python -m tests.bench.inspector            about a minute; exit status 1 where a target is missed
    python -m tests.bench.inspector --quick    seconds on few pieces; judges nothing

The arguments are a program in a long text, as a model writes a file, in the whole program at 120 columns, where the
inspector stands beside the transcript. Keep the machine quiet while it runs. How much work the parts do in all is
counted in `tests/ui/panes/test_inspector_work.py`.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from time import monotonic

from tests.bench.conversation import RealClock, Say, chat_running, keys, wait_until
from tests.bench.targets import Target, tuned
from tests.fakes import make_services
from tui_chat.chat.services import Services
from tui_chat.core.request import Request, ToolDefinition
from tui_chat.core.stream_events import Connected, Outcome, Started, Stopped, StreamEvent, ToolCallDelta
from tui_chat.ui.panes.tool_inspector import ToolInspector

KEY_MS = 16.0
PIECE = 5
SETTLED_S = 0.7
"""Seconds after which the inspector that was opened stands."""
TOOL = ToolDefinition(
    "write_file",
    "Writes a file",
    {
        "type": "object",
        "properties": {"path": {"type": "string"}, "content": {"type": "string", "maxLength": 10_000_000}},
        "required": ["path", "content"],
        "additionalProperties": False,
    },
)
_LINE = "    if value is not None:  # line {}\n        return {{'value': value, 'at': {}}}\n"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    arguments_bytes: int
    pieces_per_second: int
    keys: int


FULL = Size(500_000, 4_000, 100)
QUICK = Size(20_000, 4_000, 4)


def arguments(size_bytes: int) -> str:
    """Arguments of at least this size with one long text in them."""
    lines = (_LINE.format(at, at) for at in range(size_bytes // 60))
    return json.dumps({"path": "src/values.py", "content": "".join(lines)})


class CallingCompleter:
    """Streams one call at a pace, until it is whole."""

    def __init__(self, size: Size) -> None:
        self._text = arguments(size.arguments_bytes)
        self._per_second = size.pieces_per_second
        self.sent = 0
        """Characters of the arguments."""

    @property
    def share(self) -> float:
        """The part of the arguments that was sent."""
        return self.sent / len(self._text)

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Pieces when they are due."""
        del request
        yield Connected()
        yield Started("r", "bench/model")
        yield ToolCallDelta(0, "call_1", "write_file", "")
        began = monotonic()
        while self.sent < len(self._text):
            due = int((monotonic() - began) * self._per_second) * PIECE
            while self.sent < min(due, len(self._text)):
                yield ToolCallDelta(0, "", "", self._text[self.sent : self.sent + PIECE])
                self.sent += PIECE
            await asyncio.sleep(0.002)
        yield Stopped(Outcome.COMPLETE, "tool_calls")

    async def close(self) -> None:
        """Nothing is kept."""


async def measure(size: Size, say: Say) -> list[Target]:
    """Keys while the first arguments arrive, and while the last do."""
    completer = CallingCompleter(size)
    made = make_services(completer)  # type: ignore[arg-type]  # it asks for the scripted one by name
    services = Services(
        made.gateway,
        completer,
        made.catalog,
        made.store,
        RealClock(),
        made.new_id,
        "bench/model",
        tools=(TOOL,),
    )
    say(f"\n{size.arguments_bytes // 1000:,} KB of arguments in pieces of {PIECE} bytes\n")
    say(f"{'':36}{'key p50':>8}{'p95':>8}{'max':>8}{'stall':>8}  ms")
    targets: list[Target] = []
    async with chat_running(services) as (chat, terminal):
        with tuned():
            await keys(terminal, chat, say, "while idle", size.keys)
            chat.dispatch.ask("Write it")
            await wait_until(lambda: bool(chat.query(ToolInspector)))
            await asyncio.sleep(SETTLED_S)
            for name, since in (("from the beginning on", 0.0), ("of the last third", 0.67)):
                await wait_until(lambda since=since: completer.share >= since)  # type: ignore[misc]  # bound for each
                p95, _ = await keys(terminal, chat, say, name, size.keys)
                targets.append(
                    Target(f"a key on screen, p95, {name}, within {KEY_MS:.0f} ms", f"{p95:.1f} ms", p95 <= KEY_MS)
                )
            say(f"\n  sent while that was measured: {completer.share:.0%}")
    return targets


def main(given: list[str] | None = None) -> int:
    """Print the table; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.inspector", description="Measures the tool inspector.")
    parser.add_argument("--quick", action="store_true", help="few pieces, nothing is judged")
    is_quick = parser.parse_args(given).quick
    lines: list[str] = []
    targets = asyncio.run(measure(QUICK if is_quick else FULL, lines.append))
    print("\n".join(lines))
    if is_quick:
        return 0
    print("\nTargets")
    for target in targets:
        print(f"  {'met   ' if target.is_met else 'MISSED'}  {target.claim}: {target.measured}")
    return 0 if all(target.is_met for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())
