"""What a report of usage is made of: every request of the open conversation, and what was spent in all."""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from tui_chat.chat.ledger import LedgerEntry, LedgerKind, Speed, Spent
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.limits import LimitLeft
from tui_chat.core.moments import utc_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import Spending, TokenCounts
from tui_chat.transcripts.saving import FileExists, save_export
from tui_chat.workspace.budget_gauges import Gauge, read_gauges
from tui_chat.workspace.context_fill import ContextFill
from tui_chat.workspace.next_request import NextRequest, size_words
from tui_chat.workspace.spending_report import LOOK_BACK_DAYS, csv_cell, first_day

if TYPE_CHECKING:
    from tui_chat.chat.session import Session
    from tui_chat.workspace.conversation import OpenConversation

_MOST_NAMES: Final = 1_000
_COLUMNS: Final = (
    "kind",
    "time",
    "model",
    "prompt_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "completion_tokens",
    "first_token_s",
    "total_s",
    "cost_usd",
    "cost_source",
)


class Asked(msgspec.Struct, frozen=True):
    """One request of a conversation, and what came of it."""

    id: str
    at: float
    """Seconds since the epoch."""
    kind: LedgerKind
    answer: AnswerInfo


class ChatUsage(msgspec.Struct, frozen=True):
    """What is known of the open conversation."""

    asked: tuple[Asked, ...] = ()
    """The newest first; one that is being answered has no outcome."""
    spending: Spending = Spending()
    """Of those that may be billed."""
    fill: ContextFill = ContextFill()
    limits: tuple[LimitLeft, ...] = ()
    """What was left of the gateway's limits as the last answer began."""
    next_words: str = ""
    """What the next request would take; empty where that is not known."""


class Span(Enum):
    """Of what time a report is."""

    LATELY = f"last {LOOK_BACK_DAYS} days"
    ALL = "all time"


class UsageReport(msgspec.Struct, frozen=True):
    """What was spent in all conversations, as of one moment."""

    at: float
    """Seconds since the epoch."""
    spent: tuple[Spent, ...] = ()
    speeds: tuple[Speed, ...] = ()
    """Of the last days."""
    gauges: tuple[Gauge, ...] = ()
    span: Span = Span.ALL
    has_earlier: bool = False
    """Something was spent, though nothing in this time."""


async def read_report(session: "Session", span: Span = Span.ALL) -> UsageReport:
    """Read what was spent so far; of the last days that costs the same however long the ledger is.

    Raises:
        StoreError: it cannot be read.
    """
    store, now = session.services.store, session.services.clock.now()
    began = first_day(now, LOOK_BACK_DAYS)
    spent, speeds = await store.spent(began if span is Span.LATELY else 0.0), await store.speeds(began)
    has_earlier = not spent and bool(await store.spent_by_model())
    return UsageReport(now, spent, speeds, await read_gauges(session), span, has_earlier)


def chat_usage(conversation: "OpenConversation") -> ChatUsage:
    """See how the open conversation stands."""
    session = conversation.session
    fill = NextRequest().fill(session)
    next_words = size_words(session, fill.size) if fill.size is not None else ""
    return ChatUsage(asked_in(session), session.spending, fill, conversation.limits, next_words)


def asked_in(session: "Session") -> tuple[Asked, ...]:
    """Every answer, on every branch, every summary and title of a conversation; the newest first."""
    asked = [
        Asked(node.id, node.created_at, _kind(node.marks.summary is not None), node.answer)
        for node in session.tree.nodes()
        if node.answer is not None
    ]
    asked += [_beside(entry) for entry in session.beside]
    return tuple(sorted(asked, key=lambda each: each.at)[::-1])


def _kind(is_summary: bool) -> LedgerKind:
    return LedgerKind.SUMMARY if is_summary else LedgerKind.ANSWER


def _beside(entry: LedgerEntry) -> Asked:
    info = AnswerInfo(
        entry.requested_model,
        model=entry.model,
        outcome=Outcome.COMPLETE,
        counts=entry.counts,
        cost=entry.cost,
        timing=entry.timing,
        gateway=entry.gateway,
    )
    return Asked(entry.id, entry.created_at, entry.kind, info)


def served_words(answer: AnswerInfo) -> str:
    """Who behind the gateway served an answer, and by which id it is known there: what its support asks for."""
    upstream, id_ = sanitize_line(answer.upstream, 100), sanitize_line(answer.response_id or "", 100)
    said = (upstream and f"served by {upstream}", id_ and f"id {id_}")
    return " · ".join(filter(None, said))


class PartSum(NamedTuple):
    """A sum of tokens that are part of others."""

    tokens: int | None
    """None where no answer told."""
    untold: int
    """Answers that may be billed and did not tell."""


def part_sums(asked: Sequence[Asked]) -> tuple[PartSum, PartSum]:
    """Sums of the cached and of the reasoning tokens."""
    counts = [each.answer.counts or TokenCounts() for each in asked if each.answer.may_have_cost]
    return _part_sum(each.cached_tokens for each in counts), _part_sum(each.reasoning_tokens for each in counts)


def _part_sum(counts: Iterable[int | None]) -> PartSum:
    found = list(counts)
    told = [each for each in found if each is not None]
    return PartSum(sum(told) if told else None, len(found) - len(told))


def asked_csv(asked: Sequence[Asked]) -> str:
    """One table of the requests of a conversation; what is unknown is an empty cell."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_COLUMNS)
    for each in asked:
        answer, counts = each.answer, each.answer.counts or TokenCounts()
        table.writerow(
            [
                each.kind.value,
                f"{utc_moment(each.at):%Y-%m-%dT%H:%M:%SZ}",
                csv_cell(answer.answering_model),
                counts.prompt_tokens,
                counts.cached_tokens,
                counts.cache_write_tokens,
                counts.reasoning_tokens,
                counts.output_tokens,
                answer.timing.first_token_s,
                answer.timing.total_s,
                f"{answer.cost.usd:f}" if answer.cost else None,
                answer.cost.source.value if answer.cost else None,
            ]
        )
    return out.getvalue()


def save_csv(text: str, stem: str) -> Path:
    """Write a table to the working folder under a name that is free there: `usage-days.csv`, `usage-days-2.csv`; where
    it was written.

    Raises:
        TranscriptError: it cannot be written.
    """
    for number in count(1):
        try:
            return save_export(Path(f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv"), text)
        except FileExists:
            if number == _MOST_NAMES:
                raise
    raise AssertionError("counting has no end")
