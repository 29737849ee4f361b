"""A fact that several parts of the screen show reads the same in all of them."""

import pytest

from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import File, Message, Role, ToolCall, ToolResult, user_message
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node, pending_calls
from tui_chat.ui.panes.call_rows import fact_rows, list_row
from tui_chat.ui.rows.rows import Row
from tui_chat.ui.transcript.section import SectionKind
from tui_chat.ui.transcript.sections import Heads, node_sections
from tui_chat.workspace.attachments import facts_of
from tui_chat.workspace.calls import Call, CallBoard, CallState


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


def result(*, is_error: bool) -> Node:
    return Node("r", "a", 0.0, Message(Role.TOOL, (ToolResult("c", "f", "x", is_error),)))


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ((GROWING,), CallState.ARRIVING),
        ((ASKED,), CallState.WAITING),
        ((ASKED, result(is_error=False)), CallState.ANSWERED),
        ((ASKED, result(is_error=True)), CallState.ANSWERED_AS_ERROR),
        ((ASKED, GOES_ON), CallState.LEFT),
        ((CUT,), CallState.NOT_TO_BE_ACTED_ON),
    ],
)
def test_a_call_stands_alike_in_the_transcript_and_the_inspector(path: tuple[Node, ...], state: CallState) -> None:
    board = CallBoard()
    board.show(path, pending_calls(path))
    results = [part for node in path for part in node.message.parts if isinstance(part, ToolResult)]
    answered = {part.call_id: part.is_error for part in results}
    sections = node_sections(path[0], answered, Heads(), is_last=GOES_ON not in path)
    (shown,) = [section for section in sections if section.kind is SectionKind.CALL]

    assert (shown.labels[0].info, shown.labels[0].shorter) == (f"{state.value} · 2 B", state.value)
    assert f" {state.brief} " in words(list_row(board.calls[0], None, 80))
