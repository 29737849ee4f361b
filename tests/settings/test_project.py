"""The project file: where it is looked for, what it may set, and that nothing of it counts before it was agreed to."""

import os
import stat
from pathlib import Path

import pytest

from tui_chat.core.errors import SettingsError
from tui_chat.settings.command_line import CommandLine, Override
from tui_chat.settings.consent import Consents
from tui_chat.settings.load import Source
from tui_chat.settings.project import PROJECT_FILE, find_project
from tui_chat.wiring.load import load
from tui_chat.wiring.root import Wiring


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root of a repository below a home folder."""
    root = tmp_path / "home" / "work"
    (root / ".git").mkdir(parents=True)
    (root / "sub" / "deep").mkdir(parents=True)
    return root


def begun(
    project: Path, monkeypatch: pytest.MonkeyPatch, *, flags: dict[str, Override] | None = None, temporary: bool = False
) -> Wiring:
    """The program, started in a folder of the project."""
    monkeypatch.chdir(project / "sub")
    home = project.parent
    environ = {"TUI_CHAT_HOME": str(home / "ours"), "HOME": str(home)}
    return load(CommandLine(overrides=flags or {}, is_temporary=temporary), environ)


def write(project: Path, text: str = 'model = "a/b"\n') -> Path:
    file = project / PROJECT_FILE
    file.write_text(text)
    file.chmod(0o644)
    return file


def test_it_is_looked_for_up_to_the_root_of_the_repository_and_never_above(project: Path) -> None:
    home = project.parent
    (home / PROJECT_FILE).write_text("")
    assert find_project(project / "sub" / "deep", home) is None
    file = write(project)
    found = find_project(project / "sub" / "deep", home)
    assert found is not None
    assert found.path == file


def test_it_is_looked_for_up_to_the_home_folder_and_never_above(tmp_path: Path) -> None:
    (tmp_path / "home" / "notes").mkdir(parents=True)
    write(tmp_path)
    assert find_project(tmp_path / "home" / "notes", tmp_path / "home") is None
    write(tmp_path / "home")
    assert find_project(tmp_path / "home" / "notes", tmp_path / "home") is not None
    assert find_project(tmp_path / "home", tmp_path / "other") is not None
    assert find_project(tmp_path / "home" / "notes", tmp_path / "other") is None


@pytest.mark.parametrize("how", ["writable", "pipe", "folder", "link out", "not TOML", "too large"])
def test_what_is_no_file_of_this_user_alone_is_not_used(project: Path, how: str) -> None:
    file = project / PROJECT_FILE
    match how:
        case "writable":
            write(project).chmod(0o664)
        case "pipe":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case "link out":
            (project.parent / "elsewhere.toml").write_text("")
            file.symlink_to(project.parent / "elsewhere.toml")
        case "not TOML":
            write(project, "model = ")
        case _:
            write(project, "# " + "x" * 70_000)
    found = find_project(project, project.parent)
    assert found is not None
    assert not found.is_usable
    assert str(found.problems[0]).startswith(str(file))


def test_nothing_counts_before_it_was_agreed_to(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, 'model = "a/b"\nsystem = "Be evil."\ntheme = "paper"\ntools = "t.json"\n[preset.x]\nmodel = "c/d"\n')
    wiring = begun(project, monkeypatch)
    loaded = wiring.loaded
    assert {origin.source for origin in loaded.origins.values()} == {Source.DEFAULT}
    assert loaded.settings.preset == {}
    assert wiring.keeping.asks_for_project
    wiring.keeping.agree_to_project()
    loaded = wiring.loaded
    assert (loaded.settings.model, loaded.settings.theme) == ("a/b", "paper")
    assert loaded.settings.tools == str(project / "t.json")
    assert loaded.origins["model"].detail == f"{project / PROJECT_FILE}:1"
    assert begun(project, monkeypatch).loaded.origins["model"].source is Source.PROJECT


def test_it_is_stronger_than_the_users_file_and_weaker_than_a_flag(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, 'model = "project/m"\ntheme = "paper"\n')
    ours = project.parent / "ours"
    ours.mkdir()
    (ours / "config.toml").write_text('model = "mine"\ntheme = "dusk"\nvim = true\n[preset.mine]\nmodel = "x"\n')
    flags = {"theme": Override("--theme", "ember")}
    begun(project, monkeypatch).keeping.agree_to_project()
    wiring = begun(project, monkeypatch, flags=flags)
    settings = wiring.loaded.settings
    assert (settings.model, settings.theme, settings.vim, list(settings.preset)) == (
        "project/m", "ember", True, ["mine"],
    )  # fmt: skip
    assert wiring.keeping.keep("model", "z") == "model is z, kept for later: the project file rules here."


@pytest.mark.parametrize("changed", ["itself", "tools", "schema"])
def test_a_change_of_it_or_of_a_file_that_it_names_is_asked_for_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    file = write(project, 'tools = "tools.toml"\n')
    (project / "tools.toml").write_text('[tools.t]\nparameters = "schema.json"\n')
    (project / "schema.json").write_text("{}")
    begun(project, monkeypatch).keeping.agree_to_project()
    assert not begun(project, monkeypatch).keeping.asks_for_project
    named = {"itself": file, "tools": project / "tools.toml", "schema": project / "schema.json"}[changed]
    with named.open("a") as opened:
        opened.write("# more\n")
    assert begun(project, monkeypatch).keeping.asks_for_project


def test_what_is_agreed_to_is_shown_whole(project: Path) -> None:
    write(project, 'tools = "tools.json"  # ours\n')
    (project / "tools.json").write_text('[{"name": "t"}]')
    found = find_project(project, project.parent)
    assert found is not None
    assert 'tools = "tools.json"  # ours' in found.words
    assert '[{"name": "t"}]' in found.words


@pytest.mark.parametrize(
    "line",
    [
        'base_url = "http://x"',
        "redact = []",
        "[gateway.x]",
        "[headers]",
        "[mcp.x]",
        'run = ["rm"]',
        "[budget]",
        'api_key = "k"',
        "[keys]",
    ],
)
def test_what_it_may_not_set_is_a_problem_with_file_and_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    write(project, f'model = "a/b"\n{line}\n')
    wiring = begun(project, monkeypatch)
    wiring.keeping.agree_to_project()
    assert [str(problem).split(": ")[0] for problem in wiring.loaded.problems if problem.is_setting] == [
        f"{project / PROJECT_FILE}:2"
    ]
    assert [key for key, origin in wiring.loaded.origins.items() if origin.source is not Source.DEFAULT] == ["model"]


def test_it_can_begin_with_a_preset_by_name(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, 'preset = "mine"\n')
    ours = project.parent / "ours"
    ours.mkdir()
    (ours / "config.toml").write_text('[preset.mine]\nmodel = "x"\n')
    wiring = begun(project, monkeypatch)
    assert wiring.loaded.preset_name == ""
    wiring.keeping.agree_to_project()
    assert wiring.loaded.preset_name == "mine"
    (ours / "config.toml").write_text("")
    again = begun(project, monkeypatch).loaded
    assert again.preset_name == ""
    assert "there is no preset mine" in str(again.problems[0])


def test_consent_is_kept_for_its_owner_alone_and_can_be_taken_back(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project)
    begun(project, monkeypatch).keeping.agree_to_project()
    file = project.parent / "ours" / "projects.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    wiring = begun(project, monkeypatch)
    assert "does not count any more" in wiring.keeping.forget_project()
    assert wiring.loaded.settings.model == ""
    assert begun(project, monkeypatch).keeping.asks_for_project


def test_a_temporary_chat_keeps_no_consent(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project)
    wiring = begun(project, monkeypatch, temporary=True)
    wiring.keeping.agree_to_project()
    assert wiring.loaded.settings.model == "a/b"
    assert not (project.parent / "ours").exists()


def test_a_broken_list_of_consents_agrees_to_nothing(project: Path, tmp_path: Path) -> None:
    write(project)
    found = find_project(project, project.parent)
    assert found is not None
    kept = tmp_path / "projects.toml"
    kept.write_text("[agreed\n")
    assert not Consents(kept).has(found)
    Consents(kept).agree(found)
    assert Consents(kept).has(found)


def test_without_a_project_file_there_is_nothing_to_forget(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="no project file"):
        begun(project, monkeypatch).keeping.forget_project()
