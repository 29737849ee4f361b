"""The keys of this run: which one goes to an address, and where one that was entered is kept.

A key goes to the scheme, host and port that it was entered for. That of the environment goes to the address that is in
force without the name of a gateway, and to no other.
"""

from enum import StrEnum
from pathlib import Path

from tui_chat.settings.base_url import is_same_origin, origin_of
from tui_chat.settings.named_gateway import FromKeyring, KeySource
from tui_chat.settings.secret_key import KEY_VARIABLE, SecretKey
from tui_chat.settings.secrets import Connection, find_saved_key, forget_key, save_key, save_key_in_keyring

ENTERED = "/connect"
"""Where a key comes from that was entered in this run."""


class KeyPlace(StrEnum):
    """Where a key is kept."""

    RUN = "for this run"
    KEYRING = "in the keyring"
    FILE = "in a private file"


class KeyKeeper:
    """Keys by address."""

    def __init__(self, credentials_file: Path, usual: Connection) -> None:
        """`usual` is the connection without a gateway's name."""
        self._file = credentials_file
        self._usual = usual
        self._entered: dict[tuple[str, str, int], SecretKey] = {}

    def entered_for(self, base_url: str) -> SecretKey | None:
        """The key that was entered for an address in this run; None where none was."""
        return self._entered.get(origin_of(base_url))

    def known_for(self, base_url: str) -> tuple[KeySource | None, str]:
        """The key for an address where none is given, and where it comes from; None and nothing where there is none."""
        if (entered := self.entered_for(base_url)) is not None:
            return entered, ENTERED
        usual = self._usual
        if usual.key is not None and usual.key_origin == KEY_VARIABLE and is_same_origin(usual.base_url, base_url):
            return usual.key, KEY_VARIABLE
        return find_saved_key(self._file, base_url)

    def known_words(self, base_url: str) -> str:
        """What can be said of the key for an address where none is given; empty where there is none."""
        source, origin = self.known_for(base_url)
        match source:
            case None:
                return ""
            case FromKeyring():
                return "the key in the keyring"
            case _ if origin == ENTERED:
                return "the key that was entered before"
            case _:
                return f"the key in {KEY_VARIABLE if origin == KEY_VARIABLE else 'the private file'}"

    def keep(self, base_url: str, key: SecretKey, place: KeyPlace) -> None:
        """Keep a key for an address, in this run at least. The keyring may take two seconds.

        Raises:
            SettingsError: it cannot be kept there.
        """
        match place:
            case KeyPlace.FILE:
                save_key(self._file, base_url, key)
            case KeyPlace.KEYRING:
                save_key_in_keyring(self._file, base_url, key)
            case KeyPlace.RUN:
                pass
        self._entered[origin_of(base_url)] = key

    def forget(self, base_url: str) -> str:
        """Remove the key that is kept for an address, and return where it was, "in …"; empty where none was kept.

        Raises:
            SettingsError: it cannot be removed.
        """
        where = forget_key(self._file, base_url)
        was_entered = self._entered.pop(origin_of(base_url), None) is not None
        return f"in {where}" if where else str(KeyPlace.RUN) if was_entered else ""
