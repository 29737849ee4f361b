"""Whoever edits the settings file, and in whatever order: comments, order and unknown keys stay, and what loads is what
was set."""

import os
import stat
import tomllib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_chat.core.errors import SettingsError
from tui_chat.settings import save
from tui_chat.settings.load import load_settings
from tui_chat.settings.model import BY_KEY, SettingValue
from tui_chat.settings.save import save_setting, take_back
from tui_chat.settings.toml_edit import CannotChange, with_value

BOM = "\ufeff"
TOP = (
    "# mine",
    "",
    'model = "a/b"  # the cheap one, not "#2"',
    "\"theme\" = 'paper' # quoted",
    "fallbacks = [\n  \"c/d\",  # first\n  'e/f',\n]",
    "temperature=0.5",
    'system = """\n# no comment\n[no.table]\nvim = true\n"""',
    "later.than.this = 1  # dotted",
    'later.other = "x"',
    "point = { x = 1, y = [1, 2] }  # inline",
    "when = 2026-01-02T03:04:05Z",
    'keys.usage = "f3"  # dotted, too',
)
TABLES = (
    '[keys]\n# like a browser\nmodels = "ctrl+l"  # here',
    "[other]\nmodel = \"not mine\"\n  # indented\n  'a b' = [\n    1, # one\n  ]",
    "[[servers]]\nname = 'a' # a\n\n[[servers]]\nname = 'b'",
    '# about presets\n[preset.short]\ntemperature = 0.2\n\n[preset.long]\nsystem = "Go on."',
    '[ gateway . "work" ]\nbase_url = "http://127.0.0.1:9/v1"',
    "[servers_of.mine.deep]\nx = 1e3",
)


def _text(top: list[str], tables: list[str]) -> str:
    return "\n".join([*top, *tables, ""])


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


files = st.builds(_text, st.lists(st.sampled_from(TOP), unique=True), st.lists(st.sampled_from(TABLES), unique=True))
words = st.text("ab #'\"\\\n\t\x1b=[]é🙂", max_size=12)
changes: st.SearchStrategy[tuple[str, SettingValue]] = st.one_of(
    st.tuples(st.sampled_from(["model", "theme", "system"]), words | st.none()),
    st.tuples(st.just("fallbacks"), st.none() | st.lists(st.text("abc", min_size=1), max_size=4).map(tuple)),
    st.tuples(st.just("temperature"), st.none() | st.floats(0, 2)),
    st.tuples(st.just("vim"), st.none() | st.booleans()),
    st.tuples(
        st.just("keys"),
        st.none() | st.dictionaries(st.sampled_from(["models", "usage", "x"]), st.just(("f5", "f6")), min_size=1),
    ),
)
by_hand = st.sampled_from(["# noted by hand", "zeta = 7  # new", "  # indented", ""])


def _own_comments(text: str) -> list[str]:
    """Comments on lines of their own, outside of texts and of lists of ours."""
    return [
        line.strip()
        for line in text.removeprefix(BOM).replace("\r\n", "\n").split("\n")
        if line.strip().startswith("#") and line.strip() != "# no comment"
    ]


def _unknown(text: str) -> dict[str, object]:
    return {key: value for key, value in tomllib.loads(text.removeprefix(BOM)).items() if key not in BY_KEY}


@settings(deadline=None)  # of six changes, each on the disk
@given(files.filter(_is_toml), st.booleans(), st.booleans(), st.lists(st.one_of(changes, by_hand), max_size=6))
def test_any_edits_keep_comments_and_order_and_unknown_keys_and_load_as_set(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    has_mark: bool,
    is_crlf: bool,
    edits: list[tuple[str, SettingValue] | str],
) -> None:
    file = tmp_path_factory.mktemp("edit") / "config.toml"
    whole = BOM + text if has_mark else text
    file.write_bytes((whole.replace("\n", "\r\n") if is_crlf else whole).encode())
    expected = load_settings(file, {}).settings
    wanted = {key: getattr(expected, key) for key in ("model", "theme", "system", "fallbacks", "temperature", "vim")}
    keys = dict(expected.keys)
    for edit in edits:
        before = file.read_bytes().decode()
        if isinstance(edit, str):
            if edit.split(" ")[0] in before:
                continue
            end = "\r\n" if "\r\n" in before else "\n"
            at = len(BOM) if before.startswith(BOM) else 0
            file.write_bytes((before[:at] + edit + end + before[at:]).encode())
            continue
        key, value = edit
        save_setting(file, key, value)
        after = file.read_bytes().decode()
        assert _own_comments(after) == _own_comments(before)
        assert list(_unknown(after).items()) == list(_unknown(before).items())
        assert after.startswith(BOM) == before.startswith(BOM)
        if "\r\n" in before:
            assert "\n" not in after.replace("\r\n", "")
        if key == "keys":
            keys = dict(value) if isinstance(value, dict) else {}
        else:
            wanted[key] = BY_KEY[key].default if value is None else value
        now = load_settings(file, {}).settings
        assert {name: getattr(now, name) for name in wanted} == wanted
        assert dict(now.keys) == keys


def test_the_comment_of_a_line_stays_on_it_and_its_place_too() -> None:
    before, after = "a = 1\r\nmodel = 'x' # why\r\nb = 2\r\n", 'a = 1\r\nmodel = "y" # why\r\nb = 2\r\n'
    assert with_value(before, "model", "y") == after


def test_of_a_list_only_what_differs_is_written() -> None:
    before = 'fallbacks = [\n  "a", # first\n  "b", # second\n]\n'
    assert with_value(before, "fallbacks", ["a"]) == 'fallbacks = [\n  "a", # first\n]\n'


def test_a_comment_behind_a_table_that_goes_may_be_about_the_next_one() -> None:
    before = '[keys]\nusage = "f3"\n\n# my servers\n[other]\nx = 1\n'
    assert with_value(before, "keys", None) == "\n# my servers\n[other]\nx = 1\n"


def test_what_another_program_writes_at_the_same_moment_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("vim = true\n")
    ours: list[object] = []
    replace_file = save.replace_file

    def late(*given: object, **named: object) -> None:
        if not ours:
            file.write_text("vim = true\n# theirs\nretries = 7\n")
        ours.append(given)
        replace_file(*given, **named)  # type: ignore[arg-type]  # handed on as they are

    monkeypatch.setattr(save, "replace_file", late)
    save_setting(file, "theme", "fjord")
    assert file.read_text() == 'vim = true\n# theirs\nretries = 7\ntheme = "fjord"\n'


def test_the_mode_of_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("vim = true\n")
    file.chmod(0o640)
    save_setting(file, "vim", False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == [file.name]


def test_a_change_is_taken_back_with_the_comment_that_went(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("vim = true  # I like it\n")
    written = save_setting(file, "vim", None)
    assert file.read_text() == ""
    take_back(written)
    assert file.read_text() == "vim = true  # I like it\n"


def test_taking_back_leaves_what_another_program_wrote_since(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("vim = true\n")
    written = save_setting(file, "vim", False)
    file.write_text("# theirs\nvim = false\nretries = 7\n")
    take_back(written)
    assert file.read_text() == "# theirs\nvim = true\nretries = 7\n"


def test_a_change_that_tomlkit_gets_wrong_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config.toml"
    file.write_text("vim = true\n")
    monkeypatch.setattr(tomlkit.TOMLDocument, "as_string", lambda document: "vim = false\nlost = 1\n")
    with pytest.raises(CannotChange):
        with_value("vim = true\n", "vim", False)
    with pytest.raises(SettingsError, match="without losing"):
        save_setting(file, "vim", False)
    assert file.read_text() == "vim = true\n"


def test_tomlkit_is_imported_only_where_something_is_written() -> None:
    import subprocess
    import sys

    code = "import sys, tui_chat.wiring.load, tui_chat.settings.save as s; print('tomlkit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
