"""No sequence of deeds, calls and races runs what was not allowed, or leaves what no gateway takes. A model of what is
allowed follows a random person, and says for each run whether it may be."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

import pytest
from msgspec.structs import replace

from tests.fakes import MemoryKeeper, ScriptedCompleter, Step, make_services, opening
from tests.gateways import rules
from tests.workspace.test_deciding import tool
from tui_chat.chat.policy import Breadth, Permission, values_of
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import ToolFinished, ToolStarted
from tui_chat.chat.tool_plans import CommandWork, Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.turn import ToolUse
from tui_chat.core.parts import ToolResult
from tui_chat.core.request import Request
from tui_chat.core.stream_events import Outcome, Stopped, StreamEvent, TextDelta, ToolCallDelta
from tui_chat.core.tree import Node
from tui_chat.providers.openai_request import request_body
from tui_chat.workspace import again as taking
from tui_chat.workspace import deciding
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.deciding import Deny, Run, RunAlways, SendBack
from tui_chat.workspace.events import ConversationEvent
from tui_chat.workspace.refusal import CommandRefused

NAMES = (*("list",) * 5, *("remove",) * 5, "unknown", "")
GOOD = ('{"path": "/a"}', '{"path": "/b"}', '{"path":"/a"}')
TEXTS = (
    *GOOD,
    *GOOD,
    '{"path": "/a"}',
    '{"path": "/b"}',
    '{"path":"/a"}',
    '{"path": 5}',
    "{",
    "{}",
    "[]",
    '{"path": "-rf\\u0000"}',
    "",
)
IDS = ("one", "one", "two", "")
ENDS = (*(Outcome.COMPLETE,) * 8, Outcome.TRUNCATED, Outcome.ERROR, Outcome.CANCELLED)
REASONS = ("tool_calls", "stop", "length", "content_filter")


SENDABLE = (
    rules.begins_with_a_question,
    rules.roles_alternate,
    rules.ends_with_a_question,
    rules.every_call_has_its_result,
    rules.calls_follow_a_question_or_a_result,
    rules.no_blank_words,
    rules.no_blank_results,
    rules.ids_differ,
    rules.names_are_plain,
    rules.arguments_are_objects,
)
"""What every request keeps to, whatever has happened."""


class AnyAnswers(ScriptedCompleter):
    """Answers with random calls, whole and broken ones."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance

    def next_script(self) -> list[Step]:
        chance = self._chance
        calls = [
            ToolCallDelta(at, chance.choice(IDS), chance.choice(NAMES), chance.choice(TEXTS))
            for at in range(chance.choice((0, 1, 1, 2, 3)))
        ]
        end = chance.choice(ENDS)
        reason = chance.choice(REASONS) if chance.random() < 0.15 else "tool_calls" if calls else "stop"
        return [*opening(), TextDelta("x"), *calls, Stopped(end, reason)]

    def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        asked = rules.Asked(json.loads(request_body(request).json))
        for check in SENDABLE:
            assert check(asked) is None, (check.__name__, asked.body)
        self.scripts = [self.next_script()]
        return super().stream(request)


class Watched:
    """Runs nothing, and holds each run against what the person has allowed so far."""

    def __init__(self, chance: random.Random) -> None:
        self.once: Counter[tuple[str, tuple[str, ...]]] = Counter()
        """Words that were approved to be run once for a call, by its name."""
        self.always: set[Permission] = set()
        self.runs = self.running = self.most_at_once = 0
        self.beside = 0
        """Runs of calls that were taken again."""
        self._chance = chance

    def may_run(self, plan: ToolPlan) -> bool:
        assert isinstance(plan.work, CommandWork)
        if any(allowed.covers(plan.call, plan.tool_hash if allowed.breadth.is_kept else "") for allowed in self.always):
            return True
        self.once[plan.call.name, plan.work.argv] -= 1
        return self.once[plan.call.name, plan.work.argv] >= 0

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        assert self.may_run(plan), f"{plan.words} was run and not allowed"
        self.runs += 1
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            for _ in range(self._chance.randrange(4)):
                output("more")
                await asyncio.sleep(0)
        finally:
            self.running -= 1
        return ToolOutcome("done", is_error=self._chance.random() < 0.2)


class Person:
    """Does anything at any time."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = random.Random(seed)
        self.runner = Watched(chance)
        toolbox = Toolbox(map(tool, ("list", "remove")))
        use = ToolUse(self.runner, max_rounds=chance.choice((0, 1, 3)), toolbox=toolbox, keeper=MemoryKeeper())
        services = replace(make_services(AnyAnswers(chance)), tool_use=use)
        self.conversation = OpenConversation(Session.new(services))
        self.seen: list[ToolPlan] = []
        self.events: list[ConversationEvent] = []

    async def live(self, deeds: int) -> None:
        for _ in range(deeds):
            with suppress(CommandRefused, KeyError):
                deed = self.chance.choice((*(self.decide, self.follow, self.other) * 3, self.again))
                await deed()
        self.conversation.stop()
        await self.follow()
        self.check()

    async def follow(self) -> None:
        conversation = self.conversation
        stops_at = self.chance.choice((*(None,) * 7, 3, 9, 15))
        leaves_at = self.chance.choice((*(None,) * 7, 5, 12))
        iterator = conversation.follow()
        count = 0
        async for event in iterator:
            self.events.append(event)
            count += 1
            if count == stops_at:
                conversation.stop()
                self.forget()
            if count == leaves_at:
                break
            if self.chance.random() < 0.1:
                with suppress(CommandRefused, KeyError):
                    await self.decide()
        await iterator.aclose()
        if count == leaves_at:
            self.forget()

    def forget(self) -> None:
        """What was approved and did not run is asked for again."""
        self.runner.once.clear()

    async def decide(self) -> None:
        chance, conversation = self.chance, self.conversation
        keys = [call.key for call in conversation.calls.calls]
        keys.append(("nowhere", 0))
        waiting = [call.key for call in conversation.calls.calls if call.state is CallState.WAITING]
        key = chance.choice(waiting if waiting and chance.random() < 0.8 else keys)
        edited = chance.choice((*(None,) * 20, *TEXTS))
        deed = chance.randrange(9)
        if deed == 0:
            await deciding.decide(conversation, key, Deny(chance.choice(("", "no"))))
            return
        if deed == 1:
            await deciding.decide(conversation, key, SendBack())
            return
        planned = deciding.plan_of(conversation, key, edited)
        if isinstance(planned, ToolPlan):
            self.seen.append(planned)
        plan = planned if isinstance(planned, ToolPlan) and deed < 8 else chance.choice([*self.seen, *self.made_up()])
        breadth = chance.choice((None, None, None, *Breadth))
        values = values_of(plan.call.arguments) or ()
        fields = values if breadth is not None and breadth.is_of_fields else ()
        named = tuple(name for name, _ in fields)
        await deciding.decide(conversation, key, Run(plan) if breadth is None else RunAlways(plan, breadth, named))
        # It was taken, so it is what the person saw for this call.
        assert isinstance(plan.work, CommandWork)
        if breadth is None:
            self.runner.once[plan.call.name, plan.work.argv] += 1
        else:
            exact = plan.call.arguments if breadth in (Breadth.EXACT, Breadth.KEPT_EXACT) else ""
            digest = plan.tool_hash if breadth.is_kept else ""
            self.runner.always.add(Permission(plan.call.name, breadth, exact, fields, digest))
            self.runner.once[plan.call.name, plan.work.argv] += 1

    async def again(self) -> None:
        """Take a call again, with a plan that was shown or with another, and maybe put its result in place."""
        chance, conversation = self.chance, self.conversation
        call = taking.picked(conversation, str(chance.randrange(1, 5)))
        planned = taking.plan(conversation, call, chance.choice(TEXTS))
        plan = planned if isinstance(planned, ToolPlan) else chance.choice([*self.seen, *self.made_up()])
        assert isinstance(plan.work, CommandWork)
        approved = (plan.call.name, plan.work.argv)
        if plan is planned or taking.plan(conversation, call, plan.call.arguments) == plan:
            self.runner.once[approved] += 1
            self.runner.beside += 1
        before = self.runner.runs
        try:
            done = await taking.run(conversation, call, plan)
        except CommandRefused:
            assert self.runner.runs == before
            return
        if chance.random() < 0.5:
            await taking.put(conversation, done)

    def made_up(self) -> list[ToolPlan]:
        """Plans that no toolbox made."""
        calls = [call for node in self.conversation.session.path for call in node.message.tool_calls]
        return [ToolPlan(call, CommandWork(("evil",), "{}", "", ()), 1.0, 1024) for call in calls[:2]] or self.seen[:1]

    async def other(self) -> None:
        chance, conversation = self.chance, self.conversation
        session = conversation.session
        match chance.randrange(8):
            case 0 | 1 | 2 if not session.pending_calls or chance.random() < 0.3:
                conversation.submit("go on")
            case 3 if not conversation.is_answering and session.path:
                conversation.retry()
                self.forget()
            case 4 if not conversation.is_answering and len(session.tree):
                await session.show(chance.choice([node.id for node in session.tree.nodes()]))
                conversation.calls.show(session.path, session.pending_calls)
            case 5 if session.pending_calls:
                await conversation.give_result(chance.choice(session.pending_calls).id, "by hand")
            case 6 if session.approvals.permissions.given:
                permission = chance.choice(session.approvals.permissions.given)
                session.approvals.permissions.take_back(permission)
                self.runner.always.discard(permission)
            case 6 if kept := session.tool_use.keeper.kept:
                await session.tool_use.keeper.forget([kept[0].permission])
                self.runner.always.discard(kept[0].permission)
            case 7:
                conversation.stop()
                self.forget()
            case _:
                pass

    def check(self) -> None:
        """Hold that all that ran had begun as an event, and that no call has two results in the end."""
        session = self.conversation.session
        started = [event for event in self.events if isinstance(event, ToolStarted)]
        assert self.runner.runs <= len(started) + self.runner.beside
        for node in session.tree.nodes():
            self.check_results(node)

    def check_results(self, node: Node) -> None:
        path = self.conversation.session.tree.path(node.id)
        results = [part for part in node.message.parts if isinstance(part, ToolResult)]
        for result in results:
            answer = next(above for above in reversed(path) if above.answer is not None)
            assert result.call_id in {call.id for call in answer.calls_to_act_on}


def lived(first: int, count: int) -> tuple[int, int, int]:
    """Let so many random people live, and tell how many calls were run, how many of them to their end, and how many at
    the same time."""
    ran = finished = most = 0

    async def live() -> None:
        nonlocal ran, finished, most
        for seed in range(first, first + count):
            person = Person(seed)
            await person.live(60)
            ran += person.runner.runs
            most = max(most, person.runner.most_at_once)
            assert person.runner.running == 0
            finished += sum(isinstance(event, ToolFinished) for event in person.events)

    asyncio.run(live())
    return ran, finished, most


def test_no_sequence_of_deeds_runs_what_was_not_allowed() -> None:
    ran, finished, most = lived(0, 60)
    assert ran > 20  # else nothing was tried
    assert finished > 10
    assert most > 1


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(4))
def test_no_sequence_of_very_many_deeds_runs_what_was_not_allowed(batch: int) -> None:
    ran, finished, _ = lived(1_000_000 * (batch + 1), 600)
    assert ran > 250
    assert finished > 200
