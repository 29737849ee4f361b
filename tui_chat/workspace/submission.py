"""What becomes of a text that was submitted."""

import msgspec

from tui_chat.workspace.command import Command


class Sent(msgspec.Struct, frozen=True):
    """A turn is due: whoever follows the conversation runs it."""


class Queued(msgspec.Struct, frozen=True):
    """It waits in the outbox."""


class CommandGiven(msgspec.Struct, frozen=True):
    """It is a command, which the front end does."""

    command: Command
    arguments: str


class Refused(msgspec.Struct, frozen=True):
    """It cannot be taken now; the text is still the person's."""

    why: str


Submission = Sent | Queued | CommandGiven | Refused
