"""What an answer holds beside words, as the transcript shows it: while it grows, and when it has ended."""

import pytest

from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, ReplyGrew
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import (
    Foreign,
    Image,
    Media,
    Message,
    Part,
    Role,
    Source,
    Text,
    ToolCall,
    ToolResult,
    user_message,
)
from tui_chat.core.stream_events import Outcome, PartReceived, TextDelta
from tui_chat.core.tree import Node
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import SectionKind
from tui_chat.ui.transcript.sections import Heads, node_sections, path_sections

QUESTION = Node("q", None, 0.0, user_message("Draw"))
PICTURE = Image("data:image/png;base64,AAAA")


def answer(*parts: Part, outcome: Outcome | None = Outcome.COMPLETE) -> Node:
    return Node("a", "q", 0.0, Message(Role.ASSISTANT, parts), AnswerInfo("m", outcome=outcome, finish_reason="stop"))


def lines(node: Node) -> list[str]:
    sections = node_sections(node, {}, Heads())
    return [f"{leaf.text} {leaf.info}".strip() for section in sections[1:] for leaf in section.labels]


@pytest.mark.parametrize(
    ("part", "line"),
    [
        (PICTURE, "▣ Picture image/png · 3 B"),
        (Image("https://host/a.png", "a lighthouse"), "▣ Picture a lighthouse · https://host/a.png"),
        (Media("audio", "data:audio/wav;base64,AAAA", "", "audio/wav"), "▣ Sound audio/wav · 3 B"),
        (Foreign("hologram", "{}"), "▣ Part of the type hologram 2 B"),
    ],
)
def test_a_part_is_one_line_and_the_answer_is_not_called_empty(part: Part, line: str) -> None:
    assert lines(answer(part)) == [line]


def test_a_result_says_which_call_of_its_tool_it_is_for_and_its_picture_stands_below() -> None:
    calls = answer(*(ToolCall(each, name, "{}") for each, name in (("1", "draw"), ("2", "draw"), ("3", "look"))))
    results = [
        Node(each, "a", 0.0, Message(Role.TOOL, (ToolResult(each, name, "x"), *beside)))
        for each, name, beside in (("2", "draw", (PICTURE,)), ("3", "look", ()), ("1", "draw", ()))
    ]
    path = [QUESTION, calls, *results]
    shown = [leaf.text for at in (2, 3, 4) for section in path_sections(path, at, Heads()) for leaf in section.labels]
    assert shown == ["↳ draw (2 of 2)", "▣ Picture", "↳ look", "↳ draw (1 of 2)"]


def test_sources_stand_under_the_text() -> None:
    shown = lines(answer(Source("https://a", "Tides", 1), Text("High water[1]."), Source("https://b")))

    assert shown == ["Sources", "  [1] Tides · https://a".strip(), "  https://b".strip()]


def test_a_picture_is_shown_as_it_comes_and_stays_where_it_was() -> None:
    transcript = Transcript()
    transcript.apply(AnswerStarted(QUESTION, answer(outcome=None)))
    for event in (TextDelta("before"), PartReceived(PICTURE), TextDelta("after")):
        transcript.apply(ReplyGrew("a", 0.0, event))
    transcript.advance()
    grown = [section.kind for section in transcript.sections]
    transcript.apply(AnswerEnded(answer(Text("before"), PICTURE, Text("after"))))

    assert grown[-1] is SectionKind.FOOT
    assert [section.kind for section in transcript.sections] == grown[:-1]
