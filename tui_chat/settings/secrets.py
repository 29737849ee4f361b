"""The API key: its sources, and the gateway that it may be sent to.

A key from the environment goes to the base URL in force, and never to a gateway with a name, which has a source of its
own. A key that `/connect` saved is bound to the base URL it was saved with, and never goes to another scheme, host or
port. The credentials file has such keys, or says that the system's keyring has them, which is not asked before a
request is about to go.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from tui_chat.core.errors import Failure, FileError, SettingsError
from tui_chat.core.nearest import nearest
from tui_chat.regular_files import open_regular, read_whole_at
from tui_chat.settings.load import MAX_FILE_BYTES, Loaded
from tui_chat.settings.named_gateway import AUTHORIZATION, FromKeyring, KeySource, NamedGateway, SentHeader
from tui_chat.settings.problem import Problem
from tui_chat.settings.secret_key import KEY_VARIABLE, SecretKey, check_key
from tui_chat.settings.toml_text import read_toml

IN_KEYRING: Final = "the system's keyring"


class Connection(msgspec.Struct, frozen=True):
    """The gateway to ask, and the key for it."""

    base_url: str
    """Its normalised base URL; empty for the embedded demo gateway."""
    key: KeySource | None
    """None sends no `Authorization` header."""
    key_origin: str
    """The variable or the file that the key comes from, or the command that will give it; empty without a key."""
    is_demo: bool
    unusable_key: Failure | None = None
    """Why the key that was given cannot be sent; nothing is asked then, least of all without a key."""
    problems: tuple[Problem, ...] = ()
    unread: Problem | None = None
    """Why saved keys cannot be read, one of which might be for another gateway than the demo's."""
    gateway: NamedGateway | None = None
    """The one that was chosen by its name; None where none was."""

    @property
    def headers(self) -> tuple[SentHeader, ...]:
        """The headers that tell the gateway who asks."""
        if self.gateway is not None:
            return tuple(self.gateway.sent_headers(self.key))
        return (SentHeader(AUTHORIZATION, self.key, "Bearer "),) if self.key is not None else ()


def asked_words(connection: Connection) -> str:
    """The gateway that is asked, in words fit to be shown."""
    from tui_chat.settings.base_url import shown_base_url  # its parsers are not needed at start

    return "the embedded demo gateway" if connection.is_demo else shown_base_url(connection.base_url)


def find_connection(loaded: Loaded, environ: Mapping[str, str], credentials_file: Path) -> Connection:
    """Find the gateway and the key in force; the demo gateway where neither a key nor a base URL is given."""
    problems: list[Problem] = []
    given_url = loaded.settings.base_url if loaded.is_given("base_url") else ""
    try:
        if given := check_key(environ.get(KEY_VARIABLE, "")):
            return Connection(loaded.settings.base_url, given, KEY_VARIABLE, is_demo=False)
    except SettingsError as error:
        problems.append(Problem(KEY_VARIABLE, None, "", error.failure.message))
        return Connection(
            loaded.settings.base_url,
            None,
            "",
            is_demo=False,
            unusable_key=_unusable(KEY_VARIABLE, error.failure),
            problems=tuple(problems),
        )
    saved = _read_credentials(credentials_file, problems)
    url = given_url or saved.last
    if not url:
        return Connection("", None, "", is_demo=True, problems=tuple(problems), unread=saved.unread)
    key, origin = saved.source_for(url, credentials_file)
    unusable_key = _unusable(str(credentials_file), saved.unusable) if saved.unusable else None
    return Connection(url, key, origin, is_demo=False, unusable_key=unusable_key, problems=tuple(problems))


def _unusable(where: str, failure: Failure) -> Failure:
    return Failure(failure.kind, f"{where} holds no usable key. {failure.message}", failure.advice)


def choose_gateway(loaded: Loaded, name: str) -> NamedGateway:
    """Find the gateway that the settings declare under a name.

    Raises:
        SettingsError: there is none, or it cannot be used as it is written.
    """
    gateways = loaded.settings.gateway
    if name in gateways:
        return gateways[name]
    place = f"gateway.{name}"
    wrong = [problem for problem in loaded.problems if f"{problem.key}.".startswith(f"{place}.")]
    if name and wrong:
        raise SettingsError(f"[{place}] cannot be used: {str(wrong[0]).rstrip('.')}.", "Correct the settings file.")
    if loaded.unread is not None:
        raise SettingsError(f"There is no gateway {name}: {loaded.unread}.", "Correct the settings file.")
    if not gateways:
        raise SettingsError(
            f"There is no gateway {name}: the settings declare none.", f"Add a table [gateway.NAME] to {loaded.file}."
        )
    close = nearest(name.lower(), gateways)
    meant = f"Did you mean {close}? " if close else ""
    raise SettingsError(f"There is no gateway {name}.", f"{meant}There are {', '.join(gateways)}.")


def find_named_connection(gateway: NamedGateway, credentials_file: Path) -> Connection:
    """Find the key of a gateway with a name: its own command, else a key that was saved for its address."""
    if gateway.key_command is not None:
        origin = f"key_command of [gateway.{gateway.name}]"
        return Connection(gateway.base_url, None, origin, is_demo=False, gateway=gateway)
    problems: list[Problem] = []
    saved = _read_credentials(credentials_file, problems) if gateway.key_header else _Credentials()
    key, origin = saved.source_for(gateway.base_url, credentials_file)
    return Connection(
        gateway.base_url,
        key,
        origin,
        is_demo=False,
        unusable_key=_unusable(str(credentials_file), saved.unusable) if saved.unusable else None,
        problems=tuple(problems),
        gateway=gateway,
    )


def know_saved_keys(credentials_file: Path) -> None:
    """Read every key that was saved, for whichever gateway: each is remembered as a secret, see `redact.remember`."""
    _read_credentials(credentials_file, [])


def find_saved_key(credentials_file: Path, base_url: str) -> tuple[KeySource | None, str]:
    """The key that was saved for a gateway, and where it is kept; None and nothing where none was."""
    return _read_credentials(credentials_file, []).source_for(base_url, credentials_file)


def save_key(credentials_file: Path, base_url: str, key: SecretKey) -> None:
    """Save the key for this base URL, in a file that only its owner can read, and use that gateway next time. One that
    the keyring had for it is removed there, where that can be.

    Raises:
        SettingsError: the file cannot be written, or holds what this program did not write.
    """
    before, _ = find_saved_key(credentials_file, base_url)
    _rewrite(credentials_file, base_url, "so the key was not saved", key=key)
    if isinstance(before, FromKeyring):
        from tui_chat.settings.keyring_store import delete_from_keyring

        with suppress(SettingsError):
            delete_from_keyring(base_url)


def save_key_in_keyring(credentials_file: Path, base_url: str, key: SecretKey) -> None:
    """Save the key for this base URL in the system's keyring, and use that gateway next time. The file says so, and
    holds no key for it any more.

    Raises:
        SettingsError: the keyring does not take it, or the file cannot be written.
    """
    from tui_chat.settings.keyring_store import save_in_keyring

    save_in_keyring(base_url, key)
    _rewrite(credentials_file, base_url, "so it is not known that the keyring has the key", is_in_keyring=True)


def forget_key(credentials_file: Path, base_url: str) -> str:
    """Remove the key that was saved for this gateway, from wherever it is kept; return where that was, in words, empty
    where none was.

    Raises:
        SettingsError: the keyring or the file cannot be changed.
    """
    from tui_chat.settings.keyring_store import delete_from_keyring

    source, origin = find_saved_key(credentials_file, base_url)
    if isinstance(source, FromKeyring):
        delete_from_keyring(base_url)
    if source is not None:
        _rewrite(credentials_file, base_url, "so no key was removed", is_used=False)
    return origin


def _rewrite(
    credentials_file: Path,
    base_url: str,
    outcome: str,
    *,
    key: SecretKey | None = None,
    is_in_keyring: bool = False,
    is_used: bool = True,
) -> None:
    """Write the file with what it shall say of one gateway; what it says of others stays."""
    import tomli_w  # only needed here, and not at start

    from tui_chat.settings.base_url import is_same_origin, mend_base_url
    from tui_chat.settings.save import read_bytes, replace_file

    url = mend_base_url(base_url)
    before = read_bytes(credentials_file, through_links=False)
    problems: list[Problem] = []
    saved = _parse_credentials(before or b"", credentials_file, problems)
    if problems:
        raise SettingsError(f"{credentials_file} cannot be read, {outcome}.", "Repair or remove the file.")
    keys = {at: text.reveal() for at, text in saved.keys.items() if not is_same_origin(at, url)}
    in_keyring = [at for at in saved.keyring if not is_same_origin(at, url)]
    table: dict[str, object] = {"last": url if is_used else saved.last}
    table["keys"] = keys | ({url: key.reveal()} if key is not None else {})
    if is_in_keyring:
        in_keyring.append(url)
    if in_keyring:
        table = {"last": table["last"], "keyring": in_keyring, "keys": table["keys"]}
    replace_file(credentials_file, before, tomli_w.dumps(table).encode(), through_links=False)


class _Credentials(msgspec.Struct, frozen=True):
    last: str = ""
    keys: Mapping[str, SecretKey] = {}
    keyring: tuple[str, ...] = ()
    """Base URLs whose keys are in the system's keyring."""
    unusable: Failure | None = None
    """Why a key of the file cannot be sent."""
    unread: Problem | None = None
    """Why the file, if it is there, has nothing that could be used."""

    def source_for(self, base_url: str, file: Path) -> tuple[KeySource | None, str]:
        """The key for a gateway, and where it is kept; None and nothing where there is none."""
        from tui_chat.settings.base_url import is_same_origin

        for at, key in self.keys.items():
            if is_same_origin(at, base_url):
                return key, str(file)
        if any(is_same_origin(at, base_url) for at in self.keyring):
            return FromKeyring(base_url), IN_KEYRING
        return None, ""


def _read_credentials(file: Path, problems: list[Problem]) -> _Credentials:
    try:
        handle = open_regular(file, through_links=False)
        mode = os.fstat(handle).st_mode
        raw = read_whole_at(handle, file, MAX_FILE_BYTES)
    except FileError as error:
        if not error.is_missing:
            return _unread(file, f"cannot be read ({error.strerror}); no saved key is used", problems)
        return _Credentials()
    if os.name == "posix" and mode & 0o077:
        problems.append(Problem(str(file), None, "", f"others can read it; run: chmod 600 {file}"))
    return _parse_credentials(raw, file, problems)


def _parse_credentials(raw: bytes, file: Path, problems: list[Problem]) -> _Credentials:
    from tui_chat.settings.base_url import mend_base_url

    try:
        table = read_toml(raw.decode("utf-8-sig"))
    except ValueError:  # the parser's words are left out: they may quote the key
        return _unread(file, "not TOML; no saved key is used", problems)
    keys: dict[str, SecretKey] = {}
    last = table.get("last", "")
    entries = table.get("keys", {})
    try:
        for url, text in entries.items() if isinstance(entries, dict) else ():
            if isinstance(text, str) and (key := check_key(text)):
                keys[mend_base_url(url)] = key
        in_keyring = tuple(mend_base_url(url) for url in _texts(table.get("keyring")))
        last = mend_base_url(last) if isinstance(last, str) and last else ""
    except SettingsError as error:
        return _unread(file, error.failure.message, problems, unusable=error.failure)
    return _Credentials(last, keys, in_keyring)


def _unread(file: Path, why: str, problems: list[Problem], *, unusable: Failure | None = None) -> _Credentials:
    problems.append(problem := Problem(str(file), None, "", why))
    return _Credentials(unusable=unusable, unread=problem)


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
