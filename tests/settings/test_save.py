"""Writing one setting."""

import os
import stat
import tomllib
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.errors import SettingsError
from tui_chat.settings.load import load_settings
from tui_chat.settings.model import SettingValue
from tui_chat.settings.save import replace_file, save_setting

COMMENTED = """\
# my settings
model = "a/b"  # the cheap one, not "#2"
fallbacks = [
  "c/d",  # first
  "e/f",
]

# keys that I am used to
[keys]
models = "ctrl+l"  # like a browser
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


def given_file(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)


def test_what_is_saved_is_what_is_loaded(file: Path) -> None:
    saved: dict[str, SettingValue] = {
        "model": 'a/b "quoted" \\ é',
        "system": "two\nlines\t# and no comment",
        "fallbacks": ("x", "y"),
        "temperature": 0.5,
        "max_tokens": 100,
        "show_reasoning": True,
        "keys": {"models": ("ctrl+l", "f5")},
    }

    for key, value in saved.items():
        save_setting(file, key, value)

    settings = load_settings(file, {}).settings
    assert {key: getattr(settings, key) for key in saved} == saved


def test_the_file_and_its_folder_are_closed_to_others(file: Path) -> None:
    save_setting(file, "model", "x")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize(
    ("key", "value", "before", "after"),
    [
        ("model", "z", 'model = "a/b"  # the cheap one', 'model = "z"  # the cheap one'),
        ("theme", "paper", "\n# keys that", 'theme = "paper"\n\n# keys that'),
        ("model", None, 'model = "a/b"  # the cheap one, not "#2"\n', ""),
        ("fallbacks", None, 'fallbacks = [\n  "c/d",  # first\n  "e/f",\n]\n', ""),
    ],
)
def test_comments_and_order_survive_a_change(
    file: Path, key: str, value: SettingValue, before: str, after: str
) -> None:
    given_file(file, COMMENTED)

    save_setting(file, key, value)

    assert file.read_text() == COMMENTED.replace(before, after, 1)


def test_a_list_over_several_lines_is_replaced_as_a_whole(file: Path) -> None:
    given_file(file, COMMENTED)

    save_setting(file, "fallbacks", ("z",))

    assert tomllib.loads(file.read_text())["fallbacks"] == ["z"]
    assert '# the cheap one, not "#2"' in file.read_text()
    assert "# like a browser" in file.read_text()


def test_what_this_version_does_not_know_is_kept(file: Path) -> None:
    given_file(file, 'later = 1\n[other]\nmodel = "not mine"\n')

    save_setting(file, "model", "mine")

    assert tomllib.loads(file.read_text()) == {"later": 1, "model": "mine", "other": {"model": "not mine"}}


def test_taking_out_what_is_not_there_changes_nothing(file: Path) -> None:
    given_file(file, COMMENTED)

    save_setting(file, "theme", None)

    assert file.read_text() == COMMENTED


def test_a_file_that_cannot_be_parsed_is_left_alone(file: Path) -> None:
    given_file(file, "model = oops\n")

    with pytest.raises(SettingsError, match=r"config\.toml:1 is not TOML"):
        save_setting(file, "theme", "paper")

    assert file.read_text() == "model = oops\n"


def test_a_file_that_changed_meanwhile_is_left_alone(file: Path) -> None:
    given_file(file, 'model = "theirs"\n')

    with pytest.raises(SettingsError, match="changed by somebody else"):
        replace_file(file, b'model = "read before"\n', b'model = "ours"\n')

    assert file.read_text() == 'model = "theirs"\n'
    assert os.listdir(file.parent) == [file.name]


def test_a_link_to_the_file_stays_a_link(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text('model = "x"\n')
    file.parent.mkdir()
    file.symlink_to(real)

    save_setting(file, "model", "y")

    assert file.is_symlink()
    assert real.read_text() == 'model = "y"\n'


@pytest.mark.parametrize(("key", "value"), [("nothing", "x"), ("temperature", 9.0), ("retries", True)])
def test_what_is_not_allowed_is_not_written(file: Path, key: str, value: SettingValue) -> None:
    with pytest.raises(SettingsError, match=key):
        save_setting(file, key, value)

    assert not file.exists()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")

    with pytest.raises(SettingsError, match="cannot be"):
        save_setting(tmp_path / "a file" / "config.toml", "model", "x")


_toml = st.dictionaries(
    st.sampled_from(["model", "theme", "system", "later", "tools"]) | st.text(min_size=1, max_size=8),
    st.text(max_size=20) | st.integers(0, 9) | st.lists(st.text(max_size=5)) | st.dictionaries(st.text(), st.text()),
    max_size=6,
)


@given(_toml, st.text(max_size=30), st.booleans())
def test_whatever_is_in_the_file_only_the_setting_changes(
    tmp_path_factory: pytest.TempPathFactory, held: dict[str, object], value: str, takes_out: bool
) -> None:
    file = tmp_path_factory.mktemp("save") / "config.toml"
    file.write_bytes(tomli_w.dumps(held, multiline_strings=True).encode())
    before = tomllib.loads(file.read_bytes().decode())

    save_setting(file, "model", None if takes_out else value)

    after = tomllib.loads(file.read_bytes().decode())
    assert after.pop("model", None) == (None if takes_out else value)
    before.pop("model", None)
    assert after == before
