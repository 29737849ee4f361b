"""A secret that cannot be shown by mistake: an API key, or another value that only its gateway may see."""

import re
from typing import Final, Never

from tui_chat.core.errors import SettingsError
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.redact import remember

KEY_VARIABLE: Final = "SOLROUTER_API_KEY"
_LONGEST_KEY: Final = 4096
_BEARER = lazy_pattern(r"(?:authorization:\s*)?bearer(?:\s+|$)", re.IGNORECASE)
_NOT_FOR_HEADERS = lazy_pattern(r"[^\x21-\x7e]")


class SecretKey:
    """An API key, or a header's value. It cannot be printed, formatted, logged or pickled; only `reveal` returns it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        remember(text)

    def reveal(self) -> str:
        """Return the secret itself, for the header that carries it and for nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "SecretKey(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretKey) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> Never:
        raise TypeError("a key is not written anywhere")


def check_key(text: str) -> SecretKey | None:
    """Trim a key as it was typed or pasted; None where nothing is left.

    Raises:
        SettingsError: a header cannot carry it. The message never holds the key.
    """
    trimmed = _BEARER.sub("", text.strip(), count=1).strip().strip("\"'").strip()
    if not trimmed:
        return None
    advice = "Copy the key once more, without line breaks and without what stands around it."
    if len(trimmed) > _LONGEST_KEY:
        raise SettingsError("The key is too long to be one.", advice)
    if wrong := _NOT_FOR_HEADERS.search(trimmed):
        kind = "a space or a line break" if wrong[0].isspace() else "a character that no header can carry"
        raise SettingsError(f"The key contains {kind} (character {wrong.start() + 1}).", advice)
    return SecretKey(trimmed)
