"""Sums of what was spent, by day, month, model, conversation, gateway and kind: the same on the screen, in plain mode
and in the shell. Days are those of the person's time zone."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import msgspec

from tui_chat.chat.ledger import LedgerKind, Spent
from tui_chat.core import figures
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import start_of
from tui_chat.core.usage import Spending

WORDS: Final = ("day", "month", "model", "conversation", "gateway", "kind")
"""By what spending is summed up."""
OF_TIME: Final = ("day", "month")
LOOK_BACK_DAYS: Final = 30
DELETED: Final = "deleted conversations"
FACTS: Final = (
    "answers",
    "prompt_tokens",
    "completion_tokens",
    "uncounted_answers",
    "cost_usd",
    "estimated_answers",
    "unknown_cost_answers",
)
"""Names of the figures of a sum, for programs."""
_FORMULA: Final = ("=", "+", "-", "@")
_LONGEST_CELL: Final = 1_000


_NOTHING: Final[Mapping[LedgerKind, Spending]] = MappingProxyType({})


class Sum(msgspec.Struct, frozen=True):
    """What was spent under one name."""

    name: str
    """The day or month in ISO 8601, the model, the address of the gateway, the kind, or the conversation's id; empty
    for all deleted conversations together."""
    title: str = ""
    """Of a conversation."""
    spending: Spending = Spending()
    cached_tokens: int | None = None
    """None where no answer told."""
    last_at: float = 0.0
    """When something was spent last, to a quarter of an hour, in seconds since the epoch; 0 where nothing was."""
    cached_untold: int = 0
    """Answers that did not tell how many tokens were cached."""
    beside: Mapping[LedgerKind, Spending] = _NOTHING
    """What of it was spent on titles and summaries."""

    def plus(self, row: Spent) -> "Sum":
        """The same with more."""
        cached = self.cached_tokens
        if row.cached_tokens is not None:
            cached = (cached or 0) + row.cached_tokens
        last_at = max(self.last_at, row.begins_at)
        untold, beside = self.cached_untold + row.cached_untold, self.beside
        if row.kind is not LedgerKind.ANSWER:
            beside = {**beside, row.kind: beside.get(row.kind, Spending()).and_also(row.spending)}
        return Sum(self.name, self.title, self.spending.and_also(row.spending), cached, last_at, untold, beside)

    @property
    def is_openable(self) -> bool:
        """Of a conversation: it is there to be opened."""
        return bool(self.name)


def day_of(row: Spent) -> date:
    """The day here on which it was spent."""
    return datetime.fromtimestamp(row.begins_at).date()


def _key(row: Spent, word: str) -> tuple[str, str]:
    match word:
        case "day":
            return f"{day_of(row)}", ""
        case "month":
            return f"{day_of(row)}"[:7], ""
        case "model":
            return row.model, ""
        case "gateway":
            return row.gateway, ""
        case "kind":
            return row.kind.value, ""
        case _:
            return row.conversation_id, row.title


def is_under(row: Spent, word: str, name: str) -> bool:
    """Whether something spent counts under this name."""
    return _key(row, word)[0] == name


def summed_up(spent: Iterable[Spent], word: str, *, joins_deleted: bool = False) -> list[Sum]:
    """The sums under a word, in the order in which they began. `joins_deleted`: conversations that cannot be opened
    any more are one."""
    sums: dict[tuple[str, str], Sum] = {}
    for row in spent:
        is_gone = joins_deleted and word == "conversation" and not row.is_kept
        key = ("", DELETED) if is_gone else _key(row, word)
        sums[key] = sums.get(key, Sum(*key)).plus(row)
    return list(sums.values())


def ordered(sums: Iterable[Sum], word: str) -> list[Sum]:
    """The sums as they are listed: days and months as they came, of all else the dearest first."""
    return list(sums) if word in OF_TIME else sorted(sums, key=lambda each: -each.spending.usd)


def total_of(spent: Iterable[Spent]) -> Sum:
    """All of it."""
    total = Sum("")
    for row in spent:
        total = total.plus(row)
    return total


def shares(sums: Sequence[Sum]) -> list[float]:
    """How much each sum is of the largest, from 0 to 1."""
    most = max((each.spending.usd for each in sums), default=Decimal(0))
    return [float(each.spending.usd / most) if most > 0 else 0.0 for each in sums]


def first_day(now: float, days: int) -> float:
    """The moment at which the first of so many days begins, of which today is the last."""
    today = datetime.fromtimestamp(now).date()
    return start_of(today - timedelta(days=min(days - 1, today.toordinal() - 1)))


# The last days


class LastDays(msgspec.Struct, frozen=True):
    """What each of the last days cost, the oldest first; today is the last."""

    days: tuple[Spending, ...]

    @property
    def line(self) -> str:
        """A column for each day."""
        return figures.sparkline(day.usd for day in self.days)

    @property
    def words(self) -> str:
        """`$0 to $1.81, today $0.412`."""
        known = [day for day in self.days if day.is_known]
        lowest, highest = (of(known, key=lambda day: day.usd, default=Spending()) for of in (min, max))
        said = (figures.total_cost(day, is_narrow=True, is_exact=True) for day in (lowest, highest, self.days[-1]))
        return "{} to {}, today {}".format(*said)


def last_days(spent: Iterable[Spent], now: float, count: int = LOOK_BACK_DAYS) -> LastDays:
    """The last days as they are seen now."""
    by_day: dict[date, Spending] = {}
    for row in spent:
        day = day_of(row)
        by_day[day] = by_day.get(day, Spending()).and_also(row.spending)
    today = datetime.fromtimestamp(now).date()
    return LastDays(tuple(by_day.get(today - timedelta(days=ago), Spending()) for ago in reversed(range(count))))


# For programs


def facts_of(spending: Spending) -> Mapping[str, int | str | None]:
    """The figures of a sum by their names; a cost is a decimal, and None where it is unknown."""
    values = (
        spending.answers,
        spending.prompt_tokens,
        spending.completion_tokens,
        spending.uncounted,
        f"{spending.usd:f}" if spending.is_known else None,
        spending.estimated,
        spending.unknown,
    )
    return dict(zip(FACTS, values, strict=True))


def csv_text(spent: Sequence[Spent], words: Iterable[str]) -> str:
    """One table; what is unknown is an empty cell."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["by", "name", "title", *FACTS])
    for word in words:
        for each in ordered(summed_up(spent, word), word):
            table.writerow([word, csv_cell(each.name), csv_cell(each.title), *facts_of(each.spending).values()])
    return out.getvalue()


def csv_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    line = sanitize_line(text, _LONGEST_CELL)
    return f"'{line}" if line.startswith(_FORMULA) else line
