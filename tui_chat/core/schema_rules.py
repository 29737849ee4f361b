"""Whether a value meets a JSON Schema, in three words: right, wrong, or open where that is not certain.

Nothing is called right or wrong that a validator would call otherwise: keywords that are not understood here leave a
value open, and so does work without end (references in circles, patterns that take long). A scalar that is still
arriving is judged by what no further character can change. `schema_marks` follows a growing text with it.
"""

import json
import operator
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec.structs import replace

from tui_chat.core.json_levels import Kind, Tip
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.pattern_cost import found_in
from tui_chat.core.schema_shape import (
    COMBINING,
    HARD,
    NO_SHAPE,
    OLD,
    UNNAMED,
    Shape,
    bound,
    is_malformed,
    referred,
    shape_of,
)

DEEPEST: Final = 40
"""Schemas within each other that are followed."""
MOST_STEPS: Final = 200_000
"""Schemas that are looked at for one value."""
MOST_OPTIONS: Final = 1_000
"""Values of an enumeration that are compared."""
TYPES: Final = frozenset((*Kind, "integer"))
_LIMITS: Final = (
    ("minimum", "below {}", operator.lt),
    ("maximum", "above {}", operator.gt),
    ("exclusiveMinimum", "must be above {}", operator.le),
    ("exclusiveMaximum", "must be below {}", operator.ge),
)


class Verdict(StrEnum):
    """What is certain of a value."""

    RIGHT = "right"
    WRONG = "wrong"
    OPEN = "open"


class Judged(NamedTuple):
    """A verdict, and why."""

    verdict: Verdict
    why: str = ""
    """What is wrong, in a few words; not sanitised."""
    where: str = ""
    """Where within the value: `[3].name`; empty where it is the value itself."""

    def below(self, step: str) -> "Judged":
        """The same of the value that this one is in."""
        return self._replace(where=step + self.where) if self.verdict is Verdict.WRONG else self


RIGHT: Final = Judged(Verdict.RIGHT)
OPEN: Final = Judged(Verdict.OPEN)


class Whole(NamedTuple):
    """A value that is complete."""

    value: JsonValue


Subject = Whole | Tip
"""What is judged: a complete value, or what has come of one. An open container is a `Tip` of its kind."""


def wrong(why: str) -> Judged:
    """Say what is wrong."""
    return Judged(Verdict.WRONG, why)


class SchemaRules:
    """One schema, and all that it refers to in itself."""

    def __init__(self, schema: JsonObject) -> None:
        self.root: JsonObject = {name: value for name, value in schema.items() if name != "$id"}
        draft = schema.get("$schema")
        self._is_known = not (isinstance(draft, str) and any(word in draft for word in OLD))
        self._left = 0

    def shape(self, schema: JsonValue) -> Shape:
        """Members and items of a container."""
        target, is_alone = referred(self.root, schema)
        shape = shape_of(target) if self._is_known else NO_SHAPE
        return shape if is_alone else replace(shape, is_exact=False)

    def judge(self, schema: JsonValue, subject: Subject) -> Judged:
        """Judge a value, or what has come of one."""
        self._left = MOST_STEPS
        return self._judge(schema, subject, 0) if self._is_known else OPEN

    def ending(self, shape: Shape, container: JsonObject | list[JsonValue]) -> Judged:
        """Judge what only the end of a container tells: whether all that must be in it is there."""
        count = len(container)
        if isinstance(container, dict):
            for name in shape.required:
                if name not in container:
                    return wrong(f"{name} is missing")
            return _between(count, shape.least_members, shape.most_members, "member")
        return _between(count, shape.least_items, shape.most_items, "item")

    def _judge(self, schema: JsonValue, subject: Subject, depth: int) -> Judged:
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            return OPEN
        if schema is UNNAMED:
            return wrong("not in the schema")
        schema, is_alone = referred(self.root, schema)
        if schema is True:
            return RIGHT if is_alone else OPEN
        if schema is False:
            return wrong("nothing is allowed here")
        if not isinstance(schema, dict):
            return OPEN
        is_certain = is_alone and not HARD.intersection(schema)
        for judged in self._parts(schema, subject, depth):
            if judged.verdict is Verdict.WRONG:
                return judged
            is_certain = is_certain and judged.verdict is Verdict.RIGHT
        return RIGHT if is_certain else OPEN

    def _parts(self, schema: JsonObject, subject: Subject, depth: int) -> Iterator[Judged]:
        """Verdicts that must all be right."""
        yield _of_type(schema, subject)
        yield _of_options(schema, subject)
        if isinstance(subject, Tip):
            yield _of_open_string(schema, subject) if subject.kind is Kind.STRING else _of_other_tip(subject)
        elif isinstance(subject.value, str):
            yield _of_string(schema, subject.value)
        elif isinstance(subject.value, dict | list):
            yield from self._of_container(shape_of(schema), subject.value, depth)
        elif subject.value is not None and not isinstance(subject.value, bool):
            yield _of_number(schema, subject.value)
        for keyword in COMBINING:
            if keyword in schema:
                yield self._combined(keyword, schema[keyword], subject, depth)

    def _of_container(self, shape: Shape, container: JsonObject | list[JsonValue], depth: int) -> Iterator[Judged]:
        if not shape.is_exact:
            yield OPEN
        yield self.ending(shape, container)
        if isinstance(container, dict):
            for name, value in container.items():
                yield self._judge(shape.member(name), Whole(value), depth + 1).below(f".{name}")
        elif shape.items is not True:
            for index, value in enumerate(container):
                yield self._judge(shape.items, Whole(value), depth + 1).below(f"[{index}]")

    def _combined(self, keyword: str, branches: JsonValue, subject: Subject, depth: int) -> Judged:
        if not isinstance(branches, list) or not branches:
            return OPEN
        verdicts: list[Judged] = []
        for branch in branches:
            judged = self._judge(branch, subject, depth + 1)
            if keyword == "allOf" and judged.verdict is Verdict.WRONG:
                return judged
            if keyword == "anyOf" and judged.verdict is Verdict.RIGHT:
                return RIGHT
            verdicts.append(judged)
        count = [judged.verdict for judged in verdicts].count
        if keyword == "allOf":
            return RIGHT if count(Verdict.RIGHT) == len(verdicts) else OPEN
        if count(Verdict.WRONG) == len(verdicts):
            whys = list(dict.fromkeys(judged.why for judged in verdicts if not judged.where))
            return wrong(" and ".join(whys[:2]) if whys and len(whys) <= 2 else "none of what is allowed")
        if keyword == "oneOf" and isinstance(subject, Whole):
            if count(Verdict.RIGHT) > 1:
                return wrong("meets more than one of what is allowed")
            if count(Verdict.RIGHT) == 1 and count(Verdict.OPEN) == 0:
                return RIGHT
        return OPEN

    def expectation(self, schema: JsonValue) -> str:
        """What is wanted, in a few words: `"celsius" or "kelvin"`, `a number`; empty where that is not known."""
        schema, _ = referred(self.root, schema)
        if not isinstance(schema, dict):
            return ""
        options = _options(schema)
        if options:
            return _listed(options)
        kinds = _types(schema)
        return " or ".join(_NAMES[kind] for kind in kinds[:3]) if kinds else ""


_NAMES: Final = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def _types(schema: JsonObject) -> list[str] | None:
    """The types that are allowed; None where all are, or the keyword is none that is known."""
    given = schema.get("type")
    kinds = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    known = [kind for kind in kinds if isinstance(kind, str) and kind in TYPES]
    return known if known and len(known) == len(kinds) else None


def _of_type(schema: JsonObject, subject: Subject) -> Judged:
    if "type" not in schema:
        return RIGHT
    kinds = _types(schema)
    if kinds is None:
        return OPEN
    if kind_of(subject) in kinds:
        return RIGHT
    if "integer" in kinds and kind_of(subject) is Kind.NUMBER:
        if isinstance(subject, Tip):
            return OPEN
        if isinstance(subject.value, int) or (isinstance(subject.value, float) and subject.value.is_integer()):
            return RIGHT
    return wrong("must be " + " or ".join(_NAMES[kind] for kind in kinds[:3]))


def kind_of(subject: Subject) -> Kind:
    """The type of a value."""
    if isinstance(subject, Tip):
        return subject.kind
    match subject.value:
        case None:
            return Kind.NULL
        case bool():
            return Kind.BOOLEAN
        case int() | float():
            return Kind.NUMBER
        case str():
            return Kind.STRING
        case list():
            return Kind.ARRAY
        case _:
            return Kind.OBJECT


def _options(schema: JsonObject) -> list[JsonValue]:
    given = schema.get("enum")
    return [schema["const"]] if "const" in schema else given if isinstance(given, list) else []


def _of_options(schema: JsonObject, subject: Subject) -> Judged:
    if "enum" not in schema and "const" not in schema:
        return RIGHT
    options = _options(schema)
    if not options or len(options) > MOST_OPTIONS or ("enum" in schema and "const" in schema):
        return OPEN
    possible = [option for option in options if kind_of(Whole(option)) is kind_of(subject)]
    if isinstance(subject, Tip):
        if subject.kind is Kind.STRING:
            possible = [one for one in possible if isinstance(one, str) and _may_become(subject, one)]
        is_settled = False
    elif isinstance(subject.value, dict | list):
        is_settled = False
    else:
        possible = [option for option in possible if option == subject.value]
        is_settled = bool(possible)
    if not possible:
        return wrong(f"must be {_listed(options)}")
    return RIGHT if is_settled else OPEN


def _may_become(tip: Tip, option: str) -> bool:
    return len(option) >= tip.length and option.startswith(tip.head)


def _listed(options: list[JsonValue]) -> str:
    if len(options) > 4:
        return f"one of {len(options)} values"
    words = [json.dumps(option, ensure_ascii=False)[:40] for option in options]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _of_open_string(schema: JsonObject, tip: Tip) -> Judged:
    most, least = bound(schema, "maxLength"), bound(schema, "minLength")
    if most is not None and tip.length > most:
        return wrong(f"longer than {most:g} characters")
    is_bound = "pattern" in schema or "maxLength" in schema or is_malformed(schema, "minLength")
    return OPEN if is_bound or (least is not None and tip.length < least) else RIGHT


def _of_other_tip(tip: Tip) -> Judged:
    return OPEN if tip.kind is Kind.NUMBER else RIGHT


def _of_string(schema: JsonObject, value: str) -> Judged:
    judged = _between(len(value), bound(schema, "minLength"), bound(schema, "maxLength"), "character")
    if judged.verdict is Verdict.WRONG:
        return judged
    if "pattern" in schema:
        pattern = schema["pattern"]
        is_found = found_in(pattern, value) if isinstance(pattern, str) else None
        if is_found is False:
            return wrong(f"does not match {pattern}")
        if is_found is None:
            return OPEN
    return OPEN if is_malformed(schema, "minLength", "maxLength") else RIGHT


def _of_number(schema: JsonObject, value: int | float) -> Judged:
    for keyword, words, is_beyond in _LIMITS:
        limit = bound(schema, keyword)
        if limit is not None and is_beyond(value, limit):
            return wrong(words.format(f"{limit:g}" if isinstance(limit, float) else limit))
    if is_malformed(schema, *(keyword for keyword, _, _ in _LIMITS)):
        return OPEN
    step = schema.get("multipleOf")
    if step is None:
        return RIGHT if "multipleOf" not in schema else OPEN
    if not isinstance(step, int) or isinstance(step, bool) or step < 1 or not isinstance(value, int):
        return OPEN
    return wrong(f"must be a multiple of {step}") if value % step else RIGHT


def _between(count: int, least: float | None, most: float | None, noun: str) -> Judged:
    if most is not None and count > most:
        return wrong(f"more than {most:g} {noun}{'' if most == 1 else 's'}")
    if least is not None and count < least:
        return wrong(f"fewer than {least:g} {noun}{'' if least == 1 else 's'}")
    return RIGHT
