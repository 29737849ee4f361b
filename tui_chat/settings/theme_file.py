"""The format of a theme file: every colour that the screen knows, by the role it plays.

    name = "Dusk"               # shown in the picker; the file's own name is what `theme = "dusk"` means
    summary = "calm and dark"   # one line for the picker
    dark = true                 # whether text is lighter than its ground
    ansi = false                # true: the terminal's own 16 colours, by names like "ansi_bright_blue"

    [colors]                    # the roles of ROLES below: "#rgb" or "#rrggbb", or "ansi_…" in an ansi theme
    background = "#16181d"

A role that a file leaves out takes the colour of the role it falls back to; the first few, which fall back to none,
come from the shipped theme of the same kind. So a theme of three colours works, and every theme is complete.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.settings.problem import Problem
from tui_chat.settings.toml_text import NotTomlError, find_key_line, read_toml

MAX_FILE_BYTES: Final = 64 * 1024
"""A theme is some fifty lines; what is larger is not a theme."""


class Role(msgspec.Struct, frozen=True):
    """Use of a colour."""

    name: str
    falls_back_to: str
    """Another role; empty where the shipped theme has the last word."""
    meaning: str


GROUNDS: Final = (
    Role("background", "", "behind everything"),
    Role("surface", "background", "behind the composer, rows and inputs"),
    Role("panel", "surface", "behind panes, dialogs and the status line"),
    Role("user-background", "surface", "behind what the person said"),
    Role("code-background", "surface", "behind code"),
    Role("cursor", "", "behind the highlighted row of a list"),
)
"""Colours that text stands on. Every text colour is readable on every one of them."""

TEXTS: Final = (
    Role("foreground", "", "text"),
    Role("muted", "foreground", "what matters less: times, hints, counts"),
    Role("primary", "", "the program's own colour: titles of panes, the prompt"),
    Role("secondary", "primary", "its companion"),
    Role("accent", "primary", "keys, what can be done"),
    Role("success", "", "done, ready"),
    Role("warning", "", "incomplete, estimated, retrying"),
    Role("error", "", "failed"),
    Role("user", "primary", "the person's name and mark"),
    Role("assistant", "secondary", "the model's name and mark"),
    Role("reasoning", "muted", "what the model thinks before it answers"),
    Role("tool", "accent", "tool calls: names and marks"),
    Role("cursor-text", "foreground", "text of the highlighted row"),
    Role("heading", "primary", "headings in answers"),
    Role("strong", "foreground", "strong emphasis"),
    Role("emphasis", "foreground", "emphasis"),
    Role("link", "primary", "links"),
    Role("quote", "muted", "quotations"),
    Role("list-marker", "accent", "bullets and numbers"),
    Role("code", "foreground", "code inside a line, and what has no other colour in a block"),
    Role("syntax-keyword", "primary", "if, return, import"),
    Role("syntax-type", "secondary", "types and classes"),
    Role("syntax-function", "accent", "functions, also where they are called"),
    Role("syntax-variable", "code", "variables and attributes of objects"),
    Role("syntax-constant", "syntax-number", "true, None, constants"),
    Role("syntax-string", "success", "strings"),
    Role("syntax-escape", "syntax-string", "escapes and what is interpolated in strings"),
    Role("syntax-number", "warning", "numbers"),
    Role("syntax-comment", "muted", "comments"),
    Role("syntax-operator", "code", "operators"),
    Role("syntax-punctuation", "code", "brackets, commas"),
    Role("syntax-tag", "syntax-keyword", "tags of markup, keys of JSON, YAML and TOML"),
    Role("syntax-attribute", "syntax-function", "attributes of markup, decorators"),
    Role("syntax-heading", "heading", "headings in code that is text"),
    Role("syntax-inserted", "success", "added lines of a diff"),
    Role("syntax-deleted", "error", "removed lines of a diff"),
    Role("syntax-error", "error", "what the lexer could not read"),
)
"""Colours of text that is read. On every ground the contrast is 4.5 or more (WCAG 2, AA)."""

MARKS: Final = (
    Role("border", "primary", "the frame of what has the focus"),
    Role("border-blurred", "", "quiet lines: frames without the focus, rules, table lines"),
    Role("selection", "", "behind selected text"),
    Role("selection-text", "", "selected text"),
    Role("match", "warning", "behind what a search found"),
    Role("match-text", "background", "what a search found"),
    Role("scrollbar", "border-blurred", "the scrollbar's thumb"),
)
"""Lines, and pairs that are readable on each other: selection and match."""

ROLES: Final = (*GROUNDS, *TEXTS, *MARKS)
_BY_NAME: Final = {role.name: role for role in ROLES}
_HEX = lazy_pattern(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_ANSI = lazy_pattern(r"ansi_(?:default|(?:bright_)?(?:black|red|green|yellow|blue|magenta|cyan|white))")
_NAME = lazy_pattern(r"[a-z0-9][a-z0-9-]{0,39}")


class ThemeFile(msgspec.Struct, frozen=True):
    """A theme as its file has it: `colors` holds a colour for every role, or only those given where it is not whole."""

    id: str
    title: str
    """For display; not sanitised."""
    summary: str
    dark: bool
    ansi: bool
    colors: dict[str, str]


def is_theme_id(name: str) -> bool:
    """Say whether a file of this name (without `.toml`) can be a theme: it becomes a style class, so it is plain."""
    return _NAME.fullmatch(name) is not None


def read_theme(text: str, theme_id: str, where: str) -> tuple[ThemeFile | None, tuple[Problem, ...]]:
    """The theme as far as it can be read; None where nothing can. Every key that was ignored is a problem."""
    try:
        table = read_toml(text)
    except NotTomlError as error:
        return None, (Problem(where, error.line, "", f"not TOML: {error.words}"),)
    problems: list[Problem] = []

    def ignore(key: str, message: str, table: str = "") -> None:
        problems.append(Problem(where, find_key_line(text, key, table), key, message))

    facts: dict[str, object] = {"name": theme_id, "summary": "", "dark": True, "ansi": False}
    colors: object = {}
    for key, value in table.items():
        if key == "colors":
            colors = value
        elif key not in facts:
            ignore(key, f"unknown; a theme has {', '.join(facts)} and [colors]")
        elif type(value) is not type(facts[key]):
            ignore(key, "must be true or false" if isinstance(facts[key], bool) else "must be text in quotes")
        else:
            facts[key] = value
    ansi = facts["ansi"] is True
    given: dict[str, str] = {}
    if not isinstance(colors, dict):
        ignore("colors", 'must be a table: [colors], and below it lines like primary = "#88aaff"')
        colors = {}
    for key, value in colors.items():
        if key not in _BY_NAME:
            ignore(key, "is no role of a theme", "colors")
        elif not isinstance(value, str) or not (_ANSI if ansi else _HEX).fullmatch(value):
            ignore(key, "must be like " + ('"ansi_bright_blue" or "ansi_default"' if ansi else '"#88aaff"'), "colors")
        else:
            given[key] = value.lower()
    theme = ThemeFile(theme_id, str(facts["name"]), str(facts["summary"]), facts["dark"] is True, ansi, given)
    return theme, tuple(problems)


def completed(theme: ThemeFile, base: Mapping[str, str]) -> ThemeFile:
    """The theme with a colour for every role; `base` has those that fall back to none."""
    return msgspec.structs.replace(theme, colors={role.name: _color(role, theme.colors, base) for role in ROLES})


def _color(role: Role, given: Mapping[str, str], base: Mapping[str, str]) -> str:
    while role.name not in given:
        if not role.falls_back_to:
            return base[role.name]
        role = _BY_NAME[role.falls_back_to]
    return given[role.name]
