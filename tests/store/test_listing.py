"""What lists are made of is found without a look at every message."""

import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.store.values import answer
from tui_chat.core.search_query import ALL
from tui_chat.core.tree import Conversation
from tui_chat.store.listing import read_models, read_summaries, read_summary
from tui_chat.store.sqlite import SqliteStore

READS: dict[str, Callable[[sqlite3.Connection], object]] = {
    "list": lambda connection: read_summaries(connection, 10, ALL),
    "one": lambda connection: read_summary(connection, "c"),
    "models": read_models,
}


def steps(connection: sqlite3.Connection, read: Callable[[sqlite3.Connection], object]) -> int:
    """Steps of SQLite's machine, in tens."""
    taken = count()
    connection.set_progress_handler(lambda: next(taken) < 0, 10)
    assert read(connection)
    connection.set_progress_handler(None, 0)
    return next(taken)


async def filled(path: Path, messages: int) -> sqlite3.Connection:
    store = SqliteStore(path)
    nodes = [answer(f"a{number}", at=float(number)) for number in range(messages)]
    await store.add(Conversation("c", 1.0, head_id=nodes[-1].id), nodes)
    await store.close()
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO models VALUES ('never/answered')")
    return connection


@pytest.mark.parametrize("read", READS.values(), ids=READS)
async def test_reading_takes_no_longer_where_there_are_many_messages(
    tmp_path: Path, read: Callable[[sqlite3.Connection], object]
) -> None:
    few, many = await filled(tmp_path / "few.db", 10), await filled(tmp_path / "many.db", 1_000)
    assert steps(many, read) <= steps(few, read) + 2
    few.close()
    many.close()
