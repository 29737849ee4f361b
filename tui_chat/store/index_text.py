"""Texts as the index of words is told them, and queries that fit: pure functions.

SQLite's tokenizer knows words of letters and digits between anything else. A script without spaces would be one endless
word, and signs nothing at all; so each character of such a script becomes a word of its own, and each sign that belongs
to a word or is code (`C++`, `foo::bar`, `->`) a character of the private area, which the tokenizer takes for a letter.
What was typed is put into the same form and looked for as a phrase. Punctuation of sentences is left out. A letter and
its accents are one character, also where they came as several (names of files on macOS, words out of PDFs).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import filterfalse
from string import punctuation
from typing import Final

_WITHOUT_SPACES: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
_CODE_SIGNS: Final = "+#=&@$%*<>~^|\\/:_-"
_CODE: Final = re.escape(_CODE_SIGNS.replace("_", ""))
_SHORT_RUN: Final = 8
_PRIVATE, _PRIVATE_SIZE = 0xE000, 0x1900


# Patterns of wide classes take milliseconds to make, which no start waits for.


@cache
def apart() -> re.Pattern[str]:
    """Runs of words without spaces between them (its group), and of signs."""
    return re.compile(rf"([{_WITHOUT_SPACES}]+)|[^\w\s]+|_+")


@cache
def _any_without_spaces() -> re.Pattern[str]:
    return re.compile(f"[{_WITHOUT_SPACES}]")


@cache
def _signs() -> re.Pattern[str]:
    return _differing(r"[\W_](?<!\s)", r"^\w\s", rf"^\w\s{_CODE}", r"^\W_")


@cache
def _signs_ascii() -> re.Pattern[str]:
    prose = re.escape("".join(sign for sign in punctuation if sign not in _CODE_SIGNS))
    return _differing(r"[!-/:-@\[-`{-~]", r"!-/:-@\[-^`{-~", prose, "0-9A-Za-z")


def _differing(first: str, sign: str, prose: str, letter: str) -> re.Pattern[str]:
    """Finds the runs of signs whose form differs from them, and few others: most signs of a text stand behind a word
    and before a space, and a match costs far more than none. `first` matches the character that a run begins with; the
    others are classes: of all signs, of those that are no code, and of what words are made of.

    A pattern that begins with a class is found several times as fast as one with a choice or a group there. A class is
    repeated without a way back: nothing is looked at twice, and no sign takes memory.
    """
    begins = rf"{first}(?<![{sign}][{sign}])"
    is_code = rf"(?<=[{_CODE}])[{sign}]*+|[{prose}]*+[{_CODE}][{sign}]*+"
    return re.compile(rf"{begins}(?:(?<=_)_*+|{is_code}|(?<=[{letter}].)[{prose}]*+(?=[{letter}]))")


LEAST_BEGINNING: Final = 3
"""Letters from which on a word that was typed may be the beginning of one; the last word always may."""


def indexed_form(text: str) -> str:
    """The text as the index is told it."""
    if text.isascii():
        return with_forms(text, _signs_ascii())
    text = composed(text)
    return with_forms(text, apart() if _any_without_spaces().search(text) else _signs())


def composed(text: str) -> str:
    """The text with each letter and its accents as one character, where there is one."""
    return unicodedata.normalize("NFC", text)


def is_composed(text: str) -> bool:
    """Whether `composed` leaves it as it is."""
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def with_forms(text: str, pattern: re.Pattern[str]) -> str:
    """The text with what the pattern finds in its form. `apart` finds all that has one, in any text; others find the
    same for less."""
    pieces: list[str] = []
    done = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        follows, leads = text[start - 1 : start].isalnum(), text[end : end + 1].isalnum()
        run = match[0]
        form_of = _form if len(run) > _SHORT_RUN else _known_form
        if (form := _words(run) if pattern is apart() and match[1] else form_of(run, follows, leads)) is not None:
            pieces += (text[done:start], form)
            done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _form(run: str, follows: bool, leads: bool) -> str | None:
    """A run of signs, which a word may stand before or behind, with those of them as words that belong to a word beside
    them, or are code; None where none is."""
    if follows and leads:
        return _words(run)
    if follows:
        kept = len(run) - len(run.lstrip(_CODE_SIGNS))
        return _words(run[:kept]) + run[kept:] if kept else None
    if leads:
        kept = len(run.rstrip(_CODE_SIGNS))
        return run[:kept] + _words(run[kept:]) if kept < len(run) else None
    return _by_itself(run) or None


_known_form = lru_cache(2048)(_form)
"""The same of a short run: texts have few of them, over and over."""


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
    return "" if form == composed(word) and not any(map(str.isalnum, word)) else form.replace('"', " ")


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
