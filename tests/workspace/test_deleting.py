"""What goes with a conversation that is deleted, whoever deletes it and whenever."""

import json
import stat
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from tests.store.values import question
from tui_chat import private_files
from tui_chat.core.tree import Conversation
from tui_chat.private_files import append_whole, rewrite
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace.deleting import forget
from tui_chat.workspace.drafts import DraftFiles, KeptDraft
from tui_chat.workspace.prompts_file import append_prompt, forget_prompts, read_prompts

WORD = "heliotrope"


def store_in(home: Path) -> SqliteStore:
    return SqliteStore(home / "conversations.db", forget=partial(forget, home / "drafts", home / "prompts.jsonl"))


def fill(home: Path) -> None:
    """What is kept beside the store of the conversation `c1`, and of another one."""
    append_prompt(home / "prompts.jsonl", f"{WORD}, please", "c1")
    append_prompt(home / "prompts.jsonl", "other words", "c2")
    for conversation_id, text, is_saved in (("c1", WORD, True), ("c1", WORD, False), ("c2", "another draft", True)):
        drafts = DraftFiles(home / "drafts", f"run{is_saved}")
        drafts.save(KeptDraft(conversation_id, (text,), is_saved=is_saved), 1)
        drafts.release()


def files_with(home: Path, word: str) -> list[str]:
    """Names of the files that have the word in them, in any case."""
    files = (file for file in home.rglob("*") if file.is_file())
    return sorted(file.name for file in files if word.encode() in file.read_bytes().lower())


async def keep(store: SqliteStore, conversation_id: str, words: str) -> None:
    await store.save_conversation(Conversation(conversation_id, 1.0, words, head_id="q"))
    await store.save_node(conversation_id, question(text=words))


async def deleted_at_once(store: SqliteStore) -> None:
    await store.delete("c1")


async def hidden_until_the_end(store: SqliteStore) -> None:
    await store.hide("c1")


@pytest.mark.parametrize("remove", [deleted_at_once, hidden_until_the_end])
async def test_no_file_keeps_a_word_of_a_deleted_conversation(
    tmp_path: Path, remove: Callable[[SqliteStore], Awaitable[None]]
) -> None:
    fill(tmp_path)
    store = store_in(tmp_path)
    await keep(store, "c1", WORD)
    await keep(store, "c2", "other words")
    await store.close()
    assert files_with(tmp_path, WORD)
    store = store_in(tmp_path)
    await remove(store)
    await store.close()
    assert files_with(tmp_path, WORD) == []
    assert read_prompts(tmp_path / "prompts.jsonl") == ("other words",)
    assert [each.unsent for each in DraftFiles(tmp_path / "drafts", "later").take("c2")] == [("another draft",)]


def hide_and_be_killed(path: Path) -> None:
    command = [sys.executable, "-m", "tests.store.writers", "hide", str(path), "c1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"hidden\n"
        program.kill()


async def test_what_a_killed_program_had_hidden_goes_at_the_next_start(tmp_path: Path) -> None:
    fill(tmp_path)
    hide_and_be_killed(tmp_path / "conversations.db")
    store = store_in(tmp_path)
    assert await store.list() == ()
    await store.close()
    assert files_with(tmp_path, WORD) == []
    assert read_prompts(tmp_path / "prompts.jsonl") == ("other words",)


async def test_a_kill_in_the_middle_of_a_deletion_leaves_all_of_it_to_the_next_start(tmp_path: Path) -> None:
    fill(tmp_path)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    hide_and_be_killed(tmp_path / "conversations.db")
    store = SqliteStore(tmp_path / "conversations.db", forget=die)
    with pytest.raises(KeyboardInterrupt):
        await store.list()
    store = store_in(tmp_path)
    assert await store.list() == ()
    await store.close()
    assert files_with(tmp_path, WORD) == []


async def test_what_is_brought_back_keeps_its_drafts_and_prompts(tmp_path: Path) -> None:
    fill(tmp_path)
    store = store_in(tmp_path)
    await keep(store, "c1", WORD)
    await store.hide("c1")
    await store.bring_back("c1")
    await store.close()
    assert [row.id for row in await store_in(tmp_path).list()] == ["c1"]
    assert read_prompts(tmp_path / "prompts.jsonl") == (f"{WORD}, please", "other words")
    assert DraftFiles(tmp_path / "drafts", "later").take("c1")


async def test_prompts_of_an_earlier_program_go_by_their_words(tmp_path: Path) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_text(f'"{WORD}"\n"kept"\n')
    store = store_in(tmp_path)
    await keep(store, "c1", f"{WORD}\n")
    await store.delete("c1")
    await store.close()
    assert read_prompts(file) == ("kept",)


async def test_a_deletion_that_leaves_prompts_behind_says_so(tmp_path: Path) -> None:
    (tmp_path / "prompts.jsonl").mkdir()
    store = store_in(tmp_path)
    await keep(store, "c1", WORD)
    await store.delete("c1")
    assert await store.list() == ()
    (notice,) = store.notices()
    assert "prompts.jsonl" in notice
    await store.close()


def test_half_written_drafts_and_prompts_of_a_killed_program_go_too(tmp_path: Path) -> None:
    fill(tmp_path)
    for name in ("drafts/.c1.1x1.json.0123.tmp", "drafts/.new-c1.1x1.json.0123.tmp", ".prompts.jsonl.0123.tmp"):
        (tmp_path / name).write_text(WORD)
    forget(tmp_path / "drafts", tmp_path / "prompts.jsonl", ["c1"], ())
    assert files_with(tmp_path, WORD) == []


def test_a_prompt_without_a_conversation_is_a_line_that_earlier_programs_read(tmp_path: Path) -> None:
    append_prompt(tmp_path / "prompts.jsonl", "early")
    assert json.loads((tmp_path / "prompts.jsonl").read_text()) == "early"


def test_a_file_of_prompts_from_which_nothing_goes_is_not_written(tmp_path: Path) -> None:
    fill(tmp_path)
    before = (tmp_path / "prompts.jsonl").stat()
    forget_prompts(tmp_path / "prompts.jsonl", ["c3"], ())
    assert (tmp_path / "prompts.jsonl").stat().st_ino == before.st_ino
    forget_prompts(tmp_path / "missing.jsonl", ["c3"], ())
    assert not (tmp_path / "missing.jsonl").exists()


def test_prompts_that_others_add_while_the_file_is_rewritten_are_kept(tmp_path: Path) -> None:
    """Four threads stand for four programs: each opens the file for itself, and locks belong to what was opened."""
    file = tmp_path / "prompts.jsonl"
    append_prompt(file, WORD, "c1")

    def add(name: str) -> None:
        for number in range(40):
            append_prompt(file, f"{name} {number}", name)
            append_prompt(file, WORD, "c1")

    threads = [threading.Thread(target=add, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        forget_prompts(file, ["c1"], ())
    forget_prompts(file, ["c1"], ())
    assert sorted(read_prompts(file)) == sorted(f"{name} {number}" for name in "abcd" for number in range(40))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_program_that_stopped_with_the_lock_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_files, "_LONGEST_WAIT_S", 0.01)
    file = tmp_path / "file"
    file.write_bytes(b"one\n")

    def add_meanwhile(_: object) -> None:
        append_whole(file, b"two\n")

    rewrite(file, add_meanwhile)
    assert file.read_bytes() == b"one\ntwo\n"
