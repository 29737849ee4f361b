"""Scripted stand-ins for the ports: no network, no clock, no chance."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from itertools import count

from tests.memory_store import MemoryStore
from tui_chat.chat.kept_permissions import KeptPermission
from tui_chat.chat.policy import Permission
from tui_chat.chat.ports import Store
from tui_chat.chat.services import Gateway, Services
from tui_chat.chat.tool_plans import CommandWork, ToolPlan
from tui_chat.core.errors import Failure
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.parts import ToolCall
from tui_chat.core.request import Request, ToolDefinition
from tui_chat.core.stream_events import Connected, Started, Stopped, StreamEvent

Step = StreamEvent | asyncio.Event | Callable[[], object]
"""An event to say, a gate to wait at, or something to do on the way."""


class ScriptedCompleter:
    """Answers each request with the next script. Without a `Stopped` in it, a script waits for ever at its end."""

    def __init__(self, *scripts: Iterable[Step]) -> None:
        self.scripts = [list(script) for script in scripts]
        self.requests: list[Request] = []
        self.closed = 0
        """Streams that were closed before their end."""

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        self.requests.append(request)
        script = self.scripts.pop(0)
        ended = False
        try:
            for step in script:
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif callable(step):
                    step()
                else:
                    ended = isinstance(step, Stopped)
                    yield step
            if not ended:
                await asyncio.Event().wait()
        finally:
            self.closed += not ended

    async def close(self) -> None:
        """Nothing is kept."""


class FakeCatalog:
    """A catalogue that is simply there."""

    def __init__(self, *models: ModelInfo) -> None:
        self.catalog = Catalog(models, fetched_at=1.0)

    def known(self) -> Catalog:
        return self.catalog

    async def cached(self) -> Catalog:
        return self.catalog

    async def read(self, *, refresh: bool = False) -> Catalog:
        del refresh
        return self.catalog


class UnreadCatalog(FakeCatalog):
    """A list that nobody has read yet."""

    def __init__(self, *models: ModelInfo) -> None:
        super().__init__()
        self.catalog, self.there, self.reads = Catalog(), Catalog(models, fetched_at=1.0), 0

    async def read(self, *, refresh: bool = False) -> Catalog:
        self.catalog, self.reads = self.there, self.reads + 1
        return self.catalog


class FakeClock:
    """Every look at it takes a hundredth of a second."""

    def __init__(self, now: float = 1_750_000_000.0) -> None:
        self._now = now

    def now(self) -> float:
        self._now += 0.01
        return self._now

    def monotonic(self) -> float:
        return self.now()


def make_services(
    completer: ScriptedCompleter | None = None,
    *,
    store: Store | None = None,
    models: Iterable[ModelInfo] = (),
    tools: tuple[ToolDefinition, ...] = (),
    default_model: str = "test/model",
) -> Services:
    """Services over fakes; ids are n0001, n0002, …"""
    numbers = count(1)
    return Services(
        gateway=Gateway("http://gateway.invalid/ai", is_demo=False, has_key=True),
        completer=completer or ScriptedCompleter(),
        catalog=FakeCatalog(*models),
        store=store or MemoryStore(),
        clock=FakeClock(),
        new_id=lambda: f"n{next(numbers):04d}",
        default_model=default_model,
        tools=tools,
    )


def opening(model: str = "test/model") -> list[Step]:
    """How every good stream begins."""
    return [Connected(), Started("resp_1", model)]


class MemoryKeeper:
    """Keeps permissions in memory, for all who share it."""

    can_keep = True

    def __init__(self) -> None:
        self.kept: tuple[KeptPermission, ...] = ()

    async def read(self) -> Failure | None:
        return None

    async def keep(self, permission: Permission, source: str) -> None:
        self.kept = (*self.kept, KeptPermission(permission, 0.0, source))

    async def forget(self, permissions: Collection[Permission]) -> None:
        self.kept = tuple(each for each in self.kept if each.permission not in permissions)


class EveryTool:
    """A toolbox in which every call can run."""

    def plan(self, call: ToolCall) -> ToolPlan:
        return ToolPlan(call, CommandWork((call.name,), call.arguments, "", ()), 1.0, 1024)
