"""A whole turn: an answer, a decision about each call that it ends with, the results, the next answer, and so on.

It ends where nothing is left to do without a person: no call is pending, one waits for its result, the limit of rounds
is reached, or somebody stopped it. Every front end shows the same events and decides nothing itself.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from tui_chat.chat.policy import AskAlways, Decision, Policy
from tui_chat.chat.ports import ToolOutcome, ToolRunner
from tui_chat.chat.session_events import RoundLimitReached, SessionEvent, ToolDecided, ToolFinished, ToolStarted
from tui_chat.core.parts import ToolCall

MAX_ROUNDS = 16


@dataclass(frozen=True, slots=True)
class ToolUse:
    """How the calls of a turn are dealt with."""

    runner: ToolRunner | None = None
    """None: a person answers every call."""
    policy: Policy = field(default_factory=AskAlways)
    max_rounds: int = MAX_ROUNDS
    """Answers that may be asked for after tool results without a person having said anything."""


class Answering(Protocol):
    """The conversation that a turn makes grow."""

    @property
    def pending_calls(self) -> tuple[ToolCall, ...]:
        """Calls at the end of the path that want a result."""
        ...

    async def answer_call(self, call_id: str, content: str, *, is_error: bool = False) -> ToolFinished:
        """Give a pending call its result."""
        ...

    def answer_path(self) -> AsyncGenerator[SessionEvent, None]:
        """One more answer on the path as it stands."""
        ...


class Turn:
    """One turn of a conversation. Iterate `events` once."""

    def __init__(self, conversation: Answering, tools: ToolUse) -> None:
        self._conversation = conversation
        self._tools = tools
        self._run: asyncio.Task[ToolOutcome] | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """End the call that runs, and begin nothing more."""
        self._is_stopped = True
        if self._run is not None:
            self._run.cancel()

    async def events(self, first: AsyncGenerator[SessionEvent, None]) -> AsyncGenerator[SessionEvent, None]:
        """The events of the first answer, then those of what follows from it."""
        answer = first
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
        """Decide about each pending call, and run those that may run."""
        runner = self._tools.runner
        for call in self._conversation.pending_calls:
            if self._is_stopped:
                return
            decision = self._tools.policy.decide(call) if runner is not None else Decision.ASK
            yield ToolDecided(call, decision)
            if runner is None or decision is Decision.ASK or self._is_stopped:
                continue
            yield ToolStarted(call)
            outcome = await self._outcome(runner, call)
            if outcome is None:
                return
            yield await self._conversation.answer_call(call.id, outcome.content, is_error=outcome.is_error)

    async def _outcome(self, runner: ToolRunner, call: ToolCall) -> ToolOutcome | None:
        """What the call gave; None where it was stopped, and the call still waits."""
        if self._is_stopped:
            return None
        self._run = asyncio.ensure_future(runner.run(call))
        try:
            return await self._run
        except asyncio.CancelledError:
            if not self._is_stopped:
                raise
            return None
        finally:
            self._run.cancel()
            self._run = None
