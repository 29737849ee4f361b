"""The finished arguments of a call, as a validator sees them."""

import socket

import pytest

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.workspace.argument_check import Checked, check

RANGE: JsonObject = {
    "properties": {"low": {"type": "number"}, "high": {"not": {"const": 3}}},
    "if": {"required": ["low"]},
    "then": {"required": ["high"]},
    "dependentRequired": {"low": ["high"]},
}


def test_what_is_right_has_no_fault() -> None:
    assert check(RANGE, {"low": 1, "high": 2}) == Checked()


def test_a_fault_is_told_of_its_member_and_else_of_the_whole() -> None:
    checked = check(RANGE, {"low": 1})
    assert checked is not None
    assert not checked.members
    assert any("high" in words for words in checked.whole)
    checked = check({"properties": {"at": {"items": {"not": {"type": "null"}}}}}, {"at": [1, None]})
    assert checked is not None
    assert checked.members["at"].startswith("1: ")


def test_an_item_that_comes_twice_is_found_in_a_long_list() -> None:
    schema: JsonObject = {"properties": {"at": {"uniqueItems": True}}}
    rows: list[JsonValue] = [{"n": at} for at in range(20_000)]
    assert check(schema, {"at": rows}) == Checked()
    twice = check(schema, {"at": [True, 1, {"n": 1}, {"n": 1}]})
    assert twice is not None
    assert twice.members == {"at": "has an item twice"}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://127.0.0.1:9/schema"},
        {"properties": {"a": {"pattern": "^(a+)+$"}}},
        {"patternProperties": {"^(a+)+$": False}},
        {"type": 3},
        {"items": {"$ref": "#"}, "$ref": "#"},
    ],
)
def test_what_cannot_be_checked_is_left_open_and_nothing_is_fetched(
    schema: JsonObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    assert check(schema, {"a": "a" * 40 + "!"}) is None
