"""What of a path is sent: not what is muted, and a summary in the place of what was before it."""

from msgspec.structs import replace

from tests.store.values import answer, question
from tui_chat.core.marks import Marks, Summary
from tui_chat.core.parts import Message, Role, Text, ToolCall, ToolResult
from tui_chat.core.sending import sent_nodes
from tui_chat.core.tree import Node


def summary(node_id: str = "s", tail_id: str | None = None, *, is_undone: bool = False) -> Node:
    marks = Marks(is_muted=is_undone, summary=Summary(tail_id, 2, 900, 90))
    return Node(node_id, None, 1.0, Message(Role.SYSTEM, (Text("They spoke of the sea."),)), marks=marks)


MUTED = Marks(is_muted=True)
PINNED = Marks(is_pinned=True)


def marked(node: Node, marks: Marks) -> Node:
    return replace(node, marks=marks)


def call(node_id: str, marks: Marks) -> Node:
    message = Message(Role.ASSISTANT, (ToolCall("1", "f", "{}"),))
    return replace(answer(node_id), message=message, marks=marks)


def result(node_id: str = "r") -> Node:
    return Node(node_id, None, 1.0, Message(Role.TOOL, (ToolResult("1", "f", "12"),)))


def sent(*nodes: Node) -> list[str]:
    return [node.id for node in sent_nodes(nodes)]


def test_without_marks_everything_is_sent() -> None:
    assert sent(question("q"), answer("a"), question("p")) == ["q", "a", "p"]


def test_what_is_muted_is_not_sent_nor_are_the_results_of_a_muted_answer() -> None:
    assert sent(question("q"), marked(answer("a"), MUTED), question("p")) == ["q", "p"]
    assert sent(question("q"), call("c", MUTED), result("r"), answer("a")) == ["q", "a"]


def test_a_summary_is_sent_in_the_place_of_what_was_before_it() -> None:
    assert sent(question("q"), answer("a"), summary("s"), question("p")) == ["s", "p"]


def test_the_tail_of_a_summary_is_sent_behind_it() -> None:
    before = question("q"), answer("a"), question("q2"), answer("a2")

    assert sent(*before, summary("s", "q2"), question("p")) == ["s", "q2", "a2", "p"]


def test_what_is_pinned_is_sent_whatever_stands_for_it_and_a_pinned_call_with_its_results() -> None:
    pinned = marked(question("q"), PINNED)

    assert sent(pinned, answer("a"), call("c", PINNED), result("r"), summary("s"), question("p")) == [
        "q",
        "c",
        "r",
        "s",
        "p",
    ]
    assert sent(marked(question("q"), Marks(is_muted=True, is_pinned=True)), summary("s"), question("p")) == ["s", "p"]


def test_a_summary_that_was_undone_stands_for_nothing() -> None:
    assert sent(question("q"), answer("a"), summary("s", is_undone=True), question("p")) == ["q", "a", "p"]


def test_of_two_summaries_the_later_one_counts_and_when_it_is_undone_the_earlier_one() -> None:
    before = question("q"), summary("s1"), answer("a"), question("q2")

    assert sent(*before, summary("s2"), question("p")) == ["s2", "p"]
    assert sent(*before, summary("s2", is_undone=True), question("p")) == ["s1", "a", "q2", "p"]
