"""The styles of drawn rows, read from the theme's variables once for each theme.

They are no component classes: a style of that kind is made anew for each view whenever the focus moves.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rich.style import Style
from textual.color import Color

from tui_chat.ui.rows.rows import Ink

_INKS: Final = {
    Ink.TEXT: ("foreground", "none"),
    Ink.MUTED: ("muted", "$muted-style"),
    Ink.STRONG: ("strong", "bold"),
    Ink.TITLE: ("primary", "bold"),
    Ink.ACCENT: ("accent", "none"),
    Ink.SUCCESS: ("success", "none"),
    Ink.WARNING: ("warning", "none"),
    Ink.ERROR: ("error", "none"),
    Ink.USER: ("user", "bold"),
    Ink.ASSISTANT: ("assistant", "bold"),
    Ink.REASONING: ("reasoning", "none"),
    Ink.TOOL: ("tool", "bold"),
    Ink.MATCH: ("warning", "bold underline"),
    Ink.KEY: ("accent", "none"),
    Ink.STRING: ("syntax-string", "none"),
    Ink.ESCAPE: ("syntax-escape", "none"),
    Ink.NUMBER: ("syntax-number", "none"),
    Ink.LITERAL: ("syntax-constant", "none"),
    Ink.PUNCTUATION: ("syntax-punctuation", "none"),
    Ink.INVALID: ("syntax-error", "underline"),
}
"""Colour, and further attributes."""
_VARIABLES: Final = (
    *dict.fromkeys(colour for colour, _ in _INKS.values()),
    *("muted-style", "cursor", "cursor-text", "cursor-style", "selection", "selection-text"),
)


class Inks:
    """A style for each role of a run of text; none of the inks has a ground of its own."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.of: Mapping[Ink, Style] = {
            ink: _style(variables[colour], attributes=variables.get(attributes.removeprefix("$"), attributes))
            for ink, (colour, attributes) in _INKS.items()
        }
        self.cursor = _style(variables["cursor-text"], variables["cursor"], variables["cursor-style"])
        """The line under the cursor."""
        self.selected = _style(variables["selection-text"], variables["selection"])
        """What is selected by the mouse."""


def inks(variables: Mapping[str, str]) -> Inks:
    """The inks of a theme with these variables."""
    return _inks(tuple(variables[name] for name in _VARIABLES))


@lru_cache(maxsize=8)
def _inks(values: tuple[str, ...]) -> Inks:
    return Inks(dict(zip(_VARIABLES, values, strict=True)))


def _style(colour: str, ground: str = "", attributes: str = "none") -> Style:
    style = Style(color=Color.parse(colour).rich_color, bgcolor=Color.parse(ground).rich_color if ground else None)
    return style if attributes == "none" else style + Style.parse(attributes)
