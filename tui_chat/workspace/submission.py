"""Outcomes of submitting a text to the open conversation."""

from typing import TYPE_CHECKING

import msgspec

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
