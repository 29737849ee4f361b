"""The ledger: what was billed, one row a request, and its sums by quarter of an hour.

An answer that is saved again (one that was cut, and went on) keeps its row. A copy has the id of its original's entry,
so that it adds nothing.
"""

import sqlite3
from collections.abc import Iterator
from typing import Final

import msgspec

from tui_chat.chat.ledger import LedgerEntry, LedgerKind, Speed, Spent, entry_id_of, speed_of
from tui_chat.core.answer import Timing
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts
from tui_chat.store.integers import LARGEST_INTEGER, bounded_counts
from tui_chat.store.sums import sums_from
from tui_chat.store.typed import typed

SLOT_S: Final = 900
"""Every time zone begins its days at a full quarter of an hour."""
_HALF: Final = 2**32 - 1


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
    row = connection.execute(f"SELECT {_COLUMNS} FROM ledger WHERE id = ?", (entry.id,)).fetchone()
    if row is not None:
        before = _entry(typed(row, _LedgerRow))
        entry = known(before, entry)
        _add_up(connection, before, is_over=True)
    connection.execute(
        f"INSERT OR REPLACE INTO ledger ({_COLUMNS}) VALUES ({_PLACES})", msgspec.structs.astuple(_row(entry))
    )
    _add_up(connection, entry)


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
        f"{entry.cost.usd}" if entry.cost else None,
        entry.cost.source if entry.cost else None,
        entry.timing.first_token_s,
        entry.timing.total_s,
    )


def _entry(row: _LedgerRow) -> LedgerEntry:
    counts = TokenCounts(
        row.prompt_tokens, row.completion_tokens, row.total_tokens, row.reasoning_tokens, row.cached_tokens
    )
    has_cost = row.cost_usd is not None and row.cost_source is not None
    return LedgerEntry(
        row.id,
        row.conversation_id,
        row.created_at,
        row.kind,
        row.requested_model,
        row.model,
        row.gateway,
        counts if row.has_counts else None,
        msgspec.convert({"usd": row.cost_usd, "source": row.cost_source}, Cost) if has_cost else None,
        Timing(row.first_token_s, row.total_s),
    )


def _add_up(connection: sqlite3.Connection, entry: LedgerEntry, *, is_over: bool = False) -> None:
    """Bring the sums up to date with an entry that is new, or with one that counts no more."""
    key = (slot_of(entry.created_at), entry.conversation_id, entry.model, entry.gateway)
    where = "slot = ? AND conversation_id = ? AND model = ? AND gateway = ?"
    row = connection.execute(f"SELECT sums FROM spent WHERE {where}", key).fetchone()
    sums = sums_from(typed(row[0], str)) if row is not None else Spending()
    one = Spending().plus(entry.counts and bounded_counts(entry.counts), entry.cost)
    sums = sums.but_for(one) if is_over else sums.and_also(one)
    if sums.answers:
        connection.execute("INSERT OR REPLACE INTO spent VALUES (?, ?, ?, ?, ?)", (*key, json_text(sums)))
    else:
        connection.execute(f"DELETE FROM spent WHERE {where}", key)


def slot_of(at: float) -> int:
    """The quarter of an hour of a time."""
    return int(max(0.0, min(at / SLOT_S, float(LARGEST_INTEGER >> 10))))


def read_spent(connection: sqlite3.Connection, since: float, until: float | None) -> Iterator[Spent]:
    """The sums of this time, oldest first."""
    last = LARGEST_INTEGER if until is None else -int(-until // SLOT_S) - 1
    labels: dict[str, list[str]] = {}
    for row in connection.execute("SELECT conversation_id, name FROM labels ORDER BY name"):
        conversation_id, name = typed(row, tuple[str, str])
        labels.setdefault(conversation_id, []).append(name)
    cached, beside = _read_cached(connection, since), _read_beside(connection, since)
    for row in connection.execute(
        "SELECT slot, conversation_id, id IS NOT NULL AND deleted_at IS NULL, coalesce(title, ''), spent.model,"
        " gateway, sums FROM spent LEFT JOIN conversations ON id = conversation_id WHERE slot BETWEEN ? AND ?"
        " ORDER BY slot",
        (slot_of(since), last),
    ):
        slot, conversation_id, is_kept, title, model, gateway, sums = typed(
            row, tuple[int, str, int, str, str, str, str]
        )
        place = (slot, conversation_id, model, gateway)
        for kind, spending in _by_kind(sums_from(sums), beside.get(place, {})):
            tokens, told = cached.get((*place, kind), (None, 0))
            yield Spent(
                float(slot * SLOT_S),
                conversation_id,
                title if is_kept else "",
                tuple(labels.get(conversation_id, ())),
                model,
                gateway,
                spending,
                tokens,
                bool(is_kept),
                kind,
                spending.answers - told,
            )


_Place = tuple[int, str, str, str]
"""Quarter of an hour, conversation, model, gateway."""
_SLOT: Final = f"CAST(created_at / {SLOT_S} AS INTEGER)"
_SUMMED: Final = (
    "sum_of_answers(has_counts, prompt_tokens, completion_tokens, total_tokens, reasoning_tokens, cached_tokens,"
    " cost_usd, cost_source)"
)


def _by_kind(spending: Spending, beside: dict[LedgerKind, Spending]) -> Iterator[tuple[LedgerKind, Spending]]:
    """What was spent on answers, then on what was asked beside them."""
    for part in beside.values():
        spending = spending.but_for(part)
    if spending.answers:
        yield LedgerKind.ANSWER, spending
    yield from beside.items()


def _read_beside(connection: sqlite3.Connection, since: float) -> dict[_Place, dict[LedgerKind, Spending]]:
    """Sums of what is no answer: the rows of `spent` have all kinds together."""
    sums: dict[_Place, dict[LedgerKind, Spending]] = {}
    for row in connection.execute(
        f"SELECT created_at, conversation_id, model, gateway, kind, {_SUMMED} FROM ledger"
        f" WHERE created_at >= ? AND kind <> 'answer' GROUP BY {_SLOT}, conversation_id, model, gateway, kind",
        (slot_of(since) * SLOT_S,),
    ):
        at, conversation_id, model, gateway, kind, text = typed(row, tuple[float, str, str, str, LedgerKind, str])
        kinds = sums.setdefault((slot_of(at), conversation_id, model, gateway), {})
        kinds[kind] = kinds.get(kind, Spending()).and_also(sums_from(text))
    return sums


def _read_cached(connection: sqlite3.Connection, since: float) -> dict[tuple[*_Place, LedgerKind], tuple[int, int]]:
    """Sums of the tokens that were read from a cache, where some were told, and how many told."""
    sums: dict[tuple[*_Place, LedgerKind], tuple[int, int]] = {}
    # In two halves: a sum of SQLite's that grows beyond 64 bits is an error.
    for row in connection.execute(
        f"SELECT created_at, conversation_id, model, gateway, kind, sum(cached_tokens >> 32),"
        f" sum(cached_tokens & {_HALF}), count(*) FROM ledger WHERE created_at >= ? AND cached_tokens IS NOT NULL"
        f" GROUP BY {_SLOT}, conversation_id, model, gateway, kind",
        (slot_of(since) * SLOT_S,),
    ):
        at, conversation_id, model, gateway, kind, high, low, told = typed(
            row, tuple[float, str, str, str, LedgerKind, int, int, int]
        )
        key = (slot_of(at), conversation_id, model, gateway, kind)
        tokens, before = sums.get(key, (0, 0))
        sums[key] = (tokens + (high << 32) + low, before + told)
    return sums
