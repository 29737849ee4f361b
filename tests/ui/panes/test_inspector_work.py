"""What arguments cost in all while they arrive in pieces of five bytes: in proportion to their length, and no more."""

import json

import pytest

from tests.bench.inspector import PIECE, TOOL, arguments
from tests.work import counted
from tui_chat.chat.session_events import ReplyGrew
from tui_chat.core.stream_events import ToolCallDelta
from tui_chat.ui.panes.argument_rows import ArgumentRows
from tui_chat.ui.rows.rows import plain
from tui_chat.workspace.call_marks import MarkedCalls
from tui_chat.workspace.calls import CallBoard

EACH_FRAME = 400
"""Pieces between two looks."""


def followed(text: str) -> tuple[int, CallBoard, ArgumentRows]:
    """The work of parsing, marking and laying out what arrives, and what came of it."""
    board, marked = CallBoard(lambda: 0.0), MarkedCalls({TOOL.name: TOOL})
    rows: ArgumentRows | None = None
    with counted(ours=True) as work:
        for number, at in enumerate(range(0, len(text), PIECE)):
            board.apply(ReplyGrew("n", 0.0, ToolCallDelta(0, "c", TOOL.name, text[at : at + PIECE])))
            if number % EACH_FRAME == 0:
                rows = _looked_at(board, marked, rows)
        rows = _looked_at(board, marked, rows)
    return work.calls, board, rows


def _looked_at(board: CallBoard, marked: MarkedCalls, rows: ArgumentRows | None) -> ArgumentRows:
    marks = marked.of(board.calls[0])
    rows = rows or ArgumentRows(marks.parsed, marks.marks, 56)
    rows.grow(is_arriving=True)
    assert len(rows[max(0, len(rows) - 40) :]) <= 40
    return rows


@pytest.mark.parametrize("size_bytes", [50_000, pytest.param(500_000, marks=pytest.mark.slow)])
def test_twice_the_arguments_are_twice_the_work(size_bytes: int) -> None:
    once, _, _ = followed(arguments(size_bytes))
    text = arguments(2 * size_bytes)
    twice, board, rows = followed(text)

    assert twice <= 2.1 * once
    assert board.calls[0].parsed().value() == (json.loads(text), True)
    assert [plain(row)[:10].split()[:2] for row in (rows[0], rows[1])] == [["✓", "path"], ["✓", "content"]]
    assert len(rows) <= 202


def test_a_tenth_of_the_arguments_costs_the_same_at_the_end_as_at_the_beginning() -> None:
    text = arguments(50_000)
    board, marked = CallBoard(lambda: 0.0), MarkedCalls({TOOL.name: TOOL})
    rows: ArgumentRows | None = None
    tenths: list[int] = []
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    for tenth in range(10):
        with counted(ours=True) as work:
            for number, piece in enumerate(pieces[len(pieces) * tenth // 10 : len(pieces) * (tenth + 1) // 10]):
                board.apply(ReplyGrew("n", 0.0, ToolCallDelta(0, "c", TOOL.name, piece)))
                if number % EACH_FRAME == 0:
                    rows = _looked_at(board, marked, rows)
        tenths.append(work.calls)
    assert max(tenths[-3:]) <= 1.05 * max(tenths[1:4])
