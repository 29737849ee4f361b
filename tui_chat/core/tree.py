"""The branching conversation: nodes with parents, and the path that is being read.

A node is one message with its place, its time and, for an answer, how it came about. Nothing is ever taken out of a
tree: editing or asking again adds a sibling. The tree is a plain index over nodes; what is on disk is the store's.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.parts import Message, Role, Text, ToolCall, ToolResult
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import without_harmful
from tui_chat.core.tool_switch import ToolSwitches
from tui_chat.core.usage import Spending, total_spending

if TYPE_CHECKING:
    from tui_chat.core.reply import Reply  # what grows is imported for the first answer

TITLE_CHARACTERS: Final = 60
"""Characters of a title that nobody gave by hand, at most."""


class Node(msgspec.Struct, frozen=True, gc=False):
    """One message in its place."""

    id: str
    parent_id: str | None
    """None for the first message of a conversation."""
    created_at: float
    """Seconds since the epoch, UTC."""
    message: Message
    answer: AnswerInfo | None = None
    """Set exactly where the message came from a model."""
    marks: Marks = UNMARKED

    @property
    def is_being_written(self) -> bool:
        """A model writes it now."""
        return self.answer is not None and self.answer.outcome is None

    @property
    def calls_to_act_on(self) -> tuple[ToolCall, ...]:
        """The calls without a flaw of an answer that ended well; empty for every other message."""
        if self.answer is None or not self.answer.calls_may_be_acted_on:
            return ()
        return tuple(call for call in self.message.tool_calls if not call.flaw)


class Conversation(msgspec.Struct, frozen=True):
    """What belongs to a conversation as a whole."""

    id: str
    created_at: float
    title: str = ""
    """Empty until there is a question: see `title_from`."""
    model: str = ""
    """The model that the next question goes to."""
    system: str = ""
    """The system prompt; empty sends none."""
    head_id: str | None = None
    """The last node of the path that is being read; None while there is no message."""
    is_named: bool = False
    """The person gave it its title."""
    sampling: Sampling = Sampling()
    """How its answers are asked for, before what its preset and the settings say."""
    preset: str = ""
    """Name of the preset that it was begun or changed with last; empty for none."""
    preset_sampling: Sampling = Sampling()
    """The parameters of that preset as they were then."""
    budget_usd: Decimal | None = None
    """What may be spent in it; None where it has no budget of its own."""
    tool_switches: ToolSwitches = ()
    """The tools that a person has switched in it."""
    preset_tools: tuple[str, ...] | None = None
    """Names, or patterns of names, of the tools that the preset leaves on; None where it says nothing of tools."""

    def sampling_over(self, settings: Sampling) -> Sampling:
        """What counts: its own parameters, then those of its preset, then those of the settings."""
        return self.sampling.over(self.preset_sampling.over(settings))


def answer_node(node_id: str, parent_id: str | None, created_at: float, reply: "Reply") -> Node:
    """The node that keeps a reply."""
    return Node(node_id, parent_id, created_at, reply.message, reply.info)


class Tree:
    """All nodes of one conversation."""

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self._nodes: dict[str, Node] = {}
        self._children: dict[str | None, list[str]] = {}
        self._last_path: tuple[str | None, tuple[Node, ...]] = (None, ())
        """The head and the path that was asked for last; everyone asks for the one that is being read."""
        for node in nodes:
            self.put(node)

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._nodes

    def put(self, node: Node) -> None:
        """Add a node, or replace the one with its id (an answer that has grown)."""
        before = self._nodes.get(node.id)
        if before is not None and before.parent_id != node.parent_id:
            self._children[before.parent_id].remove(node.id)
        if before is None or before.parent_id != node.parent_id:
            self._children.setdefault(node.parent_id, []).append(node.id)
        self._nodes[node.id] = node
        self._last_path = (None, ())

    def get(self, node_id: str) -> Node | None:
        """The node, or None where there is none with this id."""
        return self._nodes.get(node_id)

    def nodes(self) -> tuple[Node, ...]:
        """Every node in the order in which it was added."""
        return tuple(self._nodes.values())

    def path(self, head_id: str | None) -> tuple[Node, ...]:
        """From the first message to `head_id` without those that a person deleted; as far up as parents are known."""
        if head_id != self._last_path[0]:
            self._last_path = (head_id, _undeleted(self.line(head_id)))
        return self._last_path[1]

    def line(self, head_id: str | None) -> tuple[Node, ...]:
        """The same with those that a person deleted."""
        path: list[Node] = []
        seen: set[str] = set()
        while head_id is not None and head_id in self._nodes and head_id not in seen:
            seen.add(head_id)
            node = self._nodes[head_id]
            path.append(node)
            head_id = node.parent_id
        path.reverse()
        return tuple(path)

    def siblings(self, node_id: str) -> tuple[Node, ...]:
        """The variants at this place that are not deleted, and the node itself, oldest first."""
        children = self.children(self._nodes[node_id].parent_id)
        return tuple(node for node in children if node.id == node_id or not node.marks.is_deleted)

    def children(self, node_id: str | None) -> tuple[Node, ...]:
        """The messages that follow a node, oldest first; without one, the first messages."""
        return tuple(self._nodes[child] for child in self._children.get(node_id, ()))

    def leaf(self, node_id: str) -> str:
        """The end of the newest line below a node; the node itself where nothing follows it."""
        seen: set[str] = set()
        # A file that somebody has changed may hold a ring.
        while node_id not in seen and (children := self._children.get(node_id)):
            seen.add(node_id)
            node_id = children[-1]
        return node_id


def _undeleted(line: tuple[Node, ...]) -> tuple[Node, ...]:
    """The messages of a line that are not deleted. Where a summary's tail began with one that is, it begins with what
    follows that."""
    if not any(node.marks.is_deleted for node in line):
        return line
    deleted = deleted_ids(line)
    kept: list[Node] = []
    follows: dict[str, str | None] = {}
    """Of each that is left out, what is kept behind it."""
    for node in line:
        if node.id in deleted:
            follows[node.id] = None
            continue
        follows |= {id_: node.id for id_, after in follows.items() if after is None}
        summary = node.marks.summary
        if summary is not None and summary.tail_id in follows:
            after = follows[summary.tail_id]
            tail_id = after if after != node.id else None
            node = replace(node, marks=replace(node.marks, summary=replace(summary, tail_id=tail_id)))
        kept.append(node)
    return tuple(kept)


def deleted_ids(line: Iterable[Node]) -> frozenset[str]:
    """Which messages of a line are deleted: results are with the answer that called for them."""
    deleted: set[str] = set()
    is_deleted = False
    for node in line:
        if node.message.role is not Role.TOOL:
            is_deleted = node.marks.is_deleted
        if is_deleted or node.marks.is_deleted:
            deleted.add(node.id)
    return frozenset(deleted)


def last_of(path: Sequence[Node], role: Role) -> Node | None:
    """The last message of a path that has this role; None where none has."""
    return next((node for node in reversed(path) if node.message.role is role), None)


def pending_calls(path: tuple[Node, ...]) -> tuple[ToolCall, ...]:
    """The calls at the end of a path that still want a result, in their order."""
    answered: set[str] = set()
    for node in reversed(path):
        if node.message.role is Role.TOOL:
            answered.update(part.call_id for part in node.message.parts if isinstance(part, ToolResult))
            continue
        return tuple(call for call in node.calls_to_act_on if call.id not in answered)
    return ()


def spending(nodes: Iterable[Node]) -> Spending:
    """What the answers among these nodes cost together: those that have ended, and were not refused."""
    return total_spending(
        (node.answer.counts, node.answer.cost) for node in nodes if node.answer and node.answer.may_have_cost
    )


def title_from(path: Iterable[Node], limit: int = TITLE_CHARACTERS) -> str:
    """A title from the first question: its first line of words, cut at a word; empty where there is none."""
    for node in path:
        if node.message.role is not Role.USER:
            continue
        for part in node.message.parts:
            if isinstance(part, Text):
                for line in part.text.split("\n"):
                    words = " ".join(without_harmful(line).split())
                    if words:
                        return cut_at_word(words, limit)
    return ""


def cut_at_word(words: str, limit: int) -> str:
    """A line of so many characters at most, cut behind a word."""
    return words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + "…"
