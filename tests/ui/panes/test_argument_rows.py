"""The rows of arguments: as they are understood, whatever they are, and however they were cut."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_chat.core.argument_language import language_of
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.partial_json import PartialJson, parse
from tui_chat.core.schema_marks import SchemaMarks
from tui_chat.ui.panes.argument_rows import ArgumentRows
from tui_chat.ui.rows.rows import plain, width_of
from tui_chat.ui.theming.marks import use_ascii

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def rows_of(text: str, schema: JsonObject | None = None, width: int = 40) -> list[str]:
    """The rows when all of a text has come at once."""
    parsed, marks = parse(text), SchemaMarks(schema)
    marks.follow(parsed)
    rows = ArgumentRows(parsed, marks, width)
    rows.grow(is_arriving=False)
    return [plain(row).rstrip() for row in rows]


@example({"00000": [None, None, None]}, 1, 30)
@given(st.dictionaries(st.text(max_size=8), values, max_size=4), st.integers(1, 7), st.integers(12, 60))
def test_rows_fit_and_come_out_the_same_however_the_text_was_cut(
    whole: dict[str, object], step: int, width: int
) -> None:
    text = json.dumps(whole)
    parsed, marks = PartialJson(), SchemaMarks(None)
    rows = ArgumentRows(parsed, marks, width)
    for at in range(0, len(text), step):
        parsed.feed(text[at : at + step])
        marks.follow(parsed)
        rows.grow(is_arriving=True)
        assert all(width_of(row) <= width + 1 for row in rows)
    rows.grow(is_arriving=False)
    again = rows_of(text, width=width)
    assert [row.split()[:1] for row in again] == [plain(row).split()[:1] for row in rows] or _differs_in_names(whole)
    assert len(again) == len(rows) or _differs_in_names(whole)


def _differs_in_names(whole: dict[str, object]) -> bool:
    """A longer name that comes later leaves less room for the values above it, which were laid out before."""
    return len({min(16, len(name)) for name in whole}) > 1


def test_a_value_stands_beside_its_name_until_it_is_too_long() -> None:
    assert rows_of('{"a": "short", "b": [1, 2], "c": {}, "d": ""}') == [
        '  a     "short"',
        "  b     [1, 2]",
        "  c     {}",
        '  d     ""',
    ]
    assert rows_of(json.dumps({"a": "long " * 12})) == [
        "  a     text, 60 characters",
        "    long long long long long long long l",
        "    ong long long long long",
    ]
    assert rows_of(json.dumps({"a": {"b": "x" * 20, "c": 1}}))[:3] == [
        "  a     2 members",
        "    {",
        '        "b": "xxxxxxxxxxxxxxxxxxxx",',
    ]


def test_of_very_many_members_the_last_are_drawn() -> None:
    rows = rows_of(json.dumps({f"n{at}": at for at in range(3_000)}))
    assert len(rows) < 1_100
    assert rows[0].endswith("members above are not drawn")
    assert rows[-1].split() == ["n2999", "2999"]


def test_without_arguments_that_is_said() -> None:
    assert rows_of("{}") == ["No arguments."]
    assert rows_of("{}", {"required": ["a"]}) == ["✗ a     missing"]


def test_marks_keep_their_column_in_ascii() -> None:
    use_ascii(True)
    try:
        rows = rows_of('{"a": 1, "b": 2}', {"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}, 60)
    finally:
        use_ascii(False)
    assert [row.index(name) for row, name in zip(rows, "ab", strict=True)] == [3, 3]


@pytest.mark.parametrize(
    ("field", "text", "beside", "language"),
    [
        ("content", "x = 1", {"path": "src/a.py"}, "python"),
        ("code", "x", {"language": "Rust"}, "rust"),
        ("query", "select 1", {}, "sql"),
        ("query", "weather in Paris", {}, "text"),
        ("patch", "anything", {}, "diff"),
        ("body", "<!DOCTYPE html>", {}, "html"),
        ("command", "ls -l", {}, "shell"),
        ("reason", "because of a.py", {"path": "a.py"}, "text"),
        ("content", "x", {"language": "\x1b[2J"}, "text"),
    ],
)
def test_a_language_is_told_by_what_stands_around_the_text(
    field: str, text: str, beside: dict[str, str], language: str
) -> None:
    assert language_of(field, text, beside) == language
