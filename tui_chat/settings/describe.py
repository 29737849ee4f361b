"""Every setting in force as a row, for `tui-chat config` and for the settings screen."""

import msgspec

from tui_chat.settings.load import Loaded, Origin, Source
from tui_chat.settings.model import SETTINGS, SettingValue
from tui_chat.settings.secrets import KEY_VARIABLE, Connection


class SettingRow(msgspec.Struct, frozen=True):
    """One setting. As JSON: `{"key", "value", "source", "origin", "meaning", "allowed"}`."""

    key: str
    value: SettingValue
    """The value in force; None where nothing is set. For the API key it only says whether there is one."""
    source: Source
    origin: str
    """The flag, the variable, or the file and line; empty for a default."""
    meaning: str
    allowed: str

    @property
    def shown(self) -> str:
        """The value as one line of text, not sanitised."""
        match self.value:
            case None:
                return "not set"
            case bool():
                return "true" if self.value else "false"
            case str():
                return self.value or "not set"
            case int() | float():
                return f"{self.value:g}" if isinstance(self.value, float) else str(self.value)
            case tuple():
                return ", ".join(self.value) or "none"
            case _:
                return ", ".join(f"{action}: {' '.join(keys)}" for action, keys in self.value.items()) or "none"


def describe(loaded: Loaded, connection: Connection) -> tuple[SettingRow, ...]:
    """Make a row for the API key, which is never shown, and then one for every setting."""
    if connection.key is None:
        held, source = "not set", Source.DEFAULT
    else:
        held = f"set (from {connection.key_origin})"
        source = Source.ENVIRONMENT if connection.key_origin == KEY_VARIABLE else Source.FILE
    key_row = SettingRow(
        "api_key",
        held,
        source,
        connection.key_origin,
        "the key sent to the gateway",
        f"given by {KEY_VARIABLE} or /connect",
    )
    return (key_row, *(_row(loaded, setting.key, setting.meaning, setting.allowed) for setting in SETTINGS))


def _row(loaded: Loaded, key: str, meaning: str, allowed: str) -> SettingRow:
    origin: Origin = loaded.origins[key]
    value: SettingValue = getattr(loaded.settings, key)
    if key == "base_url":
        from tui_chat.settings.base_url import shown_base_url  # its parsers are not needed at start

        value = shown_base_url(loaded.settings.base_url)
    return SettingRow(key, value, origin.source, origin.detail, meaning, allowed)
