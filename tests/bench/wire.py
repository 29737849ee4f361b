"""How fast the wire is: bytes of an answer to the folded reply, beside what others do with the same bytes.

    python -m tests.bench.wire            about two minutes; exit status 1 where a target is missed
    python -m tests.bench.wire --quick    a few seconds on small streams; judges nothing

Everything is in memory and on the processor's clock, so neither a network nor another program is measured. The readers
take turns within a round, and of all rounds the best counts. Every reader's text is checked before it is timed.
"""

import argparse
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.bench.corpus import Corpus, corpus, cut_at_random, repeated, text_event, whole
from tests.bench.readers import READERS, folded

OURS, SDK, FLOOR = "tui-chat", "OpenAI SDK", "floor: json.loads"

TIMES_FASTER_THAN_SDK = 5.0
TIMES_THE_FLOOR = 2.5
LONG_TO_SHORT = 1.1
TIMES_THE_TEXT = 2.5
"""The pieces and what they are joined to stand side by side for a moment."""

_DELTA = "It was the best of times"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    chunks: int
    rounds: int
    long_chunks: int
    events: int
    """In the streams whose memory is measured."""


FULL = Size(chunks=20_000, rounds=5, long_chunks=1_000_000, events=1_000_000)
QUICK = Size(chunks=100, rounds=1, long_chunks=500, events=1_000)


@dataclass(frozen=True)
class Target:
    """A promise, and what was measured."""

    claim: str
    measured: str
    is_met: bool


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.wire", description="Measures the wire.")
    parser.add_argument("--quick", action="store_true", help="small streams, nothing is judged")
    is_quick = parser.parse_args(arguments).quick
    size = QUICK if is_quick else FULL
    targets = [*speed(size), *length(size), *memory(size)]
    if is_quick:
        return 0
    print("\nTargets")
    for target in targets:
        print(f"  {'met   ' if target.is_met else 'MISSED'}  {target.claim}: {target.measured}")
    return 0 if all(target.is_met for target in targets) else 1


def speed(size: Size) -> list[Target]:
    """The four readers side by side."""
    print(f"Bytes to folded reply, {size.chunks:,} chunks\n")
    print(f"{'':34}{'MB/s':>8}{'µs/chunk':>10}{'× floor':>9}{'SDK is':>11}")
    to_sdk: list[float] = []
    to_floor: list[float] = []
    for delta_chars in (40, 400):
        stream = corpus(size.chunks, delta_chars)
        reads = {"64 KiB reads": whole(stream.body), "random cuts": cut_at_random(stream.body, stream.event_bytes)}
        for cutting, pieces in reads.items():
            seconds = _side_by_side(stream, pieces, size.rounds)
            print(f"{delta_chars}-byte deltas, {cutting}")
            for name, taken_s in seconds.items():
                rate = len(stream.body) / taken_s / 1e6
                per_chunk = taken_s / size.chunks * 1e6
                ratio, gain = taken_s / seconds[FLOOR], seconds[SDK] / taken_s
                print(f"  {name:32}{rate:8.0f}{per_chunk:10.2f}{ratio:9.2f}{gain:10.1f}×")
            to_sdk.append(seconds[SDK] / seconds[OURS])
            to_floor.append(seconds[OURS] / seconds[FLOOR])
    slowest, farthest = min(to_sdk), max(to_floor)
    sdk_claim = f"at least {TIMES_FASTER_THAN_SDK}× faster than the SDK"
    floor_claim = f"at most {TIMES_THE_FLOOR}× the floor"
    return [
        Target(sdk_claim, f"{slowest:.1f}×", slowest >= TIMES_FASTER_THAN_SDK),
        Target(floor_claim, f"{farthest:.2f}×", farthest <= TIMES_THE_FLOOR),
    ]


def _side_by_side(stream: Corpus, pieces: list[bytes], rounds: int) -> dict[str, float]:
    for name, read in READERS.items():
        if read(stream, pieces) != stream.text:
            raise AssertionError(f"{name} read another text than was sent")
    best = dict.fromkeys(READERS, float("inf"))
    for _ in range(rounds):
        for name, read in READERS.items():
            best[name] = min(best[name], _seconds(partial(read, stream, pieces)))
    return best


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def length(size: Size) -> list[Target]:
    """What a chunk costs in a short stream and in a very long one: the same number of chunks in both."""
    short, long = 1_000, size.long_chunks
    event = text_event(_DELTA)
    best = {short: float("inf"), long: float("inf")}
    for _ in range(max(2, size.rounds - 2)):
        for chunks in best:
            best[chunks] = min(best[chunks], _seconds(partial(_fold_again, event, chunks, long // chunks)) / long)
    print("\nCost of a chunk by the length of the stream\n")
    for chunks, per_chunk_s in best.items():
        print(f"  {chunks:>9,} chunks{per_chunk_s * 1e6:10.2f} µs/chunk")
    ratio = best[long] / best[short]
    print(f"  ratio{ratio:22.2f}")
    return [
        Target(f"a long stream's chunk at most {LONG_TO_SHORT}× a short one's", f"{ratio:.2f}×", ratio <= LONG_TO_SHORT)
    ]


def _fold_again(event: bytes, chunks: int, times: int) -> None:
    for _ in range(times):
        folded(repeated(event, chunks))


def memory(size: Size) -> list[Target]:
    """The most that is allocated while an answer of very many events is read, beside the text that is kept."""
    kinds: dict[str, tuple[bytes, int | None]] = {
        "text, 64 KiB reads": (text_event(_DELTA), None),
        "text, a read each": (text_event(_DELTA), 1),
        "empty deltas": (text_event(""), None),
        "comments": (b": keep-alive\n\n", None),
    }
    print(f"\nMemory for {size.events:,} events\n")
    print(f"{'':22}{'text':>10}{'at the peak':>16}")
    targets: list[Target] = []
    for kind, (event, per_read) in kinds.items():
        text_mb, peak_mb = _peak(event, size.events, per_read)
        print(f"  {kind:20}{text_mb:7.1f} MB{peak_mb:13.1f} MB")
        most_mb = TIMES_THE_TEXT * text_mb + 1
        targets.append(
            Target(f"{kind}: at most {TIMES_THE_TEXT}× the text + 1 MB", f"{peak_mb:.1f} MB", peak_mb <= most_mb)
        )
    return targets


def _peak(event: bytes, events: int, per_read: int | None) -> tuple[float, float]:
    """Megabytes of text, and of everything that was allocated, at its peak."""
    gc.collect()
    tracemalloc.start()
    try:
        reply = folded(repeated(event, events, per_read))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return len(reply.text) / 1e6, peak_bytes / 1e6


if __name__ == "__main__":
    sys.exit(main())
