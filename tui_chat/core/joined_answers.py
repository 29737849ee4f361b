"""Answers that are one text: one that was cut, and what went on with it from its last letter."""

from collections.abc import Sequence

from tui_chat.core.marks import Continuing
from tui_chat.core.parts import Reasoning, Text
from tui_chat.core.tree import Node


def joins(path: Sequence[Node], at: int) -> bool:
    """Whether a message goes on from the last letter of the one above it, and both are nothing but a text."""
    if not 0 < at < len(path):
        return False
    node, above = path[at], path[at - 1]
    goes_on = node.marks.continues
    if goes_on is None or goes_on.of_id != above.id or goes_on.how is not Continuing.PREFILL:
        return False
    if node.marks.is_muted != above.marks.is_muted or not _is_text(above):
        return False
    return node.is_being_written or any(isinstance(part, Text) for part in node.message.parts)


def _is_text(node: Node) -> bool:
    parts = [part for part in node.message.parts if not isinstance(part, Reasoning)]
    return len(parts) == 1 and isinstance(parts[0], Text) and bool(parts[0].text)


def joined(path: Sequence[Node], node_id: str) -> tuple[Node, ...]:
    """The answers of a path that are one text together with this one, from the first to the last; the message alone
    where it stands for itself; empty where the path does not have it."""
    first = next((at for at, node in enumerate(path) if node.id == node_id), None)
    if first is None:
        return ()
    last = first
    while joins(path, first):
        first -= 1
    while joins(path, last + 1):
        last += 1
    return tuple(path[first : last + 1])
