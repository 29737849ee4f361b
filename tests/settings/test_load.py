"""Settings from flags, the environment and the file."""

from pathlib import Path

import pytest

from tui_chat.settings.command_line import Override
from tui_chat.settings.load import Source, load_settings
from tui_chat.settings.model import SETTINGS, Settings


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    return file


def test_without_a_file_the_defaults_count_and_nothing_is_said(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "none" / "config.toml", {})

    assert loaded.settings == Settings()
    assert loaded.problems == ()
    assert {origin.source for origin in loaded.origins.values()} == {Source.DEFAULT}
    assert set(loaded.origins) == {setting.key for setting in SETTINGS}


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'base_url = "http://file.test/v1"\n')
    environ = {"SOLROUTER_BASE_URL": "http://environment.test/v1"}

    by_file = load_settings(file, {})
    by_environment = load_settings(file, environ)
    by_flag = load_settings(file, environ, {"base_url": Override("--base-url", "http://flag.test/v1")})

    assert by_file.settings.base_url == "http://file.test/v1"
    assert by_environment.settings.base_url == "http://environment.test/v1"
    assert by_flag.settings.base_url == "http://flag.test/v1"
    assert by_file.origins["base_url"].detail == f"{file}:1"
    assert by_environment.origins["base_url"].detail == "SOLROUTER_BASE_URL"
    assert by_flag.origins["base_url"].detail == "--base-url"


def test_a_variable_that_is_empty_was_not_given(tmp_path: Path) -> None:
    file = written(tmp_path, 'model = "file/model"\nbase_url = "http://file.test"\n')

    loaded = load_settings(file, {"SOLROUTER_BASE_URL": ""}, {})

    assert loaded.settings.model == "file/model"
    assert loaded.settings.base_url == "http://file.test"


def test_a_base_url_is_mended_wherever_it_comes_from(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "none", {"SOLROUTER_BASE_URL": " localhost:11434/v1/chat/completions/ "})

    assert loaded.settings.base_url == "http://localhost:11434/v1"


def test_a_wrong_value_is_a_problem_with_its_line_and_the_default_counts(tmp_path: Path) -> None:
    file = written(tmp_path, '# mine\nmodel = "a/b"\n\ntemperature = 9\n')

    loaded = load_settings(file, {})

    assert loaded.settings == Settings(model="a/b")
    (problem,) = loaded.problems
    assert str(problem) == f"{file}:4: temperature: must be a number from 0 to 2"
    assert not loaded.is_given("temperature")


def test_a_wrong_key_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    loaded = load_settings(written(tmp_path, '[keys]\nmodels = "f5"\nhelp = 1\nusage = ["f6", "f7"]\n'), {})

    assert loaded.settings.keys == {"models": ("f5",), "usage": ("f6", "f7")}
    assert [(problem.line, problem.key) for problem in loaded.problems] == [(3, "keys.help")]


def test_a_wrong_variable_does_not_fall_through_to_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'base_url = "http://file.test"\n')

    loaded = load_settings(file, {"SOLROUTER_BASE_URL": "ftp://nowhere.test"})

    assert loaded.settings.base_url == Settings().base_url
    assert loaded.problems[0].where == "SOLROUTER_BASE_URL"


def test_an_unknown_key_is_a_problem_that_names_the_likely_one(tmp_path: Path) -> None:
    loaded = load_settings(written(tmp_path, '\nmodle = "x"\n[nothing-alike]\n'), {})

    assert [(problem.line, problem.key) for problem in loaded.problems] == [(2, "modle"), (3, "nothing-alike")]
    assert "did you mean model?" in loaded.problems[0].message
    assert "reasoning_effort" in loaded.problems[1].message


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b'model = "x\n', "not TOML"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"a = 1\n" * 200_000, "too long"),
        (b"a=" + b"[" * 5000, "not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_the_defaults(tmp_path: Path, raw: bytes, words: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(raw)

    loaded = load_settings(file, {})

    assert loaded.settings == Settings()
    assert words in loaded.problems[0].message


def test_a_broken_file_is_told_with_its_line(tmp_path: Path) -> None:
    loaded = load_settings(written(tmp_path, 'model = "x"\ntheme = dusk\n'), {})

    assert loaded.problems[0].line == 2


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in load_settings(tmp_path, {}).problems[0].message


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'\xef\xbb\xbfmodel = "x"\n')

    assert load_settings(file, {}).settings.model == "x"


def test_tools_in_the_file_are_looked_for_beside_it(tmp_path: Path) -> None:
    file = written(tmp_path, 'tools = "tools.json"\n')

    assert load_settings(file, {}).settings.tools == str(tmp_path / "tools.json")
    assert load_settings(file, {}, {"tools": Override("--tools", "other.json")}).settings.tools == "other.json"
