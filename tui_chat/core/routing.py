"""Which upstream providers a gateway shall use: the field `provider` of a request, an object of preferences.

It is kept as one free field of `Sampling`, so that whatever reads parameters keeps all of it; its preferences are
set, shown and merged one by one, each by a name such as `provider.order`. Source: OpenRouter on provider routing.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from tui_chat.core.jsonvalue import JsonObject, JsonValue, json_text

FIELD: Final = "provider"
PREFIX: Final = f"{FIELD}."


def preferences(text: str | None) -> JsonObject | None:
    """The preferences by their names; None where the text is not that of an object, as of a free field it may be."""
    try:
        value: JsonValue = msgspec.json.decode(text) if text else None
    except (msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def with_preference(text: str | None, name: str, value: JsonValue) -> str | None:
    """The field with another value of one preference, where None takes it away; None where none is left."""
    before = preferences(text) or {}
    after = {each: kept for each, kept in before.items() if each != name}
    if value is not None:
        after[name] = value
    return json_text(after) if after else None


def over(own: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Free fields, and where there is none of a name those of the other; of preferences each counts by itself."""
    both = {**other, **own}
    first, second = preferences(own.get(FIELD)), preferences(other.get(FIELD))
    if first is not None and second is not None:
        both[FIELD] = json_text({**second, **first})
    return both
