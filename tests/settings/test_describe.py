"""Settings as rows."""

from pathlib import Path

import msgspec

from tui_chat.settings.describe import SettingRow, describe
from tui_chat.settings.load import Source, load_settings
from tui_chat.settings.model import SETTINGS
from tui_chat.settings.secrets import find_connection


def rows(folder: Path, environ: dict[str, str]) -> dict[str, SettingRow]:
    loaded = load_settings(folder / "config.toml", environ)
    found = find_connection(loaded, environ, folder / "credentials.toml")
    return {row.key: row for row in describe(loaded, found)}


def test_every_setting_has_a_row_with_its_value_and_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('model = "a/b"\n[keys]\nmodels = ["ctrl+l", "f5"]\n')

    described = rows(tmp_path, {})

    assert list(described) == ["api_key", "asked", "project_file", *(setting.key for setting in SETTINGS)]
    assert (described["model"].shown, described["model"].source) == ("a/b", Source.FILE)
    assert described["model"].origin.endswith("config.toml:1")
    assert described["keys"].shown == "models: ctrl+l f5"
    assert (described["retries"].shown, described["retries"].source) == ("3", Source.DEFAULT)


def test_what_is_not_set_is_not_shown_as_a_number(tmp_path: Path) -> None:
    described = rows(tmp_path, {})

    assert described["temperature"].shown == "not set"
    assert described["fallbacks"].shown == "none"
    assert described["connect_timeout_s"].shown == "10"
    assert described["show_reasoning"].shown == "false"


def test_the_key_is_told_and_not_shown(tmp_path: Path) -> None:
    environ = {"SOLROUTER_API_KEY": "sr_test_0123456789"}

    described = rows(tmp_path, environ)

    assert described["api_key"].shown == "set (from SOLROUTER_API_KEY)"
    assert b"0123456789" not in msgspec.json.encode(list(described.values()))


def test_without_a_key_the_row_says_so(tmp_path: Path) -> None:
    assert rows(tmp_path, {})["api_key"].shown == "not set"


def test_the_row_of_the_gateway_that_is_asked_says_which_it_is_and_who_chose_it(tmp_path: Path) -> None:
    demo = rows(tmp_path, {})["asked"]
    with_key = rows(tmp_path, {"SOLROUTER_API_KEY": "sr_test_0123456789"})["asked"]
    (tmp_path / "credentials.toml").write_text('last = "http://kept.test/v1"\n')
    (tmp_path / "credentials.toml").chmod(0o600)
    kept = rows(tmp_path, {})["asked"]
    given = rows(tmp_path, {"SOLROUTER_BASE_URL": "http://given.test/v1"})["asked"]

    assert (demo.shown, demo.source) == ("the embedded demo gateway", Source.DEFAULT)
    assert (with_key.shown, with_key.source) == ("https://api.solrouter.io/ai", Source.DEFAULT)
    assert (kept.shown, kept.source, kept.origin) == ("http://kept.test/v1", Source.FILE, "/connect")
    assert (given.shown, given.source) == ("http://given.test/v1", Source.ENVIRONMENT)
