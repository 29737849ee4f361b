"""Fuzzy matching for every list that is filtered by typing: models, commands, conversations.

A query is words in any order. Each word must occur in the text, whole or as a subsequence, within its `Reach`; what
counts is where: whole words before beginnings of words before consecutive letters before scattered ones. A word with a
capital in it minds the case. The cost is a few searches in C per text, so a list of 20,000 can be ranked between two
keys.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from itertools import pairwise
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

CONSECUTIVE = 8
"""For each letter that follows the one before it."""
WORD_START = 10
"""For each letter at the beginning of a word."""
TEXT_START = 6
"""For a match at the very beginning."""
WHOLE = 12
"""For a query word that stands in the text in one piece."""
WHOLE_WORD = 8
"""On top of that, where the piece ends with a word."""
GAP = 1
"""Taken off for each letter left out between two matched ones, up to `LONGEST_GAP`."""
LONGEST_GAP = 12


class Match(NamedTuple):
    """How well a query matches, and which characters of the text it matched, in ascending order."""

    score: int
    positions: tuple[int, ...]


class Reach(Enum):
    """Where letters of a query word may stand."""

    LETTERS = "letters"
    """Anywhere, in their order: for ids and paths, which people shorten."""
    WORDS = "words"
    """In one piece, at beginnings of words, or in one word: for titles, where scattered letters are an accident."""
    BEGINNINGS = "beginnings"
    """In one piece at the beginning of a word: for sentences."""


class _Word:
    """One word of a query, prepared once for all texts."""

    def __init__(self, word: str, reach: Reach) -> None:
        self._reach = reach
        self.is_case_sensitive = word != word.lower()
        self.letters = word
        self._may_match = re.compile("".join(f"[^{re.escape(c)}]*{re.escape(c)}" for c in word), re.DOTALL)

    def match(self, text: str, lowered: str) -> Match | None:
        hay = text if self.is_case_sensitive else lowered
        if self._may_match.match(hay) is None:
            return None
        whole = self._whole(hay, text)
        if self._reach is Reach.BEGINNINGS:
            return whole if whole is not None and _starts_word(text, whole.positions[0]) else None
        if whole is not None:
            return whole
        is_any = self._reach is Reach.LETTERS
        readings = (each for each in self._scattered(hay, text) if is_any or _is_in_words(each, text))
        return max((_scored(each, text) for each in readings), key=lambda match: match.score, default=None)

    def _whole(self, hay: str, text: str) -> Match | None:
        """The best place where the word stands in one piece."""
        size = len(self.letters)
        best: Match | None = None
        start = hay.find(self.letters)
        while start >= 0:
            score = WHOLE + CONSECUTIVE * (size - 1)
            if _starts_word(text, start):
                score += WORD_START
                score += WHOLE_WORD if start + size == len(text) or _starts_word(text, start + size) else 0
                score += TEXT_START if start == 0 else 0
            if best is None or score > best.score:
                best = Match(score, tuple(range(start, start + size)))
            if best.score >= WHOLE + CONSECUTIVE * (size - 1) + WORD_START:
                break
            start = hay.find(self.letters, start + 1)
        return best

    def _scattered(self, hay: str, text: str) -> Iterator[tuple[int, ...]]:
        """Readings of the word as a subsequence: the tightest that ends first, and one that seeks beginnings."""
        end = -1
        for letter in self.letters:
            end = hay.index(letter, end + 1)
        backwards, at = [end], end
        for letter in reversed(self.letters[:-1]):
            at = hay.rindex(letter, 0, at)
            backwards.append(at)
        yield tuple(reversed(backwards))
        starts: list[int] = []
        at = -1
        for letter in self.letters:
            found = hay.find(letter, at + 1)
            if found < 0:
                return
            if found != at + 1 or at < 0:
                later = found
                while later >= 0 and not _starts_word(text, later):
                    later = hay.find(letter, later + 1)
                found = later if later >= 0 else found
            starts.append(at := found)
        yield tuple(starts)


def _starts_word(text: str, at: int) -> bool:
    here = text[at]
    if at == 0:
        return True
    before = text[at - 1]
    return (
        not before.isalnum()
        or (here.isupper() and not before.isupper())
        or (here.isdigit() != before.isdigit())
        or not here.isalnum()
    )


def _is_in_words(positions: tuple[int, ...], text: str) -> bool:
    """Every run of letters begins a word, or the first one does and no other word is reached."""
    first, last = positions[0], positions[-1]
    if not _starts_word(text, first):
        return False
    runs = (right for left, right in pairwise(positions) if right != left + 1)
    return all(_starts_word(text, at) for at in runs) or not any(
        _starts_word(text, at) for at in range(first + 1, last + 1)
    )


def _scored(positions: tuple[int, ...], text: str) -> Match:
    score = TEXT_START if positions[0] == 0 else 0
    score += WORD_START if _starts_word(text, positions[0]) else 0
    for left, right in pairwise(positions):
        if right == left + 1:
            score += CONSECUTIVE
        else:
            score -= GAP * min(right - left - 1, LONGEST_GAP)
            score += WORD_START if _starts_word(text, right) else 0
    return Match(score, positions)


def _lowered(text: str) -> str:
    """Lower case with every character in its place (a few letters become two when lowered)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _words(query: str, reach: Reach) -> tuple[_Word, ...]:
    return tuple(_Word(word, reach) for word in query.split())


def _match(words: tuple[_Word, ...], text: str) -> Match | None:
    lowered = _lowered(text)
    score = 0
    positions: tuple[int, ...] = ()
    for word in words:
        found = word.match(text, lowered)
        if found is None:
            return None
        score += found.score
        positions = found.positions if not positions else tuple(sorted({*positions, *found.positions}))
    return Match(score, positions)


def match(query: str, text: str, reach: Reach = Reach.LETTERS) -> Match | None:
    """How `query` matches `text`; None where it does not. An empty query matches everything alike."""
    return _match(_words(query, reach), text)


def rank(
    query: str, items: Iterable[Item], key: Callable[[Item], str], reach: Reach = Reach.LETTERS
) -> list[tuple[int, Item, tuple[int, ...]]]:
    """The items whose text matches, best first; of equals the shorter text, then the earlier item, comes first."""
    words = _words(query, reach)
    if not words:
        return [(0, item, ()) for item in items]
    found: list[tuple[int, int, int, Item, tuple[int, ...]]] = []
    for place, item in enumerate(items):
        text = key(item)
        if (hit := _match(words, text)) is not None:
            found.append((-hit.score, len(text), place, item, hit.positions))
    found.sort(key=lambda row: row[:3])
    return [(-score, item, positions) for score, _, _, item, positions in found]
