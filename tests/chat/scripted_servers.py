"""Tool servers that are ready when a test says so, for whoever shows them or waits for them."""

import asyncio

from tui_chat.chat.tool_ports import ChangedTool, NoServers, ServerView
from tui_chat.core.errors import Failure
from tui_chat.core.request import ToolDefinition
from tui_chat.core.tool import ServerRecipe, Tool

ECHO = Tool(ToolDefinition("echo", "Says it again.", {}, told_by="test"), ServerRecipe("test", "echo", "digest"))


class Servers(NoServers):
    """One server, `test`, that is ready once its gate opens."""

    def __init__(self, gate: asyncio.Event | None = None, tool: Tool = ECHO) -> None:
        self.gate = gate
        self.tool = tool
        self.prepared = 0
        self.closed = 0
        self.restarted: list[str] = []
        self.unsaid: list[Failure] = []
        self.accepted: list[ChangedTool] = []
        self.views = (ServerView("test", "npx test", "not started", ("a line \u241b[2J of it",)),)

    @property
    def is_waiting(self) -> bool:  # type: ignore[override]  # it changes
        return not self.prepared

    async def prepare(self, within_s: float | None = None) -> None:
        self.prepared += 1
        if self.gate is not None:
            await self.gate.wait()
        self.offered = (self.tool,)

    def get(self, name: str) -> Tool | None:
        return next((tool for tool in self.offered if tool.name == name), None)

    def change(self, description: str) -> None:
        """Have the server say something else of its tool."""
        told = ToolDefinition(self.tool.name, description, {}, told_by="test")
        self.offered, self.changed = (), (ChangedTool("test", Tool(told), self.tool),)

    def accept(self, changed: ChangedTool) -> bool:
        self.accepted.append(changed)
        self.offered, self.changed = (changed.tool,), ()
        return True

    async def restart(self, name: str) -> None:
        self.restarted.append(name)

    def take_unsaid(self) -> tuple[Failure, ...]:
        unsaid, self.unsaid = tuple(self.unsaid), []
        return unsaid

    async def close(self) -> None:
        self.closed += 1
