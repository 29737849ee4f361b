"""A whole turn: an answer, a decision about each call that it ends with, the results, the next answer, and so on.

It ends where nothing is left to do without a person: no call is pending, one waits for its result, the limit of rounds
is reached, or somebody stopped it. Every front end shows the same events and decides nothing itself. What runs is a
plan that somebody approved, or that the policy or a permission lets run; no other way leads to the runner.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Protocol

import msgspec
from msgspec.structs import replace

from tui_chat.chat.approvals import Approvals
from tui_chat.chat.kept_permissions import NothingKept, PermissionKeeper, covered
from tui_chat.chat.policy import AskAlways, Decision, Permissions, Policy
from tui_chat.chat.session_events import (
    Notice,
    RoundLimitReached,
    SessionEvent,
    ToolDecided,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    ToolStopped,
)
from tui_chat.chat.tool_plans import CallFault, Planned, Planner, Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ToolRunner
from tui_chat.chat.tool_results import fault_result, result_of
from tui_chat.chat.tool_runs import SideRuns, ToolRun, ToolRuns
from tui_chat.core.parts import Image, Media, ToolCall

MAX_ROUNDS = 16


class ToolUse(msgspec.Struct, frozen=True):
    """How the calls of a turn are dealt with."""

    runner: ToolRunner | None = None
    """None: a person answers every call."""
    policy: Policy = msgspec.field(default_factory=AskAlways)
    max_rounds: int = MAX_ROUNDS
    """Answers that may be asked for after tool results without a person having said anything."""
    toolbox: Planner = msgspec.field(default_factory=Toolbox)
    standing: Permissions = msgspec.field(default_factory=Permissions)
    """What is allowed in every conversation."""
    keeper: PermissionKeeper = msgspec.field(default_factory=NothingKept)
    """What is allowed until it is taken back, also when the program is started again."""


class Answering(Protocol):
    """The conversation that a turn makes grow."""

    @property
    def pending_calls(self) -> tuple[ToolCall, ...]:
        """Calls at the end of the path that want a result."""
        ...

    @property
    def approvals(self) -> Approvals:
        """What a person has allowed in it."""
        ...

    @property
    def side_runs(self) -> SideRuns:
        """What runs in it beside the turn; `look_again` is called when one of those is over."""
        ...

    async def answer_call(
        self, call_id: str, content: str, *, is_error: bool = False, beside: tuple[Image | Media, ...] = ()
    ) -> ToolFinished:
        """Give a pending call its result, with what came beside its words."""
        ...

    def answer_path(self) -> AsyncGenerator[SessionEvent, None]:
        """One more answer on the path as it stands."""
        ...


class _Decided(msgspec.Struct, frozen=True):
    decision: Decision
    plan: ToolPlan | None = None
    fault: CallFault | None = None


class Turn:
    """One turn of a conversation. Iterate `events` once."""

    def __init__(self, conversation: Answering, tools: ToolUse, monotonic: Callable[[], float]) -> None:
        self._conversation = conversation
        self._tools = tools
        self._runs = ToolRuns(monotonic)
        self._is_stopped = False
        self._is_held = False
        """A call that may run waits for others to end."""
        self._policy_said: dict[str, Decision] = {}
        """By the id of the call: the policy is asked once."""
        self._is_alone: dict[str, bool] = {}

    def stop(self) -> None:
        """End the calls that run, and begin nothing more."""
        self._is_stopped = True
        self._runs.cancel()
        self._runs.look_again()

    @property
    def plans(self) -> tuple[ToolPlan, ...]:
        """What is being run now."""
        return self._runs.plans

    @property
    def running(self) -> tuple[ToolCall, ...]:
        """The calls that are being run now, in the order in which they began."""
        return self._runs.calls

    def runs(self, call_id: str) -> bool:
        """A call is being run now."""
        return call_id in self._runs

    def answered(self, call_id: str) -> None:
        """A call has its result: where it still runs, it runs for nothing."""
        self._runs.cancel(call_id)

    def look_again(self) -> None:
        """Something was approved, or has made room: what may run begins beside what runs."""
        self._runs.look_again()

    async def events(self, first: AsyncGenerator[SessionEvent, None] | None) -> AsyncGenerator[SessionEvent, None]:
        """The events of the first answer, then those of what follows from it. Without one, the turn begins with the
        calls that wait."""
        answer = first
        if answer is None:
            async with aclosing(self._results()) as results:
                async for event in results:
                    yield event
            if self._is_stopped or self._conversation.pending_calls:
                return
            answer = self._conversation.answer_path()
        for rounds in range(self._tools.max_rounds + 1):
            async with aclosing(answer) as events:
                async for event in events:
                    yield event
            if self._is_stopped or not self._conversation.pending_calls:
                return
            if rounds == self._tools.max_rounds:
                yield RoundLimitReached(rounds)
                return
            async with aclosing(self._results()) as results:
                async for event in results:
                    yield event
            if self._is_stopped or self._conversation.pending_calls:
                return
            answer = self._conversation.answer_path()

    async def _results(self) -> AsyncGenerator[SessionEvent, None]:
        """Decide about each pending call, and run those that may run, side by side; those too that are approved
        meanwhile. One that waits for a person holds up no other."""
        seen: set[str] = set()
        self._policy_said.clear()
        self._is_alone.clear()
        if self._tools.runner is not None and (failure := await self._tools.keeper.read()) is not None:
            yield Notice(failure)
        try:
            while True:
                async with aclosing(self._begun(seen)) as begun:
                    async for event in begun:
                        yield event
                if not len(self._runs) and (self._is_stopped or not self._is_held):
                    return
                async with aclosing(self._runs.news()) as news:
                    async for run, text in news:
                        yield ToolOutput(run.call, text) if text is not None else await self._over(run)
        finally:
            await self._runs.end()

    async def _begun(self, seen: set[str]) -> AsyncGenerator[SessionEvent, None]:
        """Decide about the calls for which there is room, and begin those that may run."""
        while not self._is_stopped and (call := self._next(seen)) is not None:
            seen.add(call.id)
            decided = self._decide(call)
            yield ToolDecided(call, decided.decision)
            if self._is_stopped:
                return
            if decided.fault is not None and decided.decision is Decision.SEND_BACK and self._waits(call):
                yield await self._conversation.answer_call(call.id, fault_result(decided.fault), is_error=True)
            if decided.plan is not None and decided.decision is Decision.RUN and self._waits(call):
                yield ToolStarted(call, decided.plan)
                if self._is_stopped or self._tools.runner is None or not self._waits(call):
                    yield ToolStopped(call)
                else:
                    self._runs.begin(call, decided.plan, self._tools.runner.run)

    def _next(self, seen: set[str]) -> ToolCall | None:
        """The next call to decide about; None where there is none, or it has to wait for what runs."""
        approved, beside = self._conversation.approvals, self._conversation.side_runs.plans
        has_alone = any(plan.runs_alone for plan in beside)
        self._is_held = False
        for call in self._conversation.pending_calls:
            if call.id in self._runs or (call.id in seen and not approved.has(call.id)):
                continue
            keeps_apart = has_alone or (bool(beside or len(self._runs)) and self._runs_alone(call))
            if self._runs.is_full or (keeps_apart and (approved.has(call.id) or self._is_allowed(call))):
                self._is_held = True
                return None
            return call
        return None

    def _waits(self, call: ToolCall) -> bool:
        return call in self._conversation.pending_calls  # not by its id alone, which another branch may have too

    def _runs_alone(self, call: ToolCall) -> bool:
        if call.id not in self._is_alone:
            planned = self._tools.toolbox.plan(call)
            self._is_alone[call.id] = isinstance(planned, ToolPlan) and planned.runs_alone
        return self._is_alone[call.id]

    def _decide(self, call: ToolCall) -> _Decided:
        approved = self._conversation.approvals.take(call.id)
        if self._tools.runner is None:
            return _Decided(Decision.ASK)
        if approved is not None:
            return _Decided(Decision.RUN, approved)
        planned = self._tools.toolbox.plan(call)
        if not self._is_allowed(call, planned):
            return _Decided(Decision.ASK)
        match planned:
            case ToolPlan() as plan:
                return _Decided(Decision.RUN, plan)
            case CallFault() as fault:
                return _Decided(Decision.SEND_BACK, fault=fault)
            case None:
                return _Decided(Decision.ASK)

    def _is_allowed(self, call: ToolCall, planned: Planned = None) -> bool:
        """The policy or a permission lets it run; `planned` is what it would do, found out where it is None."""
        if call.id not in self._policy_said:
            self._policy_said[call.id] = self._tools.policy.decide(call)
        if self._policy_said[call.id] is Decision.RUN:
            return True
        planned = planned or self._tools.toolbox.plan(call)
        digest, tool_hash = (planned.digest, planned.tool_hash) if planned is not None else ("", "")
        given = (self._conversation.approvals.permissions, self._tools.standing)
        return any(permissions.cover(call, digest) for permissions in given) or covered(
            self._tools.keeper, call, tool_hash
        )

    async def _over(self, run: ToolRun) -> SessionEvent:
        """What came of a run that is over."""
        if run.task.cancelled() or not self._waits(run.call):  # stopped, or a person gave its result meanwhile
            return ToolStopped(run.call)
        outcome = run.task.result()
        total_s = self._runs.lasted_s(run)
        result = result_of(run.plan, outcome, run.call)
        finished = await self._conversation.answer_call(
            run.call.id, result, is_error=outcome.is_error, beside=outcome.beside
        )
        return replace(finished, total_s=total_s)
