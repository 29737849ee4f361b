"""A tool as it was set up: what the model is told of it, and the recipe by which its calls are run."""

from enum import StrEnum
from typing import Final

import msgspec

from tui_chat.core.request import ToolDefinition

TIMEOUT_S: Final = 30.0
LONGEST_TIMEOUT_S: Final = 3600.0
LIMIT_KB: Final = 256
LARGEST_LIMIT_KB: Final = 16 * 1024
MOST_MEMORY_MB: Final = 1024 * 1024


class Variable(msgspec.Struct, frozen=True):
    """A value that a variable of the environment holds, looked up when the tool runs."""

    name: str


Value = str | Variable
"""A value of a tool's environment, or of a header."""


class Printed(msgspec.Struct, frozen=True):
    """A value that a command prints, run when it is needed. Its words may be secrets, so only the program is shown."""

    argv: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Printed({self.argv[0]!r})"


ServerValue = str | Variable | Printed
"""A value of a tool server's environment, or of a header to it."""


class CommandRecipe(msgspec.Struct, frozen=True):
    """Runs a program, never through a shell."""

    argv: tuple[str, ...]
    """Templates, the program first: see `argv_template`."""
    folder: str = ""
    """Absolute path of the working folder; empty for an empty one of its own."""
    env: tuple[tuple[str, Value], ...] = ()
    """What it gets of the environment beside the few variables that every program gets."""
    memory_mb: int = 0
    """The most memory that each of its processes may have; 0 sets no limit."""


class HttpRecipe(msgspec.Struct, frozen=True):
    """Asks a web service."""

    url: str
    """A template: see `url_template`."""
    method: str = "GET"
    headers: tuple[tuple[str, Value], ...] = ()
    """Names, and templates of values."""


class FolderUse(StrEnum):
    """What a tool of ours does in a folder."""

    READ = "read"
    LIST = "list"
    SEARCH = "search"


class FolderRecipe(msgspec.Struct, frozen=True):
    """Reads below a folder of the person's."""

    use: FolderUse
    folder: str
    """Absolute path."""
    with_hidden: bool = False
    """Files and folders whose names begin with a dot are given too."""


class PageRecipe(msgspec.Struct, frozen=True):
    """Fetches a page of the public web."""

    through_proxy: bool = False
    """By the proxy of the environment, where there is one."""


class ServerRecipe(msgspec.Struct, frozen=True):
    """Asks a tool server."""

    server: str
    """Its name in the tools file."""
    tool: str
    """The tool's name there, which may be another than the one that the model knows."""
    digest: str
    """Hash of the definition that the server gave: another one is another tool."""


Recipe = CommandRecipe | HttpRecipe | FolderRecipe | PageRecipe | ServerRecipe


class ToolServer(msgspec.Struct, frozen=True):
    """A tool server (MCP) as its table in the tools file has it."""

    name: str
    command: tuple[str, ...] = ()
    """The program and its words; empty where it is reached at `url`."""
    folder: str = ""
    """Absolute path of its working folder; empty for an empty one of its own."""
    env: tuple[tuple[str, ServerValue], ...] = ()
    """What it gets of the environment beside the few variables that every program gets."""
    url: str = ""
    headers: tuple[tuple[str, ServerValue], ...] = ()
    tools: tuple[str, ...] | None = None
    """The only tools of it that are offered; None offers all."""
    timeout_s: float = TIMEOUT_S
    """Of one call."""
    limit_kb: int = LIMIT_KB
    """The most of one call's output that is kept."""
    is_enabled: bool = True
    source: str = ""
    """The file that defines it."""
    runs_alone: bool = False
    """Its tools are called one after the other, and while nothing else runs."""

    @property
    def words(self) -> str:
        """What runs, or where it is, for people; not sanitised."""
        import shlex  # only where it is shown

        return shlex.join(self.command) if self.command else self.url


class Tool(msgspec.Struct, frozen=True):
    """A tool as its definition has it."""

    definition: ToolDefinition
    recipe: Recipe | None = None
    """None: a person answers."""
    timeout_s: float = TIMEOUT_S
    limit_kb: int = LIMIT_KB
    """The most of its output that is kept."""
    is_enabled: bool = True
    """It is offered to the model."""
    source: str = ""
    """The file that defines it."""
    runs_alone: bool = False
    """A call of it runs while no other does."""

    @property
    def name(self) -> str:
        """Its name, by which the model calls it."""
        return self.definition.name

    @property
    def runs(self) -> str:
        """What runs it: `command`, `http`, `built-in`, `mcp` or `person`."""
        match self.recipe:
            case CommandRecipe():
                return "command"
            case HttpRecipe():
                return "http"
            case FolderRecipe() | PageRecipe():
                return "built-in"
            case ServerRecipe():
                return "mcp"
            case None:
                return "person"
