"""What a front end is handed: the ports, and the facts that it shows about them.

Built by `wiring`, which alone knows the implementations. A front end never imports the client, the store or a dialect.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec

from tui_chat.chat.budgets import Budgets
from tui_chat.chat.ports import CatalogSource, Completer, Store
from tui_chat.chat.titles import Titles
from tui_chat.chat.tool_ports import NoServers, ToolServers
from tui_chat.chat.turn import ToolUse
from tui_chat.chat.unsaved import Unsaved
from tui_chat.core.redact import Secrets, used_secrets
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.core.switched_off import SwitchedOff
from tui_chat.settings.base_url import shown_base_url
from tui_chat.settings.theme_files import AUTO, Themes


class Clock(Protocol):
    """The time, so that nothing below `wiring` has to look at a clock of its own."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump."""
        ...


class Gateway(msgspec.Struct, frozen=True):
    """Where answers come from, for display."""

    base_url: str
    is_demo: bool
    """The embedded gateway: nothing leaves this machine."""
    has_key: bool
    name: str = ""
    """As the settings name it; empty where they do not."""

    @property
    def stored_url(self) -> str:
        """The base URL as conversations keep it: without a query, which may hold a key."""
        return shown_base_url(self.base_url)


class Services(msgspec.Struct, frozen=True):
    """Everything that a session and a front end need of the world."""

    gateway: Gateway
    completer: Completer
    catalog: CatalogSource
    store: Store
    clock: Clock
    new_id: Callable[[], str]
    """A new id for a conversation or a node: unique, short to type the beginning of, safe in a file name."""
    default_model: str
    """The model of a new conversation; empty where none was set and the gateway has no obvious one."""
    default_system: str = ""
    tools: tuple[ToolDefinition, ...] = ()
    """What the tools file itself defines of what is offered; with what tool servers have: `offered`."""
    tools_off: SwitchedOff = msgspec.field(default_factory=SwitchedOff)
    """The tools that are switched off where these services are used."""
    own_tools: Callable[[], tuple[ToolDefinition, ...]] = tuple
    """The tools that the gateway itself calls where none is offered: the demo's."""
    servers: ToolServers = msgspec.field(default_factory=NoServers)
    tool_use: ToolUse = msgspec.field(default_factory=ToolUse)
    sampling: Sampling = msgspec.field(default_factory=Sampling)
    fallbacks: tuple[str, ...] = ()
    budgets: Budgets = msgspec.field(default_factory=Budgets)
    """The budgets that hold, and what is used of them."""
    unsaved: Unsaved = msgspec.field(default_factory=Unsaved)
    """What could not be saved so far."""
    titles: Titles = msgspec.field(default_factory=Titles)
    """The titles that are asked for in the background."""
    summary_model: str = ""
    """The model that makes summaries; empty for the one in use."""
    themes: Themes = msgspec.field(default_factory=Themes)
    theme: str = AUTO
    """The theme that the settings name, for documents; what the screen wears is the screen's."""
    redact: tuple[str, ...] = ()
    """Regular expressions of what shall be hidden where that is asked for."""
    secrets: Callable[[], Secrets] = used_secrets
    """Every secret that is known to the program."""
    warm_up: Callable[[], object] = lambda: None
    """Imports what the first question would wait for; may be called on a thread."""
    new_completer: Callable[[], Completer] | None = None
    """Makes a completer with connections of its own, for another event loop; None where `completer` serves any."""

    @property
    def offered(self) -> tuple[ToolDefinition, ...]:
        """The tools that the model is offered now."""
        off = self.tools_off
        own = (tool for tool in self.tools if not off.has(tool.name, tool.name))
        found = (tool for tool in self.servers.offered if not off.has(tool.name, tool.lasting_name))
        return (*own, *(tool.definition for tool in found))

    @property
    def definitions(self) -> tuple[ToolDefinition, ...]:
        """What calls are held against: the tools that are offered, else those that the gateway has itself."""
        return self.offered or self.own_tools()

    @property
    def missing_tools(self) -> tuple[str, ...]:
        """What a preset names as tools, and is none; empty as long as a tool server may still tell of it."""
        servers = self.servers
        if not self.tools_off.only or servers.is_waiting or servers.starting:
            return ()
        told = (*servers.offered, *(each.tool for each in servers.listed))
        names = {name for tool in told for name in (tool.name, tool.lasting_name)}
        return self.tools_off.missing(names.union(tool.name for tool in self.tools))

    async def close(self) -> None:
        """Finish what is being saved, end the tool servers, and let go of the file and of every connection."""
        servers = asyncio.ensure_future(self.servers.close())
        try:
            await self.titles.stop()
            await self.completer.close()
            await self.store.close()
        finally:
            await servers
