"""The whole tree of a conversation as lines: the path that is read straight down, every other branch beside it where it
leaves the path, one step deeper each time."""

from collections.abc import Mapping, Sequence, Set
from typing import Final

import msgspec

from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.sending import sent_nodes
from tui_chat.core.tree import Node, Tree, spending
from tui_chat.core.usage import Spending

LONGEST_RUN: Final = 8
"""Messages in a row without anything to choose at that are shown; of more, the first and the last are."""
LONGEST_WAY: Final = 2
"""Messages in a row that are shown only as the way to what was found."""


class Line(msgspec.Struct, frozen=True):
    """One message, or several that were left out."""

    node: Node
    """The message; of those left out the first."""
    depth: int
    """0 is the path, 1 a branch off it, and so on."""
    is_first: bool
    """It begins its branch."""
    is_on_path: bool
    is_sent: bool
    hidden: int = 0
    """How many messages stand for this line in place of a message; 0 where it is one."""
    variants: int = 1
    """How many versions of its place there are."""
    cost: Spending | None = None
    """What it cost with all that follows only from it; None where nothing was billed."""
    is_way: bool = False
    """It was not found, but leads to what was."""


class Branches(msgspec.Struct, frozen=True):
    """The lines, and how many branches there are."""

    lines: tuple[Line, ...]
    messages: int
    branches: int


def branches_of(tree: Tree, head_id: str | None, opened: frozenset[str] = frozenset()) -> Branches:
    """Lay out a tree; `opened` are messages of which what follows without a fork is shown whole."""
    path = tree.path(head_id)
    on_path = frozenset(node.id for node in tree.line(head_id))
    sent = frozenset(node.id for node in sent_nodes(path))
    costs = _costs(tree)
    laid: list[tuple[Node, int, bool]] = []
    # What is laid out last is taken first: the way on of a branch stands below what leaves it.
    ways: list[tuple[Node, int, bool]] = _below(tree, None, 0, on_path)
    branches = sum(is_first for _, _, is_first in ways) + (1 if ways else 0)
    while ways:
        node, depth, is_first = ways.pop()
        laid.append((node, depth, is_first))
        below = _below(tree, node.id, depth, on_path)
        branches += sum(begins for _, _, begins in below)
        ways += below
    lines = [
        Line(
            node,
            depth,
            is_first,
            node.id in on_path,
            node.id in sent,
            0,
            len(tree.children(node.parent_id)),
            costs.get(node.id),
        )
        for node, depth, is_first in laid
    ]
    return Branches(tuple(_folded(lines, tree, head_id, opened)), len(tree), branches)


def narrowed(lines: Sequence[Line], found: Set[str], opened: frozenset[str] = frozenset()) -> tuple[Line, ...]:
    """Of lines that were laid out whole, those that were found (ids of messages) and those that lead there; of a long
    way one line stands for all but where branches begin, unless its first message is `opened`."""
    parents = {line.node.id: line.node.parent_id for line in lines}
    way: set[str] = set()
    for id_ in found:
        above = parents.get(id_)
        while above is not None and above not in way:
            way.add(above)
            above = parents.get(above)
    kept: list[Line] = []
    run: list[Line] = []
    for line in (*lines, None):
        is_found = line is not None and line.node.id in found
        if line is not None and not is_found and line.node.id not in way:
            continue
        if run and (line is None or is_found or line.is_first or line.depth != run[-1].depth):
            is_long = len(run) > LONGEST_WAY and run[0].node.id not in opened
            kept += [msgspec.structs.replace(run[0], hidden=len(run), cost=None)] if is_long else run
            run = []
        if line is not None and is_found:
            kept.append(line)
        elif line is not None:
            run.append(msgspec.structs.replace(line, is_way=True))
    return tuple(kept)


def _below(tree: Tree, node_id: str | None, depth: int, on_path: frozenset[str]) -> list[tuple[Node, int, bool]]:
    """What follows a message, the one to be laid out last first: the way that goes on at the same depth is the path's,
    else the newest."""
    children = tree.children(node_id)
    if not children:
        return []
    goes_on = next((child for child in children if child.id in on_path), children[-1])
    others = [(child, depth + 1, True) for child in reversed(children) if child.id != goes_on.id]
    return [(goes_on, depth, False), *others]


def _folded(lines: list[Line], tree: Tree, head_id: str | None, opened: frozenset[str]) -> list[Line]:
    """The lines with long runs of nothing to choose at left out."""
    kept: list[Line] = []
    run: list[Line] = []

    def end_run() -> None:
        if len(run) > LONGEST_RUN and run[0].node.id not in opened:
            kept.append(msgspec.structs.replace(run[0], hidden=len(run), cost=None))
        else:
            kept.extend(run)
        run.clear()

    for line in lines:
        is_plain = not line.is_first and line.node.id != head_id and not _is_of_note(line, tree)
        if run and (not is_plain or line.depth != run[-1].depth):
            end_run()
        if is_plain:
            run.append(line)
        else:
            kept.append(line)
    end_run()
    return kept


def _is_of_note(line: Line, tree: Tree) -> bool:
    """Somebody may look for it: a fork, something marked, a fault, the first question."""
    node = line.node
    answer = node.answer
    is_fault = answer is not None and (answer.failure is not None or not answer.calls_may_be_acted_on)
    return (
        line.variants > 1
        or len(tree.children(node.id)) != 1
        or node.parent_id is None
        or node.marks != type(node.marks)()
        or is_fault
    )


def _costs(tree: Tree) -> Mapping[str, Spending]:
    """What each message cost with all that follows from it."""
    totals: dict[str, Spending] = {}
    for node in reversed(tree.nodes()):  # what follows a message was added after it
        own = spending((node,))
        below = totals.get(node.id)
        total = own if below is None else own.and_also(below)
        if total.answers:
            totals[node.id] = total
            if node.parent_id is not None:
                above = totals.get(node.parent_id)
                totals[node.parent_id] = total if above is None else above.and_also(total)
    return totals


def branch_ends(tree: Tree) -> tuple[Node, ...]:
    """The last message of every branch, in the order in which the branches began."""
    return tuple(node for node in tree.nodes() if not tree.children(node.id))


def excerpt(node: Node) -> str:
    """What a message says, for one line: its words, else its calls, results or files by name."""
    message = node.message
    if message.role is Role.TOOL:
        return " ".join(getattr(part, "content", "") for part in message.parts)
    if message.has_words or message.refusal:
        return message.text or message.refusal or ""
    if message.tool_calls:
        return ", ".join(call.name for call in message.tool_calls)
    return ", ".join(getattr(part, "name", "") for part in message.parts)


def speaker_of(node: Node) -> str:
    """Who says a message, in a word: `you`, a model without its provider, `result`."""
    match node.message.role:
        case Role.USER:
            return "you"
        case Role.TOOL:
            return "result"
        case Role.SYSTEM:
            return "system"
        case Role.ASSISTANT:
            model = sanitize_line(node.answer.answering_model if node.answer else "", 120)
            return model.rpartition("/")[2] or ("you" if node.marks.edited_id else "answer")
