"""A whole turn: answers, decisions, results and further answers until a person is needed."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import msgspec
import pytest
from msgspec.structs import replace

from tests.fakes import EveryTool, FakeCatalog, ScriptedCompleter, Step, make_services, opening
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
    ToolStopped,
)
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.chat.turn import ToolUse
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.parts import Image, Media, ToolCall, ToolResult, user_message
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta, ToolCallDelta

CALLED = Stopped(Outcome.COMPLETE, "tool_calls")


def calling(*names: str) -> list[Step]:
    """An answer that calls these tools."""
    deltas = (ToolCallDelta(at, f"call_{name}", name, "{}") for at, name in enumerate(names))
    return [*opening(), *deltas, CALLED]


def saying(text: str) -> list[Step]:
    return [*opening(), TextDelta(text), Stopped(Outcome.COMPLETE, "stop")]


class RunsNamed:
    """Lets the tools of these names run."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def decide(self, call: ToolCall) -> Decision:
        return Decision.RUN if call.name in self._names else Decision.ASK


class Runner:
    """Gives the tool's name back; `failing` ones fail, `hanging` ones never end."""

    def __init__(self, *, failing: str = "", hanging: str = "") -> None:
        self.ran: list[str] = []
        self.cancelled: list[str] = []
        self.hangs = asyncio.Event()
        self._failing = failing
        self._hanging = hanging

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        call = plan.call
        self.ran.append(call.name)
        if call.name == self._hanging:
            self.hangs.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled.append(call.name)
                raise
        return ToolOutcome(f"result of {call.name}", is_error=call.name == self._failing)


def session_with(runner: Runner, allowed: str, *scripts: list[Step], max_rounds: int = 16) -> Session:
    services = make_services(ScriptedCompleter(*scripts))
    use = ToolUse(runner, RunsNamed(*allowed.split()), max_rounds, EveryTool())
    return Session.new(replace(services, tool_use=use))


async def collect(turn: AsyncGenerator[SessionEvent, None]) -> list[SessionEvent]:
    return [event async for event in turn]


def results(session: Session) -> list[ToolResult]:
    return [part for node in session.path for part in node.message.parts if isinstance(part, ToolResult)]


async def test_calls_that_may_run_are_run_and_the_model_goes_on() -> None:
    runner = Runner()
    session = session_with(runner, "time weather", calling("time", "weather"), saying("Noon, and sunny."))
    events = await collect(session.send(user_message("hello")))
    assert runner.ran == ["time", "weather"]
    assert [result.content.splitlines()[-1] for result in results(session)] == ["result of time", "result of weather"]
    assert session.path[-1].message.text == "Noon, and sunny."
    kinds = [type(event) for event in events if not isinstance(event, PhaseChanged)]
    assert [kind for kind in kinds if kind.__name__ != "ReplyGrew"] == [
        *(AnswerStarted, ToolAsked, ToolAsked, AnswerEnded),
        *(ToolDecided, ToolStarted) * 2,
        *(ToolFinished, ToolFinished),
        *(AnswerStarted, AnswerEnded),
    ]


async def test_a_call_that_a_person_must_answer_ends_the_turn_and_the_others_have_run() -> None:
    runner = Runner()
    session = session_with(runner, "time", calling("ask", "time"))
    events = await collect(session.send(user_message("hello")))
    assert runner.ran == ["time"]
    assert [call.name for call in session.pending_calls] == ["ask"]
    decided = [(event.call.name, event.decision) for event in events if isinstance(event, ToolDecided)]
    assert decided == [("ask", Decision.ASK), ("time", Decision.RUN)]


async def test_without_a_runner_everything_waits_for_a_person() -> None:
    services = make_services(ScriptedCompleter(calling("time")))
    session = Session.new(replace(services, tool_use=ToolUse(None, RunsNamed("time"))))
    events = await collect(session.send(user_message("hello")))
    assert [event.decision for event in events if isinstance(event, ToolDecided)] == [Decision.ASK]
    assert len(session.pending_calls) == 1


async def test_a_tool_that_fails_is_an_error_for_the_model_and_the_turn_goes_on() -> None:
    session = session_with(Runner(failing="time"), "time", calling("time"), saying("It failed."))
    await collect(session.send(user_message("hello")))
    assert [result.is_error for result in results(session)] == [True]
    assert session.path[-1].message.text == "It failed."


@pytest.mark.parametrize("limit", [0, 1, 3])
async def test_no_turn_goes_beyond_its_rounds(limit: int) -> None:
    runner = Runner()
    session = session_with(runner, "time", *[calling("time") for _ in range(limit + 1)], max_rounds=limit)
    events = await collect(session.send(user_message("hello")))
    assert len(runner.ran) == limit
    assert events[-1] == RoundLimitReached(limit)
    assert len(session.pending_calls) == 1


async def test_stopping_ends_the_call_that_runs_and_leaves_it_waiting() -> None:
    runner = Runner(hanging="time")
    session = session_with(runner, "time weather", calling("time", "weather"))
    turn = asyncio.ensure_future(collect(session.send(user_message("hello"))))
    await runner.hangs.wait()
    session.stop()
    await turn
    assert runner.cancelled == ["time"]
    assert [call.name for call in session.pending_calls] == ["time"]


class Gated:
    """Runs a call until its tool's gate is opened, and notes which ones run at the same time."""

    def __init__(self, *names: str) -> None:
        self.gates = {name: asyncio.Event() for name in names}
        self.running: set[str] = set()
        self.together: list[set[str]] = []
        self.cancelled: set[str] = set()

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        name = plan.call.name
        self.running.add(name)
        self.together.append(set(self.running))
        output(f"{name} begins\n")
        try:
            await asyncio.sleep(0)
            await self.gates[name].wait()
        except asyncio.CancelledError:
            self.cancelled.add(name)
            raise
        finally:
            self.running.discard(name)
        return ToolOutcome(f"result of {name}", is_error=name == "bad")


class SomeAlone(EveryTool):
    """Every call can run, and some tools want to run alone."""

    def __init__(self, *alone: str) -> None:
        self._alone = alone

    def plan(self, call: ToolCall) -> ToolPlan:
        return msgspec.structs.replace(super().plan(call), runs_alone=call.name in self._alone)


def gated(runner: Gated, names: str, *scripts: list[Step], alone: str = "") -> Session:
    use = ToolUse(runner, RunsNamed(*names.split()), 16, SomeAlone(*alone.split()))
    return Session.new(replace(make_services(ScriptedCompleter(*scripts)), tool_use=use))


async def test_calls_run_side_by_side_and_their_results_are_sent_in_the_order_of_the_calls() -> None:
    runner = Gated("slow", "bad", "fast")
    completer = ScriptedCompleter(calling("slow", "bad", "ask", "fast"), saying("ok"))
    use = ToolUse(runner, RunsNamed("slow", "bad", "fast"), 16, EveryTool())
    session = Session.new(replace(make_services(completer), tool_use=use))
    ended: list[str] = []
    written: list[tuple[str, str]] = []
    phases: list[str] = []
    async for event in session.send(user_message("hello")):
        match event:
            case ToolOutput(call, text):
                written.append((call.name, text))
                if len(written) == 3:
                    runner.gates["fast"].set()
            case ToolFinished(call_id):
                ended.append(call_id)
                runner.gates["bad" if call_id == "call_fast" else "slow"].set()
            case PhaseChanged(Phase.RUNNING, detail):
                phases.append(detail)
            case _:
                pass
    assert runner.together[-1] == {"slow", "bad", "fast"}  # the one that waits for a person holds up none
    assert ended == ["call_fast", "call_bad", "call_slow"]
    assert sorted(written) == [(name, f"{name} begins\n") for name in ("bad", "fast", "slow")]
    assert phases == ["slow", "slow and 1 more", "slow and 2 more", "slow and 1 more", "slow"]
    await session.answer_call("call_ask", "by hand")
    await collect(session.go_on())
    sent = [part for message in completer.requests[-1].messages for part in message.parts]
    names = [(part.name, part.is_error) for part in sent if isinstance(part, ToolResult)]
    assert names == [("slow", False), ("bad", True), ("ask", False), ("fast", False)]


async def test_a_stop_ends_all_that_runs_and_no_more_than_four_run_at_once() -> None:
    names = ("a", "b", "c", "d", "e")
    runner = Gated(*names)
    session = gated(runner, " ".join(names), calling(*names))
    events: list[SessionEvent] = []
    async for event in session.send(user_message("hello")):
        events.append(event)
        if isinstance(event, ToolOutput) and event.call.name == "d":
            session.stop()
    assert runner.cancelled == {"a", "b", "c", "d"}
    assert [event.call.name for event in events if isinstance(event, ToolStopped)] == ["a", "b", "c", "d"]
    assert len(session.pending_calls) == 5


@pytest.mark.parametrize(("allowed", "together"), [("a b c", 1), ("a c", 2)])
async def test_a_call_that_runs_alone_waits_for_the_others_and_they_for_it(allowed: str, together: int) -> None:
    """One that may not run yet, since a person is asked about it, holds up none."""
    runner = Gated("a", "b", "c")
    for gate in runner.gates.values():
        gate.set()
    session = gated(runner, allowed, calling("a", "b", "c"), saying("ok"), alone="b")
    await collect(session.send(user_message("hello")))
    assert max(map(len, runner.together)) == together
    assert [call.name for call in session.pending_calls] == ([] if "b" in allowed else ["b"])


class UnreadCatalog(FakeCatalog):
    """A catalogue of which nothing is known before it is read."""

    def known(self) -> Catalog:
        return self.catalog if self.is_read else Catalog()

    is_read = False

    async def read(self, *, refresh: bool = False) -> Catalog:
        self.is_read = True
        return await super().read(refresh=refresh)


CHART = Image("data:image/png;base64,AA==", "chart.png")


class Drawing:
    """Gives a picture and a sound beside its words."""

    async def run(self, plan: ToolPlan, output: Callable[[str], None]) -> ToolOutcome:
        del plan, output
        return ToolOutcome("a chart", beside=(CHART, Media("audio", "data:audio/wav;base64,AA==", "s.wav")))


@pytest.mark.parametrize("sees", [True, False])
async def test_a_picture_goes_to_a_model_that_sees_and_is_kept_in_any_case(sees: bool) -> None:
    """What the model takes is looked up with the first picture."""
    completer = ScriptedCompleter(calling("draw"), saying("ok"))
    model = ModelInfo("test/model", input_modalities=("text", "image") if sees else ("text",))
    services = replace(make_services(completer), catalog=UnreadCatalog(model))
    session = Session.new(replace(services, tool_use=ToolUse(Drawing(), RunsNamed("draw"), 16, EveryTool())))
    await collect(session.send(user_message("hello")))
    sent = [part for message in completer.requests[-1].messages for part in message.parts]
    assert (CHART in sent) is sees
    assert session.path[2].message.beside_words[0] == CHART


class SilentCatalog(UnreadCatalog):
    """Is asked for its models, and never says."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def read(self, *, refresh: bool = False) -> Catalog:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_result_with_a_picture_is_kept_though_the_turn_is_stopped_while_the_models_are_looked_up() -> None:
    catalog = SilentCatalog()
    services = replace(make_services(ScriptedCompleter(calling("draw"))), catalog=catalog)
    session = Session.new(replace(services, tool_use=ToolUse(Drawing(), RunsNamed("draw"), 16, EveryTool())))
    turn = asyncio.ensure_future(collect(session.send(user_message("hello"))))
    await catalog.asked.wait()
    session.stop()
    await turn
    assert session.path[-1].message.beside_words[0] == CHART


async def test_closing_the_turn_ends_the_call_that_runs() -> None:
    runner = Runner(hanging="time")
    session = session_with(runner, "time", calling("time"))
    turn = asyncio.ensure_future(collect(session.send(user_message("hello"))))
    await runner.hangs.wait()
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    assert runner.cancelled == ["time"]


async def test_what_runs_is_a_phase_of_its_own() -> None:
    session = session_with(Runner(), "time", calling("time"), saying("Noon."))
    events = await collect(session.send(user_message("hello")))
    assert PhaseChanged(Phase.RUNNING, "time") in events
    assert session.phase is Phase.READY


async def test_the_results_of_a_resumed_conversation_lead_to_the_next_answer() -> None:
    completer = ScriptedCompleter(calling("time"), saying("Noon."))
    session = Session.new(make_services(completer))
    await collect(session.send(user_message("hello")))
    await session.answer_call("call_time", "12:00")
    await collect(session.go_on())
    assert session.path[-1].message.text == "Noon."
