"""The tools that are set up: which file has them, and what is said of those that cannot be used.

Apart from the reading of the file, which a start without tools does without.
"""

import os

import msgspec

from tui_chat.chat.tools_read import ToolsRead
from tui_chat.core.errors import SettingsError
from tui_chat.regular_files import expanded
from tui_chat.settings.load import Loaded, Source
from tui_chat.settings.paths import Paths
from tui_chat.settings.problem import Problem


def with_problems(loaded: Loaded, tools: ToolsRead | SettingsError) -> Loaded:
    """The settings, with what is wrong with tools that are left out."""
    if isinstance(tools, SettingsError):
        return loaded
    of_tools = (msgspec.structs.replace(problem, is_setting=False) for problem in tools.problems)
    return msgspec.structs.replace(loaded, problems=(*loaded.problems, *of_tools))


def find_tools(loaded: Loaded, paths: Paths) -> ToolsRead | SettingsError:
    """The tools of the file that the settings name, else of the one in the config folder. Where nothing of it can be
    used there are none, which is a problem, or an error where a flag names it. A project's file counts as it was when
    it was agreed to."""
    name = loaded.settings.tools or (str(paths.tools_file) if os.path.lexists(paths.tools_file) else "")
    if not name:
        return ToolsRead()
    from tui_chat.chat.tool_files import read_tools, reader_of  # only where there are tools

    read = None
    if loaded.origins["tools"].source is Source.PROJECT and loaded.project is not None:
        read = reader_of({named.path: named.content for named in loaded.project.named})
    try:
        return read_tools(expanded(name), read)
    except SettingsError as error:
        origin = loaded.origins["tools"]
        if origin.source is Source.FLAG:
            return error
        words = f"{error.failure.message} None of its tools is offered."
        return ToolsRead(problems=(Problem(origin.detail or paths.tools_file.name, None, "", words),))
