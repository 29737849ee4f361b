"""What becomes of a text that was submitted."""

import msgspec

from tui_chat.core.slash import SlashLine


class Sent(msgspec.Struct, frozen=True):
    """A turn is due: whoever follows the conversation runs it."""


class Queued(msgspec.Struct, frozen=True):
    """It waits in the outbox."""


class CommandGiven(msgspec.Struct, frozen=True):
    """It is a command, whether there is one by this name or not. The front end does it."""

    line: SlashLine


class Refused(msgspec.Struct, frozen=True):
    """It cannot be taken now; the text is still the person's."""

    why: str


Submission = Sent | Queued | CommandGiven | Refused
