"""Sums of what was spent, by day, month, model, conversation, gateway and kind: the same on the screen, in plain mode
and in the shell. Days are those of the person's time zone."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import msgspec

from tui_chat.chat.ledger import LedgerKind, Spent
from tui_chat.core import figures
from tui_chat.core.moments import local_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import start_of
from tui_chat.core.usage import Spending, sum_usd

WORDS: Final = ("day", "month", "model", "conversation", "gateway", "kind")
"""By what spending is summed up."""
OF_TIME: Final = ("day", "month")
LOOK_BACK_DAYS: Final = 30
DELETED: Final = "deleted or not saved"
"""The conversations that cannot be opened, together: of both the ledger has the same row."""
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


class Sum(msgspec.Struct, frozen=True, gc=False):
    """What was spent under one name."""

    name: str
    """The day or month in ISO 8601, the model, the address of the gateway, the kind, or the conversation's id; empty
    for all together that cannot be opened."""
    title: str = ""
    """Of a conversation."""
    spending: Spending = Spending()
    cached_tokens: int | None = None
    """None where no answer told."""
    last_at: float = 0.0
    """When something was spent last, to a quarter of an hour, in seconds since the epoch; 0 where nothing was."""
    cached_untold: int = 0
    """Answers that did not tell how many tokens were cached."""
    cache_write_tokens: int | None = None
    """Tokens that were written to a cache; None where no answer told."""
    beside: Mapping[LedgerKind, Spending] = _NOTHING
    """What of it was spent on titles and summaries."""

    @property
    def is_openable(self) -> bool:
        """Of a conversation: it is there to be opened."""
        return bool(self.name)


def day_of(row: Spent) -> date:
    """The day here on which it was spent."""
    return local_moment(row.last_at).date()


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
    rows: dict[tuple[str, str], list[Spent]] = {}
    for row in spent:
        is_gone = joins_deleted and word == "conversation" and not row.is_kept
        rows.setdefault(("", DELETED) if is_gone else _key(row, word), []).append(row)
    return [_sum(each, *key) for key, each in rows.items()]


def _sum(rows: Sequence[Spent], name: str = "", title: str = "") -> Sum:
    """The sum of rows. There may be very many: each figure is added up by itself, without a value for each step."""
    return Sum(
        name,
        title,
        _spending(rows),
        _told(row.cached_tokens for row in rows),
        max((row.last_at for row in rows), default=0.0),
        sum(row.cached_untold for row in rows),
        _told(row.cache_write_tokens for row in rows),
        {
            kind: _spending(of_kind)
            for kind in LedgerKind
            if kind is not LedgerKind.ANSWER and (of_kind := [row for row in rows if row.kind is kind])
        },
    )


def _spending(rows: Sequence[Spent]) -> Spending:
    each = [row.spending for row in rows]
    if len(each) == 1:
        return each[0]
    return Spending(
        sum(one.answers for one in each),
        sum_usd(one.usd for one in each),
        sum(one.estimated for one in each),
        sum(one.unknown for one in each),
        sum(one.prompt_tokens for one in each),
        sum(one.completion_tokens for one in each),
        sum(one.uncounted for one in each),
    )


def _told(figures: Iterable[int | None]) -> int | None:
    told = [figure for figure in figures if figure is not None]
    return sum(told) if told else None


def ordered(sums: Iterable[Sum], word: str) -> list[Sum]:
    """The sums as they are listed: days and months as they came, of all else the dearest first."""
    return list(sums) if word in OF_TIME else sorted(sums, key=lambda each: -each.spending.usd)


def total_of(spent: Iterable[Spent]) -> Sum:
    """All of it."""
    return _sum(list(spent))


def shares(sums: Sequence[Sum]) -> list[float]:
    """How much each sum is of the largest, from 0 to 1."""
    most = max((each.spending.usd for each in sums), default=Decimal(0))
    return [float(each.spending.usd / most) if most > 0 else 0.0 for each in sums]


def first_day(now: float, days: int) -> float:
    """The moment at which the first of so many days begins, of which today is the last."""
    today = local_moment(now).date()
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
    began = first_day(now, count)
    for row in (row for row in spent if row.last_at >= began):
        day = day_of(row)
        by_day[day] = by_day.get(day, Spending()).and_also(row.spending)
    today = local_moment(now).date()
    return LastDays(tuple(by_day.get(today - timedelta(days=ago), Spending()) for ago in reversed(range(count))))


# For programs


def facts_of(spending: Spending) -> Mapping[str, int | str | None]:
    """The figures of a sum by their names; a cost is a decimal, and None is unknown."""
    values = (
        spending.answers,
        spending.known_prompt_tokens,
        spending.known_completion_tokens,
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
