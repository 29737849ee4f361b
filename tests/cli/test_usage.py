"""`tui-chat usage`: what was spent, from what was saved."""

from decimal import Decimal

from tests.cli.program import CalledProgram, Program


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
