"""Holds what is asked to the budgets that are set.

Before a request goes out, its prompt must fit at the catalogue's price, beside all that was spent and all that is
being written elsewhere; while the answer streams, what it has cost so far is estimated from its length; at the end the
gateway's own figure counts, or the estimate where it named none.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Final

import msgspec

from tui_chat.chat.budgets import Allowance
from tui_chat.chat.ports import CatalogSource
from tui_chat.chat.services import Services
from tui_chat.core import figures
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.budget import Budget, Claim, Scope, Used, name, over_words
from tui_chat.core.errors import UNPRICED, BudgetError, ChatError, ErrorKind, Failure, StoreError
from tui_chat.core.moments import local_moment
from tui_chat.core.request import Request
from tui_chat.core.request_size import RequestSize, size_of_request
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import start_of
from tui_chat.core.stream_events import FellBack, RetryScheduled, Started, StreamEvent, written_length
from tui_chat.core.tree import Conversation
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts, estimate_cost

CHARACTERS_PER_TOKEN: Final = 4
RENEWED_EVERY_S: Final = 1.0
"""How often a growing answer tells other programs what it may have cost, and hears of theirs."""
_RAISE: Final = {
    Scope.ANSWER: "Raise the budget of an answer, ask a cheaper model, or allow this request once.",
    Scope.CONVERSATION: "Raise the budget of this conversation, ask a cheaper model, or allow this request once.",
    Scope.DAY: "Wait until midnight, raise the budget of the day, ask a free model, or allow this request once.",
    Scope.MONTH: "Raise the budget of the month, ask a free model, or allow this request once.",
}
Sized = Callable[[Request], RequestSize]
_NO_PRICE: Final = "Ask a model whose price is known, or allow it once."
_NO_PRICE_THEN: Final = "Take it out of the setting fallbacks, or allow it once."
_LONGEST_NAME: Final = 100


class SpendingGuard:
    """One request that may be paid for, from before it goes out until its cost is known.

    Where no budget is set it does nothing, and costs nothing.
    """

    def __init__(self, services: Services, conversation: Conversation, *, is_unkept: bool, leaves_traces: bool) -> None:
        """`is_unkept`: the ledger will not hear of it. Only what `leaves_traces` is told to other programs."""
        self._services = services
        self._budget = budget_of(services, conversation)
        self._is_unkept = is_unkept
        self._leaves_traces = leaves_traces
        self._claim = claim_of(services, conversation.id)
        self._used = Used()
        self._request: Request | None = None
        self._allowance = Allowance()
        self._sized: Sized = size_of_request
        self._price: Price | None = None
        """Of the model that is asked, or that answers."""
        self._size = RequestSize()
        self._out_at_s = 0.0
        """When it goes out, in seconds since it was started: later where it waits to be sent again."""
        self._characters = 0
        self._renewed_s = 0.0
        self._may_go_over = False
        self._given_up_usd = Decimal(0)
        """What models that did not answer in time may cost all the same, by estimate."""

    async def open(self, request: Request, allowance: Allowance, sized: Sized = size_of_request) -> None:
        """Let the request go, or not; `sized` estimates how large it is.

        Raises:
            BudgetError: it would go over a budget, or a budget is set and the price of a model is not known that is
                asked, or is asked where that one fails.
        """
        if not self._budget.is_set:
            return
        self._may_go_over = allowance.take_over()
        self._request, self._allowance, self._sized = request, allowance, sized
        self._size = sized(request)
        asked = [model for model in request.fallbacks if model not in allowance.unpriced and not self._may_go_over]
        prices = await _prices(self._services.catalog, [request.model, *asked])
        self._price = prices[request.model]
        usd = self._estimate()
        if unpriced := [model for model, price in prices.items() if self._is_unseen(model, price)]:
            allowance.refused = frozenset(unpriced)
            raise BudgetError(*_unpriced_words(request.model, unpriced), UNPRICED)
        try:
            await self._tell(usd or Decimal(0), is_certain=self._may_go_over)
            self._services.budgets.saw(self._claim.conversation_id, self._used)
            if not self._may_go_over and usd is not None and (scope := self._budget.over(self._used, usd)):
                limit = self._budget.of(scope) or Decimal(0)
                raise BudgetError(over_words(scope, limit, self._used, usd), _RAISE[scope], scope.value)
        except BaseException:
            # The store knows nothing of what is not kept, and enters a claim also for whoever does not wait for it.
            await self._settle(stays=False)
            raise

    async def grew(self, request: Request) -> Failure | None:
        """Why the request must not go after all, which has grown since it was let go; None where it may."""
        if not self._budget.is_set:
            return None
        self._size = self._sized(request)
        usd = self._estimate()
        if usd is None or self._may_go_over:
            return None
        await self._tell(usd, is_certain=True)
        return self._over(usd)

    def _over(self, usd: Decimal) -> Failure | None:
        """The budget over which a request of so much would go."""
        if (scope := self._budget.over(self._used, usd)) is None:
            return None
        words = over_words(scope, self._budget.of(scope) or Decimal(0), self._used, usd)
        return Failure(ErrorKind.BUDGET, words, _RAISE[scope], code=scope.value)

    async def after(self, event: StreamEvent, at_s: float) -> Failure | None:
        """Why the answer has to stop now; None while it may go on. `at_s`: seconds since the request was started."""
        if isinstance(event, FellBack) and self._budget.is_set:
            return await self._fell_back(event)
        if isinstance(event, Started) and self._budget.is_set:
            if unseen := self._answered_by(event.model):
                return unseen
        elif isinstance(event, RetryScheduled):
            self._out_at_s = at_s + event.after_s
            return None
        elif not (written := written_length(event)):
            return None
        else:
            self._characters += written
        usd = self._estimate()
        if usd is None:
            return None
        usd += self._given_up_usd
        if at_s - self._renewed_s >= RENEWED_EVERY_S:
            self._renewed_s = at_s
            await self._tell(usd, is_certain=True)
        if self._may_go_over or (scope := self._budget.over(self._used, usd)) is None:
            return None
        limit = figures.dollars(self._budget.of(scope))
        message = f"Stopped by {name(scope)}: {limit}. The answer has cost about {figures.dollars(usd)} so far."
        return Failure(ErrorKind.BUDGET, message, _RAISE[scope], code=scope.value)

    async def _fell_back(self, event: FellBack) -> Failure | None:
        """Why the next model is not to be asked, which waits for that; None where it may."""
        if event.failure.may_be_billed:
            self._given_up_usd += self._estimate() or 0
        self._price = (await _prices(self._services.catalog, [event.model]))[event.model]
        if self._is_unseen(event.model, self._price):
            return _unseen(event.model)
        usd = self._estimate()
        if usd is None or self._may_go_over:
            return None
        usd += self._given_up_usd
        await self._tell(usd, is_certain=True)
        if (over := self._over(usd)) is None:
            return None
        failed, then = (sanitize_line(model, _LONGEST_NAME) for model in (event.failed, event.model))
        message = f"{failed} failed, and {then} is not asked in its place. {over.message}"
        return msgspec.structs.replace(over, message=message)

    def _answered_by(self, model: str) -> Failure | None:
        """Go on with the price of the model that answers, where the gateway chose another one; why it must not go on,
        where that one is of the fallbacks and has no price. A name that is in no list stands for the model that was
        asked."""
        asked = self._request
        info = self._services.catalog.known().get(model)
        if asked is None or model == asked.model or (info is None and model not in asked.fallbacks):
            return None
        price = info.price if info is not None else None
        if self._estimate_at(price) is not None or model in asked.fallbacks:
            self._price = price
        return _unseen(model) if model in asked.fallbacks and self._is_unseen(model, price) else None

    def _is_unseen(self, model: str, price: Price | None) -> bool:
        """What this model costs can be held to no budget, and nobody has allowed that."""
        is_allowed = self._may_go_over or model in self._allowance.unpriced
        return not is_allowed and self._estimate_at(price) is None

    async def close(self, answer: AnswerInfo, *, was_sent: bool) -> Failure | None:
        """Settle it, now that the answer has ended. Returns a warning where most of a budget is used, once for each.
        `was_sent`: the client was given the request."""
        budgets, costs = self._services.budgets, []
        if answer.may_have_cost and answer.cost is not None:
            costs.append(answer.cost)
        if untold := self._untold(answer, was_sent=was_sent):
            costs.append(Cost(untold, CostSource.ESTIMATE))
            before = self._used
            await self._tell(untold, is_certain=True)
            self._used = before  # what is heard by now has this answer's cost in it
        unkept: list[Cost | None] = [*costs] if costs or not answer.may_have_cost else [None]
        for cost in unkept if self._is_unkept else ():
            budgets.spend_unkept(self._services.clock.now(), self._claim.conversation_id, cost)
        if not self._budget.is_set:
            return None
        await self._settle(stays=bool(untold))
        for cost in costs:
            self._used = self._used.plus(cost.usd, is_estimated=cost.source is CostSource.ESTIMATE)
        budgets.saw(self._claim.conversation_id, self._used)
        return budgets.warning(self._budget, self._used, self._claim)

    async def _tell(self, usd: Decimal, *, is_certain: bool) -> None:
        """Enter or renew the claim, and hear what counts besides it. `is_certain`: it is entered whatever is left."""
        self._claim = msgspec.structs.replace(self._claim, usd=usd)
        store, used = self._services.store, None
        with suppress(StoreError):  # nothing can be written: what was spent may still be read
            if self._leaves_traces:
                used = await store.claim(self._claim, Budget() if is_certain else self._budget)
        with suppress(StoreError):  # nor read: what was heard last counts
            used = used or await store.used(self._claim)
            self._used = self._services.budgets.with_unkept(used, self._claim)

    async def _settle(self, *, stays: bool) -> None:
        """End the claim; it `stays` as the estimate of what nobody told."""
        if self._leaves_traces:
            with suppress(StoreError):  # what could not be saved is said elsewhere
                await self._services.store.settle(self._claim.id, stays=stays)

    def _untold(self, answer: AnswerInfo, *, was_sent: bool) -> Decimal:
        """What may be billed and the ledger will not know, by estimate: an answer whose cost nobody told, one that was
        stopped after its request went out, and models that were asked and not waited for."""
        is_out = was_sent and (answer.timing.total_s or 0.0) >= self._out_at_s
        is_untold = answer.cost is None if answer.may_have_cost else is_out and not answer.is_surely_unbilled
        return self._given_up_usd + ((self._estimate() or 0) if is_untold else 0)

    def _estimate(self) -> Decimal | None:
        return self._estimate_at(self._price)

    def _estimate_at(self, price: Price | None) -> Decimal | None:
        if price is None:
            return None
        counts = TokenCounts(self._size.tokens, self._characters // CHARACTERS_PER_TOKEN)
        cost = estimate_cost(counts, price, self._size.pictures)
        return cost.usd if cost else None


def budget_of(services: Services, conversation: Conversation) -> Budget:
    """The budgets that hold in a conversation: its own goes before the one for every conversation."""
    budget = services.budgets.budget
    own = conversation.budget_usd
    return budget if own is None else budget.with_limit(Scope.CONVERSATION, own)


def fits_budgets(services: Services, conversation: Conversation, request: Request, answer_tokens: int) -> bool:
    """Say whether a small request beside the answers, with the longest answer that it may get, fits what was left of
    the budgets when somebody looked last. One whose price is not known fits none."""
    budget = budget_of(services, conversation)
    if not budget.is_set:
        return True
    info = services.catalog.known().get(request.model)
    size = size_of_request(request)
    counts = TokenCounts(size.tokens, answer_tokens)
    cost = estimate_cost(counts, info.price, size.pictures) if info is not None else None
    used = services.budgets.seen_by(conversation.id) or Used()
    return cost is not None and budget.over(used, cost.usd) is None


def overrun(limit_usd: Decimal | None, answer: AnswerInfo | None) -> Failure | None:
    """Say that an answer has cost more than it was to; None where it did not, or nobody knows, or it failed."""
    cost = answer.cost if answer is not None and answer.failure is None else None
    if limit_usd is None or cost is None or cost.usd <= limit_usd:
        return None
    message = f"This answer has cost {figures.bill(cost)}; {name(Scope.ANSWER)} is {figures.dollars(limit_usd)}."
    return Failure(ErrorKind.BUDGET, message, _RAISE[Scope.ANSWER], code=Scope.ANSWER.value)


async def _prices(catalog: CatalogSource, models: Iterable[str]) -> dict[str, Price | None]:
    """The prices of models; None where one is not known, also after the list was asked for."""
    found = {model: catalog.known().get(model) for model in models}
    if None in found.values():
        with suppress(ChatError):
            listed = await catalog.read()
            found = {model: info or listed.get(model) for model, info in found.items()}
    return {model: info.price if info is not None else None for model, info in found.items()}


def _unpriced_words(asked: str, unpriced: Sequence[str]) -> tuple[str, str]:
    """What is said of models without a price before a request goes out, and what to do."""
    names = [sanitize_line(model, _LONGEST_NAME) for model in unpriced]
    listed = " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
    verb = "cost" if len(names) > 1 else "costs"
    words = f"A budget is set, and what {listed} {verb} is not known."
    if asked in unpriced:
        return words, _NO_PRICE
    which = "one of them" if len(names) > 1 else "it"
    return f"{words} Where {sanitize_line(asked, _LONGEST_NAME)} fails, {which} is asked in its place.", _NO_PRICE_THEN


def _unseen(model: str) -> Failure:
    """Why a model is not to answer in the place of the one that was asked."""
    name_ = sanitize_line(model, _LONGEST_NAME)
    message = f"Stopped: a budget is set, and what {name_} costs is not known, which was to answer instead."
    return Failure(ErrorKind.BUDGET, message, _NO_PRICE_THEN, code=UNPRICED)


def claim_of(services: Services, conversation_id: str) -> Claim:
    """An empty claim of a conversation, as of now."""
    now = services.clock.now()
    today = local_moment(now).date()
    return Claim(services.new_id(), conversation_id, Decimal(0), now, start_of(today), start_of(today.replace(day=1)))
