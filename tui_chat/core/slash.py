"""Which lines are commands: those that begin with one slash. Two slashes send the line as text with one."""

from typing import NamedTuple


class SlashLine(NamedTuple):
    """A line that asks for a command, whether there is one by this name or not."""

    name: str
    """As typed, without the slash."""
    arguments: str


def slash_line(text: str) -> SlashLine | None:
    """The command that a text asks for; None where it is a message. A name that goes on in another line is none that
    there can be."""
    if not text.startswith("/") or text.startswith("//"):
        return None
    name, _, arguments = text[1:].partition(" ")
    return SlashLine(name, arguments.strip())


def as_message(text: str) -> str:
    """What is sent of a text that is no command."""
    return text[1:] if text.startswith("//") else text


def typed_as_message(message: str) -> str:
    """How a message has to be typed so that it is no command: words from a command line are always a message."""
    return f"/{message}" if message.startswith("/") else message
