"""`tui-chat config`: every setting, its value, and where the value comes from."""

import sys
from collections.abc import Iterator
from itertools import chain
from typing import TextIO

from tui_chat.cli.arguments import ConfigArguments
from tui_chat.cli.loading import load_or_refuse, note
from tui_chat.cli.table import write_json, write_table
from tui_chat.core.errors import SettingsError
from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.sanitize import sanitize_in_place, sanitize_line
from tui_chat.settings.command_line import CommandLine
from tui_chat.settings.describe import SettingRow, ShownValue, describe
from tui_chat.settings.problem import Problem
from tui_chat.settings.theme_files import Themes, is_open, placed
from tui_chat.wiring.root import Wiring


def run_config(line: CommandLine, arguments: ConfigArguments) -> int:
    """Print the settings or the path of their file, or let the project file count no more, and return the exit status.
    The key is never printed."""
    wiring = load_or_refuse(line)
    if arguments.what == "forget":
        return _forget(wiring)
    if arguments.what == "path":
        sys.stdout.write(f"{sanitize_in_place(str(wiring.loaded.file))}\n")
    elif arguments.as_json:
        write_json(sys.stdout, {row.key: _object(row) for row in describe(wiring.loaded, wiring.connection)})
        for problem in _problems(wiring):
            note(str(problem))
    else:
        _write_rows(sys.stdout, wiring)
    return 0


def _write_rows(out: TextIO, wiring: Wiring) -> None:
    rows = describe(wiring.loaded, wiring.connection)
    cells = [(*line, f"{row.source.value} {row.origin}".strip()) for row in rows for line in row.lines]
    write_table(out, ("SETTING", "VALUE", "FROM"), cells)
    for problem in _problems(wiring):
        out.write(f"\n! {sanitize_line(str(problem), 500)}\n")


def _problems(wiring: Wiring) -> Iterator[Problem]:
    loaded, theme = wiring.loaded, wiring.loaded.settings.theme
    # Before a project file counts, what is wrong in it is no problem anywhere else.
    waiting = loaded.project.problems if loaded.project is not None and loaded.project.waits else ()
    found = () if is_open(theme) else Themes(wiring.paths.themes).read(theme)[1]
    of_theme = placed(found, loaded.origins["theme"])
    return chain(loaded.problems, wiring.connection.problems, waiting, of_theme)


def _forget(wiring: Wiring) -> int:
    try:
        sys.stdout.write(f"{wiring.keeping.forget_project()}\n")
    except SettingsError as error:
        from tui_chat.cli.running import say_failure  # what shows the settings does without

        return say_failure(error.failure)
    return 0


def _object(row: SettingRow) -> JsonValue:
    return {"value": _json(row.value), "source": row.source.value, "origin": row.origin}


def _json(value: ShownValue) -> JsonValue:
    match value:
        case tuple():
            return list(value)
        case None | str() | bool() | int() | float():
            return value
        case _:
            return {name: list(held) if isinstance(held, tuple) else dict(held) for name, held in value.items()}
