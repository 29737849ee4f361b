"""Splits the words of a command line: options with their values, bare words, and what follows `--`.

The subcommand is the first bare word, whatever options stand before it; so it is found before its parser is built.
"""

from collections.abc import Sequence

import msgspec

from tui_chat.cli.flags import TAKES_VALUE


class Split(msgspec.Struct, frozen=True):
    """The words of a command line in three groups, each in its order."""

    options: tuple[str, ...]
    """Options and their values."""
    bare: tuple[str, ...]
    """All other words before `--`; the first may be a subcommand."""
    literal: tuple[str, ...]
    """Words after `--`: never a subcommand, never an option."""


def split(words: Sequence[str]) -> Split:
    """Split the words. An unknown option takes no value."""
    options: list[str] = []
    bare: list[str] = []
    waits_for_value = False
    for position, word in enumerate(words):
        if waits_for_value:
            options.append(word)
            waits_for_value = False
        elif word == "--":
            return Split(tuple(options), tuple(bare), tuple(words[position + 1 :]))
        elif word.startswith("-") and word != "-":
            options.append(word)
            waits_for_value = _takes_next(word)
        else:
            bare.append(word)
    return Split(tuple(options), tuple(bare), ())


def _takes_next(word: str) -> bool:
    """Say whether the next word is the value of this one; of short options in one word, `-cm`, the last may take it."""
    if word.startswith("--"):
        return TAKES_VALUE.get(word, False)
    for position, letter in enumerate(word[1:], 1):
        if TAKES_VALUE.get(f"-{letter}", False):
            return position == len(word) - 1
    return False
