"""The table of budgets in the settings."""

from decimal import Decimal
from pathlib import Path

import pytest

from tui_chat.core.budget import Budget
from tui_chat.settings.budget import read_amount
from tui_chat.settings.load import load_settings


def test_the_budgets_are_those_of_the_file_to_the_last_digit(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[budget]\nanswer = 0.1\nday = 1\nmonth = "20.000000001"\n')
    loaded = load_settings(file, {})
    assert not loaded.problems
    assert loaded.settings.budget == Budget(answer=Decimal("0.1"), day=Decimal(1), month=Decimal("20.000000001"))


def test_a_wrong_budget_is_said_with_its_line_and_the_others_hold(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[budget]\nday = -1\nweek = 3\nmonth = 20\n")
    loaded = load_settings(file, {})
    assert loaded.settings.budget == Budget(month=Decimal(20))
    assert [(problem.line, problem.key) for problem in loaded.problems] == [(2, "budget.day"), (3, "budget.week")]


@pytest.mark.parametrize("value", [True, None, "", "abc", "NaN", "1e400", -0.01, "-1", [], {}, float("inf"), 10**7])
def test_what_is_no_amount_is_none(value: object) -> None:
    assert read_amount(value) is None


@pytest.mark.parametrize("value", ["$1.50", " 1.50 ", 1.5])
def test_an_amount_may_be_written_in_words(value: object) -> None:
    assert read_amount(value) == Decimal("1.5")
