"""Any answers, any policy, any limit: what every turn keeps to."""

import asyncio
from collections import Counter
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.chat.test_turn import Runner, SomeAlone, calling, results, saying
from tests.fakes import ScriptedCompleter, make_services
from tui_chat.chat.policy import Decision
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Phase,
    PhaseChanged,
    RoundLimitReached,
    SessionEvent,
    ToolAsked,
    ToolDecided,
    ToolFinished,
    ToolOutput,
    ToolStarted,
)
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.tool_runs import MOST_AT_ONCE
from tui_chat.chat.turn import ToolUse
from tui_chat.core.parts import ToolCall, user_message

TOOLS = ("time", "weather", "mood", "place", "news", "alone")


class Overlapping(Runner):
    """Takes its time, another one for each call, and holds what runs beside what."""

    def __init__(self, *, failing: str, turns: list[int]) -> None:
        super().__init__(failing=failing)
        self._turns = turns
        self._running: set[str] = set()
        self.most = 0

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        self._running.add(plan.call.id)
        self.most = max(self.most, len(self._running))
        assert len(self._running) <= MOST_AT_ONCE
        assert len(self._running) == 1 or not any("alone" in call_id for call_id in self._running)
        for _ in range(self._turns.pop(0) if self._turns else 0):
            output(plan.call.id)
            await asyncio.sleep(0)
        self._running.discard(plan.call.id)
        return await super().run(plan, output)


class RunsSome:
    """Decides anew about each call, and never twice about one."""

    def __init__(self, decisions: list[bool]) -> None:
        self._decisions = decisions
        self.asked: Counter[str] = Counter()

    def decide(self, call: ToolCall) -> Decision:
        self.asked[call.id] += 1
        runs = self._decisions.pop(0) if self._decisions else True
        return Decision.RUN if runs else Decision.ASK


answers = st.lists(st.lists(st.sampled_from(TOOLS), max_size=6, unique=True), max_size=6)


@given(
    answers,
    st.lists(st.booleans(), max_size=12),
    st.lists(st.integers(0, 5), max_size=12),
    st.integers(0, 4),
    st.integers(0, 60),
)
def test_any_turn(
    answers: list[list[str]], decisions: list[bool], turns: list[int], max_rounds: int, stop_at: int
) -> None:
    """An answer is a list of the tools that it calls; `turns` is how long each call takes; the turn is stopped at an
    event, where there are as many."""
    asyncio.run(take(answers, decisions, turns, max_rounds, stop_at))


async def take(
    answers: list[list[str]], decisions: list[bool], turns: list[int], max_rounds: int, stop_at: int
) -> None:
    scripts = [calling(*(f"{name}_{number}" for name in names)) for number, names in enumerate(answers) if names]
    policy, runner = RunsSome(decisions), Overlapping(failing="mood_1", turns=turns)
    services = replace(
        make_services(ScriptedCompleter(*scripts, saying("Done."))),
        tool_use=ToolUse(runner, policy, max_rounds, SomeAlone(*(f"alone_{number}" for number in range(6)))),
    )
    session = Session.new(services)
    events: list[SessionEvent] = []
    async for event in session.send(user_message("hello")):
        events.append(event)
        if len(events) == stop_at:
            session.stop()
    check_rounds(events, max_rounds)
    check_calls(session, events, policy, runner)
    is_stopped = len(events) >= stop_at > 0
    if not is_stopped and not session.pending_calls:
        assert session.path[-1].message.text == "Done."
    assert session.phase is (Phase.CALLING if session.pending_calls else Phase.READY)
    assert [event for event in events if isinstance(event, PhaseChanged)][-1].phase is session.phase


def check_rounds(events: list[SessionEvent], max_rounds: int) -> None:
    """Hold that nobody answers more often than the limit allows, and each answer that begins ends."""
    begun = [event.answer.id for event in events if isinstance(event, AnswerStarted)]
    assert begun == [event.answer.id for event in events if isinstance(event, AnswerEnded)]
    assert 1 <= len(begun) <= max_rounds + 1
    limits = [event for event in events if isinstance(event, RoundLimitReached)]
    assert limits in ([], [RoundLimitReached(max_rounds)])
    assert not limits or len(begun) == max_rounds + 1


def check_calls(session: Session, events: list[SessionEvent], policy: RunsSome, runner: Runner) -> None:
    """Hold that each call has a result or waits for one, that only what was decided was run, and all of it once."""
    asked = [event.call.id for event in events if isinstance(event, ToolAsked)]
    given = [result.call_id for result in results(session)]
    assert sorted([*given, *(call.id for call in session.pending_calls)]) == sorted(asked)
    decided = [(event.call.id, event.decision) for event in events if isinstance(event, ToolDecided)]
    assert {call_id for call_id, _ in decided} <= set(policy.asked)
    assert set(policy.asked.values()) <= {1}
    started = [event.call.id for event in events if isinstance(event, ToolStarted)]
    finished = [event.call_id for event in events if isinstance(event, ToolFinished)]
    assert given == finished
    assert set(finished) <= set(started)
    for event in events:
        assert not isinstance(event, ToolOutput) or set(event.text.split("call_")[1:]) == {event.call.id[5:]}
    assert set(started) <= {call_id for call_id, decision in decided if decision is Decision.RUN}
    assert len(finished) <= len(runner.ran) <= len(started) == len(set(started))
