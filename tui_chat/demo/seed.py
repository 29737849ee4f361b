"""Choices that look random and are not: the same prompt always gets the same answer."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def number(*words: str) -> int:
    """A number that depends on all the words."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode("utf-8", "replace")).digest()[:8])


def pick(choices: Sequence[T], *words: str) -> T:
    """One of the choices."""
    return choices[number(*words) % len(choices)]


def sample(choices: Sequence[T], size: int, *words: str) -> list[T]:
    """Some of the choices (all where there are fewer), in an order of their own."""
    order = sorted(range(len(choices)), key=lambda index: number(*words, str(index)))
    return [choices[index] for index in order[:size]]
