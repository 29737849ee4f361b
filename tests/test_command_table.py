"""The table of commands that all front ends share, and how a typed name finds its row."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain import commands as plain
from tui_chat.ui.commands import table as screen
from tui_chat.ui.commands.handlers import HANDLERS as ON_SCREEN
from tui_chat.workspace.command_table import (
    COMMANDS,
    commands_for,
    find_command,
    names_for,
    nearest_name,
    unknown_command,
)
from tui_chat.workspace.front_end import FrontEnd

HANDLED = {FrontEnd.SCREEN: ON_SCREEN, FrontEnd.PLAIN: plain.HANDLERS}
ROWS = {FrontEnd.SCREEN: screen.COMMANDS, FrontEnd.PLAIN: commands_for(FrontEnd.PLAIN)}


@pytest.mark.parametrize("front_end", FrontEnd)
def test_every_command_has_a_handler_in_each_front_end_that_it_claims(front_end: FrontEnd) -> None:
    claimed = {command.id for command in commands_for(front_end)}
    assert claimed - HANDLED[front_end].keys() == set()


@pytest.mark.parametrize("front_end", FrontEnd)
def test_no_handler_is_without_a_row_that_something_can_ask_for(front_end: FrontEnd) -> None:
    rows = {command.id for command in ROWS[front_end] if not command.is_key_only}
    assert HANDLED[front_end].keys() - rows == set()


def test_a_key_that_only_its_widget_knows_has_no_handler() -> None:
    assert {command.id for command in screen.COMMANDS if command.is_key_only} & ON_SCREEN.keys() == set()


def test_ids_are_unique_over_all_front_ends() -> None:
    ids = [*(command.id for command in COMMANDS), *(row.id for row in screen.COMMANDS if row not in COMMANDS)]
    assert [id_ for id_, uses in Counter(ids).items() if uses > 1] == []


@pytest.mark.parametrize("front_end", FrontEnd)
def test_a_slash_name_means_one_command(front_end: FrontEnd) -> None:
    names = [name for row in commands_for(front_end) if row.slash for name in (row.slash, *row.aliases)]
    assert [name for name, uses in Counter(names).items() if uses > 1] == []


def test_what_plain_mode_has_can_be_typed() -> None:
    assert [command.id for command in commands_for(FrontEnd.PLAIN) if not command.slash] == []


def test_what_only_says_that_it_has_no_effect_is_without_help_in_plain_mode() -> None:
    assert {row.slash for row in commands_for(FrontEnd.PLAIN) if not row.help} == {
        "theme",
        "mouse",
        "redraw",
        "notices",
        "vim",
        "stash",
        "pop",
    }


def test_an_argument_that_is_required_is_not_behind_one_that_is_not() -> None:
    for command in (*COMMANDS, *commands_for(FrontEnd.PLAIN)):
        required = [argument.is_required for argument in command.arguments]
        assert required == sorted(required, reverse=True), command.id


def test_usage_tells_what_must_follow_from_what_may() -> None:
    usage = {row.id: row.usage for row in commands_for(FrontEnd.SCREEN)}
    assert usage["export"] == "FORMAT [PATH]"
    assert usage["copy"] == "[N, code, all]"
    assert usage["new"] == ""


def test_a_front_end_has_its_own_words_where_they_differ() -> None:
    on_screen, in_plain = (find_command("model", front_end) for front_end in FrontEnd)
    assert on_screen is not None
    assert in_plain is not None
    assert (on_screen.usage, in_plain.usage) == ("[ID]", "[WORDS]")
    assert "numbered list" in in_plain.help


def test_a_command_is_found_by_alias_and_in_any_case_where_it_is() -> None:
    found = find_command("HISTORY", FrontEnd.SCREEN)
    assert found is not None
    assert found.id == "resume"
    assert find_command("messages", FrontEnd.SCREEN) is None
    assert find_command("messages", FrontEnd.PLAIN) is not None


@pytest.mark.parametrize(("typed", "meant"), [("modle", "model"), ("us", "usage"), ("QUTI", "quit"), ("zzzz", "")])
def test_a_mistyped_name_is_like_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert nearest_name(typed, FrontEnd.SCREEN) == meant


def test_an_unknown_command_is_answered_with_the_one_that_was_meant() -> None:
    said = unknown_command("modle", FrontEnd.SCREEN)
    assert said.startswith("There is no command /modle. Did you mean /model?")
    assert "Did you mean" not in unknown_command("zzzz", FrontEnd.SCREEN)


@given(st.text(max_size=200), st.sampled_from(FrontEnd))
def test_what_is_said_of_any_name_is_one_short_harmless_line(name: str, front_end: FrontEnd) -> None:
    said = unknown_command(name, front_end)
    assert len(said) < 160
    assert sanitize_line(said, 160) == said
    assert nearest_name(name, front_end) in ("", *names_for(front_end))
