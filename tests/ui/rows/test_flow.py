"""Breaking a growing text into rows: nothing is lost, no row is too wide, and no cut of the text matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.work import counted
from tui_chat.core.partial_json import PartialJson, parse
from tui_chat.core.sanitize import sanitize
from tui_chat.ui.rows.flow import TAB, Flow
from tui_chat.ui.rows.rows import Ink, cut, flowed, plain, spread, width_of, wrapped

texts = st.text(alphabet=st.sampled_from("ab \n\t東é\u0301👩\u200d\U0001f33e\x1b\u202e"), max_size=80)


@given(texts, st.integers(2, 20))
def test_nothing_is_lost_and_no_row_is_too_wide(text: str, width: int) -> None:
    flow = Flow(width)
    flow.put(Ink.TEXT, text)
    expected = sanitize(text).replace("\t", TAB)
    assert "".join(map(plain, flow.rows)) == expected.replace("\n", "")
    assert len(flow.rows) > expected.count("\n")
    assert max(width_of(row) for row in flow.rows) <= width


@given(st.text(alphabet='ab,:{}[]"\\n 12東', max_size=60), st.lists(st.integers(0, 60)), st.integers(4, 20))
def test_following_a_layout_while_it_grows_gives_the_rows_of_the_whole(text: str, cuts: list[int], width: int) -> None:
    growing, following = PartialJson(), Flow(width)
    places = sorted({min(place, len(text)) for place in cuts} | {0, len(text)})
    for start, end in zip(places, [*places[1:], len(text)], strict=True):
        growing.feed(text[start:end])
        following.follow(growing.pieces)
    whole = Flow(width)
    whole.follow(growing.pieces)
    assert list(map(plain, following.rows)) == list(map(plain, whole.rows))


def test_code_in_an_argument_is_broken_at_its_own_newlines() -> None:
    flow = Flow(40)
    flow.follow(parse('{"code": "def f():\\n    return 1\\n"}').pieces)
    assert [plain(row) for row in flow.rows] == ["{", '  "code": "def f():\\n', '        return 1\\n"', "}"]


@pytest.mark.parametrize("letter", ["x", "東", "e\u0301"])
def test_one_endless_line_costs_what_its_length_costs(letter: str) -> None:
    def calls(count: int) -> int:
        flow = Flow(40)
        with counted() as work:
            flow.put(Ink.STRING, letter * count)
        return work.calls

    assert calls(40_000) < 1.01 * 4 * calls(10_000)


@given(texts.map(lambda text: " ".join(text.split())), st.integers(2, 30))
def test_rows_of_words_fit(text: str, width: int) -> None:
    text = sanitize(text)
    row = ((Ink.TEXT, text), (Ink.MUTED, "tail"))
    assert width_of(cut(row, width)) <= width
    assert width_of(spread(row, ((Ink.TEXT, "$1"),), width)) <= width
    assert all(width_of(one) <= width for one in flowed([row, row], width))
    assert all(width_of(one) <= max(2, width) for one in wrapped(text, width))


def test_a_spread_row_keeps_its_right_end_and_cuts_its_left() -> None:
    row = spread(((Ink.TEXT, "a-very-long-model-name"),), ((Ink.TEXT, "$0.12"),), 20)
    assert plain(row) == "a-very-long-m… $0.12"
    assert cell_len(plain(row)) == 20


@pytest.mark.parametrize("width", [0, -1, -40])
def test_words_for_which_there_is_no_width_come_to_an_end(width: int) -> None:
    assert wrapped("two words", width)
