"""Themes: colours from files, turned into variables for Textual's styles and for the transcript's renderer.

Every theme defines every variable below, always as a plain opaque colour (`#rrggbb`, or `ansi_…` in a theme of the
terminal's own colours), so that `Color.parse(app.theme_variables["heading"])` works. Use them plain: no alpha, no
`-lighten-1`, no `auto`, since the terminal's own colours cannot be mixed. The roles of the names are in `theme_file`:

    grounds   $background $surface $panel $user-background $code-background $cursor
    text      $foreground $muted $primary $secondary $accent $success $warning $error
              $user $assistant $reasoning $tool $cursor-text
    Markdown  $heading $strong $emphasis $link $quote $list-marker $code
    code      $syntax-keyword $syntax-type $syntax-function $syntax-variable $syntax-constant $syntax-string
              $syntax-escape $syntax-number $syntax-comment $syntax-operator $syntax-punctuation $syntax-tag
              $syntax-attribute $syntax-heading $syntax-inserted $syntax-deleted $syntax-error
    lines     $border (has the focus) $border-blurred (rules, table lines, frames without the focus) $scrollbar
    pairs     $selection $selection-text   $match $match-text
    styles    $cursor-style $muted-style (for `text-style`; in a theme of the terminal's own colours the highlighted
              row is told by `reverse` and muted text by `dim`, elsewhere they are `bold` and `none`)
    tones     $muted-tone (for `Content`: colour and style of muted text together)

Every text colour is readable on every ground: 4.5 : 1 or more. Textual's own widgets follow the same roles: their
`$block-cursor-…`, `$input-…`, `$footer-…`, `$markdown-…`, `$text-muted` and so on are set from them.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final, TypeVar

from textual.app import App
from textual.theme import Theme

from tui_chat.settings.problem import Problem
from tui_chat.settings.theme_file import ROLES, ThemeFile
from tui_chat.settings.theme_files import DEFAULT, LIGHT_DEFAULT, TERMINAL, Themes, is_open, shipped_theme
from tui_chat.terminal.background import Background
from tui_chat.terminal.kind import terminal_kind

ReturnT = TypeVar("ReturnT")

_FROM_ROLES: Final = {
    "text-muted": "muted",
    "text-disabled": "muted",
    "foreground-muted": "muted",
    "foreground-disabled": "muted",
    "text-primary": "primary",
    "text-secondary": "secondary",
    "text-accent": "accent",
    "text-success": "success",
    "text-warning": "warning",
    "text-error": "error",
    "block-cursor-background": "cursor",
    "block-cursor-foreground": "cursor-text",
    "block-cursor-blurred-background": "cursor",
    "block-cursor-blurred-foreground": "cursor-text",
    "block-hover-background": "surface",
    "surface-active": "surface",
    "input-cursor-background": "foreground",
    "input-cursor-foreground": "background",
    "input-selection-background": "selection",
    "input-selection-foreground": "selection-text",
    "screen-selection-background": "selection",
    "screen-selection-foreground": "selection-text",
    "scrollbar-hover": "primary",
    "scrollbar-active": "primary",
    "scrollbar-background": "background",
    "scrollbar-background-hover": "background",
    "scrollbar-background-active": "background",
    "scrollbar-corner-color": "background",
    "link-color": "link",
    "link-color-hover": "cursor-text",
    "link-background-hover": "cursor",
    "footer-foreground": "foreground",
    "footer-background": "panel",
    "footer-key-foreground": "accent",
    "footer-description-foreground": "muted",
    "markdown-h1-color": "heading",
    "markdown-h2-color": "heading",
    "markdown-h3-color": "heading",
    "markdown-h4-color": "heading",
    "markdown-h5-color": "heading",
    "markdown-h6-color": "heading",
    "button-foreground": "foreground",
    "button-color-foreground": "background",
}
"""Textual's names, whose own defaults mix colours by alpha, and the role each one plays here."""

_ANSI_FROM_ROLES: Final = {
    "block-cursor-background": "selection",
    "block-cursor-foreground": "selection-text",
    "block-cursor-blurred-background": "selection",
    "block-cursor-blurred-foreground": "selection-text",
}
"""The highlighted row of Textual's own lists, where a ground is all that tells it: see `_ANSI_STYLES`."""

_STYLES: Final = {
    "block-cursor-text-style": "bold",
    "block-cursor-blurred-text-style": "none",
    "cursor-style": "bold",
    "muted-style": "none",
    "link-background": "initial",
    "link-style": "underline",
    "link-style-hover": "underline",
}
_ANSI_STYLES: Final = {
    **_STYLES,
    "ansi-background": "ansi_default",  # Textual's styles want these two, and its own 16-colour themes define them
    "ansi-foreground": "ansi_default",
    "block-cursor-text-style": "bold underline",  # Textual 8.2.8 drops reverse video from the styles of an option list
    "block-cursor-blurred-text-style": "bold underline",
    "cursor-style": "reverse",
    "muted-style": "dim",
    "input-cursor-text-style": "reverse",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
}


def default_theme(environ: Mapping[str, str], background: Background | None = None) -> str:
    """The theme used where none is chosen, dark unless the terminal's background is known to be light: the terminal's
    own colours where it does not promise 256 or more, and where no colours are wanted, since only that theme shows
    every difference without them."""
    full = LIGHT_DEFAULT if background is Background.LIGHT else DEFAULT
    if environ.get("NO_COLOR"):
        return TERMINAL
    term = environ.get("TERM", "").lower()
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return full
    rich_enough = ("256", "direct", "truecolor", "kitty", "ghostty", "alacritty", "wezterm", "foot", "iterm")
    return full if any(word in term for word in rich_enough) else TERMINAL


def follows_background(setting: str, environ: Mapping[str, str]) -> bool:
    """Whether the theme depends on the terminal's background, and the terminal can be asked for that: the setting
    leaves the theme open, and it is not the terminal's own colours anyway."""
    return is_open(setting) and default_theme(environ) != TERMINAL and terminal_kind(environ).reads_strings


def chosen_theme(setting: str, environ: Mapping[str, str], background: Background | None = None) -> str:
    """The theme that the setting names, `auto` resolved. Where no colours are wanted, always the one that does without:
    any other would be shown in greys, and greys are colours."""
    return default_theme(environ, background) if is_open(setting) or environ.get("NO_COLOR") else setting


def to_textual(theme: ThemeFile) -> Theme:
    """The theme in Textual's terms, with every variable that our widgets and Textual's own use."""
    colors = theme.colors
    styles = _ANSI_STYLES if theme.ansi else _STYLES
    variables = {role.name: colors[role.name] for role in ROLES}
    from_roles = {**_FROM_ROLES, **_ANSI_FROM_ROLES} if theme.ansi else _FROM_ROLES
    variables |= {name: colors[role] for name, role in from_roles.items()} | styles
    variables["muted-tone"] = f"{colors['muted']} dim" if theme.ansi else colors["muted"]
    return Theme(
        name=theme.id,
        primary=colors["primary"],
        secondary=colors["secondary"],
        warning=colors["warning"],
        error=colors["error"],
        success=colors["success"],
        accent=colors["accent"],
        foreground=colors["foreground"],
        background=colors["background"],
        surface=colors["surface"],
        panel=colors["panel"],
        dark=theme.dark,
        ansi=theme.ansi,
        variables=variables,
    )


def apply_theme(app: App[ReturnT], themes: Themes, name: str) -> tuple[Problem, ...]:
    """Show the app in a theme, at once; a theme that cannot be read is the default and a problem says why."""
    theme, problems = themes.read(name)
    app.register_theme(to_textual(theme))
    app.theme = theme.id
    return problems


def variable_defaults() -> dict[str, str]:
    """Our variables in the default theme, for `App.get_theme_variable_defaults`: styles parse under any theme."""
    return dict(_default_variables())


class ThemedApp(App[ReturnT]):
    """An app in which our widgets' styles parse: the chat, and every widget's test app, derive from it."""

    # Textual 8.2.8 reverses it, with the colour of text on a selection: black on black.
    DEFAULT_CSS = """
    TextArea:ansi .text-area--selection { color: $selection-text; background: $selection; text-style: none; }
    """

    def __init__(self, themes: Themes | None = None, theme_name: str = DEFAULT) -> None:
        self.themes = themes or Themes()
        theme, _ = self.themes.read(theme_name)
        # Textual chooses here, once, how NO_COLOR is met: with the terminal's own colours by leaving all colour out.
        super().__init__(ansi_color=theme.ansi or None)
        self.set_reactive(App.ansi_color, None)
        self.theme_problems = apply_theme(self, self.themes, theme_name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults()

    def refresh_css(self, animate: bool = True) -> None:
        """Take over the theme's variables. Textual 8.2.8 parses all styles even before there is a screen, and then
        anew."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())


@cache
def _default_variables() -> Mapping[str, str]:
    return to_textual(shipped_theme(DEFAULT)).variables
