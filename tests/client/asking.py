"""A completer as the program has it, but with short limits, no chance and no real waits before retries."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing

from tests.gateways.fault import FaultGateway
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.client.retry import RetryPolicy
from tui_chat.client.stream import HttpCompleter, Sleep
from tui_chat.core.parts import user_message
from tui_chat.core.reply import Reply, fold
from tui_chat.core.request import Request, Sampling, ToolDefinition
from tui_chat.core.stream_events import RetryScheduled, StreamEvent
from tui_chat.providers.learned import Learned
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.workspace.advice import Audience, advise

KEY = "sr_secret_key_0123456789"
NOW = 1_700_000_000.0
QUICK = Limits(connect_s=2.0, headers_s=2.0, silence_s=2.0, usage_wait_s=0.1, retry=RetryPolicy())
QUESTION = Request("some/model", (user_message("hi"),))
WITH_OPTIONS = Request(
    "some/model",
    (user_message("hi"),),
    tools=(ToolDefinition("f", "", {"type": "object"}),),
    parallel_tool_calls=True,
    sampling=Sampling(temperature=0.5, max_tokens=9),
)


class Asker:
    """Asks one gateway and remembers how long it would have slept."""

    def __init__(
        self,
        base_url: str,
        limits: Limits = QUICK,
        key: str = KEY,
        *,
        sleep: Sleep | None = None,
        environ: Mapping[str, str] | None = None,
        learned: Learned | None = None,
    ) -> None:
        self.connection = HttpConnection(base_url, key, limits=limits, environ=environ or {})
        self.slept_s: list[float] = []
        self.completer = HttpCompleter(
            self.connection,
            OpenAIChat(),
            now=lambda: NOW,
            random=lambda: 0.0,
            sleep=sleep or self._sleep,
            learned=learned,
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        await asyncio.sleep(0)

    async def ask(self, request: Request = QUESTION) -> list[StreamEvent]:
        """All events of one answer."""
        async with aclosing(self.completer.stream(request)) as events:
            return [event async for event in events]

    async def __aenter__(self) -> "Asker":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()


async def ask(gateway: FaultGateway, limits: Limits = QUICK) -> Reply:
    """The reply of one question."""
    async with Asker(gateway.base_url, limits) as asker:
        return fold(await asker.ask())


def words(reply: Reply) -> str:
    """What the person is told in the chat."""
    assert reply.failure is not None
    return f"{reply.failure.message} {advise(reply.failure, Audience.CHAT)}"


def retries(events: Sequence[StreamEvent]) -> list[RetryScheduled]:
    """The retries among events."""
    return [event for event in events if isinstance(event, RetryScheduled)]
