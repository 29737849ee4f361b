"""All that is known of one message but its words, each fact under its name: the same for every front end."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.days import whole_time
from tui_chat.core.ending import OUTCOME_TITLES, node_ending
from tui_chat.core.mark_words import continued_words, state_words, summary_words
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, CostSource, TokenCounts, estimate_cost
from tui_chat.settings.base_url import shown_base_url
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.parameters import asked_with_words
from tui_chat.workspace.shaping import variant_of

if TYPE_CHECKING:
    from tui_chat.chat.session import Session

_LONGEST = 400
_SPEAKERS = {
    Role.USER: "a message of yours",
    Role.ASSISTANT: "an answer",
    Role.TOOL: "results of calls",
    Role.SYSTEM: "a system prompt",
}


class Fact(NamedTuple):
    """One fact, in a line of words that are sanitised."""

    name: str
    words: str


def facts_of(conversation: OpenConversation, node: Node) -> tuple[Fact, ...]:
    """The facts of a message. What is not known is left out, or a dash where its place says something."""
    return tuple(Fact(name, sanitize_line(words, _LONGEST)) for name, words in _facts(conversation, node) if words)


def _facts(conversation: OpenConversation, node: Node) -> Iterator[tuple[str, str]]:
    session = conversation.session
    yield "message", f"{_SPEAKERS[node.message.role]}, id {node.id}"
    yield "time", whole_time(node.created_at, session.services.clock.now())
    yield "stands as", ", ".join(state_words(node.marks))
    yield "sent as", summary_words(node)
    number, count = variant_of(conversation, node)
    yield "version", f"{number} of {count}" if count > 1 else ""
    yield "continued", continued_words(node.marks)
    if node.answer is not None:
        yield from _of_answer(session, node, node.answer)


def _of_answer(session: "Session", node: Node, answer: AnswerInfo) -> Iterator[tuple[str, str]]:
    timing, counts = answer.timing, answer.counts or TokenCounts()
    yield "model", answer.answering_model or figures.UNKNOWN
    yield "asked", answer.requested_model if answer.model and answer.model != answer.requested_model else ""
    yield "failed first", ", ".join(each.model for each in answer.fell_back)
    yield "gateway", shown_base_url(answer.gateway) if answer.gateway else ""
    yield "served by", answer.upstream
    yield "answer id", answer.response_id or ""
    yield "asked with", asked_with_words(answer)
    yield "not sent", ", ".join(answer.left_out)
    yield "tokens", _token_words(counts)
    yield "cost", _cost_words(session, answer)
    rate = figures.rate(counts.output_tokens, timing.writing_s)
    times = f"{figures.seconds(timing.total_s)}, first word after {figures.seconds(timing.first_token_s)}"
    yield "took", times + ("" if rate == figures.UNKNOWN else f", {rate}")
    yield "tries", f"after {figures.retries(answer.retries)}" if answer.retries else ""
    yield "ended", _ending_words(node, answer)


def _token_words(counts: TokenCounts) -> str:
    cached = f"{counts.cached_tokens:,} of them cached" if counts.cached_tokens else ""
    written = f"{counts.cache_write_tokens:,} written to the cache" if counts.cache_write_tokens else ""
    of_input = f" ({', '.join(filter(None, (cached, written)))})" if cached or written else ""
    of_output = f" ({counts.reasoning_tokens:,} of reasoning)" if counts.reasoning_tokens else ""
    return f"{_exact(counts.prompt_tokens)} in{of_input}, {_exact(counts.completion_tokens)} out{of_output}"


def _exact(count: int | None) -> str:
    return figures.UNKNOWN if count is None else f"{count:,}"


def _cost_words(session: "Session", answer: AnswerInfo) -> str:
    """As the gateway told it, with what the prices of the list come to beside it."""
    if answer.is_surely_unbilled:
        return figures.NOT_BILLED
    if answer.cost is None:
        return "unknown"
    if answer.cost.source is CostSource.ESTIMATE:
        return f"{figures.bill(answer.cost)}, by the prices of the list"
    model = session.services.catalog.known().get(answer.answering_model)
    by_list: Cost | None = estimate_cost(answer.counts, model.price) if model and answer.counts else None
    said = f"{figures.bill(answer.cost)}, as the gateway sent it"
    return said if by_list is None else f"{said}; by the prices of the list {figures.bill(by_list)}"


def _ending_words(node: Node, answer: AnswerInfo) -> str:
    if answer.outcome is None:
        return "not yet"
    ending = node_ending(node)
    said = [ending.words if ending else OUTCOME_TITLES[answer.outcome]]
    if answer.finish_reason:
        said.append(f"finish reason {answer.finish_reason}")
    if answer.failure is not None and answer.outcome is not Outcome.COMPLETE:
        status = f" (HTTP {answer.failure.status})" if answer.failure.status else ""
        said.append(f"{answer.failure.title}{status}: {answer.failure.message}")
    return "; ".join(said)
