"""A long list is read row by row: the same as a parser reads it, or not at all."""

import json
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.side_thread import GivenUp, Leave
from tui_chat.providers.balance_wire import read_balance
from tui_chat.providers.json_rows import MAX_ROW, rows_of
from tui_chat.providers.models_wire import MAX_MODELS, read_models
from tui_chat.providers.openai_wire import UNREADABLE

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
rows = st.lists(st.dictionaries(st.text(max_size=8), values, max_size=4) | st.text(max_size=20), max_size=6)


def read(body: bytes) -> list[object] | None:
    found = rows_of(body, ("data", "models"))
    return None if found is None else list(found)


@given(rows, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_rows_are_what_a_parser_makes_of_them(listed: list[object], ascii_only: bool, indent: str | int | None) -> None:
    for body in (listed, {"object": "list", "models": "[", "data": listed, "x": {"data": [5]}}):
        assert read(json.dumps(body, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "replace")) == listed


def test_the_first_name_counts_wherever_it_stands() -> None:
    assert read(b'{"models": ["a"], "data": ["b"]}') == ["b"]
    assert read(b'\xef\xbb\xbf {"data": {}, "models": ["a"]}') == ["a"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"data"', b'{"data": 5}', b'"data"', b"[" * 3_000_000, b'["' + b"\\" * 3_000_000]
)
def test_what_is_no_list_or_has_no_end_is_refused(body: bytes) -> None:
    with suppress(*UNREADABLE):
        assert read(body) is None


@pytest.mark.parametrize("body", [b'["a" "b"]', b'["a"', b'["a",', b'["a", }'])
def test_a_list_that_breaks_off_is_no_list(body: bytes) -> None:
    assert read_models(body) is None


def test_a_row_that_cannot_be_read_or_is_too_large_is_passed_over() -> None:
    large = b'{"id": "%s"}' % (b"x" * MAX_ROW)
    assert read(b'["a", {"id": nonsense}, ' + large + b', 7, "b"]') == ["a", None, None, None, "b"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": [' + b"{}," * 200_000 + b"{}]}",
        b'[{"id": "a", "x": [' + b"{}," * 200_000 + b"{}]}]",
        b"[" + b"1," * 300_000 + b"1]",
        b'{"credits": 1, "data": [' + b"{}," * 200_000 + b"{}]}",
        b"{" + b'"a":1,' * 100_000 + b'"balance":1}',
    ],
    ids=["rows", "one row", "numbers", "a balance", "members"],
)
def test_a_body_makes_no_more_of_itself_than_its_models(body: bytes) -> None:
    tracemalloc.start()
    read_models(body)
    read_balance([], body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * len(body)


def test_a_reading_that_nobody_waits_for_ends_with_the_next_row() -> None:
    given_up = Leave(60.0)
    given_up.give_up()

    with pytest.raises(GivenUp):
        read_models(b'["a", "b"]', lambda: given_up.is_late)


def test_more_models_than_anybody_has_are_cut() -> None:
    models = read_models(json.dumps([f"m{number}" for number in range(MAX_MODELS + 5)]).encode())

    assert len(models or ()) == MAX_MODELS
