"""The tree of a conversation as lines."""

from msgspec.structs import replace

from tests.store.values import answer, question
from tui_chat.core.branches import branch_ends, branches_of, narrowed
from tui_chat.core.marks import Marks
from tui_chat.core.tree import Node, Tree


def lines(tree: Tree, head: str, *opened: str) -> list[str]:
    """Each line as depth, a plus where a branch begins, and the id, or how many are left out."""
    return [
        f"{line.depth}{'+' if line.is_first else ''} {line.hidden or line.node.id}"
        for line in branches_of(tree, head, frozenset(opened)).lines
    ]


def forked() -> Tree:
    return Tree(
        (
            question("q1"),
            answer("a1", parent_id="q1", cost="0.01"),
            answer("a2", parent_id="q1", cost="0.02"),
            question("q2", parent_id="a2"),
            answer("a3", parent_id="q2", cost="0.04"),
            question("q3", parent_id="a1"),
            answer("a4", parent_id="q3", cost="0.08"),
            answer("a5", parent_id="q3"),
        )
    )


def test_the_path_goes_straight_down_and_what_leaves_it_is_deeper() -> None:
    assert lines(forked(), "a3") == ["0 q1", "1+ a1", "1 q3", "2+ a4", "1 a5", "0 a2", "0 q2", "0 a3"]
    assert lines(forked(), "a4") == ["0 q1", "1+ a2", "1 q2", "1 a3", "0 a1", "0 q3", "1+ a5", "0 a4"]


def test_a_branch_costs_what_follows_only_from_it() -> None:
    costs = {line.node.id: line.cost for line in branches_of(forked(), "a3").lines}

    assert str(costs["a1"].usd if costs["a1"] else "") == "0.09"
    assert str(costs["q1"].usd if costs["q1"] else "") == "0.15"
    assert costs["a5"] is not None
    assert costs["a5"].unknown == 1


def test_branches_are_counted() -> None:
    assert (branches_of(forked(), "a3").branches, branches_of(Tree(), None).branches) == (3, 0)
    assert [node.id for node in branch_ends(forked())] == ["a3", "a4", "a5"]


def found(tree: Tree, head: str, *ids: str, opened: str = "") -> list[str]:
    """The lines that lead to these messages: `~` before what only leads there."""
    every = branches_of(tree, head, frozenset(node.id for node in tree.nodes())).lines
    kept = narrowed(every, frozenset(ids), frozenset((opened,)))
    return [f"{'~' * line.is_way}{line.hidden or line.node.id}" for line in kept]


def test_what_is_found_stands_with_the_way_to_it_and_a_long_way_is_one_line() -> None:
    assert found(forked(), "a3", "q3", "a3") == ["~q1", "~a1", "q3", "~a2", "~q2", "a3"]
    assert found(forked(), "a3", "q1") == ["q1"]
    assert found(Tree(chain(9)), "n8", "n3", "n5") == ["~3", "n3", "~n4", "n5"]
    assert found(Tree(chain(9)), "n8", "n3", opened="n0") == ["~n0", "~n1", "~n2", "n3"]


def chain(count: int) -> list[Node]:
    return [question(f"n{at}", parent_id=f"n{at - 1}" if at else None) for at in range(count)]


def test_of_a_long_run_one_line_stands_for_all_until_it_is_opened() -> None:
    tree = Tree(chain(30))

    assert lines(tree, "n29") == ["0 n0", "0 28", "0 n29"]
    assert len(lines(tree, "n29", "n1")) == 30


def test_what_is_marked_is_not_left_out() -> None:
    nodes = chain(30)
    nodes[15] = replace(nodes[15], marks=Marks(is_bookmarked=True))

    assert lines(Tree(nodes), "n29") == ["0 n0", "0 14", "0 n15", "0 13", "0 n29"]


def test_five_thousand_messages_of_any_shape_are_laid_out_each_once() -> None:
    deep = Tree(chain(5_000))
    wide = Tree([question("q"), *(answer(f"a{at}", parent_id="q") for at in range(5_000))])

    assert sum(line.hidden or 1 for line in branches_of(deep, "n4999").lines) == 5_000
    assert len(branches_of(wide, "a7").lines) == 5_001
