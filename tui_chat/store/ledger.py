"""The ledger: what was billed, one row a request; the sums beside it are in `spent`.

An answer that is saved again (one that was cut, and went on) keeps its row. A copy has the id of its original's entry,
so that it adds nothing.
"""

import math
import sqlite3
from collections.abc import Iterator

import msgspec

from tui_chat.chat.ledger import LedgerEntry, LedgerKind, Speed, entry_id_of, speed_of
from tui_chat.core.answer import Timing
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts
from tui_chat.store.conversation_cost import count_spending
from tui_chat.store.integers import bounded_counts, counts_in
from tui_chat.store.spent import SLOT_S, Place, count, slot_of, sums_in
from tui_chat.store.sum_columns import Sums
from tui_chat.store.typed import typed

_LATELY = 1000
"""Entries among which the models are that were asked lately."""


class _LedgerRow(msgspec.Struct, array_like=True):
    id: str
    conversation_id: str
    created_at: float
    kind: LedgerKind
    requested_model: str
    model: str
    gateway: str
    has_counts: int
    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    reasoning_tokens: int | None
    cached_tokens: int | None
    cache_write_tokens: int | None
    cost_usd: str | None
    cost_source: CostSource | None
    first_token_s: float | None
    total_s: float | None


_COLUMNS = ", ".join(_LedgerRow.__struct_fields__)
_PLACES = ", ".join("?" * len(_LedgerRow.__struct_fields__))


def entry_of(conversation_id: str, node: Node) -> LedgerEntry | None:
    """The entry for a message; None where nothing was billed for it."""
    info = node.answer
    if info is None or not info.may_have_cost:
        return None
    return LedgerEntry(
        info.entry_id or entry_id_of(conversation_id, node.id),
        conversation_id,
        node.created_at,
        LedgerKind.ANSWER if node.marks.summary is None else LedgerKind.SUMMARY,
        without_surrogates(info.requested_model),
        without_surrogates(info.answering_model),
        without_surrogates(info.gateway),
        info.counts,
        info.cost,
        info.timing,
    )


def note(connection: sqlite3.Connection, entry: LedgerEntry) -> None:
    """Enter a request, or what is newly known of the one that has this id; its conversation and time stay, and what is
    known of it stays known: a program that saw less of an answer may save it later."""
    catch_up(connection)
    row = connection.execute(f"SELECT {_COLUMNS} FROM ledger WHERE id = ?", (entry.id,)).fetchone()
    before = _entry(typed(row, _LedgerRow)) if row is not None else None
    if before is not None:
        entry = known(before, entry)
        count(connection, _place(before), Sums(), _sums(before))
    connection.execute(
        f"INSERT OR REPLACE INTO ledger ({_COLUMNS}) VALUES ({_PLACES})", msgspec.structs.astuple(_row(entry))
    )
    count(connection, _place(entry), _sums(entry))
    if entry.kind is LedgerKind.TITLE:  # all else is counted with its message
        cost_before = _sums(before).spending if before is not None else Spending()
        count_spending(connection, entry.conversation_id, cost_before, _sums(entry).spending)
    connection.execute("DELETE FROM uncounted")


def known(before: LedgerEntry, now: LedgerEntry) -> LedgerEntry:
    """An entry with what was known before, where it is known no more."""
    is_told = before.cost is not None and before.cost.source is CostSource.GATEWAY
    is_estimate = now.cost is None or now.cost.source is CostSource.ESTIMATE
    return msgspec.structs.replace(
        now,
        conversation_id=before.conversation_id,
        created_at=before.created_at,
        counts=now.counts or before.counts,
        cost=before.cost if is_estimate and (is_told or now.cost is None) else now.cost,
        timing=before.timing if now.timing.total_s is None else now.timing,
    )


def read_entries(
    connection: sqlite3.Connection, conversation_id: str, kind: LedgerKind | None = None
) -> tuple[LedgerEntry, ...]:
    """Everything that was asked in a conversation, or what is of this kind, oldest first."""
    where = "conversation_id = ? AND kind = coalesce(?, kind)"
    return tuple(_entries(connection, where, conversation_id, kind))


def read_speeds(connection: sqlite3.Connection, since: float) -> tuple[Speed, ...]:
    """How fast the answers of this time came, oldest first."""
    entries = _entries(connection, "created_at >= ? AND first_token_s IS NOT NULL", since)
    return tuple(speed for speed in map(speed_of, entries) if speed is not None)


def read_models_asked(connection: sqlite3.Connection, gateway: str, most: int) -> tuple[str, ...]:
    """The models that were asked for last through a gateway, so many at most, the newest first."""
    rows = connection.execute(
        "SELECT requested_model FROM (SELECT * FROM ledger ORDER BY created_at DESC, seq DESC LIMIT ?)"
        " WHERE gateway = ? AND kind = ? AND requested_model <> ''"
        " GROUP BY requested_model ORDER BY max(created_at) DESC, max(seq) DESC LIMIT ?",
        (_LATELY, gateway, LedgerKind.ANSWER, most),
    )
    return tuple(typed(model, str) for (model,) in rows)


def _entries(connection: sqlite3.Connection, where: str, *values: str | float | None) -> Iterator[LedgerEntry]:
    for row in connection.execute(f"SELECT {_COLUMNS} FROM ledger WHERE {where} ORDER BY created_at, seq", values):
        yield _entry(typed(row, _LedgerRow))


def _row(entry: LedgerEntry) -> _LedgerRow:
    counts = bounded_counts(entry.counts or TokenCounts())
    return _LedgerRow(
        entry.id,
        entry.conversation_id,
        entry.created_at,
        entry.kind,
        entry.requested_model,
        entry.model,
        entry.gateway,
        entry.counts is not None,
        counts.prompt_tokens,
        counts.completion_tokens,
        counts.total_tokens,
        counts.reasoning_tokens,
        counts.cached_tokens,
        counts.cache_write_tokens,
        f"{entry.cost.usd}" if entry.cost else None,
        entry.cost.source if entry.cost else None,
        entry.timing.first_token_s,
        entry.timing.total_s,
    )


def _entry(row: _LedgerRow) -> LedgerEntry:
    has_cost = row.cost_usd is not None and row.cost_source is not None
    return LedgerEntry(
        row.id,
        row.conversation_id,
        row.created_at,
        row.kind,
        row.requested_model,
        row.model,
        row.gateway,
        counts_in(row) if row.has_counts else None,
        msgspec.convert({"usd": row.cost_usd, "source": row.cost_source}, Cost) if has_cost else None,
        Timing(row.first_token_s, row.total_s),
    )


def _place(entry: LedgerEntry) -> Place:
    return Place(slot_of(entry.created_at), entry.conversation_id, entry.model, entry.gateway, entry.kind)


def _sums(entry: LedgerEntry) -> Sums:
    return Sums().plus(entry.counts and bounded_counts(entry.counts), entry.cost)


# What programs of an earlier form have entered


def is_behind(connection: sqlite3.Connection) -> bool:
    """Whether the ledger has entries that are in no sum."""
    return connection.execute("SELECT 1 FROM uncounted LIMIT 1").fetchone() is not None


def catch_up(connection: sqlite3.Connection) -> None:
    """Count what is in no sum yet, with all that was entered beside it: it may stand in place of what was counted."""
    if not is_behind(connection):
        return
    rows = connection.execute("SELECT created_at, conversation_id FROM uncounted JOIN ledger ON ledger.seq = entry_seq")
    found = [typed(row, tuple[float, str]) for row in rows]
    for slot, conversation_id in {(slot_of(at), conversation_id) for at, conversation_id in found}:
        kept, counted = sums_in(connection, slot, conversation_id), _counted(connection, slot, conversation_id)
        for place in {*kept, *counted}:
            count(connection, place, counted.get(place, Sums()), kept.get(place))
    connection.execute("DELETE FROM uncounted")


def _counted(connection: sqlite3.Connection, slot: int, conversation_id: str) -> dict[Place, Sums]:
    """What was entered of a conversation in a quarter of an hour, added up."""
    sums: dict[Place, Sums] = {}
    begins, ends = (slot * SLOT_S if slot else -math.inf), (slot + 1) * SLOT_S
    # By its time: a conversation may have very many entries.
    where = "created_at >= ? AND created_at < ? AND +conversation_id = ?"
    for entry in _entries(connection, where, begins, ends, conversation_id):
        sums[_place(entry)] = sums.get(_place(entry), Sums()).and_also(_sums(entry))
    return sums
