"""`tui-chat config`: every setting, its value, and where the value comes from."""

from typing import TextIO

from tui_chat.cli.table import write_json, write_table
from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.describe import SettingRow, describe
from tui_chat.settings.load import Loaded
from tui_chat.settings.model import SettingValue
from tui_chat.settings.secrets import Connection


def show_config(loaded: Loaded, connection: Connection, out: TextIO, *, what: str | None, as_json: bool) -> int:
    """Print the settings; `what` is None for all of them or `path` for the file alone. The key is never printed."""
    if what == "path":
        out.write(f"{loaded.file}\n")
        return 0
    rows = describe(loaded, connection)
    if as_json:
        write_json(out, {row.key: _object(row) for row in rows})
        return 0
    cells = [(row.key, row.shown, f"{row.source.value} {row.origin}".strip()) for row in rows]
    write_table(out, ("SETTING", "VALUE", "FROM"), cells)
    for problem in (*loaded.problems, *connection.problems):
        out.write(f"\n! {sanitize_line(str(problem), 500)}\n")
    return 0


def _object(row: SettingRow) -> JsonValue:
    return {"value": _json(row.value), "source": row.source.value, "origin": row.origin}


def _json(value: SettingValue) -> JsonValue:
    match value:
        case tuple():
            return list(value)
        case None | str() | bool() | int() | float():
            return value
        case _:
            return {action: list(keys) for action, keys in value.items()}
