"""What a terminal sends, cut into keys, pastes and reports. Pure: text and a clock's reading in, pieces out.

Textual's parser takes its input one character at a time: a paste of megabytes holds the interpreter, an escape
character inside one is replayed as key presses, and a reply that nobody asked for is typed into the prompt. So pastes
and strings of control are cut out here with searches, before that parser sees them; of the strings, only a reply about
a colour is told. The grammar is that of ECMA-48,
section 5.4, and of xterm's control sequences.
"""

import re
from collections.abc import Mapping

import msgspec

from tui_chat.core.lazy_pattern import lazy_pattern

ESCAPE = "\x1b"
PASTE_BEGINS = "\x1b[200~"
PASTE_ENDS = "\x1b[201~"

SEQUENCE_PATIENCE_S = 1.0
"""A sequence that began is hardly a key that a person pressed (Alt+[ at most, which may wait); over a slow line its
rest may take this long."""
REMOTE_ESCAPE_DELAY_S = 0.3
"""The shortest wait for what follows an escape where keys come over a network, in pieces. Esc stays quick enough."""
STRING_PATIENCE_S = 0.5
"""After this long without a word, the rest of a string is not coming."""
STRING_LIMIT_S = 5.0
"""However much keeps coming, this long after a string began it is no string."""
PASTE_PATIENCE_S = 5.0
"""After this long without a word, what was pasted so far is handed on."""
LONGEST_REPLY = 64
"""Characters of a reply that is told; every other string of control is thrown away."""
LONGEST_KEY = 32
"""What one key press sends at most; after a stalled paste, more than this is still the paste."""

_SEQUENCE = lazy_pattern(
    r"""\x1b(?:
        \[(?:<[^\x00-\x1f\x7fMm]{0,64}[Mm]      # a mouse report, NaN and all: its numbers may be anything
          | M[^\x00-\x1f\x7f]{3}                # a mouse report of the first kind
          | \[[A-E]                             # F1 to F5 on the Linux console
          | (?!<)(?:[0-?]{1,1024}[ -/]{0,4}M | [0-?]{0,1024}[ -/]{0,4}[@-LN-Z\\-~]))
      | O[0-9;]{0,8}[A-Za-z~\x20]
      | [^\x00-\x07\x0b\x0c\x0e-\x1f\x80-\x9f\[O\]P_^X]
    )""",
    re.VERBOSE,
)
_BEGINNING = lazy_pattern(
    r"\x1b(?:\[(?:<[^\x00-\x1f\x7fMm]{0,64}|M[^\x00-\x1f\x7f]{0,2}|\[|[0-?]{0,1024}[ -/]{0,4})|O[0-9;]{0,8})?"
)
_STRING = lazy_pattern(r"\x1b(?:\][0-9lLI]|P[0-9>!$+|]|[_^X][!-~])")
"""How replies begin: colours and titles; settings and versions; images. After Alt with that key none of it comes."""
_TOLD = "]1"
"""How the strings begin that are told: replies about the colours of text, background and cursor (OSC 10 to 19)."""
_STRING_OPENER = lazy_pattern(r"\x1b[\]P_^X]")
_STRING_ENDS = lazy_pattern("\x07|\x1b\\\\|\x9c|\x1b|[\x03\x18\x1a]")
"""BEL or ST; an escape begins something new; and Ctrl+C must always get through."""
_NEVER_TYPED = lazy_pattern("[\x80-\x9f]")
_NEVER_PASTED = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Typed(msgspec.Struct, frozen=True):
    """Characters, each of them a key: what can be printed, and control characters other than escape."""

    text: str


class Sequence(msgspec.Struct, frozen=True):
    """One whole escape sequence. A lone escape is the key; escape and a character are that key with Alt."""

    text: str


class Pasted(msgspec.Struct, frozen=True):
    """The whole of a paste, newlines as `\\n`, free of control characters but tabs. Never keys, whatever it says."""

    text: str


class Replied(msgspec.Struct, frozen=True):
    """A whole reply about a colour, without its escape and its end: `]11;rgb:ffff/ffff/ffff`. Never a key."""

    text: str


Piece = Typed | Sequence | Pasted | Replied


def escape_delay_s(usual_s: float, environ: Mapping[str, str]) -> float:
    """How long an escape is held until it is the key Esc: as usual, and a little longer in a session over ssh."""
    is_remote = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
    return max(usual_s, REMOTE_ESCAPE_DELAY_S) if is_remote and "ESCDELAY" not in environ else usual_s


class InputSplitter:
    """`feed` what was read, `tick` when nothing came for `patience_s`. It may be cut anywhere."""

    def __init__(self, escape_delay_s: float = 0.1) -> None:
        self._escape_delay_s = escape_delay_s
        self._held = ""
        self._heard_at = 0.0
        self._paste: list[str] | None = None
        self._is_stalled = False
        self._string_began_at: float | None = None
        self._string = ""
        """Beginning of the string that is being read, longer than a reply at most by one character."""

    @property
    def patience_s(self) -> float | None:
        """How long to wait for more before a `tick`; None where nothing is undecided."""
        if self._paste is not None:
            return None if self._is_stalled else PASTE_PATIENCE_S
        if self._string_began_at is not None:
            return STRING_PATIENCE_S
        if not self._held:
            return None
        return self._escape_delay_s if self._held == ESCAPE else SEQUENCE_PATIENCE_S

    def feed(self, text: str, now_s: float) -> list[Piece]:
        """What can be told of the input with this text added."""
        if not text:
            return []
        self._heard_at = now_s
        pieces: list[Piece] = []
        if self._is_stalled:
            self._is_stalled = False
            if len(text) <= LONGEST_KEY and PASTE_ENDS not in self._held + text:
                self._held, self._paste = "", None  # somebody is at the keys again: the paste's end was lost
        if self._string_began_at is not None and now_s - self._string_began_at > STRING_LIMIT_S:
            self._string_began_at = None
        text, self._held = self._held + text, ""
        at = 0
        while at < len(text):
            if self._paste is not None:
                at = self._read_paste(text, at, pieces)
            elif self._string_began_at is not None:
                at = self._read_string(text, at, pieces)
            else:
                at = self._read_keys(text, at, pieces)
        return pieces

    def tick(self, now_s: float) -> list[Piece]:
        """What the silence since the last `feed` tells."""
        patience_s = self.patience_s
        if patience_s is None or now_s - self._heard_at < patience_s:
            return []
        return self._give_up()

    def finish(self) -> list[Piece]:
        """What was held back, now that nothing follows."""
        return [] if self._is_stalled else self._give_up()

    def _give_up(self) -> list[Piece]:
        if self._paste is not None:
            pasted, self._paste, self._is_stalled = _join(self._paste), [], True
            return [Pasted(pasted)] if pasted else []
        self._string_began_at = None
        held, self._held = self._held, ""
        return [Sequence(held)] if 0 < len(held) <= 2 else []

    def _read_keys(self, text: str, at: int, pieces: list[Piece]) -> int:
        escape = text.find(ESCAPE, at)
        plain = text[at:] if escape < 0 else text[at:escape]
        if typed := _NEVER_TYPED.sub("", plain):
            pieces.append(Typed(typed))
        if escape < 0:
            return len(text)
        if whole := _SEQUENCE.match(text, escape):
            if whole[0] == PASTE_BEGINS:
                self._paste = []
            elif whole[0] != PASTE_ENDS:
                pieces.append(Sequence(whole[0]))
            return whole.end()
        if string := _STRING.match(text, escape):
            self._string_began_at, self._string = self._heard_at, string[0][1:]
            return string.end()
        begun = _STRING_OPENER.match(text, escape) or _BEGINNING.match(text, escape)
        assert begun is not None  # an escape alone is a beginning
        if begun.end() == len(text):
            self._held = begun[0]
        elif len(begun[0]) <= 2:
            pieces.append(Sequence(begun[0]))  # escape, or Alt with a key that begins sequences
        return begun.end()

    def _read_string(self, text: str, at: int, pieces: list[Piece]) -> int:
        end = _STRING_ENDS.search(text, at)
        room = LONGEST_REPLY + 1 - len(self._string)
        self._string += text[at : min(at + room, end.start() if end else len(text))]
        if end is None:
            return len(text)
        if end[0] == ESCAPE and end.end() == len(text):
            self._held = ESCAPE
            return len(text)
        self._string_began_at = None
        if end[0] in "\x1b\x03\x18\x1a":
            return end.start()
        if self._string.startswith(_TOLD) and len(self._string) <= LONGEST_REPLY:
            pieces.append(Replied(self._string))
        return end.end()

    def _read_paste(self, text: str, at: int, pieces: list[Piece]) -> int:
        assert self._paste is not None
        end = text.find(PASTE_ENDS, at)
        if end < 0:
            cut = _find_begun_end(text, at)
            self._paste.append(_NEVER_PASTED.sub("", text[at:cut]))
            self._held = text[cut:]
            return len(text)
        self._paste.append(_NEVER_PASTED.sub("", text[at:end]))
        pieces.append(Pasted(_join(self._paste)))
        self._paste = None
        return end + len(PASTE_ENDS)


def _find_begun_end(text: str, at: int) -> int:
    """Where the paste's end may have begun in the last characters; the length of the text where it has not."""
    cut = text.rfind(ESCAPE, max(at, len(text) - len(PASTE_ENDS) + 1))
    return cut if cut >= 0 and PASTE_ENDS.startswith(text[cut:]) else len(text)


def _join(pieces: list[str]) -> str:
    return "".join(pieces).replace("\r\n", "\n").replace("\r", "\n")
