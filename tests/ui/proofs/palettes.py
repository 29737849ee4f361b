"""Palettes of terminals, for the theme that leaves the colours to the terminal."""

from collections.abc import Mapping
from typing import Final

from rich.terminal_theme import TerminalTheme
from textual.color import Color

from tests.ui.gallery_states.svg import XTERM


def _palette(back: str, front: str, normal: str, bright: str) -> TerminalTheme:
    return TerminalTheme(_rgb(back), _rgb(front), list(map(_rgb, normal.split())), list(map(_rgb, bright.split())))


def _rgb(colour: str) -> tuple[int, int, int]:
    return Color.parse(f"#{colour}").rgb


PALETTES: Final[Mapping[str, TerminalTheme]] = {
    "xterm": XTERM,
    # https://ethanschoonover.com/solarized/
    "Solarized": _palette(
        "002b36",
        "839496",
        "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5",
        "002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
    ),
    # https://devblogs.microsoft.com/commandline/updating-the-windows-console-colors/
    "Windows console": _palette(
        "0c0c0c",
        "cccccc",
        "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc",
        "767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
    ),
}
