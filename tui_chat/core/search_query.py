"""What is looked for, as it was typed: words, and filters that are words too (`model:claude since:monday cost>0.01`).

A filter that is wrong is named and passed over, so that a search never waits for the right spelling.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final
from unicodedata import normalize

import msgspec

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.moments import local_moment
from tui_chat.core.nearest import nearest
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import without_surrogates

MOST_WORDS = 32


class Shelf(StrEnum):
    """Which conversations are meant, by whether they are archived."""

    USED = "no"
    """Those that are not."""
    ARCHIVED = "yes"
    ALL = "all"


class Having(StrEnum):
    """What a message has beside words."""

    PICTURE = "picture"
    FILE = "file"
    CALL = "call"
    REASONING = "reasoning"


class Filters(msgspec.Struct, frozen=True):
    """Which messages and conversations are meant; all conditions hold together."""

    models: tuple[str, ...] = ()
    """Parts of the names of models that answered, in any case; one of them is enough."""
    since: float | None = None
    """Seconds since the epoch; from this moment on."""
    until: float | None = None
    """Seconds since the epoch; before this moment."""
    role: Role | None = None
    labels: tuple[str, ...] = ()
    """Labels of the conversation, in any case; it has all of them."""
    shelf: Shelf = Shelf.USED
    has: tuple[Having, ...] = ()
    cost_over: Decimal | None = None
    """US dollars; the answer is known to have cost more."""
    cost_under: Decimal | None = None
    """US dollars; the answer is known to have cost less."""
    titles_only: bool = False

    @property
    def concern_messages(self) -> bool:
        """Some condition is one on a message and not on its conversation."""
        costs = self.cost_over is not None or self.cost_under is not None
        return bool(self.models or self.role or self.has or costs or self.since or self.until)


ALL: Final = Filters()
"""Everything that is not archived."""


class SearchQuery(msgspec.Struct, frozen=True):
    """What is looked for."""

    words: tuple[str, ...] = ()
    """Every one must occur in a message (or title), as a word or the beginning of one."""
    filters: Filters = ALL

    @property
    def is_empty(self) -> bool:
        """Nothing is looked for."""
        return not self.words and self.filters == ALL


class ReadQuery(msgspec.Struct, frozen=True):
    """How what was typed was read."""

    query: SearchQuery
    readings: tuple[str, ...] = ()
    """Each filter in words: `model contains claude`."""
    problems: tuple[str, ...] = ()
    """What is wrong with filters that were passed over, a sentence each."""


class _WrongFilterError(Exception):
    """A filter has a value that it cannot have; the words say which it can."""


def split_words(text: str) -> tuple[str, ...]:
    """The words of a text that was typed, none of them a filter; a letter and its accents are one character."""
    return tuple(normalize("NFC", without_surrogates(text)).replace("\0", " ").split()[:MOST_WORDS])


_FILTER = lazy_pattern(r"([a-z]+)(:|>=?|<=?)(.*)", re.IGNORECASE)


def read_query(text: str, now: float) -> ReadQuery:
    """Read words and filters. `now` is in seconds since the epoch; days and weeks are those of the local time zone."""
    words: list[str] = []
    filters, readings, problems = ALL, list[str](), list[str]()
    for word in split_words(text):
        match = _FILTER.fullmatch(word)
        name = match[1].lower() + match[2][0] if match else ""
        if match is None or (name not in _READERS and not _is_mistyped(name)):
            words.append(word)
        elif name not in _READERS:
            problems.append(f"“{match[1]}{match[2]}” is no filter. Did you mean {_near(name)} ?")
        elif match[3]:
            try:
                filters, reading = _READERS[name](filters, match[3].lstrip("="), now)
            except _WrongFilterError as wrong:
                problems.append(f"“{word}” is passed over: {wrong}.")
            else:
                readings.append(reading)
    return ReadQuery(SearchQuery(tuple(words), filters), tuple(readings), tuple(problems))


def _is_mistyped(name: str) -> bool:
    """It is near the name of a filter, and nothing that is written with a colon otherwise (`std::vector`, a URL)."""
    return name.endswith(":") and bool(_near(name))


def _near(name: str) -> str:
    return nearest(name, [known for known in _READERS if known[-1] == name[-1]], least=0.75)


def day_from(text: str, now: float) -> date:
    """A day as people write it: `2026-11-23`, `2026-11`, `2026`, `today`, `yesterday`, `monday`, `7d`, `2w`.

    Raises:
        ValueError: it is none of these, or no day of the calendar.
    """
    today = local_moment(now).date()
    word = text.lower()
    if word in ("today", "yesterday"):
        return today - timedelta(days=word == "yesterday")
    if len(word) >= 3 and (weekday := _weekday(word)) is not None:
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    if match := re.fullmatch(r"(\d{1,4})([dwmy])", word):
        days = int(match[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[match[2]]
        return today - timedelta(days=min(days, today.toordinal() - 1))
    if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", word):
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    raise ValueError(text)


def _weekday(word: str) -> int | None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return next((at for at, day in enumerate(days) if day.startswith(word)), None)


def start_of(day: date) -> float:
    """The moment at which a day begins here, in seconds since the epoch."""
    try:
        return datetime(day.year, day.month, day.day).timestamp()
    except (ValueError, OverflowError):  # the first day of the calendar has none before it to compare with
        return (day.toordinal() - _EPOCH) * _DAY_S


def end_of(day: date) -> float:
    """The moment at which a day is over here, in seconds since the epoch."""
    return start_of(day + timedelta(days=1)) if day < date.max else start_of(day) + _DAY_S


_EPOCH = date(1970, 1, 1).toordinal()
_DAY_S = 24 * 60 * 60.0
DAYS = "a day is written 2026-11-23, monday, yesterday or 7d"
"""How a day may be written, for whoever wrote it otherwise."""


def _day(value: str, now: float) -> date:
    try:
        return day_from(value, now)
    except (ValueError, OverflowError):
        raise _WrongFilterError(DAYS) from None


def _words_for(day: date, now: float) -> str:
    words = f"{day:%a} {day.day} {day:%b}"
    return words if day.year == local_moment(now).year else f"{words} {day.year}"


def _model(filters: Filters, value: str, _: float) -> tuple[Filters, str]:
    models = (*filters.models, value.lower())
    return msgspec.structs.replace(filters, models=models), f"model contains {' or '.join(models)}"


def _since(filters: Filters, value: str, now: float) -> tuple[Filters, str]:
    day = _day(value, now)
    return msgspec.structs.replace(filters, since=start_of(day)), f"since {_words_for(day, now)}"


def _until(filters: Filters, value: str, now: float) -> tuple[Filters, str]:
    day = _day(value, now)
    return msgspec.structs.replace(filters, until=end_of(day)), f"until {_words_for(day, now)}"


_ROLES: Mapping[str, Role] = {
    "you": Role.USER,
    "me": Role.USER,
    "user": Role.USER,
    "model": Role.ASSISTANT,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "system": Role.SYSTEM,
}


def role_from(value: str) -> Role:
    """The role that a word names.

    Raises:
        ValueError: it names none; the words say which there are.
    """
    try:
        return _ROLES[value.lower()]
    except KeyError:
        raise ValueError("a role is you, assistant, tool or system") from None


def _role(filters: Filters, value: str, _: float) -> tuple[Filters, str]:
    try:
        role = role_from(value)
    except ValueError as error:
        raise _WrongFilterError(str(error)) from None
    words = {Role.USER: "said by you", Role.ASSISTANT: "said by a model", Role.TOOL: "a tool’s result"}
    return msgspec.structs.replace(filters, role=role), words.get(role, f"role {role}")


def _label(filters: Filters, value: str, _: float) -> tuple[Filters, str]:
    labels = (*filters.labels, value.removeprefix("#"))
    return msgspec.structs.replace(filters, labels=labels), f"label {' and '.join(labels)}"


def _in(filters: Filters, value: str, _: float) -> tuple[Filters, str]:
    if value.lower() not in ("title", "titles"):
        raise _WrongFilterError("it can only be in:title")
    return msgspec.structs.replace(filters, titles_only=True), "in titles"


def _archived(filters: Filters, value: str, _: float) -> tuple[Filters, str]:
    if value.lower() not in list(Shelf):
        raise _WrongFilterError("it is yes, no or all")
    shelf = Shelf(value.lower())
    words = {Shelf.USED: "not archived", Shelf.ARCHIVED: "archived", Shelf.ALL: "archived or not"}
    return msgspec.structs.replace(filters, shelf=shelf), words[shelf]


def _has(filters: Filters, value: str, _: float) -> tuple[Filters, str]:
    if value.lower() not in list(Having):
        raise _WrongFilterError("a message can have a picture, file, call or reasoning")
    has = (*filters.has, Having(value.lower()))
    return msgspec.structs.replace(filters, has=has), f"has {' and '.join(has)}"


def _dollars(value: str) -> Decimal:
    try:
        dollars = Decimal(value.removeprefix("$"))
    except InvalidOperation:
        raise _WrongFilterError("a cost is written 0.01") from None
    if not dollars.is_finite():
        raise _WrongFilterError("a cost is written 0.01")
    return dollars


def _cost_over(filters: Filters, value: str, _: float) -> tuple[Filters, str]:
    dollars = _dollars(value)
    return msgspec.structs.replace(filters, cost_over=dollars), f"cost over ${dollars}"


def _cost_under(filters: Filters, value: str, _: float) -> tuple[Filters, str]:
    dollars = _dollars(value)
    return msgspec.structs.replace(filters, cost_under=dollars), f"cost under ${dollars}"


_READERS: Mapping[str, Callable[[Filters, str, float], tuple[Filters, str]]] = {
    "model:": _model,
    "since:": _since,
    "until:": _until,
    "role:": _role,
    "label:": _label,
    "in:": _in,
    "has:": _has,
    "archived:": _archived,
    "cost>": _cost_over,
    "cost<": _cost_under,
}
FILTER_NAMES: tuple[str, ...] = tuple(_READERS)
"""As they are typed, with their sign."""
