"""From the command line, the environment and the files to what is wired."""

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from tui_chat.chat.tools_setup import find_tools, with_problems
from tui_chat.core.redact import remember
from tui_chat.settings.command_line import CommandLine
from tui_chat.settings.consent import Consents
from tui_chat.settings.folders import Keeping, look_at_folders
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.load import Loaded, load_settings
from tui_chat.settings.paths import find_paths
from tui_chat.settings.problem import Problem, with_end
from tui_chat.settings.project import ProjectFile, find_project
from tui_chat.settings.secret_key import KEY_VARIABLE
from tui_chat.settings.secrets import Connection, asked_words, choose_gateway, find_connection, find_named_connection
from tui_chat.wiring.root import Wiring


def load(line: CommandLine, environ: Mapping[str, str]) -> Wiring:
    """Load the settings from the command line, the environment and the file, and find the connection.

    Raises:
        SettingsError: the command line names a gateway that there is not, or that cannot be used.
    """
    remember(environ.get(KEY_VARIABLE, ""))  # a secret also where another key is used
    paths = find_paths(environ)
    file = paths.config_file if line.config_file is None else Path(line.config_file)
    project = _look_for_project(environ, consents := Consents(paths.consents_file))
    loaded = load_settings(file, environ, line.overrides, project=project)
    for gateway in loaded.settings.gateway.values():
        remember(*(environ.get(variable, "") for variable in gateway.variables))
    connection = usual = find_connection(loaded, environ, paths.credentials_file)
    if line.gateway is not None:
        connection = find_named_connection(choose_gateway(loaded, line.gateway), paths.credentials_file)
    tools = find_tools(loaded, paths)
    loaded = with_problems(_with_asked(loaded, connection), tools)
    keeping = Keeping() if line.is_temporary else look_at_folders(paths)
    ordered = (loaded.problems, keeping.problems) if keeping.is_possible else (keeping.problems, loaded.problems)
    loaded = replace(loaded, problems=ordered[0] + ordered[1])
    wiring = Wiring(
        loaded,
        paths,
        connection,
        is_temporary=line.is_temporary,
        can_keep=keeping.is_possible,
        usual=usual,
        tools=tools,
    )
    wiring.keeping = SettingsKeeper(
        wiring.loaded,
        environ,
        is_temporary=line.is_temporary,
        consents=None if line.is_temporary else consents,
        take=wiring.take,
    )
    return wiring


def _with_asked(loaded: Loaded, connection: Connection) -> Loaded:
    """The settings, with a wrong base URL, and a file that cannot be read, told together with where words go in its
    place."""
    flags = {override.flag for override in loaded.overrides.values()}
    own = str(loaded.file)

    def hides_gateway(problem: Problem) -> bool:
        is_whole_file = not problem.key and problem.where == own and not loaded.is_given("base_url")
        return is_whole_file or (problem.key == "base_url" and problem.where not in flags)

    asked = f"{asked_words(connection)} is asked instead."
    problems = (with_end(each, asked) if hides_gateway(each) else each for each in loaded.problems)
    return replace(loaded, problems=tuple(problems))


def _look_for_project(environ: Mapping[str, str], consents: Consents) -> ProjectFile | None:
    try:
        project = find_project(Path.cwd(), Path(environ.get("HOME") or os.path.expanduser("~")))
    except OSError:  # the working folder is gone
        return None
    return project and replace(project, is_agreed=consents.has(project))
