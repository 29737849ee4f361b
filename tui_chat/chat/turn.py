"""A whole turn: an answer, a decision about each call that it ends with, the results, the next answer, and so on.

It ends where nothing is left to do without a person: no call is pending, one waits for its result, the limit of rounds
is reached, or somebody stopped it. Every front end shows the same events and decides nothing itself. What runs is a
plan that somebody approved, or that the policy or a permission lets run; no other way leads to the runner.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from tui_chat.chat.approvals import Approvals
from tui_chat.chat.policy import AskAlways, Decision, Permissions, Policy
from tui_chat.chat.session_events import (
    RoundLimitReached,
    SessionEvent,
    ToolDecided,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    ToolStopped,
)
from tui_chat.chat.tool_plans import CallFault, Planner, Toolbox, ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome, ToolRunner
from tui_chat.chat.tool_results import fault_result, result_of
from tui_chat.core.parts import ToolCall
from tui_chat.core.switched_off import SwitchedOff

MAX_ROUNDS = 16


@dataclass(frozen=True, slots=True)
class ToolUse:
    """How the calls of a turn are dealt with."""

    runner: ToolRunner | None = None
    """None: a person answers every call."""
    policy: Policy = field(default_factory=AskAlways)
    max_rounds: int = MAX_ROUNDS
    """Answers that may be asked for after tool results without a person having said anything."""
    toolbox: Planner = field(default_factory=Toolbox)
    standing: Permissions = field(default_factory=Permissions)
    """What is allowed in every conversation."""
    switched_off: dict[str, SwitchedOff] = field(default_factory=dict)
    """The tools that are off, by the id of the conversation in which they were switched."""


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

    async def answer_call(self, call_id: str, content: str, *, is_error: bool = False) -> ToolFinished:
        """Give a pending call its result."""
        ...

    def answer_path(self) -> AsyncGenerator[SessionEvent, None]:
        """One more answer on the path as it stands."""
        ...


class _Decided(NamedTuple):
    decision: Decision
    plan: ToolPlan | None = None
    fault: CallFault | None = None


class Turn:
    """One turn of a conversation. Iterate `events` once."""

    def __init__(self, conversation: Answering, tools: ToolUse, monotonic: Callable[[], float]) -> None:
        self._conversation = conversation
        self._tools = tools
        self._monotonic = monotonic
        self._run: asyncio.Task[ToolOutcome] | None = None
        self._run_of = ""
        """Id of the call that runs."""
        self._is_stopped = False

    def stop(self) -> None:
        """End the call that runs, and begin nothing more."""
        self._is_stopped = True
        if self._run is not None:
            self._run.cancel()

    def runs(self, call_id: str) -> bool:
        """A call is being run now."""
        return self._run is not None and self._run_of == call_id

    def answered(self, call_id: str) -> None:
        """A call has its result: where it still runs, it runs for nothing."""
        if self._run is not None and self.runs(call_id):
            self._run.cancel()

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
        """Decide about each pending call, and run those that may run; those too that are approved meanwhile."""
        seen: set[str] = set()
        while not self._is_stopped and (call := self._next(seen)) is not None:
            seen.add(call.id)
            decided = self._decide(call)
            yield ToolDecided(call, decided.decision)
            if self._is_stopped:
                return
            if decided.fault is not None and decided.decision is Decision.SEND_BACK and self._waits(call):
                yield await self._conversation.answer_call(call.id, fault_result(decided.fault), is_error=True)
            if decided.plan is not None and decided.decision is Decision.RUN and self._waits(call):
                async with aclosing(self._running(call, decided.plan)) as running:
                    async for event in running:
                        yield event

    def _next(self, seen: set[str]) -> ToolCall | None:
        pending = self._conversation.pending_calls
        return next(
            (call for call in pending if call.id not in seen or self._conversation.approvals.has(call.id)), None
        )

    def _waits(self, call: ToolCall) -> bool:
        return call in self._conversation.pending_calls  # not by its id alone, which another branch may have too

    def _decide(self, call: ToolCall) -> _Decided:
        approved = self._conversation.approvals.take(call.id)
        if self._tools.runner is None:
            return _Decided(Decision.ASK)
        if approved is not None:
            return _Decided(Decision.RUN, approved)
        planned = self._tools.toolbox.plan(call)
        digest = planned.digest if isinstance(planned, ToolPlan) else ""
        given = (self._conversation.approvals.permissions, self._tools.standing)
        is_allowed = any(permissions.cover(call, digest) for permissions in given)
        if self._tools.policy.decide(call) is not Decision.RUN and not is_allowed:
            return _Decided(Decision.ASK)
        match planned:
            case ToolPlan() as plan:
                return _Decided(Decision.RUN, plan)
            case CallFault() as fault:
                return _Decided(Decision.SEND_BACK, fault=fault)
            case None:
                return _Decided(Decision.ASK)

    async def _running(self, call: ToolCall, plan: ToolPlan) -> AsyncGenerator[SessionEvent, None]:
        yield ToolStarted(call, plan)
        if self._is_stopped or self._tools.runner is None or not self._waits(call):
            yield ToolStopped(call)
            return
        began = self._monotonic()
        written: list[str] = []
        wake = asyncio.Event()

        def output(text: str) -> None:
            written.append(text)
            wake.set()

        run = self._run = asyncio.ensure_future(self._tools.runner.run(plan, output))
        self._run_of = call.id
        run.add_done_callback(lambda _: wake.set())
        try:
            while not run.done() or written:
                await wake.wait()
                wake.clear()
                if written:
                    text, written[:] = "".join(written), []
                    yield ToolOutput(call, text)
        finally:
            self._run = None
            if not run.done():
                run.cancel()
                await asyncio.wait((run,))
        if run.cancelled() or not self._waits(call):  # stopped, or a person gave its result meanwhile
            yield ToolStopped(call)
            return
        outcome = run.result()
        result = result_of(plan, outcome, call)
        finished = await self._conversation.answer_call(call.id, result, is_error=outcome.is_error)
        yield replace(finished, total_s=self._monotonic() - began)
