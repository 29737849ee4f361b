"""The rounds of one call of `ask`: its answers with their sum, the calls that were run, and those that were not."""

from decimal import Decimal
from typing import Final

import msgspec

from tui_chat.chat.policy import AllowNamed, Decision
from tui_chat.chat.session_events import (
    AnswerEnded,
    RoundLimitReached,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    ToolStopped,
)
from tui_chat.chat.tool_plans import Planner, ToolPlan
from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import ToolCall, ToolResult
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Node
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.workspace.events import ConversationEvent

_COUNTED: Final = tuple(TokenCounts.__struct_fields__)


class Rounds:
    """Feed it every event of the turn."""

    def __init__(self) -> None:
        self.answers: list[Node] = []
        """Those that ended, in their order."""
        self.runs: list[JsonObject] = []
        """The calls that were run, as the contract has them."""
        self.limit: int | None = None
        """The limit of rounds, where it was reached."""
        self._plan: ToolPlan | None = None
        self._written: list[str] = []
        self._answered: set[str] = set()

    def add(self, event: ConversationEvent) -> None:
        """Take an event."""
        match event:
            case AnswerEnded(answer):
                self.answers.append(answer)
                self._answered = set()
            case RoundLimitReached(limit):
                self.limit = limit
            case ToolStarted(_, plan):
                self._plan, self._written = plan, []
            case ToolOutput(_, text):
                self._written.append(text)
            case ToolStopped():
                self._note_run("".join(self._written), is_error=True, total_s=0.0)
            case ToolFinished(call_id, node, total_s):
                self._answered.add(call_id)
                result = next((part for part in node.message.parts if isinstance(part, ToolResult)), None)
                if total_s is not None and result is not None:
                    self._note_run(result.content, is_error=result.is_error, total_s=total_s)
            case _:
                pass

    def _note_run(self, result: str, *, is_error: bool, total_s: float) -> None:
        if self._plan is None:
            return
        call, self._plan = self._plan.call, None
        run: JsonObject = {"id": call.id, "name": call.name, "arguments": call.arguments, "result": result}
        self.runs.append({**run, "is_error": is_error, "total_s": round(total_s, 3)})

    @property
    def unrun(self) -> tuple[ToolCall, ...]:
        """Calls of the last answer that may be acted on and have no result."""
        if not self.answers:
            return ()
        return tuple(call for call in self.answers[-1].calls_to_act_on if call.id not in self._answered)

    @property
    def spent_usd(self) -> Decimal:
        """What is known to have been spent."""
        costs = (answer.answer.cost for answer in self.answers if answer.answer is not None)
        return sum((cost.usd for cost in costs if cost is not None), Decimal(0))

    def summed(self, last: Node) -> Node:
        """The last answer, with tokens, cost, times and retries of all."""
        infos = [answer.answer for answer in self.answers if answer.answer is not None]
        if last.answer is None or len(infos) < 2:
            return last
        ran_s = sum(float(run["total_s"]) for run in self.runs if isinstance(run["total_s"], float))
        total_s = sum((info.timing.total_s or 0.0 for info in infos), ran_s)
        info = msgspec.structs.replace(
            last.answer,
            counts=_counts(infos),
            cost=_cost(infos),
            timing=Timing(infos[0].timing.first_token_s, total_s),
            retries=sum(info.retries for info in infos),
        )
        return msgspec.structs.replace(last, answer=info)

    def unrun_words(self, toolbox: Planner, policy: AllowNamed) -> tuple[str, ...]:
        """Why calls were not run, a line for each reason."""
        can_run = {call.name: toolbox.plan(call) is not None for call in self.unrun}
        names = tuple(name for name, is_able in can_run.items() if is_able)
        by_hand = tuple(name for name, is_able in can_run.items() if not is_able)
        lines = [f"Not run: {_listed(by_hand)}. A person answers: tui-chat -c goes on there."] if by_hand else []
        if names and self.limit is not None:
            return (*lines, f"Not run: {_listed(names)}. The limit of {self.limit} rounds is reached (--max-rounds).")
        if denied := tuple(name for name in names if policy.denies(name)):
            lines.append(f"Not run: {_listed(denied)}. --deny excludes it.")
        stopped = {call.name for call in self.unrun if policy.decide(call) is Decision.RUN}
        others = [sanitize_line(name, 64) for name in names if name not in denied and name not in stopped]
        return (*lines, *(f"Not run: {name}. --allow {name} lets it run." for name in others))


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
    return Cost(sum((cost.usd for cost in known), Decimal(0)), source)
