"""Token counts, prices and costs.

Cost is a Decimal in US dollars and always says where it came from: the gateway's own figure is the truth and is never
recomputed. Unknown is None, never zero. Source: the service's page on streaming, "usage", and its pricing notes.
"""

from collections.abc import Iterable
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from typing import Any, Final

import msgspec

_EXACT: Final = Context(prec=1_000)
"""No sum is rounded: a gateway's figure has up to 400 digits, and sums are taken back from what they were added to."""


class TokenCounts(msgspec.Struct, frozen=True, gc=False):
    """Tokens of one answer; None is unknown, 0 is none."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    reasoning_tokens: int | None = None
    """What went into reasoning: part of `completion_tokens`, unless `reasons_beside`."""
    cached_tokens: int | None = None
    """Part of `prompt_tokens` that was read from a cache."""
    cache_write_tokens: int | None = None
    """Part of `prompt_tokens` that was written to a cache."""

    @property
    def total(self) -> int | None:
        """The total as reported, else the sum of its known halves, else None."""
        if self.total_tokens is not None:
            return self.total_tokens
        if self.prompt_tokens is None and self.completion_tokens is None:
            return None
        return (self.prompt_tokens or 0) + (self.completion_tokens or 0)

    @property
    def reasons_beside(self) -> bool:
        """Reasoning was counted beside `completion_tokens` and not in them: the reported sum says so. Source: what xAI
        reports, and OpenAI's reference for the usual way."""
        prompt, completion, reasoning = self.prompt_tokens, self.completion_tokens, self.reasoning_tokens
        if not reasoning or prompt is None or completion is None:
            return False
        return self.total_tokens == prompt + completion + reasoning

    @property
    def output_tokens(self) -> int | None:
        """All that the model wrote, which is what is paid for: its reasoning is in it, however it was counted."""
        if self.completion_tokens is not None and self.reasoning_tokens is not None and self.reasons_beside:
            return self.completion_tokens + self.reasoning_tokens
        return self.completion_tokens


class CostSource(StrEnum):
    """Who says what it cost."""

    GATEWAY = "gateway"
    ESTIMATE = "estimate"


class Cost(msgspec.Struct, frozen=True, gc=False):
    """What one answer cost."""

    usd: Decimal
    source: CostSource


class PriceTier(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Prices for long contexts, in US dollars per token; None: as in the tier below, or, of what is cached, unknown."""

    from_tokens: int
    """Tokens of a prompt from which on they count, for all of it."""
    prompt_usd: Decimal | None = None
    completion_usd: Decimal | None = None
    cached_usd: Decimal | None = None


class Price(msgspec.Struct, frozen=True, omit_defaults=True):
    """US dollars per token; None is unknown (or variable), 0 is free."""

    prompt_usd: Decimal | None = None
    completion_usd: Decimal | None = None
    cached_usd: Decimal | None = None
    """Of input that is read from a cache."""
    cache_write_usd: Decimal | None = None
    """Of input that is written to a cache."""
    reasoning_usd: Decimal | None = None
    """Of output that is reasoning, where that has a price of its own."""
    request_usd: Decimal | None = None
    """For each request."""
    image_usd: Decimal | None = None
    """For each picture that is sent."""
    tiers: tuple[PriceTier, ...] = ()
    """The other prices of long contexts, the shortest first."""
    has_more: bool = False
    """Something else has a price: sound, a search of the web, a picture that is made."""

    @property
    def is_free(self) -> bool:
        """It is known to cost nothing in any of its prices."""
        return self.prompt_usd == 0 and self.completion_usd == 0 and not self.costs_beside

    @property
    def costs_beside(self) -> bool:
        """Something has a price beside plain input and output."""
        of_tiers = (usd for tier in self.tiers for usd in (tier.prompt_usd, tier.completion_usd, tier.cached_usd))
        of_tokens = (self.cached_usd, self.cache_write_usd, self.reasoning_usd)
        return self.has_more or any((*of_tokens, self.request_usd, self.image_usd, *of_tiers))

    def at(self, prompt_tokens: int) -> "Price":
        """The prices for a prompt of so many tokens."""
        price = self
        for tier in self.tiers:
            if prompt_tokens < tier.from_tokens:
                break
            price = msgspec.structs.replace(
                price,
                prompt_usd=price.prompt_usd if tier.prompt_usd is None else tier.prompt_usd,
                completion_usd=price.completion_usd if tier.completion_usd is None else tier.completion_usd,
                cached_usd=tier.cached_usd,
            )
        return price


def estimate_cost(counts: TokenCounts, price: Price, pictures: int = 0) -> Cost | None:
    """Prompt and output tokens at the prices of the tier that the prompt falls in; tokens of a cache, reasoning and the
    pictures that were sent at their own where they have any, and what the request itself costs. None as soon as one of
    the two counts or of their two prices is unknown."""
    prompt_tokens, output_tokens = counts.prompt_tokens, counts.output_tokens
    if prompt_tokens is None or output_tokens is None:
        return None
    price = price.at(prompt_tokens)
    if price.prompt_usd is None or price.completion_usd is None:
        return None
    cache = ((counts.cached_tokens, price.cached_usd), (counts.cache_write_tokens, price.cache_write_usd))
    usd = _shared(prompt_tokens, price.prompt_usd, *cache)
    usd += _shared(output_tokens, price.completion_usd, (counts.reasoning_tokens, price.reasoning_usd))
    return Cost(usd + _of_pieces(price, pictures), CostSource.ESTIMATE)


def _shared(tokens: int, usd: Decimal, *parts: tuple[int | None, Decimal | None]) -> Decimal:
    """What tokens cost of which some have prices of their own: each part with its price, both None where unknown."""
    sum_usd = Decimal(0)
    for of_them, their_usd in parts:
        if of_them and their_usd is not None:
            of_them = min(of_them, tokens)
            tokens -= of_them
            sum_usd += of_them * their_usd
    return sum_usd + tokens * usd


def _of_pieces(price: Price, pictures: int) -> Decimal:
    """What a request costs that is not counted in tokens."""
    return (price.request_usd or Decimal(0)) + pictures * (price.image_usd or Decimal(0))


def estimate_prompt_cost(tokens: int, price: Price, pictures: int = 0) -> Cost | None:
    """What a prompt of so many tokens and pictures costs by itself; None where the price of input is unknown."""
    price = price.at(tokens)
    if price.prompt_usd is None:
        return None
    return Cost(tokens * price.prompt_usd + _of_pieces(price, pictures), CostSource.ESTIMATE)


class Spending(msgspec.Struct, frozen=True, gc=False):
    """What several answers cost together; sums of what is known, beside how much is not."""

    answers: int = 0
    usd: Decimal = Decimal(0)
    """Sum of all known costs, estimates included."""
    estimated: int = 0
    """Answers whose cost is an estimate."""
    unknown: int = 0
    """Answers whose cost is unknown."""
    prompt_tokens: int = 0
    """Sum of those that are known, like `completion_tokens`."""
    completion_tokens: int = 0
    uncounted: int = 0
    """Answers that came without their token counts, or with one half of them."""

    @property
    def is_known(self) -> bool:
        """At least one cost is known, or there was nothing to pay for."""
        return self.unknown < self.answers or self.answers == 0

    @property
    def known_prompt_tokens(self) -> int | None:
        """The sum, at least; None where nothing of it is known."""
        return self._known(self.prompt_tokens)

    @property
    def known_completion_tokens(self) -> int | None:
        """The sum, at least; None where nothing of it is known."""
        return self._known(self.completion_tokens)

    @property
    def known_tokens(self) -> int | None:
        """The sum of both, at least; None where nothing of it is known."""
        return self._known(self.prompt_tokens + self.completion_tokens)

    def _known(self, count: int) -> int | None:
        return None if not count and self.uncounted and self.uncounted == self.answers else count

    def and_also(self, other: "Spending") -> "Spending":
        """The sum of both."""
        with localcontext(_EXACT):
            return Spending(*(mine + more for mine, more in zip(self._figures, other._figures, strict=True)))

    def but_for(self, other: "Spending") -> "Spending":
        """The same without what is part of it."""
        with localcontext(_EXACT):
            return Spending(*(mine - less for mine, less in zip(self._figures, other._figures, strict=True)))

    @property
    def _figures(self) -> tuple[Any, ...]:
        return msgspec.structs.astuple(self)

    def plus(self, counts: TokenCounts | None, cost: Cost | None) -> "Spending":
        """The same with one answer more."""
        counts = counts or TokenCounts()
        return Spending(
            answers=self.answers + 1,
            usd=_EXACT.add(self.usd, cost.usd) if cost else self.usd,
            estimated=self.estimated + (cost is not None and cost.source is CostSource.ESTIMATE),
            unknown=self.unknown + (cost is None),
            prompt_tokens=self.prompt_tokens + (counts.prompt_tokens or 0),
            completion_tokens=self.completion_tokens + (counts.output_tokens or 0),
            uncounted=self.uncounted + (counts.prompt_tokens is None or counts.output_tokens is None),
        )


def total_spending(answers: Iterable[tuple[TokenCounts | None, Cost | None]]) -> Spending:
    """The sum over answers."""
    total = Spending()
    for counts, cost in answers:
        total = total.plus(counts, cost)
    return total


def sum_usd(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum of dollars."""
    with localcontext(_EXACT):
        return sum(amounts, Decimal(0))


def multiply_usd(usd: Decimal, by: Decimal) -> Decimal:
    """The exact product."""
    return _EXACT.multiply(usd, by)


def estimate_tokens(text: str) -> int:
    """Rough size of text before it is sent: about 4 characters a token (the service's own rule of thumb)."""
    return tokens_of_length(len(text))


def tokens_of_length(length: int) -> int:
    """Estimate of the tokens of so many characters or bytes: four each."""
    return -(-length // 4)
