"""The board of calls by itself, as a fold over events."""

import json
import sys
from types import FrameType
from typing import Any

from tui_chat.chat.session_events import ReplyGrew, ToolAsked
from tui_chat.core import growing_parts
from tui_chat.core.parts import ToolCall
from tui_chat.core.stream_events import ToolCallDelta
from tui_chat.workspace.call_states import CallState, facts_of_arguments
from tui_chat.workspace.calls import Call, CallBoard

LONGER = 8
"""How much longer the long answer is: linear work takes so many times as long, squared work its square."""


def board_of(count: int) -> CallBoard:
    """A board that saw so many calls of one answer arrive, and each of them asked for."""
    board = CallBoard()
    for index in range(count):
        board.apply(ReplyGrew("a", 0.0, ToolCallDelta(index, f"c{index}", "look", "{}")))
    for index in range(count):
        board.apply(ToolAsked("a", ToolCall(f"c{index}", "look", "{}")))
    return board


def lines_for(count: int) -> int:
    """How many lines of Python run for so many calls: what a clock would say, without the clock's noise."""
    ran = 0

    def count_it(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal ran
        ran += event == "line"
        return count_it

    before = sys.gettrace()
    sys.settrace(count_it)
    try:
        board_of(count)
    finally:
        sys.settrace(before)
    return ran


def test_calls_that_are_asked_for_are_those_that_arrived() -> None:
    calls = board_of(3).calls

    assert [(call.index, call.id, call.state) for call in calls] == [
        (0, "c0", CallState.WAITING),
        (1, "c1", CallState.WAITING),
        (2, "c2", CallState.WAITING),
    ]


def test_each_of_many_calls_costs_what_one_of_few_does() -> None:
    assert lines_for(50 * LONGER) < lines_for(50) * LONGER * 1.1


def test_a_very_long_text_is_parsed_by_and_by_and_comes_out_whole() -> None:
    value = {"text": "line\\n" * 200_000}
    call = Call("n", 0, pieces=[json.dumps(value)], state=CallState.LEFT)
    looks = 0
    while not call.is_parsed:
        call.parsed()
        looks += 1
    assert looks > 3
    assert call.parsed().is_whole
    assert call.parsed().value() == (value, True)


def test_pieces_that_are_not_kept_apart_are_counted_as_at_least_so_many() -> None:
    growing, board = growing_parts.Call(), CallBoard()
    for _ in range(growing_parts.MOST_FRAGMENTS + 5):
        growing.grow("abcde", 1.0)
    board.apply(ToolAsked("a", growing.part("c1")))
    (call,) = board.calls
    assert facts_of_arguments(call.size_bytes, len(call.fragments), None) == ["49 KB", "10000+ pieces"]
    assert facts_of_arguments(5, 9_999, None) == ["5 B", "9999 pieces"]
