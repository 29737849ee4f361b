"""What counts against budgets: what the ledger holds, and what is being written now by the programs that live.

A claim is entered and judged in one transaction, so that two programs cannot both take what is left.
"""

import sqlite3
from collections.abc import Callable
from decimal import Decimal

from tui_chat.core.budget import Budget, Claim, Used
from tui_chat.core.usage import CostSource
from tui_chat.store.ledger import slot_of
from tui_chat.store.sums import sums_from
from tui_chat.store.typed import typed

Lives = Callable[[str], bool]
"""Tells whether the run of the program with this id still has its lock."""
_SETTLED = "settled"
"""The run of a claim that stays: its answer has ended, and nobody told what it cost."""


def used(connection: sqlite3.Connection, claim: Claim, lives: Lives) -> Used:
    """What counts before this claim."""
    found = Used()
    for usd, source in connection.execute(
        "SELECT cost_usd, cost_source FROM ledger WHERE conversation_id = ? AND cost_usd IS NOT NULL",
        (claim.conversation_id,),
    ):
        is_estimated = source == CostSource.ESTIMATE
        found = Used(found.conversation + Decimal(typed(usd, str)), is_estimated=found.is_estimated or is_estimated)
    day, month = Decimal(0), Decimal(0)
    is_estimated = found.is_estimated
    day_slot, month_slot = slot_of(claim.day_began), slot_of(claim.month_began)
    for row in connection.execute("SELECT slot, sums FROM spent WHERE slot >= ?", (min(day_slot, month_slot),)):
        slot, text = typed(row, tuple[int, str])
        sums = sums_from(text)
        is_estimated = is_estimated or bool(sums.estimated)
        month += sums.usd if slot >= month_slot else 0
        day += sums.usd if slot >= day_slot else 0
    found = Used(found.conversation, day, month, is_estimated)
    for row in connection.execute("SELECT run, conversation_id, at, usd FROM claims WHERE id <> ?", (claim.id,)):
        run, conversation_id, at, text = typed(row, tuple[str, str, float, str])
        if run == _SETTLED or lives(run):
            usd = Decimal(text)
            found = Used(
                found.conversation + (usd if conversation_id == claim.conversation_id else 0),
                found.day + (usd if at >= claim.day_began else 0),
                found.month + (usd if at >= claim.month_began else 0),
                True,
            )
    return found


def claim(connection: sqlite3.Connection, asked: Claim, budget: Budget, run: str, lives: Lives) -> Used:
    """Enter a claim, new or larger than before, unless it would go over the budget; what counts besides it."""
    _forget_dead(connection, run, lives)
    counted = used(connection, asked, lives)
    if budget.over(counted, asked.usd) is None:
        connection.execute(
            "INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?)",
            (asked.id, run, asked.conversation_id, asked.at, f"{asked.usd}"),
        )
    return counted


def settle(connection: sqlite3.Connection, claim_id: str, *, stays: bool) -> None:
    """End a claim: it goes, since the ledger has what it cost; or it `stays` as the estimate of what nobody told."""
    if stays:
        connection.execute("UPDATE claims SET run = ? WHERE id = ?", (_SETTLED, claim_id))
    else:
        connection.execute("DELETE FROM claims WHERE id = ?", (claim_id,))


def _forget_dead(connection: sqlite3.Connection, run: str, lives: Lives) -> None:
    runs = connection.execute("SELECT DISTINCT run FROM claims WHERE run NOT IN (?, ?)", (_SETTLED, run)).fetchall()
    for row in runs:
        if not lives(dead := typed(row[0], str)):
            connection.execute("DELETE FROM claims WHERE run = ?", (dead,))
