"""What counts against budgets: what the ledger holds, and what is being written now by the programs that live.

A claim is entered and judged in one transaction, so that two programs cannot both take what is left.
"""

import sqlite3
from collections.abc import Callable
from decimal import Decimal

from msgspec.structs import replace

from tui_chat.core.budget import Budget, Claim, Scope, Used, scopes_of
from tui_chat.core.usage import CostSource, sum_usd
from tui_chat.store.ledger import catch_up
from tui_chat.store.spent import spent_since
from tui_chat.store.typed import typed

Lives = Callable[[str], bool]
"""Tells whether the run of the program with this id still has its lock."""
_SETTLED = "settled"
"""The run of a claim that stays: its answer has ended, and nobody told what it cost."""


def used(connection: sqlite3.Connection, claim: Claim, lives: Lives) -> Used:
    """What counts before this claim."""
    costs: list[Decimal] = []
    has_estimates, unknown = False, 0
    for usd, source in connection.execute(
        "SELECT cost_usd, cost_source FROM ledger WHERE conversation_id = ?", (claim.conversation_id,)
    ):
        if usd is None:
            unknown += 1
        else:
            costs.append(Decimal(typed(usd, str)))
            has_estimates = has_estimates or source == CostSource.ESTIMATE
    day, month = (spent_since(connection, began) for began in (claim.day_began, claim.month_began))
    estimates = {Scope.CONVERSATION: has_estimates, Scope.DAY: day.estimated, Scope.MONTH: month.estimated}
    estimated = frozenset(scope for scope, has_some in estimates.items() if has_some)
    found = Used(sum_usd(costs), day.usd, month.usd, estimated)
    untold = {Scope.CONVERSATION: unknown, Scope.DAY: day.unknown, Scope.MONTH: month.unknown}
    for row in connection.execute("SELECT run, conversation_id, at, usd FROM claims WHERE id <> ?", (claim.id,)):
        run, conversation_id, at, text = typed(row, tuple[str, str, float, str])
        if run == _SETTLED or lives(run):
            found = found.with_share(Decimal(text), at, claim, conversation_id, is_estimated=True)
        if run == _SETTLED:  # the estimate of one of them
            for scope in scopes_of(at, claim, conversation_id):
                untold[scope] -= 1
    return replace(found, untold=frozenset(scope for scope, count in untold.items() if count > 0))


def claim(connection: sqlite3.Connection, asked: Claim, budget: Budget, run: str, lives: Lives) -> Used:
    """Enter a claim, new or larger than before, unless it would go over the budget; what counts besides it."""
    _forget_dead(connection, run, lives)
    catch_up(connection)
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
