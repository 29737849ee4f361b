"""Keys in the system's keyring: for one scheme, host and port, never in plain text, and never waited for long."""

import sys
from pathlib import Path

import pytest

from tests.settings import fake_keyring
from tests.settings.fake_keyring import Hanging, Held, Refusing, chain_of, install, of_module
from tui_chat.core.errors import SettingsError
from tui_chat.settings.keyring_store import delete_from_keyring, entry_of, read_from_keyring, save_in_keyring
from tui_chat.settings.load import load_settings
from tui_chat.settings.named_gateway import FromKeyring
from tui_chat.settings.secret_key import SecretKey
from tui_chat.settings.secrets import IN_KEYRING, find_connection, forget_key, save_key, save_key_in_keyring

URL = "https://gateway.test/v1"
KEY = SecretKey("sr_for_the_keyring_1")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    backend = Held()
    install(monkeypatch, backend)
    return backend


def refused(backend: object, monkeypatch: pytest.MonkeyPatch, *, limit_s: float = 2.0) -> str:
    """What is said where a key is to be kept in this back end."""
    install(monkeypatch, backend)
    with pytest.raises(SettingsError) as caught:
        save_in_keyring(URL, KEY, limit_s=limit_s)
    return f"{caught.value.failure.message} {caught.value.failure.advice}"


def test_an_entry_is_named_by_scheme_host_and_port() -> None:
    assert entry_of("https://Gateway.test/v1?x=1") == "https://gateway.test:443"
    assert entry_of("http://[::1]:8080/v1") == "http://[::1]:8080"


def test_a_key_comes_back_for_its_own_gateway_alone(held: Held) -> None:
    save_in_keyring(URL, KEY)
    assert read_from_keyring("https://gateway.test/other") == KEY
    for other in ("http://gateway.test/v1", "https://gateway.test:444/v1", "https://other.test/v1"):
        with pytest.raises(SettingsError, match="no key for"):
            read_from_keyring(other)


def test_a_key_is_removed_and_none_is_no_error(held: Held) -> None:
    save_in_keyring(URL, KEY)
    delete_from_keyring(URL)
    delete_from_keyring(URL)
    assert held.held == {}


@pytest.mark.parametrize("module", ["keyrings.alt.file", "keyring.backends.fail", "keyring.backends.null"])
def test_a_keyring_that_keeps_plain_text_or_nothing_is_refused(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = of_module(Held(), module, "PlaintextKeyring")
    assert "private file" in refused(backend, monkeypatch)
    assert "private file" in refused(chain_of(backend, backend), monkeypatch)
    assert backend.held == {}


def test_of_a_chain_the_first_safe_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, safe = of_module(Held(), "keyrings.alt.file"), Held()
    install(monkeypatch, chain_of(plain, safe))
    save_in_keyring(URL, KEY)
    assert plain.held == {}
    assert list(safe.held.values()) == [KEY.reveal()]


def test_a_keyring_that_hangs_is_given_up_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Hanging()
    try:
        assert "did not take the key within 0.01 s" in refused(backend, monkeypatch, limit_s=0.01)
    finally:
        backend.unlocked.set()


def test_the_words_of_a_back_end_which_may_hold_the_key_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refused(Refusing(), monkeypatch)
    assert "would not take the key (RuntimeError)" in said
    assert KEY.reveal() not in said


def test_without_the_package_it_is_said_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SettingsError) as caught:
        save_in_keyring(URL, KEY)
    assert "tui-chat[keyring]" in caught.value.failure.advice


def test_a_key_in_the_keyring_is_known_of_in_the_file_which_does_not_hold_it(tmp_path: Path, held: Held) -> None:
    file = tmp_path / "credentials.toml"
    save_key(file, URL, KEY)
    save_key_in_keyring(file, URL, KEY)
    connection = find_connection(load_settings(tmp_path / "config.toml", {}), {}, file)
    assert KEY.reveal() not in file.read_text()
    assert (connection.base_url, connection.key, connection.key_origin) == (URL, FromKeyring(URL), IN_KEYRING)


def test_a_key_that_is_saved_in_the_file_again_is_taken_from_there(tmp_path: Path, held: Held) -> None:
    file = tmp_path / "credentials.toml"
    save_key_in_keyring(file, URL, KEY)
    save_key(file, URL, SecretKey("sr_newer"))
    assert find_connection(load_settings(tmp_path / "config.toml", {}), {}, file).key == SecretKey("sr_newer")
    assert held.held == {}


@pytest.mark.parametrize("save", [save_key, save_key_in_keyring])
def test_a_key_is_forgotten_wherever_it_is_kept(tmp_path: Path, held: Held, save: fake_keyring.Save) -> None:
    file = tmp_path / "credentials.toml"
    save_key(file, "https://other.test", SecretKey("sr_other"))
    save(file, URL, KEY)
    assert forget_key(file, URL) == (str(file) if save is save_key else IN_KEYRING)
    assert forget_key(file, URL) == ""
    assert held.held == {}
    assert KEY.reveal() not in file.read_text()
    assert "sr_other" in file.read_text()
