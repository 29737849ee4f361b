"""How an answer ended reads the same wherever it is shown: one table of reasons over all front ends."""

import asyncio
import io

import msgspec
import pytest

from tui_chat.ask.output import PlainOutput
from tui_chat.chat.session_events import AnswerEnded
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import Message, Role, Text, ToolCall
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node
from tui_chat.plain.following import SpokenTurn
from tui_chat.plain.speech import Speech
from tui_chat.transcripts.markdown import to_markdown
from tui_chat.transcripts.reading import ReadingOptions
from tui_chat.ui.panes.usage_rows import outcome_rows
from tui_chat.ui.transcript.section import SectionKind
from tui_chat.ui.transcript.sections import Heads, node_sections

PLAIN = [None, "", "stop", "STOP", "end_turn", "eos", "stop_sequence", "tool_calls", "function_call", "tool_use"]
OTHERS = {
    "length": "Cut off: the limit on the answer's length was reached",
    "content_filter": "Withheld: the provider's content filter stopped the answer",
    "recitation": "Ended early: the provider says “recitation”",
}
BRIEF = {
    OTHERS["length"]: "▲ length limit",
    OTHERS["content_filter"]: "▲ withheld by the provider",
    OTHERS["recitation"]: "▲ ended early: the provider says “recitation”",
    "Stopped: what had arrived is kept": "■ stopped by you",
    "Incomplete: the connection ended before the answer did": "✗ cut off: the connection ended",
}
"""What the line under an answer says of it in the transcript, where its figures stand beside."""


def ended(reason: str | None, outcome: Outcome = Outcome.COMPLETE) -> Node:
    info = AnswerInfo("m", outcome=outcome, finish_reason=reason)
    return Node("a", None, 0.0, Message(Role.ASSISTANT, (Text("So."),)), info)


def in_the_transcript(node: Node) -> str:
    sections = node_sections(node, {}, Heads())
    labels = [leaf for section in sections if section.kind is SectionKind.FOOT for leaf in section.labels]
    return "\n".join(f"{leaf.text}{leaf.info}" for leaf in labels)


def expected(place: object, words: str) -> str:
    return BRIEF[words] if place is in_the_transcript else words


def in_the_usage_pane(node: Node) -> str:
    assert node.answer is not None
    return " ".join("".join(text for _, text in row).strip() for row in outcome_rows(node.answer, 200))


def in_ask(node: Node) -> str:
    notes = io.StringIO()
    PlainOutput(io.StringIO(), notes, lambda: "c1").show(AnswerEnded(node))
    return notes.getvalue()


def in_the_plain_chat(node: Node) -> str:
    async def said() -> str:
        out = io.StringIO()
        SpokenTurn(Speech(out), shows_reasoning=False).handle(AnswerEnded(node))
        return out.getvalue().partition("End of answer")[0]

    return asyncio.run(said())


def in_an_export(node: Node) -> str:
    options = ReadingOptions(usage=False, times=False)
    document = to_markdown(Conversation("c", created_at=0.0), (node,), options=options)
    return document.partition("So.")[2].replace("\\", "")


PLACES = [in_the_transcript, in_the_usage_pane, in_ask, in_the_plain_chat, in_an_export]


@pytest.mark.parametrize("reason", PLAIN)
def test_a_whole_answer_says_nothing_of_its_end(reason: str | None) -> None:
    assert [place(ended(reason)).strip() for place in PLACES] == [""] * len(PLACES)


@pytest.mark.parametrize("reason", OTHERS)
def test_every_other_reason_is_said_in_the_words_of_its_place(reason: str) -> None:
    for place in PLACES:
        assert expected(place, OTHERS[reason]) in place(ended(reason)), place.__name__


def test_a_call_that_was_written_as_text_is_said_where_the_text_is_shown() -> None:
    node = msgspec.structs.replace(
        ended("stop"), message=Message(Role.ASSISTANT, (Text("So. <tool_call>f</tool_call>"),))
    )
    for place in (in_the_transcript, in_ask, in_the_plain_chat, in_an_export):
        said = place(node).lower()
        assert "the model wrote a tool call as text: the server did not read it as a call" in said, place.__name__


def test_beside_a_call_that_can_be_run_one_in_the_text_is_not_said() -> None:
    parts = (Text("<tool_call>f</tool_call>"), ToolCall("c", "f", "{}"))
    node = msgspec.structs.replace(ended("tool_calls"), message=Message(Role.ASSISTANT, parts))
    assert "as text" not in in_the_transcript(node) + in_ask(node) + in_the_plain_chat(node)


def test_a_call_that_nobody_can_run_is_said_where_its_answer_is_shown() -> None:
    call = ToolCall("c", "f", "{}", flaw="It has no name.")
    node = msgspec.structs.replace(ended("tool_calls"), message=Message(Role.ASSISTANT, (Text("So."), call)))
    for place in (in_the_transcript, in_ask, in_the_plain_chat, in_an_export):
        assert "a call cannot be run: it has no name" in place(node).lower(), place.__name__


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.CANCELLED, "Stopped: what had arrived is kept"),
        (Outcome.TRUNCATED, "Incomplete: the connection ended before the answer did"),
    ],
)
def test_an_answer_that_was_cut_is_so_in_the_words_of_its_place(outcome: Outcome, words: str) -> None:
    for place in PLACES:
        assert expected(place, words) in place(ended(None, outcome)), place.__name__
