"""A file that turns out to be damaged in use: what can be read is kept, and every program goes on with that."""

# ruff: noqa: ASYNC240 (what blocks here is the test looking at its own files)

import asyncio
import contextlib
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from tests.store.damaging import pages_of, root_of, spoil
from tests.store.looking import look_for
from tests.store.values import answer, question
from tui_chat.chat.ledger import LedgerEntry, LedgerKind
from tui_chat.core.errors import StoreError
from tui_chat.core.tree import Conversation
from tui_chat.core.usage import Cost, CostSource
from tui_chat.store.finding import Piece, Search
from tui_chat.store.rescue import rescue
from tui_chat.store.sqlite import SqliteStore

COUNT = 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "conversations.db"


async def fill(path: Path, *, folded: bool = True) -> None:
    """Several conversations, each of a question and a long answer."""
    store = SqliteStore(path)
    for number in range(COUNT):
        await store.save_conversation(Conversation(f"c{number:02}", 1.0, f"Title {number}", head_id="a"))
        await store.save_node(f"c{number:02}", question(text=f"Why {number}?"))
        await store.save_node(f"c{number:02}", answer(text=f"Because of {number}. " * 200))
    if folded:
        await store.close()


async def texts(store: SqliteStore) -> dict[str, list[str]]:
    """The messages of each conversation that can be shown."""
    found = {}
    for row in await store.list():
        _, nodes = await store.load(row.id)
        found[row.id] = [node.message.text[:12] for node in nodes]
    return found


@pytest.mark.parametrize("table", ["parts", "nodes", "conversations", "answers", "search_text"])
async def test_a_damaged_page_costs_what_is_on_it_and_the_rest_is_carried_over(path: Path, table: str) -> None:
    await fill(path)
    spoil(path, pages_of(path, table)[-1])
    store = SqliteStore(path, now=lambda: 0.0)

    for number in range(COUNT):
        with contextlib.suppress(StoreError):
            await store.load(f"c{number:02}")
    await look_for(store, "because", limit=100)
    await store.save_conversation(Conversation("new", 2.0, head_id="q"))
    await store.save_node("new", question(text="And now?"))
    found = await texts(store)

    (notice,) = store.notices()
    aside = path.with_name("conversations.db.corrupt-19700101T000000Z")
    assert str(aside) in notice
    assert "could be read" in notice
    assert aside.exists()
    assert found["new"] == ["And now?"]
    whole = [id_ for id_, kept in found.items() if [text[:3] for text in kept] == ["Why", "Bec"]]
    assert len(whole) >= COUNT // 2
    await store.close()


async def test_asking_again_works_after_the_middle_of_the_file_was_overwritten(path: Path) -> None:
    await fill(path)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"x" * 6000)
    for number in range(2):
        store = SqliteStore(path)
        await store.save_conversation(Conversation(f"new{number}", 2.0, head_id="a"))
        await store.save_node(f"new{number}", question())
        await store.save_node(f"new{number}", answer())
        assert (await store.load(f"new{number}"))[1] == (question(), answer())
        await texts(store)
        await store.close()
    assert len(list(path.parent.glob("*.corrupt-*Z"))) == 1


async def test_words_that_only_the_search_still_has_are_given_back_to_their_message(path: Path) -> None:
    await fill(path)
    for page in pages_of(path, "parts"):
        spoil(path, page)
    store = SqliteStore(path)
    with contextlib.suppress(StoreError):
        await store.load("c00")
    _, nodes = await store.load("c00")
    assert [node.message.text[:3] for node in nodes] == ["Why", "Bec"]
    await store.close()


async def test_a_broken_search_index_is_made_anew_and_nothing_is_moved(path: Path) -> None:
    await fill(path)
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("DELETE FROM search_index_0_data WHERE id > 10")
        raw.commit()
    store = SqliteStore(path)
    assert len(await look_for(store, "because", limit=100)) == COUNT
    assert len(await store.list()) == COUNT
    assert list(path.parent.glob("*.corrupt-*")) == []
    await store.close()


async def test_a_search_that_meets_damage_finds_what_is_left(path: Path) -> None:
    await fill(path)
    spoil(path, root_of(path, "search_index_0_data"))
    store = SqliteStore(path)
    assert len(await look_for(store, "because", limit=100)) == COUNT
    (notice,) = store.notices()
    assert f"{COUNT} conversations with {2 * COUNT} messages" in notice
    await store.close()


async def test_a_search_begins_anew_where_another_program_replaces_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(path)
    store, replaced = SqliteStore(path), list[Path]()
    pieces = Search.pieces

    def replace_after(search: Search, connection: sqlite3.Connection) -> list[Piece]:
        found = pieces(search, connection)
        if not replaced:
            replaced.append(rescue(path, 0.0).aside)
        return found

    monkeypatch.setattr(Search, "pieces", replace_after)
    assert len(await look_for(store, "because", limit=100)) == COUNT
    assert replaced
    await store.close()


async def test_tables_are_read_where_the_end_of_their_list_is_damaged(path: Path) -> None:
    await fill(path)
    spoil(path, pages_of(path, "sqlite_master")[-1])
    store = SqliteStore(path)
    assert await texts(store) == {f"c{n:02}": [f"Why {n}?", f"Because of {n}."[:12]] for n in range(COUNT)}
    (notice,) = store.notices()
    assert f"{COUNT} conversations with {2 * COUNT} messages" in notice
    await store.close()


async def test_a_file_that_has_lost_its_end_keeps_the_rest(path: Path) -> None:
    await fill(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 10_000)
    store = SqliteStore(path)
    found = await texts(store)
    whole = [id_ for id_, kept in found.items() if [text[:3] for text in kept] == ["Why", "Bec"]]
    assert len(whole) >= COUNT // 2
    (notice,) = store.notices()
    assert f"{COUNT} conversations" in notice
    await store.close()


@pytest.mark.parametrize(
    "found", ["", "CREATE TABLE nodes (id TEXT)", "CREATE VIEW nodes AS SELECT 1 AS seq, 'q' AS id"]
)
async def test_a_table_that_is_missing_or_another_costs_no_other(path: Path, found: str) -> None:
    await fill(path)
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.executescript(f"DROP TABLE nodes; {found}")
    assert rescue(path, 0.0).conversations == COUNT


async def test_a_damaged_file_has_nothing_computed_when_it_is_read(path: Path) -> None:
    await fill(path)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS rowid, x AS name FROM n"
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("DROP TABLE labels")
        raw.execute(f"CREATE VIEW labels AS {endless}")
        raw.execute("DROP TABLE claims")
        raw.execute("CREATE VIRTUAL TABLE claims USING fts5(id)")
        raw.execute("INSERT INTO claims VALUES ('made by a module')")
        raw.commit()
    before = path.read_bytes()
    rescued = rescue(path, 0.0)
    assert (rescued.conversations, rescued.messages) == (COUNT, 2 * COUNT)
    assert rescued.aside.read_bytes() == before
    with contextlib.closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM claims").fetchone() == (0,)


async def test_a_row_with_a_key_beyond_all_keys_is_passed_over(path: Path) -> None:
    await fill(path)
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO journal SELECT ?, * FROM (SELECT 1, '[]')", (1 << 62,))
        raw.commit()
    assert rescue(path, 0.0).messages == 2 * COUNT


async def test_another_program_goes_on_in_the_new_file(path: Path) -> None:
    await fill(path)
    other = SqliteStore(path)
    await other.save_node("c00", question("q2", "Before?"))
    spoil(path, pages_of(path, "parts")[0])
    finder = SqliteStore(path)
    for number in range(COUNT):
        with contextlib.suppress(StoreError):
            await finder.load(f"c{number:02}")
    assert len(list(path.parent.glob("*.corrupt-*Z"))) == 1

    assert other.generation == 0
    await other.save_conversation(Conversation("later", 3.0, head_id="q"))
    await other.save_node("later", question(text="After?"))
    assert other.generation == 1

    assert (await finder.load("later"))[1][0].message.text == "After?"
    await finder.close()
    await other.close()


async def test_two_programs_that_find_the_damage_at_once_mend_it_once(path: Path) -> None:
    await fill(path)
    spoil(path, pages_of(path, "parts")[-1])
    stores = [SqliteStore(path, now=lambda: 0.0) for _ in range(3)]

    async def look(store: SqliteStore) -> None:
        for number in range(COUNT):
            with contextlib.suppress(StoreError):
                await store.load(f"c{number:02}")

    await asyncio.gather(*map(look, stores))

    assert sum(len(store.notices()) for store in stores) == 1
    assert len(list(path.parent.glob("*.corrupt-*Z"))) == 1
    for store in stores:
        await store.close()


async def test_a_log_that_is_taken_away_in_use_costs_nothing(path: Path) -> None:
    store = SqliteStore(path)
    await store.save_conversation(Conversation("c1", 1.0, head_id="a"))
    await store.save_node("c1", question())
    path.with_name("conversations.db-wal").unlink()
    await store.save_node("c1", answer())
    (notice,) = store.notices()
    assert "taken away" in notice
    await store.close()
    again = SqliteStore(path)
    assert (await again.load("c1"))[1] == (question(), answer())
    await again.close()


async def test_a_file_that_is_removed_in_use_is_made_again(path: Path) -> None:
    store = SqliteStore(path)
    await store.save_conversation(Conversation("c1", 1.0))
    for file in path.parent.iterdir():
        file.unlink()
    before = store.generation
    await store.save_conversation(Conversation("c2", 1.0))
    assert store.generation > before
    assert [row.id for row in await store.list()] == ["c2"]
    await store.close()


async def test_facts_that_are_lost_are_said_and_a_cost_that_is_unknown_is_not_zero(path: Path) -> None:
    await fill(path)
    store = SqliteStore(path)
    paid = answer(model="a/m", cost="0.25")
    await store.save(Conversation("paid", 2.0, head_id="a"), [question(), paid], before=None)
    title = Cost(Decimal("0.01"), CostSource.GATEWAY)
    await store.add_to_ledger(LedgerEntry("t", "paid", 5.0, LedgerKind.TITLE, "m", "m", "", None, title))
    await store.add(Conversation("brought", 3.0, head_id="a"), [question(), answer()])
    await store.close()
    for page in pages_of(path, "answers"):
        spoil(path, page)
    store = SqliteStore(path)
    with contextlib.suppress(StoreError):
        await store.load("paid")
    rows = {row.id: row.spending for row in await store.list()}
    assert (rows["paid"].usd, rows["paid"].is_known) == (Decimal("0.26"), True)
    assert not rows["brought"].is_known
    _, nodes = await store.load("paid")
    assert nodes[-1].answer is not None
    assert (nodes[-1].answer.model, nodes[-1].answer.counts) == ("a/m", paid.answer.counts if paid.answer else None)
    (notice,) = store.notices()
    assert f"Model, tokens and cost of {COUNT + 2} answers are lost, but for what the ledger has." in notice
    await store.close()
