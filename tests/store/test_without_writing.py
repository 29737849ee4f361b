"""Reading where nothing can be written, and files that are not ours to write."""

# ruff: noqa: ASYNC240 (what blocks here is the test looking at its own files)

import contextlib
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.looking import look_for
from tests.store.values import answer, question
from tui_chat.core.errors import StoreError
from tui_chat.core.tree import Conversation
from tui_chat.store.migrations import MIGRATIONS, version_of
from tui_chat.store.ownership import APPLICATION_ID
from tui_chat.store.reading import open_to_read
from tui_chat.store.sqlite import SqliteStore


async def fill(path: Path) -> SqliteStore:
    store = SqliteStore(path)
    await store.save_conversation(Conversation("c1", 1.0, "Title", head_id="a"))
    await store.save_node("c1", question())
    await store.save_node("c1", answer())
    return store


async def check_readable(path: Path) -> None:
    store = SqliteStore(path)
    assert (await store.load("c1"))[1] == (question(), answer())
    assert [row.id for row in await store.list()] == ["c1"]
    assert [hit.node_id for hit in await look_for(store, "because")] == ["a"]
    assert len(await store.spent()) == 1
    assert store.notices() == ()
    await store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("no file system may be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill_up(disk: Path) -> None:
    with contextlib.suppress(OSError), (disk / "filling").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


async def test_a_full_disk_can_be_read(small_disk: Path) -> None:
    path = small_disk / "conversations.db"
    await (await fill(path)).close()
    fill_up(small_disk)
    await check_readable(path)
    store = SqliteStore(path)
    with pytest.raises(StoreError, match=r"[Dd]isk") as caught:
        await store.save_node("c1", question("q2", "x" * 100_000))
    assert "memory" not in caught.value.failure.advice
    (small_disk / "filling").unlink()
    await store.save_node("c1", question("q2"))
    await store.close()


async def test_a_full_disk_with_a_log_of_a_killed_program_can_be_read(small_disk: Path, tmp_path: Path) -> None:
    await fill(tmp_path / "conversations.db")
    for name in ("conversations.db", "conversations.db-wal"):
        shutil.copyfile(tmp_path / name, small_disk / name)
    fill_up(small_disk)
    await check_readable(small_disk / "conversations.db")


async def test_no_room_for_a_file_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "home" / "conversations.db"
    await (await fill(path)).close()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        await check_readable(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_reading_makes_nothing_where_nothing_was_saved(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "home" / "conversations.db")
    assert await store.list() == ()
    assert await store.latest_id() is None
    assert await look_for(store, "anything") == ()
    await store.close()
    assert list(tmp_path.iterdir()) == []


async def test_what_only_the_log_holds_is_read_from_copies(tmp_path: Path) -> None:
    """As in a folder that may only be read, below which the companions can neither be made nor shared."""
    store = await fill(tmp_path / "conversations.db")
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("conversations.db", "conversations.db-wal"):
        shutil.copyfile(tmp_path / name, folder / name)
    (folder / "conversations.db-shm").mkdir()  # so that SQLite cannot have one
    connection, is_whole = open_to_read(folder / "conversations.db", 0.0)
    assert is_whole
    assert connection.execute("SELECT count(*) FROM nodes").fetchone() == (2,)
    with pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM nodes")
    connection.close()
    await store.close()


async def test_our_file_says_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    await (await fill(path)).close()
    with contextlib.closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert version_of(raw) == len(MIGRATIONS)


@pytest.mark.parametrize("version", [0, 1, 2, 99])
@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE bookmarks (x)",
        "CREATE VIEW one AS SELECT 1",
        "PRAGMA application_id = 7",
        "CREATE TABLE nodes (id)",
    ],
)
async def test_the_database_of_another_program_is_left_alone_and_named(
    tmp_path: Path, version: int, schema: str
) -> None:
    path = tmp_path / "conversations.db"
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute(schema)
        raw.execute(f"PRAGMA user_version = {version}")
        raw.commit()
    path.chmod(0o644)
    before = path.read_bytes()
    store = SqliteStore(path)
    for use in (store.list(), store.save_conversation(Conversation("c1", 1.0)), store.load("c1")):
        with pytest.raises(StoreError, match="another program") as caught:
            await use
        assert str(path) in caught.value.failure.message
        assert "doctor" not in caught.value.failure.advice
    await store.close()
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o644
    assert sorted(os.listdir(tmp_path)) in (["conversations.db"], ["conversations.db", "conversations.db.lock"])


async def test_a_log_that_is_gone_after_a_kill_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    await (await fill(path)).close()
    path.with_name("conversations.db.run-0123456789abcdef").touch()
    store = SqliteStore(path)
    await store.list()
    (notice,) = store.notices()
    assert "conversations.db-wal" in notice
    await store.close()
    again = SqliteStore(path)
    await again.list()
    assert again.notices() == ()
    await again.close()


@pytest.mark.parametrize("is_database", [True, False])
async def test_a_foreign_file_behind_a_link_is_neither_changed_nor_closed_to_others(
    tmp_path: Path, is_database: bool
) -> None:
    foreign = tmp_path / "foreign"
    if is_database:
        with contextlib.closing(sqlite3.connect(foreign)) as raw:
            raw.execute("CREATE TABLE bookmarks (x)")
    else:
        foreign.write_text("notes of somebody\n" * 100)
    foreign.chmod(0o644)
    before = foreign.read_bytes()
    path = tmp_path / "conversations.db"
    path.symlink_to(foreign)
    store = SqliteStore(path)
    with contextlib.suppress(StoreError):
        await store.save_conversation(Conversation("c1", 1.0))
    await store.close()
    assert foreign.read_bytes() == before
    assert foreign.stat().st_mode & 0o777 == 0o644
