"""Text in pieces."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.rope import JOIN_AT, Rope


@given(st.text(), st.lists(st.text(max_size=3) | st.none(), max_size=40))
def test_it_reads_as_the_pieces_that_came(begun: str, steps: list[str | None]) -> None:
    rope, expected = Rope(begun), begun
    for step in steps:
        if step is None:
            assert rope.text() == expected
        else:
            rope.append(step)
            expected += step
    assert rope.text() == expected


def test_many_small_pieces_take_little_more_than_their_characters() -> None:
    tracemalloc.start()
    try:
        rope = Rope()
        for number in range(JOIN_AT * 50):
            rope.append(f"{number:05}")
        held_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held_bytes < 3 * 5 * JOIN_AT * 50  # a string of five letters alone takes more than ten times as much
    assert len(rope.text()) == 5 * JOIN_AT * 50


def test_what_was_read_is_not_joined_again() -> None:
    rope = Rope("a")
    rope.append("b")
    assert rope.text() is rope.text()
