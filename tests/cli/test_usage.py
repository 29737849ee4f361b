"""`tui-chat usage`: what was spent, from what was saved."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from tests.cli.program import CalledProgram, Program
from tests.store.values import answer
from tui_chat.core.tree import Conversation
from tui_chat.store.sqlite import SqliteStore


def test_usage_adds_up_to_the_answers(called: CalledProgram) -> None:
    costs = []
    for prompt in ("one", "two"):
        result = called.json("ask", "--json", "-m", "demo/fast", prompt)
        assert isinstance(result, dict)
        costs.append(result["cost"]["usd"])
    report = called.json("usage", "--json")
    assert isinstance(report, dict)
    assert Decimal(report["total"]["cost_usd"]) == sum(map(Decimal, costs))
    assert report["total"]["unknown_cost_answers"] == 0


def test_nothing_spent_is_said_in_words(program: Program) -> None:
    assert program.run("usage").stdout == "Nothing has been spent yet: no answer has been saved.\n"
    assert "last 3 days" in program.run("usage", "--days", "3").stdout


def test_nothing_spent_is_the_same_object_for_programs(called: CalledProgram) -> None:
    report = called.json("usage", "--json")
    assert isinstance(report, dict)
    assert report["total"]["answers"] == 0
    assert (report["days"], report["models"], report["conversations"]) == ([], [], [])


def spend(program: Program, *rows: tuple[str, str, str, str, str | None]) -> None:
    """Save an answer for each row: conversation, time in UTC, model, gateway, cost."""

    async def run() -> None:
        store = SqliteStore(program.home / "tui-chat" / "conversations.db")
        for number, (id_, at, model, gateway, cost) in enumerate(rows):
            seconds = datetime.fromisoformat(f"{at}+00:00").timestamp()
            if not any(id_ == row[0] for row in rows[:number]):
                await store.save_conversation(Conversation(id_, seconds, f"title of {id_}"))
            node = answer(f"a{number}", at=seconds, model=model, cost=cost)
            assert node.answer is not None
            await store.save_node(id_, replace(node, answer=replace(node.answer, gateway=gateway)))
        await store.set_labels("c1", ["work"])
        await store.close()

    asyncio.run(run())


ROWS = (
    ("c1", "2026-10-31T08:00", "a/gpt", "https://one.test", "0.5"),
    ("c1", "2026-10-31T20:00", "b/claude", "https://one.test", "0.25"),
    ("c2", "2026-11-01T20:00", "b/claude", "https://two.test", None),
)
LONG = {"answers", "prompt_tokens", "completion_tokens", "uncounted_answers", "cost_usd", "estimated_answers",
        "unknown_cost_answers"}  # fmt: skip


def named(report: object, word: str, *facts: str) -> list[tuple[object, ...]]:
    assert isinstance(report, dict)
    return [tuple(row[fact] for fact in (word, *facts)) for row in report[word]]


def test_days_are_those_of_the_users_time_zone(program: Program) -> None:
    spend(program, *ROWS)
    done = program.run("usage", "--json", "--by", "day,month", TZ="Pacific/Kiritimati")  # fourteen hours ahead
    report = json.loads(done.stdout)
    assert named(report, "day", "cost_usd") == [
        ("2026-10-31", "0.5"), ("2026-11-01", "0.25"), ("2026-11-02", None)
    ]  # fmt: skip
    assert named(report, "month", "answers") == [("2026-10", 1), ("2026-11", 2)]
    since = program.run("usage", "--json", "--since", "2026-11-01", "--until", "2026-11-01", TZ="Pacific/Kiritimati")
    assert json.loads(since.stdout)["total"]["cost_usd"] == "0.25"


def test_sums_stand_under_the_words_that_were_asked_for(called: CalledProgram) -> None:
    spend(called, *ROWS)
    report = called.json("usage", "--json", "--by", "model,conversation,gateway")
    assert isinstance(report, dict)
    assert list(report) == ["total", "model", "conversation", "gateway", "days", "models", "conversations"]
    assert named(report, "model", "answers", "unknown_cost_answers") == [("a/gpt", 1, 0), ("b/claude", 2, 1)]
    assert named(report, "conversation", "title", "cost_usd") == [
        ("c1", "title of c1", "0.75"), ("c2", "title of c2", None)
    ]  # fmt: skip
    assert named(report, "gateway", "answers") == [("https://one.test", 2), ("https://two.test", 1)]
    assert set(report["gateway"][0]) == {"gateway"} | LONG
    assert set(report["conversations"][0]) == {"id", "title"} | LONG
    assert list(called.json("usage", "--json"))[:4] == ["total", "day", "model", "conversation"]  # type: ignore[call-overload]


def test_sums_are_narrowed_by_model_and_label(called: CalledProgram) -> None:
    spend(called, *ROWS)
    for flags, answers in (
        ("--model CLAUDE", 2),
        ("--label work", 2),
        ("--label work --model gpt", 1),
        ("--days 0", 0),
    ):
        report = called.json("usage", "--json", *flags.split())
        assert isinstance(report, dict)
        assert report["total"]["answers"] == answers


def test_the_last_days_end_with_today(called: CalledProgram) -> None:
    now = datetime.now(UTC)
    spend(called, *(("c1", f"{now - timedelta(days=ago):%Y-%m-%dT%H:%M}", "m", "g", "1") for ago in (2, 1, 0)))
    for days, answers in ((1, 1), (2, 2), (999_999_999, 3)):
        report = called.json("usage", "--json", "--days", str(days))
        assert isinstance(report, dict)
        assert report["total"]["answers"] == answers


def test_a_deleted_conversation_has_no_title_and_what_it_cost_stays(called: CalledProgram) -> None:
    spend(called, *ROWS)
    assert called.run("history", "delete", "c1", "--yes").returncode == 0
    report = called.json("usage", "--json")
    assert ("c1", None, "0.75") in named(report, "conversation", "title", "cost_usd")
    assert isinstance(report, dict)
    assert [each["title"] for each in report["conversations"]] == [None, "title of c2"]
    table = csv.DictReader(io.StringIO(called.run("usage", "--csv", "--by", "conversation").stdout))
    assert {row["name"]: row["title"] for row in table} == {"c1": "", "c2": "title of c2"}


def test_a_model_that_is_not_known_is_null(called: CalledProgram) -> None:
    spend(called, ("c1", "2026-11-02T00:00", "", "", "1"))
    report = called.json("usage", "--json", "--by", "model,gateway")
    assert isinstance(report, dict)
    named_by = (("model", "model"), ("gateway", "gateway"), ("models", "model"))
    assert [report[word][0][key] for word, key in named_by] == [None] * 3


def test_a_spreadsheet_gets_one_table_in_which_no_name_is_a_formula(called: CalledProgram) -> None:
    spend(called, *ROWS, ("c1", "2026-11-02T00:00", '=HYPERLINK("x","y")', "@g", "1"))
    done = called.run("usage", "--csv", "--by", "model,conversation,gateway")
    header, *rows = csv.reader(io.StringIO(done.stdout))
    assert header[:3] == ["by", "name", "title"]
    assert set(header[3:]) == LONG
    assert {row[0] for row in rows} == {"model", "conversation", "gateway"}
    cells = {cell for row in rows for cell in row}
    assert {'\'=HYPERLINK("x","y")', "'@g", "title of c1"} <= cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert called.run("usage", "--csv", "--days", "0").stdout.count("\n") == 1


def test_people_get_bars_exact_sums_and_the_last_thirty_days(called: CalledProgram) -> None:
    now = datetime.now(UTC)
    today = f"{now:%Y-%m-%dT%H:%M}"
    spend(called, ("c1", today, "m", "g", "0.000012345"), ("c2", today, "n", "g", "0.5"), ("c3", today, "n", "g", None))
    assert called.run("history", "delete", "c1", "--yes").returncode == 0
    said = called.run("usage").stdout
    assert said.startswith("Last 30 days  ")
    assert "today ≥$0.500012345\n" in said
    assert "≥$0.500012345" in said
    assert "deleted or not saved" in said
    (row,) = (line for line in said.splitlines() if line.startswith("title of c2"))
    assert row.endswith("$0.50  ██████████")
    assert said.endswith(
        "\n≥ marks sums with something unknown in them (the cost of 1 answer, the tokens of 1 answer).\n"
    )


def test_the_last_thirty_days_are_shown_whatever_time_was_asked_for(called: CalledProgram) -> None:
    spend(called, *ROWS)
    said = called.run("usage", "--until", "2026-10-31", "--model", "gpt").stdout
    assert said.startswith("Last 30 days  ")
    assert "$0.50" in said
