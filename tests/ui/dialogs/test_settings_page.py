"""The page of settings: what it lists, how a setting is changed there, and what is said."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, make_services
from tests.memory_store import MemoryStore
from tests.store.values import answer as stored_answer
from tests.store.values import question
from tests.ui.support import asked_something, chat_app, notes, press, running, send, starting, until
from tui_chat.core.tree import Conversation
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.load import load_settings
from tui_chat.settings.model import BY_KEY
from tui_chat.settings.paths import Paths
from tui_chat.settings.problem import Problem
from tui_chat.settings.project import PROJECT_FILE, find_project
from tui_chat.settings.save import save_setting
from tui_chat.settings.secrets import find_connection
from tui_chat.settings.subjects import SUBJECTS
from tui_chat.ui.app import ChatApp
from tui_chat.ui.dialogs.names_list import NamesList
from tui_chat.ui.dialogs.settings_page import SettingsPage
from tui_chat.ui.dialogs.settings_rows import lines_of
from tui_chat.ui.transcript.section import SectionKind
from tui_chat.workspace.opening import Opening


def page_of(app: ChatApp) -> SettingsPage:
    assert isinstance(app.screen, SettingsPage)
    return app.screen


def listed(app: ChatApp) -> dict[str, tuple[str, str, str]]:
    return {line.name: (line.heading, line.value, line.origin) for line in page_of(app)._found.items}


def test_every_setting_has_one_subject() -> None:
    keys = [key for group in SUBJECTS.values() for key in group]
    assert sorted(keys) == sorted(BY_KEY)


async def test_faults_stand_first_then_what_is_changed_then_the_rest(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings='model = "[/red]"\nvim = true\ntemprature = 0.7\n')
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/settings")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))
        rows = listed(app)
        headings = list(dict.fromkeys(heading for heading, _, _ in rows.values()))
        assert headings == ["Not used", "Changed", *SUBJECTS]
        assert rows["temprature"][2].startswith("line 3: unknown; did you mean temperature?")
        assert rows["model"] == ("Changed", "[/red]", "your file, line 1")
        assert rows["vim"] == ("Changed", "on", "your file, line 2")
        assert rows["enter"] == ("Writing", "send", "default")


async def test_a_fault_of_another_file_is_not_put_on_the_settings(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.toml").write_text("broken\n")
    app = chat_app(tmp_path, settings='# mine\ntheme = "mine"\n')
    (theme,) = app.theme_problems
    of_role = replace(theme, line=4, key="primary", message="must be like this")
    own = Problem(str(app.loaded.file), 1, "", "not TOML: at all")
    variable = Problem("SOLROUTER_API_KEY", None, "", "holds a space")

    lines = [line for line in lines_of(app.loaded, (), (theme, of_role, own, variable)) if line.is_fault]

    assert [(line.name, line.origin.partition(": ")[0]) for line in lines] == [
        ("mine.toml", "line 1"),
        ("primary", "mine.toml, line 4"),
        ("the file", "line 1"),
        ("SOLROUTER_API_KEY", "holds a space"),
    ]


async def test_a_theme_that_there_is_not_is_a_fault_at_its_line(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings='# mine\ntheme = "no-such"\n')

    (line,) = (line for line in lines_of(app.loaded, (), app.faults) if line.is_fault)

    assert (line.name, line.origin.partition(";")[0]) == ("theme", "line 2: no theme has this name")
    assert any(problem.startswith(f"{app.loaded.file}:2: theme: no theme") for problem in app.problems)


async def test_a_value_is_checked_while_it_is_typed_and_written_with_enter(tmp_path: Path) -> None:
    app = chat_app(tmp_path, settings="# mine\nretries = 3 # why\n")
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/settings retries")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))
        await press(pilot, "enter")
        await press(pilot, "9")
        await until(pilot, lambda: page_of(app)._problem == "a whole number from 0 to 20")
        await press(pilot, "enter")
        assert app.loaded.file.read_text() == "# mine\nretries = 3 # why\n"
        await press(pilot, "backspace", "backspace", "7", "enter")
        await until(pilot, lambda: app.loaded.settings.retries == 7)
        assert app.loaded.file.read_text() == "# mine\nretries = 7 # why\n"
        assert "retries is 7 from the next start. u undoes." in notes(app)
        await press(pilot, "u")
        assert app.loaded.file.read_text() == "# mine\nretries = 3 # why\n"
        assert "retries is as it was." in notes(app)
        await press(pilot, "d")
        assert app.loaded.file.read_text() == "# mine\n"


async def test_a_choice_is_made_from_rows_and_counts_at_once(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/settings theme")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, NamesList))
        await press(pilot, *"fjord", "enter")
        await until(pilot, lambda: app.theme == "fjord")
        assert "theme is fjord from now on, also next time. u undoes." in notes(app)
        assert app.loaded.file.read_text() == 'theme = "fjord"\n'


@pytest.mark.parametrize("way", ["/settings vim on", "/vim"])
async def test_a_setting_is_changed_by_its_name_as_its_own_command_does(tmp_path: Path, way: str) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, way)
        await until(pilot, lambda: chat.composer.uses_vim)
        assert "vim is on from now on, also next time." in notes(app)
        assert app.loaded.settings.vim
        assert app.loaded.file.read_text() == "vim = true\n"


async def test_times_of_messages_and_what_stands_between_days_come_and_go_at_once(tmp_path: Path) -> None:
    store, day_s = MemoryStore(), 86_400.0
    nodes = (question(at=day_s), stored_answer(at=9 * day_s))
    await store.add(Conversation("c1", day_s, head_id="a", model="m"), nodes)
    services = make_services(store=store)
    app = chat_app(tmp_path, services=services, settings='timestamps = "off"\n', opens_with=Opening(resume_id="c1"))

    def gaps() -> int:
        return sum(each.kind is SectionKind.TIME_GAP for each in chat.transcript.whole.sections)

    async with running(app) as (chat, pilot):
        await until(pilot, lambda: chat.transcript.whole.path)
        assert (gaps(), chat.transcript.times.stamp(0.0)) == (0, "")
        await send(pilot, chat, "/settings timestamps absolute")
        await until(pilot, lambda: chat.transcript.times.are_shown and gaps() == 1)
        await send(pilot, chat, "/settings timestamps off")
        await until(pilot, lambda: not chat.transcript.times.are_shown and gaps() == 0)


async def test_the_filter_finds_by_name_and_by_meaning(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/settings")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))
        await press(pilot, "slash", *"colours")
        await until(pilot, lambda: list(listed(app)) == ["theme"])


async def test_the_editor_opens_the_file_itself_which_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = chat_app(tmp_path)
    opened: list[Path] = []

    async def write(command: str, file: Path) -> None:
        opened.append(file)
        save_setting(file, "vim", True)

    async with running(app) as (chat, pilot):
        monkeypatch.setattr(app.editor, "open", write)
        await send(pilot, chat, "/settings")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))
        await press(pilot, "ctrl+g")
        await until(pilot, lambda: chat.composer.uses_vim)
        assert opened == [app.loaded.file]
        assert listed(app)["vim"] == ("Changed", "on", "your file, line 1")


def in_project(tmp_path: Path) -> ChatApp:
    """An app that was started in a folder with a project file."""
    work = tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    (work / PROJECT_FILE).write_text('theme = "fjord"\n[preset.x]\nmodel = "c/d"\n')
    (work / PROJECT_FILE).chmod(0o644)
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    loaded = load_settings(paths.config_file, {}, project=find_project(work, tmp_path))
    return ChatApp(
        loaded,
        paths,
        Opening(),
        find_connection(loaded, {}, paths.credentials_file),
        make_services=lambda: make_services(ScriptedCompleter()),
        keeping=SettingsKeeper(loaded, {}, is_temporary=False),
    )


@pytest.mark.parametrize("agrees", [True, False])
async def test_a_project_file_counts_once_the_person_agreed(tmp_path: Path, agrees: bool) -> None:
    app = in_project(tmp_path)
    async with starting(app) as (chat, pilot):
        dialog = await asked_something(pilot)
        assert "[preset.x]" in dialog._quoted
        assert app.theme != "fjord"
        await press(pilot, "y" if agrees else "enter")
        await until(pilot, lambda: chat.conversation.is_open)
        assert (app.theme == "fjord") is agrees
        assert (list(app.loaded.settings.preset) == ["x"]) is agrees
        await send(pilot, chat, "/settings")
        await until(pilot, lambda: isinstance(app.screen, SettingsPage))
        state = "agreed to" if agrees else "not agreed to: it does not count"
        assert listed(app)["project file"][2] == state


async def test_what_the_project_file_overrides_is_kept_for_later(tmp_path: Path) -> None:
    app = in_project(tmp_path)
    async with starting(app) as (chat, pilot):
        await asked_something(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: chat.conversation.is_open)
        await send(pilot, chat, "/theme paper")
        await until(pilot, lambda: "the project file rules here" in notes(app))
        assert app.theme == "fjord"
        await send(pilot, chat, "/settings forget")
        await until(pilot, lambda: "does not count any more" in notes(app))
        assert app.theme == "paper"
