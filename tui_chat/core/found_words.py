"""Where the words of a search stand in a text, to be marked: from a word's beginning, whatever the case and accents.

Case and accents are folded letter by letter, so that every place counts in the text as it is shown.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """Characters of a text, the end not among them."""

    start: int
    end: int


def found_words(text: str, words: Sequence[str]) -> list[Span]:
    """The places of the words, from left to right; none overlaps another."""
    pattern = words_pattern(words)
    if pattern is None:
        return []
    folded, places = _folded(text)
    return [
        Span(places[match.start()], places[match.end()])
        for match in pattern.finditer(folded)
        if places[match.start()] < places[match.end()]
    ]


def words_pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Any of the words, the longest first, in folded text; None where there is none. A word of letters and digits is
    found where one begins, anything else everywhere."""
    folded = sorted({_folded(word)[0] for word in words} - {""}, key=lambda word: -len(word))
    if not folded:
        return None
    return re.compile(
        "|".join(("(?<![^\\W_])" if _is_plain(word) else "") + re.escape(word) for word in folded), re.IGNORECASE
    )


def _is_plain(word: str) -> bool:
    """Letters and digits of a script with spaces between its words."""
    return bool(re.fullmatch(r"[^\W_]+", word)) and all(ord(letter) < 0x0E00 for letter in word)


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text without case and accents, and for each of its characters, and its end, the place in the text."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    folded: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        plain = character if character.isascii() else unicodedata.normalize("NFD", character)
        kept = [each for each in plain.casefold() if not unicodedata.combining(each)]
        folded += kept
        places += [at] * len(kept)
    places.append(len(text))
    return "".join(folded), places
