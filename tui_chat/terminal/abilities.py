"""What may be relied on in a terminal when its screen is painted, by what the person or the environment says of it.

Where nothing is known, only what every terminal does is used: more bytes, the same screen.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from tui_chat.terminal.kind import Multiplexer, terminal_kind

AUTO: Final = "auto"
FULL: Final = "full"
_ERASING: Final = ("xterm", "tmux", "alacritty", "foot", "wezterm", "rxvt", "konsole", "vte", "gnome")
"""Beginnings of TERM whose terminals promise to erase with the background (`bce` in terminfo)."""
_UNSURE: Final = frozenset({"kitty", "the Linux console", "a dumb terminal"})
_DOUBTING: Final = ("zh", "ja", "ko")
"""Languages in which terminals are set to show characters of ambiguous width (UAX 11) wide."""


class Abilities(msgspec.Struct, frozen=True):
    """What a painter may rely on."""

    erases_with_background: bool = False
    """Erased cells get the background that is written with."""
    scrolls: bool = False
    """A part of the rows can be moved (DECSTBM with SU and SD)."""
    doubts_ambiguous: bool = False
    """Characters of ambiguous width may be wide."""


def abilities(environ: Mapping[str, str], painting: str = AUTO) -> Abilities:
    """Find what the terminal can do: by the environment, or nothing and everything where `painting` is `plain` and
    `full`."""
    kind, term = terminal_kind(environ), environ.get("TERM", "").lower()
    is_tmux = kind.multiplexer is Multiplexer.TMUX
    is_known = is_tmux or (
        kind.multiplexer is Multiplexer.NONE and kind.name not in _UNSURE and term.startswith(_ERASING)
    )
    language = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    is_kitty = kind.name == "kitty" and kind.multiplexer is Multiplexer.NONE
    return Abilities(
        erases_with_background=painting == FULL or (painting == AUTO and is_known),
        scrolls=painting == FULL or (painting == AUTO and (is_known or is_kitty)),
        doubts_ambiguous=language.lower().startswith(_DOUBTING),
    )
