"""Pseudo-random choices, seeded by words, so that the same prompt always gets the same answer."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def number(*words: str) -> int:
    """Hash the words to a number."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode("utf-8", "replace")).digest()[:8])


def pick(choices: Sequence[T], *words: str) -> T:
    """Pick one of the choices."""
    return choices[number(*words) % len(choices)]


def sample(choices: Sequence[T], size: int, *words: str) -> list[T]:
    """Pick `size` of the choices (all where there are fewer), in random order."""
    order = sorted(range(len(choices)), key=lambda index: number(*words, str(index)))
    return [choices[index] for index in order[:size]]
