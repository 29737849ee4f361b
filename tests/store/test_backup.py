"""A copy of everything, made while others write."""

# ruff: noqa: ASYNC240 (what blocks here is the test looking at its own files)

import asyncio
import contextlib
import errno
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from tests.store.damaging import pages_of, root_of, spoil
from tests.store.looking import look_for
from tests.store.values import answer, question
from tui_chat.core.errors import StoreError
from tui_chat.core.tree import Conversation
from tui_chat.store.rescue import Rescued
from tui_chat.store.sqlite import SqliteStore


def ignore(share: float) -> None:
    """Nobody watches."""


async def fill(path: Path, count: int = 3, text: str = "Because.") -> SqliteStore:
    store = SqliteStore(path)
    for number in range(count):
        conversation = Conversation(f"c{number}", 1.0, head_id="a")
        await store.add(conversation, (question(), answer(text=text)))
    return store


async def test_a_copy_has_everything_and_is_a_home_of_its_own(tmp_path: Path) -> None:
    store = await fill(tmp_path / "conversations.db")
    backed_up = await store.back_up(tmp_path / "copy.db", ignore)
    assert (backed_up.conversations, backed_up.messages) == (3, 6)
    assert backed_up.size == (tmp_path / "copy.db").stat().st_size
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    await store.close()
    copy = SqliteStore(tmp_path / "copy.db")
    assert (await copy.load("c1"))[1] == (question(), answer())
    await copy.close()


async def test_a_copy_has_nothing_of_what_was_deleted_and_could_be_brought_back(tmp_path: Path) -> None:
    store = await fill(tmp_path / "conversations.db")
    await store.hide("c1")
    backed_up = await store.back_up(tmp_path / "copy.db", ignore)
    assert (backed_up.conversations, backed_up.messages) == (2, 4)
    await store.bring_back("c1")
    assert len(await store.list()) == 3
    await store.close()
    copy = SqliteStore(tmp_path / "copy.db")
    assert {row.id for row in await copy.list()} == {"c0", "c2"}
    assert {hit.conversation_id for hit in await look_for(copy, "because")} == {"c0", "c2"}
    await copy.close()


async def test_a_copy_shows_one_moment_while_others_write(tmp_path: Path) -> None:
    store = await fill(tmp_path / "conversations.db", count=40, text="x" * 20_000)
    writer = SqliteStore(tmp_path / "conversations.db")
    has_begun, may_go_on = threading.Event(), threading.Event()

    def wait(share: float) -> None:
        has_begun.set()
        may_go_on.wait(20)

    copying = asyncio.create_task(store.back_up(tmp_path / "copy.db", wait))
    await asyncio.to_thread(has_begun.wait, 20)
    await writer.delete("c0")
    await writer.add(Conversation("late", 2.0), (question(),))
    may_go_on.set()
    assert (await copying).conversations == 40
    assert len(await writer.list()) == 40
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM conversations WHERE id IN ('c0', 'late')").fetchone() == (1,)
    await writer.close()
    await store.close()


async def test_a_cancelled_copy_leaves_nothing(tmp_path: Path) -> None:
    store = await fill(tmp_path / "conversations.db", count=40, text="x" * 20_000)
    (tmp_path / "out").mkdir()
    has_begun, may_go_on = threading.Event(), threading.Event()

    def wait(share: float) -> None:
        has_begun.set()
        may_go_on.wait(20)

    copying = asyncio.create_task(store.back_up(tmp_path / "out" / "copy.db", wait))
    await asyncio.to_thread(has_begun.wait, 20)
    copying.cancel()
    asyncio.get_running_loop().call_soon(may_go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert list((tmp_path / "out").iterdir()) == []
    await store.close()


async def test_an_earlier_copy_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    store = await fill(tmp_path / "conversations.db")
    await store.back_up(tmp_path / "copy.db", ignore)
    await store.delete("c0")
    assert (await store.back_up(tmp_path / "copy.db", ignore)).conversations == 2
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "link.db").symlink_to(tmp_path / "copy.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE bookmarks (x)")
    for name in ("mine.txt", "link.db", "other.db", "", "missing/copy.db"):
        with pytest.raises(StoreError):
            await store.back_up(tmp_path / name, ignore)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    await store.close()


@pytest.mark.parametrize("table", ["parts", "answers", "nodes", "sqlite_master"])
async def test_an_earlier_copy_stays_where_the_file_turns_out_to_be_damaged(tmp_path: Path, table: str) -> None:
    store = await fill(tmp_path / "conversations.db")
    await store.back_up(tmp_path / "copy.db", ignore)
    await store.close()
    earlier = (tmp_path / "copy.db").read_bytes()
    spoil(tmp_path / "conversations.db", pages_of(tmp_path / "conversations.db", table)[-1])
    with pytest.raises(StoreError, match="was left as it is") as raised:
        await store.back_up(tmp_path / "copy.db", ignore)
    assert raised.value.failure.advice == "Give another name."
    assert (tmp_path / "copy.db").read_bytes() == earlier
    (notice,) = store.notices()
    assert "was damaged" in notice
    assert list(tmp_path.glob(".copy.db*")) == []
    await store.back_up(tmp_path / "other.db", ignore)
    await store.close()


async def test_a_damaged_file_is_mended_before_it_is_copied(tmp_path: Path) -> None:
    store = await fill(tmp_path / "conversations.db", count=40)
    await store.close()
    spoil(tmp_path / "conversations.db", root_of(tmp_path / "conversations.db", "answers"))
    assert (await store.back_up(tmp_path / "copy.db", ignore)).messages == 80
    (notice,) = store.notices()
    assert "40 conversations with 80 messages could be read" in notice
    with contextlib.closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    await store.close()


async def test_a_damaged_file_that_cannot_be_mended_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, now: float) -> Rescued:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("tui_chat.store.rescue.rescue", full)
    store = await fill(tmp_path / "conversations.db")
    await store.back_up(tmp_path / "copy.db", ignore)
    await store.close()
    earlier = (tmp_path / "copy.db").read_bytes()
    spoil(tmp_path / "conversations.db", root_of(tmp_path / "conversations.db", "parts"))
    for name in ("copy.db", "other.db"):
        with pytest.raises(StoreError, match="is damaged, and cannot be mended now"):
            await store.back_up(tmp_path / name, ignore)
    assert (tmp_path / "copy.db").read_bytes() == earlier
    assert not (tmp_path / "other.db").exists()
    await store.close()


async def test_a_place_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    store = await fill(tmp_path / "conversations.db")
    with pytest.raises(StoreError, match=r"^/proc/copy\.db cannot be written: "):
        await store.back_up(Path("/proc/copy.db"), ignore)
    await store.close()


async def test_a_file_is_not_copied_onto_itself(tmp_path: Path) -> None:
    store = await fill(tmp_path / "conversations.db")
    with pytest.raises(StoreError, match="itself"):
        await store.back_up(tmp_path / "conversations.db", ignore)
    assert len(await store.list()) == 3
    await store.close()


async def test_without_anything_saved_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="saved yet"):
        await SqliteStore(tmp_path / "home" / "conversations.db").back_up(tmp_path / "copy.db", ignore)
    assert list(tmp_path.iterdir()) == []
