"""A gateway that gets a name in the settings."""

from pathlib import Path

import pytest

from tui_chat.core.errors import SettingsError
from tui_chat.settings.load import load_settings
from tui_chat.settings.save_gateway import save_gateway

URL = "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    "before", [None, "", "# mine\ntheme = 'fjord' # blue", "[gateway.work]\nbase_url = 'https://w'\n"]
)
def test_a_name_is_added_and_what_was_there_stays(tmp_path: Path, before: str | None) -> None:
    file = tmp_path / "config.toml"
    if before is not None:
        file.write_text(before)
    saved = save_gateway(file, "home", URL)
    loaded = load_settings(file, {})
    assert loaded.settings.gateway["home"] == saved
    assert (saved.name, saved.base_url, loaded.problems) == ("home", URL, ())
    assert file.read_text().startswith(before or "")


def test_a_gateway_that_has_this_name_already_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    before = f'[gateway.home]\nbase_url = "{URL}"\nmodel = "m"\n'
    file.write_text(before)
    assert save_gateway(file, "home", URL).model == "m"
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("name", "before", "words"),
    [
        ("home", "[gateway.home]\nbase_url = 'https://w'\n", "already"),
        ("no spaces", "", "letters, digits"),
        ("home", "theme = ", "cannot be read"),
        ("home", 'gateway = { work = { base_url = "https://w" } }', "cannot be read"),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_is_written(
    tmp_path: Path, name: str, before: str, words: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(before)
    with pytest.raises(SettingsError, match=words):
        save_gateway(file, name, URL)
    assert file.read_text() == before
