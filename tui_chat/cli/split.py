"""Sorts the words of a command line: options with their values, bare words, and what follows `--`.

The command is the first bare word, whatever options stand before it, so this is known before any parser is.
"""

from collections.abc import Sequence

import msgspec

from tui_chat.cli.flags import TAKES_VALUE


class Split(msgspec.Struct, frozen=True):
    """The words in three heaps, each in its order."""

    options: tuple[str, ...]
    bare: tuple[str, ...]
    """A command may be first among them."""
    literal: tuple[str, ...]
    """After `--`: never commands, never options."""


def split(words: Sequence[str]) -> Split:
    """Sort the words. An option that is not known takes no value."""
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
    """Whether the word after this option is its value: of `-cm`, short names in one word, the last may take one."""
    if word.startswith("--"):
        return TAKES_VALUE.get(word, False)
    for position, letter in enumerate(word[1:], 1):
        if TAKES_VALUE.get(f"-{letter}", False):
            return position == len(word) - 1
    return False
