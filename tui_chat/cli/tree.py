"""`tui-chat history tree`: every message on every branch, a line each."""

from typing import TextIO

from tui_chat.chat.ports import Store
from tui_chat.cli.table import exact_usd, write_json
from tui_chat.core import figures
from tui_chat.core.branches import Line, branches_of, excerpt
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.mark_words import state_words, summary_words
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Node, Tree, spending

EXCERPT_CHARACTERS = 160


async def show_tree(store: Store, out: TextIO, id_prefix: str, *, as_json: bool) -> None:
    """Print the tree of a conversation."""
    conversation, nodes = await store.load(id_prefix)
    tree = Tree(nodes)
    lines = branches_of(tree, conversation.head_id, frozenset(node.id for node in nodes)).lines
    if as_json:
        objects: list[JsonValue] = [_object(line.node, line.is_on_path) for line in lines]
        write_json(out, {"head": conversation.head_id, "nodes": objects})
        return
    for line in lines:
        out.write(f"{_line(line)}\n")


def _object(node: Node, is_on_path: bool) -> JsonObject:
    answer = node.answer
    return {
        "id": node.id,
        "parent": node.parent_id,
        "role": str(node.message.role),
        "model": answer.answering_model if answer else None,
        "outcome": str(answer.outcome) if answer and answer.outcome else None,
        "cost_usd": exact_usd(spending((node,))) if answer and answer.cost else None,
        "labels": [*node.marks.labels, *(("bookmark",) if node.marks.is_bookmarked else ())],
        "on_path": is_on_path,
        "muted": node.marks.is_muted,
        "deleted": node.marks.is_deleted,
        "pinned": node.marks.is_pinned,
        "excerpt": sanitize_line(excerpt(node), EXCERPT_CHARACTERS),
    }


def _line(line: Line) -> str:
    node = line.node
    lead = "" if not line.depth else "| " * (line.depth - 1) + ("|-" if line.is_first else "| ")
    marks = {Role.USER: ">", Role.TOOL: "#", Role.SYSTEM: ":", Role.ASSISTANT: "*" if line.is_on_path else "o"}
    model = sanitize_line(node.answer.answering_model, 80) if node.answer else ""
    cost = figures.total_cost(line.cost, is_narrow=True) if line.cost is not None else ""
    said = "  ".join(filter(None, (node.id, model, cost, *state_words(node.marks))))
    words = summary_words(node) or sanitize_line(excerpt(node), 80)
    return f"{lead}{marks[node.message.role]} {words}  [{said}]"
