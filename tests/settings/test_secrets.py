"""The key: whose it is, and that it does not show."""

import copy
import pickle
import stat
from pathlib import Path

import pytest

from tui_chat.core.errors import SettingsError
from tui_chat.settings.command_line import Override
from tui_chat.settings.load import load_settings
from tui_chat.settings.secret_key import SecretKey, check_key
from tui_chat.settings.secrets import Connection, find_connection, save_key

KEY = "sr_test_0123456789"
SOLROUTER = "https://api.solrouter.io/ai"


def connection(folder: Path, environ: dict[str, str], **flags: str) -> Connection:
    overrides = {key: Override(f"--{key}", value) for key, value in flags.items()}
    loaded = load_settings(folder / "config.toml", environ, overrides)
    return find_connection(loaded, environ, folder / "credentials.toml")


def test_a_key_does_not_show_in_any_text() -> None:
    key = SecretKey(KEY)

    shown = f"{key} {key!r} {key!s} {[key]} {Connection('x', key, 'y', is_demo=False)}"

    assert KEY not in shown
    assert key.reveal() == KEY


def test_a_key_is_neither_pickled_nor_copied() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(SecretKey(KEY))
    with pytest.raises(TypeError):
        copy.copy(SecretKey(KEY))


@pytest.mark.parametrize("pasted", [KEY, f"  {KEY}\n", f'"{KEY}"', f"Bearer {KEY}", f"Authorization: Bearer {KEY} "])
def test_a_key_is_taken_out_of_what_was_pasted(pasted: str) -> None:
    assert check_key(pasted) == SecretKey(KEY)


@pytest.mark.parametrize("nothing", ["", "  \n", '""', "Bearer "])
def test_nothing_is_no_key(nothing: str) -> None:
    assert check_key(nothing) is None


@pytest.mark.parametrize("wrong", [f"{KEY} x", f"{KEY}\nX-Evil: 1", f"{KEY}é", f"\u200b{KEY}", f"{KEY}\x00", KEY * 400])
def test_what_a_header_cannot_carry_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(SettingsError) as refused:
        check_key(wrong)

    failure = refused.value.failure
    assert KEY not in failure.message + failure.advice
    assert failure.message.isprintable()


def test_without_key_and_base_url_the_demo_answers(tmp_path: Path) -> None:
    found = connection(tmp_path, {})

    assert found == Connection("", None, "", is_demo=True)


def test_a_key_alone_goes_to_solrouter(tmp_path: Path) -> None:
    found = connection(tmp_path, {"SOLROUTER_API_KEY": KEY})

    assert (found.base_url, found.key, found.is_demo) == (SOLROUTER, SecretKey(KEY), False)
    assert found.key_origin == "SOLROUTER_API_KEY"


def test_a_base_url_alone_has_no_key(tmp_path: Path) -> None:
    found = connection(tmp_path, {}, base_url="http://localhost:11434/v1")

    assert found == Connection("http://localhost:11434/v1", None, "", is_demo=False)


def test_a_saved_key_is_used_next_time_with_its_base_url(tmp_path: Path) -> None:
    save_key(tmp_path / "credentials.toml", "https://gateway.test/v1/", SecretKey(KEY))

    found = connection(tmp_path, {})

    assert (found.base_url, found.key, found.problems) == ("https://gateway.test/v1", SecretKey(KEY), ())
    assert found.key_origin == str(tmp_path / "credentials.toml")


@pytest.mark.parametrize(
    "other",
    ["https://other.test/v1", "http://gateway.test/v1", "https://gateway.test:8443/v1", "gateway.test.evil.test"],
)
def test_a_saved_key_goes_to_no_other_host(tmp_path: Path, other: str) -> None:
    save_key(tmp_path / "credentials.toml", "https://gateway.test/v1", SecretKey(KEY))

    assert connection(tmp_path, {}, base_url=other).key is None


def test_the_environment_beats_the_saved_key(tmp_path: Path) -> None:
    save_key(tmp_path / "credentials.toml", SOLROUTER, SecretKey("sr_old"))

    assert connection(tmp_path, {"SOLROUTER_API_KEY": KEY}).key == SecretKey(KEY)


def test_each_base_url_keeps_its_own_key_and_the_last_one_saved_leads(tmp_path: Path) -> None:
    file = tmp_path / "credentials.toml"
    save_key(file, "https://one.test", SecretKey("sr_1"))
    save_key(file, "https://two.test", SecretKey("sr_2"))
    save_key(file, "https://two.test/v2", SecretKey("sr_3"))

    assert connection(tmp_path, {}).key == SecretKey("sr_3")
    assert connection(tmp_path, {}, base_url="https://one.test/v1").key == SecretKey("sr_1")
    assert "sr_2" not in file.read_text()


def test_the_saved_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "credentials.toml"

    save_key(file, SOLROUTER, SecretKey(KEY))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_key_that_others_can_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "credentials.toml"
    save_key(file, SOLROUTER, SecretKey(KEY))
    file.chmod(0o644)

    (problem,) = connection(tmp_path, {}).problems

    assert "chmod 600" in problem.message


@pytest.mark.parametrize("text", [f'last = "{KEY}', f'[keys]\n"https://x.test" = "{KEY} \\n x"', f'last = "{KEY}"'])
def test_a_damaged_file_is_said_without_showing_the_key_and_is_not_overwritten(tmp_path: Path, text: str) -> None:
    file = tmp_path / "credentials.toml"
    file.write_text(text)
    file.chmod(0o600)

    found = connection(tmp_path, {})

    assert found.is_demo
    assert found.problems
    assert KEY not in str(found.problems)
    with pytest.raises(SettingsError) as refused:
        save_key(file, SOLROUTER, SecretKey("sr_new"))
    assert KEY not in str(refused.value)
    assert file.read_text() == text


def test_a_key_in_the_environment_that_cannot_be_one_is_said_and_not_used(tmp_path: Path) -> None:
    found = connection(tmp_path, {"SOLROUTER_API_KEY": f"{KEY}\nevil"})

    assert found.key is None
    assert found.problems[0].where == "SOLROUTER_API_KEY"
    assert KEY not in str(found.problems[0])


def test_a_key_that_no_header_can_carry_keeps_every_question_from_being_asked(tmp_path: Path) -> None:
    from_environment = connection(tmp_path, {"SOLROUTER_API_KEY": f"{KEY}\nX-Evil: 1"})
    file = tmp_path / "credentials.toml"
    file.write_text(f'[keys]\n"{SOLROUTER}" = "{KEY} x"\n')
    file.chmod(0o600)
    saved = connection(tmp_path, {}, base_url=SOLROUTER)

    for found, where in ((from_environment, "SOLROUTER_API_KEY"), (saved, "credentials.toml")):
        assert found.key is None
        assert found.unusable_key is not None
        assert where in found.unusable_key.message
        assert KEY not in repr(found)
