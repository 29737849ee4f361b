"""The colours of the transcript, read from the theme's variables once for each theme.

Every name has a stand-in among Textual's own variables, so that the transcript can be mounted in any app.
"""

from collections.abc import Mapping
from typing import Final

from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color, ColorParseError

from tui_chat.ui.transcript.inline import Look
from tui_chat.ui.transcript.section import Tone

_STAND_INS: Final = {
    "muted": ("text-muted", "foreground"),
    "user": ("primary",),
    "assistant": ("secondary",),
    "reasoning": ("muted", "foreground"),
    "tool": ("accent",),
    "heading": ("primary",),
    "strong": ("foreground",),
    "emphasis": ("foreground",),
    "link": ("primary",),
    "quote": ("foreground",),
    "list-marker": ("accent",),
    "code": ("foreground",),
    "user-background": ("surface",),
    "code-background": ("surface",),
    "border-blurred": ("panel",),
    "match": ("warning",),
    "match-text": ("background",),
    "selection": ("primary",),
    "selection-text": ("background",),
    "cursor": ("panel",),
}
_TONES: Final = {
    Tone.MUTED: "muted",
    Tone.USER: "user",
    Tone.ASSISTANT: "assistant",
    Tone.REASONING: "reasoning",
    Tone.TOOL: "tool",
    Tone.WARNING: "warning",
    Tone.ERROR: "error",
    Tone.PLAIN: "foreground",
}
_LIGHT: Final = frozenset({Tone.MUTED, Tone.REASONING, Tone.PLAIN})
"""Labels that are not bold."""


class Palette:
    """Styles by name."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._inline: dict[tuple[str, Look], Style] = {}
        self._named: dict[tuple[str, str], Style] = {}
        self.is_dim = variables.get("muted-style") == "dim"
        """Muted text is told by the terminal's dim attribute, since its colours are not ours."""
        self.base = self.on("foreground", "background")
        self.has_code_ground = self._is_ground("code-background")
        """Code stands on a ground of its own; else it needs a rail."""
        self._inline_code = "code" if self._is_apart("panel", "background") else "accent"

    def on(self, name: str, ground: str = "") -> Style:
        """A colour by its name, on a ground where one is given."""
        key = name, ground
        if key not in self._named:
            dim = self.is_dim and name in ("muted", "reasoning", "syntax-comment")
            style = Style(color=self._color(name), bgcolor=self._color(ground) if ground else None, dim=dim or None)
            self._named[key] = style
        return self._named[key]

    def filled(self, text: str, ground: str) -> Style:
        """Words on a ground of a colour. Where the colours are the terminal's own they are the reverse of the ground on
        the words, which is the same, and is seen where all colour is left out."""
        return self.on(ground, text) + Style(reverse=True) if self.is_dim else self.on(text, ground)

    def tone(self, tone: int) -> Style:
        """The style of a label's words."""
        style = self.on(_TONES[Tone(tone)])
        return style if tone in _LIGHT else style + Style(bold=True)

    def inline(self, ground: str, look: Look) -> Style:
        """The style of a span; `ground` names the colour of plain text around it."""
        key = ground, look
        style = self._inline.get(key)
        if style is None:
            style = self._inline[key] = self._mix(ground, look)
        return style

    def _mix(self, ground: str, look: Look) -> Style:
        style = self.on(ground)
        plain = ground == "foreground"
        if look & Look.EMPHASIS:
            style += (self.on("emphasis") if plain else Style()) + Style(italic=True)
        if look & Look.STRONG:
            style += (self.on("strong") if plain else Style()) + Style(bold=True)
        if look & Look.STRUCK:
            style += Style(strike=True)
        if look & Look.CODE:
            style += self.on(self._inline_code if ground != "reasoning" else ground, "panel")
        if look & Look.LINK:
            style += self.on("link") + Style(underline=True)
        if look & Look.DIM:
            style += self.on("muted") + Style(underline=False)
        return style

    def _is_ground(self, name: str) -> bool:
        """Say whether a colour is one of ours, and another than the page's."""
        color = self._color(name)
        return color is not None and not color.is_default and color != self._color("background")

    def _is_apart(self, name: str, other: str) -> bool:
        """Say whether two grounds can be told from each other: by 1.1 : 1 or more, which the terminal's own cannot."""
        first, second = self._color(name), self._color(other)
        if first is None or second is None or first.is_default or second.is_default:
            return False
        dark, light = sorted((_luminance(first), _luminance(second)))
        return (light + 0.05) / (dark + 0.05) >= 1.1

    def _color(self, name: str) -> RichColor | None:
        for candidate in (name, *_STAND_INS.get(name, ())):
            try:
                return Color.parse(self._variables[candidate]).rich_color
            except (KeyError, ColorParseError):
                continue
        return None


def _luminance(color: RichColor) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = (part / 255 for part in color.get_truecolor())
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
