"""Marks of an import name messages that are there, and counts that can be."""

import json
import sys

import pytest
from msgspec.structs import replace

from tests.store.values import answer, question
from tui_chat.core.errors import TranscriptError
from tui_chat.core.marks import LONGEST_LABEL, MOST_LABELS, Continuation, Continuing, Marks, Summary
from tui_chat.core.request import Sampling
from tui_chat.core.tool_switch import ToolSwitch, switched
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.importers.found import LABELS, PARAMETERS, Transcript
from tui_chat.transcripts.importers.json_files import read_json
from tui_chat.transcripts.importing import from_json
from tui_chat.transcripts.json import to_json

CONVERSATION = Conversation("c1", 1.0, "Title", head_id="a")


def marked(marks: Marks) -> tuple[Node, Node]:
    node = answer()
    return question(), Node(node.id, node.parent_id, node.created_at, node.message, node.answer, marks)


def taken(conversation: Conversation, *nodes: Node) -> Transcript:
    (one,) = read_json(to_json(conversation, nodes).encode(), lambda _: None).transcripts
    assert isinstance(one, Transcript)
    return one


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        (Marks(edited_id="gone"), "edited from one that is missing"),
        (Marks(continues=Continuation("gone", Continuing.ASKED)), "goes on with one that is not before it"),
        (Marks(continues=Continuation("a", Continuing.ASKED)), "goes on with one that is not before it"),
        (Marks(summary=Summary("gone", 1, 1, 1)), "names a message that is not before it"),
        (Marks(summary=Summary("a", 1, 1, 1)), "names a message that is not before it"),
        (Marks(summary=Summary(None, -1, 1, 1)), "a count of the summary a is none"),
        (Marks(summary=Summary("q", 1, 1, 2**64 - 1)), "a count of the summary a is none"),
    ],
)
def test_marks_that_name_what_is_not_there_are_refused(marks: Marks, why: str) -> None:
    with pytest.raises(TranscriptError, match=why):
        from_json(to_json(CONVERSATION, marked(marks)).encode())


@pytest.mark.parametrize("field", ["retries", "counts"])
def test_counts_that_no_store_can_hold_are_refused(field: str) -> None:
    document = json.loads(to_json(CONVERSATION, (question(), answer(cost="1"))))
    facts = document["nodes"][1]["answer"]
    facts[field] = 2**63 if field == "retries" else {"prompt_tokens": 2**63}
    with pytest.raises(TranscriptError):
        from_json(json.dumps(document).encode())


def test_labels_are_harmless_short_and_few() -> None:
    labels = ("\x1b[2Jred", "x" * 100, "twice", "twice", " ", *(f"l{number}" for number in range(30)))
    transcript = taken(CONVERSATION, *marked(Marks(labels=labels)))
    kept = transcript.nodes[1].marks.labels
    assert kept[:3] == ("␛[2Jred", "x" * (LONGEST_LABEL - 1) + "…", "twice")
    assert len(kept) == MOST_LABELS
    assert transcript.left_out[LABELS] == 33 - MOST_LABELS


def test_an_import_brings_no_parameter_that_acts_and_keeps_its_numbers() -> None:
    sampling = Sampling(temperature=0.5, seed=7, extra=(("tools", "[]"), ("route", '"x"')))
    conversation = Conversation("c1", 1.0, head_id="a", sampling=sampling, preset="mine")
    transcript = taken(conversation, question(), answer())
    assert transcript.conversation.sampling == Sampling(temperature=0.5, seed=7)
    assert transcript.conversation.preset == ""
    assert transcript.left_out == {PARAMETERS: 3}
    unheard = ToolSwitch("list", False, sys.float_info.max)
    (switch,) = taken(replace(CONVERSATION, tool_switches=(unheard,)), question(), answer()).conversation.tool_switches
    assert switched((switch,), ["list"], True, 1.0)[0].is_off
    unnamed = taken(replace(CONVERSATION, preset_tools=()), question(), answer())
    assert unnamed.conversation.preset_tools is None
    assert unnamed.left_out == {PARAMETERS: 1}
