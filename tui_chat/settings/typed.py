"""A setting as a line of text: how its value is shown in a field, and what a line that is typed there means."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from tui_chat.core.budget import Budget
from tui_chat.core.errors import SettingsError
from tui_chat.settings.model import BY_KEY, SettingValue
from tui_chat.settings.rules import OneOf, yes_or_no
from tui_chat.settings.toml_text import NotTomlError, read_toml

BY_HAND: Final = frozenset({"gateway", "preset"})
"""Settings of many lines, which are changed in the file."""
TABLES: Final = frozenset({"keys", "provider"})
"""Tables of names, typed as `models = ctrl+l, f2; usage = f3`."""
NONE: Final = "none"
"""Takes a line out of a table: `month = none`."""
_TRUTHS: Final[Mapping[str, bool]] = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


def choices_of(key: str) -> tuple[str, ...]:
    """The words to choose from; none where anything may be typed."""
    rule = BY_KEY[key].rule
    if rule is yes_or_no:
        return ("off", "on")
    return rule.words if isinstance(rule, OneOf) else ()


def typed_setting(key: str, text: str) -> SettingValue:
    """The value that a line means; None, which is the default, where nothing stands there and nothing is no value.

    Raises:
        SettingsError: it is not allowed; the message says what is.
    """
    setting = BY_KEY[key]
    refused: SettingsError | None = None
    for offered in _meanings(key, text.strip()):
        try:
            return setting.accept(offered)
        except SettingsError as error:
            refused = error
    if not text.strip():
        return None
    if key in BY_HAND:
        raise SettingsError("is changed in the file", "Edit the file.")
    raise refused or SettingsError(f"must be {setting.allowed}", f"Give {key} {setting.allowed}.")


def typed_change(key: str, text: str, own: SettingValue) -> SettingValue:
    """The value that a line means, where the user's own file has another: what a line does not name of a table stays,
    and `none` takes out what it names.

    Raises:
        SettingsError: it is not allowed; the message says what is.
    """
    if key not in TABLES and key != "budget":
        return typed_setting(key, text)
    gone = [name for name, value in (_typed_budget(text) or {}).items() if value.lower() == NONE]
    kept = "; ".join(part for part in re.split(r"[;\n]", text) if part.partition("=")[2].strip().lower() != NONE)
    named = typed_setting(key, kept) if kept.strip() or not gone else None
    if isinstance(own, Budget) and (named is None or isinstance(named, Budget)):
        limits = dict(own.limits) | dict(named.limits if named is not None else ())
        return Budget(**{scope.value: limit for scope, limit in limits.items() if scope.value not in gone})
    if isinstance(own, Mapping) and (named is None or isinstance(named, Mapping)):
        held: dict[str, object] = {**own, **(named or {})}
        return BY_KEY[key].accept({name: value for name, value in held.items() if name not in gone})
    return named


def shown_setting(key: str, value: SettingValue) -> str:
    """A value as a line that means it again, not sanitised; empty for None."""
    match value:
        case None:
            return ""
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
        case Budget():
            return "; ".join(f"{scope.value} = {limit:f}" for scope, limit in value.limits)
        case tuple():
            parts = [" ".join(part) if isinstance(part, tuple) else part for part in value]
            shown = ", ".join(parts)
            return shown if _is_plain(parts) else json.dumps(list(value), ensure_ascii=False)
        case Mapping():
            if key in TABLES:
                lists = {action: held for action, held in value.items() if isinstance(held, tuple)}
                return "; ".join(f"{action} = {', '.join(held)}" for action, held in lists.items())
            return ", ".join(value)
        case _:
            return str(value)


def _is_plain(parts: list[str]) -> bool:
    """Whether a list with commas between its parts is read as the same list."""
    return not any("," in part or part != part.strip() or not part for part in parts) and (
        not parts or parts[0][0] not in '["'
    )


def _meanings(key: str, text: str) -> Iterator[object]:
    """What a line may mean; the setting's rule takes one of them."""
    if key in BY_HAND:
        return
    if BY_KEY[key].rule is yes_or_no:
        yield _TRUTHS.get(text.lower())
        return
    if key in TABLES or key == "budget":
        yield from _toml_table(text)
        yield _typed_table(text) if key in TABLES else _typed_budget(text)
        return
    yield text
    with suppress(ValueError, RecursionError):
        yield json.loads(text)
    parts = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
    if parts:
        yield parts
        yield [part.split() for part in parts]


def _toml_table(text: str) -> Iterator[dict[str, object]]:
    """A table as the file has it: `sort = "price"`, `{day = 3}`."""
    lines = f"table = {text}" if text.startswith("{") else text.replace(";", "\n")
    with suppress(NotTomlError):
        read = read_toml(lines, parse_float=str)
        table = read.get("table") if text.startswith("{") else read
        if isinstance(table, dict):
            yield table


def _typed_budget(text: str) -> dict[str, str] | None:
    """`day = 1; month = 20`; None where a part is no pair."""
    pairs = [part.partition("=") for part in text.replace("\n", ";").split(";") if part.strip()]
    return {name.strip(): amount.strip() for name, _, amount in pairs} if all(sign for _, sign, _ in pairs) else None


def _typed_table(text: str) -> dict[str, list[str]] | None:
    keys: dict[str, list[str]] = {}
    for part in text.replace("\n", ";").split(";"):
        if part.strip():
            action, sign, names = part.partition("=")
            keys[action.strip()] = [name.strip() for name in names.split(",") if name.strip()]
            if not sign or not action.strip():
                return None
    return keys
