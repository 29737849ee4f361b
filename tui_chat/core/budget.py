"""Budgets: how much may be spent on an answer, a conversation, a day, a month, and when a request would go over.

Amounts are US dollars. A budget that is None allows everything.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from tui_chat.core import figures

WARNED_FROM: Final = Decimal("0.8")
"""The share of a budget from which on the person is warned."""


class Scope(StrEnum):
    """What a budget is for."""

    ANSWER = "answer"
    CONVERSATION = "conversation"
    DAY = "day"
    MONTH = "month"


class Used(msgspec.Struct, frozen=True):
    """What was spent so far, with what is being written now, also by other programs."""

    conversation: Decimal = Decimal(0)
    day: Decimal = Decimal(0)
    month: Decimal = Decimal(0)
    is_estimated: bool = False
    """Part of it is an estimate."""

    def of(self, scope: Scope) -> Decimal:
        """What counts against a budget before the next request; nothing against that of an answer."""
        return Decimal(0) if scope is Scope.ANSWER else getattr(self, scope.value)

    def plus(self, usd: Decimal, *, is_estimated: bool) -> "Used":
        """The same with one amount more, spent now in this conversation."""
        return Used(self.conversation + usd, self.day + usd, self.month + usd, self.is_estimated or is_estimated)


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
        return next((scope for scope, limit in self.limits if usd > 0 and used.of(scope) + usd > limit), None)

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


def amount(usd: Decimal, *, is_estimated: bool) -> str:
    """`$0.25`, `~$0.25`."""
    return ("~" if is_estimated and usd else "") + figures.dollars(usd)


def over_words(scope: Scope, limit: Decimal, used: Used, usd: Decimal) -> str:
    """Say what is used of a budget, and what a request of so much would add by estimate."""
    adds = f"this request would add about {figures.dollars(usd)}"
    if scope is Scope.ANSWER:
        return f"This request would cost about {figures.dollars(usd)}; {name(scope)} is {figures.dollars(limit)}."
    spent = amount(used.of(scope), is_estimated=used.is_estimated)
    return f"{spent} of {figures.dollars(limit)} are used {_SPENT[scope]}; {adds}."


def share_words(scope: Scope, share: Decimal) -> str:
    """`84 % of this month’s budget is used.`"""
    return f"{figures.share(float(share))} of {name(scope)} is used."
