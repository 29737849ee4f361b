"""JSON that is still arriving: every prefix agrees with the whole, no split matters, and no text is too much."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.work import counted
from tui_chat.core.json_layout import Mark
from tui_chat.core.json_levels import Kind
from tui_chat.core.json_tokens import DEEPEST, LONGEST_SCALAR
from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.partial_json import PartialJson, parse

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
documents = st.builds(
    lambda value, is_ascii, indent: json.dumps(value, ensure_ascii=is_ascii, indent=indent),
    values,
    st.booleans(),
    st.sampled_from([None, 0, 2]),
)
junk = st.text(alphabet='{}[]",:\\ \n\t0123456789.eE+-truefalsn\ud83dxü', max_size=40)


def state(parsed: PartialJson) -> tuple[str, object, object, bool]:
    return parsed.pretty(), repr(parsed.value()), parsed.problem, parsed.is_whole


def agrees(part: JsonValue, whole: JsonValue) -> bool:
    """Whether `part` is what can be known of `whole` before all of it has come."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and agrees(item, whole[key]) for key, item in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) <= len(whole) and all(map(agrees, part, whole))
    if isinstance(part, str) and isinstance(whole, str):
        return whole.startswith(part)
    return type(part) is type(whole) and part == whole


@given(documents)
def test_a_whole_document_has_the_value_that_json_gives_it(text: str) -> None:
    parsed = parse(text)
    assert parsed.problem is None
    assert parsed.is_whole
    assert parsed.value() == (json.loads(text), True)
    assert json.loads(parsed.pretty()) == json.loads(text)


@given(st.dictionaries(st.text(), values, max_size=4), st.booleans())
def test_members_are_those_of_the_whole_at_every_cut(whole: dict[str, JsonValue], is_ascii: bool) -> None:
    growing = PartialJson()
    for character in json.dumps(whole, ensure_ascii=is_ascii):
        growing.feed(character)
        names = [member.name for member in growing.members]
        assert names == list(whole)[: len(names)]
        for member in growing.members:
            if member.end is not None:
                assert (member.value, type(member.value)) == (whole[member.name], type(whole[member.name]))
            elif member.value is not None:
                assert agrees(member.value, whole[member.name])
            elif growing.tip is not None and growing.tip.kind is Kind.STRING:
                text = "".join(growing.open_words(0))
                assert growing.tip.length == len(text)
                assert text.startswith(growing.tip.head)
                assert agrees(text, whole[member.name])
    assert all(member.end is not None for member in growing.members)


@given(documents)
def test_every_prefix_agrees_with_the_whole(text: str) -> None:
    whole = json.loads(text)
    growing = PartialJson()
    for character in text:
        growing.feed(character)
        value, is_there = growing.value()
        assert growing.problem is None
        assert not is_there or agrees(value, whole)


@given(documents | junk, st.lists(st.integers(0, 60)))
@example('{"a":"\\ud83d\\ude00"}', [7, 9, 12, 14])
@example('[-,"x\x01y', [1, 2])
def test_no_split_makes_a_difference(text: str, cuts: list[int]) -> None:
    at_once, in_pieces = PartialJson(), PartialJson()
    at_once.feed(text)
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    for start, end in zip(places, [*places[1:], len(text)], strict=True):
        in_pieces.feed(text[start:end])
        in_pieces.value()
    assert state(at_once) == state(in_pieces)
    at_once.finish()
    in_pieces.finish()
    assert state(at_once) == state(in_pieces)


@given(junk)
def test_what_json_refuses_is_a_problem_and_what_it_takes_is_none(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        assert parse(text).problem is not None
        return
    assert parse(text).problem is None
    assert repr(parse(text).value()[0]) == repr(expected)


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ('{"a": 1} x', 9, "there is more after the end"),
        ('{"a" 1}', 5, "a colon is missing"),
        ('{"a": 1 "b": 2}', 8, "a comma is missing"),
        ("[1,]", 3, "a value is missing"),
        ("{'a': 1}", 1, "a name in quotation marks is missing"),
        ("[1}", 2, "the wrong bracket closes"),
        ('["\\x"]', 3, "an escape that does not exist"),
        ('{"a": NaN}', 6, "a value is missing"),
        ("[01]", 1, "“01” is not a number"),
        ("[nul]", 1, "neither true, false nor null: nul]"),
        ('{"a": "b', 8, "it ends too early"),
        ("", 0, "it is empty"),
    ],
)
def test_a_problem_says_what_and_where(text: str, position: int, message: str) -> None:
    assert parse(text).problem == (position, message)


def test_what_follows_a_problem_is_kept_as_it_came() -> None:
    assert parse('{"a":1}  and more').pretty() == '{\n  "a": 1\n}and more'


def test_an_open_string_is_known_as_far_as_it_has_come() -> None:
    growing = PartialJson()
    growing.feed('{"path": "a.py", "lines": ["one", "tw')
    assert growing.value() == ({"path": "a.py", "lines": ["one", "tw"]}, True)
    growing.feed("o\\n")
    assert growing.value() == ({"path": "a.py", "lines": ["one", "two\n"]}, True)


def test_a_number_is_not_known_before_it_ends() -> None:
    growing = PartialJson()
    growing.feed('{"n": 12')
    assert growing.value() == ({}, True)
    growing.feed("3,")
    assert growing.value() == ({"n": 123}, True)


def test_an_escaped_newline_folds_the_line_for_the_eye_only() -> None:
    parsed = parse('{"code": "a\\nb"}')
    assert [piece.text for piece in parsed.pieces if piece.mark is Mark.FOLD] == ["    "]
    assert parsed.pretty() == '{\n  "code": "a\\nb"\n}'


def test_deep_nesting_and_endless_numbers_are_problems_and_not_crashes() -> None:
    deep = parse("[" * 100_000)
    assert deep.problem is not None
    assert deep.problem.position == DEEPEST
    long = parse("9" * 100_000)
    assert long.problem is not None
    assert long.problem.position == LONGEST_SCALAR


def _calls(text: str, step: int) -> int:
    parsed = PartialJson()
    with counted() as work:
        for start in range(0, len(text), step):
            parsed.feed(text[start : start + step])
    return work.calls


def test_the_cost_grows_with_the_text_and_no_faster() -> None:
    line = "    return {value: 1}\n"
    short, long = (json.dumps({"content": line * count}) for count in (6_000, 24_000))
    assert len(long) > 500_000
    assert _calls(long, 4) < 1.01 * 4 * _calls(short, 4)
