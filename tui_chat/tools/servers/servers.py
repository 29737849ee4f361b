"""All tool servers that are set up, as the chat sees them."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from tui_chat.chat.tool_plans import ServerWork
from tui_chat.chat.tool_ports import ChangedTool, ServerTool, ServerView, ToolOutcome
from tui_chat.core.errors import TOOL_CHANGED, TOOL_SERVER, ErrorKind, Failure
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tool import Tool, ToolServer
from tui_chat.tools.servers.names import Names
from tui_chat.tools.servers.server import Server, State
from tui_chat.tools.servers.values import SecretPrinter, Values
from tui_chat.tools.servers.way import Way

WAIT_S: Final = 5.0
"""The longest that a request waits for servers that are being started, once for each start."""
_MOST_FAULTS: Final = 5
_AMISS: Final = "Its other tools are offered."
_DOWN: Final = "It is started again when it is needed, after longer and longer pauses."
_LATER: Final = "They are offered as soon as they are there."
_LOOK: Final = "What has changed is off until somebody has looked at it."


class Servers:
    """Implements `ToolServers`."""

    def __init__(
        self,
        specs: Iterable[ToolServer],
        own_tools: Iterable[Tool],
        environ: Mapping[str, str],
        *,
        printed: SecretPrinter,
        way: Way,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`own_tools` are those that no server has; `printed` runs a command that prints a secret."""
        values = Values(environ, printed)
        self._servers = {
            spec.name: Server(spec, values, environ, way, monotonic=monotonic, told=self._told)
            for spec in specs
            if spec.is_enabled
        }
        self._names = Names(self._servers, (tool.name for tool in own_tools))
        for server in self._servers.values():
            for name in server.spec.tools or ():
                self._names.claim(server.spec.name, name)
        self._made: dict[tuple[str, str], tuple[Tool, Tool]] = {}
        """A tool as its server has it, and with the name that the model knows: the same value each time."""
        self._unsaid: list[Failure] = []
        self._said: set[str] = set()
        """The servers of which it was said that they failed, and that were not ready since."""
        self._said_of_faults: set[str] = set()
        self._said_of_changes: set[str] = set()
        """Those of which it was said that tools of them changed, until somebody has looked."""

    @property
    def offered(self) -> tuple[Tool, ...]:
        """The tools of the servers that are ready, by the names that the model knows."""
        return tuple(
            named
            for server in self._servers.values()
            if server.state is State.READY
            for own_name in server.offer.all
            if (tool := server.offer.get(own_name)) is not None and (named := self._named(server, tool)) is not None
        )

    def get(self, name: str) -> Tool | None:
        """The tool of this name, also where its server does not run now."""
        for server in self._servers.values():
            for own_name in server.offer.all:
                tool = server.offer.get(own_name)
                if tool is not None and self._names.name_of(server.spec.name, own_name) == name:
                    return self._named(server, tool)
        return None

    def _named(self, server: Server, tool: Tool) -> Tool | None:
        """The tool with the name that the model knows; None where it cannot have any."""
        if not (name := self._names.name_of(server.spec.name, tool.name)):
            return None
        known, named = self._made.get((server.spec.name, tool.name), (None, tool))
        if known is not tool or named.name != name:
            named = msgspec.structs.replace(tool, definition=msgspec.structs.replace(tool.definition, name=name))
            self._made[server.spec.name, tool.name] = tool, named
        return named

    @property
    def is_waiting(self) -> bool:
        """A server may be started, or is being started and nobody waited for it."""
        return any(
            server.may_start or (server.state is State.STARTING and not server.was_waited_for)
            for server in self._servers.values()
        )

    async def prepare(self, within_s: float | None = None) -> None:
        """Start what does not run, all at once, and wait for it; see `ToolServers`."""
        for server in self._servers.values():
            if server.may_start:
                server.start()
        starting = [
            server
            for server in self._servers.values()
            if server.state is State.STARTING and (within_s is not None or not server.was_waited_for)
        ]
        if starting:
            waiting = [asyncio.ensure_future(server.settled()) for server in starting]
            try:
                await asyncio.wait(waiting, timeout=WAIT_S if within_s is None else within_s)
            finally:
                for each in waiting:
                    each.cancel()
            for server in starting:
                server.was_waited_for = server.was_waited_for or within_s is None
        late = [server.spec.name for server in starting if server.state is State.STARTING]
        if late and within_s is None:
            self._say(f"Not ready yet: {', '.join(late)}. This is asked without their tools.", _LATER)

    def take_unsaid(self) -> tuple[Failure, ...]:
        """What was not told yet: failures, each once until the server is ready again, and what changed."""
        for name, problem in self.problems.items():
            if name not in self._said:
                self._said.add(name)
                self._say(f"The tool server {name}: {problem.rstrip('.')}.", _DOWN)
        unsaid, self._unsaid = tuple(self._unsaid), []
        return unsaid

    def _say(self, message: str, advice: str, code: str = TOOL_SERVER) -> None:
        failure = Failure(ErrorKind.SETTINGS, message, advice, code=code)
        if failure not in self._unsaid:
            self._unsaid.append(failure)

    def _told(self, server: Server) -> None:
        """Take the names of what a server told, and say what was left out of it or changed, once."""
        name = server.spec.name
        self._said.discard(name)
        for own_name, tool in server.offer.all.items():
            if tool.is_enabled:
                self._names.claim(name, own_name)
        if server.offer.left_out and name not in self._said_of_faults:
            self._said_of_faults.add(name)
            shown = "; ".join(server.offer.left_out[:_MOST_FAULTS])
            self._say(f"The tool server {name}: {shown}.", _AMISS)
        if server.offer.changed and name not in self._said_of_changes:
            self._said_of_changes.add(name)
            tools = ", ".join(sanitize_line(tool.name, 60) for tool, _ in server.offer.changed[:_MOST_FAULTS])
            self._say(f"The tool server {name} has changed what it says of its tools: {tools}.", _LOOK, TOOL_CHANGED)

    @property
    def listed(self) -> tuple[ServerTool, ...]:
        """All tools of the servers that told what they have, those too that are not offered."""
        found: list[ServerTool] = []
        for server in self._servers.values():
            for own_name, tool in server.offer.all.items():
                is_on = server.offer.get(own_name) is not None
                named = self._named(server, tool) or tool
                found.append(ServerTool(msgspec.structs.replace(named, is_enabled=is_on), server.spec.name))
        return tuple(found)

    @property
    def problems(self) -> dict[str, str]:
        """Why a server's tools cannot be had now, by its name."""
        return {name: server.problem for name, server in self._servers.items() if server.state is State.BROKEN}

    @property
    def starting(self) -> tuple[str, ...]:
        """Names of the servers that are being started."""
        return tuple(name for name, server in self._servers.items() if server.state is State.STARTING)

    @property
    def changed(self) -> tuple[ChangedTool, ...]:
        """The tools that are off until somebody has looked at them."""
        return tuple(
            ChangedTool(name, self._named(server, tool) or tool, before)
            for name, server in self._servers.items()
            for tool, before in server.offer.changed
        )

    def accept(self, changed: ChangedTool) -> bool:
        """Let a tool that was looked at be called from now on; False where it has changed again since."""
        server = self._servers.get(changed.server)
        self._said_of_changes.discard(changed.server)
        return server is not None and server.offer.accept(changed.tool)

    @property
    def views(self) -> tuple[ServerView, ...]:
        """How each server stands."""
        return tuple(
            ServerView(name, server.spec.words, server.words, server.log.kept) for name, server in self._servers.items()
        )

    async def restart(self, name: str) -> None:
        """Start a server anew, whatever it does; see `ToolServers`."""
        if (server := self._servers.get(name)) is not None:
            await server.restart()

    async def call(
        self, work: ServerWork, timeout_s: float, limit_bytes: int, output: Callable[[str], None]
    ) -> ToolOutcome:
        """Call a tool; see `ToolServers`."""
        if (server := self._servers.get(work.server)) is None:
            return ToolOutcome(f"There is no tool server {work.server}.", is_error=True, ending="not called")
        return await server.call(work, timeout_s, limit_bytes, output)

    async def close(self) -> None:
        """End all servers, with everything that they have started."""
        await asyncio.gather(*(server.end() for server in self._servers.values()))
