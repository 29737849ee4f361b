"""Whatever people do, what we say was spent is what the gateway billed, to the last digit."""

import asyncio
import csv
import io
import json
import os
import random
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from msgspec.structs import replace

from tests.fakes import FakeCatalog, FakeClock
from tests.gateways.billing import HANG, Billed, BillingGateway, ListPrice
from tui_chat.chat.ledger import LedgerKind, Spent, entry_id_of
from tui_chat.chat.services import Gateway, Services
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import ReplyGrew
from tui_chat.chat.titles import Titles
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.client.retry import RetryPolicy
from tui_chat.client.stream import HttpCompleter
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import PROGRAM_ENDED, StoreError
from tui_chat.core.figures import total_cost
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Role
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.tree import spending
from tui_chat.core.usage import Cost, CostSource, Price, Spending, TokenCounts, total_spending
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.settings.paths import find_paths
from tui_chat.store.sqlite import SqliteStore
from tui_chat.transcripts.importing import from_json
from tui_chat.transcripts.json import to_json
from tui_chat.transcripts.reading import EVERYTHING, head_facts
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.spending_report import csv_text
from tui_chat.workspace.usage_board import View, table_of
from tui_chat.workspace.usage_report import UsageReport

MODELS = tuple(
    ModelInfo(f"house/{name}", price=Price(Decimal(f"0.{'0' * zeros}31"), Decimal(f"0.{'0' * zeros}77")))
    for name, zeros in (("one", 5), ("two", 6), ("three", 4))
)
PRICES = {model.id: model.price for model in MODELS}
OF_BOARD = tuple(view for view in View if view is not View.CHAT)
WORDS = ("day", "month", "model", "conversation", "gateway", "kind")
DEEDS = (
    *("say",) * 6,
    *("cancel", "retry", "retry elsewhere", "edit", "fork", "new", "resume", "delete", "switch", "unsaved"),
)
FALLBACKS = ("house/two", "house/three")
QUICK = Limits(connect_s=5.0, headers_s=5.0, silence_s=20.0, usage_wait_s=0.2, retry=RetryPolicy(retries=1, first_s=0))


class Served(Protocol):
    """A gateway, in this process or in another one."""

    @property
    def base_url(self) -> str:
        """Where it is."""

    @property
    def seed(self) -> int:
        """What it draws from."""


@dataclass
class Program:
    """One program among those that share the store."""

    number: int
    gateway: Served
    database: Path
    fallbacks: tuple[str, ...] = ()
    models: tuple[ModelInfo, ...] = MODELS
    conversation: OpenConversation = field(init=False)

    def __post_init__(self) -> None:
        ids = count(1)
        http = HttpConnection(self.gateway.base_url, "sr_key", limits=QUICK, environ={})
        self.services = Services(
            gateway=Gateway(self.gateway.base_url, is_demo=False, has_key=True),
            completer=HttpCompleter(http, OpenAIChat(), now=lambda: 0.0, random=lambda: 0.0),
            catalog=FakeCatalog(*self.models),
            store=SqliteStore(self.database),
            clock=FakeClock(),
            new_id=lambda: f"p{self.number}n{next(ids):05d}",
            default_model="house/one",
            titles=Titles("house/three"),
            fallbacks=self.fallbacks,
        )
        self.chance = random.Random(f"{self.gateway.seed}/{self.number}")
        self.open(Session.new(self.services))

    def open(self, session: Session) -> None:
        """Go on in another conversation."""
        self.conversation = OpenConversation(session)

    async def live(self, turns: int) -> None:
        """Do so many things."""
        for _ in range(turns):
            await self.do(self.chance.choice(DEEDS))

    async def do(self, deed: str) -> None:
        """Do one thing."""
        session = self.conversation.session
        questions = [node for node in session.path if node.message.role is Role.USER]
        match deed:
            case "say":
                await self.say(f"question {self.chance.random()}")
            case "cancel":
                await self.say(f"{HANG} {self.chance.random()}")
            case "retry" | "retry elsewhere" if questions:
                model = self.chance.choice(MODELS).id if deed == "retry elsewhere" else ""
                self.conversation.retry(model)
                await self.follow()
            case "edit" if questions:
                self.conversation.edit(self.chance.choice(questions))
                await self.say(f"other {self.chance.random()}")
            case "fork" if session.path:
                self.open(await session.fork(self.chance.choice(session.path).id))
            case "new":
                self.open(Session.new(self.services, model=self.chance.choice(MODELS).id))
            case "resume":
                if listed := await self.services.store.list():
                    with suppress(StoreError):  # the other program deletes it just now
                        self.open(await Session.resume(self.services, self.chance.choice(listed).id))
            case "delete":
                if session.path:
                    await self.services.titles.settled()
                    with suppress(StoreError):  # the other program has deleted it
                        await self.services.store.delete(session.conversation.id)
                self.open(Session.new(self.services))
            case "switch":
                await self.conversation.set_model(self.chance.choice(MODELS).id)
            case "unsaved":
                before, self.conversation = (
                    self.conversation,
                    OpenConversation(Session.new(self.services, is_temporary=True, is_billed=True)),
                )
                await self.say("not kept")
                self.conversation = before
            case _:
                pass

    async def say(self, text: str) -> None:
        """Ask a question, and hang up where it is one that hangs."""
        self.conversation.submit(text)
        await self.follow()

    async def follow(self) -> None:
        """See the turn to its end."""
        path = self.conversation.session.path
        async for event in self.conversation.follow():
            if isinstance(event, ReplyGrew) and isinstance(event.event, TextDelta):
                path = self.conversation.session.path
                if any(HANG in node.message.text for node in path[-2:-1]):
                    self.conversation.stop()

    async def end(self) -> None:
        """Let what is on its way come."""
        await self.services.titles.settled()
        await self.services.close()


def expected(ledger: Iterable[Billed]) -> Spending:
    """What has to stand in the reports: what was told, the estimate where only tokens were, else unknown."""
    total = Spending()
    for billed in ledger:
        counts = TokenCounts(*billed.tokens) if billed.tokens else None
        cost = Cost(billed.told_usd, CostSource.GATEWAY) if billed.told_usd is not None else None
        if cost is None and counts is not None:
            price = PRICES[billed.model]
            assert price.prompt_usd is not None
            assert price.completion_usd is not None
            usd = (counts.prompt_tokens or 0) * price.prompt_usd + (
                counts.completion_tokens or 0
            ) * price.completion_usd
            cost = Cost(usd, CostSource.ESTIMATE)
        total = total.plus(counts, cost)
    return total


def summed(rows: Iterable[Spent]) -> Spending:
    """The sum of rows of the ledger's sums."""
    return reduce(Spending.and_also, (row.spending for row in rows), Spending())


async def lived(
    seed: int,
    turns: int,
    database: Path,
    models: tuple[ModelInfo, ...] = MODELS,
    prices: Mapping[str, ListPrice] | None = None,
    *,
    apart: bool = False,
) -> list[Billed]:
    """Let two programs live beside each other, `apart` in two processes; the gateway's ledger."""
    async with BillingGateway(seed, prices or {}) as gateway:
        programs = [Program(1, gateway, database, models=models)]
        other = None
        if apart:
            command = ("-m", "tests.gateways.other_program", gateway.base_url, f"{seed}", f"{database}", f"{turns}")
            other = await asyncio.create_subprocess_exec(sys.executable, *command)
        else:
            programs.append(Program(2, gateway, database, fallbacks=FALLBACKS, models=models))
        await asyncio.gather(*(program.live(turns) for program in programs))
        for program in programs:
            await program.end()
        assert other is None or await other.wait() == 0
        assert gateway.refused
        return gateway.ledger


async def reported(home: Path) -> dict[str, Any]:
    """What `tui-chat usage --json` says."""
    command = [sys.executable, "-m", "tui_chat", "usage", "--json", "--by", ",".join(WORDS)]
    environment = {**os.environ, "TUI_CHAT_HOME": str(home)}
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment)
    out, _ = await process.communicate()
    said: dict[str, Any] = json.loads(out)
    return said


def is_left(answer: AnswerInfo) -> bool:
    """Whether it is what one program had seen of an answer that the other then ended and deleted: whether that was
    billed, only the ledger knows."""
    return answer.cost is None and answer.failure is not None and answer.failure.code == PROGRAM_ENDED


async def agrees(seed: int, turns: int, home: Path, *, apart: bool = False) -> None:
    """Live, and compare every total with the gateway's own."""
    database = find_paths({"TUI_CHAT_HOME": str(home)}).database
    ledger = await lived(seed, turns, database, apart=apart)
    whole, store = expected(ledger), SqliteStore(database)
    rows = await store.spent()
    assert summed(rows) == whole
    for model in PRICES:
        mine = summed(row for row in rows if row.model == model)
        assert mine == expected(billed for billed in ledger if billed.model == model)
    for conversation_id in {row.conversation_id for row in rows}:
        entries = await store.ledger_of(conversation_id)
        mine = summed(row for row in rows if row.conversation_id == conversation_id)
        assert mine == total_spending((entry.counts, entry.cost) for entry in entries)
    billed = {entry.id: entry.cost for row in rows for entry in await store.ledger_of(row.conversation_id)}
    exported: dict[str, Cost | None] = {}
    for summary in await store.list():
        conversation, nodes = await store.load(summary.id)
        entries = await store.ledger_of(conversation.id)
        titles = total_spending((entry.counts, entry.cost) for entry in entries if entry.kind is LedgerKind.TITLE)
        halves = sum(node.is_being_written for node in nodes)
        # What the other program saw of an answer comes back with its copy, where this one deleted the whole.
        beside = titles.and_also(total_spending([(None, None)] * halves))
        assert summary.spending == spending(nodes).and_also(beside)
        head = head_facts(conversation, nodes, (), replace(EVERYTHING, beside=beside))
        assert not summary.spending.answers or total_cost(summary.spending, is_exact=True) == head[-1]
        for node in from_json(to_json(conversation, nodes).encode()).nodes:
            if node.answer is not None and node.answer.may_have_cost and not is_left(node.answer):
                exported[node.answer.entry_id or entry_id_of(conversation.id, node.id)] = node.answer.cost
    assert exported
    assert exported.items() <= billed.items()  # an answer has the same cost in every copy and in the ledger
    await store.close()
    for view in OF_BOARD:
        board = table_of(UsageReport(0.0, rows), view)
        assert reduce(Spending.and_also, (row.sum.spending for row in board.rows)) == board.total.spending == whole
    for word in WORDS:
        table = list(csv.DictReader(io.StringIO(csv_text(rows, [word]))))
        assert sum(Decimal(line["cost_usd"] or 0) for line in table) == whole.usd
        assert sum(int(line["answers"]) for line in table) == whole.answers
    said = await reported(home)
    assert Decimal(said["total"]["cost_usd"]) == whole.usd
    counts = (said["total"][name] for name in ("answers", "unknown_cost_answers", "estimated_answers"))
    assert tuple(counts) == (whole.answers, whole.unknown, whole.estimated)
    for word in WORDS:
        assert sum(Decimal(each["cost_usd"] or 0) for each in said[word]) == whole.usd
        assert sum(each["answers"] for each in said[word]) == whole.answers


async def test_two_programs_say_what_the_gateway_billed(tmp_path: Path) -> None:
    await agrees(7, 60, tmp_path)


@pytest.mark.slow
async def test_two_processes_say_what_the_gateway_billed(tmp_path: Path) -> None:
    await agrees(4, 300, tmp_path, apart=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_over_a_thousand_turns_two_programs_say_what_the_gateway_billed(tmp_path: Path, seed: int) -> None:
    await agrees(seed, 500, tmp_path)


LISTED = {
    "house/one": ListPrice(3, 15, 1, 4, 20, 1),
    "house/two": ListPrice(10, 50, 2, 13, 60, 0),
    "house/three": ListPrice(2, 8, 1, 3, 8, 5),
}
PRICED = tuple(
    ModelInfo(
        id_,
        price=Price(
            Decimal(each.prompt).scaleb(-6),
            Decimal(each.completion).scaleb(-6),
            Decimal(each.cached).scaleb(-6),
            Decimal(each.written).scaleb(-6),
            reasoning_usd=Decimal(each.reasoning).scaleb(-6),
            request_usd=Decimal(each.requests).scaleb(-3),
        ),
    )
    for id_, each in LISTED.items()
)


@pytest.mark.parametrize("turns", [20, pytest.param(500, marks=pytest.mark.slow)])
async def test_where_the_gateway_bills_by_its_list_the_estimates_of_all_turns_are_the_bill(
    tmp_path: Path, turns: int
) -> None:
    ledger = await lived(3, turns, tmp_path / "conversations.db", PRICED, LISTED)
    store = SqliteStore(tmp_path / "conversations.db")
    mine = summed(await store.spent())
    await store.close()
    told = [each for each in ledger if each.tokens]
    billed = sum((each.listed_usd for each in told), Decimal(0))
    assert (mine.estimated, mine.unknown) == (len(told), len(ledger) - len(told))
    assert abs(mine.usd - billed) < billed / 100
