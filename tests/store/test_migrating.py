"""A file of an earlier form: it opens with all that it holds, and is kept as it was until a start went well."""

# ruff: noqa: ASYNC240 (what blocks here is the test looking at its own files)

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from tui_chat.core.parts import Reasoning, Text, ToolCall
from tui_chat.core.tree import Conversation, Node
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
