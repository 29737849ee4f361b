"""A fact that several parts of the screen show reads the same in all of them."""

import pytest

from tui_chat.chat.session_events import (
    AnswerStarted,
    Phase,
    PhaseChanged,
    ReplyGrew,
    SessionEvent,
    ToolFinished,
    ToolStarted,
    ToolStopped,
)
from tui_chat.chat.tool_plans import CommandWork, ToolPlan
from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import DENIED, File, Message, Role, ToolCall, ToolResult, user_message
from tui_chat.core.stream_events import Outcome, ToolCallDelta
from tui_chat.core.tree import Node, pending_calls
from tui_chat.ui.panes.call_rows import fact_rows, list_row, state_run
from tui_chat.ui.rows.rows import Row
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import SectionKind
from tui_chat.ui.transcript.sections import Heads, path_sections
from tui_chat.workspace.attachments import facts_of
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call, CallBoard
from tui_chat.workspace.replay import Replay


def words(row: Row) -> str:
    return "".join(text for _, text in row)


@pytest.mark.parametrize("size_bytes", [0, 312, 1_000, 4_200, 70_000, 3_000_000])
def test_bytes_are_written_alike_of_calls_and_of_files(size_bytes: int) -> None:
    call = Call("a", 0, name="f", size_bytes=size_bytes)
    of_a_file = facts_of(File("a.txt", "x" * size_bytes))[0]

    assert of_a_file == figures.size(size_bytes)
    assert of_a_file in words(list_row(call, None, 80))
    assert of_a_file in "".join(map(words, fact_rows(call, 80)))


ASKED = Node(
    "a",
    None,
    0.0,
    Message(Role.ASSISTANT, (ToolCall("c", "f", "{}"),)),
    AnswerInfo("m", outcome=Outcome.COMPLETE, finish_reason="tool_calls"),
)
GROWING = Node("a", None, 0.0, ASKED.message, AnswerInfo("m"))
CUT = Node("a", None, 0.0, ASKED.message, AnswerInfo("m", outcome=Outcome.TRUNCATED))
GOES_ON = Node("q", "a", 0.0, user_message("go on"))


def result(words: str = "x", *, is_error: bool) -> Node:
    return Node("r", "a", 0.0, Message(Role.TOOL, (ToolResult("c", "f", words, is_error),)))


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ((GROWING,), CallState.ARRIVING),
        ((ASKED,), CallState.WAITING),
        ((ASKED, result(is_error=False)), CallState.ANSWERED),
        ((ASKED, result(is_error=True)), CallState.ANSWERED_AS_ERROR),
        ((ASKED, result(f"{DENIED} Reason: not here", is_error=True)), CallState.DENIED),
        ((ASKED, result(DENIED, is_error=False)), CallState.ANSWERED),
        ((ASKED, GOES_ON), CallState.LEFT),
        ((CUT,), CallState.NOT_TO_BE_ACTED_ON),
    ],
)
def test_a_call_stands_alike_in_the_transcript_and_the_inspector(path: tuple[Node, ...], state: CallState) -> None:
    board = CallBoard()
    board.show(path, pending_calls(path))
    sections = path_sections(path, 0, Heads())
    (shown,) = [section for section in sections if section.kind is SectionKind.CALL]

    said = f"▲ {state.value}" if state is CallState.WAITING else state.value
    assert (shown.labels[0].info, shown.labels[0].shorter) == (f"{said} · 2 B", said)
    assert f" {state.brief} " in words(list_row(board.calls[0], None, 80))


(_CALL,) = ASKED.message.tool_calls
RUNS = ToolStarted(_CALL, ToolPlan(_CALL, CommandWork(("true",), "{}", "", ()), 1.0, 1024))


def test_a_call_that_runs_says_so_in_the_transcript_and_the_inspector_until_it_stops_or_ends() -> None:
    transcript, board, replay = Transcript(), CallBoard(), Replay()
    transcript.show((ASKED,))
    board.show((ASKED,), pending_calls((ASKED,)))

    def told() -> tuple[str, CallState]:
        (line,) = [each.labels[0].shorter for each in transcript.sections if each.kind is SectionKind.CALL]
        return line.removeprefix("▲ "), board.calls[0].state

    events: tuple[tuple[SessionEvent, CallState], ...] = (
        (RUNS, CallState.RUNNING),
        (ToolStopped(RUNS.call), CallState.WAITING),
        (RUNS, CallState.RUNNING),
        (ToolFinished("c", result(is_error=False), 1.0), CallState.ANSWERED),
    )
    for event, state in events:
        replay.add(event)
        transcript.apply(event)
        board.apply(event)
        assert told() == (state.value, state)
        if state in (CallState.RUNNING, CallState.WAITING):  # shown again, after another conversation was
            transcript.show((ASKED,))
            board.show((ASKED,), pending_calls((ASKED,)))
            for again in replay.events(()):
                transcript.apply(again)
            assert told() == (state.value, state)


def test_a_call_of_which_nothing_comes_says_so_in_the_transcript_and_the_inspector_until_more_comes() -> None:
    transcript = Transcript()
    transcript.apply(AnswerStarted(None, Node("a", None, 0.0, Message(Role.ASSISTANT, ()), AnswerInfo("m"))))
    transcript.apply(PhaseChanged(Phase.CONNECTING))
    transcript.advance()
    assert "connecting" in transcript.sections[-1].labels[0].text

    def told(grown: ToolCallDelta | None, now_s: float) -> str:
        if grown is not None:
            transcript.apply(ReplyGrew("a", now_s, grown))
        transcript.count(now_s, moves=False)
        transcript.advance()
        return next(each.labels[0].shorter for each in transcript.sections if each.kind is SectionKind.CALL)

    call = Call("a", 0, state=CallState.ARRIVING)
    assert told(ToolCallDelta(0, "c", "f", "{"), 1.0) == CallState.ARRIVING.value
    assert told(None, 13.0) == state_run(call, 12.0)[1] == "▲ nothing for 12 s"
    assert told(ToolCallDelta(0, "", "", "}"), 14.0) == CallState.ARRIVING.value
