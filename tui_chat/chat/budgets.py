"""The budgets in force for all conversations of this run, and what is known to be used of them."""

from decimal import Decimal

import msgspec

from tui_chat.core.budget import Budget, Claim, Scope, Used, left_words, scopes_of, share_words
from tui_chat.core.errors import WARNED, ErrorKind, Failure
from tui_chat.core.usage import Cost, CostSource


class Allowance(msgspec.Struct):
    """What a person has allowed in one conversation."""

    is_next_over: bool = False
    """The next request may go over the budgets."""
    is_all_over: bool = False
    """Every request may."""
    unpriced: set[str] = msgspec.field(default_factory=set)
    """Models that may be asked though nobody knows their price."""
    refused: frozenset[str] = frozenset()
    """Models for whose price the last request was not sent."""

    def take_over(self) -> bool:
        """Whether the request that goes now may go over; `is_next_over` is used up by it."""
        is_over, self.is_next_over = self.is_next_over or self.is_all_over, False
        return is_over


class _Unkept(msgspec.Struct, frozen=True):
    at: float
    conversation_id: str
    usd: Decimal | None
    """None where it is not known."""
    is_estimated: bool


class Budgets:
    """One for all conversations and gateways of a run."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()
        self._seen: Used | None = None
        self._conversations: dict[str, Used] = {}
        self._unkept: list[_Unkept] = []
        self._warned: set[tuple[Scope, object]] = set()

    def saw(self, conversation_id: str, used: Used) -> None:
        """Note what is used now, as a conversation sees it."""
        self._seen = used
        self._conversations[conversation_id] = used

    def seen_by(self, conversation_id: str) -> Used | None:
        """What was used when somebody looked last, as a conversation sees it; None before."""
        if self._seen is None:
            return None
        return self._seen.as_seen_by(self._conversations.get(conversation_id))

    def spend_unkept(self, at: float, conversation_id: str, cost: Cost | None) -> None:
        """Count what the ledger never hears of, as long as the program runs; None where nobody knows what it was."""
        is_estimated = cost is not None and cost.source is CostSource.ESTIMATE
        self._unkept.append(_Unkept(at, conversation_id, cost.usd if cost is not None else None, is_estimated))

    def keep(self, conversation_id: str) -> None:
        """What was spent in this conversation is kept now: the ledger has it."""
        self._unkept = [each for each in self._unkept if each.conversation_id != conversation_id]

    def with_unkept(self, used: Used, claim: Claim) -> Used:
        """What is used, with what was spent in this run without being kept."""
        for each in self._unkept:
            place = each.at, claim, each.conversation_id
            if each.usd is None:
                used = msgspec.structs.replace(used, untold=used.untold | scopes_of(*place))
            else:
                used = used.with_share(each.usd, *place, is_estimated=each.is_estimated)
        return used

    def unkept(self, scope: Scope, claim: Claim) -> Decimal:
        """What of a budget was spent in this run without being kept."""
        return self.with_unkept(Used(), claim).of(scope)

    def warning(self, budget: Budget, used: Used, claim: Claim) -> Failure | None:
        """Say once that most of a budget is used."""
        since = {Scope.CONVERSATION: claim.conversation_id, Scope.DAY: claim.day_began, Scope.MONTH: claim.month_began}
        for scope, share in budget.warned(used):
            if (scope, since[scope]) not in self._warned:
                self._warned.add((scope, since[scope]))
                advice = _sentence(left_words(scope, budget.of(scope) or Decimal(0), used))
                return Failure(ErrorKind.BUDGET, _sentence(share_words(scope, share, used)), advice, code=WARNED)
        return None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
