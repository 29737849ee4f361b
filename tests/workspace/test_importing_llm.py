"""The `logs.db` of llm, on files that llm itself wrote, and on some that nobody should have."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.memory_store import MemoryStore
from tui_chat.core.errors import TranscriptError
from tui_chat.core.parts import Image, Reasoning, Role, Text, ToolCall, ToolResult
from tui_chat.core.tree import Node
from tui_chat.core.usage import TokenCounts
from tui_chat.workspace.importing import ImportedFile, import_file

LOGS = Path(__file__).parent.parent / "data" / "llm"
EVERY = ["0.13", "0.27.1", "0.36"]
NEWER = EVERY[1:]


async def imported(path: Path) -> tuple[ImportedFile, list[tuple[Node, ...]]]:
    """What came of the import, and the messages of each conversation."""
    store = MemoryStore()
    file = await import_file(store, path)
    return file, [(await store.load(one.conversation.id))[1] for one in file.conversations]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def logs(version: str) -> Path:
    return LOGS / f"logs-{version}.db"


@pytest.mark.parametrize("version", EVERY)
async def test_questions_and_answers_come_in_order(version: str) -> None:
    file, (first, *_) = await imported(logs(version))
    conversation = file.conversations[0].conversation
    assert (conversation.title, conversation.system, conversation.model) == (
        "When is high water?",
        "Be brief.",
        "echo-1",
    )
    assert [node.message.role for node in first] == [Role.USER, Role.ASSISTANT] * (len(first) // 2)
    assert [node.parent_id for node in first] == [None, *(node.id for node in first[:-1])]
    assert [node.message.text for node in first[:2]] == ["When is high water?", "Echo: When is high water?"]
    assert conversation.head_id == first[-1].id
    assert 1.7e9 < first[0].created_at < 2e9


@pytest.mark.parametrize("version", EVERY)
async def test_the_same_file_once_more_is_already_here(version: str) -> None:
    store = MemoryStore()
    first = await import_file(store, logs(version))
    second = await import_file(store, logs(version))
    assert (second.added, second.already) == (0, first.added)
    assert not store.ledger


@pytest.mark.parametrize("version", NEWER)
async def test_calls_have_their_results_and_tokens_are_counted(version: str) -> None:
    _, (_, calls) = await imported(logs(version))
    assert [node.message.role for node in calls] == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT]
    words, call = calls[1].message.parts
    assert words == Text("I look. ")
    assert isinstance(call, ToolCall)
    assert (call.id, call.name, call.flaw) == ("call_1", "tide", "")
    assert calls[2].message.parts == (ToolResult("call_1", "tide", "14:05"),)
    assert calls[3].answer is not None
    assert calls[3].answer.counts == TokenCounts(7, 3)


@pytest.mark.parametrize("version", NEWER)
async def test_pictures_come_with_their_bytes_and_fragments_with_their_text(version: str) -> None:
    _, (first, _) = await imported(logs(version))
    urls = [part.url for part in first[2].message.parts if isinstance(part, Image)]
    assert urls[0].startswith("data:image/png;base64,iVBOR")
    assert urls[1:] == ["https://tides.test/a.png"]
    assert "High water is at noon." in str(first[4].message.parts)
    assert first[4].message.text.endswith("Sum it up.")


async def test_thoughts_are_reasoning() -> None:
    _, (first, _) = await imported(logs("0.36"))
    assert first[1].message.parts[0] == Reasoning("A tide question.")


async def test_what_is_not_folded_in_yet_is_read_too_and_nothing_beside_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "logs.db"
    shutil.copy(logs("0.36"), path)
    writing = sqlite3.connect(path)
    writing.execute("PRAGMA journal_mode=WAL")
    writing.execute("UPDATE threads SET name = 'Not folded in'")
    writing.commit()
    before = contents(tmp_path)
    file, _ = await imported(path)
    assert file.conversations[0].conversation.title == "Not folded in"
    assert contents(tmp_path) == before
    writing.close()


@pytest.mark.parametrize("version", EVERY)
async def test_tables_and_columns_may_be_missing_and_more_of_them_there(tmp_path: Path, version: str) -> None:
    path = tmp_path / "logs.db"
    shutil.copy(logs(version), path)
    with sqlite3.connect(path) as changing:
        tables = {name for (name,) in changing.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        changing.execute("DROP VIEW IF EXISTS message_tree")
        for table in {"tool_calls", "tool_results", "attachments", "fragments"} & tables:
            changing.execute(f"DROP TABLE {table}")
        for table in {"responses", "turns"} & tables:
            changing.execute(f"ALTER TABLE {table} ADD COLUMN mood TEXT")
            changing.execute(f"ALTER TABLE {table} DROP COLUMN duration_ms")
    changing.close()
    assert (await import_file(MemoryStore(), path)).added


def made(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as making:
        for statement in statements:
            making.execute(statement)
    making.close()
    return path


RESPONSE = "INSERT INTO responses VALUES ('r', 'm', 'Hi', 'Ho', 'c')"
RESPONSES = "CREATE TABLE responses (id TEXT, model TEXT, prompt TEXT, response TEXT, conversation_id TEXT"


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (["CREATE TABLE bookmarks (x)"], "not the logs.db of llm"),
        ([f"{RESPONSES})"], "no conversation"),
        (["CREATE VIEW responses AS SELECT 'c' AS conversation_id"], "not the logs.db of llm"),
        ([f"{RESPONSES}, PRIMARY KEY (id)) WITHOUT ROWID", RESPONSE], "damaged"),
    ],
)
async def test_another_database_is_refused_in_words(tmp_path: Path, statements: list[str], why: str) -> None:
    with pytest.raises(TranscriptError, match=why):
        await import_file(MemoryStore(), made(tmp_path / "x.db", *statements))


async def test_a_column_that_is_worked_out_is_never_worked_out(tmp_path: Path) -> None:
    endless = "hex(zeroblob(100000))"
    columns = f"{RESPONSES}, reasoning TEXT GENERATED ALWAYS AS ({endless}) VIRTUAL)"
    _, ((question, answer),) = await imported(made(tmp_path / "x.db", columns, RESPONSE))
    assert (question.message.text, answer.message.text, answer.message.reasoning) == ("Hi", "Ho", "")


async def test_values_of_any_type_are_taken_for_what_they_should_be(tmp_path: Path) -> None:
    odd = "INSERT INTO responses VALUES (x'00ff', 9, x'ff', 'Ho', 'c')"
    _, ((answer,),) = await imported(made(tmp_path / "x.db", f"{RESPONSES})", odd))
    assert answer.message.text == "Ho"


@pytest.mark.parametrize("cut", [16, 100, 3000, 20_000])
async def test_a_torn_database_is_refused_in_words_or_read_as_far_as_it_goes(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "logs.db"
    path.write_bytes(logs("0.27.1").read_bytes()[:cut])
    with contextlib.suppress(TranscriptError):
        assert (await import_file(MemoryStore(), path)).added
