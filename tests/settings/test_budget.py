"""The table of budgets in the settings."""

from decimal import Decimal
from pathlib import Path

import pytest

from tui_chat.core.budget import Budget
from tui_chat.core.errors import SettingsError
from tui_chat.settings.budget import read_amount
from tui_chat.settings.load import load_settings
from tui_chat.settings.save import save_setting
from tui_chat.settings.typed import shown_setting, typed_setting


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


def test_budgets_are_kept_beside_what_else_the_file_holds(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('# mine\nmodel = "a/b"\n\n[budget]\nday = 1 # a day\n\n[keys]\nmodels = "ctrl+l"\n')
    budget = Budget(day=Decimal(2), month=Decimal("0.1234567890123456789"))
    save_setting(file, "budget", budget)
    assert load_settings(file, {}).settings.budget == budget
    text = file.read_text()
    assert text.startswith('# mine\nmodel = "a/b"\n')
    assert '[keys]\nmodels = "ctrl+l"' in text


def test_budgets_in_a_line_mean_themselves() -> None:
    budget = Budget(day=Decimal("1.50"), month=Decimal(20))
    assert shown_setting("budget", budget) == "day = 1.50; month = 20"
    assert shown_setting("budget", Budget(day=Decimal("1E-7"))) == "day = 0.0000001"
    assert typed_setting("budget", "day = 1.50; month = 20") == budget
    assert typed_setting("budget", "") == Budget()
    for wrong in ("day", "week = 1", "day = much"):
        with pytest.raises(SettingsError):
            typed_setting("budget", wrong)
