"""Themes: the shipped ones are whole and readable, the user's cannot break anything."""

import re
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.widgets import Button, Markdown, OptionList, Static, TextArea

from tui_chat.settings.theme_file import GROUNDS, ROLES, TEXTS, ThemeFile, completed, read_theme
from tui_chat.settings.theme_files import DEFAULT, TERMINAL, Themes
from tui_chat.ui.theming.themes import (
    ThemedApp,
    apply_theme,
    chosen_theme,
    default_theme,
    to_textual,
    variable_defaults,
)

SHIPPED = Themes().names()
COLOURED = tuple(name for name in SHIPPED if not Themes().read(name)[0].ansi)
PACKAGE = Path(__file__).parents[3] / "tui_chat"


class Gallery(ThemedApp[None]):
    """A widget of each kind."""

    CSS = "Static { background: $code-background; color: $syntax-keyword; text-style: $cursor-style; }"

    def compose(self) -> ComposeResult:
        yield Static("words")
        yield TextArea("words")
        yield Button("words")
        yield OptionList("words")
        yield Markdown("# words\n\n* `words`")


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    red, green, blue = (part / 255 for part in Color.parse(colour).rgb)
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faint(theme: ThemeFile, least: float) -> list[str]:
    """Texts that are too close to what they stand on."""
    colors = theme.colors
    return [
        f"{text.name} on {ground.name}: {ratio:.2f}"
        for ground in GROUNDS
        for text in TEXTS
        if (ratio := contrast(colors[text.name], colors[ground.name])) < least
    ]


def own(folder: Path, name: str, text: str) -> Themes:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text)
    return Themes(folder)


def test_the_measure_of_contrast_is_the_published_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_dark_a_light_a_high_contrast_and_a_terminal_native_theme_are_shipped() -> None:
    assert SHIPPED[0] == DEFAULT
    assert {"dusk", "paper", "high-contrast", "high-contrast-light", "terminal"} < set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_theme_has_no_mistakes_and_a_line_for_the_picker(name: str) -> None:
    file = PACKAGE.parent / "themes" / f"{name}.toml"

    theme, problems = read_theme(file.read_text(), name, str(file))

    assert problems == ()
    assert theme is not None
    assert 0 < len(theme.title) <= 20
    assert 0 < len(theme.summary) <= 38


@pytest.mark.parametrize("name", COLOURED)
def test_every_text_is_readable_on_every_ground(name: str) -> None:
    assert faint(Themes().read(name)[0], 4.5) == []


@pytest.mark.parametrize("name", ["high-contrast", "high-contrast-light"])
def test_high_contrast_is_seven_or_more(name: str) -> None:
    assert faint(Themes().read(name)[0], 7.0) == []


@pytest.mark.parametrize("name", COLOURED)
def test_selections_matches_and_the_focus_can_be_seen(name: str) -> None:
    colors = Themes().read(name)[0].colors

    assert contrast(colors["selection-text"], colors["selection"]) >= 4.5
    assert contrast(colors["match-text"], colors["match"]) >= 4.5
    assert all(contrast(colors["border"], colors[ground]) >= 3 for ground in ("background", "surface", "panel"))


HUES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5",
    "console": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa",
    "Windows": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc",
}
"""The eight plain colours of terminals; white is their text, and black its ground."""


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize("role", ["border", "primary", "user", "heading", "accent", "syntax-function"])
def test_frames_and_titles_in_the_terminals_own_colours_read_in_its_palette(palette: str, role: str) -> None:
    shown = {f"ansi_{hue}": f"#{colour}" for hue, colour in zip(HUES, palette.split(), strict=True)}
    shown["ansi_default"] = shown["ansi_white"]

    assert contrast(shown[Themes().read(TERMINAL)[0].colors[role]], shown["ansi_black"]) >= 4.5


@pytest.mark.parametrize("name", COLOURED)
def test_a_dark_theme_is_dark(name: str) -> None:
    theme, _ = Themes().read(name)

    assert theme.dark is (luminance(theme.colors["background"]) < luminance(theme.colors["foreground"]))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_variable_is_a_plain_colour_in_every_theme(name: str) -> None:
    theme, _ = Themes().read(name)
    textual_theme = to_textual(theme)
    variables = {**textual_theme.to_color_system().generate(), **textual_theme.variables}

    for role in ROLES:
        colour = Color.parse(variables[role.name])
        assert colour.ansi is not None if theme.ansi else (colour.a == 1 and colour.ansi is None)


def test_every_theme_defines_what_every_other_does() -> None:
    """Styles that parse under one theme parse under all; Textual's own 16-colour palette leaves some names out."""
    names = {}
    for name in SHIPPED:
        theme = to_textual(Themes().read(name)[0])
        names[name] = {*theme.to_color_system().generate(), *theme.variables}

    assert {name: names[DEFAULT] - defined for name, defined in names.items()} == {name: set() for name in SHIPPED}


def test_the_module_says_every_variable() -> None:
    import tui_chat.ui.theming.themes

    told = set(re.findall(r"\$([a-z-]+)", tui_chat.ui.theming.themes.__doc__ or ""))

    assert {role.name for role in ROLES} | {"cursor-style", "muted-style"} <= told


@pytest.mark.parametrize("name", SHIPPED)
async def test_widgets_wear_a_theme(name: str) -> None:
    app = Gallery(theme_name=name)
    async with app.run_test():
        assert app.theme == name
        colour = app.query_one(Static).styles.color
        assert colour == Color.parse(Themes().read(name)[0].colors["syntax-keyword"])


async def test_a_theme_is_changed_while_the_app_runs() -> None:
    app = Gallery()
    async with app.run_test() as pilot:
        assert apply_theme(app, app.themes, "paper") == ()
        await pilot.pause()

        assert app.query_one(Static).styles.background == Color.parse(
            Themes().read("paper")[0].colors["code-background"]
        )


async def test_styles_are_not_parsed_before_there_is_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bool] = []
    parse = Stylesheet.parse

    def noting(stylesheet: Stylesheet) -> None:
        parsed.append(bool(app.screen_stack))
        parse(stylesheet)

    monkeypatch.setattr(Stylesheet, "parse", noting)
    app = Gallery()
    async with app.run_test():
        assert parsed
        assert all(parsed)


async def test_our_styles_parse_in_an_app_that_knows_no_theme_of_ours() -> None:
    class Foreign(App[None]):
        CSS = "Screen { background: $user-background; color: $list-marker; }"

        def get_theme_variable_defaults(self) -> dict[str, str]:
            return variable_defaults()

    async with Foreign().run_test() as pilot:
        assert pilot.app.theme == "textual-dark"


async def test_the_terminals_own_colours_reach_the_terminal_unmixed() -> None:
    app = Gallery(theme_name=TERMINAL)
    async with app.run_test() as pilot:
        assert app.native_ansi_color
        assert app.query_one(Static).rich_style.color is not None
        apply_theme(app, app.themes, "dusk")
        await pilot.pause()
        assert not app.native_ansi_color


class TestUserThemes:
    """The themes folder of the config folder."""

    def test_a_theme_of_three_colours_is_whole(self, tmp_path: Path) -> None:
        themes = own(tmp_path, "mine", '[colors]\nbackground = "#001"\nforeground = "#fff"\nprimary = "#8af"\n')

        theme, problems = themes.read("mine")

        assert problems == ()
        assert "mine" in themes.names()
        assert theme.colors["heading"] == "#8af"
        assert theme.colors["surface"] == "#001"
        assert theme.colors["error"] == Themes().read(DEFAULT)[0].colors["error"]

    def test_it_hides_a_shipped_one_of_its_name(self, tmp_path: Path) -> None:
        themes = own(tmp_path, "paper", 'name = "My paper"\ndark = false\n')

        assert themes.read("paper")[0].title == "My paper"
        assert themes.names().count("paper") == 1

    def test_a_mistake_is_told_with_its_line_and_the_rest_counts(self, tmp_path: Path) -> None:
        text = 'nmae = "x"\ndark = "no"\n\n[colors]\nprimary = "blue-ish"\nuser = "#abcdef"\nuesr = "#abcdef"\n'

        theme, problems = own(tmp_path, "mine", text).read("mine")

        assert [(problem.line, problem.key) for problem in problems] == [
            (1, "nmae"), (2, "dark"), (5, "primary"), (7, "uesr"),
        ]  # fmt: skip
        assert theme.colors["user"] == "#abcdef"
        assert theme.colors["primary"] == Themes().read(DEFAULT)[0].colors["primary"]

    @pytest.mark.parametrize(
        "raw", [b"name = ", b"\xff\xff", b"#" * 70_000, b"a=" + b"[" * 3000], ids=["syntax", "bytes", "size", "depth"]
    )
    def test_a_file_that_cannot_be_read_is_the_default_and_told(self, tmp_path: Path, raw: bytes) -> None:
        (tmp_path / "mine.toml").write_bytes(raw)

        theme, (problem,) = Themes(tmp_path).read("mine")

        assert theme.id == DEFAULT
        assert problem.where == str(tmp_path / "mine.toml")

    @pytest.mark.parametrize("name", ["none", "", "../../etc/passwd", "a,b", "dusk.toml", "x" * 400])
    def test_a_name_that_is_no_theme_is_the_default_and_told(self, tmp_path: Path, name: str) -> None:
        theme, (problem,) = Themes(tmp_path).read(name)

        assert theme.id == DEFAULT
        assert "dusk" in problem.message

    def test_a_file_whose_name_cannot_be_a_style_class_is_not_listed(self, tmp_path: Path) -> None:
        own(tmp_path, "Not A Name", "dark = true\n")

        assert Themes(tmp_path).names() == SHIPPED

    def test_a_folder_that_cannot_be_entered_leaves_the_shipped_ones(self, tmp_path: Path) -> None:
        themes = Themes(tmp_path / ("x" * 300))

        assert themes.names() == SHIPPED
        assert themes.read("paper")[0].id == "paper"

    def test_a_theme_of_ansi_names_takes_the_rest_from_the_terminal(self, tmp_path: Path) -> None:
        text = 'ansi = true\n[colors]\nprimary = "ansi_bright_red"\nuser = "#ffffff"\n'

        theme, (problem,) = own(tmp_path, "mine", text).read("mine")

        assert theme.colors["primary"] == "ansi_bright_red"
        assert theme.colors["background"] == "ansi_default"
        assert problem.key == "user"


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"TERM": "xterm-256color"}, DEFAULT),
        ({"TERM": "xterm-kitty"}, DEFAULT),
        ({"TERM": "tmux-direct"}, DEFAULT),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, DEFAULT),
        ({"TERM": "xterm"}, TERMINAL),
        ({"TERM": "linux"}, TERMINAL),
        ({"TERM": "dumb"}, TERMINAL),
        ({}, TERMINAL),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, TERMINAL),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, DEFAULT),
    ],
)
def test_the_default_follows_what_the_terminal_can_show(environ: dict[str, str], theme: str) -> None:
    assert default_theme(environ) == theme
    assert chosen_theme("auto", environ) == theme
    assert chosen_theme("paper", environ) == (TERMINAL if environ.get("NO_COLOR") else "paper")


def test_a_role_never_falls_back_in_a_circle() -> None:
    bare = ThemeFile("bare", "", "", dark=True, ansi=False, colors={})
    base = {role.name: "#000000" for role in ROLES if not role.falls_back_to}

    assert set(completed(bare, base).colors) == {role.name for role in ROLES}


def test_no_colour_stands_outside_the_themes() -> None:
    found = [
        f"{path.name}: {colour[0]}"
        for path in (*(PACKAGE / "ui").rglob("*.py"), *(PACKAGE / "ui").rglob("*.tcss"))
        if path.name != "theme_file.py"
        for colour in re.finditer(
            r"""(?:background|color|border[a-z-]*)\s*:[^;}"\n]*#[0-9a-fA-F]{3,8}\b""", path.read_text()
        )
    ]

    assert found == []
