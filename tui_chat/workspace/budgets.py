"""What a person does about budgets: see what is used of them, set them, and go over one for once.

A budget of a conversation is kept with it; those of an answer, a day and a month hold for every conversation of this
run, and the settings keep them for the next.
"""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from tui_chat.chat.spending_guard import budget_of, claim_of
from tui_chat.core import figures
from tui_chat.core.budget import Budget, Scope, amount, name
from tui_chat.core.errors import UNPRICED, Failure, StoreError
from tui_chat.core.models import ModelKind
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.budget import AMOUNT_ALLOWED, read_amount
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # nothing before a screen's first frame needs a session
    from tui_chat.chat.session import Session

NONE: Final = "none"
ONCE: Final = "once"
HOW: Final = (
    "/budget 0.50 sets that of this conversation, /budget day 1 that of the day, also of the month or of an answer; "
    "none takes one away, and /budget once lets the next request go over."
)


class WayOut(StrEnum):
    """What can be done about a request that would go over a budget."""

    KEEP = "keep"
    ONCE = "once"
    BUDGET = "budget"
    FREE = "free"


class Offered(NamedTuple):
    """A way out, in words."""

    words: str
    way: WayOut


class Standing(NamedTuple):
    """One budget and what is used of it."""

    scope: Scope
    limit: Decimal | None
    used: Decimal | None
    """None for an answer, which has nothing behind it."""
    is_estimated: bool
    unkept: Decimal = Decimal(0)
    """What of it the ledger never hears of."""
    is_least: bool = False
    """What some answers cost is not known."""

    @property
    def words(self) -> str:
        """`$0.41 of $1.00, 41 %`, `no budget, $0.41 used`, `an unknown amount of $1.00`."""
        used = "" if self.used is None else amount(self.used, is_estimated=self.is_estimated, is_least=self.is_least)
        unkept = f", {figures.dollars(self.unkept)} of it not kept" if self.unkept else ""
        if self.limit is None:
            return f"no budget, {used} used{unkept}" if used else "no budget"
        limit = figures.dollars(self.limit)
        if not used or self.used is None:
            return limit
        least, about = "at least " if self.is_least else "", "~" if self.is_estimated and self.used else ""
        is_told = bool(self.limit and (self.used or not self.is_least))
        share = f", {least}{about}{figures.share(float(self.used / self.limit))}" if is_told else ""
        return f"{used} of {limit}{share}{unkept}"


async def standings(session: "Session") -> tuple[Standing, ...]:
    """Every budget of a conversation, with what is used of it now.

    Raises:
        StoreError: what was spent cannot be read.
    """
    services = session.services
    claim = claim_of(services, session.conversation.id)
    used = services.budgets.with_unkept(await services.store.used(claim), claim)
    services.budgets.saw(claim.conversation_id, used)
    budget = budget_of(services, session.conversation)
    return tuple(
        Standing(
            scope,
            budget.of(scope),
            None if scope is Scope.ANSWER else used.of(scope),
            scope in used.estimated,
            services.budgets.unkept(scope, claim),
            scope in used.untold,
        )
        for scope in Scope
    )


_WHEN: Final[Mapping[Scope, str]] = {
    Scope.ANSWER: "for an answer",
    Scope.CONVERSATION: "in this chat",
    Scope.DAY: "today",
    Scope.MONTH: "this month",
}


class Pressing(NamedTuple):
    """What the budgets say to somebody who asks nothing about them."""

    badge: str = ""
    """`84 % of today’s budget`, `~84 % …` by estimate; empty where less is used."""
    used: str = ""
    """`$5.02 of $5.00 today`, where nothing is left of one; else empty."""


def pressing(session: "Session") -> Pressing:
    """Say it from what was seen last."""
    budget = budget_of(session.services, session.conversation)
    used = session.services.budgets.seen_by(session.conversation.id)
    if used is None or not budget.is_set:
        return Pressing()
    if (over := budget.used_up(used)) is not None:
        limit = figures.dollars(budget.of(over) or Decimal(0))
        return Pressing(used=f"{used.marks(over)}{figures.dollars(used.of(over))} of {limit} {_WHEN[over]}")
    warned = max(budget.warned(used), key=lambda each: each[1], default=None)
    if warned is None:
        return Pressing()
    scope, share = warned
    return Pressing(f"{used.marks(scope)}{figures.share(float(share))} of {name(scope)}")


async def look(session: "Session") -> None:
    """See what is used of the budgets, where any is set and that can be read."""
    if budget_of(session.services, session.conversation).is_set:
        with suppress(StoreError):  # whoever asks is told
            await standings(session)


def standing_words(standing: Standing) -> str:
    """`Today’s budget: $0.41 of $1.00, 41 %.`"""
    words = name(standing.scope)
    return f"{words[:1].upper()}{words[1:]}: {standing.words}."


async def change(session: "Session", words: str) -> tuple[str, Budget | None]:
    """Set a budget as the words say, and tell what holds now, with the budgets for the settings to keep; None where
    nothing is to be kept there.

    Raises:
        CommandRefused: the words are no budget.
    """
    given = words.lower().split()
    if given == [ONCE]:
        session.allowance.is_next_over = True
        return "The next request may go over the budgets.", None
    scope = Scope.CONVERSATION
    if given and given[0] in set(Scope):
        scope, given = Scope(given[0]), given[1:]
    usd = read_amount(given[0]) if len(given) == 1 else None
    if usd is None and given != [NONE]:
        raise CommandRefused(f"A budget is {AMOUNT_ALLOWED}. {HOW}")
    return await set_limit(session, scope, usd)


async def set_limit(session: "Session", scope: Scope, usd: Decimal | None) -> tuple[str, Budget | None]:
    """Set one budget, None for none; returns as `change` does."""
    budgets = session.services.budgets
    if scope is Scope.CONVERSATION:
        await session.set_budget(usd)
    else:
        budgets.budget = budgets.budget.with_limit(scope, usd)
    now = next(each for each in await standings(session) if each.scope is scope)
    return standing_words(now), budgets.budget if scope is not Scope.CONVERSATION else None


def ways_out(session: "Session", failure: Failure) -> tuple[Offered, ...]:
    """What can be done about a request that was not sent, the harmless first."""
    keep = Offered("Do not send", WayOut.KEEP)
    if failure.code == UNPRICED:
        refused = session.allowance.refused
        if not refused or session.conversation.model in refused:
            return keep, Offered("Send to this model in this conversation, whatever it costs", WayOut.ONCE)
        names = ", ".join(sanitize_line(model, 100) for model in sorted(refused))
        return keep, Offered(f"Send in this conversation, whatever {names} may cost", WayOut.ONCE)
    ways = [
        keep,
        Offered("Send this once, over the budget", WayOut.ONCE),
        Offered("Set another budget …", WayOut.BUDGET),
    ]
    if free := free_model(session):
        ways.append(Offered(f"Send to a free model: {sanitize_line(free, 100)}", WayOut.FREE))
    return tuple(ways)


def free_model(session: "Session") -> str:
    """The first model to chat with that costs nothing; empty where the gateway lists none."""
    models = session.services.catalog.known().offered
    return next((model.id for model in models if model.kind is ModelKind.CHAT and model.price.is_free), "")


def allow(session: "Session", failure: Failure) -> None:
    """Let the request that was not sent go the next time."""
    if failure.code == UNPRICED:
        session.allowance.unpriced |= session.allowance.refused or {session.conversation.model}
    else:
        session.allowance.is_next_over = True
