"""The front ends that have commands."""

from enum import Enum


class FrontEnd(Enum):
    """A front end that has commands."""

    SCREEN = "screen"
    PLAIN = "plain"
