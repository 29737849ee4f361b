"""A bare word that was meant as a command: it is said, and not sent to a model as a prompt."""

from collections.abc import Iterable, Mapping
from typing import Final

from tui_chat.cli.commands import first_words

_CLOSE: Final = 0.66
"""Of 1: two letters that changed places in a word of three are as far apart as this."""

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
"""Words that other programs have as commands, and what to do here."""


def advice_for(word: str) -> str:
    """What was likely meant by a word that stands alone and is no command; empty where it is a prompt."""
    commands = first_words()
    lowered = word.lower()
    if lowered in _ELSEWHERE and lowered not in commands:
        return _ELSEWHERE[lowered]
    near = nearest(lowered, commands)
    return f"did you mean `tui-chat {near}`?" if near else ""


def nearest(word: str, names: Iterable[str]) -> str:
    """The name that was mistyped as `word`, or empty. Its first letter is one of the first two: few mistype that one,
    and words that merely share an ending, like story and history, stay apart."""
    import difflib  # only where a word is no command

    likely = [name for name in names if word[:1] in name[:2]]
    return next(iter(difflib.get_close_matches(word, likely, n=1, cutoff=_CLOSE)), "")
