"""Meaning of a sequence from a terminal, in the forms that Textual's parser understands.

Terminals tell the same key in three forms: the old one, xterm's modifyOtherKeys, and the kitty keyboard protocol
(https://sw.kovidgoyal.net/kitty/keyboard-protocol/). Textual 8.2.8 knows part of each. Here every key becomes one that
it knows, so that a key has one name whatever told it; replies that nobody waits for become nothing.
"""

import re
from enum import StrEnum
from typing import Final

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS  # private, as is the next: which keys the parser knows
from textual._keyboard_protocol import FUNCTIONAL_KEYS

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.terminal.input import ESCAPE, Sequence, Typed
from tui_chat.terminal.key_places import latin_key

JOINERS: Final = "\u200c\u200d" + "".join(map(chr, range(0xE0020, 0xE0080)))
"""Characters that hold an emoji or a word together: not printable by itself, and part of what was written."""

_SHIFT, _ALT, _CTRL, _CAPS_LOCK = 1, 2, 4, 64
_KEY_MODIFIERS: Final = 63
"""Without caps lock and num lock, which are states and no keys that are held."""
_CHORDS: Final = _KEY_MODIFIERS & ~_SHIFT & ~_ALT
_RELEASED: Final = "3"
_KEYPAD: Final = dict(zip(range(57399, 57414), "0123456789./*-+", strict=True)) | {57415: "=", 57416: ","}
_F3_TWIN: Final = range(2, 17)
"""Shift+F3 and its kin look like a cursor's position in the first row; nobody asks for that in full screen."""

_MOUSE = lazy_pattern(r"\x1b\[<\d{1,5};-?\d{1,5};-?\d{1,5}[Mm]")
_MODE_REPORT = lazy_pattern(r"\x1b\[\?(?:2026|2048);\d\$y")
_RESIZED = lazy_pattern(
    r"\x1b\[48;(\d{1,5})(?::[\d:]*)?;(\d{1,5})(?::[\d:]*)?;(\d{1,6})(?::[\d:]*)?;(\d{1,6})(?::[\d:]*)?t"
)
_OTHER_KEY = lazy_pattern(r"\x1b\[27;(\d{1,3});(\d{1,7})~")
_KEY = lazy_pattern(
    r"""\x1b\[(?P<code>\d{0,7})(?: :(?P<shifted>\d{0,7})(?: :(?P<base>\d{0,7}))?)?
        (?: ;(?P<modifiers>\d{0,3})(?: :(?P<event>\d?))?(?: ;(?P<text>[\d:]*))?)?(?P<final>[u~A-FHPQRS])""",
    re.VERBOSE,
)


class _Key(StrEnum):
    ALT_ENTER = "alt+enter"


def teach_alt_enter() -> bool:
    """Make ESC CR and ESC LF arrive as `alt+enter` and not as `enter`, which would send a half-written message.

    For the drivers that are not ours; Textual 8.2.8 drops Alt on named keys (its issue 6663). False where the table of
    sequences is of another kind.
    """
    sequences = ANSI_SEQUENCES_KEYS
    if not isinstance(sequences, dict):
        return False
    for sequence in ("\x1b\r", "\x1b\n"):
        sequences.setdefault(sequence, (_Key.ALT_ENTER,))
    return True


def understand(sequence: str) -> Sequence | Typed | None:
    """A whole sequence as one that Textual's parser takes, or as the text that a key wrote; None: not for us.

    Let through besides keys are what Textual asks for or switches on: the mouse, the focus, the window's size (mode
    2048), whether the terminal draws frames at once (mode 2026).
    """
    if sequence in (ESCAPE, "\x1b[I", "\x1b[O") or _MOUSE.fullmatch(sequence) or _MODE_REPORT.fullmatch(sequence):
        return Sequence(sequence)
    if resized := _RESIZED.fullmatch(sequence):
        rows, columns, height, width = map(int, resized.groups())
        if not rows or not columns:
            return None
        # A window that does not know its size in pixels says 0, by which Textual would divide.
        return Sequence(f"\x1b[48;{rows};{columns};{max(height, rows)};{max(width, columns)}t")
    if sequence in ("\x1b\r", "\x1b\n"):
        return Sequence("\x1b[13;3u")
    if sequence == "\x1b\b":
        sequence = "\x1b\x7f"
    if len(sequence) == 2 and sequence not in ANSI_SEQUENCES_KEYS:
        return _press(ord(sequence[1]), _ALT)
    if other := _OTHER_KEY.fullmatch(sequence):
        return _press(int(other[2]), max(int(other[1]) - 1, 0))
    if key := _KEY.fullmatch(sequence):
        return _read_key(key)
    return Sequence(sequence) if sequence in ANSI_SEQUENCES_KEYS else None


def _read_key(key: re.Match[str]) -> Sequence | Typed | None:
    if key["event"] == _RELEASED:
        return None
    code, final = int(key["code"] or 1), key["final"]
    held = max(int(key["modifiers"] or 1) - 1, 0)
    if final == "u":
        if held & _KEY_MODIFIERS & ~_SHIFT and key["base"]:
            code = int(key["base"])  # Ctrl+K is where K is, whatever the keyboard writes there
        return _press(code, held, key["text"] or "", int(key["shifted"] or 0))
    held &= _KEY_MODIFIERS
    if final == "R" and key["modifiers"]:
        return Sequence(f"\x1b[13;{held + 1}~") if code == 1 and held + 1 in _F3_TWIN else None
    plain = f"\x1b[{key['code']}{final}"
    if not held:
        return Sequence(plain) if plain in ANSI_SEQUENCES_KEYS or f"{code}{final}" in FUNCTIONAL_KEYS else None
    return Sequence(f"\x1b[{code};{held + 1}{final}") if f"{code}{final}" in FUNCTIONAL_KEYS else None


def _press(code: int, held: int, codes: str = "", shifted: int = 0) -> Sequence | Typed | None:
    """A key by its code point and what was held with it; `codes` say what it wrote, where the terminal does."""
    held, is_caps = held & _KEY_MODIFIERS, bool(held & _CAPS_LOCK)
    if not held & _CHORDS and (text := "".join(map(_character, codes.split(":")))):
        return Typed(text)
    character = _KEYPAD.get(code, "") or _character(str(code))
    if character and held & ~_SHIFT:
        character = latin_key(character)
        code = code if code in _KEYPAD else ord(character)
    if character and not held & ~_SHIFT:
        if held and shifted:
            character = _character(str(shifted))
        elif bool(held) != is_caps and len(character.upper()) == 1:
            character = character.upper()
        return Typed(character) if character else None
    if character.isupper() and len(character.lower()) == 1:
        held |= 0 if held & _CTRL else _SHIFT
        code = ord(character.lower())
    if not character and f"{code}u" not in FUNCTIONAL_KEYS:
        return None
    return Sequence(f"\x1b[{code};{held + 1}u" if held else f"\x1b[{code}u")


def _character(digits: str) -> str:
    """The character with this code point where a key can write it; else nothing."""
    code = int(digits) if digits.isdecimal() and len(digits) <= 7 else 0
    if code > 0x10FFFF:
        return ""
    character = chr(code)
    return character if character.isprintable() or character in JOINERS else ""
