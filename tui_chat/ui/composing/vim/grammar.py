"""The grammar of vim's keys: `2"ad3w` is a register, a count, an operator and a motion. Nothing is run here."""

import math
from typing import Final, NamedTuple

from tui_chat.ui.composing.vim.motions import MOTIONS
from tui_chat.ui.composing.vim.text_objects import TEXT_OBJECTS

MOST_TIMES: Final = 10_000
"""The largest count."""

OPERATORS: Final = frozenset({"d", "c", "y", "<", ">", "gu", "gU", "g~"})
SEARCHES: Final = frozenset("fFtT")
WHOLE_LINES: Final = "lines"
"""The operand of `dd` and the like."""

_SHORT: Final = {
    "x": ("d", "l"), "X": ("d", "h"), "D": ("d", "$"), "C": ("c", "$"), "s": ("c", "l"), "S": ("c", WHOLE_LINES),
    "Y": ("y", WHOLE_LINES),
}  # fmt: skip
_VISUAL_SHORT: Final = {"x": "d", "s": "c", "u": "gu", "U": "gU", "~": "g~"}
_ARGUMENTS: Final = {"space": " ", "enter": "\n", "tab": "\t"}
_COMMANDS: Final = frozenset([*"iaIAoOpPrJ~.uvV:/;,", "ctrl+r"])
_VISUAL_COMMANDS: Final = frozenset("pPrJovV;,")


class VimCommand(NamedTuple):
    """A complete command."""

    keys: str
    """A motion, `f` and the like with its character, a text object, `WHOLE_LINES`, or a command that takes none."""
    operator: str = ""
    times: int | None = None
    """The count; None where none was typed."""
    register: str = ""


class Grammar:
    """Takes keys until they are a command."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget the keys pressed so far."""
        self._register = ""
        self._counts: list[int | None] = [None, None]
        """The counts before and behind the operator."""
        self._operator = ""
        self._keys = ""

    @property
    def pending(self) -> str:
        """The keys of a command that is not complete."""
        before, behind = (str(count or "") for count in self._counts)
        register = f'"{self._register}' if self._register else ""
        return register + before + self._operator + behind + self._keys

    def knows(self, key: str) -> bool:
        """Say whether a key with a name means something here; characters always do."""
        return len(key) == 1 or key in MOTIONS or key == "ctrl+r" or (self._takes_character and key in _ARGUMENTS)

    @property
    def _takes_character(self) -> bool:
        return self._keys in {*SEARCHES, "r", '"'}

    def take(self, key: str, *, is_visual: bool) -> VimCommand | None:
        """The command that this key completes; None where there is more to come, or where it makes no sense."""
        if self._takes_character:
            return self._take_character(_ARGUMENTS.get(key, key))
        place = 1 if self._operator else 0
        if not self._keys and key.isascii() and key.isdigit() and (key != "0" or self._counts[place]):
            self._counts[place] = min((self._counts[place] or 0) * 10 + int(key), MOST_TIMES)
            return None
        self._keys += key
        return self._read(is_visual)

    def _take_character(self, character: str) -> VimCommand | None:
        if self._keys == '"':
            self._register, self._keys = character, ""
            return None
        return self._complete(self._keys + character)

    def _read(self, is_visual: bool) -> VimCommand | None:
        keys = self._keys
        takes_object = bool(self._operator) or is_visual
        if keys in ("g", *SEARCHES) or (keys in ('"', "r") and not self._operator) or (keys in "ia" and takes_object):
            return None
        if keys in MOTIONS or (takes_object and keys[0] in "ia" and keys[1:] in TEXT_OBJECTS) or keys in (";", ","):
            return self._complete(keys)
        if self._operator:
            return self._complete(WHOLE_LINES) if keys in (self._operator, self._operator[-1]) else self._nonsense()
        if is_visual and (keys := _VISUAL_SHORT.get(keys, keys)) in OPERATORS:
            return self._complete("", keys)
        if keys in OPERATORS:
            self._operator, self._keys = keys, ""
            return None
        if not is_visual and keys in _SHORT:
            operator, operand = _SHORT[keys]
            return self._complete(operand, operator)
        return self._complete(keys) if keys in (_VISUAL_COMMANDS if is_visual else _COMMANDS) else self._nonsense()

    def _nonsense(self) -> VimCommand | None:
        self.clear()
        return None

    def _complete(self, keys: str, operator: str = "") -> VimCommand:
        typed = [count for count in self._counts if count is not None]
        times = min(math.prod(typed), MOST_TIMES) if typed else None
        command = VimCommand(keys, operator or self._operator, times, self._register)
        self.clear()
        return command
