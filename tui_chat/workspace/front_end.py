"""Which front end a conversation is in; apart from `command`, so that one without commands does without their table."""

from enum import Enum


class FrontEnd(Enum):
    """A front end that has commands."""

    SCREEN = "screen"
    PLAIN = "plain"
