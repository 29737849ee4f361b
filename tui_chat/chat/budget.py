"""Holds one answer to `--max-cost`.

Before the request its prompt must fit at the catalogue's price; while the answer streams, what it has cost so far is
estimated from its length; at the end the gateway's own figure decides. Where the price is unknown only the last holds.
"""

from decimal import Decimal

from tui_chat.chat.session_events import ReplyGrew
from tui_chat.core import figures
from tui_chat.core.errors import BudgetError, ErrorKind, Failure
from tui_chat.core.stream_events import ReasoningDelta, TextDelta, ToolCallDelta
from tui_chat.core.tree import Node
from tui_chat.core.usage import Price, TokenCounts, estimate_cost

CHARACTERS_PER_TOKEN = 4


class SpendingGuard:
    """A limit of None allows everything."""

    def __init__(self, limit_usd: Decimal | None, price: Price | None, prompt_tokens: int) -> None:
        self._limit_usd = limit_usd
        self._price = price
        self._prompt_tokens = prompt_tokens
        self._characters = 0

    def check_before(self) -> None:
        """Raises:
        BudgetError: the prompt alone would cost more than the limit.
        """
        if over := self._over(self._estimate()):
            raise BudgetError(over.message, over.advice)

    def after(self, event: ReplyGrew) -> Failure | None:
        """Why the answer has to stop now; None while it may go on."""
        match event:
            case ReplyGrew(event=TextDelta(text) | ReasoningDelta(text) | ToolCallDelta(fragment=text)):
                self._characters += len(text)
                return self._over(self._estimate())
            case _:
                return None

    def verdict(self, answer: Node) -> Failure | None:
        """Why the whole answer went over the limit; None where it did not, or its cost is unknown."""
        info = answer.answer
        return self._over(info.cost.usd) if info and info.cost and info.failure is None else None

    def _estimate(self) -> Decimal | None:
        if self._price is None:
            return None
        counts = TokenCounts(self._prompt_tokens, self._characters // CHARACTERS_PER_TOKEN)
        cost = estimate_cost(counts, self._price)
        return cost.usd if cost else None

    def _over(self, usd: Decimal | None) -> Failure | None:
        if self._limit_usd is None or usd is None or usd <= self._limit_usd:
            return None
        return Failure(
            ErrorKind.BUDGET,
            f"This answer costs {figures.dollars(usd)}, the limit is {figures.dollars(self._limit_usd)}.",
            "Raise --max-cost, or ask a cheaper model.",
        )
