"""What becomes of a switch of the model. Apart from the question about it, which the first frame does without."""

from enum import Enum


class SwitchWay(Enum):
    """The ways."""

    STAY = "stay"
    SUMMARISE = "summarise"
    """Switch, and send a summary of what is above."""
    SWITCH = "switch"
