"""Rules of values, as TOML, JSON or a flag gives them: each returns the value as it is kept, None where it is not
allowed."""

import math
from collections.abc import Callable


def text(value: object) -> str | None:
    """Any text."""
    return value if isinstance(value, str) else None


def yes_or_no(value: object) -> bool | None:
    """A truth value, and no number."""
    return value if isinstance(value, bool) else None


class OneOf:
    """One of these words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def __call__(self, value: object) -> str | None:
        """The word, where it is one of them."""
        return value if isinstance(value, str) and value in self.words else None


def whole(low: int, high: int) -> Callable[[object], int | None]:
    """A whole number within bounds, which count."""
    return lambda value: (
        value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None
    )


def number(low: float, high: float) -> Callable[[object], float | None]:
    """A finite number within bounds, which count."""

    def accept(value: object) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            return None
        return float(value) if math.isfinite(value) else None

    return accept


def names(value: object) -> tuple[str, ...] | None:
    """A list of texts, none of them empty."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        return None
    return tuple(value)


def texts(most: int) -> Callable[[object], tuple[str, ...] | None]:
    """One text, or a list of one to so many, none of them empty."""

    def accept(value: object) -> tuple[str, ...] | None:
        read = names([value] if isinstance(value, str) else value)
        return read if read and len(read) <= most else None

    return accept
