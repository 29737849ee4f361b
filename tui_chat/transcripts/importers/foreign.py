"""Values of JSON that somebody else wrote, each taken for what it should be or for nothing."""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec

from tui_chat.core.errors import TranscriptError
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.moments import LATEST_TIME
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.usage import TokenCounts
from tui_chat.transcripts.soundness import refused

Object = dict[str, object]

_LARGEST_COUNT: Final = 2**53
_SECONDS_BELOW: Final = 1e11
"""Greater numbers are milliseconds, or less."""


def decoded(data: bytes | memoryview) -> object:
    """The value of a JSON text, as generously as it can be read.

    Raises:
        TranscriptError: it is none, or nested too deeply.
    """
    try:
        return msgspec.json.decode(data)
    except RecursionError:
        raise refused("it is nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError):
        pass
    try:  # halves of surrogate pairs, NaN, bytes that are no UTF-8
        return json.loads(bytes(data).decode("utf-8", "replace"))
    except RecursionError:
        raise refused("it is nested too deeply") from None
    except ValueError:
        raise refused("it is not JSON, or ends too early") from None


def elements(data: bytes | memoryview) -> tuple[list[msgspec.Raw | object], bool]:
    """The elements of a JSON array, and whether it breaks off behind them.

    Raises:
        TranscriptError: it is nested too deeply.
    """
    try:
        return list(msgspec.json.decode(data, type=list[msgspec.Raw])), False
    except RecursionError:
        raise refused("it is nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError):
        return _elements_before_the_break(bytes(data).decode("utf-8", "replace"))


def _elements_before_the_break(text: str) -> tuple[list[msgspec.Raw | object], bool]:
    found: list[msgspec.Raw | object] = []
    at = text.find("[") + 1
    decoder = json.JSONDecoder()
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if text[at : at + 1] == "]":
            return found, False
        try:
            value, at = decoder.raw_decode(text, at)
        except RecursionError:
            raise refused("it is nested too deeply") from None
        except ValueError:
            return found, True
        found.append(value)


def object_of(value: object) -> Object:
    """A JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects_in(value: object) -> Iterator[Object]:
    """The objects of a list; nothing for anything else."""
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())


def list_of(value: object) -> list[object]:
    """A JSON array; an empty one for anything else."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """A text; empty for anything else."""
    return without_surrogates(value) if isinstance(value, str) else ""


def first_text(*values: object) -> str:
    """The first of the values that is a text with something in it."""
    return next((text for value in values if (text := text_of(value)).strip()), "")


def count_of(value: object) -> int | None:
    """A count; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _LARGEST_COUNT else None


def number_of(value: object) -> float | None:
    """A finite number that is not negative; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def time_of(value: object) -> float | None:
    """Seconds since the epoch from a number of seconds, milliseconds or less, or from an ISO time; None for what is no
    time, zero included."""
    if isinstance(value, str):
        return _time_of_words(value)
    seconds = number_of(value)
    while seconds is not None and seconds >= _SECONDS_BELOW:
        seconds /= 1000
    return seconds or None


def _time_of_words(words: str) -> float | None:
    try:
        moment = datetime.fromisoformat(words.strip())
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds <= LATEST_TIME else None


def counts_of(prompt: object, completion: object, total: object = None, reasoning: object = None) -> TokenCounts | None:
    """Tokens of an answer; None where none is known."""
    counts = TokenCounts(count_of(prompt), count_of(completion), count_of(total), count_of(reasoning))
    return None if counts == TokenCounts() else counts


def written(value: object) -> str:
    """The JSON text of a value; empty where it has none."""
    try:
        return json_text(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return ""


def reason_of(error: TranscriptError) -> str:
    """Why something was refused, without the words before it."""
    return error.failure.message.removeprefix("This file cannot be imported: ")
