"""Where the parser of a growing JSON text stands: its state, the containers that are open, and what is open in them."""

from enum import Enum, StrEnum, auto
from typing import Final, NamedTuple

from tui_chat.core.jsonvalue import JsonObject, JsonValue

HEAD: Final = 512
"""Characters of an open string that its `Tip` has."""
Place = tuple[int, int]
"""A place in the layout: a piece, and the characters before it in that piece."""


class Problem(NamedTuple):
    """Why the text is not JSON, or not all of it."""

    position: int
    """Characters before the one at fault, in all that was fed."""
    message: str


class State(Enum):
    """What comes next."""

    VALUE = auto()
    FIRST_ITEM = auto()
    """A value, or the end of an empty array."""
    KEY = auto()
    FIRST_KEY = auto()
    """A key, or the end of an empty object."""
    COLON = auto()
    NEXT = auto()
    """A comma, or the end of the container."""
    END = auto()
    """Nothing but blanks."""
    STRING = auto()
    ESCAPE = auto()
    HEX = auto()
    NUMBER = auto()
    LITERAL = auto()
    INVALID = auto()


IN_STRING: Final = frozenset((State.STRING, State.ESCAPE, State.HEX))


class Level:
    """A container that is open."""

    __slots__ = ("holds_open", "is_repeated", "key", "keys", "value")

    def __init__(self, value: JsonObject | list[JsonValue]) -> None:
        self.value = value
        self.key = ""
        self.keys: list[str] = []
        """Names of an object's members in the order in which their values began, so that one that is repeated is seen
        twice."""
        self.is_repeated = False
        """A name came twice: the later value counts."""
        self.holds_open = False
        """The last item of an array is a string that is still open."""


class Member:
    """A member of the outermost object, as it came; one whose name is repeated is a member of its own."""

    __slots__ = ("end", "name", "start", "value")

    def __init__(self, name: str, start: Place) -> None:
        self.name = name
        self.start = start
        """Where its value begins in the layout."""
        self.end: Place | None = None
        """Where it ends; None while it grows."""
        self.value: JsonValue = None
        """Of an open container what is complete in it; None while a scalar is open."""


class Kind(StrEnum):
    """Type of a value, in the words of JSON Schema."""

    OBJECT = "object"
    ARRAY = "array"
    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


class Tip(NamedTuple):
    """A scalar that is open."""

    kind: Kind
    head: str = ""
    """The beginning of a string, decoded; empty of other kinds."""
    length: int = 0
    """Decoded characters of a string that have come."""

    @classmethod
    def of_string(cls, words: list[str], length: int) -> "Tip":
        """The tip of a string whose pieces these are."""
        head = ""
        for word in words:
            head += word[:HEAD]
            if len(head) >= HEAD:
                break
        return cls(Kind.STRING, head[:HEAD], length)
