"""The board of calls by itself, as a fold over events."""

import time

from tui_chat.chat.session_events import ReplyGrew, ToolAsked
from tui_chat.core.parts import ToolCall
from tui_chat.core.stream_events import ToolCallDelta
from tui_chat.workspace.calls import CallBoard, CallState

LONGER = 8
"""How much longer the long answer is: linear time takes so many times as long, squared time its square."""


def board_of(count: int) -> CallBoard:
    """A board that saw so many calls of one answer arrive, and each of them asked for."""
    board = CallBoard()
    for index in range(count):
        board.apply(ReplyGrew("a", 0.0, ToolCallDelta(index, f"c{index}", "look", "{}")))
    for index in range(count):
        board.apply(ToolAsked("a", ToolCall(f"c{index}", "look", "{}")))
    return board


def seconds_for(count: int) -> float:
    """The processor's seconds; the least of three, for the others were disturbed."""
    taken: list[float] = []
    for _ in range(3):
        started = time.process_time()
        board_of(count)
        taken.append(time.process_time() - started)
    return min(taken)


def test_calls_that_are_asked_for_are_those_that_arrived() -> None:
    calls = board_of(3).calls

    assert [(call.index, call.id, call.state) for call in calls] == [
        (0, "c0", CallState.WAITING),
        (1, "c1", CallState.WAITING),
        (2, "c2", CallState.WAITING),
    ]


def test_each_of_many_calls_costs_what_one_of_few_does() -> None:
    assert seconds_for(500 * LONGER) < seconds_for(500) * LONGER**1.5
