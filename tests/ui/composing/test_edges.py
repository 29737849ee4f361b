"""The caret stands at edges: never inside of a cluster, never inside of a chip."""

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.ui.composing.chips import Chips
from tui_chat.ui.composing.clusters import start_of
from tui_chat.ui.composing.edges import beside_chip, whole

LONG = "line\n" * 200
LINES = st.lists(st.text(st.sampled_from("ab \t漢é👨‍👩\u0301🇩🇪"), max_size=12), min_size=1, max_size=3)


@given(LINES, st.integers(0, 2), st.integers(0, 12), st.sampled_from([-1, 0, 1]))
def test_a_place_is_moved_to_an_edge_of_its_cluster_and_stays_there(
    lines: list[str], row: int, column: int, direction: int
) -> None:
    chips = Chips()
    moved = whole(chips, lines, (row, column), direction)
    assert moved == whole(chips, lines, moved, direction)
    if row < len(lines) and column <= len(lines[row]):
        assert start_of(lines[row], moved[1]) == moved[1]
        assert (moved[1] - column) * (direction or moved[1] - column) >= 0


def test_a_chip_is_left_on_the_side_that_is_gone_to_or_is_nearer() -> None:
    chips = Chips()
    marker = chips.add(LONG)
    lines = [f"see {marker}!"]
    end = 4 + len(marker)
    assert whole(chips, lines, (0, 6), 1) == (0, end)
    assert whole(chips, lines, (0, end - 1), -1) == (0, 4)
    assert whole(chips, lines, (0, 6), 0) == (0, 4)
    assert whole(chips, lines, (0, end - 1), 0) == (0, end)
    assert beside_chip(chips, lines, (0, 6)) == (0, end)
    assert beside_chip(chips, lines, (0, 4)) == (0, 4)


def test_the_nearest_chip_is_the_one_at_the_caret_then_before_it_then_after_it() -> None:
    chips = Chips()
    first, second = chips.add(LONG), chips.add("word\n" * 200)
    lines = ["begin", f"{first} and", f"then {second}"]
    found = [chips.nearest(lines, caret) for caret in ((0, 2), (1, 2), (1, len(first) + 3), (2, 5))]
    assert [chip.contents[:4] for chip in found if chip] == ["line", "line", "line", "word"]
    assert chips.nearest(["no chip"], (0, 0)) is None
