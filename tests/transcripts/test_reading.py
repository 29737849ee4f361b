"""What every document for people says: marks, seams, branches, and what was chosen of them."""

from datetime import UTC

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import answer, conversations, question
from tui_chat.core.answer import AnswerInfo, Fallback
from tui_chat.core.errors import TranscriptError
from tui_chat.core.marks import Continuation, Continuing, Marks, Summary
from tui_chat.core.parts import Fragment, Message, Reasoning, Role, Text, ToolCall
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.transcripts.choosing import LOSSLESS
from tui_chat.transcripts.exporting import SUFFIXES, Choice, exported
from tui_chat.transcripts.importing import from_json
from tui_chat.transcripts.jsonl import from_jsonl
from tui_chat.transcripts.reading import EVERYTHING, branches_beside
from tui_chat.transcripts.text import to_text

READ = [form for form in SUFFIXES if form not in LOSSLESS]


def marked(node: Node, **marks: object) -> Node:
    return msgspec.structs.replace(node, marks=msgspec.structs.replace(node.marks, **marks))


def _summary(node_id: str, parent_id: str, at: float) -> Node:
    marks = Marks(summary=Summary(None, 4, 8000, 600))
    return Node(node_id, parent_id, at, Message(Role.SYSTEM, (Text("They spoke of teapots."),)), None, marks)


SHAPED = (
    Conversation("c1", 0.0, "Shaped", "m", "", "f"),
    (
        marked(question("q", "Seen only", at=10.0), is_muted=True, labels=("to do",)),
        marked(answer("a", "The whole", parent_id="q", at=20.0), is_pinned=True),
        marked(answer("b", " answer.", parent_id="a", at=200.0), continues=Continuation("a", Continuing.PREFILL)),
        marked(answer("c", "Mine.", parent_id="b", at=300.0), edited_id="a", is_bookmarked=True),
        _summary("d", "c", 400.0),
        marked(answer("e", "So", parent_id="d", at=500.0)),
        marked(answer("f", " on.", parent_id="e", at=600.0), continues=Continuation("e", Continuing.ASKED)),
    ),
)
BRANCHED = (
    Conversation("c1", 0.0, "Branched", "m", "", "a2"),
    (
        question("q", "Root"),
        answer("a1", "First", parent_id="q"),
        answer("a2", "Second", parent_id="q"),
        question("q2", "Below first", parent_id="a1"),
        answer("a3", "Below all", parent_id="q2"),
        question("r", "Other root"),
    ),
)


@pytest.mark.parametrize("form", READ)
def test_each_form_says_how_messages_stand(form: str) -> None:
    conversation, nodes = SHAPED
    text = exported(Choice(form), conversation, Tree(nodes)).text
    for words in ("muted, not sent", "#to do", "pinned", "edited by you", "bookmarked"):
        assert words in text
    assert "Summary of 4 messages" in text
    assert "8.0k tok became" in text
    assert "They spoke of teapots." in text


@pytest.mark.parametrize("form", READ)
def test_a_continued_answer_is_one_text_and_its_seam_is_said(form: str) -> None:
    conversation, nodes = SHAPED
    text = exported(Choice(form), conversation, Tree(nodes)).text
    assert "The whole answer." in text
    assert "So on." in text
    assert "from where it stopped, after “The whole”" in text
    assert "asked to go on" in text


def test_the_document_as_text_reads_like_a_conversation() -> None:
    conversation, nodes = SHAPED
    options = msgspec.structs.replace(EVERYTHING, zone=UTC)
    assert to_text(conversation, nodes, options=options) == (
        "Shaped\n======\n\n1970-01-01 00:00:00Z · 5 answers · cost unknown\n\n"
        "You · 1970-01-01 00:00:10Z\n--------------------------\n\n(muted, not sent · #to do)\n\nSeen only\n\n"
        "Assistant · openai/gpt-4o-mini · 1970-01-01 00:00:20Z\n"
        "-----------------------------------------------------\n\n(pinned)\n\nThe whole answer.\n\n"
        "[continued 00:03 from where it stopped, after “The whole”]\n\n"
        "Assistant · openai/gpt-4o-mini · 1970-01-01 00:05:00Z\n"
        "-----------------------------------------------------\n\n(edited by you · bookmarked)\n\nMine.\n\n"
        "--- Summary of 4 messages: ~8.0k tok became ~600 tok ---\n\n| They spoke of teapots.\n\n"
        "Assistant · openai/gpt-4o-mini · 1970-01-01 00:08:20Z\n"
        "-----------------------------------------------------\n\nSo on.\n\n"
        "[asked to go on 00:10, after “So”]\n"
    )


def test_an_undone_summary_says_so() -> None:
    conversation, nodes = SHAPED
    undone = tuple(marked(node, is_muted=node.id == "d") for node in nodes)
    assert "not in use: all of it is sent" in exported(Choice("text"), conversation, Tree(undone)).text


def test_results_of_a_muted_answer_are_not_sent_either() -> None:
    nodes = (marked(answer("a", parent_id=None), is_muted=True), Node("r", "a", 1.0, Message(Role.TOOL, (Text("x"),))))
    text = exported(Choice("text"), Conversation("c1", 0.0, head_id="r"), Tree(nodes)).text
    assert text.count("muted, not sent") == 2


@pytest.mark.parametrize("form", READ)
def test_the_line_that_is_read_goes_out_or_every_branch(form: str) -> None:
    conversation, nodes = BRANCHED
    alone = exported(Choice(form), conversation, Tree(nodes)).text
    assert "Second" in alone
    assert "First" not in alone
    whole = exported(Choice(form, all_branches=True), conversation, Tree(nodes)).text
    for words in ("Second", "First", "Below first", "Below all", "Other root", "Another branch, after message 1"):
        assert words in whole
    assert "Another branch, from the beginning" in whole


@pytest.mark.parametrize("form", READ)
def test_the_head_sums_up_every_answer_that_the_document_has(form: str) -> None:
    conversation, nodes = BRANCHED[0], [node for node in BRANCHED[1] if node.id != "a2"]
    nodes.append(answer("a2", "Second", parent_id="q", cost="0.5"))
    nodes.append(answer("a4", "Third", parent_id="q", cost="0.25"))
    assert "1 answer · $0.50" in exported(Choice(form), conversation, Tree(nodes)).text
    assert "4 answers · at least $0.75" in exported(Choice(form, all_branches=True), conversation, Tree(nodes)).text


@given(conversations())
def test_of_all_branches_every_message_goes_out_once(saved: tuple[Conversation, tuple[Node, ...]]) -> None:
    tree = Tree(saved[1])
    path = tree.path(saved[0].head_id)
    beside = [node.id for branch in branches_beside(tree, path) for node in branch.nodes]
    kept = [node.id for node in saved[1] if any(each.id == node.id for each in tree.path(node.id))]
    assert sorted([node.id for node in path] + beside) == sorted(kept)


def test_a_branch_is_the_newest_line_through_a_message() -> None:
    conversation, nodes = BRANCHED
    text = exported(Choice("text", branch="a1"), conversation, Tree(nodes)).text
    assert all(words in text for words in ("Root", "First", "Below first", "Below all"))
    assert "Second" not in text


@pytest.mark.parametrize(("branch", "why"), [("zz", "No message"), ("a", "3 messages")])
def test_a_message_that_is_none_or_several_is_said(branch: str, why: str) -> None:
    conversation, nodes = BRANCHED
    with pytest.raises(TranscriptError, match=why):
        exported(Choice("text", branch=branch), conversation, Tree(nodes))


@pytest.mark.parametrize(
    ("last", "there", "gone"), [(1, ("Second",), ("Root",)), (0, (), ("Second",)), (9, ("Root",), ())]
)
def test_the_last_messages_are_those_of_the_line(last: int, there: tuple[str, ...], gone: tuple[str, ...]) -> None:
    conversation, nodes = BRANCHED
    text = exported(Choice("text", last=last), conversation, Tree(nodes)).text
    assert all(words in text for words in there)
    assert not any(words in text for words in gone)


@pytest.mark.parametrize("form", SUFFIXES)
def test_without_facts_no_model_time_usage_or_cost_goes_out(form: str) -> None:
    info = answer(cost="0.25", at=1_700_000_000.0)
    timed = (Reasoning("Hm.", 41.5), ToolCall("c", "time", "{}", (Fragment(42.5, 2),)))
    info = msgspec.structs.replace(info, message=Message(Role.ASSISTANT, (*info.message.parts, *timed)))
    of_preset = Sampling(extra=(("top_k", "41"),))
    conversation = Conversation(
        "c1", 1_700_000_000.0, "T", "some/model", head_id="a", preset="exact", preset_sampling=of_preset
    )
    text = exported(Choice(form, facts=False), conversation, Tree((question(at=1_700_000_000.0), info))).text
    for fact in ("gpt-4o", "some/model", "0.25", "2023", "17000", "tokens in", "exact", "top_k", "41.5", "42.5"):
        assert fact not in text
    assert "Because." in text


@given(conversations(), st.sampled_from(sorted(SUFFIXES)), st.booleans(), st.booleans())
def test_the_same_values_give_the_same_bytes(
    saved: tuple[Conversation, tuple[Node, ...]], form: str, facts: bool, all_branches: bool
) -> None:
    choice = Choice(form, facts=facts, all_branches=all_branches)
    text = exported(choice, saved[0], Tree(saved[1])).text
    assert exported(choice, saved[0], Tree(saved[1])).text == text
    assert text.endswith("\n")
    assert not set(text) & {"\x1b", "\x9b", "\u202e", "\u2066", "\u2028"}


@pytest.mark.parametrize("form", sorted(LOSSLESS))
def test_without_facts_a_file_can_still_be_imported(form: str) -> None:
    text = exported(Choice(form, facts=False), *(SHAPED[0], Tree(SHAPED[1]))).text
    read = (from_json if form == "json" else from_jsonl)(text.encode())
    assert [node.marks for node in read.nodes] == [node.marks for node in SHAPED[1]]


@pytest.mark.parametrize("form", READ)
def test_who_served_an_answer_behind_the_gateway_is_told_with_its_model(form: str) -> None:
    info = AnswerInfo("m", outcome=Outcome.COMPLETE, provider_data={"provider": '"Groq"'})
    nodes = (question(), msgspec.structs.replace(answer(), answer=info))
    conversation = Conversation("c1", 0.0, "Title", head_id="a")
    assert "served by Groq" in exported(Choice(form), conversation, Tree(nodes)).text
    assert "Groq" not in exported(Choice(form, facts=False), conversation, Tree(nodes)).text


@pytest.mark.parametrize("form", READ)
def test_the_models_that_failed_before_another_one_answered_are_named(form: str) -> None:
    node = answer()
    assert node.answer is not None
    info = msgspec.structs.replace(node.answer, fell_back=(Fallback("a/one", "It is down.", 503),))
    nodes = (question(), msgspec.structs.replace(node, answer=info))
    conversation = Conversation("c1", 0.0, head_id="a")
    assert "failed (503): another model was asked" in exported(Choice(form), conversation, Tree(nodes)).text
    assert "failed (503)" not in exported(Choice(form, facts=False), conversation, Tree(nodes)).text
