"""When the chat shows a screen before it is loaded: only where what it will show is plain, and by the same facts."""

from pathlib import Path

import pytest

from tui_chat.cli import early
from tui_chat.cli.early import wanted_by
from tui_chat.cli.flags import TAKES_VALUE
from tui_chat.settings import project, theme_files
from tui_chat.settings.paths import find_paths
from tui_chat.terminal.background import Background, background_of
from tui_chat.terminal.early import is_light_in

GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_goes_by_the_same_facts_as_the_chat() -> None:
    assert early.PROJECT_FILE == project.PROJECT_FILE
    assert (early.DARK, early.LIGHT) == (theme_files.DEFAULT, theme_files.LIGHT_DEFAULT)


def test_its_flags_are_those_of_the_chat() -> None:
    flags = {**dict.fromkeys(early._WITHOUT_VALUE, False), **dict.fromkeys(early._WITH_VALUE, True)}
    assert flags.items() <= TAKES_VALUE.items()


@pytest.mark.parametrize(
    "environ", [{}, {"XDG_CONFIG_HOME": "/x/config"}, {"XDG_CONFIG_HOME": " "}, {"TUI_CHAT_HOME": "~/chat"}]
)
def test_the_settings_are_looked_for_where_the_chat_reads_them(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    for name in ("XDG_CONFIG_HOME", "TUI_CHAT_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    wanted = wanted_by([], {**GOOD, **environ})
    assert wanted is not None
    assert Path(wanted.folder) == find_paths(environ).config


@pytest.mark.parametrize(
    ("words", "settings", "shown"),
    [
        ([], "", ("", "")),
        (["-c"], 'theme = "auto"\nmodel = "a/b"\nsystem = "be brief"', ("", "a/b")),
        (["--theme", "ember", "--base-url", "https://a.example/v1", "--temporary"], 'theme = "dusk"', ("ember", "")),
        (["-m", "c/d", "--resume", "01"], 'theme = "fjord"\nmodel = "a/b"', ("fjord", "c/d")),
    ],
)
def test_it_shows_what_words_and_settings_say(
    home: Path, words: list[str], settings: str, shown: tuple[str, str]
) -> None:
    (home / "config.toml").write_text(settings)
    wanted = wanted_by(words, {**GOOD, "TUI_CHAT_HOME": str(home)})
    assert wanted is not None
    assert (wanted.theme, wanted.model) == shown


@pytest.mark.parametrize(
    "words",
    [["ask", "hi"], ["hi"], ["--plain"], ["-m"], ["-m", "--plain"], ["--base-url", "x"], ["--", "hi"], ["-cm", "x"]],
)
def test_words_that_say_more_have_no_early_screen(home: Path, words: list[str]) -> None:
    assert wanted_by(words, {**GOOD, "TUI_CHAT_HOME": str(home)}) is None


@pytest.mark.parametrize(
    "more",
    [
        {"TERM": "dumb"},
        {"TERM": ""},
        {"TERM": "linux"},
        {"TERM": "screen-256color"},
        {"STY": "1.pts"},
        {"COLORTERM": ""},
        {"NO_COLOR": "1"},
        {"LANG": "C"},
        {"LC_ALL": "de_DE.ISO-8859-1"},
        {"COLORFGBG": "0;15"},
        {"TEXTUAL_COLOR_SYSTEM": "256"},
    ],
    ids=str,
)
def test_a_terminal_of_which_less_is_known_has_none(home: Path, more: dict[str, str]) -> None:
    assert wanted_by([], {**GOOD, **more, "TUI_CHAT_HOME": str(home)}) is None


@pytest.mark.parametrize(
    "settings",
    [
        "plain = true",
        "ascii = true",
        'painting = "plain"',
        'keys = { models = "f8" }',
        'leader = "ctrl+a"',
        'enter = "newline"',
        "theme = 1",
        "hints = 0",
        "theme = ",
        "\x00",
    ],
)
def test_settings_that_change_the_frame_otherwise_have_none(home: Path, settings: str) -> None:
    (home / "config.toml").write_text(settings)
    assert wanted_by([], {**GOOD, "TUI_CHAT_HOME": str(home)}) is None


def test_neither_has_a_folder_with_a_project_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / project.PROJECT_FILE).write_text("")
    (home / "below").mkdir()
    monkeypatch.chdir(home / "below")
    assert wanted_by([], {**GOOD, "TUI_CHAT_HOME": str(home)}) is None


@pytest.mark.parametrize("theme", ["terminal", "own", "missing", "../dusk"])
def test_a_theme_that_is_not_one_of_plain_colours_of_ours_has_none(home: Path, theme: str) -> None:
    (home / "themes").mkdir()
    (home / "themes" / "own.toml").write_text("[colors]\n")
    (home / "config.toml").write_text(f'theme = "{theme}"')
    wanted = wanted_by([], {**GOOD, "TUI_CHAT_HOME": str(home)})
    assert wanted is not None
    assert not wanted.frame(80, 24)


@pytest.mark.parametrize(
    "reply",
    ["]11;rgb:ffff/ffff/ffff", "]11;rgb:00/00/00", "]11;rgb:8080/7f7f/8080", "]11;rgb:f/0/f", "]11;?", "]10;rgb:0/0/0"],
)
@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_the_background_is_read_as_the_chat_reads_it(reply: str, end: str) -> None:
    told = background_of(reply)
    is_light = None if told is None else told is Background.LIGHT
    assert is_light_in(f"keys\x1b{reply}{end}\x1b[?62c".encode()) is is_light
