"""Whether a finished value fits a JSON Schema: the library's word, with three bounds of ours.

A schema may come from a stranger and the value from a model. So no reference leaves the schema, a value is small enough
to be looked through, and patterns, which can take for ever, have half a second of the processor.
"""

import json
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.sanitize import sanitize_line

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

TIME_S: Final = 0.5
"""Of the processor's time: a check that waits for a busy machine takes no longer by that."""
_RINGS_AGAIN_S: Final = 0.01
_INTERRUPTED: Final = frozenset({"jsonschema", "re", "referencing"})
"""Packages whose code may be broken off. What Python runs between two of their steps, such as the end of a weak
reference, would swallow the exception, and leave its own work half done."""
_LONGEST_MATCHED: Final = 10_000
"""Characters of a text that a pattern is tried on."""
_DIALECT: Final = "$schema"
_SHOWN: Final = 300


_BROKEN: Final = (RecursionError, ValueError, OverflowError, TypeError, LookupError, AttributeError, re.error)
"""What a validator raises at a schema whose referenced parts nobody has checked."""


class _TookTooLong(Exception):
    """The time is over."""


class _TextTooLong(Exception):
    """A text has a pattern, and is too long to be tried. Raised and not told as an error, which `not` would turn."""


def fault_of(value: JsonValue, schema: JsonObject) -> str:
    """What is wrong with the value, with its place; empty where it fits. A schema that is none fits nothing."""
    from jsonschema import SchemaError  # takes a tenth of a second, which only a call waits for
    from jsonschema.exceptions import UnknownType, best_match
    from jsonschema.validators import validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        kind = validator_for(schema)
        bounded = _bounded(kind)
        with _limited():
            _check(kind, json.dumps(schema))
            held = {name: held for name, held in schema.items() if name != _DIALECT}  # it would name the dialect anew
            _check_names(value, held)
            found = best_match(bounded(held, registry=Registry()).iter_errors(value))
    except SchemaError as error:
        return f"the schema itself is wrong: {sanitize_line(error.message, _SHOWN)}."
    except Unresolvable as error:
        return f"the schema refers to what it does not hold: {sanitize_line(str(error), _SHOWN)}."
    except _TookTooLong:
        return f"checking it took longer than {TIME_S:g} s."
    except _TextTooLong:
        return f"a text is longer than {_LONGEST_MATCHED} characters, too long for its pattern."
    except (*_BROKEN, UnknownType) as error:
        return f"the schema cannot be checked: {sanitize_line(str(error), _SHOWN)}."
    if found is None:
        return ""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in found.absolute_path)
    where = f"{sanitize_line(place.lstrip('.'), 100)}: " if place else ""
    return f"{where}{sanitize_line(found.message, _SHOWN)}."


def fault_of_schema(schema: JsonObject) -> str:
    """What is wrong with a schema itself; empty where nothing is."""
    from jsonschema import SchemaError
    from jsonschema.validators import validator_for

    try:
        with _limited():
            _check(validator_for(schema), json.dumps(schema))
    except SchemaError as error:
        return f"the schema itself is wrong: {sanitize_line(error.message, _SHOWN)}."
    except (_TookTooLong, *_BROKEN):
        return "the schema cannot be checked."
    return ""


@lru_cache(maxsize=32)
def _check(kind: "type[Validator]", schema: str) -> None:
    """Raise what is wrong with a schema, given as JSON. One that is right is remembered: all calls of its tool are held
    against it, at every look at them, and to look through it takes ten times as long."""
    kind.check_schema(json.loads(schema))


@cache
def _bounded(kind: "type[Validator]") -> "type[Validator]":
    """The validator of a dialect, which tries no pattern on a text that is too long for it."""
    from jsonschema import validators

    match = kind.VALIDATORS["pattern"]

    def pattern(validator: Any, expression: Any, instance: Any, schema: Any) -> Any:
        if isinstance(instance, str) and len(instance) > _LONGEST_MATCHED:
            raise _TextTooLong
        return match(validator, expression, instance, schema)

    bounded: type[Validator] = validators.extend(kind, {"pattern": pattern})  # type: ignore[no-untyped-call]
    return bounded


def _check_names(value: JsonValue, schema: JsonValue) -> None:
    """Raise where a member's name is too long for patterns of names; or a text, where a part of the schema is of a
    dialect of its own, in which patterns have no bound."""
    parts = [part for part in _all(schema) if isinstance(part, dict)]
    is_mixed = any(isinstance(part.get(_DIALECT), str) for part in parts)
    if any(map(_has_pattern, parts)) and any(len(text) > _LONGEST_MATCHED for text in _texts(value, all_=is_mixed)):
        raise _TextTooLong


def _has_pattern(held: JsonValue) -> bool:
    """It has a keyword of patterns, and not merely a member of that name."""
    return isinstance(held, dict) and (
        isinstance(held.get("pattern"), str) or isinstance(held.get("patternProperties"), dict)
    )


def _all(value: JsonValue) -> Iterator[JsonValue]:
    waiting = [value]
    while waiting:
        yield (held := waiting.pop())
        if isinstance(held, dict):
            waiting.extend(held.values())
        elif isinstance(held, list):
            waiting.extend(held)


def _texts(value: JsonValue, *, all_: bool) -> Iterator[str]:
    """The names of members, or all texts."""
    for held in _all(value):
        if isinstance(held, dict):
            yield from held
        elif all_ and isinstance(held, str):
            yield held


@contextmanager
def _limited() -> Iterator[None]:
    """Let what runs inside take no longer than its time. Python looks for signals while it matches, and takes them on
    the main thread alone; elsewhere only lengths are bounded."""
    if not hasattr(signal, "ITIMER_VIRTUAL") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        del number
        if frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _INTERRUPTED:
            raise _TookTooLong

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, TIME_S, _RINGS_AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)
