"""The frame that shows before anything is loaded is the chat's own first frame, cell for cell."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.terminal.screen_model import ScreenModel
from tests.ui.cells import drawn
from tests.ui.support import starting
from tui_chat.cli.early import wanted_by
from tui_chat.settings.command_line import Override
from tui_chat.settings.load import load_settings
from tui_chat.settings.paths import find_paths
from tui_chat.settings.secrets import find_connection
from tui_chat.ui.app import ChatApp
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.opening import Opening

CONSOLE = Console(color_system="truecolor", force_terminal=True)
GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


def screen(text: str, size: tuple[int, int], *, erases: bool = True) -> list[list[object]]:
    """What a terminal shows that was told this."""
    model = ScreenModel(*size, erases_with_background=erases)
    model.feed(text)
    return [[cell.seen for cell in row] for row in model.cells]


def unloaded(
    monkeypatch: pytest.MonkeyPatch, environ: Mapping[str, str], overrides: Mapping[str, Override] | None = None
) -> ChatApp:
    """The chat as its first frame is painted."""
    monkeypatch.setattr(ChatApp, "_begin", lambda app: None)
    monkeypatch.setattr(ChatApp, "has_terminal_caret", True)
    paths = find_paths(environ)
    loaded = load_settings(paths.config_file, environ, overrides or {})
    assert not loaded.problems
    connection = find_connection(loaded, environ, paths.credentials_file)
    return ChatApp(loaded, paths, Opening(), connection, make_services=lambda: pytest.fail("not yet"))


@pytest.mark.parametrize(
    ("settings", "words", "size"),
    [
        ("", [], (80, 24)),
        ("", ["-c", "--model", "demo/fast"], (120, 40)),
        ('theme = "auto"\nhints = false', ["-m", "a/b"], (60, 14)),
        ('theme = "paper"', [], (139, 30)),
        ('theme = "high-contrast-light"\nmodel = "c/d"', [], (140, 30)),
        ('theme = "ember"\nmodel = "c/d"\npainting = "full"', ["-m", "e/f"], (201, 50)),
    ],
)
async def test_the_early_frame_is_the_first_frame(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    words: list[str],
    size: tuple[int, int],
) -> None:
    environ = {**GOOD, "TUI_CHAT_HOME": str(tmp_path)}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(settings)
    for name in ("NO_COLOR", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    wanted = wanted_by(words, environ)
    assert wanted is not None
    early = wanted.frame(*size)
    assert early

    overrides = {"model": Override("--model", words[-1])} if words else {}
    async with starting(app := unloaded(monkeypatch, environ, overrides), size) as (_, pilot):
        await pilot.pause()
        shown = screen("".join(drawn(app).render_segments(CONSOLE)), size)

    assert screen(early.text, size) == shown
    plain = wanted_by(words, {**environ, "KITTY_WINDOW_ID": "1"})
    assert plain is not None
    frame = plain.frame(*size)
    assert frame is not None
    assert screen(frame.text, size, erases=False) == shown


@pytest.mark.parametrize("size", [(60, 14), (80, 24), (200, 50)])
@pytest.mark.parametrize("words", ["h", "two words ", "größer 中文 "])
async def test_what_is_typed_stands_where_the_composer_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], words: str
) -> None:
    environ = {**GOOD, "TUI_CHAT_HOME": str(tmp_path)}
    monkeypatch.chdir(tmp_path)
    wanted = wanted_by(["--theme", "dusk"], environ)
    assert wanted is not None
    early = wanted.frame(*size)
    assert early is not None

    app = unloaded(monkeypatch, environ, {"theme": Override("--theme", "dusk")})
    async with starting(app, size) as (_, pilot):
        app.query_one(Composer).insert_text(words)
        await pilot.pause()
        shown = screen("".join(drawn(app).render_segments(CONSOLE)), size)
        caret = app.query_one(Composer).cursor_screen_offset

    typed = ScreenModel(*size)
    typed.feed(early.text + early.field.drawn("before") + early.field.drawn(words, cell_len(words)))
    row = size[1] - 3
    assert [cell.seen for cell in typed.cells[row]] == shown[row]
    assert (typed.x, typed.y) == caret
    assert typed.is_cursor_shown
    typed.feed(early.field.drawn(""))
    assert [[cell.seen for cell in row] for row in typed.cells] == screen(early.text, size)


@pytest.mark.parametrize(("size", "room"), [((60, 14), 55), ((120, 40), 115), ((140, 30), 99)])
async def test_a_row_that_is_full_is_one_row_in_the_composer_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], room: int
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {**GOOD, "TUI_CHAT_HOME": str(tmp_path)}
    wanted = wanted_by(["--theme", "dusk"], environ)
    early = wanted and wanted.frame(*size)
    assert early
    assert early.field.room == room

    async with starting(app := unloaded(monkeypatch, environ), size) as (_, pilot):
        composer = app.query_one(Composer)
        composer.insert_text("x" * room)
        await pilot.pause()
        assert composer.size.height == 1


def test_on_a_light_terminal_it_is_light(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_, paper = (wanted_by([], {**GOOD, "TUI_CHAT_HOME": str(folder)}) for folder in (tmp_path, tmp_path / "other"))
    assert open_ is not None
    assert paper is not None
    paper.theme = "paper"
    light, own, dark = open_.frame(80, 24, is_light=True), paper.frame(80, 24), open_.frame(80, 24, is_light=False)
    assert light is not None
    assert own is not None
    assert dark is not None
    assert light.text == own.text != dark.text


@pytest.mark.parametrize("size", [(59, 24), (80, 13)])
def test_a_screen_on_which_words_give_way_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = wanted_by([], {**GOOD, "TUI_CHAT_HOME": str(tmp_path)})
    assert wanted is not None
    assert wanted.frame(*size) is None
