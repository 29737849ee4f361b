"""The budgets that are set, how much of each is used, and until when it holds."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from tui_chat.chat.spending_guard import budget_of, claim_of
from tui_chat.core import figures
from tui_chat.core.budget import Scope, amount
from tui_chat.core.moments import local_moment
from tui_chat.core.search_query import start_of

if TYPE_CHECKING:
    from tui_chat.chat.session import Session


class Gauge(msgspec.Struct, frozen=True):
    """How much of a budget is used."""

    scope: Scope
    limit: Decimal
    used: Decimal
    is_estimated: bool
    """Part of what is used is an estimate."""
    ends_at: float | None
    """Seconds since the epoch; None where it never begins anew."""
    unkept: Decimal = Decimal(0)
    """What of it is in no ledger: it was spent in a temporary conversation of this run."""
    is_least: bool = False
    """What some answers cost is not known."""

    @property
    def share(self) -> float:
        """The part of it that is used; more than 1 where more was spent than that."""
        return float(self.used / self.limit) if self.limit else 1.0

    @property
    def is_told(self) -> bool:
        """Something is known of what is used."""
        return bool(self.used) or not self.is_least

    @property
    def used_words(self) -> str:
        """`$0.41`, `~$0.41`, `at least $0.41`, `an unknown amount`."""
        return amount(self.used, is_estimated=self.is_estimated, is_least=self.is_least)

    def until_words(self, now: float) -> str:
        """`until midnight, in 7 h 58 min`, `until 1 Dec`; empty where it never begins anew."""
        if self.ends_at is None:
            return ""
        ends = local_moment(self.ends_at)
        if self.scope is Scope.MONTH:
            return f"until {ends.day} {ends:%b}"
        hours, minutes = divmod(max(0, int(self.ends_at - now)) // 60, 60)
        return f"until midnight, in {hours} h {minutes} min" if hours else f"until midnight, in {minutes} min"


def share_words(gauge: Gauge) -> str:
    """`41 % of $1.00`; `~41 % of $1.00` by estimate; `≥41 % of $1.00` and a dash where something of it is not known."""
    estimated = "~" if gauge.is_estimated and gauge.used else ""
    share = (
        f"{'≥' if gauge.is_least else ''}{estimated}{figures.share(gauge.share)}" if gauge.is_told else figures.UNKNOWN
    )
    return f"{share} of {figures.dollars(gauge.limit)}"


async def read_gauges(session: "Session") -> tuple[Gauge, ...]:
    """The budgets of a conversation, the smallest first; empty, and nothing is read, where none is set.

    Raises:
        StoreError: what was spent cannot be read.
    """
    services = session.services
    limits = [each for each in budget_of(services, session.conversation).limits if each[0] is not Scope.ANSWER]
    if not limits:
        return ()
    claim = claim_of(services, session.conversation.id)
    used = services.budgets.with_unkept(await services.store.used(claim), claim)
    services.budgets.saw(claim.conversation_id, used)
    today = local_moment(claim.at).date()
    ends: dict[Scope, date] = {
        Scope.DAY: today + timedelta(days=1),
        Scope.MONTH: (today.replace(day=1) + timedelta(days=32)).replace(day=1),
    }
    return tuple(
        Gauge(
            scope,
            limit,
            used.of(scope),
            scope in used.estimated,
            start_of(ends[scope]) if scope in ends else None,
            services.budgets.unkept(scope, claim),
            scope in used.untold,
        )
        for scope, limit in limits
    )
