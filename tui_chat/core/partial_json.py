"""What can be known of a JSON text that is still arriving, in time linear in its length.

`PartialJson` is fed the text in pieces, cut anywhere. It keeps two things up to date: the text laid out for reading
(`json_layout`), and the value as far as it is certain. It never raises: from the first character that JSON (RFC 8259)
does not allow, the rest is kept as it came, and `problem` says what and where. How the text was cut makes no difference
to what comes out.
"""

import re
from enum import Enum, auto
from typing import Final, NamedTuple

from tui_chat.core.json_layout import JsonLayout, Mark, Piece
from tui_chat.core.jsonvalue import JsonObject, JsonValue

DEEPEST: Final = 256
"""Containers inside each other; more is a problem."""
LONGEST_SCALAR: Final = 400
"""Characters of a number; more is a problem."""

_BLANKS: Final = re.compile(r"[ \t\n\r]+")
_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]+')
_NUMBER_RUN: Final = re.compile(r"[-+0-9.eE]+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS: Final[dict[str, tuple[str, JsonValue]]] = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}
_HEX: Final = frozenset("0123456789abcdefABCDEF")


class Problem(NamedTuple):
    """Why the text is not JSON, or not all of it."""

    position: int
    """Characters before the one at fault, in all that was fed."""
    message: str


class _State(Enum):
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


class _Level:
    """A container that is open."""

    __slots__ = ("holds_open", "key", "value")

    def __init__(self, value: JsonObject | list[JsonValue]) -> None:
        self.value = value
        self.key = ""
        self.holds_open = False
        """The last item of an array is a string that is still open."""


class PartialJson:
    """One JSON text, growing."""

    def __init__(self) -> None:
        self._state = _State.VALUE
        self._length = 0
        self._layout = JsonLayout()
        self._levels: list[_Level] = []
        self._root: list[JsonValue] = []
        """The value, once it has begun; empty before."""
        self._problem: Problem | None = None
        self._is_finished = False
        self._is_key = False
        self._words: list[str] = []
        """The open string, decoded, or the open number."""
        self._word_size = 0
        self._token_at = 0
        self._high_surrogate = ""
        self._hex = ""
        self._literal: tuple[str, JsonValue] = ("", None)
        self._must_fold = False

    @property
    def pieces(self) -> list[Piece]:
        """The layout so far. It only grows: new pieces at the end, and the last one by more text."""
        return self._layout.pieces

    @property
    def problem(self) -> Problem | None:
        """What is wrong; None while the text may still become JSON."""
        return self._problem

    @property
    def is_whole(self) -> bool:
        """The value is complete and nothing is wrong. A number at the top level is complete only with `finish`."""
        return self._state is _State.END

    @property
    def length(self) -> int:
        """Characters fed."""
        return self._length

    def pretty(self) -> str:
        """The text laid out with two spaces a level; what is invalid, as it came."""
        return self._layout.text()

    def value(self) -> tuple[JsonValue, bool]:
        """The value as far as it is certain, and whether there is one at all.

        Open containers hold what is complete in them, an open string what has arrived of it; numbers and words that are
        still open are left out. The containers are the ones that grow: copy what shall stay.
        """
        self._store_open()
        return (self._root[0], True) if self._root else (None, False)

    def feed(self, fragment: str) -> None:
        """Take more of the text."""
        at, end = 0, len(fragment)
        while at < end:
            at = self._step(fragment, at)
        self._length += end

    def finish(self) -> None:
        """Say that nothing more comes: an end before the end is a problem."""
        if self._is_finished:
            return
        self._is_finished = True
        if self._state is _State.NUMBER:
            self._end_number()
        if self._state not in (_State.END, _State.INVALID):
            self._fail(self._length, "it ends too early" if self._length else "it is empty")

    def _step(self, text: str, at: int) -> int:
        """Take one token, or a part of one; gives the place after it."""
        match self._state:
            case _State.STRING:
                return self._in_string(text, at)
            case _State.ESCAPE:
                return self._in_escape(text, at)
            case _State.HEX:
                return self._in_hex(text, at)
            case _State.NUMBER:
                return self._in_number(text, at)
            case _State.LITERAL:
                return self._in_literal(text, at)
            case _State.INVALID:
                self._layout.put(Mark.INVALID, text[at:])
                return len(text)
            case _:
                return self._between(text, at)

    def _between(self, text: str, at: int) -> int:
        """A token begins, or there are blanks."""
        blanks = _BLANKS.match(text, at)
        if blanks is not None:
            return blanks.end()
        character = text[at]
        state = self._state
        if state is _State.END:
            return self._fail(self._length + at, "there is more after the end", at)
        if character in "]}" and state in (_State.FIRST_ITEM, _State.FIRST_KEY, _State.NEXT):
            return self._close(character, at)
        if state is _State.COLON:
            if character != ":":
                return self._fail(self._length + at, "a colon is missing", at)
            self._layout.put(Mark.PUNCTUATION, ": ")
            self._state = _State.VALUE
        elif state is _State.NEXT:
            if character != ",":
                return self._fail(self._length + at, "a comma is missing", at)
            self._layout.put(Mark.PUNCTUATION, ",")
            self._break()
            self._state = _State.KEY if isinstance(self._levels[-1].value, dict) else _State.VALUE
        elif state in (_State.KEY, _State.FIRST_KEY):
            if character != '"':
                return self._fail(self._length + at, "a name in quotation marks is missing", at)
            if state is _State.FIRST_KEY:
                self._break()
            self._begin_string(at, is_key=True)
        else:
            return self._begin_value(character, at)
        return at + 1

    def _begin_value(self, character: str, at: int) -> int:
        if character not in '"{[-0123456789tfn':
            return self._fail(self._length + at, "a value is missing", at)
        if character in "{[" and len(self._levels) >= DEEPEST:
            return self._fail(self._length + at, f"it is nested more than {DEEPEST} deep", at)
        if self._state is _State.FIRST_ITEM:
            self._break()
        if character == '"':
            self._begin_string(at, is_key=False)
        elif character in "{[":
            self._open({} if character == "{" else [])
            self._layout.put(Mark.PUNCTUATION, character)
            self._state = _State.FIRST_KEY if character == "{" else _State.FIRST_ITEM
        elif character in "tfn":
            self._literal = _LITERALS[character]
            self._token_at = self._length + at
            self._word_size = 1
            self._state = _State.LITERAL
            self._layout.put(Mark.LITERAL, character)
        else:
            self._token_at = self._length + at
            self._words, self._word_size = [], 0
            self._state = _State.NUMBER
            return at
        return at + 1

    def _open(self, container: JsonObject | list[JsonValue]) -> None:
        self._store(container)
        self._levels.append(_Level(container))

    def _close(self, character: str, at: int) -> int:
        is_object = isinstance(self._levels[-1].value, dict)
        if character != ("}" if is_object else "]"):
            return self._fail(self._length + at, "the wrong bracket closes", at)
        self._levels.pop()
        if self._state is _State.NEXT:
            self._break()
        self._layout.put(Mark.PUNCTUATION, character)
        self._state = _State.NEXT if self._levels else _State.END
        return at + 1

    def _store(self, value: JsonValue) -> None:
        """Put a value where it belongs."""
        if not self._levels:
            self._root[:] = [value]
            return
        level = self._levels[-1]
        if isinstance(level.value, dict):
            level.value[level.key] = value
        elif level.holds_open:
            level.value[-1] = value
        else:
            level.value.append(value)
        level.holds_open = False

    def _store_open(self) -> None:
        """Put what has arrived of an open string where it will belong."""
        if self._state not in (_State.STRING, _State.ESCAPE, _State.HEX) or self._is_key:
            return
        self._words = ["".join(self._words)]
        self._store(self._words[0])
        if self._levels:
            self._levels[-1].holds_open = isinstance(self._levels[-1].value, list)

    def _complete(self, value: JsonValue) -> None:
        self._store(value)
        self._state = _State.NEXT if self._levels else _State.END

    def _begin_string(self, at: int, *, is_key: bool) -> None:
        self._is_key = is_key
        self._token_at = self._length + at
        self._words, self._word_size = [], 0
        self._high_surrogate = ""
        self._must_fold = False
        self._state = _State.STRING
        self._layout.put(Mark.KEY if is_key else Mark.STRING, '"')

    def _in_string(self, text: str, at: int) -> int:
        mark = Mark.KEY if self._is_key else Mark.STRING
        plain = _PLAIN.match(text, at)
        if plain is not None:
            self._fold()
            self._layout.put(mark, plain[0])
            self._words.append(self._high_surrogate + plain[0] if self._high_surrogate else plain[0])
            self._high_surrogate = ""
            return plain.end()
        character = text[at]
        if character == '"':
            self._layout.put(mark, '"')
            word = "".join(self._words) + self._high_surrogate
            if self._is_key:
                self._levels[-1].key = word
                self._state = _State.COLON
            else:
                self._complete(word)
            return at + 1
        if character == "\\":
            self._fold()
            self._state = _State.ESCAPE
            self._layout.put(Mark.ESCAPE, "\\")
            return at + 1
        return self._fail(self._length + at, "a control character stands in a string", at)

    def _in_escape(self, text: str, at: int) -> int:
        character = text[at]
        if character == "u":
            self._layout.put(Mark.ESCAPE, "u")
            self._hex = ""
            self._state = _State.HEX
            return at + 1
        decoded = _ESCAPES.get(character)
        if decoded is None:
            return self._fail(self._length + at, "an escape that does not exist", at)
        self._layout.put(Mark.ESCAPE, character)
        self._words.append(self._high_surrogate + decoded)
        self._high_surrogate = ""
        self._must_fold = character == "n" and not self._is_key
        self._state = _State.STRING
        return at + 1

    def _in_hex(self, text: str, at: int) -> int:
        character = text[at]
        if character not in _HEX:
            return self._fail(self._length + at, "an escape of a character is not four hexadecimal digits", at)
        self._layout.put(Mark.ESCAPE, character)
        self._hex += character
        if len(self._hex) == 4:
            self._decode_hex()
            self._state = _State.STRING
        return at + 1

    def _decode_hex(self) -> None:
        """A character above U+FFFF comes as two escapes; half of one waits for the other."""
        decoded = chr(int(self._hex, 16))
        high = self._high_surrogate
        self._high_surrogate = ""
        if high and "\udc00" <= decoded <= "\udfff":
            self._words.append((high + decoded).encode("utf-16-le", "surrogatepass").decode("utf-16-le"))
        elif "\ud800" <= decoded <= "\udbff":
            if high:
                self._words.append(high)
            self._high_surrogate = decoded
        else:
            self._words.append(high + decoded)

    def _in_number(self, text: str, at: int) -> int:
        run = _NUMBER_RUN.match(text, at)
        if run is None:
            self._end_number(at)
            return at
        digits = run[0][: LONGEST_SCALAR - self._word_size]
        if not digits:
            return self._fail(self._length + at, f"a number of more than {LONGEST_SCALAR} characters", at)
        self._layout.put(Mark.NUMBER, digits)
        self._words.append(digits)
        self._word_size += len(digits)
        return at + len(digits)

    def _end_number(self, at: int = 0) -> None:
        word = "".join(self._words)
        found = _NUMBER.fullmatch(word)
        if found is None:
            self._fail(self._token_at, f"“{word[:40]}” is not a number", at)
        else:
            self._complete(float(word) if found[1] or found[2] else int(word))

    def _in_literal(self, text: str, at: int) -> int:
        word, value = self._literal
        character = text[at]
        if character != word[self._word_size]:
            return self._fail(self._token_at, f"neither true, false nor null: {word[: self._word_size]}{character}", at)
        self._layout.put(Mark.LITERAL, character)
        self._word_size += 1
        if self._word_size == len(word):
            self._complete(value)
        return at + 1

    def _fail(self, position: int, message: str, at: int = 0) -> int:
        """Note the problem; what follows is kept as it comes. Gives the place to go on from."""
        self._store_open()
        self._problem = Problem(position, message)
        self._state = _State.INVALID
        return at

    def _fold(self) -> None:
        if self._must_fold:
            self._must_fold = False
            self._layout.fold_line(len(self._levels) + 1)

    def _break(self) -> None:
        self._layout.break_line(len(self._levels))


def parse(text: str) -> PartialJson:
    """A text that is whole, or shall be taken as it is."""
    parsed = PartialJson()
    parsed.feed(text)
    parsed.finish()
    return parsed
