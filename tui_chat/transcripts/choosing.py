"""What of a conversation goes out: which messages, in which order, and without which facts."""

from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import WRONG_ID, TranscriptError
from tui_chat.core.parts import Part, Reasoning, ToolCall
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.transcripts.reading import Branch, branches_beside

LOSSLESS: Final = frozenset({"json", "jsonl"})
"""Forms that hold every branch, and can be imported."""


class Chosen(msgspec.Struct, frozen=True):
    """The line that is read, and what stands beside it."""

    path: tuple[Node, ...]
    others: tuple[Branch, ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All messages in the order of the document."""
        return (*self.path, *(node for branch in self.others for node in branch.nodes))

    def with_nodes(self, nodes: Sequence[Node]) -> "Chosen":
        """The same places, held by these."""
        at = len(self.path)
        others: list[Branch] = []
        for branch in self.others:
            others.append(replace(branch, nodes=tuple(nodes[at : at + len(branch.nodes)])))
            at += len(branch.nodes)
        return Chosen(tuple(nodes[: len(self.path)]), tuple(others))


def chosen(conversation: Conversation, tree: Tree, *, all_branches: bool, branch: str, last: int | None) -> Chosen:
    """The messages that are read: the line that was read last, or the newest one through the message `branch`; `last`
    takes only its end.

    Raises:
        TranscriptError: there is no such message, or more than one.
    """
    head_id = tree.leaf(message_named(tree, branch).id) if branch else conversation.head_id
    path = tree.path(head_id)
    others = branches_beside(tree, path) if all_branches else ()
    return Chosen(path if last is None else path[max(0, len(path) - last) :], others)


def message_named(tree: Tree, id_prefix: str) -> Node:
    """The message with this id, or whose id alone begins so.

    Raises:
        TranscriptError: there is none, or more than one.
    """
    if (node := tree.get(id_prefix)) is not None:
        return node
    found = [node for node in tree.nodes() if node.id.startswith(id_prefix)]
    if len(found) == 1:
        return found[0]
    shown = sanitize_line(id_prefix, 40)
    if found:
        raise TranscriptError(
            f"{len(found)} messages have an id that begins with {shown}.", "Give more of the id.", code=WRONG_ID
        )
    raise TranscriptError(
        f"No message of this conversation has the id {shown}.",
        "`tui-chat history export ID --json` shows the ids.",
        code=WRONG_ID,
    )


def without_facts(conversation: Conversation, nodes: Sequence[Node]) -> tuple[Conversation, tuple[Node, ...]]:
    """The same without models, times, usage and cost, and what else tells how an answer was asked for."""
    bare = replace(
        conversation,
        created_at=0.0,
        model="",
        sampling=Sampling(),
        preset="",
        preset_sampling=Sampling(),
        preset_tools=None,
        tool_switches=(),
    )
    return bare, tuple(replace(node, created_at=0.0, answer=_bare(node.answer)) for node in map(timeless, nodes))


def timeless(node: Node) -> Node:
    """The message without how long was thought, and without when the arguments of calls arrived."""
    parts = tuple(map(_timeless_part, node.message.parts))
    return replace(node, message=replace(node.message, parts=parts))


def _timeless_part(part: Part) -> Part:
    match part:
        case ToolCall():
            return replace(part, fragments=())
        case Reasoning():
            return replace(part, duration_s=None)
        case _:
            return part


def _bare(info: AnswerInfo | None) -> AnswerInfo | None:
    """How an answer ended, and nothing else."""
    if info is None:
        return None
    return AnswerInfo(outcome=info.outcome, finish_reason=info.finish_reason, failure=info.failure)
