"""What only a file can lose: modes, locks, full disks, damaged and newer files."""

# ruff: noqa: ASYNC240 (what blocks here is the test looking at its own files)

import asyncio
import contextlib
import os
import re
import resource
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.store.looking import look_for
from tests.store.values import answer, conversations, question
from tui_chat.chat.ports import TimedEvent
from tui_chat.core.errors import StoreError
from tui_chat.core.parts import Message, Role, Text
from tui_chat.core.stream_events import Outcome, TextDelta
from tui_chat.core.tree import Conversation, Node
from tui_chat.store.failures import store_error
from tui_chat.store.migrations import MIGRATIONS
from tui_chat.store.sqlite import SqliteStore

NOBODY = 65534
CONVERSATION = Conversation("c1", 1.0, "Title", "m", "", "q")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "data" / "conversations.db"


async def filled(path: Path, now: float = 1000.0) -> SqliteStore:
    """A store with one conversation, whose answer is still being written."""
    store = SqliteStore(path, now=lambda: now, busy_timeout_s=0.05)
    await store.save_conversation(CONVERSATION)
    await store.save_node("c1", question())
    await store.save_node("c1", answer(text="", outcome=None))
    return store


def outcome_of(node: Node) -> Outcome | None:
    assert node.answer is not None
    return node.answer.outcome


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversations())
def test_every_value_comes_back_from_the_file_as_it_was(
    tmp_path: Path, saved: tuple[Conversation, tuple[Node, ...]]
) -> None:
    async def there_and_back() -> tuple[Conversation, tuple[Node, ...]]:
        store = SqliteStore(tmp_path / "c.db")
        conversation, nodes = saved
        await store.save_conversation(conversation)
        for node in nodes:
            await store.save_node(conversation.id, node)
        await store.close()
        found = await store.load(conversation.id)
        await store.delete(conversation.id)
        await store.close()
        return found

    assert asyncio.run(there_and_back()) == saved


async def test_half_a_surrogate_pair_does_not_keep_a_message_from_being_saved(path: Path) -> None:
    store = SqliteStore(path)
    await store.save_conversation(Conversation("c1", 1.0, "a\ud800"))
    await store.save_node("c1", Node("q", None, 1.0, Message(Role.USER, (Text("b\udfff \ud83c\udf89"),))))
    conversation, nodes = await store.load("c1")
    assert (conversation.title, nodes[0].message.text) == ("a\ufffd", "b\ufffd 🎉")
    await store.close()


async def test_only_the_owner_can_read_the_file_and_its_folders(path: Path) -> None:
    old = os.umask(0)
    try:
        store = await filled(path)
    finally:
        os.umask(old)
    names = sorted(os.listdir(path.parent))
    assert [re.sub("(?<=run-).*", "", name) for name in names] == [
        "conversations.db",
        "conversations.db-shm",
        "conversations.db-wal",
        "conversations.db.lock",
        "conversations.db.run-",
    ]
    assert {stat.S_IMODE((path.parent / name).stat().st_mode) for name in names} == {0o600}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, path.parent.parent)} == {0o700}
    await store.close()


async def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    await (await filled(path)).close()
    path.chmod(0o644)
    store = SqliteStore(path)
    await store.list()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await store.close()


async def test_nothing_is_touched_before_the_first_use(path: Path) -> None:
    store = SqliteStore(path)
    await store.close()
    assert not path.parent.exists()


async def test_the_event_loop_does_not_wait_for_a_locked_file(path: Path) -> None:
    await (await filled(path)).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = SqliteStore(path, busy_timeout_s=30)
    saving = asyncio.create_task(store.save_conversation(Conversation("c2", 1.0)))
    await asyncio.wait([saving], timeout=0.05)
    assert not saving.done()
    other.execute("ROLLBACK")
    other.close()
    await saving
    await store.close()


async def test_a_file_that_stays_locked_is_an_error_in_words_and_saving_works_afterwards(path: Path) -> None:
    store = await filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked") as caught:
        await store.save_node("c1", answer())
    assert caught.value.failure.retryable
    assert (await store.load("c1"))[1][1].message.text == ""
    other.execute("ROLLBACK")
    other.close()
    await store.save_node("c1", answer())
    assert (await store.load("c1"))[1][1] == answer()
    await store.close()


async def test_reading_does_not_wait_for_a_writer(path: Path) -> None:
    await (await filled(path)).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = SqliteStore(path, now=lambda: 1000.0, busy_timeout_s=0.0)
    assert (await store.load("c1"))[1][0] == question()
    assert [hit.node_id for hit in await look_for(store, "why")] == ["q"]
    other.close()
    await store.close()


async def test_a_save_is_carried_out_though_the_one_who_asked_was_cancelled(path: Path) -> None:
    gate = threading.Event()

    def slow_clock() -> float:
        assert gate.wait(10)
        return 1000.0

    await (await filled(path)).close()
    store = SqliteStore(path, now=slow_clock)
    writing = asyncio.create_task(store.save_node("c1", question("q2")))
    saving = asyncio.create_task(store.save_node("c1", answer()))
    await asyncio.sleep(0)
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert not writing.done()
    gate.set()
    await writing
    assert (await store.load("c1"))[1][1] == answer()
    await store.close()


async def test_closing_finishes_what_is_queued(path: Path) -> None:
    store = await filled(path)
    saves = [asyncio.create_task(store.save_node("c1", question(f"q{number}"))) for number in range(20)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*saves)
    assert len((await store.load("c1"))[1]) == 22
    await store.close()


def test_one_shot_loops_may_follow_each_other(path: Path) -> None:
    store = SqliteStore(path)
    asyncio.run(store.save_conversation(CONVERSATION))
    asyncio.run(store.save_node("c1", question()))
    assert asyncio.run(store.load("c1")) == (CONVERSATION, (question(),))
    asyncio.run(store.close())


async def test_a_full_disk_is_an_error_in_words_and_nothing_that_was_saved_is_harmed(path: Path) -> None:
    store = await filled(path)
    long_answer = answer(text="x" * 300_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
    try:
        with pytest.raises(StoreError, match=r"[Dd]isk") as caught:
            await store.save_node("c1", long_answer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.failure.retryable
    assert (await store.load("c1"))[1] == (question(), answer(text="", outcome=None))
    await store.save_node("c1", long_answer)
    assert (await store.load("c1"))[1][1] == long_answer
    await store.close()


@pytest.fixture
def path_of_a_plain_user() -> Iterator[Path]:
    """A place for a store, while the effective user is one whom file modes bind: they do not bind root."""
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as folder:
        if user == 0:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(folder) / "home" / "c.db"
        finally:
            os.seteuid(user)


async def test_a_folder_that_cannot_be_written_can_still_be_read(path_of_a_plain_user: Path) -> None:
    path = path_of_a_plain_user
    await (await filled(path)).close()
    path.parent.chmod(0o500)
    path.chmod(0o400)
    try:
        store = SqliteStore(path)
        assert (await store.load("c1"))[1][0] == question()
        assert [hit.node_id for hit in await look_for(store, "why")] == ["q"]
        with pytest.raises(StoreError, match="read-only"):
            await store.save_node("c1", answer())
        path.parent.chmod(0o700)
        path.chmod(0o600)
        await store.save_node("c1", answer())
        await store.close()
    finally:
        path.parent.chmod(0o700)


async def test_a_place_where_no_file_can_be_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "c.db", tmp_path):
        with pytest.raises(StoreError) as caught:
            await SqliteStore(path).list()
        assert caught.value.failure.advice


async def test_saving_works_again_once_the_place_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    store = SqliteStore(tmp_path / "home" / "c.db")
    with pytest.raises(StoreError):
        await store.save_conversation(CONVERSATION)
    (tmp_path / "home").unlink()
    await store.save_conversation(CONVERSATION)
    assert len(await store.list()) == 1
    await store.close()


@pytest.mark.parametrize(
    "garbage", [b"this is no database, but long enough to look like one" * 40, b"SQLite format 3\0"]
)
async def test_a_damaged_file_is_moved_aside_and_told_once(path: Path, garbage: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(garbage)
    store = SqliteStore(path, now=lambda: 0.0)
    await store.save_conversation(CONVERSATION)
    aside = path.with_name("conversations.db.corrupt-19700101T000000Z")
    assert aside.read_bytes() == garbage
    (notice,) = store.notices()
    assert str(aside) in notice
    assert store.notices() == ()
    assert len(await store.list()) == 1
    await store.close()


async def test_a_file_that_was_damaged_meanwhile_is_moved_aside_at_the_next_try(path: Path) -> None:
    before = await filled(path)
    await before.save_node("c1", answer())
    await before.close()
    store = SqliteStore(path, now=lambda: 1000.0)
    await store.latest_id()
    pages = path.stat().st_size // 4096
    with path.open("r+b") as file:
        file.write(b"garbage!" * 512 * pages)
    with pytest.raises(StoreError, match=r"damaged|not one"):
        await store.load("c1")
    await store.save_conversation(CONVERSATION)
    assert len(store.notices()) == 1
    await store.close()


async def test_two_damaged_files_of_one_second_do_not_meet(path: Path) -> None:
    path.parent.mkdir(parents=True)
    for garbage in (b"one" * 1000, b"two" * 1000):
        path.write_bytes(garbage)
        store = SqliteStore(path, now=lambda: 0.0)
        await store.list()
        await store.close()
    kept = sorted(other.read_bytes()[:3] for other in path.parent.glob("*.corrupt-*"))
    assert kept == [b"one", b"two"]


async def test_a_file_of_a_newer_program_is_left_as_it_is(path: Path) -> None:
    await (await filled(path)).close()
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.close()
    before = path.read_bytes()
    store = SqliteStore(path)
    for use in (store.list(), store.save_conversation(CONVERSATION), store.load("c1")):
        with pytest.raises(StoreError, match="newer tui-chat"):
            await use
    await store.close()
    assert path.read_bytes() == before


async def test_the_file_can_be_read_without_the_program(path: Path) -> None:
    store = await filled(path)
    await store.save_node("c1", answer(cost="0.000027"))
    await store.close()
    plain = sqlite3.connect(path)
    rows = plain.execute(
        "SELECT role, kind, json_extract(data, '$.text'), cost_usd, answers.model FROM nodes"
        " JOIN parts ON parts.node_seq = seq LEFT JOIN answers ON answers.node_seq = seq ORDER BY seq, position"
    ).fetchall()
    plain.close()
    assert rows == [
        ("user", "text", "Why?", None, None),
        ("assistant", "text", "Because.", "0.000027", "openai/gpt-4o-mini"),
    ]


async def test_what_was_deleted_is_not_left_in_the_file(path: Path) -> None:
    store = await filled(path)
    await store.save_node("c1", answer(text="xyzzyplugh"))
    assert b"xyzzyplugh" in path.read_bytes() + path.with_name("conversations.db-wal").read_bytes()
    await store.delete("c1")
    await store.close()
    assert b"xyzzyplugh" not in path.read_bytes()


async def test_an_index_that_another_program_could_not_keep_is_made_anew(path: Path) -> None:
    await (await filled(path)).close()
    without = SqliteStore(path, use_index=False)
    await without.save_node("c1", question(text="Reykjavík"))
    await without.close()
    store = SqliteStore(path)
    assert [hit.node_id for hit in await look_for(store, "reykjavik")] == ["q"]
    assert await look_for(store, "why") == ()
    await store.close()


async def test_a_silent_writer_is_shown_as_cut_and_its_own_save_still_counts(path: Path) -> None:
    writer = await filled(path, now=1000.0)
    await writer.append_journal("c1", "a", [TimedEvent(0.1, TextDelta("Half"))])
    early, late = SqliteStore(path, now=lambda: 1014.0), SqliteStore(path, now=lambda: 1016.0)
    assert outcome_of((await early.load("c1"))[1][1]) is None
    shown = (await late.load("c1"))[1][1]
    assert (outcome_of(shown), shown.message.text) == (Outcome.TRUNCATED, "Half")
    await writer.append_journal("c1", "a", [TimedEvent(0.2, TextDelta(" and whole"))])
    assert (await late.load("c1"))[1][1].message.text == "Half and whole"
    await writer.save_node("c1", answer())
    assert (await late.load("c1"))[1][1] == answer()
    for store in (writer, early, late):
        await store.close()


async def test_an_answer_given_up_long_ago_is_closed_on_disk(path: Path) -> None:
    store = await filled(path, now=1000.0)
    await store.append_journal("c1", "a", [TimedEvent(0.1, TextDelta("Half of xylophone"))])
    await store.close()
    later = SqliteStore(path, now=lambda: 5000.0)
    assert [hit.node_id for hit in await look_for(later, "xylophone")] == ["a"]
    assert len(await later.spent()) == 1
    await later.close()


async def test_a_damaged_row_is_an_error_of_its_conversation_alone(path: Path) -> None:
    store = await filled(path)
    await store.append_journal("c1", "a", [TimedEvent(0.1, TextDelta("before"))])
    await store.save_conversation(Conversation("c2", 1.0, head_id="q"))
    await store.save_node("c2", question())
    await store.close()
    with sqlite3.connect(path) as raw:
        raw.execute('INSERT INTO journal (node_seq, events) VALUES (2, \'[[1,{"type":"warp"}]]\')')
    raw.close()
    store = SqliteStore(path, now=lambda: 1000.0)
    assert (await store.load("c1"))[1][1].message.text == "before"
    await store.close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE parts SET data = '{' WHERE node_seq = 1")
    raw.close()
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="cannot be read"):
        await store.load("c1")
    assert len(await store.list()) == 2
    assert (await store.load("c2"))[1] == (question(),)
    await store.close()


async def test_tools_of_a_preset_that_cannot_be_understood_are_off(path: Path) -> None:
    await (await filled(path)).close()
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("""UPDATE conversations SET preset_sampling = '{"tools": {"a": 1}, "seed": 3}'""")
        raw.commit()
    store = SqliteStore(path)
    conversation, _ = await store.load("c1")
    assert (conversation.preset_tools, conversation.preset_sampling.seed) == ((), 3)
    await store.close()


SQLITE_CODES = sorted(
    {
        value
        for name, value in vars(sqlite3).items()
        if name.startswith("SQLITE_") and isinstance(value, int) and 0 < value < 27 and name.isupper()
    }
)


@pytest.mark.parametrize("code", SQLITE_CODES)
def test_every_complaint_of_sqlite_becomes_words_and_advice(code: int) -> None:
    error = sqlite3.OperationalError("complaint")
    error.sqlite_errorcode = code | 256
    failure = store_error(error, Path("conversations.db")).failure
    assert failure.message.endswith(".")
    assert failure.advice.endswith(".")


async def test_what_cannot_be_added_whole_is_not_added_at_all(path: Path) -> None:
    store = await filled(path)
    nodes = [question(f"q{number}", "x" * 3000) for number in range(100)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
    try:
        with pytest.raises(StoreError):
            await store.add(Conversation("c2", 1.0), nodes)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [row.id for row in await store.list()] == ["c1"]
    await store.add(Conversation("c2", 1.0), nodes)
    assert len((await store.load("c2"))[1]) == 100
    await store.close()


async def test_a_run_that_is_over_is_known_at_once(path: Path) -> None:
    writer = await filled(path, now=1000.0)
    reader = SqliteStore(path, now=lambda: 1000.5)
    assert outcome_of((await reader.load("c1"))[1][1]) is None
    await writer.close()
    assert outcome_of((await reader.load("c1"))[1][1]) is Outcome.TRUNCATED
    await reader.close()
    assert list(path.parent.glob("*.run-*")) == []


async def test_whoever_stops_waiting_for_a_locked_file_is_not_kept(path: Path) -> None:
    store = await filled(path)
    await store.close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = SqliteStore(path, busy_timeout_s=60)
    saving = asyncio.create_task(waiting.save_node("c1", question("q2")))
    await asyncio.wait([saving], timeout=0.05)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(waiting.close(), 0.05)
    with pytest.raises(StoreError, match="locked"):
        await asyncio.wait_for(saving, 10)
    other.close()


async def test_a_look_at_a_very_long_message_reads_its_beginning(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "conversations.db")
    await store.save_conversation(Conversation("c1", 99.0))
    await store.save_node("c1", question(text="word " * 1_000_000))
    (node,) = (await store.around("c1", "q")).nodes
    assert node.message.text.startswith("word word")
    assert len(node.message.text) < 100_000
    await store.close()


async def test_a_conversation_is_never_there_without_the_message_that_it_was_saved_for(path: Path) -> None:
    store = SqliteStore(path)
    with pytest.raises(StoreError):
        await store.save(Conversation("c1", 1.0, "Title"), [question("\ud800")], before=None)
    assert await store.list() == ()
    await store.close()
