"""What a tools file gave."""

import msgspec

from tui_chat.core.tool import Tool, ToolServer
from tui_chat.settings.problem import Problem


class ToolsRead(msgspec.Struct, frozen=True):
    """The tools of a file, and what is wrong with those that are left out."""

    tools: tuple[Tool, ...] = ()
    """In their order, those too that are switched off."""
    problems: tuple[Problem, ...] = ()
    servers: tuple[ToolServer, ...] = ()
    """The tool servers of it, those too that are switched off."""
