"""Arguments for a tool: a value that fits its JSON Schema and looks as if it came from the prompt.

Required fields are filled, and those that the prompt mentions; their names say what is wanted (a city, a query, a
date). Depth and size are limited, since a schema may refer to itself, and that several times over. A schema may have
any shape: a keyword whose value is none that the specification knows is taken as absent.
"""

import re
from fractions import Fraction
from math import isfinite

from tui_chat.core.jsonvalue import JsonObject, JsonValue

_MAX_DEPTH = 6
_MAX_VALUES = 1_000
_CITIES = (
    "Buenos Aires|Cape Town|Hong Kong|Los Angeles|Mexico City|New York|San Francisco|Amsterdam|"
    "Athens|Auckland|Bangkok|Barcelona|Beijing|Berlin|Bern|Bogota|Boston|Brussels|Budapest|Cairo|"
    "Chicago|Copenhagen|Delhi|Dubai|Dublin|Geneva|Hamburg|Helsinki|Istanbul|Jakarta|Kyiv|Kyoto|"
    "Lagos|Lima|Lisbon|London|Madrid|Melbourne|Miami|Milan|Montreal|Moscow|Mumbai|Munich|Nairobi|"
    "Naples|Osaka|Oslo|Paris|Porto|Prague|Rome|Santiago|Seattle|Seoul|Shanghai|Singapore|"
    "Stockholm|Sydney|Taipei|Tokyo|Toronto|Vancouver|Venice|Vienna|Warsaw|Zurich"
)
_CITY = re.compile(rf"\b({_CITIES})\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:in|for|at|near|of|to|about)\s+((?:[A-Z][\w'’-]+)(?:\s+[A-Z][\w'’-]+)*)")
_QUOTED = re.compile(r"[“\"'`]([^“”\"'`\n]{1,80})[”\"'`]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PATH = re.compile(r"[\w~./-]*[/.][\w./-]+")
_PLACE = re.compile(r"city|location|place|town|destination|where|region", re.IGNORECASE)
_QUERY = re.compile(r"query|^q$|search|text|question|prompt|input|message|topic|term|keyword|expression", re.IGNORECASE)
_ASKING = re.compile(
    r"^(please|can you|could you|search( the web)?( for)?|look up|find( out)?|tell me( about)?|what('s| is| are)"
    r"|show me|give me|the|weather( in)?|and|both|also|then)\b[\s,:]*",
    re.IGNORECASE,
)


def places(prompt: str) -> list[str]:
    """Find cities and other capitalised names that the prompt asks about, each once, in its order."""
    found = [(match.start(), match[1]) for match in _CITY.finditer(prompt)]
    cities = {name.lower() for _, name in found}
    found += [(match.start(1), match[1]) for match in _NAMED.finditer(prompt) if match[1].lower() not in cities]
    names: dict[str, str] = {}
    for _, name in sorted(found):
        names.setdefault(name.lower(), name if name[0].isupper() else name.title())
    return list(names.values())


def topic(prompt: str) -> str:
    """Find the subject of a search: the quoted words, else the prompt without words like “tell me about”."""
    if quoted := _QUOTED.search(prompt):
        return quoted[1].strip()
    text = prompt.strip().splitlines()[0] if prompt.strip() else ""
    while (shorter := _ASKING.sub("", text, count=1)) != text:
        text = shorter
    return text.strip(" ?!.,")[:120] or "tui-chat"


def fill(schema: JsonObject, prompt: str, subject: str = "") -> JsonObject:
    """Make arguments for an object schema; `subject` is the place or thing that this call is about."""
    value = _Filler(schema, prompt, subject).value(schema, "", 0)
    return value if isinstance(value, dict) else {}


class _Filler:
    def __init__(self, root: JsonObject, prompt: str, subject: str) -> None:
        self.root = root
        self.prompt = prompt
        self.subject = subject
        self._left = _MAX_VALUES

    def value(self, schema: JsonValue, name: str, depth: int) -> JsonValue:
        schema = self._resolved(schema)
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return None
        for keyword in ("const", "default"):
            if keyword in schema:
                return schema[keyword]
        options = schema.get("enum")
        if isinstance(options, list) and options:
            mentioned = (option for option in options if isinstance(option, str) and self._mentions(option))
            return next(mentioned, options[0])
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((one for one in kind if one != "null"), "null")
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "integer" | "number":
                return self._number(schema, is_whole=kind == "integer")
            case "boolean":
                return True
            case "null":
                return None
            case "string":
                return self._string(schema, name)
            case _:
                return self._object(schema, depth) if "properties" in schema or depth == 0 else self._string({}, name)

    def _resolved(self, schema: JsonValue) -> JsonObject:
        for _ in range(_MAX_DEPTH):
            if not isinstance(schema, dict):
                return {}
            reference = schema.get("$ref")
            branches = next((schema[key] for key in ("anyOf", "oneOf", "allOf") if schema.get(key)), None)
            if isinstance(reference, str):
                schema = self._at(reference)
            elif isinstance(branches, list) and "properties" not in schema:
                schema = next((one for one in branches if isinstance(one, dict) and one.get("type") != "null"), {})
            else:
                return schema
        return {}

    def _at(self, reference: str) -> JsonValue:
        here: JsonValue = self.root
        for step in reference.removeprefix("#").strip("/").split("/"):
            here = here.get(step) if isinstance(here, dict) else None
        return here

    def _object(self, schema: JsonObject, depth: int) -> JsonObject:
        properties = schema.get("properties")
        if not isinstance(properties, dict):
            return {}
        required = schema.get("required")
        wanted = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
        if not wanted:
            wanted = set(list(properties)[:1])
        wanted |= {name for name, one in properties.items() if self._is_mentioned(one)}
        return {name: self.value(one, name, depth + 1) for name, one in properties.items() if name in wanted}

    def _is_mentioned(self, schema: JsonValue) -> bool:
        options = schema.get("enum") if isinstance(schema, dict) else None
        return isinstance(options, list) and any(isinstance(one, str) and self._mentions(one) for one in options)

    def _mentions(self, word: str) -> bool:
        return bool(word) and re.search(rf"\b{re.escape(word)}\b", self.prompt, re.IGNORECASE) is not None

    def _array(self, schema: JsonObject, name: str, depth: int) -> JsonValue:
        items = schema.get("items")
        found = places(self.prompt)
        if _PLACE.search(name.rstrip("s").replace("citie", "city")) and len(found) > 1:
            return list(found)
        return [self.value(items, name, depth + 1)]

    def _number(self, schema: JsonObject, *, is_whole: bool) -> JsonValue:
        found = _NUMBER.search(self.prompt)
        number = Fraction(found[0]) if found and len(found[0]) < 16 else Fraction(3)
        if (low := _bound(schema.get("minimum"))) is not None:
            number = max(number, low)
        if (high := _bound(schema.get("maximum"))) is not None:
            number = min(number, high)
        return int(number) if is_whole or number.denominator == 1 else float(number)

    def _string(self, schema: JsonObject, name: str) -> str:
        match schema.get("format"):
            case "date":
                return "2027-01-01"
            case "date-time":
                return "2027-01-01T09:00:00Z"
            case "email":
                return "someone@example.org"
            case "uri" | "url":
                return "https://example.org/"
            case _:
                pass
        lowered = name.lower()
        if _PLACE.search(name):
            return self.subject or next(iter(places(self.prompt)), "Tokyo")
        if _QUERY.search(name):
            return topic(self.prompt)
        if "path" in lowered or "file" in lowered:
            found = _PATH.search(self.prompt)
            return found[0] if found else "README.md"
        if "url" in lowered:
            return "https://example.org/"
        if "date" in lowered or "day" in lowered:
            return "tomorrow" if self._mentions("tomorrow") else "today"
        if "unit" in lowered:
            return "fahrenheit" if self._mentions("fahrenheit") else "celsius"
        return self.subject or topic(self.prompt)


def _bound(value: JsonValue) -> Fraction | None:
    match value:
        case bool():
            return None
        case int():
            return Fraction(value)
        case float() if isfinite(value):
            return Fraction(value)
        case _:
            return None
