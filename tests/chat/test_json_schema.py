"""Whether arguments fit: the library's word, within our bounds."""

import threading
import time
import weakref
from collections.abc import Callable

import pytest
from jsonschema import Draft202012Validator

from tui_chat.chat.json_schema import TIME_S, fault_of, fault_of_schema
from tui_chat.core.jsonvalue import JsonObject, JsonValue

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(**properties: JsonValue) -> JsonObject:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


@pytest.mark.parametrize(
    ("value", "against", "words"),
    [
        ({"a": "x"}, schema(a={"type": "string"}), ""),
        ({"a": 1}, schema(a={"type": "string"}), "a: 1 is not of type 'string'."),
        ({}, schema(a={}), "'a' is a required property."),
        ({"a": [{"b": 1}]}, schema(a={"items": schema(b={"enum": [2]})}), "a[0].b: 1 is not one of [2]."),
        ({"a": 1}, {"type": "nonsense"}, "the schema itself is wrong"),
        ({"a": "x"}, schema(a={"pattern": "("}), "the schema itself is wrong"),
        ({"a": 1}, schema(a={"$ref": "https://example.com/s.json"}), "refers to what it does not hold"),
        ({"a": 1}, schema(a={"$ref": "file:///etc/passwd"}), "refers to what it does not hold"),
        ({"a": {}}, {"$ref": "#"}, "cannot be checked"),
        ({"a": "x" * 20_000}, schema(a={"pattern": "x"}), "too long for its pattern"),
        ({"a": "x" * 20_000}, schema(a={"not": {"pattern": "y"}}), "too long for its pattern"),
        ({"a": "x" * 20_000}, schema(a={"$schema": DRAFT, "pattern": "x"}), "too long for its pattern"),
        ({"a": {"b" * 20_000: 1}}, schema(a={"patternProperties": {"b": {}}}), "too long for its pattern"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(value: JsonValue, against: JsonObject, words: str) -> None:
    fault = fault_of(value, against)
    assert words in fault
    assert bool(words) == bool(fault)


def test_a_schema_that_is_right_is_looked_through_once_and_a_wrong_one_told_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[object] = []
    check = Draft202012Validator.check_schema

    def look(schema: JsonObject) -> None:
        looked.append(schema)
        check(schema)

    monkeypatch.setattr(Draft202012Validator, "check_schema", look)
    right, wrong = (schema(asked_for_the_first_time={"type": kind}) for kind in ("string", "nonsense"))
    for value in ("x", 1, "y"):
        assert bool(fault_of({"asked_for_the_first_time": value}, dict(right))) == (value == 1)
        assert "the schema itself is wrong" in fault_of({}, wrong)
    assert fault_of_schema(right) == ""
    assert looked == [right, wrong, wrong, wrong]


def test_a_pattern_that_would_take_for_ever_is_given_up() -> None:
    began = time.monotonic()
    assert "took longer" in fault_of({"a": "a" * 50 + "!"}, schema(a={"pattern": "^(a+)+$"}))
    assert time.monotonic() - began < TIME_S + 2


class Beside(str):
    """A text beside whose check something else runs: what its length is asked by."""

    __slots__ = ("run",)
    run: Callable[[], object]

    def __len__(self) -> int:
        self.run()
        return super().__len__()


def beside(text: str, run: Callable[[], object]) -> Beside:
    value = Beside(text)
    value.run = run
    return value


def test_the_end_of_a_weak_reference_is_not_broken_off_and_the_check_is_given_up_after_it() -> None:
    def end(_: object) -> None:
        until = time.process_time() + TIME_S * 1.2
        while time.process_time() < until:
            pass
        ended.append("whole")

    ended: list[str] = []
    value = beside("a" * 50 + "!", lambda: weakref.ref(threading.Event(), end))
    assert "took longer" in fault_of({"a": value}, schema(a={"pattern": "^(a+)+$"}))
    assert ended[0] == "whole"


def test_waiting_for_a_busy_machine_is_not_counted() -> None:
    value = beside("a", lambda: time.sleep(TIME_S * 1.2))
    assert fault_of({"a": value}, schema(a={"pattern": "a"})) == ""


@pytest.mark.parametrize("dialect", [{}, {"$schema": DRAFT, "$ref": "#/$defs/file"}])
def test_a_long_text_beside_one_with_a_pattern_is_none_of_its_business(dialect: JsonObject) -> None:
    file: JsonObject = {"properties": {"path": {"pattern": r"^[a-z.]+$"}, "text": {"type": "string"}}}
    described: JsonObject = {**dialect, "$defs": {"file": file}} if dialect else file
    assert fault_of({"path": "a.py", "text": "long " * 5_000}, described) == ""
    assert "does not match" in fault_of({"path": "A", "text": "long " * 5_000}, described)
    assert "too long for its pattern" in fault_of({"path": "a" * 20_000}, described)


def test_a_member_that_is_called_pattern_is_no_pattern() -> None:
    schema: JsonObject = {"type": "object", "properties": {"pattern": {"type": "string"}, "text": {"type": "string"}}}
    assert fault_of({"pattern": "x", "text": "long " * 5_000}, schema) == ""


@pytest.mark.parametrize("unchecked", [{"pattern": "["}, {"type": "nope"}, {"minimum": "a"}], ids=str)
def test_a_part_of_the_schema_that_nobody_checked_fits_nothing(unchecked: JsonObject) -> None:
    schema: JsonObject = {"$ref": "#/x", "x": unchecked}
    assert "the schema" in fault_of("text", schema) or "the schema" in fault_of(5, schema)
