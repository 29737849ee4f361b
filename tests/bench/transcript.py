"""What the transcript costs: frames, memory, keys, in small answers and very long ones, beside Textual's Markdown.

    python -m tests.bench.transcript            about five minutes; exit status 1 where a target is missed
    python -m tests.bench.transcript --quick    seconds on small answers; judges nothing

Costs are the processor's time from handing over a piece of an answer until the frame that shows it has been encoded for
a terminal which only counts. Keep the machine quiet while it runs.
"""

import argparse
import asyncio
import gc
import subprocess
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import perf_counter, process_time

from textual.widgets import Markdown

from tests.bench import conversation
from tests.bench.answers import KINDS, Answer
from tests.bench.memory import resident_kb
from tests.bench.screens import Log, LogApp, MarkdownApp, Terminal, median, percentile, shown
from tests.bench.targets import Target, tuned

LONG_TO_SHORT = 1.3
TIMES_CHEAPER = 50.0
KB_PER_1K = 60.0
RESIZE_MS = 80.0
FIND_MS = 50.0
LINE_BYTES = 1_536
TRIES = 10
"""Tokens for each frame that is measured; a few of them, half a marker, change nothing on screen."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    short: int
    """Tokens, as are the next three."""
    long: int
    list_beside: int
    fence_beside: int
    memory: int
    frames: int
    beside_frames: int
    conversation: conversation.Size


FULL = Size(1_000, 1_000_000, 10_000, 100_000, 300_000, 120, 3, conversation.FULL)
QUICK = Size(300, 3_000, 300, 300, 3_000, 10, 2, conversation.QUICK)


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.transcript", description="Measures the transcript.")
    parser.add_argument("--quick", action="store_true", help="small answers, nothing is judged")
    parser.add_argument("--memory-of", nargs=2, metavar=("KIND", "TOKENS"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.memory_of:
        kind, tokens = options.memory_of
        print(asyncio.run(_resident_growth(kind, int(tokens))))
        return 0
    size = QUICK if options.quick else FULL
    parts: list[Callable[[Size], Coroutine[None, None, list[Target]]]] = [frames, beside, long_answers]
    targets: list[Target] = []
    for part in parts:
        targets += asyncio.run(part(size))
    targets += memory(size)
    lines: list[str] = []
    targets += asyncio.run(conversation.measure(size.conversation, lines.append))
    print("\n".join(lines))
    if options.quick:
        return 0
    print("\nTargets")
    for target in targets:
        print(f"  {'met   ' if target.is_met else 'MISSED'}  {target.claim}: {target.measured}")
    return 0 if all(target.is_met for target in targets) else 1


async def frames(size: Size) -> list[Target]:
    """What a frame with one more token costs, in a short answer and in a long one."""
    print(f"A frame with one more token, ms of CPU\n\n{'':18}{size.short:>12,}{size.long:>12,}{'ratio':>8}{'worst':>8}")
    targets: list[Target] = []
    for kind in KINDS:
        costs = {tokens: await _frame_costs(kind, tokens, size.frames) for tokens in (size.short, size.long)}
        short, long = median(costs[size.short]), median(costs[size.long])
        worst = max(costs[size.long], default=0.0)
        print(f"  {kind:16}{short:12.2f}{long:12.2f}{long / short:8.2f}{worst:8.1f}")
        targets.append(
            Target(
                f"a frame of {kind} at {size.long:,} tokens at most {LONG_TO_SHORT}× one at {size.short:,}",
                f"{long / short:.2f}×",
                long <= short * LONG_TO_SHORT,
            )
        )
    return targets


async def _frame_costs(kind: str, tokens: int, many: int) -> list[float]:
    app = LogApp()
    async with shown(app) as terminal:
        answer, log = Answer(kind), Log(app)
        log.feed(answer.take(tokens))
        await terminal.rest()
        with tuned():
            return await _costs(terminal, lambda: _feed(log, answer), many)


async def _feed(log: Log, answer: Answer) -> None:
    log.feed(answer.take(1))


async def _costs(terminal: Terminal, grow: Callable[[], Coroutine[None, None, None]], many: int) -> list[float]:
    """Milliseconds of CPU for each of so many frames.

    Raises:
        TimeoutError: most of what grew brought no frame.
    """
    costs: list[float] = []
    for _ in range(TRIES * many):
        terminal.clear()
        began = process_time()
        await grow()
        if await terminal.next():
            costs.append((terminal.driver.writes[-1].cpu_s - began) * 1000)
        if len(costs) == many:
            return costs
        await asyncio.sleep(0)
    raise TimeoutError(f"{len(costs)} of {many} frames came")


async def beside(size: Size) -> list[Target]:
    """The same text in Textual's Markdown."""
    print(
        f"\nBeside Textual's Markdown, ms of CPU for one more token\n\n{'':30}{'Markdown':>10}{'tui-chat':>10}{'×':>8}"
    )
    targets: list[Target] = []
    for kind, tokens in (("one list", size.list_beside), ("one fence", size.fence_beside)):
        theirs = median(await _markdown_costs(kind, tokens, size.beside_frames))
        ours = median(await _frame_costs(kind, tokens, size.frames))
        name = f"{tokens:,} tokens of {kind}"
        print(f"  {name:28}{theirs:10.1f}{ours:10.2f}{theirs / ours:8.0f}")
        targets.append(
            Target(
                f"{name} at least {TIMES_CHEAPER:.0f}× cheaper than Textual's Markdown",
                f"{theirs / ours:.0f}×",
                theirs >= ours * TIMES_CHEAPER,
            )
        )
    return targets


async def _markdown_costs(kind: str, tokens: int, many: int) -> list[float]:
    app = MarkdownApp()
    async with shown(app) as terminal:
        answer, widget = Answer(kind), app.query_one(Markdown)
        await widget.append(answer.take(tokens))
        await terminal.rest(1.0)

        async def grow() -> None:
            await widget.append(answer.take(1))

        return await _costs(terminal, grow, many)


async def long_answers(size: Size) -> list[Target]:
    """Resizing, finding and repainting one line in a very long answer."""
    print(f"\nAt {size.long:,} tokens\n\n{'':18}{'resize ms':>12}{'find ms':>12}{'line bytes':>12}{'widgets':>9}")
    resizes: list[float] = []
    finds: list[float] = []
    lines: list[float] = []
    widgets: set[int] = set()
    for kind in KINDS:
        app = LogApp()
        async with shown(app) as terminal:
            answer, log = Answer(kind), Log(app)
            widgets.add(len(app.query("*")))
            log.feed(answer.take(size.long // 2))
            log.feed(" needle " + answer.take(size.long // 2))
            await terminal.rest()
            lines.append(await _line_bytes(terminal, log, answer, size.frames))
            with tuned():
                resizes.append(max([await _resize_ms(terminal, width) for width in (90, 120, 100)]))
                finds.append(await _find_ms(app, log))
            widgets.add(len(app.query("*")))
        print(f"  {kind:16}{resizes[-1]:12.1f}{finds[-1]:12.1f}{lines[-1]:12,.0f}{max(widgets):9}")
    return [
        Target(
            f"resize at {size.long:,} tokens within {RESIZE_MS:.0f} ms",
            f"{max(resizes):.0f} ms",
            max(resizes) <= RESIZE_MS,
        ),
        Target(
            f"first hit in {size.long:,} tokens within {FIND_MS:.0f} ms", f"{max(finds):.0f} ms", max(finds) <= FIND_MS
        ),
        Target(
            f"at most {LINE_BYTES:,} bytes where only the last line changed",
            f"{max(lines):,.0f}",
            max(lines) <= LINE_BYTES,
        ),
        Target("as many widgets as at the start", str(sorted(widgets)), len(widgets) == 1),
    ]


async def _line_bytes(terminal: Terminal, log: Log, answer: Answer, many: int) -> float:
    """The most bytes of a frame in which the log did not move."""
    sizes: list[float] = []
    for _ in range(many):
        terminal.clear()
        before = log.view.virtual_size.height
        log.feed(answer.take(1))
        if await terminal.next() and log.view.virtual_size.height == before:
            sizes.append(sum(len(write.text.encode()) for write in terminal.driver.writes))
    return percentile(sizes, 0.95) if sizes else 0.0


async def _resize_ms(terminal: Terminal, width: int) -> float:
    """From the new size to the last byte of what is painted for it."""
    gc.collect()
    terminal.clear()
    began = perf_counter()
    terminal.driver.become(width, 40)
    writes = await terminal.rest(0.3)
    return (writes[-1].at_s - began) * 1000 if writes else float("inf")


async def _find_ms(app: LogApp, log: Log) -> float:
    """From the words to the first place known; the needle stands in the middle."""
    app.found = asyncio.Event()
    began = perf_counter()
    log.view.find("needle")
    async with asyncio.timeout(10):
        await app.found.wait()
    taken_ms = (perf_counter() - began) * 1000
    log.view.find("")
    return taken_ms


def memory(size: Size) -> list[Target]:
    """What a long answer adds to the process, streamed a token at a time; each kind in a process of its own."""
    print(f"\nMemory, KB for 1,000 tokens at {size.memory:,}\n")
    targets: list[Target] = []
    for kind in KINDS:
        command = [sys.executable, "-m", "tests.bench.transcript", "--memory-of", kind, str(size.memory)]
        grown_kb = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        each = grown_kb / size.memory * 1000
        print(f"  {kind:16}{each:8.1f}")
        targets.append(Target(f"1,000 tokens of {kind} in {KB_PER_1K:.0f} KB", f"{each:.1f} KB", each <= KB_PER_1K))
    return targets


async def _resident_growth(kind: str, tokens: int) -> float:
    app = LogApp()
    async with shown(app) as terminal:
        answer, log = Answer(kind), Log(app)
        log.feed(answer.take(100))
        await terminal.rest()
        gc.collect()
        before = resident_kb()
        for done in range(0, tokens, 64):
            for _ in range(min(64, tokens - done)):
                log.feed(answer.take(1))
            await asyncio.sleep(0.001)
            if done % 2_048 == 0:
                await terminal.next()
                terminal.clear()
        await terminal.rest()
        terminal.clear()
        gc.collect()
        return resident_kb() - before


if __name__ == "__main__":
    sys.exit(main())
