"""Settings from flags, the environment, the project file and the user's own, and where each one came from.

Nothing here stops the program: what cannot be used is a `Problem` and the default counts, not the next source down,
which would be a choice that the user meant to override.
"""

import errno
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from tui_chat.core.errors import FileError, SettingsError
from tui_chat.core.nearest import nearest
from tui_chat.regular_files import read_whole
from tui_chat.settings.command_line import Override
from tui_chat.settings.model import BY_KEY, SETTINGS, Settings, SettingValue
from tui_chat.settings.named_gateway import NamedGateway
from tui_chat.settings.problem import Problem, with_end
from tui_chat.settings.project import ProjectFile
from tui_chat.settings.toml_text import NotTomlError, find_key_line, read_toml

MAX_FILE_BYTES: Final = 1024 * 1024
ENVIRONMENT: Final[Mapping[str, str]] = {"base_url": "SOLROUTER_BASE_URL"}
"""The settings that have a variable. The key has one too, but is no setting: see `secrets`."""


_NOT_GIVEN: Final = Override("", None)


class Source(StrEnum):
    """Where a value comes from, the strongest first."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    PROJECT = "project"
    FILE = "file"
    DEFAULT = "default"


class Origin(msgspec.Struct, frozen=True):
    """Where the value of one setting comes from."""

    source: Source
    detail: str = ""
    """The flag, the variable, or the file and line; empty for a default."""

    @property
    def rules_file(self) -> bool:
        """Something stronger than the user's own file gave the value, which counts as long as it is there."""
        return self.source in (Source.FLAG, Source.ENVIRONMENT, Source.PROJECT)


class Loaded(msgspec.Struct, frozen=True):
    """Settings that can be used, whatever was given."""

    settings: Settings
    origins: Mapping[str, Origin]
    """One for every setting."""
    problems: tuple[Problem, ...]
    file: Path
    in_file: frozenset[str] = frozenset()
    """The settings that the user's own file gives, whether they are in force or not."""
    project: ProjectFile | None = None
    """The project file of the working folder, agreed to or not; None where there is none."""
    preset_name: str = ""
    """The preset that the project file begins with; empty where it names none."""
    overrides: Mapping[str, Override] = {}
    """The settings that flags gave."""
    unread: Problem | None = None
    """Why nothing of the user's own file counts; None where it does, or there is none."""

    def is_given(self, key: str) -> bool:
        """Whether somebody chose this value: it is not the default."""
        return self.origins[key].source is not Source.DEFAULT

    def at(self, gateway: NamedGateway) -> "Loaded":
        """The settings in force where this gateway is asked: what it declares itself goes before what holds for every
        gateway, but not before a flag."""
        declared: dict[str, SettingValue] = {
            "base_url": gateway.base_url,
            "model": gateway.model or None,
            "send_reasoning": gateway.send_reasoning,
            "thinking_tags": gateway.thinking_tags,
        }
        chosen = {
            key: value
            for key, value in declared.items()
            if value is not None and (key == "base_url" or self.origins[key].source is not Source.FLAG)
        }
        origin = Origin(Source.FILE, f"{self.file}: [gateway.{gateway.name}]")
        return msgspec.structs.replace(
            self,
            settings=msgspec.structs.replace(self.settings, **chosen),
            origins={**self.origins, **dict.fromkeys(chosen, origin)},
        )


def load_settings(
    file: Path,
    environ: Mapping[str, str],
    overrides: Mapping[str, Override] | None = None,
    *,
    project: ProjectFile | None = None,
) -> Loaded:
    """Read the settings. `overrides` are those that flags gave, by setting; of a project file nothing counts before it
    was agreed to."""
    text, table, unread = _read_file(file)
    problems = [] if unread is None else [with_end(unread, "the defaults count")]
    problems += [Problem(str(file), find_key_line(text, key), key, _unknown(key)) for key in table if key not in BY_KEY]
    usable = {key: _usable(key, offered, text, file, problems) for key, offered in table.items()}
    own = _Layer(Source.FILE, file, text, usable)
    layers: tuple[_Layer, ...] = (own,)
    preset_name = ""
    if project is not None:
        if project.is_agreed:
            preset_name, of_project = _of_project(project, own, problems)
            layers = (of_project, own)
        if project.is_agreed or not project.is_usable:
            problems += project.problems
    values: dict[str, SettingValue] = {}
    origins: dict[str, Origin] = {}
    for setting in SETTINGS:
        key = setting.key
        variable = ENVIRONMENT.get(key, "")
        override = (overrides or {}).get(key, _NOT_GIVEN)
        offers = (
            (Origin(Source.FLAG, override.flag), override.value, override.flag, None),
            (Origin(Source.ENVIRONMENT, variable), environ.get(variable) or None, variable, None),
            *(layer.offer(key) for layer in layers),
        )
        origins[key] = Origin(Source.DEFAULT)
        for origin, offered, where, at_line in offers:
            if offered is None:
                continue
            try:
                values[key] = setting.accept(offered)
                origins[key] = origin
            except SettingsError as refused:
                problems.append(Problem(where, at_line, key, refused.failure.message))
            break
    for layer in layers:
        if origins["tools"].source is layer.source:
            values["tools"] = _beside(layer.file, values["tools"])
    settings = msgspec.structs.replace(Settings(), **values)
    if preset_name and preset_name not in settings.preset and project is not None:
        line = find_key_line(project.text, "preset")
        problems.append(Problem(str(project.path), line, "preset", f"there is no preset {preset_name}"))
        preset_name = ""
    problems.sort(key=lambda problem: problem.line or 0)
    in_file = frozenset(key for key in table if key in BY_KEY)
    return Loaded(settings, origins, tuple(problems), file, in_file, project, preset_name, overrides or {}, unread)


def load_again(loaded: Loaded, environ: Mapping[str, str]) -> Loaded:
    """The settings as their files are now, and what was wrong with the machine as before."""
    now = load_settings(loaded.file, environ, loaded.overrides, project=loaded.project)
    others = tuple(problem for problem in loaded.problems if not problem.is_setting)
    return msgspec.structs.replace(now, problems=now.problems + others)


class _Layer(msgspec.Struct, frozen=True):
    """A file that gives settings."""

    source: Source
    file: Path
    text: str
    table: Mapping[str, object]

    def offer(self, key: str) -> tuple[Origin, object, str, int | None]:
        """Where its value comes from, the value, None where it gives none, and the file and line to name in a
        problem."""
        line = find_key_line(self.text, key) if key in self.table else None
        place = str(self.file) if line is None else f"{self.file}:{line}"
        return Origin(self.source, place), self.table.get(key), str(self.file), line


def _of_project(project: ProjectFile, own: _Layer, problems: list[Problem]) -> tuple[str, _Layer]:
    """The name of the preset that a project begins with, and what it sets; its presets stand beside the user's own."""
    text, file = project.text, project.path
    table = {key: _usable(key, offered, text, file, problems) for key, offered in project.table.items()}
    preset, name = table.get("preset"), ""
    if isinstance(preset, str):
        name = preset
        del table["preset"]
    elif isinstance(preset, dict) and isinstance(of_user := own.table.get("preset", {}), dict):
        table["preset"] = {**of_user, **preset}
    return name, _Layer(Source.PROJECT, file, text, table)


def _usable(key: str, offered: object, text: str, file: Path, problems: list[Problem]) -> object:
    """The entries of a table that can be used, and every other value as it is."""
    judge = BY_KEY[key].judge if key in BY_KEY else None
    if judge is None or not isinstance(offered, dict):
        return offered
    usable: dict[str, object] = {}
    for name, value in offered.items():
        faults = judge(name, value)
        problems += [_problem(file, text, (key, name, *fault.path), fault.message) for fault in faults]
        if not any(fault.is_fatal for fault in faults):
            usable[name] = value
    return usable


def _problem(file: Path, text: str, path: tuple[str, ...], message: str) -> Problem:
    """A problem at the line of `path`, or of the innermost table around it that has one."""
    ends = range(len(path), 0, -1)
    lines = (find_key_line(text, path[end - 1], ".".join(path[: end - 1])) for end in ends)
    return Problem(str(file), next((line for line in lines if line is not None), None), ".".join(path), message)


def _unknown(key: str) -> str:
    close = nearest(key, BY_KEY)
    return f"unknown; did you mean {close}?" if close else f"unknown; there are {', '.join(BY_KEY)}"


def _read_file(file: Path) -> tuple[str, Mapping[str, object], Problem | None]:
    """The text and what it says, both empty where there is none; and why it cannot be read, where it cannot."""
    line = None
    try:
        text = read_whole(file, MAX_FILE_BYTES).decode("utf-8-sig")
        return text, read_toml(text), None
    except FileError as error:
        if error.is_missing:
            return "", {}, None
        is_long = error.errno == errno.EFBIG
        fault = "is too long for settings" if is_long else f"cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        fault = "is not text in UTF-8"
    except NotTomlError as error:
        line, fault = error.line, f"not TOML: {error.words}"
    return "", {}, Problem(str(file), line, "", fault)


def _beside(file: Path, value: SettingValue) -> str:
    """A path in the file is meant from where the file is, not from where the program was started."""
    path = os.path.expanduser(str(value))
    return str(file.parent / path) if path else ""
