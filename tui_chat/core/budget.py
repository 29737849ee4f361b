"""Budgets: how much may be spent on an answer, a conversation, a day, a month, and when a request would go over.

Amounts are US dollars. A budget that is None allows everything.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from tui_chat.core import figures
from tui_chat.core.usage import sum_usd

WARNED_FROM: Final = Decimal("0.8")
"""The share of a budget from which on the person is warned."""


class Scope(StrEnum):
    """What a budget is for."""

    ANSWER = "answer"
    CONVERSATION = "conversation"
    DAY = "day"
    MONTH = "month"


_COUNTED: Final = frozenset((Scope.CONVERSATION, Scope.DAY, Scope.MONTH))
"""What fills up; an answer has nothing behind it."""


class Used(msgspec.Struct, frozen=True):
    """What was spent so far, with what is being written now, also by other programs."""

    conversation: Decimal = Decimal(0)
    day: Decimal = Decimal(0)
    month: Decimal = Decimal(0)
    estimated: frozenset[Scope] = frozenset()
    """Of which of them a part is an estimate."""
    untold: frozenset[Scope] = frozenset()
    """Where answers count whose cost is neither known nor estimated: at least so much was spent there."""

    def of(self, scope: Scope) -> Decimal:
        """What counts against a budget before the next request; nothing against that of an answer."""
        return Decimal(0) if scope is Scope.ANSWER else getattr(self, scope.value)

    def mark(self, scope: Scope) -> str:
        """`~` where part of what is used is an estimate."""
        return "~" if scope in self.estimated and self.of(scope) else ""

    def marks(self, scope: Scope) -> str:
        """`≥~` where some of it is not known, too."""
        return f"{'≥' if scope in self.untold else ''}{self.mark(scope)}"

    def plus(self, usd: Decimal, *, is_estimated: bool) -> "Used":
        """The same with one amount more, spent now in this conversation."""
        return self._with_more(usd, _COUNTED, is_estimated=is_estimated)

    def _with_more(self, usd: Decimal, scopes: frozenset[Scope], *, is_estimated: bool) -> "Used":
        """The same with an amount more of these."""
        conversation, day, month = (
            sum_usd((self.of(scope), usd)) if scope in scopes else self.of(scope)
            for scope in (Scope.CONVERSATION, Scope.DAY, Scope.MONTH)
        )
        estimated = self.estimated | scopes if is_estimated and usd else self.estimated
        return Used(conversation, day, month, estimated, self.untold)

    def with_share(
        self, usd: Decimal, at: float, claim: "Claim", conversation_id: str, *, is_estimated: bool
    ) -> "Used":
        """The same with an amount that was spent at this time in this conversation, as it counts for the claim."""
        return self._with_more(usd, scopes_of(at, claim, conversation_id), is_estimated=is_estimated)

    def as_seen_by(self, other: "Used | None") -> "Used":
        """The same in another conversation, which saw `other` last: its own share, and day and month as they are."""
        other = other or Used()
        here = frozenset((Scope.CONVERSATION,))
        return Used(
            other.conversation,
            self.day,
            self.month,
            self.estimated - here | other.estimated & here,
            self.untold - here | other.untold & here,
        )


def scopes_of(at: float, claim: "Claim", conversation_id: str) -> frozenset[Scope]:
    """For which budgets of a claim something counts that was spent at this time in this conversation."""
    counts = {
        Scope.CONVERSATION: conversation_id == claim.conversation_id,
        Scope.DAY: at >= claim.day_began,
        Scope.MONTH: at >= claim.month_began,
    }
    return frozenset(scope for scope, is_so in counts.items() if is_so)


class Budget(msgspec.Struct, frozen=True):
    """The limits that are set; None is none."""

    answer: Decimal | None = None
    conversation: Decimal | None = None
    day: Decimal | None = None
    month: Decimal | None = None

    @property
    def limits(self) -> Iterator[tuple[Scope, Decimal]]:
        """Those that are set, the smallest scope first."""
        for scope in Scope:
            if (limit := self.of(scope)) is not None:
                yield scope, limit

    @property
    def is_set(self) -> bool:
        """There is at least one limit."""
        return any(True for _ in self.limits)

    def of(self, scope: Scope) -> Decimal | None:
        """The limit of a scope; None where there is none."""
        limit: Decimal | None = getattr(self, scope.value)
        return limit

    def with_limit(self, scope: Scope, usd: Decimal | None) -> "Budget":
        """The same with another limit of a scope."""
        return msgspec.structs.replace(self, **{scope.value: usd})

    def over(self, used: Used, usd: Decimal) -> Scope | None:
        """The first budget over which `usd` more would go; None where none is. What costs nothing goes over none."""
        return next((scope for scope, limit in self.limits if usd > 0 and sum_usd((used.of(scope), usd)) > limit), None)

    def used_up(self, used: Used) -> Scope | None:
        """The first budget of which nothing is left; None where something is left of each."""
        return next(
            (scope for scope, limit in self.limits if scope is not Scope.ANSWER and used.of(scope) >= limit), None
        )

    def warned(self, used: Used) -> Iterator[tuple[Scope, Decimal]]:
        """The budgets of which most is used, with the share that is."""
        for scope, limit in self.limits:
            if scope is not Scope.ANSWER and used.of(scope) >= limit * WARNED_FROM:
                yield scope, used.of(scope) / limit if limit else Decimal(1)


class Claim(msgspec.Struct, frozen=True):
    """What a request that is about to go, or is being answered, may have cost so far."""

    id: str
    conversation_id: str
    usd: Decimal
    at: float
    """Seconds since the epoch."""
    day_began: float
    month_began: float


UNKNOWN_AMOUNT: Final = "an unknown amount"
_NAMES: Final = {
    Scope.ANSWER: "the budget of an answer",
    Scope.CONVERSATION: "the budget of this conversation",
    Scope.DAY: "today’s budget",
    Scope.MONTH: "this month’s budget",
}
_SPENT: Final = {
    Scope.CONVERSATION: "in this conversation",
    Scope.DAY: "today",
    Scope.MONTH: "this month",
}


def name(scope: Scope) -> str:
    """`today’s budget`."""
    return _NAMES[scope]


def budget_name(scope: str | None) -> str:
    """`today’s budget` for `day`; `a budget` where the word names none."""
    return _NAMES[Scope(scope)] if scope in tuple(Scope) else "a budget"


def amount(usd: Decimal, *, is_estimated: bool, is_least: bool = False) -> str:
    """`$0.25`, with all digits; `~$0.25`, rounded, with an estimate in it. `is_least`: what some answers cost is not
    known, as in `at least $0.25` and `an unknown amount`."""
    if is_least and not usd:
        return UNKNOWN_AMOUNT
    known = f"~{figures.dollars(usd)}" if is_estimated and usd else figures.exact_sum(usd)
    return f"at least {known}" if is_least else known


def over_words(scope: Scope, limit: Decimal, used: Used, usd: Decimal) -> str:
    """Say what is used of a budget, and what a request of so much would add by estimate."""
    adds = f"this request would add about {figures.dollars(usd)}"
    if scope is Scope.ANSWER:
        return f"This request would cost about {figures.dollars(usd)}; {name(scope)} is {figures.dollars(limit)}."
    spent = amount(used.of(scope), is_estimated=scope in used.estimated, is_least=scope in used.untold)
    return f"{spent} of {figures.dollars(limit)} are used {_SPENT[scope]}; {adds}."


def share_words(scope: Scope, share: Decimal, used: Used) -> str:
    """`84 % of this month’s budget is used.`, `at least ~84 %` where some costs are estimates and others not known."""
    least = "at least " if scope in used.untold else ""
    return f"{least}{used.mark(scope)}{figures.share(float(share))} of {name(scope)} is used."


def left_words(scope: Scope, limit: Decimal, used: Used) -> str:
    """`$0.04 of $5.00 are left.`, `at most ~$0.04` where some costs are estimates and others not known."""
    left = max(Decimal(0), limit - used.of(scope))
    most, mark = ("at most " if scope in used.untold else "", used.mark(scope)) if left else ("", "")
    return f"{most}{mark}{figures.dollars(left)} of {figures.dollars(limit)} are left."
