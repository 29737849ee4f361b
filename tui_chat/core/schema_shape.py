"""What a JSON Schema says of the members of an object and the items of an array, read once and without trust.

A schema comes from a file or from a stranger: each keyword may have any value. One whose value is none that the
specification (draft 2020-12, and from draft 6 on where they agree) knows makes the shape inexact: what it would have
said is not known, so nothing is called right because of it.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue

LONGEST_CHAIN: Final = 16
"""References that lead to each other."""

COMBINING: Final = ("allOf", "anyOf", "oneOf")
HARD: Final = frozenset(("not", "if", "then", "else", "$dynamicRef", "$recursiveRef", "$id", "extends", "disallow"))
"""Keywords that are left to a validator, of whatever they speak."""
HARD_OF_OBJECTS: Final = frozenset(
    (
        "patternProperties",
        "propertyNames",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedProperties",
    )
)
HARD_OF_ARRAYS: Final = frozenset(
    ("prefixItems", "additionalItems", "contains", "minContains", "maxContains", "unevaluatedItems")
)
OLD: Final = ("draft-03", "draft-04")
"""Words in `$schema` of drafts whose keywords mean something else."""

UNKNOWN: Final[JsonValue] = {"not": {}, "$comment": "unknown"}
"""A schema of which nothing is known."""
UNNAMED: Final[JsonValue] = {"not": {}, "$comment": "unnamed"}
"""The schema of a member whose name is not among those that are allowed; known by its identity."""


class Shape(msgspec.Struct, frozen=True):
    """Members and items that a schema allows."""

    properties: Mapping[str, JsonValue] = {}
    additional: JsonValue = True
    """Schema of members that are not named; False allows none."""
    required: tuple[str, ...] = ()
    items: JsonValue = True
    """Schema of each item."""
    least_members: float = 0
    most_members: float = float("inf")
    least_items: float = 0
    most_items: float = float("inf")
    is_exact: bool = True
    """It says all that the schema does; nothing is right without it."""
    combines: bool = False
    """The schema has `allOf`, `anyOf` or `oneOf`, too."""

    def member(self, name: str) -> JsonValue:
        """The schema of a member; `UNNAMED` where there may be none of that name."""
        return self.properties.get(name, UNNAMED if self.is_closed else self.additional)

    @property
    def is_closed(self) -> bool:
        """Only members that are named may come."""
        return self.additional is False


NO_SHAPE: Final = Shape(additional=UNKNOWN, items=UNKNOWN, is_exact=False)


def bound(schema: JsonObject, keyword: str) -> float | None:
    """A limit that a keyword sets; None where it sets none, or none that is a number."""
    value = schema.get(keyword)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_malformed(schema: JsonObject, *keywords: str) -> bool:
    """Say whether one of these limits is there and is no number."""
    return any(keyword in schema and bound(schema, keyword) is None for keyword in keywords)


def shape_of(schema: JsonValue) -> Shape:
    """Read a schema that is no reference."""
    if schema is True:
        return Shape()
    if not isinstance(schema, dict):
        return NO_SHAPE
    properties, required = schema.get("properties", {}), schema.get("required", [])
    items, unique = schema.get("items", True), schema.get("uniqueItems", False)
    is_exact = (
        isinstance(properties, dict)
        and isinstance(required, list)
        and all(isinstance(name, str) for name in required)
        and isinstance(items, dict | bool)
        and unique is False
        and isinstance(schema.get("additionalProperties", True), dict | bool)
        and not is_malformed(schema, "minProperties", "maxProperties", "minItems", "maxItems")
        and not (HARD | HARD_OF_OBJECTS | HARD_OF_ARRAYS).intersection(schema)
    )
    additional = schema.get("additionalProperties", True)
    if "patternProperties" in schema or not isinstance(additional, dict | bool) or not isinstance(properties, dict):
        additional = UNKNOWN
    infinite = float("inf")
    return Shape(
        properties if isinstance(properties, dict) else {},
        additional,
        tuple(name for name in required if isinstance(name, str)) if isinstance(required, list) else (),
        items if isinstance(items, dict | bool) and "prefixItems" not in schema else UNKNOWN,
        bound(schema, "minProperties") or 0,
        infinite if (most := bound(schema, "maxProperties")) is None else most,
        bound(schema, "minItems") or 0,
        infinite if (most := bound(schema, "maxItems")) is None else most,
        is_exact,
        any(keyword in schema for keyword in COMBINING),
    )


BESIDE: Final = frozenset(
    ("title", "description", "default", "examples", "$comment", "deprecated", "readOnly", "writeOnly", "$defs")
)
"""Keywords that may stand beside a reference and say nothing of what is valid."""


def referred(root: JsonValue, schema: JsonValue) -> tuple[JsonValue, bool]:
    """The schema that a reference leads to within the same document, and whether it alone counts; what cannot be
    followed is unknown."""
    is_alone = True
    for _ in range(LONGEST_CHAIN):
        if not isinstance(schema, dict) or "$ref" not in schema:
            return schema, is_alone
        is_alone = is_alone and schema.keys() <= BESIDE | {"$ref"}
        schema = _at(root, schema["$ref"])
    return UNKNOWN, False


def _at(root: JsonValue, reference: JsonValue) -> JsonValue:
    if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
        return UNKNOWN
    here = root
    for step in reference[2:].split("/") if len(reference) > 1 else ():
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(here, dict) and name in here:
            here = here[name]
        elif isinstance(here, list) and name.isdecimal() and len(name) < 6 and int(name) < len(here):
            here = here[int(name)]
        else:
            return UNKNOWN
        if isinstance(here, dict) and "$id" in here:
            return UNKNOWN  # what is below has another document as its base
    return here
