"""A file of an earlier form: it opens with all that it holds, and is kept as it was until a start went well."""

# ruff: noqa: ASYNC240 (what blocks here is the test looking at its own files)

import asyncio
import contextlib
import sqlite3
import stat
from decimal import Decimal
from functools import reduce
from pathlib import Path

import pytest

from tests.store.looking import ids_found
from tests.store.values import answer, question
from tui_chat.chat.ledger import LedgerKind
from tui_chat.core.parts import Reasoning, Text, ToolCall
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Spending
from tui_chat.store import index
from tui_chat.store.index_text import apart, with_forms
from tui_chat.store.migrations import MIGRATIONS, migrate, version_of
from tui_chat.store.sqlite import SqliteStore

FIRST = """
INSERT INTO conversations VALUES ('c1', 1.0, 2.0, 'Title', 'm', '', 'a');
INSERT INTO nodes VALUES (1, 'c1', 'q', NULL, 1.0, 'user');
INSERT INTO nodes VALUES (2, 'c1', 'a', 'q', 2.0, 'assistant');
INSERT INTO parts VALUES (1, 0, 'text', '{"type":"text","text":"Why?"}');
INSERT INTO parts VALUES (2, 0, 'reasoning', '{"type":"reasoning","text":"hm","duration_s":0.5}');
INSERT INTO parts VALUES
  (2, 1, 'tool_call', '{"type":"tool_call","id":"call_0","name":"f","arguments":"{}","fragments":[[0.1,2]]}');
INSERT INTO answers (node_seq, requested_model, outcome, has_counts, retries, provider_data, writer_host, writer_pid,
  written_at) VALUES (2, 'm', 'complete', 0, 0, '{"provider":"\\"x\\""}', 'h', 1, 2.0);
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file of the first form."""
    path = tmp_path / "home" / "conversations.db"
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    migrate(connection, MIGRATIONS[:1])
    connection.executescript(FIRST)
    connection.close()
    return path


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return version_of(connection)
    finally:
        connection.close()


async def answer_in(path: Path) -> tuple[Conversation, Node]:
    store = SqliteStore(path)
    conversation, (_, answer) = await store.load("c1")
    await store.close()
    return conversation, answer


async def test_an_old_file_opens_with_all_that_it_holds(old: Path) -> None:
    asked, answer = await answer_in(old)

    assert answer.message.parts[0] == Reasoning("hm", 0.5)
    assert asked.tool_switches == ()
    (call,) = answer.message.tool_calls
    assert (call.id, call.name, call.is_id_ours, call.provider_data, call.flaw) == ("call_0", "f", False, (), "")
    assert isinstance(call, ToolCall)
    assert answer.answer is not None
    assert (answer.answer.provider_data, answer.answer.message_data) == ({"provider": '"x"'}, {})
    assert (answer.answer.gateway, answer.answer.left_out) == ("", ())


@pytest.mark.parametrize("form", range(1, len(MIGRATIONS)))
async def test_a_file_of_every_earlier_form_opens_with_what_was_billed_in_it(tmp_path: Path, form: int) -> None:
    path = tmp_path / "conversations.db"
    connection = sqlite3.connect(path)
    migrate(connection, MIGRATIONS[:1])
    connection.executescript(FIRST)
    connection.execute(
        "UPDATE answers SET has_counts = 1, prompt_tokens = 7, cost_usd = '0.3', cost_source = 'gateway'"
    )
    migrate(connection, MIGRATIONS[:form])
    if form >= 4:
        connection.execute(
            "INSERT INTO ledger (id, conversation_id, created_at, kind, requested_model, model, gateway, has_counts,"
            " cached_tokens, cost_usd, cost_source)"
            " VALUES ('t', 'c1', 3.0, 'title', 'm', 'm', '', 1, 5, '0.00000000000000000000000000004', 'estimate')"
        )
    connection.commit()
    connection.close()

    store = SqliteStore(path)
    spent, of_models = await store.spent(), await store.spent_by_model()
    (listed,) = await store.list()
    await store.close()

    assert {row.kind: (row.spending.usd, row.cached_tokens) for row in spent}[LedgerKind.ANSWER] == (
        Decimal("0.3"),
        None,
    )
    assert len(spent) == (2 if form >= 4 else 1)
    assert [(row.kind, row.spending) for row in spent] == [(each.kind, each.spending) for each in of_models]
    assert listed.spending == reduce(Spending.and_also, (row.spending for row in spent))
    if form >= 4:
        assert (spent[1].cached_tokens, str(spent[1].spending.usd), spent[1].spending.estimated) == (5, "4E-29", 1)


@pytest.mark.parametrize("at", [1, 50, 2_000])
async def test_a_change_of_form_that_is_cut_leaves_the_file_in_its_old_form(tmp_path: Path, at: int) -> None:
    path = tmp_path / "conversations.db"
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(connection, MIGRATIONS[:8])
    entered = [(f"{number}", number * 1_000.0) for number in range(50)]
    connection.executemany(
        "INSERT INTO ledger (id, conversation_id, created_at, kind, requested_model, model, gateway, has_counts,"
        " cost_usd, cost_source) VALUES (?, 'c', ?, 'answer', 'm', 'm', '', 0, '0.1', 'gateway')",
        entered,
    )
    steps = iter(range(10**9))
    connection.set_progress_handler(lambda: next(steps) >= at, 5)
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        migrate(connection)
    connection.set_progress_handler(None, 0)
    connection.close()

    connection = sqlite3.connect(path)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    assert (version(path), "spent_by_time" in tables, "spent" in tables) == (8, False, True)
    store = SqliteStore(path)
    assert sum(row.spending.usd for row in await store.spent()) == 5
    await store.close()


@pytest.mark.parametrize("text", ["A cre\u0300me tonight", "A crème tonight"])
async def test_an_index_of_letters_without_their_accents_is_made_anew_and_no_other(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "conversations.db"
    with monkeypatch.context() as before:
        before.setattr(index, "indexed_form", lambda text: with_forms(text, apart()))
        older = SqliteStore(path)
        await older.save_conversation(Conversation("c1", 1.0))
        await older.save_node("c1", question(text=text))
        await older.close()
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 9")

    store = SqliteStore(path)
    found = [await ids_found(store, "creme")]
    shares = [await store.tend()]
    while shares[-1] < 1:
        shares.append(await store.tend())
    found.append(await ids_found(store, "creme"))
    await store.close()

    assert found == [["q"], ["q"]]
    assert (len(shares) > 2) is ("è" not in text)


async def test_what_an_older_program_enters_that_still_runs_is_counted_by_the_next_that_writes(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    older = sqlite3.connect(path, isolation_level=None)
    migrate(older, MIGRATIONS[:8])
    store = SqliteStore(path)
    await store.save_conversation(Conversation("c1", 1.0))
    await store.save_node("c1", answer("a1", at=5.0, cost="0.5", model="m"))
    enter = (
        "INSERT OR REPLACE INTO ledger (id, conversation_id, created_at, kind, requested_model, model, gateway,"
        " has_counts, cost_usd, cost_source) VALUES (?, 'c1', ?, 'answer', 'm', ?, '', 0, ?, 'gateway')"
    )
    older.execute(enter, ("c1/a1", 5.0, "m2", "0.7"))
    older.execute(enter, ("x", 6.0, "m", "0.1"))
    older.execute("INSERT OR REPLACE INTO spent VALUES (?, ?, ?, ?, ?)", (0, "c1", "m", "", "{}"))
    older.close()

    await store.save_node("c1", answer("a2", at=7.0, cost="0.02", model="m"))
    expected = {"m": Decimal("0.12"), "m2": Decimal("0.7")}
    assert {row.model: row.spending.usd for row in await store.spent()} == expected
    assert {row.model: row.spending.usd for row in await store.spent_by_model()} == expected
    await store.close()


async def test_the_file_is_kept_as_it_was_until_the_next_start_that_went_well(old: Path) -> None:
    store = SqliteStore(old)
    await store.list()
    (notice,) = store.notices()
    backup = old.with_name("conversations.db.format-1")

    assert str(backup) in notice
    assert (version(backup), version(old)) == (1, len(MIGRATIONS))
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    await store.close()
    await store.list()
    await store.close()
    assert backup.exists()

    again = SqliteStore(old)
    await again.list()
    assert again.notices() == ()
    assert not backup.exists()
    await again.close()


async def test_a_backup_is_a_conversations_file(old: Path) -> None:
    store = SqliteStore(old)
    await store.list()
    await store.close()

    connection = sqlite3.connect(old.with_name("conversations.db.format-1"))
    rows = connection.execute("SELECT data FROM parts").fetchall()
    connection.close()
    assert Text("Why?").text in str(rows)
    assert len(rows) == 3


async def test_a_new_file_needs_no_backup(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "c.db")
    await store.list()
    await store.close()

    assert store.notices() == ()
    assert list(tmp_path.glob("*.format-*")) == []


async def test_an_older_program_may_write_on_while_the_file_is_brought_to_a_new_form(old: Path) -> None:
    older = sqlite3.connect(old, isolation_level=None)
    older.execute("PRAGMA journal_mode = WAL")
    older.execute("BEGIN IMMEDIATE")
    older.execute("INSERT INTO nodes VALUES (3, 'c1', 'q2', 'a', 3.0, 'user')")
    store = SqliteStore(old)
    listing = asyncio.create_task(store.list())
    await asyncio.wait([listing], timeout=0.05)
    assert not listing.done()
    older.execute("COMMIT")
    await listing
    older.execute(
        "INSERT INTO nodes (seq, conversation_id, id, parent_id, created_at, role)"
        " VALUES (4, 'c1', 'a2', 'q2', 4.0, 'assistant')"
    )
    older.execute(
        "INSERT INTO answers (node_seq, requested_model, outcome, has_counts, retries, provider_data, writer_host,"
        " writer_pid, written_at) VALUES (4, 'm', 'complete', 0, 0, '{}', 'h', 1, 2.0)"
    )
    older.close()
    assert [node.id for node in (await store.load("c1"))[1]] == ["q", "a", "q2", "a2"]
    await store.close()
