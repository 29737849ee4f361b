"""The rounds of one call of `ask`: its answers with their sum, the calls that were run, and those that were not."""

import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

import msgspec

from tui_chat.ask.result import KEPT_NOWHERE
from tui_chat.chat.policy import AllowNamed, Decision
from tui_chat.chat.session_events import (
    AnswerEnded,
    RoundLimitReached,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    ToolStopped,
)
from tui_chat.chat.tool_plans import CallFault, Planner, ToolPlan
from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import ToolCall, ToolResult
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, CostSource, TokenCounts, sum_usd
from tui_chat.workspace.events import ConversationEvent

_LONGEST_FAULT: Final = 300
_COUNTED: Final = tuple(TokenCounts.__struct_fields__)


class _Run:
    """A call that runs, or ran."""

    def __init__(self, plan: ToolPlan, began_s: float) -> None:
        self.plan = plan
        self.began_s = began_s
        """On the monotonic clock."""
        self.written: list[str] = []
        self.told: JsonObject | None = None
        """The run as the contract has it, once it is over."""

    def end(self, result: str, *, is_error: bool, total_s: float) -> None:
        call = self.plan.call
        run: JsonObject = {"id": call.id, "name": call.name, "arguments": call.arguments, "result": result}
        self.told = {**run, "is_error": is_error, "total_s": round(total_s, 3)}


class Rounds:
    """Feed it every event of the turn."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` gives seconds that never jump."""
        self.answers: list[Node] = []
        """Those that ended, in their order."""
        self.limit: int | None = None
        """The limit of rounds, where it was reached."""
        self._monotonic = monotonic
        self._runs: list[_Run] = []
        self._running: dict[str, _Run] = {}
        """By the id of the call; several may run at once."""
        self._ran_s = 0.0
        self._ran_since_s = 0.0
        self._answered: set[str] = set()

    @property
    def runs(self) -> list[JsonObject]:
        """The calls that were run, as the contract has them, in the order in which they began."""
        return [run.told for run in self._runs if run.told is not None]

    def add(self, event: ConversationEvent) -> None:
        """Take an event."""
        match event:
            case AnswerEnded(answer):
                self.answers.append(answer)
                self._answered = set()
            case RoundLimitReached(limit):
                self.limit = limit
            case ToolStarted(call, plan):
                if not self._running:
                    self._ran_since_s = self._monotonic()
                self._running[call.id] = _Run(plan, self._monotonic())
                self._runs.append(self._running[call.id])
            case ToolOutput(call, text):
                if (writes := self._running.get(call.id)) is not None:
                    writes.written.append(text)
            case ToolStopped(call):
                self._answered.add(call.id)
                if (stopped := self._over(call.id)) is not None:
                    ran_s = self._monotonic() - stopped.began_s
                    stopped.end("".join(stopped.written), is_error=True, total_s=ran_s)
            case ToolFinished(call_id, node, total_s):
                self._answered.add(call_id)
                result = next((part for part in node.message.parts if isinstance(part, ToolResult)), None)
                ended = self._over(call_id) if total_s is not None else None
                if ended is not None and result is not None:
                    ended.end(result.content, is_error=result.is_error, total_s=total_s or 0.0)
            case _:
                pass

    def _over(self, call_id: str) -> _Run | None:
        run = self._running.pop(call_id, None)
        if run is not None and not self._running:
            self._ran_s += self._monotonic() - self._ran_since_s
        return run

    @property
    def unrun(self) -> tuple[ToolCall, ...]:
        """Calls of the last answer that may be acted on and were not run: they have no result, and none was stopped."""
        if not self.answers:
            return ()
        return tuple(call for call in self.answers[-1].calls_to_act_on if call.id not in self._answered)

    @property
    def spent_usd(self) -> Decimal:
        """What is known to have been spent."""
        costs = (answer.answer.cost for answer in self.answers if answer.answer is not None)
        return sum_usd(cost.usd for cost in costs if cost is not None)

    def summed(self, last: Node) -> Node:
        """The last answer, with tokens, cost, times and retries of all, and the time of what ran."""
        infos = [answer.answer for answer in self.answers if answer.answer is not None]
        if last.answer is None or (len(infos) < 2 and not self._ran_s):
            return last
        total_s = sum((info.timing.total_s or 0.0 for info in infos), self._ran_s)
        info = msgspec.structs.replace(
            last.answer,
            counts=_counts(infos),
            cost=_cost(infos),
            timing=Timing(infos[0].timing.first_token_s, total_s),
            retries=sum(info.retries for info in infos),
        )
        return msgspec.structs.replace(last, answer=info)

    def unrun_words(self, toolbox: Planner, policy: AllowNamed, *, is_kept: bool) -> tuple[str, ...]:
        """Why calls were not run, a line for each reason. `is_kept`: the conversation is saved."""
        planned = [toolbox.plan(call) for call in self.unrun]
        by_hand = _names(call for call, plan in zip(self.unrun, planned, strict=True) if plan is None)
        names = _names(plan.call for plan in planned if isinstance(plan, ToolPlan))
        how = "tui-chat -c goes on there." if is_kept else KEPT_NOWHERE
        lines = [f"Not run: {_listed(by_hand)}. A person answers: {how}"] if by_hand else []
        lines += dict.fromkeys(_fault_words(plan, policy) for plan in planned if isinstance(plan, CallFault))
        if names and self.limit is not None:
            return (*lines, f"Not run: {_listed(names)}. The limit of {self.limit} rounds is reached (--max-rounds).")
        if denied := tuple(name for name in names if policy.denies(name)):
            lines.append(f"Not run: {_listed(denied)}. --deny excludes it.")
        stopped = {call.name for call in self.unrun if policy.decide(call) is Decision.RUN}
        others = [sanitize_line(name, 64) for name in names if name not in denied and name not in stopped]
        return (*lines, *(f"Not run: {name}. --allow {name} lets it run." for name in others))


def _names(calls: Iterable[ToolCall]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(call.name for call in calls))


def _fault_words(fault: CallFault, policy: AllowNamed) -> str:
    """Why a call can never run, and what tells its model."""
    name = sanitize_line(fault.call.name, 64)
    words = f"Not run: {name}. {sanitize_line(fault.words, _LONGEST_FAULT)}"
    is_waiting = policy.decide(fault.call) is Decision.ASK and not policy.denies(fault.call.name)
    return f"{words} --allow {name} tells the model so." if is_waiting else words


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(sanitize_line(name, 64) for name in names)


def _counts(infos: list[AnswerInfo]) -> TokenCounts | None:
    """The sum of each count; a count that one answer does not have is unknown."""
    known = [info.counts for info in infos if info.counts is not None]
    if len(known) < len(infos):
        return None
    sums: dict[str, int | None] = {}
    for name in _COUNTED:
        values: list[int | None] = [getattr(counts, name) for counts in known]
        present = [value for value in values if value is not None]
        sums[name] = sum(present) if len(present) == len(values) else None
    return TokenCounts(**sums)


def _cost(infos: list[AnswerInfo]) -> Cost | None:
    """The sum; an estimate where one of them is, and unknown where one of them is."""
    known = [info.cost for info in infos if info.cost is not None]
    if len(known) < len(infos):
        return None
    source = CostSource.GATEWAY if all(c.source is CostSource.GATEWAY for c in known) else CostSource.ESTIMATE
    return Cost(sum_usd(cost.usd for cost in known), source)
