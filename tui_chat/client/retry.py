"""When to send a request again, and after how long: the service's own strategy, with jitter.

Source: the service's page on streaming, "Retry strategy": 0.5 s, doubling, three times, on network failures, 429 and
5xx. What the server asks for wins, in `Retry-After`, in its words or in the headers of its limits, unless it is
nonsense or more than a person would wait.
"""

import math
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import msgspec

from tui_chat.core.lazy_pattern import lazy_pattern


class RetryPolicy(msgspec.Struct, frozen=True):
    """How patiently to try again."""

    retries: int = 3
    """0 turns retries off."""
    first_s: float = 0.5
    longest_s: float = 8.0
    """Where the doubling ends."""
    longest_asked_s: float = 60.0
    """What a server may ask for; a longer wait is said instead of slept."""

    def delay_s(self, attempt: int, asked_s: float | None, jitter: float) -> float:
        """Seconds to wait before retry number `attempt` (from 1). `jitter` from 0 to 1 takes up to a quarter off a wait
        of our own; a wait that was asked for is kept to the letter."""
        if asked_s is not None:
            return asked_s
        wait_s = min(self.first_s * 2.0 ** min(attempt - 1, 30), self.longest_s)
        return wait_s * (1 - jitter / 4)


def asked_wait_s(headers: Mapping[str, str], now: float) -> float | None:
    """The wait that a server asks for, in seconds; None where it asks for none or for nonsense. `now` is in seconds
    since the epoch. LiteLLM renames the header of the provider behind it."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    for name in ("retry-after", "llm_provider-retry-after"):
        value = headers.get(name)
        if value is None:
            continue
        seconds = _number(value)
        if seconds is None:
            seconds = _until(value, now)
        if seconds is not None:
            return seconds
    return None


def reset_wait_s(headers: Mapping[str, str], now: float) -> float | None:
    """When the limit that was met is whole again, in seconds; None where no header says so.

    Several limits are told side by side (requests, tokens). Those count of which nothing is left, and of these the last
    to be renewed; where none is said to be empty, the first of all. Source: OpenAI's guide on rate limits, Groq's page
    on them, the IETF draft on RateLimit headers, Anthropic's reference.
    """
    from tui_chat.providers.limits_wire import read_reset_s  # many patterns, and few questions meet a limit

    empty: list[float] = []
    others: list[float] = []
    for name, value in headers.items():
        family = _RESET.fullmatch(name.lower())
        wait_s = read_reset_s(value, now) if family else None
        if family and wait_s is not None:
            left = headers.get(name.lower().replace("reset", "remaining"))
            (empty if left is not None and left.strip() in ("0", "0.0") else others).append(wait_s)
    return max(empty) if empty else min(others, default=None)


_RESET = lazy_pattern(r"(?:x-|anthropic-)?rate-?limit-(?:[a-z-]+-)?reset(?:-[a-z-]+)?")


def _number(text: str | None) -> float | None:
    if text is None or len(text) > 40:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0 else None


def _until(date: str, now: float) -> float | None:
    if len(date) > 100:
        return None
    try:
        seconds = parsedate_to_datetime(date).timestamp() - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if seconds > 0 else None
