"""Texts as the index of words is told them, and queries that fit: pure functions.

SQLite's tokenizer knows words of letters and digits between anything else. A script without spaces would be one endless
word, and signs nothing at all; so each character of such a script becomes a word of its own, and each sign that belongs
to a word (`C++`, `foo::bar`, `get_weather`) a character of the private area, which the tokenizer takes for a letter.
What was typed is put into the same form and looked for as a phrase. Punctuation of sentences is left out.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import filterfalse
from typing import Final

_WITHOUT_SPACES: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
_CODE_SIGNS: Final = r"+#=&@$%*<>~^|\\/:_\-"
_SPACED: Final = re.compile(
    rf"[{_WITHOUT_SPACES}]"
    r"|(?<=[^\W_])(?:[^\w\s]|_)+(?=[^\W_])"  # between words, any sign
    rf"|(?<=[^\W_])[{_CODE_SIGNS}]+|[{_CODE_SIGNS}]+(?=[^\W_])"  # at one, those of code
)
_PRIVATE, _PRIVATE_SIZE = 0xE000, 0x1900

LEAST_BEGINNING: Final = 3
"""Letters from which on a word that was typed may be the beginning of one; the last word always may."""


def _spaced(match: re.Match[str]) -> str:
    return f" {' '.join(map(_as_word, match[0]))} "


def _as_word(character: str) -> str:
    if character.isalnum():
        return character
    return chr(_PRIVATE + ord(character) % _PRIVATE_SIZE)


def indexed_form(text: str) -> str:
    """The text as the index is told it."""
    return _SPACED.sub(_spaced, text)


def match_expression(words: Iterable[str]) -> str:
    """All of these words in the index's syntax; empty where none of them holds anything that is indexed."""
    forms = [form for word in words if (form := " ".join(_typed_form(word).split()))]
    return " ".join(
        f'"{form}"*' if at == len(forms) - 1 or len(form) >= LEAST_BEGINNING else f'"{form}"'
        for at, form in enumerate(forms)
    )


def _typed_form(word: str) -> str:
    """A word in the form of the index. One of signs alone is nothing there, unless they are signs of code."""
    spaced = indexed_form(word) if any(map(str.isalnum, word)) else _spaced_signs(word)
    return spaced.replace('"', " ")


def _spaced_signs(word: str) -> str:
    return " ".join(_as_word(sign) for sign in word if re.match(f"[{_CODE_SIGNS}]", sign))


def is_plain(word: str) -> bool:
    """One word of letters and digits, in a script with spaces."""
    return bool(re.fullmatch(r"[^\W_]+", word)) and not re.search(f"[{_WITHOUT_SPACES}]", word)


def matches(text: str, words: Iterable[str]) -> bool:
    """Whether every word is found in the text: the comparison that needs no index."""
    text = folded(text)
    return all(
        re.search("(?<![^\\W_])" + re.escape(folded(word)), text) if is_plain(word) else folded(word) in text
        for word in words
    )


def folded(text: str) -> str:
    """The text without the difference of case and of accents, as the index does without."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text)
    return "".join(filterfalse(unicodedata.combining, apart)).casefold()
