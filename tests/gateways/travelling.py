"""A conversation that goes from gateway to gateway, by everything that a person can do to it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle

from msgspec.structs import replace

from tests.fakes import FakeCatalog, FakeClock
from tests.gateways.houses import HOUSES, House
from tests.gateways.simulated import Plan, Simulated
from tests.memory_store import MemoryStore
from tui_chat.chat.ports import Store
from tui_chat.chat.services import Gateway, Services
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerEnded
from tui_chat.client.http import HttpConnection
from tui_chat.client.stream import HttpCompleter
from tui_chat.core.parts import Image, Media, Role, user_message
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.core.tree import Node
from tui_chat.providers.learned import Learned
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.state import State
from tui_chat.workspace.verbs import last_question

DEEDS = (
    *(
        "say",
        "say",
        "say",
        "say",
        "say two",
        "show a picture",
        "give a document",
        "edit",
        "retry",
        "retry elsewhere",
        "go on",
    ),
    *("answer calls", "answer calls", "answer calls", "answer a call", "leave calls"),
    *("other model", "other gateway", "other gateway", "connect again", "other branch", "reopen"),
    *("system prompt", "tools"),
)
PICTURE = Image("data:image/png;base64,iVBORw0KGgo=", "chart.png")
GIVEN = (
    Media("file", "data:application/pdf;base64,JVBERi0xLjc=", "paper.pdf", "application/pdf"),
    Media("audio", "data:audio/wav;base64,UklGRgAAAABXQVZF", "talk.wav", "audio/wav"),
)
RESULTS = ("noon", "", " \n", "It failed.")
SYSTEMS = ("Be brief.", "", "  ")
TOOL = ToolDefinition("clock.tell_time", "", {"type": "object", "properties": {"n": {"type": "integer"}}})
NOT_STUCK = frozenset({503, None})
"""Statuses of failures that pass by themselves."""


async def no_sleep(seconds: float) -> None:
    """Wait for nothing."""


@dataclass
class Traveller:
    """Somebody who talks to one model after the other about the same things."""

    plans: Iterator[Plan]
    sampling: Sampling
    store: Store = field(default_factory=MemoryStore)
    stuck: list[str] = field(default_factory=list)
    """Answers that a gateway refused for good."""
    turns: int = 0

    def __post_init__(self) -> None:
        numbers = count(1)
        self._ids = (f"n{number:05d}" for number in count(1))
        self._learned = {house.base_url: Learned() for house in HOUSES}
        self.gateways = {
            house.base_url: Simulated(house, self.plans, numbers, TOOL.name.replace(".", "_"), self._stop)
            for house in HOUSES
        }
        self._house = HOUSES[0]
        self._tools: tuple[ToolDefinition, ...] = (TOOL,)
        self._clock = FakeClock()
        self.conversation = OpenConversation(Session.new(self._services(self._house)))

    def _stop(self) -> None:
        self.conversation.stop()

    def _services(self, house: House) -> Services:
        connection = HttpConnection(house.base_url, transport=self.gateways[house.base_url].transport(), environ={})
        completer = HttpCompleter(
            connection,
            OpenAIChat(),
            now=self._clock.now,
            random=random.random,
            sleep=no_sleep,
            learned=self._learned[house.base_url],
        )
        return Services(
            gateway=Gateway(house.base_url, is_demo=False, has_key=False),
            completer=completer,
            catalog=FakeCatalog(),
            store=self.store,
            clock=self._clock,
            new_id=lambda: next(self._ids),
            default_model=next(iter(house.models)),
            tools=self._tools,
            sampling=self.sampling,
        )

    # What is done

    async def do(self, deed: str, number: int) -> None:
        """Do one thing, and follow until a person is needed; what cannot be done now is left."""
        conversation = self.conversation
        session = conversation.session
        match deed:
            case "say" | "say two":
                for _ in range(1 + (deed == "say two")):
                    self._say()
            case "show a picture":
                conversation.ask(user_message(f"What is this ({self.turns})?", (PICTURE,)))
            case "give a document":
                conversation.ask(user_message(f"What is said there ({self.turns})?", GIVEN[: 1 + number % 2]))
            case "edit" if self._questions():
                conversation.edit(last_question(conversation))
                self._say()
            case "retry" if self._questions():
                conversation.retry()
            case "retry elsewhere" if self._questions():
                conversation.retry(self._a_model(number))
            case "go on" if session.path:
                conversation.go_on()
            case "answer calls":
                for call in session.pending_calls:
                    await self._give(call.id, number)
            case "answer a call" if session.pending_calls:
                await self._give(session.pending_calls[0].id, number)
            case "other model":
                await conversation.set_model(self._a_model(number))
            case "other gateway":
                self._house = HOUSES[number % len(HOUSES)]
                await conversation.use(self._services(self._house))
                await conversation.set_model(self._a_model(number // len(HOUSES)))
            case "connect again":
                model = session.conversation.model
                await conversation.use(self._services(self._house))
                await conversation.set_model(model)
            case "other branch" if len(session.tree):
                nodes = session.tree.nodes()
                await session.show(nodes[number % len(nodes)].id)
            case "reopen" if len(session.tree):
                self.conversation = OpenConversation(await Session.resume(session.services, session.conversation.id))
            case "system prompt":
                await session.set_system(SYSTEMS[number % len(SYSTEMS)])
            case "tools":
                self._tools = () if self._tools else (TOOL,)
                session.use(replace(session.services, tools=self._tools))
        await self._follow()

    def _say(self) -> None:
        self.conversation.submit(f"Question {self.turns}, is it so?")

    def _a_model(self, number: int) -> str:
        models = list(self._house.models)
        return models[number % len(models)]

    async def _give(self, call_id: str, number: int) -> None:
        await self.conversation.give_result(call_id, RESULTS[number % 4], is_error=number % 4 == 3)

    def _questions(self) -> list[Node]:
        return [node for node in self.conversation.session.path if node.message.role is Role.USER]

    async def _follow(self) -> None:
        async for event in self.conversation.follow():
            if not isinstance(event, AnswerEnded):
                continue
            self.turns += 1
            info = event.answer.answer
            failure = info.failure if info is not None else None
            if failure is not None and failure.status not in NOT_STUCK:
                self.stuck.append(f"{self.conversation.session.conversation.model}: {failure.message}")
        assert self.conversation.state in (State.IDLE, State.WAITING)

    async def close(self) -> None:
        """Let go of the last connection."""
        await self.conversation.services.completer.close()

    # What holds

    def check(self) -> None:
        """Hold that nobody refused for good, that nobody had to say anything twice, and that nothing was lost."""
        assert not self.stuck, self.stuck
        for gateway in self.gateways.values():
            assert not gateway.lost, gateway.lost
            for (model, rule), times in gateway.refused.items():
                assert times <= (rule in gateway.house.models[model].learned), f"{model} refused {times} times: {rule}"


def plans_of(plans: list[Plan]) -> Iterator[Plan]:
    """These plans over and over."""
    return cycle(plans or [Plan()])
