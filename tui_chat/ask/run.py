"""Runs one question to its end, without a screen.

The same session as on screen does the work; this module gives it a prompt, a time limit and a budget, and turns its
events into output and an exit status.
"""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import aclosing
from decimal import Decimal
from typing import TextIO

import msgspec

from tui_chat.ask.output import JsonOutput, Notes, Output, PlainOutput, StreamJsonOutput
from tui_chat.ask.result import failed_result, result_of
from tui_chat.chat.budget import SpendingGuard
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerEnded, SessionEvent
from tui_chat.core.errors import ChatError, ErrorKind, Failure
from tui_chat.core.parts import Message
from tui_chat.core.tree import Node
from tui_chat.workspace.exit_status import exit_status_for, exit_status_of
from tui_chat.workspace.model_choice import choose_model


class Question(msgspec.Struct, frozen=True):
    """What was asked on the command line."""

    message: Message
    model: str = ""
    """Empty takes the conversation's, the settings' or the gateway's first."""
    system: str | None = None
    resume_id: str = ""
    """A conversation to continue, by a unique beginning of its id."""
    continue_latest: bool = False
    is_saved: bool = True
    timeout_s: float | None = None
    max_cost_usd: Decimal | None = None


async def ask(services: Services, question: Question, form: str, out: TextIO, err: TextIO) -> int:
    """Ask, write, and return the exit status. `form` is `plain`, `json` or `stream-json`."""
    try:
        session = await _open(services, question)
        guard = await _guard(services, session, question, err)
    except ChatError as error:
        return refuse(error.failure, form, out, err, model=question.model or services.default_model)
    conversation_id = None if session.is_temporary else session.conversation.id
    output = _output(form, conversation_id, out, err)
    with _Interrupts(session) as interrupts:
        answer = await _run(session, question, output, guard)
    output.finish(result_of(answer, conversation_id))
    if over := guard.verdict(answer):
        Notes(err).failure(over)
        return exit_status_for(over)
    return interrupts.exit_status or exit_status_of(answer)


def refuse(failure: Failure, form: str, out: TextIO, err: TextIO, *, model: str = "") -> int:
    """Write why there is nothing to run, in the form that was asked for, and return the exit status."""
    _output(form, None, out, err).finish(failed_result(failure, model))
    if form == "plain":
        Notes(err).failure(failure)
    return exit_status_for(failure)


def _output(form: str, conversation_id: str | None, out: TextIO, err: TextIO) -> Output:
    match form:
        case "json":
            return JsonOutput(out, err)
        case "stream-json":
            return StreamJsonOutput(out, conversation_id)
        case _:
            return PlainOutput(out, err)


async def _open(services: Services, question: Question) -> Session:
    """The session that takes the question, its model settled."""
    resume_id = question.resume_id
    if question.continue_latest and not resume_id:
        resume_id = await services.store.latest_id() or ""
    if resume_id:
        session = await Session.resume(services, resume_id, is_temporary=not question.is_saved)
    else:
        session = Session.new(services, is_temporary=not question.is_saved)
    if question.model or not session.conversation.model:
        await session.set_model(question.model or await choose_model(services.catalog))
    if question.system is not None:
        await session.set_system(question.system)
    return session


async def _guard(services: Services, session: Session, question: Question, err: TextIO) -> SpendingGuard:
    if question.max_cost_usd is None:
        return SpendingGuard(None, None, 0)
    try:
        catalog = await services.catalog.read()
    except ChatError as error:
        Notes(err).failure(error.failure)
        catalog = services.catalog.known()
    model = catalog.get(session.conversation.model)
    guard = SpendingGuard(
        question.max_cost_usd, model.price if model else None, session.prompt_estimate(question.message)
    )
    guard.check_before()
    return guard


async def _run(session: Session, question: Question, output: Output, guard: SpendingGuard) -> Node:
    """Run the turn under its time limit. The turn always ends with its answer."""
    loop = asyncio.get_running_loop()
    timer = None
    if question.timeout_s is not None:
        timer = loop.call_later(question.timeout_s, session.stop, _out_of_time(question.timeout_s))
    try:
        async with aclosing(session.send(question.message)) as turn:
            return await _watch(turn, session, output, guard)
    finally:
        if timer is not None:
            timer.cancel()


async def _watch(
    turn: AsyncGenerator[SessionEvent, None], session: Session, output: Output, guard: SpendingGuard
) -> Node:
    async for event in turn:
        output.show(event)
        if over := guard.after(event):
            session.stop(over)
        if isinstance(event, AnswerEnded):
            return event.answer
    raise AssertionError("a turn ends with AnswerEnded")


def _out_of_time(timeout_s: float) -> Failure:
    return Failure(
        ErrorKind.TIMEOUT,
        f"No complete answer within {timeout_s:g} s (--timeout).",
        "Allow more time with --timeout, or ask for a shorter answer.",
        retryable=True,
    )


class _Interrupts:
    """While the answer runs, SIGINT and SIGTERM stop it, and what arrived is still written."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.exit_status = 0
        """128 and the signal's number; 0 where none came."""

    def __enter__(self) -> "_Interrupts":
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop, number)
        return self

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    def _stop(self, number: int) -> None:
        self.exit_status = 128 + number
        self._session.stop()
