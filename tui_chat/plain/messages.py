"""Messages made of lines. One line is one message, with three exceptions.

A backslash at its end goes on in the next line; what stands between two lines of three quotes is one message; and lines
that arrived together, as those of a paste do, are one message. A command is always a line of its own.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from tui_chat.core.slash import slash_line
from tui_chat.workspace.command_table import find_command
from tui_chat.workspace.front_end import FrontEnd

FENCE: Final = '"""'


class Taken(NamedTuple):
    """A message, and the number of lines that it took."""

    text: str
    lines: int


def is_command(text: str) -> bool:
    """A line names a command that there is in plain mode."""
    line = slash_line(text)
    return line is not None and find_command(line.name, FrontEnd.PLAIN) is not None


def first_message(lines: Sequence[str], is_command: Callable[[str], bool]) -> Taken | None:
    """Read the first message in the lines that have arrived; None where it goes on in one that has not."""
    if not lines:
        return None
    if lines[0].lstrip().startswith(FENCE):
        return _fenced(lines)
    pieces: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.endswith("\\"):
            pieces.append(line[:-1])
            continue
        pieces.append(line)
        if number == len(lines) or is_command(pieces[0]) or _stands_alone(lines[number], is_command):
            return Taken("\n".join(pieces), number)
    return None


def _stands_alone(line: str, is_command: Callable[[str], bool]) -> bool:
    return is_command(line) or line.lstrip().startswith(FENCE)


def unfinished(lines: Sequence[str]) -> str:
    """Read what there is of a message whose end never came."""
    text = "\n".join(line.removesuffix("\\") for line in lines)
    return text.lstrip().removeprefix(FENCE).lstrip("\n") if text.lstrip().startswith(FENCE) else text


def _fenced(lines: Sequence[str]) -> Taken | None:
    pieces = [lines[0].lstrip().removeprefix(FENCE)]
    number = 1
    while not pieces[-1].rstrip().endswith(FENCE):
        if number == len(lines):
            return None
        pieces.append(lines[number])
        number += 1
    pieces[-1] = pieces[-1].rstrip().removesuffix(FENCE)
    return Taken("\n".join(pieces).strip("\n"), number)
