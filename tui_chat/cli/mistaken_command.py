"""Advice on a single word that looks like a mistyped command, so that it is not sent to a model as a prompt."""

from collections.abc import Iterable, Mapping
from typing import Final

from tui_chat.cli.commands import first_words
from tui_chat.core.nearest import nearest

_CLOSE: Final = 0.66
"""Least similarity, of 1: that of a word of three letters with two of them swapped."""

_ELSEWHERE: Final[Mapping[str, str]] = {
    "help": "did you mean `tui-chat --help`?",
    "version": "did you mean `tui-chat --version`?",
    "login": "set SOLROUTER_API_KEY, or connect in the chat.",
    "list": "did you mean `tui-chat history list`?",
    "doctor": "it is not there yet.",
    "serve": "it is not there yet.",
    "compare": "it is not there yet.",
    "replay": "it is not there yet.",
    "completions": "it is not there yet.",
}
"""Words that are commands of other programs, with the advice for each."""


def advice_for(word: str) -> str:
    """Say what was likely meant by a word that stands alone and is no command; empty where it is a prompt."""
    commands = first_words()
    lowered = word.lower()
    if lowered in _ELSEWHERE and lowered not in commands:
        return _ELSEWHERE[lowered]
    near = nearest_command(lowered, commands)
    return f"did you mean `tui-chat {near}`?" if near else ""


def nearest_command(word: str, names: Iterable[str]) -> str:
    """Find the name that was mistyped as `word`; empty where there is none. The word's first letter must be one of the
    name's first two: it is seldom mistyped, and words that merely share an ending, like story and history, stay apart.
    """
    return nearest(word, (name for name in names if word[:1] in name[:2]), least=_CLOSE)
