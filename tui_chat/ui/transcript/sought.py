"""What a search in a transcript looks for: a phrase, as it is typed there, or any of the words of a wider search."""

import re
from typing import Final, NamedTuple

from tui_chat.core.found_words import words_pattern

_BETWEEN_WORDS: Final = r"[\s*_`~>|]+"
"""White space, or marks of Markdown that are not shown."""


Words = str | tuple[str, ...]
"""A phrase, or words of which any counts."""


class Sought(NamedTuple):
    """A pattern, with what tells quickly where it cannot be."""

    pattern: re.Pattern[str]
    needs: tuple[str, ...]
    """One of these stands wherever a match is."""
    is_lower: bool
    """Capitals do not matter; `needs` has none."""

    def may_be_in(self, piece: str) -> bool:
        """A plain search is many times faster than one without regard to capitals, and most pieces hold nothing."""
        looked_through = piece.lower() if self.is_lower else piece
        return any(word in looked_through for word in self.needs)


def sought_for(words: Words) -> Sought:
    """What these words look for."""
    return _phrase(words) if isinstance(words, str) else _any_of(words)


def _phrase(words: str) -> Sought:
    """These words one after the other. Capitals matter where there are any; any white space stands for any other."""
    is_lower = words == words.lower()
    parts = words.split() or [words]
    pattern = re.compile(_BETWEEN_WORDS.join(map(re.escape, parts)), re.IGNORECASE if is_lower else re.NOFLAG)
    return Sought(pattern, (max(parts, key=len),), is_lower)


def _any_of(words: tuple[str, ...]) -> Sought:
    """Any of these words, or a word that begins with it."""
    return Sought(words_pattern(words) or re.compile("(?!)"), tuple(word.lower() for word in words), True)
