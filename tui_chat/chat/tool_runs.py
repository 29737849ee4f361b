"""The calls of one answer that run at the same time: their tasks, what each wrote and was not told yet, and their ends;
and what runs beside them.

Apart from the turn, which decides what may begin: here nothing is decided.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Final

from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.parts import ToolCall

MOST_AT_ONCE: Final = 4
"""Calls that run at the same time."""


class ToolRun:
    """A call that runs, or ran."""

    def __init__(self, call: ToolCall, plan: ToolPlan, began_s: float) -> None:
        self.call = call
        """As the model wrote it."""
        self.plan = plan
        """What runs."""
        self.began_s = began_s
        self.task: asyncio.Task[ToolOutcome]
        self._written: list[str] = []

    def write(self, text: str) -> None:
        """Take what it wrote."""
        self._written.append(text)

    def take_written(self) -> str:
        """What it wrote and was not taken yet."""
        text, self._written = "".join(self._written), []
        return text


class SideRuns:
    """Runs beside the turns of a conversation: calls that are taken again."""

    def __init__(self, ended: Callable[[], None]) -> None:
        """`ended` is called when a run is over."""
        self._ended = ended
        self._plans: dict[asyncio.Task[ToolOutcome], ToolPlan] = {}

    def __len__(self) -> int:
        return len(self._plans)

    @property
    def plans(self) -> tuple[ToolPlan, ...]:
        """What runs."""
        return tuple(self._plans.values())

    def begin(self, plan: ToolPlan, run: Coroutine[None, None, ToolOutcome]) -> asyncio.Task[ToolOutcome]:
        """Begin a run, which whoever began it waits for."""
        task = asyncio.ensure_future(run)
        self._plans[task] = plan
        task.add_done_callback(self._over)
        return task

    async def end(self) -> None:
        """End all that runs, and wait until it has ended."""
        for task in self._plans:
            task.cancel()
        if self._plans:
            await asyncio.wait(tuple(self._plans))

    def _over(self, task: asyncio.Task[ToolOutcome]) -> None:
        del self._plans[task]
        self._ended()


class ToolRuns:
    """The runs that have begun and are not over, in the order in which they began."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._runs: dict[str, ToolRun] = {}
        """By the id of the call, which is unique in its answer."""
        self._news = asyncio.Event()

    def __len__(self) -> int:
        return len(self._runs)

    def __contains__(self, call_id: object) -> bool:
        return call_id in self._runs

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls that run."""
        return tuple(run.call for run in self._runs.values())

    @property
    def plans(self) -> tuple[ToolPlan, ...]:
        """What runs."""
        return tuple(run.plan for run in self._runs.values())

    @property
    def is_full(self) -> bool:
        """No other call may begin now."""
        return len(self._runs) >= MOST_AT_ONCE or any(run.plan.runs_alone for run in self._runs.values())

    def begin(
        self,
        call: ToolCall,
        plan: ToolPlan,
        run: Callable[[ToolPlan, Callable[[str], None]], Coroutine[None, None, ToolOutcome]],
    ) -> None:
        """Begin to run a plan for a call."""
        begun = self._runs[call.id] = ToolRun(call, plan, self._monotonic())

        def output(text: str) -> None:
            begun.write(text)
            self._news.set()

        begun.task = asyncio.ensure_future(run(plan, output))
        begun.task.add_done_callback(lambda _: self._news.set())

    def cancel(self, call_id: str | None = None) -> None:
        """End the run of this call, where it has one; without an id, all."""
        for run in self._runs.values():
            if call_id in (None, run.call.id):
                run.task.cancel()

    def look_again(self) -> None:
        """Have whoever waits for news look at once."""
        self._news.set()

    async def news(self) -> AsyncGenerator[tuple[ToolRun, str | None], None]:
        """Wait for something to happen, and tell it: a run with what it wrote, or with None where it is over. May tell
        nothing, after `look_again`."""
        await self._news.wait()
        self._news.clear()
        for run in tuple(self._runs.values()):
            is_over = run.task.done()  # looked at first: what is written later makes news again
            if text := run.take_written():
                yield run, text
            if is_over:
                del self._runs[run.call.id]
                yield run, None

    async def end(self) -> None:
        """End all that runs, and wait until it has ended."""
        runs, self._runs = tuple(self._runs.values()), {}
        for run in runs:
            run.task.cancel()
        if runs:
            await asyncio.wait([run.task for run in runs])

    def lasted_s(self, run: ToolRun) -> float:
        """Seconds since it began."""
        return self._monotonic() - run.began_s
