"""What a document for people says of a conversation, before it has a form: who spoke, how each message stands, how an
answer ended and what it cost, and the seams between. Markdown, HTML and plain text write it down, each in its way.

An answer that goes on with the one before it is one message here, its text without a break. Texts are as they came:
whoever writes them down makes them harmless.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from itertools import pairwise
from typing import Final

import msgspec
from msgspec.structs import replace

from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.ending import OUTCOME_TITLES, STILL_WRITTEN, fallback_words, node_ending
from tui_chat.core.mark_words import state_words
from tui_chat.core.marks import Continuing, Summary
from tui_chat.core.parts import Part, Reasoning, Role, Source, Text, ToolCall, ToolResult
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.sending import is_summary_in_force, muted_ids
from tui_chat.core.timestamps import exact_time, gap_words
from tui_chat.core.tree import Conversation, Node, Tree, deleted_ids, spending
from tui_chat.core.usage import Cost, CostSource, Spending

_SPEAKERS: Final[Mapping[Role, str]] = {
    Role.SYSTEM: "System",
    Role.USER: "You",
    Role.ASSISTANT: "Assistant",
    Role.TOOL: "Tool",
}
_LAST_WORDS: Final = 32
"""Characters before a seam that say where it is."""


class ReadingOptions(msgspec.Struct, frozen=True):
    """What the document shall hold."""

    reasoning: bool = True
    tools: bool = True
    models: bool = True
    usage: bool = True
    """Tokens, cost and speed."""
    times: bool = True
    zone: tzinfo | None = None
    """The time zone in which times are written; None for the system's."""
    beside: Spending = Spending()
    """What was asked beside the answers: titles."""


EVERYTHING: Final = ReadingOptions()
NO_FACTS: Final = ReadingOptions(models=False, usage=False, times=False)


class Branch(msgspec.Struct, frozen=True):
    """A line of messages that leaves another one."""

    after: int
    """Number of the message that it follows; 0 where it begins the conversation anew."""
    nodes: tuple[Node, ...]


class Gap(msgspec.Struct, frozen=True):
    """Time that passed, or another seam between two messages."""

    words: str


class BranchStart(msgspec.Struct, frozen=True):
    """Here another branch begins."""

    words: str


class SummarySeam(msgspec.Struct, frozen=True):
    """From here on a summary is sent in the place of what is above."""

    words: str
    text: str


class Spoken(msgspec.Struct, frozen=True):
    """One message."""

    role: Role
    speaker: str
    number: int | None
    """None where messages have no numbers."""
    model: str
    """Empty where no model spoke, or it shall not be said."""
    time: str
    standing: tuple[str, ...]
    """How it stands in the conversation, and what it was marked with."""
    is_muted: bool
    """It is not sent."""
    parts: tuple[Part, ...]
    """Without its sources."""
    sources: tuple[Source, ...]
    closing: tuple[str, ...]
    """Lines about how it ended, what it cost, and where it was continued."""


Item = Gap | BranchStart | SummarySeam | Spoken


def head_facts(
    conversation: Conversation, path: Sequence[Node], others: Sequence[Branch], options: ReadingOptions
) -> list[str]:
    """What is said of the conversation as a whole: of all that the document has, beside the path too."""
    facts = [exact_time(conversation.created_at, options.zone)] if options.times else []
    total = spending([*path, *(node for branch in others for node in branch.nodes)])
    if options.usage and (total.answers or options.beside.answers):
        facts.append(figures.counted(total.answers, "answer"))
        if options.beside.answers:
            facts.append(figures.counted(options.beside.answers, "title"))
        facts.append(figures.total_cost(total.and_also(options.beside), is_exact=True))
    return facts


def branches_beside(tree: Tree, path: Sequence[Node]) -> tuple[Branch, ...]:
    """Every message that is not on the path, once: the newest line below each in turn, the oldest branch first."""
    numbers = {node.id: number for number, node in enumerate(path, 1)}
    branches: list[Branch] = []
    for node in tree.nodes():
        if node.id in numbers or node.marks.is_deleted:
            continue
        own = _unseen_line(tree, tree.leaf(node.id), numbers)
        if not own:
            continue
        above = next((each.id for each in reversed(tree.path(own[0].parent_id)) if each.id in numbers), "")
        branches.append(Branch(numbers.get(above, 0), own))
        for each in own:
            numbers[each.id] = len(numbers) + 1
    return tuple(branches)


def _unseen_line(tree: Tree, last_id: str, seen: Mapping[str, int]) -> tuple[Node, ...]:
    """The end of a line, from behind the last message that was seen."""
    line: dict[str, Node] = {}
    node = tree.get(last_id)
    while node is not None and node.id not in seen and node.id not in line:
        line[node.id] = node
        node = tree.get(node.parent_id or "")
    unseen = tuple(reversed(line.values()))
    deleted = deleted_ids(unseen)
    return tuple(node for node in unseen if node.id not in deleted)


def items(path: Sequence[Node], others: Sequence[Branch], options: ReadingOptions) -> Iterator[Item]:
    """The document from its first message to its last, the path first; numbers only where there are branches."""
    yield from _line(path, 1 if others else None, options)
    number = len(path) + 1
    for branch in others:
        where = f"after message {branch.after}" if branch.after else "from the beginning"
        yield BranchStart(f"Another branch, {where}")
        yield from _line(branch.nodes, number, options)
        number += len(branch.nodes)


def _line(path: Sequence[Node], number: int | None, options: ReadingOptions) -> Iterator[Item]:
    muted = muted_ids(path)
    above: Node | None = None
    for first, nodes in _chains(path):
        node, last = nodes[0], nodes[-1]
        if options.times and above and (gap := gap_words(above.created_at, node.created_at, zone=options.zone)):
            yield Gap(gap)
        if node.marks.summary is not None:
            in_force = is_summary_in_force(node)
            yield SummarySeam(_summary_words(node.marks.summary, in_force=in_force), node.message.text)
        else:
            own = None if number is None else number + first
            yield _spoken(nodes, own, options, is_muted=node.id in muted)
        above = last


def _chains(path: Sequence[Node]) -> Iterator[tuple[int, list[Node]]]:
    """Each message with those that continue it, and its place."""
    chain: list[Node] = []
    first = 0
    for place, node in enumerate(path):
        goes_on = node.marks.continues is not None and chain and node.marks.continues.of_id == chain[-1].id
        if goes_on and node.marks.is_muted == chain[-1].marks.is_muted:
            chain.append(node)
            continue
        if chain:
            yield first, chain
        chain, first = [node], place
    if chain:
        yield first, chain


def _spoken(nodes: Sequence[Node], number: int | None, options: ReadingOptions, *, is_muted: bool) -> Spoken:
    node = nodes[0]
    parts: tuple[Part, ...] = node.message.parts
    closing = _closing(node, options, is_continued=len(nodes) > 1)
    for before, after in pairwise(nodes):
        closing.append(_seam_words(before, after, options))
        closing += _closing(after, options, is_continued=after is not nodes[-1])
        parts = _continued(parts, after.message.parts)
    marks = [words for each in nodes for words in state_words(replace(each.marks, is_muted=is_muted))]
    return Spoken(
        node.message.role,
        _SPEAKERS[node.message.role],
        number,
        node.answer.answering_model if node.answer and options.models else "",
        exact_time(node.created_at, options.zone) if options.times else "",
        tuple(dict.fromkeys(marks)),
        is_muted,
        tuple(part for part in parts if _is_held(part, options)) if _is_told(node, options) else (),
        tuple(part for part in parts if isinstance(part, Source)),
        tuple(filter(None, closing)),
    )


def _is_told(node: Node, options: ReadingOptions) -> bool:
    """Of a tool's result the pictures too are told only with the tools."""
    return options.tools or node.message.role is not Role.TOOL


def _is_held(part: Part, options: ReadingOptions) -> bool:
    match part:
        case Source():
            return False
        case Reasoning():
            return options.reasoning
        case ToolCall() | ToolResult():
            return options.tools
        case _:
            return True


def _continued(parts: tuple[Part, ...], more: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of both, the last text of the first and the first one of the second as one."""
    end = max((at for at, part in enumerate(parts) if isinstance(part, Text)), default=None)
    begin = next((at for at, part in enumerate(more) if isinstance(part, Text)), None)
    if end is None or begin is None:
        return parts + more
    whole, rest = parts[end], more[begin]
    assert isinstance(whole, Text)
    assert isinstance(rest, Text)
    joined = Text(whole.text + rest.text)
    return (*parts[:end], *more[:begin], joined, *parts[end + 1 :], *more[begin + 1 :])


def _summary_words(summary: Summary, *, in_force: bool) -> str:
    messages = figures.counted(summary.messages, "message")
    sizes = f"{figures.estimated_tokens(summary.before_tokens)} became {figures.estimated_tokens(summary.after_tokens)}"
    return f"Summary of {messages}: {sizes}" + ("" if in_force else " (not in use: all of it is sent)")


def _seam_words(before: Node, after: Node, options: ReadingOptions) -> str:
    """Where an answer was continued, when and how."""
    assert after.marks.continues is not None
    time = exact_time(after.created_at, options.zone)
    clock = f" {time[11:16]}" if options.times and time != figures.UNKNOWN else ""
    is_prefill = after.marks.continues.how is Continuing.PREFILL
    how = f"continued{clock} from where it stopped" if is_prefill else f"asked to go on{clock}"
    model = after.answer.answering_model if after.answer else ""
    if options.models and before.answer and model not in ("", before.answer.answering_model):
        how += f" by {model}"
    words = " ".join(before.message.text.split())
    if not words:
        return how
    return f"{how}, after “{'…' if len(words) > _LAST_WORDS else ''}{words[-_LAST_WORDS:].lstrip()}”"


def _closing(node: Node, options: ReadingOptions, *, is_continued: bool) -> list[str]:
    if node.answer is None:
        return []
    ending = "" if is_continued else ending_words(node, node.answer)
    upstream = sanitize_line(node.answer.upstream, 100) if options.models else ""
    facts = [f"served by {upstream}"] if upstream else []
    asked_before = fallback_words(node.answer) if options.models else ()
    shown = " · ".join((*facts, *usage_facts(node.answer))) if options.usage else "".join(facts)
    return [ending, *asked_before, shown]


def ending_words(node: Node, info: AnswerInfo) -> str:
    """What is to be said of an answer that did not simply stop; empty of one that did."""
    if info.outcome is None:
        return STILL_WRITTEN
    if info.failure is not None:
        return f"{OUTCOME_TITLES[info.outcome]}: {sanitize_line(info.failure.message)}"
    ending = node_ending(node)
    return ending.words if ending else ""


def usage_facts(info: AnswerInfo) -> list[str]:
    """Tokens, cost and speed of an answer, as far as they are known."""
    facts: list[str] = []
    counts = info.counts
    if counts is not None:
        facts += [
            f"{count:,} {what}"
            for count, what in (
                (counts.prompt_tokens, "tokens in"),
                (counts.cached_tokens or None, "of them cached"),
                (counts.cache_write_tokens or None, "written to the cache"),
                (counts.completion_tokens, "tokens out"),
                (counts.reasoning_tokens or None, "of reasoning" if counts.reasons_beside else "of them reasoning"),
                (counts.total, "together"),
            )
            if count is not None
        ]
    if info.cost is not None:
        facts.append(_exact(info.cost))
    if info.timing.first_token_s is not None:
        facts.append(f"first token after {figures.seconds(info.timing.first_token_s)}")
    if info.timing.total_s is not None:
        facts.append(f"{figures.seconds(info.timing.total_s)} in all")
    if info.retries:
        facts.append(figures.retries(info.retries))
    return facts


def _exact(cost: Cost) -> str:
    """All digits that were billed; a tilde before an estimate."""
    return ("~" if cost.source is CostSource.ESTIMATE else "") + figures.exact_dollars(cost.usd)
