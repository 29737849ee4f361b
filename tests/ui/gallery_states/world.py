"""What a state of the gallery stands on: a still clock, the real store, and a scripted or embedded gateway."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx

from tests.fakes import FakeCatalog, ScriptedCompleter, Step
from tests.ui.gallery_states.spent import spent_before
from tests.ui.gallery_states.words import (
    ARCHIVED_ID,
    MINUTE_S,
    MODELS,
    NOW,
    RECENT_LABELS,
    TOOLS,
    recent_conversations,
)
from tests.workspace.test_deciding import Runner
from tui_chat.chat.budgets import Budgets
from tui_chat.chat.ports import CatalogSource, Completer, Store
from tui_chat.chat.services import Gateway, Services
from tui_chat.chat.tool_plans import Toolbox
from tui_chat.chat.turn import ToolUse
from tui_chat.client.catalog import HttpCatalog
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.client.retry import RetryPolicy
from tui_chat.client.stream import HttpCompleter
from tui_chat.core.budget import Budget
from tui_chat.core.models import Catalog
from tui_chat.core.request import ToolDefinition
from tui_chat.core.tool import CommandRecipe, Tool
from tui_chat.demo import DEMO_BASE_URL, DEMO_DEFAULT_MODEL, DEMO_KEY
from tui_chat.demo.transport import DemoTransport
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.settings.model import DEFAULT_BASE_URL
from tui_chat.store.sqlite import SqliteStore

WITH_KEY = Gateway(DEFAULT_BASE_URL, is_demo=False, has_key=True)
DEMO = Gateway(DEMO_BASE_URL, is_demo=True, has_key=False)
DEFAULT_MODEL = "anthropic/claude-sonnet-4"


class StillClock:
    """A clock that moves only where a script says so."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._now

    def monotonic(self) -> float:
        """The same seconds."""
        return self._now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds


class ReadCatalog(FakeCatalog):
    """A catalogue that was read a while ago."""

    def __init__(self) -> None:
        super().__init__()
        self.catalog = Catalog(MODELS, fetched_at=NOW - 4 * MINUTE_S)

    async def read(self, *, refresh: bool = False) -> Catalog:
        """The same models, read just now where that is asked for."""
        if refresh:
            self.catalog = Catalog(MODELS, fetched_at=NOW)
        return self.catalog


Script = Callable[[StillClock], list[Step]]


def _scripted_transport(clock: StillClock) -> httpx.AsyncBaseTransport:
    return DemoTransport(speed=0, now=clock.now)


@dataclass(frozen=True)
class World:
    """Everything around the screen of one state."""

    scripts: tuple[Script, ...] = ()
    """Answers, in their order; without one, those of the embedded gateway's models."""
    gateway: Gateway = WITH_KEY
    transport: Callable[[StillClock], httpx.AsyncBaseTransport] = _scripted_transport
    """The way to the gateway where there are no scripts."""
    model: str = DEFAULT_MODEL
    catalog: Callable[[], CatalogSource] = ReadCatalog
    has_recent: bool = False
    """Conversations were saved before."""
    store: Callable[[Path], Store] = field(default=lambda folder: SqliteStore(folder / "conversations.db"))
    budget: Budget = field(default_factory=Budget)
    has_spent: bool = False
    """Answers were billed before."""
    settings: str = ""
    runs_tools: bool = False
    """A program runs each tool, where the person allows it."""
    at_each_size: bool = False
    """A resized screen is not what somebody with this size sees: the way to the state depends on it, or time counts."""


def demo_world(*, model: str = DEMO_DEFAULT_MODEL, gateway: Gateway = DEMO, has_recent: bool = False) -> World:
    """A world in which the embedded gateway's models answer; another `gateway` gives it another address to show."""
    return World(gateway=gateway, model=model, has_recent=has_recent)


async def build(world: World, folder: Path) -> Services:
    """The services of a world, its files in `folder`; ids are n0001, n0002, …"""
    clock, numbers = StillClock(), count(1)
    store = world.store(folder)
    if world.has_recent:
        for conversation, nodes in recent_conversations():
            await store.add(conversation, nodes)
        for conversation_id, labels in RECENT_LABELS.items():
            await store.set_labels(conversation_id, labels)
        await store.set_archived(ARCHIVED_ID, True)
    if world.has_spent:
        for entry in spent_before():
            await store.add_to_ledger(entry)
    completer: Completer
    catalog = world.catalog()
    if world.scripts:
        completer = ScriptedCompleter(*(script(clock) for script in world.scripts))
    else:
        http = HttpConnection(
            world.gateway.base_url,
            DEMO_KEY,
            limits=Limits(retry=RetryPolicy(retries=0)),
            transport=world.transport(clock),
            environ={},
        )
        completer = HttpCompleter(http, OpenAIChat(), now=clock.now, random=lambda: 0.5)
        catalog = HttpCatalog(http, None, now=clock.now) if world.gateway.is_demo else catalog
    return Services(
        gateway=world.gateway,
        completer=completer,
        catalog=catalog,
        store=store,
        clock=clock,
        new_id=lambda: f"n{next(numbers):04d}",
        default_model=world.model,
        tools=TOOLS,
        tool_use=ToolUse(Runner() if world.runs_tools else None, toolbox=Toolbox(map(_run_by_program, TOOLS))),
        budgets=Budgets(world.budget),
    )


def _run_by_program(definition: ToolDefinition) -> Tool:
    argv = ("curl", "--silent", "--max-time", "8", "https://weather.example/v1/forecast?city={city}")
    return Tool(definition, CommandRecipe(argv), timeout_s=10)
