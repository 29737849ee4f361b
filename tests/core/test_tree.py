"""The branching conversation: paths, variants, and what still wants a result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import answer, conversations, question
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.parts import File, Message, Role, Text, ToolCall, ToolResult, user_message
from tui_chat.core.reply import fold
from tui_chat.core.stream_events import Outcome, Started, Stopped, TextDelta
from tui_chat.core.tree import Conversation, Node, Tree, answer_node, pending_calls, spending, title_from


def calling(node_id: str, *call_ids: str, outcome: Outcome = Outcome.COMPLETE) -> Node:
    calls = tuple(ToolCall(id_, "f", "{}") for id_ in call_ids)
    return Node(node_id, "q", 1.0, Message(Role.ASSISTANT, calls), AnswerInfo("m", outcome=outcome))


def result(node_id: str, *call_ids: str) -> Node:
    return Node(node_id, None, 1.0, Message(Role.TOOL, tuple(ToolResult(id_, "f", "ok") for id_ in call_ids)))


def test_a_path_leads_from_the_first_message_to_the_head() -> None:
    tree = Tree([question(), answer("a"), answer("b"), question("q2", parent_id="b")])
    assert [node.id for node in tree.path("q2")] == ["q", "b", "q2"]
    assert tree.path(None) == ()
    assert tree.path("unknown") == ()


def test_variants_are_siblings_oldest_first() -> None:
    tree = Tree([question(), answer("a"), answer("b"), question("other")])
    assert [node.id for node in tree.siblings("b")] == ["a", "b"]
    assert [node.id for node in tree.siblings("q")] == ["q", "other"]


def test_an_answer_that_grows_keeps_its_place() -> None:
    tree = Tree([question(), answer("a", "ha"), answer("b")])
    tree.put(answer("a", "half"))
    assert [node.id for node in tree.siblings("a")] == ["a", "b"]
    grown = tree.get("a")
    assert grown is not None
    assert grown.message.text == "half"
    assert len(tree) == 3


def test_the_leaf_is_the_end_of_the_newest_line() -> None:
    tree = Tree([question(), answer("a"), question("q2", parent_id="a"), answer("b"), question("q3", parent_id="b")])
    assert tree.leaf("q") == "q3"
    assert tree.leaf("a") == "q2"
    assert tree.leaf("q3") == "q3"


def test_a_tree_that_bites_its_tail_has_an_end() -> None:
    tree = Tree([question("x", parent_id="y"), question("y", parent_id="x")])
    assert {node.id for node in tree.path("x")} == {"x", "y"}
    assert tree.leaf("x") in {"x", "y"}
    assert [node.id for node in Tree([question("z", parent_id="z")]).path("z")] == ["z"]
    assert Tree([question("z", parent_id="z")]).leaf("z") == "z"


@given(conversations())
def test_every_node_is_reached_by_a_path_that_ends_at_it(saved: tuple[Conversation, tuple[Node, ...]]) -> None:
    tree = Tree(saved[1])
    assert tree.nodes() == saved[1]
    for node in saved[1]:
        path = tree.line(node.id)
        assert path[-1] == node
        assert path[0].parent_id is None
        assert node in tree.siblings(node.id)
        assert node.id in [above.id for above in tree.line(tree.leaf(node.id))]
        assert all(each in path or each.marks.summary for each in tree.path(node.id))


def test_calls_wait_for_their_results_in_their_order() -> None:
    assert [call.id for call in pending_calls((question(), calling("a", "1", "2", "3"), result("t", "2")))] == [
        "1",
        "3",
    ]
    assert pending_calls((question(), calling("a", "1"), result("t", "1"))) == ()
    assert pending_calls((question(), calling("a", "1"), question("q2"))) == ()
    assert pending_calls(()) == ()


def test_results_in_several_messages_count_together() -> None:
    assert pending_calls((calling("a", "1", "2"), result("t", "1"), result("u", "2"))) == ()


@pytest.mark.parametrize("outcome", [Outcome.TRUNCATED, Outcome.ERROR, Outcome.CANCELLED])
def test_calls_of_an_answer_that_was_cut_wait_for_nothing(outcome: Outcome) -> None:
    assert pending_calls((question(), calling("a", "1", outcome=outcome))) == ()


def test_a_reply_becomes_a_node_whole() -> None:
    reply = fold([Started("r", "m2"), TextDelta("hi"), Stopped(Outcome.COMPLETE, "stop")], "m1")
    node = answer_node("a", "q", 5.0, reply)
    assert (node.message.role, node.message.text, node.parent_id, node.created_at) == (Role.ASSISTANT, "hi", "q", 5.0)
    assert node.answer is not None
    for name in AnswerInfo.__struct_fields__:
        assert getattr(node.answer, name) == getattr(reply, name)
    assert node.answer.answering_model == "m2"


def test_an_answer_being_written_costs_nothing_yet() -> None:
    total = spending([question(), answer("a", cost="0.1"), answer("b", outcome=None, cost="5")])
    assert (total.answers, str(total.usd)) == (1, "0.1")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is this?", "What is this?"),
        ("\n\n   \n  First  words \nsecond line", "First words"),
        ("word " * 40, "word " * 10 + "word…"),
        ("x" * 100, "x" * 59 + "…"),
        ("", ""),
        ("  \n ", ""),
    ],
)
def test_a_title_is_the_first_line_of_words(text: str, title: str) -> None:
    assert title_from((question(text=text),)) == title


def test_a_title_comes_from_the_first_question_that_has_words() -> None:
    attached = Node("q", None, 1.0, user_message("About this", (File("a.txt", "text of the file"),)))
    assert title_from((answer(), attached)) == "About this"
    wordless = Node("q", None, 1.0, Message(Role.USER, (File("a.txt", "x"),)))
    assert title_from((wordless, question(text="Then words"))) == "Then words"


@given(st.text())
def test_no_title_is_longer_than_its_limit(text: str) -> None:
    title = title_from((Node("q", None, 1.0, Message(Role.USER, (Text(text),))),), limit=20)
    assert len(title) <= 20
    assert "\n" not in title


def test_a_node_that_is_replaced_by_one_elsewhere_stands_there_alone() -> None:
    tree = Tree((question("q"), answer("a", parent_id="q"), question("p", parent_id="a")))
    tree.put(question("p", parent_id="q"))

    assert [node.id for node in tree.siblings("p")] == ["a", "p"]
    assert tree.children("a") == ()
