"""The finished arguments of a call against the whole schema of its tool, by a validator.

`core/schema_marks` judges what is certain while arguments arrive; what it leaves open is told here, once. The schema
may be a stranger's: no reference leaves it, patterns that could take long are not tried, and the work is bounded. It
takes up to a second: call it in a thread.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.pattern_cost import found_in

if TYPE_CHECKING:  # imported when the first call is checked
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

MOST_STEPS: Final = 300_000
"""Keywords that are looked at."""
MOST_FAULTS: Final = 20
LONGEST_WHY: Final = 200
"""Characters of what is said of a fault."""


class Checked(msgspec.Struct, frozen=True):
    """What a validator said of a value."""

    members: Mapping[str, str] = {}
    """Members that are at fault, and why; not sanitised."""
    whole: tuple[str, ...] = ()
    """Faults of the value as a whole; not sanitised."""


class _TooMuchWork(Exception):
    """The check is given up."""


def check(schema: JsonObject, value: JsonValue) -> Checked | None:
    """Validate a value; None where the schema is none that can be used, or the work would be too much."""
    try:
        return _sorted(_errors(schema, value))
    except Exception:  # noqa: BLE001 - a schema may be anything, and a validator fails on some in ways of its own
        return None


def _errors(schema: JsonObject, value: JsonValue) -> "Iterator[ValidationError]":
    from jsonschema.validators import Draft202012Validator, extend, validator_for
    from referencing import Registry

    kind = validator_for(schema, default=Draft202012Validator)
    left = [MOST_STEPS]
    keywords = {**kind.VALIDATORS, "pattern": _pattern, "patternProperties": _unsure, "uniqueItems": _unique}
    counted = {name: _counted(keyword, left) for name, keyword in keywords.items() if name in kind.VALIDATORS}
    if "patternProperties" in str(schema):
        raise _TooMuchWork  # its patterns run on names, in several keywords
    made: type[Validator] = extend(kind, counted)  # type: ignore[no-untyped-call]  # its stub says nothing
    return made(schema, registry=Registry()).iter_errors(value)  # a registry that is empty retrieves nothing


# What a validator hands to the function of a keyword is untyped: the validator, the keyword's value, the value that is
# judged, and the schema around the keyword.
Keyword = Callable[[Any, Any, Any, Any], "Iterator[ValidationError] | None"]


def _counted(keyword: Keyword, left: list[int]) -> Keyword:
    def count(validator: Any, given: Any, value: Any, schema: Any) -> "Iterator[ValidationError] | None":
        left[0] -= 1
        if left[0] < 0:
            raise _TooMuchWork
        return keyword(validator, given, value, schema)

    return count


def _pattern(validator: Any, pattern: Any, value: Any, _schema: Any) -> "Iterator[ValidationError]":
    from jsonschema.exceptions import ValidationError

    if validator.is_type(value, "string"):
        is_found = found_in(pattern, value) if isinstance(pattern, str) else None
        if is_found is None:
            raise _TooMuchWork
        if not is_found:
            yield ValidationError(f"does not match {pattern}")


def _unsure(_validator: Any, _given: Any, _value: Any, _schema: Any) -> "Iterator[ValidationError]":
    raise _TooMuchWork


def _unique(_validator: Any, given: Any, value: Any, _schema: Any) -> "Iterator[ValidationError]":
    from jsonschema.exceptions import ValidationError

    if given and isinstance(value, list) and len({_frozen(item) for item in value}) < len(value):
        yield ValidationError("has an item twice")


def _frozen(value: JsonValue) -> object:
    """A value that can be in a set, equal to those that JSON Schema calls equal."""
    if isinstance(value, dict):
        return dict, frozenset((name, _frozen(item)) for name, item in value.items())
    if isinstance(value, list):
        return list, tuple(map(_frozen, value))
    return (bool, value) if isinstance(value, bool) else value


def _sorted(errors: "Iterator[ValidationError]") -> Checked:
    members: dict[str, str] = {}
    whole: list[str] = []
    for count, error in enumerate(errors, 1):
        path = [str(step) for step in error.absolute_path]
        words = error.message[:LONGEST_WHY]
        if path:
            members.setdefault(path[0], f"{'.'.join(path[1:])}: {words}" if len(path) > 1 else words)
        elif error.validator not in ("required", "additionalProperties"):  # the marks have said so
            whole.append(words)
        if count >= MOST_FAULTS:
            break
    return Checked(members, tuple(whole))
