"""States of an open conversation."""

from enum import StrEnum


class State(StrEnum):
    """State of the conversation, as far as it decides what can be done with it."""

    OPENING = "opening"
    """The session is not there yet, or no model is chosen: messages that are submitted wait."""
    IDLE = "idle"
    ANSWERING = "answering"
    """A turn runs or is due."""
    WAITING = "waiting for results"
    """Calls need a result before the model goes on."""
