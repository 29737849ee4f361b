"""The block stream gives for text in pieces what it gives for the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.transcript.documents import document, pieces
from tests.ui.transcript.fuzz import Result, differs, giant_differs, streamed, whole
from tests.work import counted
from tui_chat.ui.transcript.blocks import OPEN_PIECES, BlockStream
from tui_chat.ui.transcript.leaves import CODE_LINES, PARAGRAPH_CHARACTERS, Kind, Leaf, MarkRole, Placed


def leaves_of(result: Result) -> list[Leaf]:
    return [placed.leaf for placed in result[0]]


def shown(*parts: str) -> list[Leaf]:
    """What is on screen after the last part, before anything else is known."""
    stream = BlockStream()
    final: list[Placed] = []
    provisional: list[Placed] = []
    for part in parts:
        stream.feed(part)
        step = stream.advance()
        final += step.final
        provisional = step.provisional
    return [placed.leaf for placed in final + provisional]


@pytest.mark.parametrize("first", range(0, 300, 100))
def test_a_streamed_document_equals_the_whole_one(first: int) -> None:
    assert not [seed for seed in range(first, first + 100) if differs(seed, 1)]


@pytest.mark.parametrize("first", range(0, 24, 8))
def test_a_streamed_giant_paragraph_equals_the_whole_one(first: int) -> None:
    assert not [seed for seed in range(first, first + 8) if giant_differs(seed, 1)]


@given(st.text(alphabet="ab -*#>`~|:[]()1.\n\t_=\\<&", max_size=120), st.integers(0, 10_000))
def test_any_text_in_any_pieces_equals_the_whole(text: str, seed: int) -> None:
    assert streamed(pieces(text, seed)) == whole(text)


def test_a_list_below_a_line_of_text_never_looks_like_a_heading() -> None:
    for end in range(len("intro:\n- item") + 1):
        assert all(leaf.kind is Kind.PARAGRAPH for leaf in shown(*"intro:\n- item"[:end]))


def test_a_fence_shows_neither_its_marks_nor_half_its_language() -> None:
    text = "```python\nprint()\n```\n"
    for end in range(len(text) + 1):
        for leaf in shown(*text[:end]):
            assert leaf.kind is Kind.CODE
            assert leaf.info == "python"
            assert "`" not in leaf.text


def test_the_head_of_a_table_waits_for_its_second_line() -> None:
    text = "Look:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    for end in range(len(text) + 1):
        assert not any("|" in leaf.text for leaf in shown(*text[:end]))


def test_a_line_that_only_looks_like_a_table_is_shown_when_it_is_over() -> None:
    assert [leaf.text for _, leaf in streamed(["| not a table |\n"])[0]] == ["| not a table |"]


@pytest.mark.parametrize("text", ["-", "```", "| a |", "#", "1.", "**", "a\n-", "```py\nx\n``"])
def test_what_was_held_back_appears_at_the_end(text: str) -> None:
    leaves, _ = streamed(list(text))
    assert leaves == whole(text)[0]
    assert leaves


def test_ordered_items_keep_counting_across_cuts() -> None:
    leaves = leaves_of(streamed(list("\n\n".join(f"1. item\n\n   more {number}" for number in range(12)))))
    numbers = [leaf.marks[0].text for leaf in leaves if leaf.marks[0].opens]
    assert numbers == [f"{number}. " for number in range(1, 13)]


def test_long_code_is_cut_into_pieces_that_join_to_the_source() -> None:
    lines = [f"line {number}" for number in range(100)]
    leaves = leaves_of(streamed(pieces("- x\n\n  ```c\n" + "".join(f"  {line}\n" for line in lines) + "  ```\n", 1)))
    code = [leaf for leaf in leaves if leaf.kind is Kind.CODE]
    assert "\n".join(leaf.text for leaf in code).split("\n") == lines
    assert max(leaf.text.count("\n") + 1 for leaf in code) == CODE_LINES
    assert {leaf.anchor for leaf in code} == {2}


def test_a_fence_with_bars_behind_its_marks_is_not_the_head_of_a_table() -> None:
    text = "``` a | b\n" + "line\n" * CODE_LINES + "|---|---|\nmore\n"
    assert {leaf.kind for leaf in leaves_of(streamed(text.splitlines(keepends=True)))} == {Kind.CODE}


def test_an_item_that_begins_with_a_table_is_one_in_pieces_too() -> None:
    text = "- x\n- a | b\n  --|--\n  1 | 2\n"
    assert streamed(text.splitlines(keepends=True)) == whole(text)
    assert [leaf.kind for leaf in leaves_of(whole(text))] == [Kind.PARAGRAPH, Kind.ROW, Kind.ROW]


@pytest.mark.parametrize("opening", ["# ", "| a | b |\n|---|---|\n| 1 | 2 |\n| "])
def test_an_endless_line_is_neither_a_heading_nor_a_row(opening: str) -> None:
    text = opening + "word " * 4_000
    stream = BlockStream()
    stream.feed(text)
    stream.advance()
    stream.feed("more ")
    assert len(stream.advance().provisional) <= OPEN_PIECES
    assert leaves_of(whole(text))[-1].kind is Kind.PARAGRAPH
    assert streamed(pieces(text, 3, (700,))) == whole(text)


def test_cells_beyond_the_last_column_are_not_lost() -> None:
    leaves = leaves_of(whole("| a | b |\n|---|---|\n| 1 | 2 | three | four |\n"))
    assert leaves[1].cells == ["1", "2 | three | four"]


def test_a_giant_paragraph_is_cut_between_words() -> None:
    text = "word " * 4_000
    leaves = leaves_of(streamed(pieces(text, 2)))
    assert len(leaves) > 4
    assert " ".join(leaf.text for leaf in leaves) == text.strip()


def test_boxes_of_tasks_become_marks() -> None:
    leaves = leaves_of(whole("- [ ] todo\n- [x] done\n"))
    assert [(leaf.text, leaf.marks[0].role) for leaf in leaves] == [("todo", MarkRole.TODO), ("done", MarkRole.DONE)]


@pytest.mark.parametrize(
    "line",
    [
        "- item of a list\n",
        "| 1 | 2 |\n",
        "code = 1\n",
        "  - nested item\n",
        "> - quoted item\n",
        "## head\n\nword\n\n",
    ],
)
def test_the_open_tail_stays_short(line: str) -> None:
    start = {"|": "| a | b |\n|---|---|\n", "c": "```py\n", " ": "- outer\n"}.get(line[0], "")
    stream = BlockStream()
    stream.feed(start)
    final = 0
    for _ in range(2_000):
        stream.feed(line)
        step = stream.advance()
        final += len(step.final)
        assert len(step.provisional) <= 3
    assert final >= 2_000 // CODE_LINES - 1


@pytest.mark.parametrize("seed", range(80))
def test_every_leaf_knows_its_line(seed: int) -> None:
    text = document(seed)
    placed = whole(text)[0]
    lines = [each.line for each in placed]
    assert lines == sorted(lines)
    source = text.split("\n")
    for line, leaf in placed:
        first = leaf.text.split("\n")[0].strip()
        assert leaf.kind in (Kind.ROW, Kind.RULE) or first in source[line] + "".join(source[line + 1 : line + 2])


def test_a_frame_costs_the_same_late_in_a_long_list() -> None:
    stream = BlockStream()

    def cost(frames: int) -> int:
        with counted() as work:
            for number in range(frames):
                stream.feed(f"- item {number} with words\n")
                stream.advance()
        return work.calls

    cost(200)
    early = cost(300)
    cost(1_000)
    assert cost(300) < 1.01 * early


def test_parsing_costs_what_the_text_is_long() -> None:
    block = "## A heading\n\nSome words\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n"

    def cost(count: int) -> int:
        stream = BlockStream()
        stream.feed(block * count)
        with counted() as work:
            stream.advance()
            stream.finish()
        return work.calls

    cost(1)
    assert cost(400) < 1.1 * 4 * cost(100)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_piece_that_would_begin_with_a_lines_end_is_no_place_to_cut(more: int) -> None:
    text = ("x" * (2 * PARAGRAPH_CHARACTERS + more) + "\n") * 8 + "end\n"
    step = len(text) // 7
    assert streamed([text[at : at + step] for at in range(0, len(text), step)]) == whole(text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ((3, 2, 1), ["3. ", "2. ", "1. "]),
        ((1, 2, 4), ["1. ", "2. ", "4. "]),
        ((1, 1, 1), ["1. ", "2. ", "3. "]),
        ((5, 5, 5), ["5. ", "6. ", "7. "]),
        ((1, 2, 2, 3), ["1. ", "2. ", "2. ", "3. "]),
    ],
)
def test_numbers_are_as_written_but_equal_ones_count(written: tuple[int, ...], shown: list[str]) -> None:
    text = "\n\n".join(f"{number}. item\n\n   more" for number in written)
    for parts in ([text], list(text)):
        leaves = leaves_of(streamed(parts))
        assert [leaf.marks[0].text for leaf in leaves if leaf.marks[0].opens] == shown
