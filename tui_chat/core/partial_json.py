"""What can be known of a JSON text that is still arriving, in time linear in its length.

`PartialJson` is fed the text in pieces, cut anywhere. It keeps two things up to date: the text laid out for reading
(`json_layout`), and the value as far as it is certain. It never raises: from the first character that JSON (RFC 8259)
does not allow, the rest is kept as it came, and `problem` says what and where. How the text was cut makes no difference
to what comes out.
"""

from collections.abc import Sequence

from tui_chat.core.json_layout import JsonLayout, Mark, Piece
from tui_chat.core.json_levels import IN_STRING, Kind, Level, Member, Place, Problem, State, Tip
from tui_chat.core.json_tokens import BLANKS, DEEPEST, ESCAPES, HEX, LITERALS, LONGEST_SCALAR, NUMBER, NUMBER_RUN, PLAIN
from tui_chat.core.jsonvalue import JsonObject, JsonValue


class PartialJson:
    """One JSON text, growing."""

    def __init__(self) -> None:
        self._state = State.VALUE
        self._length = 0
        self._layout = JsonLayout()
        self._levels: list[Level] = []
        self._root: list[JsonValue] = []
        """The value, once it has begun; empty before."""
        self._members: list[Member] = []
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
    def end(self) -> Place:
        """Where the layout ends."""
        return self._layout.end

    @property
    def problem(self) -> Problem | None:
        """What is wrong; None while the text may still become JSON."""
        return self._problem

    @property
    def is_whole(self) -> bool:
        """The value is complete and nothing is wrong. A number at the top level is complete only with `finish`."""
        return self._state is State.END

    @property
    def length(self) -> int:
        """Characters fed."""
        return self._length

    @property
    def members(self) -> Sequence[Member]:
        """The members of the outermost object, the last of which may be open; none where it is no object."""
        return self._members

    @property
    def levels(self) -> Sequence[Level]:
        """The containers that are open, the outermost first."""
        return self._levels

    @property
    def root(self) -> list[JsonValue]:
        """The value as far as it is complete, alone in a list; empty before it has begun."""
        return self._root

    @property
    def tip(self) -> Tip | None:
        """The scalar that is open; None where none is. A name is no value."""
        if self._state in IN_STRING and not self._is_key:
            return Tip.of_string(self._words, self._word_size)
        if self._state is State.LITERAL:
            return Tip(Kind.NULL if self._literal[1] is None else Kind.BOOLEAN)
        return Tip(Kind.NUMBER) if self._state is State.NUMBER else None

    def open_words(self, since: int) -> list[str]:
        """The decoded pieces of the open string, but for the first `since` of them."""
        return self._words[since:]

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
        if self._state is State.NUMBER:
            self._end_number()
        if self._state not in (State.END, State.INVALID):
            self._fail(self._length, "it ends too early" if self._length else "it is empty")

    def _step(self, text: str, at: int) -> int:
        """Take one token, or a part of one; gives the place after it."""
        match self._state:
            case State.STRING:
                return self._in_string(text, at)
            case State.ESCAPE:
                return self._in_escape(text, at)
            case State.HEX:
                return self._in_hex(text, at)
            case State.NUMBER:
                return self._in_number(text, at)
            case State.LITERAL:
                return self._in_literal(text, at)
            case State.INVALID:
                self._layout.put(Mark.INVALID, text[at:])
                return len(text)
            case _:
                return self._between(text, at)

    def _between(self, text: str, at: int) -> int:
        """A token begins, or there are blanks."""
        blanks = BLANKS.match(text, at)
        if blanks is not None:
            return blanks.end()
        character = text[at]
        state = self._state
        if state is State.END:
            return self._fail(self._length + at, "there is more after the end", at)
        if character in "]}" and state in (State.FIRST_ITEM, State.FIRST_KEY, State.NEXT):
            return self._close(character, at)
        if state is State.COLON:
            if character != ":":
                return self._fail(self._length + at, "a colon is missing", at)
            self._layout.put(Mark.PUNCTUATION, ": ")
            self._state = State.VALUE
        elif state is State.NEXT:
            if character != ",":
                return self._fail(self._length + at, "a comma is missing", at)
            self._layout.put(Mark.PUNCTUATION, ",")
            self._break()
            self._state = State.KEY if isinstance(self._levels[-1].value, dict) else State.VALUE
        elif state in (State.KEY, State.FIRST_KEY):
            if character != '"':
                return self._fail(self._length + at, "a name in quotation marks is missing", at)
            if state is State.FIRST_KEY:
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
        if self._state is State.FIRST_ITEM:
            self._break()
        self._begin_member()
        if character == '"':
            self._begin_string(at, is_key=False)
        elif character in "{[":
            self._open({} if character == "{" else [])
            self._layout.put(Mark.PUNCTUATION, character)
            self._state = State.FIRST_KEY if character == "{" else State.FIRST_ITEM
        elif character in "tfn":
            self._literal = LITERALS[character]
            self._token_at = self._length + at
            self._word_size = 1
            self._state = State.LITERAL
            self._layout.put(Mark.LITERAL, character)
        else:
            self._token_at = self._length + at
            self._words, self._word_size = [], 0
            self._state = State.NUMBER
            return at
        return at + 1

    def _begin_member(self) -> None:
        """Note where a member's value begins."""
        level = self._levels[-1] if self._levels else None
        if level is not None and isinstance(level.value, dict):
            level.is_repeated = level.is_repeated or level.key in level.value
            level.keys.append(level.key)
            if len(self._levels) == 1:
                self._members.append(Member(level.key, self._layout.end))

    def _note(self, value: JsonValue, end: Place | None = None) -> None:
        """Note the value of the last member, and where it ends."""
        if len(self._levels) == 1 and self._members:
            self._members[-1].value, self._members[-1].end = value, end

    def _open(self, container: JsonObject | list[JsonValue]) -> None:
        self._store(container)
        self._note(container)
        self._levels.append(Level(container))

    def _close(self, character: str, at: int) -> int:
        is_object = isinstance(self._levels[-1].value, dict)
        if character != ("}" if is_object else "]"):
            return self._fail(self._length + at, "the wrong bracket closes", at)
        value = self._levels.pop().value
        if self._state is State.NEXT:
            self._break()
        self._layout.put(Mark.PUNCTUATION, character)
        self._note(value, self._layout.end)
        self._state = State.NEXT if self._levels else State.END
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
        if self._state not in IN_STRING or self._is_key:
            return
        self._store("".join(self._words))
        if self._levels:
            self._levels[-1].holds_open = isinstance(self._levels[-1].value, list)

    def _complete(self, value: JsonValue) -> None:
        self._store(value)
        self._note(value, self._layout.end)
        self._state = State.NEXT if self._levels else State.END

    def _begin_string(self, at: int, *, is_key: bool) -> None:
        self._is_key = is_key
        self._token_at = self._length + at
        self._words, self._word_size = [], 0
        self._high_surrogate = ""
        self._must_fold = False
        self._state = State.STRING
        self._layout.put(Mark.KEY if is_key else Mark.STRING, '"')

    def _in_string(self, text: str, at: int) -> int:
        mark = Mark.KEY if self._is_key else Mark.STRING
        plain = PLAIN.match(text, at)
        if plain is not None:
            self._fold()
            self._layout.put(mark, plain[0])
            self._add(plain[0])
            return plain.end()
        character = text[at]
        if character == '"':
            self._layout.put(mark, '"')
            word = "".join(self._words) + self._high_surrogate
            if self._is_key:
                self._levels[-1].key = word
                self._state = State.COLON
            else:
                self._complete(word)
            return at + 1
        if character == "\\":
            self._fold()
            self._state = State.ESCAPE
            self._layout.put(Mark.ESCAPE, "\\")
            return at + 1
        return self._fail(self._length + at, "a control character stands in a string", at)

    def _add(self, text: str) -> None:
        """Add decoded text to the open string, after the half of a character that waited."""
        word = self._high_surrogate + text if self._high_surrogate else text
        self._high_surrogate = ""
        self._words.append(word)
        self._word_size += len(word)

    def _in_escape(self, text: str, at: int) -> int:
        character = text[at]
        if character == "u":
            self._layout.put(Mark.ESCAPE, "u")
            self._hex = ""
            self._state = State.HEX
            return at + 1
        decoded = ESCAPES.get(character)
        if decoded is None:
            return self._fail(self._length + at, "an escape that does not exist", at)
        self._layout.put(Mark.ESCAPE, character)
        self._add(decoded)
        self._must_fold = character == "n" and not self._is_key
        self._state = State.STRING
        return at + 1

    def _in_hex(self, text: str, at: int) -> int:
        character = text[at]
        if character not in HEX:
            return self._fail(self._length + at, "an escape of a character is not four hexadecimal digits", at)
        self._layout.put(Mark.ESCAPE, character)
        self._hex += character
        if len(self._hex) == 4:
            self._decode_hex()
            self._state = State.STRING
        return at + 1

    def _decode_hex(self) -> None:
        """A character above U+FFFF comes as two escapes; half of one waits for the other."""
        decoded = chr(int(self._hex, 16))
        high = self._high_surrogate
        self._high_surrogate = ""
        if high and "\udc00" <= decoded <= "\udfff":
            self._add((high + decoded).encode("utf-16-le", "surrogatepass").decode("utf-16-le"))
        elif "\ud800" <= decoded <= "\udbff":
            if high:
                self._add(high)
            self._high_surrogate = decoded
        else:
            self._add(high + decoded)

    def _in_number(self, text: str, at: int) -> int:
        run = NUMBER_RUN.match(text, at)
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
        found = NUMBER.fullmatch(word)
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
        if self._state in IN_STRING and not self._is_key:
            self._note("".join(self._words))
        self._problem = Problem(position, message)
        self._state = State.INVALID
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
