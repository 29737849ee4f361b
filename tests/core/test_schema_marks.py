"""Marks of arguments that are still arriving: certain when they are shown, and never taken back."""

import json
import re

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.work import counted
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.partial_json import PartialJson
from tui_chat.core.pattern_cost import MOST_STEPS, found_in, steps
from tui_chat.core.schema_marks import Missing, SchemaMarks
from tui_chat.core.schema_rules import Verdict
from tui_chat.workspace.argument_check import check

WEATHER: JsonObject = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "unit": {"type": "string", "enum": ["celsius", "kelvin"]},
        "days": {"type": "integer", "minimum": 1, "maximum": 7},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}, "maxItems": 2},
        "at": {"$ref": "#/$defs/place"},
        "code": {"type": "string", "pattern": "^[a-z]+$"},
        "mode": {"anyOf": [{"type": "string", "enum": ["fast"]}, {"type": "null"}]},
    },
    "required": ["city", "unit"],
    "additionalProperties": False,
    "$defs": {
        "place": {
            "type": "object",
            "properties": {"x": {"type": "number"}, "y": {"type": "number"}},
            "required": ["x", "y"],
            "additionalProperties": False,
        }
    },
}


def marked(text: str, schema: JsonObject | None = WEATHER) -> SchemaMarks:
    """The marks when this much has come, in one piece."""
    marks, parsed = SchemaMarks(schema), PartialJson()
    parsed.feed(text)
    marks.follow(parsed)
    return marks


def last(text: str, schema: JsonObject | None = WEATHER) -> tuple[str, str, str]:
    """The mark of the last member."""
    verdict, why, where = marked(text, schema).marks[-1]
    return verdict.value, why, where


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ('{"city": "Par', ("right", "", "")),
        ('{"city": 3', ("wrong", "must be a text", "")),
        ('{"city": t', ("wrong", "must be a text", "")),
        ('{"city": [', ("wrong", "must be a text", "")),
        ('{"unit": "cel', ("open", "", "")),
        ('{"unit": "cex', ("wrong", 'must be "celsius" or "kelvin"', "")),
        ('{"unit": "celsiusx', ("wrong", 'must be "celsius" or "kelvin"', "")),
        ('{"unit": "celsius"', ("right", "", "")),
        ('{"days": 99', ("open", "", "")),
        ('{"days": 99,', ("wrong", "above 7", "")),
        ('{"days": 2.5 ', ("wrong", "must be a whole number", "")),
        ('{"days": 3.0 ', ("right", "", "")),
        ('{"zone": "', ("wrong", "not in the schema", "")),
        ('{"tags": ["a", "long', ("wrong", "longer than 3 characters", "[1]")),
        ('{"tags": ["a", 3', ("wrong", "must be a text", "[1]")),
        ('{"tags": ["a", "b", "c', ("open", "", "")),
        ('{"tags": ["a", "b", "c"', ("wrong", "more than 2 items", "")),
        ('{"tags": ["a"]', ("right", "", "")),
        ('{"at": {"x": 1, "z"', ("open", "", "")),
        ('{"at": {"x": 1, "z": {', ("wrong", "not in the schema", ".z")),
        ('{"at": {"x": "', ("wrong", "must be a number", ".x")),
        ('{"at": {"x": 1}', ("wrong", "y is missing", "")),
        ('{"at": {"x": 1, "y": 2}', ("right", "", "")),
        ('{"code": "ab1', ("open", "", "")),
        ('{"code": "ab1"', ("wrong", "does not match ^[a-z]+$", "")),
        ('{"mode": "slow', ("wrong", 'must be "fast" and must be null', "")),
        ('{"mode": null', ("right", "", "")),
    ],
)
def test_a_mark_comes_as_soon_as_it_is_certain(text: str, mark: tuple[str, str, str]) -> None:
    assert last(text) == mark


def test_what_is_required_is_named_until_it_comes() -> None:
    assert marked("{").missing() == [Missing("city", "a text"), Missing("unit", '"celsius" or "kelvin"')]
    assert marked('{"unit": "').missing() == [Missing("city", "a text")]


def test_without_a_schema_nothing_is_marked() -> None:
    assert last('{"a": {"b": [1]}, "c": "x"', None) == ("open", "", "")
    assert not marked('{"a": 1}', None).missing()


def test_a_name_that_comes_twice_is_judged_by_its_last_value() -> None:
    schema: JsonObject = {"properties": {"at": {"properties": {"x": {"type": "string"}}}}}
    assert last('{"at": {"y": 0, "x": 1, "x": "a"}}', schema) == ("right", "", "")
    assert last('{"at": {"y": 0, "x": "a", "x": 1}}', schema)[0] == "wrong"


# Certain: a validator agrees, whatever comes

names = st.sampled_from("abc")
plain_values = (
    st.none() | st.booleans() | st.integers(-3, 12) | st.sampled_from([0.5, 2.0, 7.25]) | st.text("abé\n", max_size=5)
)
values = st.recursive(
    plain_values,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
types = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"])
patterns = st.sampled_from(["^a", "b$", "^[ab]+$", "(a|b)?é", "^(a+)+$"])
limits = st.integers(0, 4)


def _schemas(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    keywords: dict[str, st.SearchStrategy[JsonValue]] = {
        "type": types | st.lists(types, min_size=1, max_size=3, unique=True),
        "enum": st.lists(plain_values, min_size=1, max_size=3),
        "const": plain_values,
        "minLength": limits,
        "maxLength": limits,
        "pattern": patterns,
        "minimum": limits,
        "exclusiveMaximum": limits,
        "multipleOf": st.integers(1, 3),
        "minItems": limits,
        "maxItems": limits,
        "uniqueItems": st.booleans(),
        "items": inner,
        "contains": inner,
        "properties": st.dictionaries(names, inner, max_size=3),
        "required": st.lists(names, max_size=2, unique=True),
        "additionalProperties": inner,
        "maxProperties": limits,
        "anyOf": st.lists(inner, min_size=1, max_size=3),
        "oneOf": st.lists(inner, min_size=1, max_size=3),
        "allOf": st.lists(inner, min_size=1, max_size=2),
        "not": inner,
        "$ref": st.sampled_from(["#/$defs/one", "#/$defs/two"]),
    }
    few = st.lists(st.sampled_from(sorted(keywords)), max_size=3, unique=True)
    return few.flatmap(lambda chosen: st.fixed_dictionaries({name: keywords[name] for name in chosen}))


schemas = st.recursive(st.booleans() | _schemas(st.just(True)), _schemas, max_leaves=6)
definitions = st.fixed_dictionaries(
    {
        "properties": st.dictionaries(names, schemas, max_size=3),
        "required": st.lists(names, max_size=2, unique=True),
        "$defs": st.fixed_dictionaries({"one": _schemas(st.just(True)), "two": _schemas(st.just(True))}),
    },
    optional={"additionalProperties": schemas, "allOf": st.lists(schemas, min_size=1, max_size=1)},
)


def is_valid(schema: JsonObject, name: str, value: JsonValue) -> bool | None:
    """What a validator says of one member by the schema of that member; None where it cannot."""
    properties = schema["properties"]
    assert isinstance(properties, dict)
    of_member = properties.get(name, schema.get("additionalProperties", True))
    if isinstance(of_member, bool):
        return of_member
    assert isinstance(of_member, dict)
    try:
        return jsonschema.Draft202012Validator({**of_member, "$defs": schema["$defs"]}).is_valid(value)
    except RecursionError:
        return None


@given(definitions, st.dictionaries(names, values, max_size=3))
def test_what_is_marked_is_what_a_validator_says_and_is_never_taken_back(
    schema: JsonObject, arguments: dict[str, JsonValue]
) -> None:
    text = json.dumps(arguments)
    marks, parsed = SchemaMarks(schema), PartialJson()
    shown: list[Verdict] = []
    for character in text:
        parsed.feed(character)
        marks.follow(parsed)
        now = [mark.verdict for mark in marks.marks]
        assert all(before in (Verdict.OPEN, after) for before, after in zip(shown, now, strict=False))
        shown = now
    at_once = marked(text, schema)
    assert len(shown) == len(arguments)
    for (name, value), verdict, alone in zip(arguments.items(), shown, at_once.marks, strict=True):
        valid = is_valid(schema, name, value)
        assert verdict is Verdict.OPEN or valid is None or valid is (verdict is Verdict.RIGHT)
        assert alone.verdict in (Verdict.OPEN, verdict) or verdict is Verdict.OPEN
    if parsed.is_whole and (checked := check(schema, arguments)) is not None:
        before = list(marks.marks)
        marks.settle(checked.members)
        assert all(old.verdict is Verdict.OPEN or old == new for old, new in zip(before, marks.marks, strict=True))
        valid_whole = jsonschema.Draft202012Validator(schema).is_valid(arguments)
        if valid_whole:
            assert {mark.verdict for mark in marks.marks} <= {Verdict.RIGHT}


KEYWORDS = (
    *("type", "properties", "required", "items", "enum", "const", "$ref", "anyOf", "oneOf", "allOf", "pattern"),
    *("minLength", "maxItems", "additionalProperties", "$defs", "not", "minimum", "multipleOf", "$id", "$schema", "a"),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(KEYWORDS), anything, max_size=5), st.dictionaries(names, values, max_size=3))
def test_a_schema_of_any_kind_is_survived(schema: JsonObject, arguments: dict[str, JsonValue]) -> None:
    marks = marked(json.dumps(arguments), schema)
    marks.missing()
    check(schema, arguments)
    assert len(marks.marks) == len(arguments)


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"$ref": "#/properties/a"}}},
        {"properties": {"a": {"anyOf": [{"$ref": "#/properties/a"}, {"$ref": "#/properties/a"}]}}},
        {"properties": {"a": {"$ref": "https://example.org/schema"}}},
        {"properties": {"a": {"$ref": "file:///etc/passwd"}}},
        {
            "properties": {"a": {"$ref": "#/$defs/0"}},
            "$defs": {str(at): {"anyOf": [{"$ref": f"#/$defs/{at + 1}"}] * 2} for at in range(40)},
        },
    ],
)
def test_references_without_end_or_out_of_the_document_leave_a_value_open(schema: JsonObject) -> None:
    assert last('{"a": "x"}', schema) == ("open", "", "")
    assert check(schema, {"a": "x"}) is None


def test_a_deep_value_is_survived() -> None:
    schema: JsonObject = {
        "properties": {"a": {"$ref": "#/$defs/list"}},
        "$defs": {"list": {"items": {"$ref": "#/$defs/list"}}},
    }
    marks, parsed = SchemaMarks(schema), PartialJson()
    for character in '{"a": ' + "[" * 250 + "]" * 250 + "}":
        parsed.feed(character)
        marks.follow(parsed)
    assert parsed.is_whole
    assert marks.marks[0].verdict in (Verdict.OPEN, Verdict.RIGHT)


# Patterns


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "(a|a)*b", "^(\\w+\\s?)*$", "(?=a)", "(a)\\1", "(a*)*", "((a|b)*c)*", "("]
)
def test_a_pattern_that_may_take_long_is_not_tried(pattern: str) -> None:
    assert found_in(pattern, "a" * 40 + "!") is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^[a-z0-9-]+$", "some-slug-9"),
        (r"^\d{4}-\d{2}-\d{2}$", "2026-11-29"),
        (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "some.one@example.org"),
        ("^(?:https?|ftp)://", "https://example.org"),
        ("^(GET|POST|PUT)$", "DELETE"),
        (r"^[]a]+\]$", "aa]"),
    ],
)
def test_an_ordinary_pattern_is_tried(pattern: str, text: str) -> None:
    assert found_in(pattern, text) is (re.search(pattern, text) is not None)


@example("a*a*a*a*a*a*$", 200)
@given(st.text("ab()|*+?{}1,[]^$\\.", max_size=12), st.integers(0, 40))
def test_a_pattern_is_bounded_or_refused(pattern: str, length: int) -> None:
    work = steps(pattern, length)
    assert work > MOST_STEPS or found_in(pattern, "a" * length) in (True, False, None)


# Work


def test_each_value_is_judged_once_however_often_it_is_looked_at() -> None:
    schema: JsonObject = {
        "properties": {
            "rows": {"type": "array", "items": {"properties": {"n": {"type": "integer"}}, "required": ["n"]}}
        }
    }
    work: list[int] = []
    for count in (500, 1_000):
        text = json.dumps({"rows": [{"n": at} for at in range(count)]})
        marks, parsed = SchemaMarks(schema), PartialJson()
        with counted(ours=True) as calls:
            for at in range(0, len(text), 5):
                parsed.feed(text[at : at + 5])
                marks.follow(parsed)
        assert marks.marks[0].verdict is Verdict.RIGHT
        work.append(calls.calls)
    assert work[1] <= 2.1 * work[0]
