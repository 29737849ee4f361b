"""Whether a regular expression from outside can be tried on a text without taking for ever.

Nothing stops a search once it runs, so what could take long is not begun: the ways in which the pattern can match are
bounded from above, and more than `MOST_STEPS` of them are too many. What is not understood here is too much as well,
such as a repetition in a repetition, a look around, or a reference back.
"""

import re
import warnings
from functools import lru_cache
from typing import Final

MOST_STEPS: Final = 2_000_000
LONGEST_PATTERN: Final = 500
LONGEST_TEXT: Final = 100_000
FEW: Final = 8
"""Repetitions up to which a repeated group may be counted out."""

_COUNTED: Final = re.compile(r"\{(\d{0,4})(,?)(\d{0,4})\}")
_TOO_HARD: Final = re.compile(r"\(\?(?!:)|\\[1-9]|\\g|\(\?P=")


class _TooHard(Exception):
    """The pattern is not understood, or repeats what repeats."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern; None where it is too long or is none."""
    if len(pattern) > LONGEST_PATTERN:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a later version of Python may read otherwise
            return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


def found_in(pattern: str, text: str) -> bool | None:
    """Whether the pattern is found in the text; None where that cannot be said in a short time."""
    matcher = compiled(pattern)
    if matcher is None or len(text) > LONGEST_TEXT or steps(pattern, len(text)) > MOST_STEPS:
        return None
    return matcher.search(text) is not None


def steps(pattern: str, length: int) -> float:
    """A bound of the ways in which a pattern can be tried on a text of this length; infinite where none is known."""
    if _TOO_HARD.search(pattern.replace("\\\\", "")):
        return float("inf")
    try:
        ways, _ = _Ways(pattern, length + 1).alternatives(0)
    except _TooHard:
        return float("inf")
    return ways * (1 if pattern.startswith(("^", "\\A")) else length + 1) + length


class _Ways:
    """Reads a pattern and counts the ways in which each part of it can match."""

    def __init__(self, pattern: str, most: int) -> None:
        self._pattern = pattern
        self._most = most
        """What an unlimited repetition counts as."""

    def alternatives(self, at: int) -> tuple[float, int]:
        """Ways of `a|b|c`, and the place behind it: the end, or a closing bracket."""
        ways = 0.0
        while True:
            branch, at = self._sequence(at)
            ways += branch
            if at >= len(self._pattern) or self._pattern[at] != "|":
                return ways, at
            at += 1

    def _sequence(self, at: int) -> tuple[float, int]:
        ways = 1.0
        while at < len(self._pattern) and self._pattern[at] not in "|)":
            atom, is_group, at = self._atom(at)
            most, at = self._repeated(at)
            if most is not None:
                atom = self._times(atom, most, is_group=is_group)
            ways *= atom
            if ways > MOST_STEPS:
                raise _TooHard
        return ways, at

    def _atom(self, at: int) -> tuple[float, bool, int]:
        """Ways of one atom, whether it is a group, and the place behind it."""
        character = self._pattern[at]
        if character == "\\":
            return 1.0, False, at + 2
        if character == "[":
            return 1.0, False, self._behind_set(at + 1)
        if character != "(":
            return 1.0, False, at + 1
        ways, at = self.alternatives(at + (3 if self._pattern.startswith("(?:", at) else 1))
        if at >= len(self._pattern):
            raise _TooHard
        return ways, True, at + 1

    def _behind_set(self, at: int) -> int:
        at += self._pattern.startswith("^", at)
        at += self._pattern.startswith("]", at)
        while at < len(self._pattern) and self._pattern[at] != "]":
            at += 2 if self._pattern[at] == "\\" else 1
        return at + 1

    def _repeated(self, at: int) -> tuple[int | None, int]:
        """How often at most the atom before comes, None where it is not repeated; and the place behind."""
        character = self._pattern[at : at + 1]
        if character in ("*", "+"):
            most, at = self._most, at + 1
        elif character == "?":
            most, at = 1, at + 1
        elif character == "{" and (counted := _COUNTED.match(self._pattern, at)):
            low, comma, high = counted.groups()
            most = self._most if comma and not high else int(high or low or 0)
            at = counted.end()
            if not comma:
                return (None if most <= 1 else -most), at
        else:
            return None, at
        if self._pattern[at : at + 1] in ("?", "+"):
            at += 1
        return most, at

    def _times(self, atom: float, most: int, *, is_group: bool) -> float:
        """Ways of an atom that comes up to `most` times, or exactly `-most` times."""
        if not is_group:
            return 1.0 if most < 0 else min(most, self._most) + 1.0
        if abs(most) > FEW:
            raise _TooHard  # how a group is cut up into repetitions is not known here
        return atom ** abs(most) * (1 if most < 0 else most + 1)
