"""Which lines are commands: those that begin with one slash and a name that a command could have.

A path (`/usr/bin/env is …`) or an expression (`/^a.*/`) is a message. `exit`, `quit` and `:q` alone leave, as in a
shell and an editor. Two slashes send the line as text with one; a space before one of those words sends the word.
"""

from typing import Final, NamedTuple

from tui_chat.core.lazy_pattern import lazy_pattern

LEAVING: Final = frozenset({"exit", "quit", ":q"})
"""Words that ask for `/quit` where nothing stands beside them."""
_NO_NAME: Final = lazy_pattern(r"\S*[^\w\s-]\w|\S*[^\w\s?!.,:;-]|\S*_")
"""The first word holds a sign that no command has: a second slash, say. A mark at its end may be a slip of the keys."""


class SlashLine(NamedTuple):
    """A line that asks for a command, whether there is one by this name or not."""

    name: str
    """As typed, without the slash."""
    arguments: str


def slash_line(text: str) -> SlashLine | None:
    """The command that a text asks for; None where it is a message. A name that goes on in another line is none that
    there can be."""
    if text.rstrip() in LEAVING:
        return SlashLine("quit", "")
    if not text.startswith("/") or text.startswith("//") or _NO_NAME.match(text, 1):
        return None
    name, _, arguments = text[1:].partition(" ")
    return SlashLine(name, arguments.strip())


def as_message(text: str) -> str:
    """What is sent of a text that is no command."""
    return text[1:] if text.startswith("//") or _is_leaving_word_apart(text) else text


def typed_as_message(message: str) -> str:
    """How a message has to be typed so that it is no command: words from a command line are always a message."""
    if message.rstrip() in LEAVING or _is_leaving_word_apart(message):
        return f" {message}"
    return f"/{message}" if message.startswith("/") else message


def _is_leaving_word_apart(text: str) -> bool:
    return text.startswith(" ") and text.strip() in LEAVING
