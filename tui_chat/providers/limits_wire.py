"""How long a refusal asks to wait, whether what it says will pass by waiting at all, and what is left of a limit.

`Retry-After` is read by the client; this is what stands in the body of a refusal, the forms of a duration, and the
headers that tell what is left. Sources:
OpenAI's guide on rate limits and its error codes, Google's `google.rpc.RetryInfo` and `QuotaFailure`, Groq's and
OpenRouter's pages on limits, Moonshot's and Zhipu's lists of error codes.
"""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from tui_chat.core.limits import LimitLeft

_MAX_DEPTH = 6
_MAX_ITEMS = 50

_MAX_LIMITS = 8

_REMAINING: Final = re.compile(
    r"(?:llm_provider-)?(?:x-|anthropic-)?rate-?limit-(?:([a-z-]{1,40})-)?remaining(?:-([a-z-]{1,40}))?"
)
"""A header with what is left of one limit. LiteLLM puts a name before those of the provider behind it; where it has
a limit of its own by the same name, that comes first."""
_COUNT: Final = re.compile(r"(\d{1,15})(?:\.0+)?", re.ASCII)
_EACH: Final = re.compile(r" (minute|day)\Z")
_NAMED_IN_ONE: Final = re.compile(r"\b(remaining|limit|reset|r|q|t) ?= ?(\d{1,15})\b", re.ASCII)

_UNITS_S: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_UNIT = r"ms|milliseconds?|hours?|hrs?|h|days?|d|minutes?|mins?|m|seconds?|secs?|s"
_PIECE = re.compile(rf"(\d{{1,12}}(?:\.\d{{1,12}})?) ?({_UNIT})(?=$|[^a-z])", re.IGNORECASE)
_DURATION = rf"(?:\d{{1,12}}(?:\.\d{{1,12}})? ?(?:{_UNIT})(?=$|[^a-z])[ ,]{{0,2}}){{1,4}}"
_TOLD = re.compile(rf"\b(?:again|retry|wait|resets?|available)\b\D{{0,30}}?({_DURATION})", re.IGNORECASE)
"""A wait in words: "Please try again in 6m1.2s", "retry after 20 seconds"."""

_WAIT_NAMES: Final = {"retrydelay": 1.0, "retryafter": 1.0, "retryafterseconds": 1.0, "retryafterms": 0.001}
"""Fields that hold a wait, in small letters alone, and what one of their units is in seconds."""

_NO_BALANCE: Final = frozenset(
    {
        "insufficientquota",  # OpenAI
        "insufficientbalance",  # the service, DeepSeek
        "insufficientuserquota",  # one-api and what was made of it
        "insufficientcredits",
        "insufficientfunds",
        "exceededcurrentquota",  # Moonshot
        "billingnotactive",  # OpenAI
        "billinghardlimitreached",  # OpenAI
        "paymentrequired",
        "creditbalancetoolow",
        "quotaexhausted",
        "1113",  # Zhipu
    }
)
"""`type` and `code` of a refusal that only money ends, in small letters alone and without "error" at the end."""
_NO_BALANCE_WORDS = re.compile(
    r"insufficient (?:account )?(?:balance|credits?|funds)|(?:balance|credits?) (?:is|are|has|have)?\b.{0,20}"
    r"(?:too low|not enough|insufficient|exhausted|depleted|used up|run out|empty)|out of credits|"
    r"not enough (?:balance|credits?|funds)|top up (?:your|the)|please recharge|余额不足|欠费",
    re.IGNORECASE,
)
_DAILY = re.compile(r"per[-_ ]?day|\bdaily\b|\b[RT]PD\b|/ ?day\b|24[- ]hours?", re.IGNORECASE)
_DAILY_QUOTA = re.compile(r"per_?day|daily", re.IGNORECASE)
_PATIENCE_S: Final = 60.0
"""A wait up to here is worth it also where a day's quota is named: Groq's refill all the time."""


class Limit(Enum):
    """Which limit a 429 is about."""

    PASSING = auto()
    """It passes by waiting a little."""
    DAILY = auto()
    """The quota of a day: a little does not help."""
    BALANCE = auto()
    """There is nothing left to pay with."""


def limit_of(value: object, words: str, *names: str | None) -> Limit:
    """Which limit a refusal means: its body, its message, and its `type` and `code`."""
    if any(_letters(name) in _NO_BALANCE for name in names if name):
        return Limit.BALANCE
    wait_s = told_wait_s(value, words)
    if any(_DAILY_QUOTA.search(text) for text in _quotas(value, 0)):
        return Limit.DAILY
    if any(_DAILY.search(text) for text in (words, *names) if text):
        return Limit.PASSING if wait_s is not None and wait_s <= _PATIENCE_S else Limit.DAILY
    if wait_s is None and _NO_BALANCE_WORDS.search(words):
        return Limit.BALANCE
    return Limit.PASSING


def told_wait_s(value: object, words: str) -> float | None:
    """The wait that a refusal's body or words ask for, in seconds; None where they ask for none."""
    in_body = next(_waits(value, 0), None)
    if in_body is not None:
        return in_body
    told = _TOLD.search(words[:2000])
    return read_duration_s(told[1]) if told else None


def read_duration_s(text: str) -> float | None:
    """`6.2s`, `1m30s`, `120ms`, `2 minutes`, or a bare number of seconds; None where it is none, or no time at all."""
    text = text.strip().rstrip(".,")
    if len(text) > 60:
        return None
    pieces = _PIECE.findall(text)
    if pieces:
        return _sensible(sum(float(number) * _unit_s(unit.lower()) for number, unit in pieces))
    try:
        return _sensible(float(text))
    except ValueError:
        return None


def read_reset_s(text: str, now: float) -> float | None:
    """When a limit is whole again, in seconds from `now` (since the epoch): as a duration, as a point in time in
    seconds or milliseconds, or as a date. None where it is none of these, or over."""
    number = read_duration_s(text)
    if number is None:
        try:
            return _sensible(datetime.fromisoformat(text.strip()).timestamp() - now)
        except (ValueError, OverflowError, OSError):
            return None
    if number > 1e11:
        number /= 1000
    return _sensible(number - now) if number > 1e8 else number


def read_limits(headers: Mapping[str, str], now: float) -> tuple[LimitLeft, ...]:
    """What the headers of an answer say is left of its limits, in their order; `now` as in `read_reset_s`.

    Sources: OpenAI's guide on rate limits, Groq's and Cerebras' pages on them, Anthropic's reference, and the IETF
    draft on RateLimit fields, in its older form (`ratelimit-remaining`) and its newer (`ratelimit: "name";r=9;t=30`).
    """
    found: dict[str, LimitLeft] = {}
    for name in sorted(headers, key=lambda name: name.startswith("llm_provider-")):
        limit = _limit(name.lower(), headers, now)
        if limit is not None:
            found.setdefault(limit.what, limit)
    return tuple(found.values())[:_MAX_LIMITS]


def _limit(name: str, headers: Mapping[str, str], now: float) -> LimitLeft | None:
    """The limit of which a header says what is left; None where it is no such header, or no number."""
    if name == "ratelimit":
        told = dict(reversed(_NAMED_IN_ONE.findall(headers[name][:500])))
        policy = dict(reversed(_NAMED_IN_ONE.findall(headers.get("ratelimit-policy", "")[:500])))
        left = _count(told.get("r") or told.get("remaining") or "")
        of = _count(told.get("limit") or policy.get("q") or "")
        reset_s = read_duration_s(told.get("t") or told.get("reset") or "")
        return None if left is None else LimitLeft("requests", left, of, reset_s)
    family = _REMAINING.fullmatch(name)
    left = _count(headers[name]) if family else None
    if family is None or left is None:
        return None
    what = " ".join(word for word in family.groups() if word).replace("-", " ") or "requests"
    what = _EACH.sub(r" a \1", what)
    whole, reset = (headers.get(word.join(name.rsplit("remaining", 1)), "") for word in ("limit", "reset"))
    return LimitLeft(what, left, _count(whole), read_reset_s(reset, now))


def _count(text: str) -> int | None:
    number = _COUNT.fullmatch(text.strip())
    return int(number[1]) if number else None


def _unit_s(unit: str) -> float:
    return _UNITS_S["ms" if unit.startswith(("ms", "milli")) else unit[0]]


def _sensible(seconds: float) -> float | None:
    return round(seconds, 6) if math.isfinite(seconds) and 0 < seconds < 1e13 else None


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("error")


def _waits(value: object, depth: int) -> Iterator[float]:
    """Every wait under a name of its own, the outermost first."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:_MAX_ITEMS]:
            yield from _waits(item, depth + 1)
    if not isinstance(value, dict):
        return
    for name, inner in list(value.items())[:_MAX_ITEMS]:
        unit_s = _WAIT_NAMES.get(_letters(name)) if isinstance(name, str) else None
        wait_s = _field_s(inner, unit_s) if unit_s is not None else None
        if wait_s is not None:
            yield wait_s
    for inner in list(value.values())[:_MAX_ITEMS]:
        yield from _waits(inner, depth + 1)


def _field_s(value: object, unit_s: float) -> float | None:
    """A wait as a number, a text, or `{"seconds": 6, "nanos": 200000000}`."""
    if isinstance(value, str):
        seconds = read_duration_s(value)
        return seconds if seconds is None or not _is_number(value) else _sensible(seconds * unit_s)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _sensible(float(value) * unit_s)
    if isinstance(value, dict):
        seconds, nanos = value.get("seconds", 0), value.get("nanos", 0)
        if isinstance(seconds, int | str) and isinstance(nanos, int) and _is_number(str(seconds)):
            return _sensible(float(seconds) + nanos / 1e9)
    return None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*\d{1,12}(\.\d{1,12})?\s*", text, re.ASCII) is not None


def _quotas(value: object, depth: int) -> Iterator[str]:
    """The ids of the quotas that Google names as used up."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:_MAX_ITEMS]:
            yield from _quotas(item, depth + 1)
    elif isinstance(value, dict):
        if isinstance(id_ := value.get("quotaId"), str):
            yield id_[:200]
        for inner in list(value.values())[:_MAX_ITEMS]:
            yield from _quotas(inner, depth + 1)
