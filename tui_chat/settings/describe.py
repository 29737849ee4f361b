"""Every setting in force as a row, for `tui-chat config` and for the settings screen."""

from collections.abc import Mapping
from typing import Final

import msgspec

from tui_chat.settings.load import Loaded, Origin, Source
from tui_chat.settings.model import SETTINGS, Settings
from tui_chat.settings.named_gateway import NamedGateway
from tui_chat.settings.project import PROJECT_FILE
from tui_chat.settings.secret_key import KEY_VARIABLE, SecretKey
from tui_chat.settings.secrets import Connection, asked_words

PROJECT_ROW: Final = "project_file"
"""Key of the row of the project file."""
ASKED_ROW: Final = "asked"
"""Key of the row of the gateway that is asked, which may be another than `base_url` says."""
ShownValue = (
    str | bool | int | float | tuple[str, ...] | Mapping[str, tuple[str, ...]] | Mapping[str, Mapping[str, str]] | None
)
"""A value as it may be shown: without secrets."""


class SettingRow(msgspec.Struct, frozen=True):
    """One setting. As JSON: `{"key", "value", "source", "origin", "meaning", "allowed"}`."""

    key: str
    value: ShownValue
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
                return ", ".join(f"{name}: {_words(held)}" for name, held in self.value.items()) or "none"

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The key and the shown value; of a table of tables, one for each field that is set."""
        if not isinstance(self.value, Mapping) or not self.value:
            return ((self.key, self.shown),)
        fields = (
            (f"{self.key}.{name}.{field}", text)
            for name, held in self.value.items()
            if isinstance(held, Mapping)
            for field, text in held.items()
        )
        return tuple(fields) or ((self.key, self.shown),)


def describe(loaded: Loaded, connection: Connection) -> tuple[SettingRow, ...]:
    """Make a row for the API key, which is never shown, one for the gateway that is asked, one for the project file,
    and then one for every setting."""
    key_row = SettingRow(
        "api_key",
        f"set (from {connection.key_origin})" if connection.key_origin else "not set",
        _key_source(connection),
        connection.key_origin,
        "the key sent to the gateway",
        f"given by {KEY_VARIABLE} or /connect",
    )
    asked = _asked_origin(loaded, connection)
    asked_row = SettingRow(
        ASKED_ROW,
        asked_words(connection),
        asked.source,
        asked.detail,
        "the gateway that is asked",
        "chosen by base_url, --gateway or /connect; without any and without a key, the demo",
    )
    project = loaded.project
    project_row = SettingRow(
        PROJECT_ROW,
        str(project.path) if project else None,
        Source.PROJECT if project else Source.DEFAULT,
        project.state if project else "",
        f"settings of the folder one works in, from {PROJECT_FILE}; they count once you agreed to them",
        f"a file {PROJECT_FILE} in the folder, or above it in its repository",
    )
    return (
        key_row,
        asked_row,
        project_row,
        *(_row(loaded, setting.key, setting.meaning, setting.allowed) for setting in SETTINGS),
    )


def _key_source(connection: Connection) -> Source:
    if not connection.key_origin:
        return Source.DEFAULT
    return Source.ENVIRONMENT if connection.key_origin == KEY_VARIABLE else Source.FILE


def _asked_origin(loaded: Loaded, connection: Connection) -> Origin:
    """Where the choice of the gateway comes from: its table, the base URL in force, or the last one of `/connect`."""
    if connection.gateway is not None:
        return Origin(Source.FILE, f"{loaded.file}: [gateway.{connection.gateway.name}]")
    if connection.is_demo:
        return Origin(Source.DEFAULT)
    if connection.base_url == loaded.settings.base_url:
        return loaded.origins["base_url"]
    return Origin(Source.FILE, "/connect")


def _row(loaded: Loaded, key: str, meaning: str, allowed: str) -> SettingRow:
    origin: Origin = loaded.origins[key]
    return SettingRow(key, _shown_value(loaded.settings, key), origin.source, origin.detail, meaning, allowed)


def _shown_value(settings: Settings, key: str) -> ShownValue:
    match key:
        case "base_url":
            return _shown_url(settings.base_url)
        case "thinking_tags":
            return None if settings.thinking_tags is None else tuple(map(" ".join, settings.thinking_tags))
        case "budget":
            return {scope.value: (f"{limit:f}",) for scope, limit in settings.budget.limits}
        case "preset":
            return {name: preset.fields for name, preset in settings.preset.items()}
        case "gateway":
            return {name: _shown_gateway(gateway) for name, gateway in settings.gateway.items()}
        case _:
            value: ShownValue = getattr(settings, key)
            return value


def _shown_gateway(gateway: NamedGateway) -> dict[str, str]:
    """The fields that are set. Of a header, only where its value comes from is shown."""
    hidden = "hidden"
    fields = {
        "base_url": _shown_url(gateway.base_url),
        "user": hidden if gateway.login else "",
        "model": gateway.model,
        "auth": gateway.auth,
        "key_command": str(gateway.key_command or ""),
        "headers": "; ".join(
            f"{name} {hidden if isinstance(source, SecretKey) else source}" for name, source in gateway.headers
        ),
        "send_reasoning": gateway.send_reasoning or "",
        "thinking_tags": "" if gateway.thinking_tags is None else _tag_words(gateway.thinking_tags),
    }
    return {field: text for field, text in fields.items() if text}


def _tag_words(tags: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(map(" ".join, tags)) or "none"


def _shown_url(base_url: str) -> str:
    from tui_chat.settings.base_url import shown_base_url  # its parsers are not needed at start

    return shown_base_url(base_url)


def _words(held: tuple[str, ...] | Mapping[str, str]) -> str:
    return " ".join(held) if isinstance(held, tuple) else ", ".join(f"{name} {text}" for name, text in held.items())
