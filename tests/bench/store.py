"""What the store costs from a thousand messages to a million.

    python -m tests.bench.store                        10^3 to 10^6 messages; some fifteen minutes, 2 GB
    python -m tests.bench.store --sizes 1000,10000     others
    python -m tests.bench.store --keep FOLDER          the files stay there, and are not made again
    python -m tests.bench.store --quick                a few seconds; judges nothing

Everything is done through `SqliteStore`, on a file that was just filled and so is in the machine's memory; of a search,
the median and the 95th percentile of a set of queries of its kind are told, of all else the median. What ought to be
flat is told as a multiple of the smallest store.

Each answer stands in the ledger with what it was billed, as if it had been asked here. The smallest store has all of
its messages within seven days, so what was spent in the last seven days is the same number of answers in every store,
and is compared; the last 30 days hold 4,320 messages where there are so many, and are compared from 10,000 on. All time
by conversation is a row for each conversation and day, which cannot be flat: it is told, and not judged.
"""

import argparse
import asyncio
import contextlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from tests.bench.store_corpus import MODELS, PER_CONVERSATION, Writer, conversations, han, word
from tests.fakes import FakeClock, make_services
from tui_chat.chat.ports import TimedEvent
from tui_chat.chat.session import Session
from tui_chat.core.search_query import read_query
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.tree import Conversation
from tui_chat.store.migrations import ADDED_UP, BILLED, migrate
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace.model_records import read_records
from tui_chat.workspace.usage_report import Span, read_report

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS: Final = 15
SEARCH_MS: Final = 200.0
FLAT: Final = 1.5
_LATER: Final = 4_000_000_000.0
_WEEK_S: Final = 7 * 86_400.0
LAST_DAYS: Final = "usage board: last 30 days"
RECORDS: Final = "models pane: cost, speeds of 30 days"
ALL_TIME: Final = "usage board: all time"
_OF_A_MONTH: Final = 10_000
"""Messages from which on a store has as many as any in the last 30 days."""

QUERIES: Final[Mapping[str, Sequence[str]]] = {
    "common word": [word(rank) for rank in range(20)],
    "word in some thousands": [word(rank) for rank in range(2_000, 2_020)],
    "rare word": [word(rank) for rank in range(190_000, 190_020)],
    "no such word": ["zzzzqqqx", "xxyyzzq", "qqqqqw"],
    "two common words": [f"{word(rank)} {word(rank + 1)}" for rank in range(20)],
    "common and rarer word": [f"{word(rank)} {word(rank + 3_000)}" for rank in range(20)],
    "two rarer words": [f"{word(rank)} {word(rank + 1)}" for rank in range(2_000, 2_020)],
    "one letter": list("etaoinshrdlcumwf"),
    "two letters": [word(rank)[:2] for rank in range(700, 720)],
    "three letters": [word(rank)[:3] for rank in range(900, 920)],
    "a word and one letter": [f"{word(rank)} {'etaoinshrdlcumwf'[rank % 16]}" for rank in range(1_000, 1_020)],
    "two characters of Chinese": [han(rank) for rank in (0, 1, 5, 30, 100, 700)],
    "one character of Chinese": [han(rank, 1) for rank in (0, 1, 5, 30, 100, 700, 2_500)],
    "signs": ["C++", "foo::bar", "std::vector", "C#", "--help", "$HOME", "node.js"],
    "word, model": [f"{word(rank)} model:{MODELS[rank % len(MODELS)]}" for rank in range(20)],
    "word, role": [f"{word(rank)} role:{'you' if rank % 2 else 'tool'}" for rank in range(20)],
    "word, since": [f"{word(rank)} since:2018" for rank in range(20)],
    "word, until": [f"{word(rank)} until:2017-08" for rank in range(20)],
    "word, cost": [f"{word(rank)} cost>0.0004" for rank in range(20)],
    "word, label": [f"{word(rank)} label:work" for rank in range(20)],
    "word, archived": [f"{word(rank)} archived:yes" for rank in range(20)],
    "word, has": [f"{word(rank)} has:call" for rank in range(20)],
    "in titles": [f"{word(rank)} in:title" for rank in range(20)],
}


class Row(NamedTuple):
    """A line of the table."""

    name: str
    median_ms: float
    high_ms: float | None = None
    """The 95th percentile, of a search."""


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1_000


async def _median(name: str, work: Callable[[int], Awaitable[object]], rounds: int) -> Row:
    return Row(name, statistics.median([await _timed(partial(work, at)) for at in range(rounds)]))


async def fill(path: Path, messages: int) -> None:
    """A store with so many messages and what their answers were billed, some of its conversations labelled or
    archived."""
    store = SqliteStore(path)
    for number, (conversation, nodes) in enumerate(conversations(messages)):
        await store.add(conversation, [])
        await store.add(conversation, nodes)
        if number % 40 == 0:
            await store.set_labels(conversation.id, ["work"])
        if number % 25 == 7:
            await store.set_archived(conversation.id, True)
    while await store.tend() < 1.0:
        pass
    await store.close()
    bill(path)


def bill(path: Path) -> None:
    """Enter the answers of a store in its ledger: an import, which fills it, enters none."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection)
        for table in ("ledger", "spent_by_time", "spent_by_model"):
            connection.execute(f"DELETE FROM {table}")
        timed = "UPDATE ledger SET first_token_s = 0.4, total_s = 2.5;"
        connection.executescript(f"BEGIN; {BILLED} {ADDED_UP} {timed} COMMIT;")


async def measure(path: Path, messages: int, rounds: int) -> list[Row]:
    """Every row of the table for one store."""
    rows = [await _median("open and list 50", lambda _: _open_and_list(path), rounds)]
    store = SqliteStore(path)
    await store.list(1)
    middle = f"c{messages // PER_CONVERSATION // 2:06}"
    rows.append(await _median("list 50", lambda _: store.list(50), rounds))
    rows.append(await _median("preview", lambda _: store.preview(middle), rounds))
    rows.append(await _median("resume 50 messages", lambda _: store.load(middle), rounds))
    rows.append(await _median("cut answers", lambda _: store.cut_questions(), rounds))
    rows += await _writing(store, rounds)
    rows += await _usage(store, rounds)
    rows += [await _search(store, kind, texts) for kind, texts in QUERIES.items()]
    await store.close()
    return rows


async def _open_and_list(path: Path) -> None:
    store = SqliteStore(path)
    await store.list(50)
    await store.close()


async def _usage(store: SqliteStore, rounds: int) -> list[Row]:
    now = (await store.list(1))[0].updated_at
    services = replace(make_services(store=store), clock=FakeClock(now))
    session = Session.new(services)
    return [
        await _median("usage of the last 7 days", lambda _: store.spent(now - _WEEK_S), rounds),
        await _median(LAST_DAYS, lambda _: read_report(session, Span.LATELY), rounds),
        await _median(ALL_TIME, lambda _: read_report(session), 3),
        await _median("what each model cost in all", lambda _: store.spent_by_model(), rounds),
        await _median(RECORDS, lambda _: read_records(services), rounds),
    ]


async def _writing(store: SqliteStore, rounds: int) -> list[Row]:
    writer = Writer(3)
    added = [writer.conversation(900_000 + at) for at in range(rounds)]
    added = [(msgspec.structs.replace(of, created_at=_LATER), nodes) for of, nodes in added]
    adding = await _median("add 50 messages", lambda at: store.add(*added[at]), rounds)
    ended = msgspec.structs.replace(added[0][1][1], id="growing", created_at=1.0)
    assert ended.answer is not None
    growing = msgspec.structs.replace(ended, answer=msgspec.structs.replace(ended.answer, outcome=None))
    home = Conversation("growing", 1.0)
    await store.save_conversation(home)
    await store.save_node(home.id, growing)
    deltas = [TimedEvent(0.1 * at, TextDelta("some words more ")) for at in range(20)]
    appending = await _median(
        "append what came in 0.5 s", lambda _: store.append_journal(home.id, "growing", deltas), rounds
    )
    saving = await _median("save an answer", lambda _: store.save_node(home.id, ended), rounds)
    deleting = await _median("delete 50 messages", lambda at: store.delete(added[at][0].id), rounds)
    await store.delete(home.id)
    return [adding, appending, saving, deleting]


async def _search(store: SqliteStore, kind: str, texts: Sequence[str]) -> Row:
    times: list[float] = []
    for _ in range(3):
        for text in texts:
            query = read_query(text, 1_700_000_000.0).query
            times.append(await _timed(partial(store.search, query)))
    times.sort()
    return Row(f"search: {kind}", statistics.median(times), times[int(len(times) * 0.95)])


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.store", description="Measures the store.")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of messages")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the files there, and take those that are there")
    parser.add_argument("--quick", action="store_true", help="small stores, nothing is judged")
    given = parser.parse_args(arguments)
    sizes = (100, 500) if given.quick else tuple(int(size) for size in given.sizes.split(","))
    with tempfile.TemporaryDirectory() as folder:
        columns = [_column(Path(given.keep or folder), size, 3 if given.quick else ROUNDS) for size in sizes]
    print(f"\n{'milliseconds, median (95th percentile)':40}" + "".join(f"{size:>18,}" for size in sizes))
    for rows in zip(*columns, strict=True):
        print(f"{rows[0].name:40}" + "".join(f"{_cell(row):>18}" for row in rows))
    return 0 if given.quick else _judge(columns, sizes)


def _column(folder: Path, messages: int, rounds: int) -> list[Row]:
    path = folder / f"{messages}" / "conversations.db"
    if not path.exists():
        began = time.perf_counter()
        asyncio.run(fill(path, messages))
        took = time.perf_counter() - began
        size = path.stat().st_size / messages
        print(
            f"{messages:>9,} messages in {took:.1f} s, {took / messages * 1e6:.0f} µs and {size:.0f} bytes each",
            flush=True,
        )
    return asyncio.run(measure(path, messages, rounds))


def _cell(row: Row) -> str:
    return f"{row.median_ms:.2f}" if row.high_ms is None else f"{row.median_ms:.1f} ({row.high_ms:.1f})"


def _judge(columns: Sequence[Sequence[Row]], sizes: Sequence[int]) -> int:
    is_met = True
    print(
        f"\nTargets: a search under {SEARCH_MS:.0f} ms, all else flat within {FLAT} from {sizes[0]:,} to {sizes[-1]:,}"
    )
    with_month = next((place for place, size in enumerate(sizes) if size >= _OF_A_MONTH), 0)
    for small, of_month, last in zip(columns[0], columns[with_month], columns[-1], strict=True):
        first = of_month if last.name in (LAST_DAYS, RECORDS) else small
        if last.name == ALL_TIME:
            print(f"  told    {last.name}: {last.median_ms:.0f} ms")
            continue
        if last.high_ms is not None:
            met, told = last.high_ms < SEARCH_MS, f"{last.high_ms:.0f} ms"
        else:
            met, told = (
                last.median_ms < max(FLAT * first.median_ms, first.median_ms + 0.2),
                (f"{last.median_ms / first.median_ms:.2f} times"),
            )
        print(f"  {'met   ' if met else 'MISSED'}  {last.name}: {told}")
        is_met = is_met and met
    return 0 if is_met else 1


if __name__ == "__main__":
    raise SystemExit(main())
