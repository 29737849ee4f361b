"""Which messages of a path are sent: what is muted stays here, and a summary stands for what was before it.

Every front end shows a message as sent exactly where it is among these.
"""

from collections.abc import Sequence
from typing import Final

from tui_chat.core.answer import cut_of
from tui_chat.core.parts import Role
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node

SUMMARY_OF: Final = "Summary of the conversation before this point:"
"""What a summary is sent behind."""


def sent_nodes(path: Sequence[Node]) -> tuple[Node, ...]:
    """The messages of a path that are sent, in the order in which they are: the pinned ones from before a summary's
    tail, the summary, its tail, and all that came after it; a result where its call is, and no muted one."""
    summary_at = _summary_at(path)
    if summary_at is None:
        return tuple(node for node, _ in _unmuted(path))
    summary = path[summary_at]
    assert summary.marks.summary is not None
    tail_at = _place_of(path, summary.marks.summary.tail_id, summary_at)
    before = [node for node, is_pinned in _unmuted(path[:tail_at]) if is_pinned]
    tail = [node for node, _ in _unmuted(path[tail_at:summary_at])]
    after = [node for node, _ in _unmuted(path[summary_at + 1 :])]
    return (*before, summary, *tail, *after)


def muted_ids(path: Sequence[Node]) -> frozenset[str]:
    """Ids of the messages of a path that are muted, results with their answer."""
    kept = {node.id for node, _ in _unmuted(path)}
    return frozenset(node.id for node in path if node.id not in kept and node.marks.summary is None)


def _summary_at(path: Sequence[Node]) -> int | None:
    """The place of the last summary that counts."""
    return next((at for at in range(len(path) - 1, -1, -1) if is_summary_in_force(path[at])), None)


def is_summary_in_force(node: Node) -> bool:
    """Say whether a message is a summary, whole and not undone."""
    if node.marks.summary is None or node.marks.is_muted or not node.message.has_words:
        return False
    answer = node.answer
    return answer is None or (answer.outcome is Outcome.COMPLETE and cut_of(answer.finish_reason) is None)


def _place_of(path: Sequence[Node], node_id: str | None, end: int) -> int:
    return next((at for at in range(end) if path[at].id == node_id), end)


def _unmuted(path: Sequence[Node]) -> list[tuple[Node, bool]]:
    """The messages that are not muted, and for each if it is pinned. Results are muted and pinned with their answer;
    a summary that does not count, or not any more, is left out."""
    kept: list[tuple[Node, bool]] = []
    is_muted = is_pinned = False
    for node in path:
        if node.marks.summary is not None:
            continue
        if node.message.role is not Role.TOOL:
            is_muted, is_pinned = node.marks.is_muted, node.marks.is_pinned
        if not (is_muted or node.marks.is_muted):
            kept.append((node, is_pinned or node.marks.is_pinned))
    return kept
