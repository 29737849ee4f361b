"""`tui-chat tools`: the tools that are set up, one run by hand, the lines that turn on those that come along, and what
is allowed for good.

The first two start the tool servers that are set up, but for a tool of the tools file's own that is run by its name.
"""

import sys
from collections.abc import Mapping
from typing import Final, NamedTuple, NoReturn

from tui_chat.chat.ready_tools import SUMMARIES, BuiltIn, builtin_of, lines_of
from tui_chat.chat.tool_plans import CallFault, Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ServerTool, ToolServers
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.chat.turn import ToolUse
from tui_chat.cli.arguments import ToolsArguments
from tui_chat.cli.kept_permissions import forget_allowed, list_allowed
from tui_chat.cli.loading import load_or_refuse, note, note_project
from tui_chat.cli.running import run_until_signal, say_failure
from tui_chat.cli.table import write_json, write_table
from tui_chat.cli.wrong_use import refuse
from tui_chat.core.errors import SettingsError
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.nearest import nearest
from tui_chat.core.parts import ToolCall
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.core.tool import Tool, ToolServer
from tui_chat.settings.command_line import CommandLine
from tui_chat.settings.problem import Problem
from tui_chat.wiring.root import Wiring

RUN: Final = "run"
READY: Final = "ready"
_WORDS: Final = (
    "there is `tui-chat tools`, `tui-chat tools run NAME JSON`, `tui-chat tools ready`, `tui-chat tools allowed` and "
    "`tui-chat tools forget NAME`"
)
_MOST_WORDS: Final = 3
_FAILED: Final = 1
_READY: Final = f"there are {', '.join(BuiltIn)}"
TOLD_WITHIN_S: Final = 20.0
_NONE: Final = "No tool is set up: write tools.toml into the config folder, as /help tools shows."


def run_tools(line: CommandLine, arguments: ToolsArguments) -> int:
    """List the tools, run one, or print the lines for those that come along, and return the exit status.

    Raises:
        SystemExit: it was wrong use; a message has been printed.
    """
    if arguments.words[:1] == (READY,):
        return _print_ready(arguments.words[1:], as_json=arguments.as_json)
    wiring = load_or_refuse(line)
    match arguments.words:
        case ("allowed",):
            return list_allowed(wiring.paths.permissions_file, as_json=arguments.as_json)
        case ("forget", *names):
            return forget_allowed(wiring.paths.permissions_file, names)
        case _:
            note_project(wiring)
    try:
        read = wiring.tools()
    except SettingsError as error:
        return say_failure(error.failure)
    if not arguments.words:
        return run_until_signal(_list_all(wiring, read, as_json=arguments.as_json))
    word, name, text = (*arguments.words, *("", "{}")[len(arguments.words) - 1 :])[:3]
    if word != RUN or not name or len(arguments.words) > _MOST_WORDS:
        refuse(_WORDS, command="tools")
    return run_until_signal(_run(wiring, read, name, text, as_json=arguments.as_json))


class _Told(NamedTuple):
    """What tool servers told."""

    tools: tuple[ServerTool, ...] = ()
    problems: Mapping[str, str] = {}
    """Why there are no tools of a server, by its name."""


async def _list_all(wiring: Wiring, read: ToolsRead, *, as_json: bool) -> int:
    _list(read, await _told(wiring) if read.servers else _Told(), as_json=as_json)
    return 0


async def _told(wiring: Wiring) -> _Told:
    """What the servers have, as far as they tell it in time."""
    servers = wiring.services().servers
    try:
        await servers.prepare(within_s=TOLD_WITHIN_S)
        late = dict.fromkeys(servers.starting, f"it did not tell its tools within {TOLD_WITHIN_S:g} s")
        return _Told(servers.listed, {**servers.problems, **late})
    finally:
        await servers.close()


def _list(read: ToolsRead, told: _Told, *, as_json: bool) -> None:
    places = {server.name: f"mcp.{server.name} in {server.source}" for server in read.servers}
    rows = [_row(tool, tool.source) for tool in read.tools]
    rows += [_row(each.tool, places[each.server]) for each in told.tools]
    rows += [_unheard(server, told) for server in read.servers if not server.is_enabled or server.name in told.problems]
    rows += [_broken(problem) for problem in read.problems]
    if as_json:
        write_json(sys.stdout, list[JsonValue](rows))
    elif rows:
        servers = {each.tool.name: each.server for each in told.tools}
        cells = [(_text(row["name"]), _runs(row, servers), _state(row)) for row in rows]
        write_table(sys.stdout, ("TOOL", "RUNS", "STATE"), cells)
    else:
        note(_NONE)
    set_up = {builtin_of(tool.recipe) for tool in read.tools}
    if not as_json and (off := [builtin for builtin in BuiltIn if builtin not in set_up]):
        note(f"Ready, and off: {', '.join(off)}. `tui-chat tools ready` prints the lines that turn them on.")


def _print_ready(names: tuple[str, ...], *, as_json: bool) -> int:
    """Print what turns on these of the tools that come along; without names, all."""
    for name in names:
        if name not in set(BuiltIn):
            near = nearest(name, list(BuiltIn))
            refuse(f"no tool {name} comes along; {f'did you mean {near}?' if near else _READY}", command="tools")
    chosen = [builtin for builtin in BuiltIn if not names or builtin in names]
    if as_json:
        write_json(sys.stdout, list[JsonValue](map(_ready_row, chosen)))
    else:
        sys.stdout.write(lines_of(chosen))
        note("These lines belong in tools.toml in the config folder. Each call still asks for your leave.")
    return 0


def _ready_row(builtin: BuiltIn) -> JsonObject:
    """One that comes along, as it is where no file turns it on."""
    return {
        "name": str(builtin),
        "description": SUMMARIES[builtin],
        "runs": "built-in",
        "source": "",
        "enabled": False,
        "problem": None,
        "lines": lines_of([builtin]),
    }


def _row(tool: Tool, source: str) -> JsonObject:
    return {
        "name": tool.name,
        "description": tool.definition.description,
        "runs": tool.runs,
        "source": source,
        "enabled": tool.is_enabled,
        "problem": None,
    }


def _unheard(server: ToolServer, told: _Told) -> JsonObject:
    """A server that is switched off, or whose tools nobody knows."""
    return {
        "name": server.name,
        "description": "",
        "runs": "mcp",
        "source": server.source,
        "enabled": False,
        "problem": told.problems.get(server.name),
    }


def _runs(row: JsonObject, servers: Mapping[str, str]) -> str:
    """What runs it, with the server's name."""
    server = servers.get(_text(row["name"]), "") if row["runs"] == "mcp" else ""
    return f"mcp {server}".rstrip() if server else _text(row["runs"]) or "–"


def _broken(problem: Problem) -> JsonObject:
    """A definition that is left out; what it would run is not known, but for a server."""
    kind, _, name = problem.key.partition(".")
    place = problem.where if problem.line is None else f"{problem.where}:{problem.line}"
    return {
        "name": name.partition(".")[0] or problem.key,
        "description": "",
        "runs": "mcp" if kind == "mcp" else None,
        "source": problem.where,
        "enabled": False,
        "problem": f"{place}: {problem.message}",
    }


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _state(row: JsonObject) -> str:
    return _text(row["problem"]) or ("offered" if row["enabled"] else "off")


async def _run(wiring: Wiring, read: ToolsRead, name: str, text: str, *, as_json: bool) -> int:
    services = wiring.services()
    servers, tool = services.servers, next((tool for tool in read.tools if tool.name == name), None)
    try:
        if tool is None and read.servers:
            await servers.prepare(within_s=TOLD_WITHIN_S)
            tool = servers.get(name)
        if tool is None:
            _refuse_unknown(read, servers, name)
        planned = Toolbox([tool]).plan(ToolCall("by_hand", name, text))
        if isinstance(planned, CallFault):
            refuse(planned.words, command="tools")
        if planned is None:
            refuse(f"{name} is {'answered by a person' if tool.recipe is None else 'switched off'}", command="tools")
        return await _run_plan(services.tool_use, planned, as_json=as_json)
    finally:
        await servers.close()


def _refuse_unknown(read: ToolsRead, servers: ToolServers, name: str) -> NoReturn:
    for server, problem in servers.problems.items():
        note(f"The tool server {server}: {problem}")
    near = nearest(name, [*(tool.name for tool in read.tools), *(each.tool.name for each in servers.listed)])
    meant = f"; did you mean {near}?" if near else ""
    refuse(f"there is no tool {name}{meant}", command="tools")


async def _run_plan(use: ToolUse, plan: ToolPlan, *, as_json: bool) -> int:
    if use.runner is None:
        return _FAILED
    outcome = await use.runner.run(plan, lambda _: None)
    if as_json:
        write_json(sys.stdout, {"name": plan.call.name, "result": outcome.content, "is_error": outcome.is_error})
    else:
        text = sanitize(outcome.content)
        sys.stdout.write(text if text.endswith("\n") or not text else f"{text}\n")
    if outcome.is_error:
        note(sanitize_line(outcome.ending))
    return _FAILED if outcome.is_error else 0
