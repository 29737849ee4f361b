"""Pasted, edited and given text, cleaned of characters that cannot be typed."""

import asyncio
from typing import Final

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.sanitize import without_surrogates

SLICE: Final = 128 * 1024
"""Characters that are cleaned in one go."""

_NOT_TYPED: Final = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f]+")


def as_typed(text: str) -> str:
    """Clean a text: control characters go, line ends become newlines."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_TYPED.sub("", without_surrogates(text))


def all_as_typed(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """Clean the pieces of a draft that comes from a file."""
    return tuple(map(as_typed, pieces))


async def paste_as_typed(text: str) -> str:
    """Clean a text of megabytes as `as_typed` does, while the program goes on."""
    if len(text) <= SLICE:
        return as_typed(text)
    cleaned: list[str] = []
    start = 0
    while start < len(text):
        end = start + SLICE
        if text[end - 1 : end] in _HALVES:
            end += 1
        cleaned.append(as_typed(text[start:end]))
        start = end
        await asyncio.sleep(0)
    return "".join(cleaned)


_HALVES: Final = frozenset("\r") | frozenset(map(chr, range(0xD800, 0xDC00)))
"""Characters that belong together with the one after them."""
