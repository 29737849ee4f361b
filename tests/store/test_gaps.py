"""What was deleted is in no file of ours, also not where SQLite moved rows from page to page before."""

# ruff: noqa: ASYNC221 (what blocks here is the test waiting for another program)

import contextlib
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.looking import ids_found
from tests.store.values import answer, question
from tui_chat.core.tree import Conversation
from tui_chat.store import gaps
from tui_chat.store.sqlite import SqliteStore

COUNT = 60
LEFT = b"wqleft"
TAKES_THE_FILE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0)
connection.execute("PRAGMA journal_mode = DELETE")  # wants the file for itself
"""


def words_of(number: int) -> str:
    """Words that no other conversation has."""
    return f"zq{number:04}x"


def text_of(number: int, chance: random.Random, longest: int) -> str:
    """A text in which each word is of this conversation."""
    return " ".join([words_of(number)] * chance.randint(1, longest))


async def lived(path: Path, chance: random.Random, count: int) -> SqliteStore:
    """A store with conversations that were written in turns, renamed, labelled, and answered."""
    store = SqliteStore(path, now=lambda: 1_000.0)
    numbers = list(range(count))
    for _ in range(2):
        chance.shuffle(numbers)
        for number in numbers:
            id_ = f"c{number}"
            title = text_of(number, chance, 90)
            if await store.conversation(id_) is None:
                await store.save_conversation(Conversation(id_, 1.0, title, "m", "", "a"))
            else:
                await store.rename(id_, title)
            if chance.random() < 0.4:
                await store.set_labels(id_, [words_of(number)])
            await store.save_node(id_, question(text=text_of(number, chance, 60)))
            if chance.random() < 0.3:
                await store.save_node(id_, answer(text=text_of(number, chance, chance.choice((60, 900)))))
    return store


def half_of(chance: random.Random, count: int) -> list[int]:
    """Conversations to delete, in an order of their own: what was moved on the way is deleted later."""
    return chance.sample(range(count), count // 2)


def left_in(folder: Path, numbers: list[int]) -> list[str]:
    """Words of these conversations that a file in the folder holds."""
    files = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return [
        f"{words_of(number)} in {name}"
        for number in numbers
        for name, content in files.items()
        if words_of(number).encode() in content
    ]


def leave_in_gaps(path: Path) -> None:
    """Write a word into each gap of a file that nobody has open, as a move of rows may leave it there."""
    content = bytearray(path.read_bytes())
    size, left = int.from_bytes(content[16:18]), 0
    for at in range(0, len(content), size):
        start, end = (
            at + 8 + 2 * int.from_bytes(content[at + 3 : at + 5]),
            at + int.from_bytes(content[at + 5 : at + 7]),
        )
        if at and content[at] in (10, 13) and end - start > len(LEFT):
            content[start : start + len(LEFT)] = LEFT
            left += 1
    path.write_bytes(content)
    assert left


def is_whole(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    with contextlib.closing(sqlite3.connect(path)) as plain:
        return bool(plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


async def deletion_leaves_nothing(folder: Path, seed: int, count: int) -> None:
    """The claim, for one life of a store."""
    chance = random.Random(seed)
    path = folder / "conversations.db"
    await (await lived(path, chance, count)).close()
    leave_in_gaps(path)
    store = SqliteStore(path)
    deleted = half_of(chance, count)
    for number in deleted[::2]:
        await store.hide(f"c{number}")
    for number in deleted[1::2]:
        await store.delete(f"c{number}")
    await store.close()

    assert left_in(folder, deleted) == []
    assert LEFT not in path.read_bytes()
    assert is_whole(path)
    again = SqliteStore(path)
    kept = sorted(set(range(count)) - set(deleted))
    assert {row.id for row in await again.list()} == {f"c{number}" for number in kept}
    for number in kept[::7]:
        assert (await again.load(f"c{number}"))[1][0].message.text.startswith(words_of(number))
        assert "q" in await ids_found(again, words_of(number))
    await again.close()


@pytest.mark.parametrize("seed", range(3))
async def test_no_word_of_what_was_deleted_is_left_in_any_file(tmp_path: Path, seed: int) -> None:
    await deletion_leaves_nothing(tmp_path, seed, COUNT)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 108))
async def test_no_word_of_what_was_deleted_among_many_is_left_in_any_file(tmp_path: Path, seed: int) -> None:
    await deletion_leaves_nothing(tmp_path, seed, 150)


async def test_what_a_dead_run_had_hidden_leaves_no_word_after_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    chance = random.Random(1)
    store = await lived(path, chance, COUNT)
    deleted = half_of(chance, COUNT)
    for number in deleted:
        await store.hide(f"c{number}")
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE conversations SET deleted_by = '' WHERE deleted_at IS NOT NULL")
        raw.commit()
    await store.close()
    after = SqliteStore(path)
    await after.list()
    await after.close()
    assert left_in(tmp_path, deleted) == []


async def test_gaps_are_cleared_piece_by_piece_while_another_program_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "PIECE_PAGES", 4)
    path = tmp_path / "conversations.db"
    await (await lived(path, random.Random(2), COUNT)).close()
    leave_in_gaps(path)
    store, other = SqliteStore(path), SqliteStore(path)
    for number in range(COUNT):
        await other.load(f"c{number}")  # it has pages in memory as they were
    await store.delete("c0")
    for at in range(1_000):
        share = await store.tend()
        await other.save_node("c1", question(f"q{at}", "more " * 50))
        await other.rename(f"c{1 + at % (COUNT - 1)}", f"another title {at}")
        if share == 1.0:
            break
    await store.close()
    await other.close()
    assert LEFT not in path.read_bytes()
    assert left_in(tmp_path, [0]) == []
    assert is_whole(path)


async def test_what_was_left_before_gaps_were_cleared_goes_in_the_background(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    await (await lived(path, random.Random(3), COUNT)).close()
    leave_in_gaps(path)
    store = SqliteStore(path)
    while await store.tend() < 1.0:
        pass
    await store.close()
    assert LEFT not in path.read_bytes()
    assert is_whole(path)


async def test_a_start_after_a_program_was_killed_clears_what_that_one_deleted(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = await lived(path, random.Random(3), COUNT)
    await store.close()
    leave_in_gaps(path)
    with contextlib.closing(sqlite3.connect(path)) as raw:
        gaps.note_deletion(raw)
        raw.commit()
    after = SqliteStore(path)
    await after.list()
    assert LEFT not in path.read_bytes()
    await after.close()
    assert is_whole(path)


async def test_clearing_gaps_lets_go_of_no_lock_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = await lived(path, random.Random(5), 3)
    await store.delete("c0")
    while await store.tend() < 1.0:
        pass
    took_it = subprocess.run([sys.executable, "-c", TAKES_THE_FILE, str(path)], capture_output=True, text=True)
    assert "locked" in took_it.stderr
    await store.close()


async def test_a_copy_has_no_word_of_what_it_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "elsewhere").mkdir()
    chance = random.Random(4)
    path = tmp_path / "home" / "conversations.db"
    await (await lived(path, chance, COUNT)).close()
    leave_in_gaps(path)
    store = SqliteStore(path)
    hidden = half_of(chance, COUNT)
    for number in hidden:
        await store.hide(f"c{number}")
    await store.back_up(tmp_path / "elsewhere" / "copy.db", lambda _: None)
    for number in hidden:
        await store.bring_back(f"c{number}")
    assert left_in(tmp_path / "elsewhere", hidden) == []
    assert LEFT not in (tmp_path / "elsewhere" / "copy.db").read_bytes()
    assert is_whole(tmp_path / "elsewhere" / "copy.db")
    await store.close()


async def test_nobody_waits_for_a_program_that_keeps_others_from_clearing(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = await lived(path, random.Random(3), COUNT)
    while await store.tend() < 1.0:
        pass
    await store.delete("c0")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM conversations").fetchone()
        for _ in range(50):
            if await store.tend() >= 1.0:
                break
        else:
            pytest.fail("it goes on trying")
    await store.close()
    assert left_in(tmp_path, [0]) == []
