"""Settings in plain mode: changed by name, and a project file that is asked about."""

import tomllib
from pathlib import Path

import pytest

from tests.plain.support import PlainChat
from tui_chat.plain.projects import ask_for_project
from tui_chat.plain.speech import Speech
from tui_chat.settings.command_line import CommandLine
from tui_chat.wiring.load import load


async def test_a_setting_is_changed_by_its_name_and_kept(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("# mine\n")
    plain = PlainChat(
        tmp_path, typed=["/settings theme fjord", "/settings timestamps absolute", "/settings retries 99"]
    )
    await plain.converse()
    assert "theme is fjord from the next start." in plain.said
    assert "timestamps is absolute from now on, also next time." in plain.said
    assert "retries must be a whole number from 0 to 20." in plain.said
    assert (tmp_path / "config.toml").read_text() == '# mine\ntheme = "fjord"\ntimestamps = "absolute"\n'
    assert plain.chat.context.loaded.settings.timestamps == "absolute"


async def test_default_takes_a_setting_out_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('timestamps = "off"\n')
    plain = PlainChat(tmp_path, typed=["/settings timestamps default", "/settings timestamps"])
    await plain.converse()
    assert "timestamps is relative, the default, from now on" in plain.said
    assert "It takes off, relative or absolute." in plain.said
    assert (tmp_path / "config.toml").read_text() == ""


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("[budget]\nmonth = 5  # mine\n", "budget day = 3", {"budget": {"month": 5, "day": 3}}),
        ("[budget]\nmonth = 5\nday = 3\n", "budget month = none; day = $4", {"budget": {"day": 4}}),
        ("", "budget {day = 3}", {"budget": {"day": 3}}),
        ('[keys]\nmodels = ["f8"]\n', 'keys usage = "f4"', {"keys": {"models": ["f8"], "usage": ["f4"]}}),
        ('[keys]\nmodels = ["f8"]\n', "keys models = ctrl+l, f2", {"keys": {"models": ["ctrl+l", "f2"]}}),
        ("", 'keys {usage = ["f4"]}', {"keys": {"usage": ["f4"]}}),
        (
            '[provider]\nonly = ["groq"]\n',
            'provider sort = "price"',
            {"provider": {"only": ["groq"], "sort": ["price"]}},
        ),
    ],
)
async def test_of_a_table_what_is_named_changes_in_whichever_form(
    tmp_path: Path, before: str, typed: str, after: dict[str, object]
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(before)
    await PlainChat(tmp_path, typed=[f"/settings {typed}"]).converse()
    assert tomllib.loads(file.read_text()) == after
    assert ("# mine" in file.read_text()) is ("# mine" in before)


async def test_the_query_of_an_address_is_not_read_out(tmp_path: Path) -> None:
    plain = PlainChat(tmp_path, typed=["/settings base_url https://host.test/v1?key=sesame"])
    await plain.converse()
    assert "base_url is https://host.test/v1?" in plain.said.partition("sesame")[2]
    assert plain.said.count("sesame") == 1  # as it was typed


@pytest.mark.parametrize(
    ("words", "said"),
    [("tehme fjord", "Did you mean theme?"), ("theme nothing", "There is no theme nothing."), ("forget", "no project")],
)
async def test_what_is_not_there_is_said(tmp_path: Path, words: str, said: str) -> None:
    plain = PlainChat(tmp_path, typed=[f"/settings {words}"])
    await plain.converse()
    assert said in plain.said
    assert not (tmp_path / "config.toml").exists()


@pytest.mark.parametrize(("typed", "counts"), [(["2"], True), (["1"], False), ([""], False), ([], False)])
def test_a_project_file_is_read_out_and_counts_only_where_that_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str], counts: bool
) -> None:
    (tmp_path / ".git").mkdir()
    file = tmp_path / ".tui-chat.toml"
    file.write_text('model = "a/b"  # ours\n')
    file.chmod(0o644)
    monkeypatch.chdir(tmp_path)
    keeping = load(CommandLine(), {"TUI_CHAT_HOME": str(tmp_path / "home")}).keeping
    plain = PlainChat(tmp_path, typed=typed)
    ask_for_project(keeping, Speech(plain.out), plain.lines)
    assert 'model = "a/b"  # ours' in plain.said
    assert (keeping.loaded.settings.model == "a/b") is counts
    assert (tmp_path / "home" / "projects.toml").exists() is counts
