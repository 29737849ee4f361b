"""What a call would do, worked out to the last byte before anybody decides about it.

A plan is what a person is shown and what runs: whoever runs it looks at nothing else. A call without a plan can never
run.
"""

import json
from collections.abc import Iterable
from typing import Final, Protocol

import msgspec

from tui_chat.chat.history import parse_arguments
from tui_chat.chat.json_schema import fault_of
from tui_chat.chat.kept_permissions import hash_of
from tui_chat.chat.ready_work import FolderWork, PageWork, folder_words, ready_work
from tui_chat.core.argv_template import fill_argv
from tui_chat.core.figures import bound
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import ToolCall
from tui_chat.core.placeholders import TemplateError
from tui_chat.core.request import ToolDefinition
from tui_chat.core.tool import (
    CommandRecipe,
    FolderRecipe,
    HttpRecipe,
    PageRecipe,
    Recipe,
    ServerRecipe,
    Tool,
    Value,
    Variable,
)
from tui_chat.core.url_template import fill_encoded, fill_url

_WITHOUT_BODY: Final = ("GET", "HEAD", "DELETE")


class CommandWork(msgspec.Struct, frozen=True):
    """A program to run, as it runs."""

    argv: tuple[str, ...]
    stdin: str
    """The arguments as JSON."""
    folder: str
    """Absolute path; empty for an empty folder of its own."""
    env: tuple[tuple[str, Value], ...]
    memory_mb: int = 0
    """The most memory that each of its processes may have; 0 sets no limit."""


class HttpWork(msgspec.Struct, frozen=True):
    """A request to a web service, as it is sent."""

    url: str
    method: str
    headers: tuple[tuple[str, Value], ...]
    body: str | None
    """The arguments as JSON; None sends none."""


class ServerWork(msgspec.Struct, frozen=True):
    """A call of a tool server's tool, as it is sent."""

    server: str
    tool: str
    arguments: str
    """As JSON."""
    digest: str
    """Hash of the definition that the tool had: a tool with another one is not called."""


Work = CommandWork | HttpWork | FolderWork | PageWork | ServerWork


class ToolPlan(msgspec.Struct, frozen=True):
    """A call that can run."""

    call: ToolCall
    """As it runs: its arguments may be edited."""
    work: Work
    timeout_s: float
    limit_bytes: int
    runs_alone: bool = False
    """It runs while no other call does."""
    tool_hash: str = ""
    """What a permission that is kept is bound to: see `kept_permissions`. Empty where none can be."""
    source: str = ""
    """The file that defines the tool."""

    @property
    def words(self) -> str:
        """What runs, for people; whole, and not sanitised."""
        match self.work:
            case CommandWork(argv, folder=folder):
                return f"{' '.join(map(_quoted, argv))}{f' in {folder}' if folder else ''}"
            case HttpWork(url, method):
                return f"{method} {url}"
            case FolderWork() as work:
                return folder_words(work)
            case PageWork(url, through_proxy):
                return f"GET {url}{', by the proxy of the environment' if through_proxy else ''}"
            case ServerWork(server, tool, arguments):
                return f"{server} · {tool} {arguments}"

    @property
    def kind(self) -> str:
        """`command`, `http`, `built-in` or `mcp`."""
        match self.work:
            case CommandWork():
                return "command"
            case HttpWork():
                return "http"
            case FolderWork() | PageWork():
                return "built-in"
            case ServerWork():
                return "mcp"

    @property
    def digest(self) -> str:
        """Hash of the definition of a server's tool; empty for all others."""
        return self.work.digest if isinstance(self.work, ServerWork) else ""

    @property
    def limits(self) -> str:
        """How long it may take, how much of its output is kept and what memory it has, for people."""
        memory = self.work.memory_mb if isinstance(self.work, CommandWork) else 0
        said = f"at most {self.timeout_s:g} s and {bound(self.limit_bytes)}"
        return f"{said}, in {bound(memory * 1024 * 1024)} of memory" if memory else said


class CallFault(msgspec.Struct, frozen=True):
    """A call that can never run as it is."""

    call: ToolCall
    words: str
    """Why, as one sentence for the person and for the model."""
    digest: str = ""
    tool_hash: str = ""
    """Both as in `ToolPlan`: who may run the tool without asking is told of a fault without asking."""


Planned = ToolPlan | CallFault | None
"""None: nothing runs it, a person answers."""


class Planner(Protocol):
    """Knows what calls would do."""

    def plan(self, call: ToolCall) -> Planned:
        """What this call would do, the same each time."""
        ...


class FoundTools(Protocol):
    """Tools that are found while the program runs: those of tool servers."""

    @property
    def offered(self) -> tuple[Tool, ...]:
        """Those that the model is offered now, by the names that it knows."""
        ...

    def get(self, name: str) -> Tool | None:
        """The tool of this name, also where its server does not run now; None where none may be called by it."""
        ...


class Toolbox:
    """The tools that are set up."""

    def __init__(self, tools: Iterable[Tool] = (), found: FoundTools | None = None, bound_to: str = "") -> None:
        """`bound_to` stands for what was agreed to where a project brings them along: what is kept of them holds as
        long as that stays as it is."""
        self.tools = tuple(tools)
        self._found = found
        self._bound_to = bound_to
        self._hashes: dict[str, tuple[Tool, str]] = {}
        """The hash of each tool that was called, by its name."""
        self._by_name = {tool.name: tool for tool in self.tools if tool.is_enabled}

    def __repr__(self) -> str:
        return f"Toolbox({', '.join(self._by_name)})"

    @property
    def definitions(self) -> tuple[ToolDefinition, ...]:
        """What the model is offered of what stands in the tools file itself."""
        return tuple(tool.definition for tool in self._by_name.values())

    def get(self, name: str) -> Tool | None:
        """The tool of this name; None where there is none, or it is switched off."""
        found = self._by_name.get(name)
        return self._found.get(name) if found is None and self._found is not None else found

    def plan(self, call: ToolCall) -> Planned:
        """What this call would do. A person answers what is not set up: nobody knows what that takes."""
        tool = self.get(call.name)
        if tool is None or tool.recipe is None:
            return None
        tool_hash = self._hash(tool)
        try:
            work = _work(tool, call)
        except TemplateError as wrong:
            digest = tool.recipe.digest if isinstance(tool.recipe, ServerRecipe) else ""
            return CallFault(call, str(wrong), digest, tool_hash)
        return ToolPlan(
            call, work, tool.timeout_s, tool.limit_kb * 1024, tool.runs_alone, tool_hash=tool_hash, source=tool.source
        )

    def _hash(self, tool: Tool) -> str:
        known, hashed = self._hashes.get(tool.name, (None, ""))
        if known is not tool:
            hashed = hash_of(tool, self._bound_to)
            self._hashes[tool.name] = tool, hashed
        return hashed


def _work(tool: Tool, call: ToolCall) -> Work:
    """What a call would do. Raises TemplateError with why it cannot run."""
    if call.flaw:
        raise TemplateError(call.flaw)
    arguments, error = parse_arguments(call.arguments)
    if arguments is None:
        raise TemplateError(f"The arguments are {error}.")
    if fault := fault_of(arguments, tool.definition.parameters):
        raise TemplateError(f"The arguments do not fit the schema: {fault}")
    assert tool.recipe is not None
    return _work_by(tool.recipe, arguments)


def _work_by(recipe: Recipe, arguments: JsonObject) -> Work:
    if isinstance(recipe, FolderRecipe | PageRecipe):
        return ready_work(recipe, arguments)
    text = json.dumps(arguments)  # ASCII: whoever reads it needs to know no encoding
    match recipe:
        case CommandRecipe(argv, folder, env, memory_mb):
            return CommandWork(fill_argv(argv, arguments), text, folder, env, memory_mb)
        case HttpRecipe(url, method, headers):
            filled = tuple((name, _header(value, arguments)) for name, value in headers)
            return HttpWork(fill_url(url, arguments), method, filled, None if method in _WITHOUT_BODY else text)
        case ServerRecipe(server, tool, digest):
            try:
                readable = json.dumps(arguments, ensure_ascii=False, allow_nan=False)
                readable.encode()
            except UnicodeEncodeError:
                raise TemplateError("The arguments hold half a character, which cannot be sent.") from None
            except ValueError:
                raise TemplateError("A number in the arguments is larger than can be sent.") from None
            return ServerWork(server, tool, readable, digest)


def _header(value: Value, arguments: JsonObject) -> Value:
    return value if isinstance(value, Variable) else fill_encoded(value, arguments)


def _quoted(word: str) -> str:
    """A word as a shell would take it, so that two words never look like one."""
    import shlex  # only where a plan is shown

    return shlex.quote(word)
