"""What was spent before: a ledger of three months, and stores that cannot read theirs."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal

from tests.ui.gallery_states.words import NOW, damaged_file
from tui_chat.chat.ledger import LedgerEntry, LedgerKind, Spent
from tui_chat.core.answer import Timing
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.store.sqlite import SqliteStore

_DAY_S = 86_400.0
_HOUR_S = 3_600.0
_GATEWAYS = ("https://api.example.org/v1", "http://127.0.0.1:11434/v1")
_MODELS = ("anthropic/claude-sonnet-4", "openai/gpt-4o-mini", "google/gemini-2.5-flash", "meta-llama/llama-3.3-70b")
_SPEEDS = (62, 118, 171, 40)
_USD = ("0.0434761", "0.0020017", "0.0007125", "0")
_DAYS = (
    *(0,) * 9, *(1,) * 3, *(3,) * 8, 6, *(7,) * 4, 9, *(12,) * 5, 18, 18, 24, 27, 27, 33, 40, 58, 63, 80
)  # fmt: skip
"""How many days ago each was asked for."""
_CONVERSATIONS = ("recent0", "recent1", "recent2", "gone1", "recent3", "gone2")


def spent_before() -> Iterator[LedgerEntry]:
    """Answers and a title; some estimated, some that nobody counted or billed."""
    for number, days in enumerate(_DAYS):
        place = (number * number + days) % 4
        usd = Decimal(_USD[place]) * (1 + number % 7)
        source = CostSource.ESTIMATE if number % 11 == 4 else CostSource.GATEWAY
        out = 120 + 37 * (number % 13)
        is_told = number % 17 != 5
        yield LedgerEntry(
            f"spent{number}",
            _CONVERSATIONS[number % len(_CONVERSATIONS)],
            NOW - days * _DAY_S - (1 + number % 9) * _HOUR_S,
            LedgerKind.TITLE if number % 9 == 8 else LedgerKind.ANSWER,
            _MODELS[place],
            _MODELS[place],
            _GATEWAYS[place == 3],
            TokenCounts(900 + 211 * number, out, None, cached_tokens=640 if place == 1 else None) if is_told else None,
            Cost(usd, source) if is_told else None,
            Timing(0.2 + place / 10, 0.2 + place / 10 + out / (_SPEEDS[place] + 3 * (number % 5))),
        )


class SilentStore(SqliteStore):
    """A store whose ledger is being read for ever."""

    async def spent(self, since: float = 0.0, until: float | None = None) -> tuple[Spent, ...]:
        """Never."""
        await asyncio.Event().wait()
        return ()


class BrokenStore(SqliteStore):
    """A store whose ledger cannot be read."""

    async def spent(self, since: float = 0.0, until: float | None = None) -> tuple[Spent, ...]:
        """Raise why."""
        raise damaged_file()
