"""What was spent, as sums that are kept beside the ledger: by quarter of an hour, conversation, model, gateway and kind
(`spent_by_time`), and of all time by model, gateway and kind (`spent_by_model`).

Both are kept in the transaction that enters a request. A program of an earlier form that still has the file open
knows neither: what it enters is marked in `uncounted`, and counted by the next one that writes.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, NamedTuple

from tui_chat.chat.ledger import LedgerKind, ModelSum, Spent
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.usage import Spending
from tui_chat.store.integers import LARGEST_INTEGER
from tui_chat.store.sum_columns import NAMES, PLACES, TOGETHER, Columns, Sums, Together, columns_of, sums_of
from tui_chat.store.typed import typed

SLOT_S: Final = 900
"""Every time zone begins its days at a full quarter of an hour."""
_LAST_SLOT: Final = float(LARGEST_INTEGER >> 10)
PIECE_SLOTS: Final = 64 * 96
"""Quarters of an hour that are read at a time: 64 days."""
_COLUMNS: Final = ", ".join(NAMES)
_PLACED: Final = "conversation_id, model, gateway, kind"


class Place(NamedTuple):
    """By what `spent_by_time` has its sums."""

    slot: int
    conversation_id: str
    model: str
    gateway: str
    kind: LedgerKind


def slot_of(at: float) -> int:
    """The quarter of an hour of a time."""
    return int(max(0.0, min(at / SLOT_S, _LAST_SLOT)))


# Writing


def count(connection: sqlite3.Connection, place: Place, more: Sums, less: Sums | None = None) -> None:
    """Add to the sums of a place, of what counted `less` there before."""
    _add(connection, "spent_by_time", place._asdict(), more, less)
    of_model = {name: value for name, value in place._asdict().items() if name in ("model", "gateway", "kind")}
    _add(connection, "spent_by_model", of_model, more, less)


def _add(
    connection: sqlite3.Connection, table: str, place: Mapping[str, str | int], more: Sums, less: Sums | None
) -> None:
    where, key = " AND ".join(f"{name} = ?" for name in place), tuple(place.values())
    row = connection.execute(f"SELECT {_COLUMNS} FROM {table} WHERE {where}", key).fetchone()
    sums = (sums_of(typed(row, Columns)) if row is not None else Sums()).and_also(more)
    if less is not None:
        sums = sums.but_for(less)
    if sums.spending.answers:
        places = ", ".join("?" * len(key))
        values = columns_of(sums)
        connection.execute(
            f"INSERT OR REPLACE INTO {table} ({', '.join(place)}, {_COLUMNS}) VALUES ({places}, {PLACES})",
            (*key, *(getattr(values, name) for name in NAMES)),
        )
    else:
        connection.execute(f"DELETE FROM {table} WHERE {where}", key)


def sums_in(connection: sqlite3.Connection, slot: int, conversation_id: str) -> dict[Place, Sums]:
    """The sums that are kept of a conversation in a quarter of an hour."""
    found = {}
    for row in connection.execute(
        f"SELECT model, gateway, kind, {_COLUMNS} FROM spent_by_time WHERE slot = ? AND conversation_id = ?",
        (slot, conversation_id),
    ):
        model, gateway, kind = typed(row[:3], tuple[str, str, LedgerKind])
        found[Place(slot, conversation_id, model, gateway, kind)] = sums_of(typed(row[3:], Columns))
    return found


# Reading


class Piece(NamedTuple):
    """What was spent in some months."""

    spent: list[Spent]
    """By day, conversation, model, gateway and kind, oldest first."""
    next: int
    """The quarter of an hour from which on the rest is read."""


async def in_pieces(
    read: Callable[[int, int], Awaitable[Piece | None]], since: float, until: float | None
) -> tuple[Spent, ...]:
    """What was spent in this time, by `read_piece`."""
    first = slot_of(since)
    last = LARGEST_INTEGER if until is None else int(-(-until // SLOT_S)) - 1
    spent: list[Spent] = []
    while (found := await read(first, last)) is not None:
        spent += found.spent
        first = found.next
    return tuple(spent)


def read_piece(connection: sqlite3.Connection, first: int, last: int) -> Piece | None:
    """What comes next of this time; None where nothing was spent in it any more."""
    (found,) = connection.execute("SELECT min(slot) FROM spent_by_time WHERE slot >= ?", (first,)).fetchone()
    if found is None or (first := typed(found, int)) > last:
        return None
    end = min(first + PIECE_SLOTS - 1, last)
    rows = [typed(row, _Row) for row in connection.execute(_READ, (first, end))]
    labels = _labels(connection, {row.conversation_id for row in rows})
    return Piece([_spent(row, labels.get(row.conversation_id, ())) for row in rows], end + 1)


class _Row(Together, frozen=True, array_like=True, gc=False):
    slot: int
    """The last one of the day in which something was spent."""
    conversation_id: str
    model: str
    gateway: str
    kind: LedgerKind
    is_kept: int
    title: str


_READ: Final = f"""
    SELECT spent.*, id IS NOT NULL AND deleted_at IS NULL, coalesce(title, '') FROM (
        SELECT {TOGETHER}, max(slot) AS slot, {_PLACED} FROM spent_by_time WHERE slot BETWEEN ? AND ?
        GROUP BY date(slot * {SLOT_S}, 'unixepoch', 'localtime'), {_PLACED}
    ) AS spent LEFT JOIN conversations ON id = conversation_id
    ORDER BY slot
"""


def _spent(row: _Row, labels: tuple[str, ...]) -> Spent:
    sums = row.sums
    return Spent(
        float(row.slot * SLOT_S),
        row.conversation_id,
        row.title if row.is_kept else "",
        labels,
        row.model,
        row.gateway,
        sums.spending,
        sums.cached_tokens if sums.cached_told else None,
        bool(row.is_kept),
        row.kind,
        sums.spending.answers - sums.cached_told,
        sums.cache_write_tokens if sums.cache_write_told else None,
    )


def _labels(connection: sqlite3.Connection, conversation_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The labels of these conversations."""
    labels: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(
        "SELECT conversation_id, name FROM labels WHERE conversation_id IN (SELECT value FROM json_each(?))"
        " ORDER BY name",
        (json_text(list(conversation_ids)),),
    ):
        conversation_id, name = typed(row, tuple[str, str])
        labels[conversation_id] = (*labels.get(conversation_id, ()), name)
    return labels


def spent_since(connection: sqlite3.Connection, since: float) -> Spending:
    """All that was spent from the quarter of an hour of a time on."""
    row = connection.execute(
        f"SELECT {TOGETHER} FROM spent_by_time WHERE slot >= ? HAVING count(*)", (slot_of(since),)
    ).fetchone()
    return typed(row, Together).sums.spending if row is not None else Spending()


def read_by_model(connection: sqlite3.Connection) -> tuple[ModelSum, ...]:
    """The sums of all time."""
    found = []
    for row in connection.execute(f"SELECT model, gateway, kind, {_COLUMNS} FROM spent_by_model"):
        model, gateway, kind = typed(row[:3], tuple[str, str, LedgerKind])
        found.append(ModelSum(model, gateway, kind, sums_of(typed(row[3:], Columns)).spending))
    return tuple(found)
