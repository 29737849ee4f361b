"""Which calls fit what was typed: words, states and tools; and what it costs to follow calls that grow."""

import json
from collections.abc import Sequence

import pytest

from tui_chat.core.parts import ToolResult
from tui_chat.core.stream_events import ToolCallDelta
from tui_chat.workspace import call_query
from tui_chat.workspace.call_query import FoundCalls, read_call_query
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call


def made(
    index: int, name: str, arguments: str, state: CallState = CallState.ANSWERED, result: str | None = None
) -> Call:
    call = Call("a", index, name=name, state=state)
    call.pieces = [arguments]
    call.result = None if result is None else ToolResult(f"c{index}", name, result)
    return call


CALLS = (
    made(0, "get_weather", '{"city": "Rome"}', CallState.ANSWERED, "Sunny, said Oslo"),
    made(1, "run_sql", '{"query": "select * from failed"}', CallState.ANSWERED_AS_ERROR, "no such table"),
    made(2, "get_weather", '{"city": "Z\\u00fcrich \\ud83d\\ude00"}', CallState.WAITING),
    made(3, "delete_file", '{"path": "old"}', CallState.DENIED, "not that one"),
    made(4, "run_sql", '{"query": "sel', CallState.ARRIVING),
)


def found(text: str, silent_s: float = 0.0) -> list[int]:
    looked = FoundCalls(lambda _: silent_s)
    looked.ask(text)
    return [call.index for call in looked.among(CALLS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("ROME", [0]),
        ("oslo", [0]),
        ("weather rome", [0]),
        ("zürich", [2]),
        ("ZÜRICH 😀", [2]),
        ("failed", [1]),
        ("fai", [1]),
        ("wait", [2]),
        ("waits", [2]),
        ("wa", []),
        ("text:wait", []),
        ("text:failed", [1]),
        ("text:failed state:denied", []),
        ("state:fail", [1]),
        ("state:wa", [2]),
        ("denied failed", [1, 3]),
        ("tool:sql", [1, 4]),
        ("tool:sql tool:delete", [1, 3, 4]),
        ("tool:sql writing", [4]),
        ("stalled", []),
        ("tool:", [0, 1, 2, 3, 4]),
        ("nowhere", []),
    ],
)
def test_words_states_and_tools_narrow_the_calls(text: str, expected: list[int]) -> None:
    assert found(text) == expected


def test_a_call_is_stalled_by_its_silence() -> None:
    assert found("stalled", silent_s=5.0) == [4]


def test_a_filter_that_is_wrong_is_named_and_passed_over() -> None:
    read = read_call_query("state:broken tols:x std::vector")
    assert read.query.words == ("std::vector",)
    assert [problem.split(".")[0] for problem in read.problems] == [
        "“state:broken” is passed over: a state is writing, stalled, waiting, running, answered, failed, denied, "
        "unanswered, partial, checked, stopped",
        "“tols:” is no filter",
    ]


def test_every_state_has_a_name_that_can_be_typed() -> None:
    assert frozenset().union(*call_query.STATES.values()) == frozenset(CallState)


@pytest.mark.parametrize("size", [1, 2, 5, 7])
@pytest.mark.parametrize(("word", "end"), [("kyoto", "kyoto"), ("zürich", "\\u00fcrich"), ("nothing", "nothing")])
def test_a_word_is_found_wherever_the_pieces_are_cut(size: int, word: str, end: str) -> None:
    text = json.dumps({"cities": ["Kyo", "to", "in Kyoto", "Zürich"]})
    call, looked = Call("a", 0), FoundCalls(lambda _: None)
    looked.ask(word)
    for at in range(0, len(text), size):
        call.grow(ToolCallDelta(0, "c", "find", text[at : at + size]), 0.0)
        assert bool(looked.among([call])) is (end in text[: at + size].casefold())


def test_a_look_costs_what_came_since_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    call, looked = Call("a", 0), FoundCalls(lambda _: None)
    looked.ask("zebra")
    looked.among([call])
    searched: list[int] = []
    follow = call_query._Grown.follow

    def watched(self: call_query._Grown, pieces: Sequence[str], words: Sequence[str]) -> int:
        searched.append(follow(self, pieces, words))
        return searched[-1]

    monkeypatch.setattr(call_query._Grown, "follow", watched)
    for _ in range(100):
        for _ in range(100):
            call.grow(ToolCallDelta(0, "c", "find", "abcde"), 0.0)
        assert not looked.among([call])
    assert sum(searched) == 100 * 100 * 5


def test_one_look_searches_no_more_than_a_frame_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_query, "MOST_AT_ONCE", 1000)
    calls = [made(at, "find", "x" * 400 + "word") for at in range(10)]
    looked = FoundCalls(lambda _: None)
    looked.ask("word")
    counts: list[int] = []
    while not counts or not looked.is_whole:
        counts.append(len(looked.among(calls)))
    assert counts == [3, 6, 9, 10]


def test_a_call_that_was_settled_is_searched_again_only_where_its_text_is_another() -> None:
    call, looked = made(0, "find", "first"), FoundCalls(lambda _: None)
    looked.ask("first")
    assert looked.among([call])
    call.pieces = [call.pieces[0]]
    assert looked.among([call])
    call.pieces = ["second"]
    assert not looked.among([call])
