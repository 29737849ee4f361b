"""The height index agrees with sums done by hand."""

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.ui.transcript.heights import RowIndex

_CHANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=30)


@given(st.lists(st.integers(0, 9), max_size=40), _CHANGES, st.integers(0, 40))
def test_starts_and_places_agree_with_plain_sums(heights: list[int], changes: list[tuple[int, int]], kept: int) -> None:
    index = RowIndex(heights)
    for at, height in changes:
        if at < len(heights):
            heights[at] = height
            index.set(at, height)
    del heights[kept:]
    index.truncate(kept)
    heights += [2, 0, 3]
    for height in (2, 0, 3):
        index.append(height)
    assert [index.start(at) for at in range(len(heights) + 1)] == [sum(heights[:at]) for at in range(len(heights) + 1)]
    assert index.total == sum(heights)
    rows = [(at, row) for at, height in enumerate(heights) for row in range(height)]
    assert [index.find(row) for row in range(index.total)] == rows
    assert index.find(index.total + 2) == (len(heights), 2)
