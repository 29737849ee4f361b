"""What becomes of a text that is submitted to the open conversation, and whether it is a command."""

from typing import TYPE_CHECKING

import msgspec

from tui_chat.core.slash import slash_line
from tui_chat.workspace.front_end import FrontEnd

if TYPE_CHECKING:
    from tui_chat.workspace.command import Command


class Sent(msgspec.Struct, frozen=True):
    """It is a message whose turn is due: the front end runs it."""


class Queued(msgspec.Struct, frozen=True):
    """It waits in the outbox."""


class CommandGiven(msgspec.Struct, frozen=True):
    """It is a command, for the front end to carry out."""

    command: "Command"
    arguments: str


class Refused(msgspec.Struct, frozen=True):
    """It cannot be taken now; the text stays with the person."""

    why: str


Submission = Sent | Queued | CommandGiven | Refused


def read_command(text: str, front_end: FrontEnd) -> CommandGiven | Refused | None:
    """The command that a text is, or why it is none that there is; None where it is a message."""
    if (line := slash_line(text)) is None:
        return None
    from tui_chat.workspace.command_table import find_command, unknown_command  # a message does without

    command = find_command(line.name, front_end)
    return Refused(unknown_command(line.name, front_end)) if command is None else CommandGiven(command, line.arguments)
