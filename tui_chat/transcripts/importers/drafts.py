"""A tree of ours out of the messages of another program, whatever they name as their parents.

Each program's module says which messages there are; here they get ids that may stand in a store, the same ones each
time, an order in which parents come first, and times. Nothing here recurs, and no shape costs more than its size.
"""

import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

import msgspec
from msgspec.structs import replace

from tui_chat.core.answer import AnswerInfo
from tui_chat.core.figures import bound
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.parts import LARGEST_TEXT_BYTES, Message, Part, Role, Text, ToolCall, ToolResult
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node, Tree, title_from
from tui_chat.transcripts.importers.foreign import written
from tui_chat.transcripts.soundness import LARGEST_NODES, check, is_id, refused

MUTED: Final = Marks(is_muted=True)
_NEVER_RUN: Final = "It was made in another program, and has no result there."
_LONGEST_TITLE: Final = 200


class Draft(msgspec.Struct):
    """A message of another program; without parts it only leads from its parent to what follows it."""

    role: Role = Role.USER
    parent: str | None = None
    """Key of the message before it."""
    parts: tuple[Part, ...] = ()
    created_at: float | None = None
    answer: AnswerInfo | None = None
    marks: Marks = UNMARKED


def one_text(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts, neighbouring texts as one with a line for each."""
    joined: list[Part] = []
    for is_text, run in groupby(parts, lambda part: isinstance(part, Text)):
        found = list(run)
        joined += [Text("\n".join(part.text for part in found if isinstance(part, Text)))] if is_text else found
    return tuple(joined)


def fenced(code: str, language: str = "") -> str:
    """Code as a block of Markdown."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{language}\n{code}\n{fence}"


def finished(model: str, **facts: object) -> AnswerInfo:
    """The facts of an answer that came to its end."""
    info = AnswerInfo(requested_model=model, model=model or None, outcome=Outcome.COMPLETE)
    return replace(info, **facts)


def built(seed: Conversation, drafts: Mapping[str, Draft], head: str | None) -> tuple[Conversation, tuple[Node, ...]]:
    """The conversation with its nodes. An empty id of the seed, or one that cannot be one, is replaced by one made of
    what it holds.

    Raises:
        TranscriptError: it has too many messages, or one that is too large.
    """
    if len(drafts) > LARGEST_NODES:
        raise refused("it has too many messages")
    parents = _parents(drafts)
    order = _in_order(drafts, parents)
    ids = _ids(order)
    times = _times(drafts, parents, order, seed.created_at)
    nodes = _with_answered_calls(
        [
            Node(
                ids[key],
                ids.get(parents[key] or ""),
                times[key],
                Message(drafts[key].role, drafts[key].parts),
                drafts[key].answer if drafts[key].role is Role.ASSISTANT else None,
                drafts[key].marks,
            )
            for key in order
        ]
    )
    for node in nodes:
        _check_size(node)
    head_key = _nearest(head, drafts, parents)
    tree = Tree(nodes)
    head_id = tree.leaf(ids[head_key]) if head_key is not None else nodes[-1].id if nodes else None
    conversation = replace(
        seed,
        id=seed.id if is_id(seed.id) else _conversation_id(seed, nodes),
        created_at=seed.created_at or (nodes[0].created_at if nodes else 0.0),
        title=sanitize_line(seed.title, _LONGEST_TITLE) or title_from(tree.path(head_id)),
        head_id=head_id,
    )
    check(conversation, nodes)
    return conversation, nodes


def _conversation_id(seed: Conversation, nodes: Sequence[Node]) -> str:
    """An id that stays when the conversation grows: made of the one that it has elsewhere, or of how it begins."""
    return _digest("conversation", seed.id or f"{seed.created_at} {written(nodes[:1])}")


def _parents(drafts: Mapping[str, Draft]) -> dict[str, str | None]:
    """For each message that has parts, the nearest one before it that has some. A circle is cut."""
    found: dict[str, str | None] = {}
    for key in drafts:
        way: list[str] = []
        seen: set[str] = set()
        at: str | None = key
        while at is not None and at in drafts and at not in found and at not in seen:
            seen.add(at)
            way.append(at)
            at = drafts[at].parent
        above: str | None = None
        if at is not None and at in found:
            above = at if drafts[at].parts else found[at]
        for step in reversed(way):
            found[step] = above
            above = step if drafts[step].parts else above
    return found


def _in_order(drafts: Mapping[str, Draft], parents: Mapping[str, str | None]) -> list[str]:
    """Keys of the messages with parts, parents before children, and of siblings the oldest first."""
    children: dict[str | None, list[str]] = {}
    for key, draft in drafts.items():
        if draft.parts:
            children.setdefault(parents[key], []).append(key)
    for siblings in children.values():
        if len(siblings) > 1 and all(drafts[key].created_at is not None for key in siblings):
            siblings.sort(key=lambda key: drafts[key].created_at or 0.0)
    order: list[str] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        key = waiting.pop()
        order.append(key)
        waiting.extend(reversed(children.get(key, [])))
    return order


def _ids(order: list[str]) -> dict[str, str]:
    return {key: key if is_id(key) else _digest("message", key) for key in order}


def _times(
    drafts: Mapping[str, Draft], parents: Mapping[str, str | None], order: list[str], begun_at: float
) -> dict[str, float]:
    """When each was said; where nobody knows, when the one before it was."""
    known = (drafts[key].created_at for key in order)
    first = begun_at or next((at for at in known if at is not None), 0.0)
    times: dict[str, float] = {}
    for key in order:
        at = drafts[key].created_at
        times[key] = at if at is not None else times.get(parents[key] or "", first)
    return times


def _nearest(key: str | None, drafts: Mapping[str, Draft], parents: Mapping[str, str | None]) -> str | None:
    """The message itself where it has parts, else the one before it that has some."""
    if key is None or key not in drafts:
        return None
    return key if drafts[key].parts else parents[key]


def _with_answered_calls(nodes: list[Node]) -> tuple[Node, ...]:
    """The nodes, each result with the id of its call, each call without a result marked as one that nobody can run."""
    named = {node.id: _with_call_ids(node) for node in nodes}
    asker: dict[str, str] = {}
    given: dict[str, int] = {}
    answered: set[tuple[str, str]] = set()
    for node in nodes:
        if node.message.role is not Role.TOOL or node.parent_id is None:
            continue
        is_next = named[node.parent_id].message.role is Role.TOOL
        asked_by = asker.get(node.parent_id) if is_next else node.parent_id
        if asked_by is None or not (calls := named[asked_by].message.tool_calls):
            continue
        asker[node.id] = asked_by
        before = given.get(node.parent_id, 0) if is_next else 0
        parts, count = _with_results_of(node.message.parts, calls, before)
        given[node.id] = before + count
        answered |= {(asked_by, part.call_id) for part in parts if isinstance(part, ToolResult)}
        named[node.id] = replace(named[node.id], message=Message(Role.TOOL, parts))
    return tuple(_with_flaws(node, answered) for node in named.values())


def _with_call_ids(node: Node) -> Node:
    """The node with an id for each of its calls, no two of them alike."""
    if not node.message.tool_calls:
        return node
    taken: set[str] = set()
    parts: list[Part] = []
    for number, part in enumerate(node.message.parts):
        if isinstance(part, ToolCall) and (not part.id or part.id in taken):
            part = replace(part, id=_digest("call", node.id, str(number)), is_id_ours=True)
        if isinstance(part, ToolCall):
            taken.add(part.id)
        parts.append(part)
    return replace(node, message=Message(node.message.role, tuple(parts)))


def _with_results_of(parts: tuple[Part, ...], calls: tuple[ToolCall, ...], before: int) -> tuple[tuple[Part, ...], int]:
    """The parts with ids of calls in the results that name none: in their order, behind the `before` results that came
    already. Returned with the number of results."""
    named: list[Part] = []
    count = 0
    for part in parts:
        if isinstance(part, ToolResult):
            call = calls[min(before + count, len(calls) - 1)]
            count += 1
            if not part.call_id:
                part = replace(part, call_id=call.id, name=part.name or call.name)
        named.append(part)
    return tuple(named), count


def _with_flaws(node: Node, answered: set[tuple[str, str]]) -> Node:
    if not node.message.tool_calls:
        return node
    parts = tuple(
        replace(part, flaw=_NEVER_RUN) if isinstance(part, ToolCall) and (node.id, part.id) not in answered else part
        for part in node.message.parts
    )
    return replace(node, message=Message(node.message.role, parts))


def _check_size(node: Node) -> None:
    for part in node.message.parts:
        for text in msgspec.structs.astuple(part):
            if isinstance(text, str) and 4 * len(text) > LARGEST_TEXT_BYTES < len(text.encode("utf-8", "replace")):
                raise refused(f"the message {node.id} holds a text of more than {bound(LARGEST_TEXT_BYTES)}")


def _digest(*words: str) -> str:
    seed = "\0".join(words).encode("utf-8", "replace")
    return hashlib.sha256(seed).hexdigest()[:24]
