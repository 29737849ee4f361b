"""What a report of usage is made of: every request of the open conversation, and what was spent in all."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.chat.ports import LedgerEntry, LedgerKind, Speed, Spent
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import TokenCounts
from tui_chat.workspace.budget_gauges import Gauge, read_gauges
from tui_chat.workspace.spending_report import LOOK_BACK_DAYS, csv_cell, first_day

if TYPE_CHECKING:
    from tui_chat.chat.session import Session

_COLUMNS: Final = (
    "kind",
    "time",
    "model",
    "prompt_tokens",
    "cached_tokens",
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


class UsageReport(msgspec.Struct, frozen=True):
    """What was spent in all conversations, as of one moment."""

    at: float
    """Seconds since the epoch."""
    spent: tuple[Spent, ...] = ()
    speeds: tuple[Speed, ...] = ()
    """Of the last days."""
    gauges: tuple[Gauge, ...] = ()


async def read_report(session: "Session") -> UsageReport:
    """Read what was spent so far.

    Raises:
        StoreError: it cannot be read.
    """
    store, now = session.services.store, session.services.clock.now()
    spent, speeds = await store.spent(), await store.speeds(first_day(now, LOOK_BACK_DAYS))
    return UsageReport(now, spent, speeds, await read_gauges(session))


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


def part_sums(asked: Sequence[Asked]) -> tuple[int | None, int | None]:
    """Sums of the cached and of the reasoning tokens, where some were told."""
    counts = [each.answer.counts or TokenCounts() for each in asked]
    cached = [each.cached_tokens for each in counts if each.cached_tokens is not None]
    reasoning = [each.reasoning_tokens for each in counts if each.reasoning_tokens is not None]
    return sum(cached) if cached else None, sum(reasoning) if reasoning else None


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
                f"{datetime.fromtimestamp(each.at, UTC):%Y-%m-%dT%H:%M:%SZ}",
                csv_cell(answer.answering_model),
                counts.prompt_tokens,
                counts.cached_tokens,
                counts.reasoning_tokens,
                counts.output_tokens,
                answer.timing.first_token_s,
                answer.timing.total_s,
                f"{answer.cost.usd:f}" if answer.cost else None,
                answer.cost.source.value if answer.cost else None,
            ]
        )
    return out.getvalue()
