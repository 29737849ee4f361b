"""Several programs on one file: one that is killed while it streams, four and eight that write at once."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.values import question
from tests.store.writers import CONVERSATIONS, MESSAGES
from tui_chat.core.search_query import SearchQuery
from tui_chat.core.stream_events import Outcome
from tui_chat.store.finding import RANKED
from tui_chat.store.sqlite import SqliteStore


def run_writer(what: str, path: Path, name: str, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.writers", what, str(path), name, *more],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


async def test_a_killed_program_leaves_the_question_and_what_arrived_of_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    with run_writer("stream", path, "c1") as program:
        assert program.stdout is not None
        written = 0
        while written < 20:
            written = int(program.stdout.readline())
        program.kill()
        for line in program.stdout:
            written = int(line)
    store = SqliteStore(path)
    conversation, (asked, answered) = await store.load("c1")
    assert asked == question()
    assert answered.answer is not None
    assert answered.answer.outcome is Outcome.TRUNCATED
    assert answered.message.reasoning == "Let me think. "
    assert [(call.name, call.arguments) for call in answered.message.tool_calls] == [("look", '{"at": ')]
    assert answered.calls_to_act_on == ()
    assert answered.answer.failure is not None
    assert "The program ended" in answered.answer.failure.message
    # What is printed had been kept before; one more part may have been kept and not yet printed.
    whole = "".join(f"word{number} " for number in range(written + 1))
    assert whole.startswith(answered.message.text)
    assert answered.message.text.startswith("".join(f"word{number} " for number in range(written)))
    assert conversation.id == await store.latest_id()
    await store.close()


async def test_four_programs_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    programs = [run_writer("many", path, name) for name in "abcd"]
    assert [program.wait(timeout=60) for program in programs] == [0, 0, 0, 0]
    for program in programs:
        assert program.stdout is not None
        program.stdout.close()
    store = SqliteStore(path)
    assert len(await store.list()) == 4 * CONVERSATIONS
    for name in "abcd":
        for number in range(CONVERSATIONS):
            _, nodes = await store.load(f"{name}-{number}")
            assert [node.message.text for node in nodes] == [f"{name} says {m}" for m in range(MESSAGES)]
            assert {node.answer.outcome for node in nodes if node.answer} == {Outcome.COMPLETE}
    assert store.notices() == ()
    await store.close()


@pytest.mark.slow
async def test_eight_programs_write_list_search_and_tend_for_a_minute_and_every_row_is_accounted_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "conversations.db"
    names = ["north", "east", "south", "west", "spring", "summer", "autumn", "winter"]
    programs = {name: run_writer("for", path, name, "60") for name in names}
    wrote: dict[str, int] = {}
    for name, program in programs.items():
        assert program.stdout is not None
        wrote[name] = int(program.stdout.readline())
        assert program.wait(timeout=60) == 0
    store = SqliteStore(path)
    kept = dict.fromkeys(names, 0)
    for row in await store.list():
        kept[row.title] += row.messages
    assert kept == wrote
    assert sum(row.spending.answers for row in await store.spent()) == sum(wrote.values()) // 2
    for name in names:
        found = await store.search(SearchQuery((name, "asks")))
        assert found.found == min(wrote[name] // 2, RANKED)
    assert store.notices() == ()
    await store.close()


def test_a_killed_program_that_nobody_has_reaped_counts_as_dead(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    with run_writer("stream", path, "c1") as program:
        assert program.stdout is not None
        while int(program.stdout.readline()) < 3:
            pass
        program.kill()
        os.waitid(os.P_PID, program.pid, os.WEXITED | os.WNOWAIT)  # dead, and still a process
        store = SqliteStore(path)
        _, (_, answered) = asyncio.run(store.load("c1"))
        spent = asyncio.run(store.spent())
        asyncio.run(store.close())
        assert [(row.conversation_id, row.spending.unknown) for row in spent] == [("c1", 1)]  # unknown is not zero
        assert answered.answer is not None
        assert answered.answer.outcome is Outcome.TRUNCATED
