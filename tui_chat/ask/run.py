"""Asks one question without a screen, and runs the answer to its end.

The open conversation does the work, as on the screen; this module gives it a prompt, a time limit and a budget, and
turns its events into output and an exit status.
"""

import asyncio
import signal
from contextlib import aclosing
from decimal import Decimal
from typing import TextIO

import msgspec

from tui_chat.ask.output import JsonOutput, Notes, Output, PlainOutput, SavedId, StreamJsonOutput
from tui_chat.ask.result import failed_result, result_of
from tui_chat.chat.services import Services
from tui_chat.chat.session_events import AnswerEnded, Notice
from tui_chat.chat.spending_guard import overrun
from tui_chat.core.budget import Scope
from tui_chat.core.errors import WARNED, ChatError, ErrorKind, Failure
from tui_chat.core.parts import Message
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import NotSent
from tui_chat.workspace.exit_status import exit_status_for, exit_status_of
from tui_chat.workspace.opening import Opening, open_asked


class Question(msgspec.Struct, frozen=True):
    """The question of the command line, with its limits."""

    message: Message
    opening: Opening = Opening()
    """The conversation to ask in; temporary where nothing is saved. An empty model takes the conversation's, then the
    settings', then the gateway's first."""
    timeout_s: float | None = None
    max_cost_usd: Decimal | None = None
    """The budget of an answer, in the place of the one that is set; None leaves that."""
    is_over_budget: bool = False
    """No budget holds, this once."""


async def ask(services: Services, question: Question, form: str, out: TextIO, err: TextIO) -> int:
    """Ask, write the answer, and return the exit status. `form` is `plain`, `json` or `stream-json`."""
    try:
        conversation = OpenConversation((await open_asked(services, question.opening)).session, wants_title=False)
        if conversation.lacks_model:
            await conversation.find_model()
    except ChatError as error:
        return refuse(error.failure, form, out, err, model=question.opening.model or services.default_model)
    session, budgets = conversation.session, services.budgets
    session.allowance.is_all_over = question.is_over_budget
    if question.max_cost_usd is not None:
        budgets.budget = budgets.budget.with_limit(Scope.ANSWER, question.max_cost_usd)

    def saved_id() -> str | None:
        """The conversation's id, where the whole of it is on disk."""
        is_saved = not session.is_temporary and services.unsaved.failure is None
        return session.conversation.id if is_saved else None

    output = _output(form, saved_id, out, err)
    with _Interrupts(conversation) as interrupts:
        ended, over = await _run(conversation, question, output)
    match ended:
        case NotSent(_, failure):
            # Nothing was asked, so nothing was saved.
            failure = _with_flag(failure) if failure else _interrupted()
            output.finish(failed_result(failure, session.conversation.model))
            if form == "plain":
                Notes(err).failure(failure)
            return interrupts.exit_status or exit_status_for(failure)
        case AnswerEnded(answer):
            output.finish(result_of(answer, saved_id()))
            unsaved = services.unsaved.failure
            if unsaved:
                Notes(err).failure(unsaved)
            limit_usd = None if question.is_over_budget else budgets.budget.answer
            if dear := overrun(limit_usd, answer.answer):
                Notes(err).failure(dear)
            if over := over or dear:
                return exit_status_for(over)
            status = interrupts.exit_status or exit_status_of(answer)
            return status or (exit_status_for(unsaved) if unsaved else 0)


def refuse(failure: Failure, form: str, out: TextIO, err: TextIO, *, model: str = "") -> int:
    """Write why nothing is asked, in the form that was chosen, and return the exit status."""
    _output(form, lambda: None, out, err).finish(failed_result(failure, model))
    if form == "plain":
        Notes(err).failure(failure)
    return exit_status_for(failure)


def _output(form: str, saved_id: SavedId, out: TextIO, err: TextIO) -> Output:
    match form:
        case "json":
            return JsonOutput(out, err)
        case "stream-json":
            return StreamJsonOutput(out, saved_id)
        case _:
            return PlainOutput(out, err)


async def _run(
    conversation: OpenConversation, question: Question, output: Output
) -> tuple[AnswerEnded | NotSent, Failure | None]:
    """Run the turn under its time limit, and return its end: the last answer, or that nothing was sent; and the budget
    over which the next request of it would have gone."""
    loop = asyncio.get_running_loop()
    timer = None
    if question.timeout_s is not None:
        timer = loop.call_later(question.timeout_s, conversation.stop, _timed_out(question.timeout_s))
    ended: AnswerEnded | NotSent | None = None
    over: Failure | None = None
    conversation.ask(question.message)
    try:
        async with aclosing(conversation.turn()) as turn:
            async for event in turn:
                output.show(event)
                if isinstance(event, Notice) and event.failure.kind is ErrorKind.BUDGET:
                    over = event.failure if event.failure.code != WARNED else over
                if isinstance(event, AnswerEnded | NotSent):
                    ended = event
    finally:
        if timer is not None:
            timer.cancel()
    assert ended is not None, "a turn ends with its answer, or is not sent"
    return ended, over


def _timed_out(timeout_s: float) -> Failure:
    return Failure(
        ErrorKind.TIMEOUT,
        f"No complete answer within {timeout_s:g} s (--timeout).",
        "Allow more time with --timeout, or ask for a shorter answer.",
        retryable=True,
    )


def _with_flag(failure: Failure) -> Failure:
    """The failure with the flag that sends the question all the same, where there is one."""
    if failure.kind is not ErrorKind.BUDGET:
        return failure
    return msgspec.structs.replace(failure, advice=f"{failure.advice} --over-budget does that.")


def _interrupted() -> Failure:
    return Failure(ErrorKind.INTERNAL, "Stopped before anything was sent.", "Ask again.")


class _Interrupts:
    """Signal handlers while the answer runs: SIGINT and SIGTERM stop it, and what arrived is still written."""

    def __init__(self, conversation: OpenConversation) -> None:
        self._conversation = conversation
        self.exit_status = 0
        """128 plus the signal's number; 0 where none came."""

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
        self._conversation.stop()
