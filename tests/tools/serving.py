"""Tool servers over the program in `mcp_server.py`, and calls of what they have."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tui_chat.chat.tool_plans import Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.errors import SettingsError
from tui_chat.core.parts import ToolCall
from tui_chat.core.tool import ServerValue, Tool, ToolServer
from tui_chat.tools.servers.servers import Servers

PROGRAM = str(Path(__file__).with_name("mcp_server.py"))
USUAL = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere"}
LONG_S = 60.0
"""Nothing here takes so long."""


def server(
    name: str,
    kind: str = "plain",
    *,
    env: tuple[tuple[str, ServerValue], ...] = (),
    tools: tuple[str, ...] | None = None,
    enabled: bool = True,
) -> ToolServer:
    """One that runs the program for tests."""
    command = (sys.executable, "-I", PROGRAM, kind)
    return ToolServer(name, command, env=env, tools=tools, is_enabled=enabled, source="tools.toml")


async def no_command(argv: Sequence[str]) -> str:
    raise SettingsError(f"the command {argv[0]} failed", "Look at it.")


async def no_way(url: str) -> tuple[None, None]:
    return None, None


class Serving:
    """Servers, and what a person does with them."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.toolbox = Toolbox((), servers)
        self.shown = ""
        """What the last call wrote as it came."""

    def plan(self, name: str, arguments: str = "{}") -> ToolPlan:
        """What a call would do."""
        planned = self.toolbox.plan(ToolCall("c1", name, arguments))
        assert isinstance(planned, ToolPlan), planned
        return planned

    async def run(self, plan: ToolPlan, timeout_s: float = LONG_S, limit_bytes: int = 65_536) -> ToolOutcome:
        """Run what was planned."""
        written: list[str] = []
        try:
            return await self.servers.call(plan.work, timeout_s, limit_bytes, written.append)  # type: ignore[arg-type]  # it is a server's
        finally:
            self.shown = "".join(written)

    async def call(self, name: str, arguments: str = "{}", **limits: float) -> ToolOutcome:
        """Plan a call and run it."""
        return await self.run(self.plan(name, arguments), **limits)  # type: ignore[arg-type]  # numbers all

    @property
    def names(self) -> list[str]:
        """What the model is offered."""
        return [tool.name for tool in self.servers.offered]

    @property
    def said(self) -> list[str]:
        """What is to be told and was not."""
        return [failure.message for failure in self.servers.take_unsaid()]


@asynccontextmanager
async def serving(
    *specs: ToolServer,
    own: tuple[Tool, ...] = (),
    environ: Mapping[str, str] = USUAL,
    printed: Callable[[Sequence[str]], Awaitable[str]] = no_command,
    now: Callable[[], float] = lambda: 0.0,
    prepares: bool = True,
) -> AsyncIterator[Serving]:
    """Servers that are told to start, and ended."""
    servers = Servers(specs, own, environ, printed=printed, way=no_way, monotonic=now)
    try:
        if prepares:
            await servers.prepare(within_s=LONG_S)
        yield Serving(servers)
    finally:
        await servers.close()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that is bound to come."""
    async with asyncio.timeout(LONG_S):
        while True:
            if is_so():
                return
            await asyncio.sleep(0)
