"""Names of keys as people write them (`Ctrl+Shift+K`, `C-k`, `Esc`, `?`, `leader m`), made the names of Textual."""

import re
import unicodedata
from typing import Final

from textual.keys import KEY_NAME_REPLACEMENTS

from tui_chat.core.lazy_pattern import lazy_pattern

LEADER: Final = "leader "
"""The beginning of a pair's name: the leader key, then the one that follows."""

_ALIASES: Final = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown",
    "page_up": "pageup", "page_down": "pagedown", "spacebar": "space", "bs": "backspace", "newline": "ctrl+j",
    "control": "ctrl", "ctl": "ctrl", "c": "ctrl", "option": "alt", "opt": "alt", "m": "alt", "a": "alt",
    "s": "shift", "cmd": "super", "command": "super", "win": "super",
}  # fmt: skip
_MODIFIERS: Final = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
_NAMED: Final = frozenset(
    {"escape", "enter", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown", "up"}
    | {"down", "left", "right"}
    | {f"f{number}" for number in range(1, 36)}
)
_PAIR: Final = lazy_pattern(r"<?leader>?[ +]*(?P<rest>.+)", re.IGNORECASE)
_PUNCTUATION: Final = frozenset(
    KEY_NAME_REPLACEMENTS.get(name, name)
    for name in (unicodedata.name(chr(code)).lower().replace(" ", "_").replace("-", "_") for code in range(33, 127))
    if not name.startswith(("latin", "digit"))
)


def read_key(words: str) -> str | None:
    """The key's name in Textual's form, or `leader ` and such a name; None where there is no such key."""
    words = words.strip() or words
    if pair := _PAIR.fullmatch(words):
        key = read_key(pair["rest"])
        return LEADER + key if key and not key.startswith(LEADER) else None
    if len(words) == 1:
        return _character(words)
    separator = "-" if "+" not in words and re.match(r"(?i)(c|m|a|s|ctrl|alt|shift|super)-.", words) else "+"
    *held, last = words.rsplit(separator, 1) if not words.endswith(separator) else (words[:-2], separator)
    modifiers = {_ALIASES.get(name, name) for part in held for name in part.strip().lower().split(separator) if name}
    if not modifiers <= _MODIFIERS:
        return None
    last = last.strip()
    if len(last) == 1:
        if modifiers == {"shift"} and last.isalpha():
            return last.upper()
        key = _character(last.lower() if modifiers else last)
    else:
        name = last.lower().replace(" ", "_")
        key = _ALIASES.get(name, name)
        if key not in _NAMED and key not in _PUNCTUATION:
            return None
    return "+".join([*sorted(modifiers), key]) if key else None


def _character(character: str) -> str | None:
    if character.isalnum():
        return character
    if character == " ":
        return "space"
    if not character.isprintable() or not (name := unicodedata.name(character, "")):
        return None
    name = name.lower().replace(" ", "_").replace("-", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def known_names() -> tuple[str, ...]:
    """The names that can be suggested."""
    return (*sorted(_NAMED), *sorted(_PUNCTUATION), *sorted(_ALIASES))
