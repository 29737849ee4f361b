"""Texts as the index of words is told them, and queries that fit: pure functions.

SQLite's tokenizer knows words of letters and digits between anything else. A script without spaces would be one endless
word, and signs nothing at all; so each character of such a script becomes a word of its own, and each sign that belongs
to a word or is code (`C++`, `foo::bar`, `->`) a character of the private area, which the tokenizer takes for a letter.
What was typed is put into the same form and looked for as a phrase. Punctuation of sentences is left out.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import filterfalse
from typing import Final

_WITHOUT_SPACES: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
_APART_ASCII: Final = re.compile(r"()[!-/:-@\[-^`{-~]+|_+")
"""What `_apart` finds in a text of ASCII, several times as fast. Repeating a class takes no memory; repeating a
choice takes some for every sign."""
_CODE_SIGNS: Final = "+#=&@$%*<>~^|\\/:_-"
_PRIVATE, _PRIVATE_SIZE = 0xE000, 0x1900

LEAST_BEGINNING: Final = 3
"""Letters from which on a word that was typed may be the beginning of one; the last word always may."""


@cache
def _apart() -> re.Pattern[str]:
    """Words without spaces between them, and signs; a pattern that takes milliseconds to make."""
    return re.compile(rf"([{_WITHOUT_SPACES}]+)|[^\w\s]+|_+")


def indexed_form(text: str) -> str:
    """The text as the index is told it."""
    pieces: list[str] = []
    done = 0
    for match in (_APART_ASCII if text.isascii() else _apart()).finditer(text):
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if (form := _words(match[1]) if match[1] else _form(match[0], before, after)) is not None:
            pieces += (text[done:start], form)
            done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _form(run: str, before: str, after: str) -> str | None:
    """A run of signs with those of them as words that belong to a word beside them, or are code; None where none is."""
    if before.isalnum() and after.isalnum():
        return _words(run)
    if before.isalnum():
        kept = len(run) - len(run.lstrip(_CODE_SIGNS))
        return _words(run[:kept]) + run[kept:] if kept else None
    if after.isalnum():
        kept = len(run.rstrip(_CODE_SIGNS))
        return run[:kept] + _words(run[kept:]) if kept < len(run) else None
    return _by_itself(run) or None


def _by_itself(run: str) -> str:
    """A run of signs that no word is beside: those of code where there are several (`->`, `==`)."""
    signs = "".join(sign for sign in run if sign in _CODE_SIGNS)
    return _words(signs) if len(signs) > 1 else ""


def _words(run: str) -> str:
    return f" {' '.join(map(_as_word, run))} "


def _as_word(character: str) -> str:
    if character.isalpha():
        return character
    return chr(_PRIVATE + ord(character) % _PRIVATE_SIZE)


def match_expression(words: Iterable[str]) -> str:
    """All of these words in the index's syntax; empty where none of them holds anything that is indexed. One letter
    behind other words, which almost every message has a word with, waits for the next."""
    forms = [form for word in words if (form := " ".join(_typed_form(word).split()))]
    if len(forms) > 1 and len(forms[-1]) == 1 and forms[-1].isascii():
        del forms[-1]
    return " ".join(
        f'"{form}"*' if at == len(forms) - 1 or len(form) >= LEAST_BEGINNING else f'"{form}"'
        for at, form in enumerate(forms)
    )


def _typed_form(word: str) -> str:
    """A word in the form of the index. One of signs alone is nothing there, unless it is code."""
    form = indexed_form(word)
    return "" if form is word and not any(map(str.isalnum, word)) else form.replace('"', " ")


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
