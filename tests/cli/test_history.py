"""`tui-chat history`: lists that are narrowed, searches with filters, and changes of one conversation."""

import asyncio
import json
import os
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.program import CalledProgram, Program
from tests.pty.pty_terminal import PtyTerminal, chat_command
from tests.store.values import answer, question
from tests.workspace.test_deleting import files_with, fill
from tui_chat.chat.found import SearchResult
from tui_chat.chat.ports import Store
from tui_chat.core.tree import Conversation
from tui_chat.store.sqlite import SqliteStore

TODAY = datetime.now(UTC).replace(microsecond=0)
OLD = TODAY - timedelta(days=30)


def folder(program: Program) -> Path:
    return program.home / "tui-chat"


def change(program: Program, work: Callable[[Store], Coroutine[None, None, None]]) -> None:
    """Do something in the program's store."""

    async def run() -> None:
        store = SqliteStore(folder(program) / "conversations.db")
        await work(store)
        await store.close()

    asyncio.run(run())


async def _keep_two(store: Store) -> None:
    """`old1` of last month, on another model, and `new1` of today, with a label."""
    for id_, at, model, words in (("old1", OLD, "a/gpt-x", "old teapots"), ("new1", TODAY, "b/claude-y", "teapots")):
        await store.save_conversation(Conversation(id_, at.timestamp(), f"about {words}", model, head_id="a"))
        await store.save_node(id_, question(text=words, at=at.timestamp()))
        await store.save_node(id_, answer(text=f"{words}!", at=at.timestamp(), model=model, cost="0.25"))
    await store.set_labels("new1", ["work", "rust"])


@pytest.fixture
def kept(called: CalledProgram) -> CalledProgram:
    change(called, _keep_two)
    return called


def ids(program: Program, *words: str) -> list[str]:
    rows = program.json("history", *words, "--json")
    assert isinstance(rows, list)
    return [row.get("id", row.get("conversation")) for row in rows]


def test_a_conversation_is_an_object_for_programs(kept: CalledProgram) -> None:
    rows = kept.json("history", "list", "--json", "--limit", "1")
    at = TODAY.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert rows == [
        {
            "id": "new1",
            "title": "about teapots",
            "model": "b/claude-y",
            "created": at,
            "updated": at,
            "messages": 2,
            "archived": False,
            "labels": ["rust", "work"],
            "cost_usd": "0.25",
        }
    ]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("", ["new1", "old1"]),
        ("--model CLAUDE", ["new1"]),
        ("--model claude --model gpt", ["new1", "old1"]),
        ("--since 7d", ["new1"]),
        ("--until 7d", ["old1"]),
        ("--label work", ["new1"]),
        ("--label work --label #Rust", ["new1"]),
        ("--label work --label other", []),
        ("--archived", []),
    ],
)  # fmt: skip
def test_a_list_is_narrowed_by_flags(kept: CalledProgram, flags: str, expected: list[str]) -> None:
    assert ids(kept, "list", *flags.split()) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("teapots --role you --since 7d", ["new1"]),
        ("teapots --role assistant --model gpt", ["old1"]),
        ("--label work --role you", ["new1"]),
        ("teapots role:you until:7d", ["old1"]),
        ("teapots --role you until:today --until 7d", ["old1"]),
    ],
)
def test_a_search_takes_its_filters_as_flags_and_as_words(kept: CalledProgram, words: str, expected: list[str]) -> None:
    assert ids(kept, "search", *words.split()) == expected


def test_a_hit_is_an_object_for_programs(kept: CalledProgram) -> None:
    hits = kept.json("history", "search", "old", "--role", "assistant", "--json")
    assert hits == [
        {
            "conversation": "old1",
            "title": "about old teapots",
            "message": "a",
            "role": "assistant",
            "model": "a/gpt-x",
            "time": OLD.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "excerpt": "old teapots!",
        }
    ]


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ("history search x --role nobody", "you, assistant, tool or system"),
        ("history search x --since whenever", "2026-11-23, monday, yesterday or 7d"),
        ("history list --until 2026-13", "2026-11-23, monday, yesterday or 7d"),
        ("history search", "--model"),
        ("history list --limit -1", "0 to 999999999"),
        ("history list --limit 99999999999999999999", "0 to 999999999"),
        ("usage --by week", "day, month, model, conversation, gateway"),
        ("usage --by day,", "day, month, model, conversation, gateway"),
        ("usage --json --csv", "not allowed with"),
    ],
)
def test_a_mistaken_flag_is_wrong_use_and_what_is_allowed_is_said(
    called: CalledProgram, words: str, allowed: str
) -> None:
    done = called.run(*words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert allowed in done.stderr


def test_a_mistyped_filter_among_the_words_is_said_and_passed_over(kept: CalledProgram) -> None:
    done = kept.run("history", "search", "teapots", "modle:gpt", "--role", "you")
    assert "Did you mean model:" in done.stderr
    assert "new1" in done.stdout


def test_it_is_said_when_not_everything_was_looked_through(
    kept: CalledProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def search(*_: object) -> SearchResult:
        return SearchResult(found=2_000, is_bounded=True, indexed=0.999)

    monkeypatch.setattr(SqliteStore, "search", search)
    done = kept.run("history", "search", "teapots")
    assert "Only the newest 2,000 hits were ranked" in done.stderr
    assert "99 %" in done.stderr


async def _let_wait(store: Store) -> None:
    """Save with a library without FTS5, so that the words wait for the index."""
    assert isinstance(store, SqliteStore)
    without = SqliteStore(store.path, use_index=False)
    await _keep_two(without)
    await without.close()


def test_a_search_says_that_there_are_more_hits_and_prints_as_many_as_were_asked_for(called: CalledProgram) -> None:
    async def keep(store: Store) -> None:
        hits = [question(f"q{number}", f"zebra {number}") for number in range(60)]
        await store.add(Conversation("c1", 1.0, "Title"), hits)

    change(called, keep)
    some = called.run("history", "search", "zebra", "--json")
    assert len(json.loads(some.stdout)) == 50
    assert "The best 50 of 60 hits; --limit 60 prints them all." in some.stderr
    every = called.run("history", "search", "zebra", "--json", "--limit", "60")
    assert len(json.loads(every.stdout)) == 60
    assert "hits" not in every.stderr


def test_what_the_index_does_not_know_yet_is_taken_in_behind_a_search(called: CalledProgram) -> None:
    change(called, _let_wait)
    first = called.run("history", "search", "teapots")
    assert "not complete yet" in first.stderr
    assert "not complete" not in called.run("history", "search", "teapots").stderr


def test_a_conversation_is_renamed_archived_and_restored(kept: CalledProgram) -> None:
    assert kept.run("history", "rename", "old", "Tea", "and pots").stdout == "Renamed old1  Tea and pots\n"
    archived = kept.json("history", "archive", "old1", "--json")
    assert isinstance(archived, dict)
    assert (archived["id"], archived["title"], archived["archived"]) == ("old1", "Tea and pots", True)
    assert ids(kept, "list") == ["new1"]
    assert ids(kept, "list", "--archived") == ["old1"]
    assert ids(kept, "search", "old") == []
    kept.run("history", "archive", "new1")
    assert kept.run("history", "list").stdout == "Every conversation is archived: --archived lists them.\n"
    kept.run("history", "restore", "new1")
    assert kept.run("history", "restore", "old1").stdout == "Restored old1  Tea and pots\n"
    assert ids(kept, "list") == ["new1", "old1"]


def test_words_that_hold_nothing_are_wrong_use_unless_a_flag_says_what_is_looked_for(kept: CalledProgram) -> None:
    assert kept.run("history", "search", " ", "").returncode == 2
    assert ids(kept, "search", "", "--label", "work", "--role", "you") == ["new1"]


@pytest.mark.parametrize(
    "words", [("search", "a" * 60_000), ("search", "x", "--model", "\udcff"), ("list", "--label", "\udcff")]
)
def test_what_nothing_can_have_is_not_found_and_nothing_is_wrong_with_the_file(
    kept: CalledProgram, words: tuple[str, ...]
) -> None:
    done = kept.run("history", *words, "--json")
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, [], "")


@pytest.mark.parametrize("words", ["rename no name", "archive no", "restore no", "delete no", "delete no --yes --json"])
def test_an_unknown_id_is_named_and_wrong_use(kept: CalledProgram, words: str) -> None:
    done = kept.run("history", *words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no conversation “no”." in done.stderr
    assert "history list" in done.stderr


def test_an_empty_name_is_wrong_use(kept: CalledProgram) -> None:
    assert kept.run("history", "rename", "old1", " ").returncode == 2


def test_a_deletion_takes_drafts_and_prompts_and_names_the_copies_that_stay(called: CalledProgram) -> None:
    async def keep_word(store: Store) -> None:
        await store.save_conversation(Conversation("c1", 1.0, "Heliotrope", head_id="q"))
        await store.save_node("c1", question(text="heliotrope"))

    change(called, keep_word)
    fill(folder(called))
    aside = folder(called) / "conversations.db.corrupt-20261101T000000Z"
    aside.write_text("heliotrope")
    os.utime(aside, (TODAY.timestamp() - 3 * 86_400 - 60,) * 2)
    (folder(called) / "copied.txt").write_text("heliotrope")
    done = called.run("history", "delete", "c1", "--json")
    deleted = json.loads(done.stdout)
    assert deleted["deleted"] == "c1"
    assert [Path(copy["path"]).name for copy in deleted["copies"]] == [aside.name, "copied.txt"]
    assert f"{aside} (3 days ago) may still hold it" in done.stderr
    assert files_with(folder(called), "heliotrope") == sorted([aside.name, "copied.txt"])
    called.run("history", "list")
    assert files_with(folder(called), "heliotrope") == sorted([aside.name, "copied.txt"])


def test_a_deletion_asks_at_a_terminal_unless_it_was_answered(program: Program) -> None:
    change(program, _keep_two)
    for keys, words, said in (("n\n", (), "Kept."), ("y\n", (), "Deleted old1"), ("", ("--yes",), "Deleted new1")):
        id_ = "new1" if words else "old1"
        with PtyTerminal(chat_command("history", "delete", id_, *words), program.env, columns=80) as terminal:
            if keys:
                terminal.wait_for("with 2 messages for good?")
                terminal.send(keys)
            terminal.wait_for(said)
            assert terminal.wait_end() == 0
            assert bool(keys) == ("[y/N]" in terminal.text)


def test_a_list_fits_into_eighty_columns_of_a_terminal(program: Program) -> None:
    async def keep_long(store: Store) -> None:
        await _keep_two(store)
        long = "provider-with-a-name/model-with-a-long-name-4.5"
        await store.save_conversation(Conversation("0123456789ab", TODAY.timestamp(), "words " * 30, long, head_id="q"))
        await store.save_node("0123456789ab", question(at=TODAY.timestamp()))

    change(program, keep_long)
    with PtyTerminal(chat_command("history", "list"), program.env, columns=80) as terminal:
        assert terminal.wait_end() == 0
        lines = [line for line in terminal.text.splitlines() if line.strip()]
    assert len(lines) == 4
    assert any("#rust" in line for line in lines)
    assert any("…ame-4.5" in line and line.rstrip().endswith("…") for line in lines)
