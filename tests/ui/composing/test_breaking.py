"""Rows of a line: every one fits, none loses a character, and an edit breaks anew no more than it must."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tests.work import counted
from tui_chat.ui.composing.breaking import Edited, breaks, rebroken
from tui_chat.ui.composing.clusters import cells_of, clusters, start_of
from tui_chat.ui.composing.document import Lines, Rows

TEXTS = st.text(st.sampled_from("abc  \t漢字é👨‍👩\u0301🇩🇪-"), max_size=200)
WIDTHS = st.integers(4, 30)


def rows_of(line: str, found: list[int]) -> list[str]:
    return [line[start:end] for start, end in pairwise([0, *found, len(line)])]


@given(TEXTS, WIDTHS)
@example("\u200d\u200daa字字", 5)
@example("aaaa\u0301", 4)
@example("文文\u0301", 4)
def test_every_row_fits_and_splits_no_cluster(line: str, width: int) -> None:
    found = breaks(line, width)
    assert "".join(rows_of(line, found)) == line
    assert all(cells_of(row) <= width for row in rows_of(line, found))
    assert all(start_of(line, column) == column for column in found)


@given(TEXTS)
@example("\u200d\u200daa字")
@example("\u200da\u200d字")
@example("a\u202e\U000e0041字")
def test_the_clusters_of_a_text_are_as_wide_as_it_is(line: str) -> None:
    text = line.replace("\t", "")
    found = clusters(text)
    assert [end for _, end, _ in found[:-1]] == [start for start, _, _ in found[1:]]
    assert sum(cells for _, _, cells in found) == cells_of(text)


def test_words_stay_whole_where_they_can() -> None:
    line = "one two three fourteen-letters"
    assert rows_of(line, breaks(line, 10)) == ["one two ", "three ", "fourteen-l", "etters"]


@given(TEXTS, TEXTS, WIDTHS, st.data())
def test_an_edit_breaks_as_if_all_were_broken_anew(before: str, put: str, width: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    after = before[:start] + put + before[end:]
    old = breaks(before, width)
    growth = len(after) - len(before)
    assert rebroken(after, width, Edited(start, old, end, old, growth)) == breaks(after, width)


@given(st.lists(st.tuples(st.text(st.sampled_from("ab \n漢"), max_size=30), st.data()), max_size=8), WIDTHS)
def test_rows_after_edits_are_those_of_the_text(edits: list[tuple[str, st.DataObject]], width: int) -> None:
    lines = Lines("some words to begin with\nand a second line")
    rows = Rows(lines, width)
    for text, data in edits:
        places = sorted(data.draw(st.tuples(*[st.integers(0, len(lines.text))] * 2)))
        start, end = (lines.get_location_from_index(place) for place in places)
        result = lines.replace_range(start, end, text)
        rows.wrap_range(start, end, result.end_location)
    fresh = Rows(Lines(lines.text), width)
    assert [rows.row_at(y) for y in range(rows.height)] == [fresh.row_at(y) for y in range(fresh.height)]


def test_a_letter_in_a_word_of_a_megabyte_breaks_few_rows_anew() -> None:
    before = "x" * 1_000_000
    with counted() as all_of_it:
        old = breaks(before, 80)
    after = "y" + before
    with counted() as anew:
        found = rebroken(after, 80, Edited(0, old, 0, old, 1))
    assert anew.calls < all_of_it.calls / 20
    assert all(0 < len(row) <= 80 for row in rows_of(after, found))
