"""Tool servers on the way of a request: started before it goes out, waited for, and never in its way."""

import asyncio
from decimal import Decimal

from msgspec.structs import replace

from tests.chat.scripted_servers import Servers
from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tui_chat.chat.budgets import Budgets
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, Notice, Phase, PhaseChanged, SessionEvent
from tui_chat.core.budget import Budget
from tui_chat.core.errors import TOOL_SERVER, ErrorKind, Failure
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import user_message
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.core.tool import Tool
from tui_chat.core.usage import Price

DONE = Stopped(Outcome.COMPLETE, "stop")
LATE = Failure(ErrorKind.SETTINGS, "Not ready yet: slow.", "Later.", code=TOOL_SERVER)


def saying(text: str) -> list[Step]:
    return [*opening(), TextDelta(text), DONE]


def begun(servers: Servers, *scripts: list[Step], **more: object) -> tuple[Session, ScriptedCompleter, Services]:
    completer = ScriptedCompleter(*scripts)
    own = (ToolDefinition("own", "", {}),)
    models = (ModelInfo("test/model", price=Price(Decimal("0.000001"), Decimal("0.000004"))),)
    services = replace(make_services(completer, tools=own, models=models), servers=servers, **more)
    return Session.new(services), completer, services


async def all_of(session: Session) -> list[SessionEvent]:
    return [event async for event in session.send(user_message("hi"))]


async def test_the_first_request_waits_for_the_tools_and_later_ones_do_not() -> None:
    servers = Servers()
    session, completer, _ = begun(servers, saying("one"), saying("two"))
    await all_of(session)
    await all_of(session)
    assert [[tool.name for tool in request.tools] for request in completer.requests] == [["own", "echo"]] * 2
    assert servers.prepared == 1


async def test_the_answer_says_how_it_was_asked_once_the_servers_were_there() -> None:
    forced = Sampling(extra=(("tool_choice", '"echo"'),))
    session, completer, _ = begun(Servers(), saying("one"), sampling=forced)
    await all_of(session)
    assert completer.requests[0].tool_choice == "echo"
    answer = session.path[-1].answer
    assert answer is not None
    assert answer.sampling == forced


async def test_the_question_is_there_while_servers_are_started() -> None:
    servers = Servers(gate := asyncio.Event())
    session, completer, _ = begun(servers, saying("one"))
    events = session.send(user_message("hi"))
    assert isinstance(await anext(events), AnswerStarted)
    assert await anext(events) == PhaseChanged(Phase.PREPARING)
    assert completer.requests == []
    gate.set()
    last = [event async for event in events][-2:]
    assert any(isinstance(event, AnswerEnded) for event in last)
    assert len(completer.requests) == 1


async def test_stopping_while_servers_are_started_sends_nothing() -> None:
    servers = Servers(asyncio.Event())
    session, completer, _ = begun(servers, saying("one"))
    ended: list[AnswerEnded] = []
    async for event in session.send(user_message("hi")):
        if servers.prepared or isinstance(event, AnswerStarted):
            asyncio.get_running_loop().call_soon(session.stop)
        if isinstance(event, AnswerEnded):
            ended.append(event)
    assert completer.requests == []
    answer = ended[0].answer.answer
    assert answer is not None
    assert answer.outcome is Outcome.CANCELLED


async def test_what_servers_have_to_say_is_said_with_the_answer() -> None:
    servers = Servers()
    servers.unsaid.append(LATE)
    session, _, _ = begun(servers, saying("one"))
    assert [event.failure for event in await all_of(session) if isinstance(event, Notice)] == [LATE]


async def test_tools_that_make_a_request_too_dear_keep_it_from_going_out() -> None:
    wordy = Tool(ToolDefinition("wordy", "word " * 20_000, {}))
    budgets = Budgets(Budget(answer=Decimal("0.01")))
    session, completer, _ = begun(Servers(tool=wordy), saying("one"), budgets=budgets)
    events = await all_of(session)
    (ended,) = [event for event in events if isinstance(event, AnswerEnded)]
    assert completer.requests == []
    assert ended.answer.answer is not None
    assert ended.answer.answer.failure is not None
    assert ended.answer.answer.failure.kind is ErrorKind.BUDGET


async def test_servers_end_with_the_services() -> None:
    servers = Servers()
    _, _, services = begun(servers)
    await services.close()
    assert servers.closed == 1
