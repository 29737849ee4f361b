"""A stage for pictures: the whole program with canned answers, and what a person does on it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from textual.pilot import Pilot

from tests.fakes import ScriptedCompleter, Step, make_services
from tests.ui.support import chat_app, running, send, until
from tui_chat.core.models import ModelInfo
from tui_chat.core.request import ToolDefinition
from tui_chat.core.stream_events import Connected, Outcome, Started, Stopped, UsageReported
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.screen import ChatScreen

MODEL = "anthropic/claude-sonnet-4"


def model(id_: str, given: str, taken: str, context: int, *abilities: str) -> ModelInfo:
    """A model of the catalogue; prices in dollars a million tokens."""
    price = Price(Decimal(given) / 1_000_000, Decimal(taken) / 1_000_000)
    inputs = ("text", "image") if "pictures" in abilities else ("text",)
    parameters = tuple(name for name in ("tools", "reasoning") if name in abilities)
    return ModelInfo(id_, context_tokens=context, price=price, input_modalities=inputs, supported_parameters=parameters)


MODELS = (
    model(MODEL, "3", "15", 200_000, "pictures", "tools", "reasoning"),
    model("openai/gpt-4o-mini", "0.15", "0.6", 128_000, "pictures", "tools"),
    model("google/gemini-2.5-pro", "1.25", "10", 1_000_000, "pictures", "tools", "reasoning"),
    model("deepseek/deepseek-v3", "0.27", "1.1", 64_000, "tools"),
    model("meta/llama-3.3-70b-instruct-with-a-long-name", "0", "0", 128_000, "tools"),
    ModelInfo("acme/vision-1"),
)
TOOLS = (
    ToolDefinition(
        "get_weather",
        "The weather of a city.",
        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    ),
)


def turn(*steps: Step, answered: str = MODEL, reason: str = "stop", tokens: int = 816) -> list[Step]:
    """A whole answer with its figures."""
    counts = TokenCounts(1_204, tokens, 1_204 + tokens)
    usage = UsageReported(counts, Cost(Decimal("0.015852"), CostSource.GATEWAY), "{}")
    return [Connected(), Started("r", answered), *steps, usage, Stopped(Outcome.COMPLETE, reason)]


class Stage:
    """The program on a headless terminal."""

    def __init__(self, app: ChatApp, chat: ChatScreen, pilot: Pilot[None]) -> None:
        self.app = app
        self.chat = chat
        self.pilot = pilot

    async def say(self, text: str) -> None:
        """Send a message or a command, and wait until what it began is over, or waits for somebody."""
        await send(self.pilot, self.chat, text)
        await self.settle()
        await self.rest()

    async def begin(self, text: str) -> None:
        """Send a message whose answer goes on."""
        await send(self.pilot, self.chat, text)
        await until(self.pilot, lambda: self.chat.conversation.is_answering)
        await self.settle()

    async def write(self, text: str) -> None:
        """Write into the composer."""
        self.chat.composer.insert_text(text)
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)
        await self.settle()

    async def rest(self) -> None:
        """Wait until no answer is written."""
        await until(self.pilot, lambda: not self.chat.conversation.is_answering)
        await self.settle()

    async def settle(self) -> None:
        """Let everything be drawn."""
        for _ in range(8):
            await self.pilot.pause(0.01)
        await asyncio.sleep(0.05)
        await self.pilot.pause()

    def picture(self) -> str:
        """The screen as SVG, without the fonts that a browser would fetch from elsewhere."""
        svg = self.app.export_screenshot(title="tui-chat")
        return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


@asynccontextmanager
async def stage(
    folder: Path,
    *scripts: Iterable[Step],
    size: tuple[int, int] = (80, 24),
    theme: str = "dusk",
    settings: str = "",
    models: Iterable[ModelInfo] = MODELS,
    is_demo: bool = False,
) -> AsyncIterator[Stage]:
    """The program with these answers."""
    services = make_services(
        ScriptedCompleter(*scripts), models=tuple(models), default_model=MODEL, tools=TOOLS, is_demo=is_demo
    )
    given = f'theme = "{theme}"\ntimestamps = "off"\nmotion = "reduced"\n{settings}'
    app = chat_app(folder, services=services, settings=given)
    async with running(app, size) as (chat, pilot):
        yield Stage(app, chat, pilot)
