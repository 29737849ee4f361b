"""What becomes of conversations that cannot be saved, since the program ends."""

from enum import Enum, auto


class Leaving(Enum):
    """The answers to the question at quitting. Staying, which loses nothing, is the first."""

    STAY = auto()
    EXPORT = auto()
    QUIT = auto()
