"""Asks one question without a screen, and runs the answer to its end.

The open conversation does the work, as on the screen; this module gives it a prompt, a time limit and a budget, and
turns its events into output and an exit status.
"""

import asyncio
import json
import signal
from contextlib import aclosing
from decimal import Decimal
from typing import Final, TextIO

import msgspec
from msgspec.structs import replace

from tui_chat.ask.output import JsonOutput, Notes, Output, PlainOutput, SavedId, StreamJsonOutput
from tui_chat.ask.result import failed_result, failure_object, result_of
from tui_chat.ask.rounds import Rounds
from tui_chat.chat.json_schema import fault_of
from tui_chat.chat.kept_permissions import NothingKept
from tui_chat.chat.policy import AllowNamed
from tui_chat.chat.services import Services
from tui_chat.chat.session_events import AnswerEnded, Notice
from tui_chat.chat.spending_guard import overrun
from tui_chat.core import figures
from tui_chat.core.budget import Scope
from tui_chat.core.errors import WARNED, ChatError, ErrorKind, Failure
from tui_chat.core.jsonvalue import JsonObject, JsonValue, parse_json
from tui_chat.core.parts import Message
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import NotSent
from tui_chat.workspace.exit_status import INCOMPLETE, MISFIT, exit_status_for, exit_status_of
from tui_chat.workspace.opening import Opening, cut_before_words, open_asked

INTERRUPTED: Final = Failure(ErrorKind.INTERNAL, "Stopped before anything was sent.", "Ask again.")


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
    allowed: tuple[str, ...] = ()
    """Names of the tools that may run, or patterns of names; without any, calls are told and not run."""
    denied: tuple[str, ...] = ()
    """Those that must not run, whatever is allowed."""
    max_rounds: int | None = None
    """How often the model may be asked again after its calls were run; None takes the usual limit."""
    schema: JsonObject | None = None
    """What the answer has to fit, as JSON; None takes any answer."""


async def ask(services: Services, question: Question, form: str, out: TextIO, err: TextIO) -> int:
    """Ask, write the answer, and return the exit status. `form` is `plain`, `json` or `stream-json`."""
    services = _prepared(services, question)
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

    if words := cut_before_words(session):
        Notes(err, saved_id).say(words)
    output = _output(form, saved_id, out, err, holds=bool(question.allowed))
    rounds = Rounds(services.clock.monotonic)
    with _Interrupts(conversation) as interrupts:
        run = await _run(conversation, question, output, rounds)
    match run.ended:
        case NotSent(_, failure):
            # Nothing was asked, so nothing was saved.
            failure = _with_flag(failure) if failure else INTERRUPTED
            output.finish(failed_result(failure, session.conversation.model))
            if form == "plain":
                Notes(err, saved_id).failure(failure)
            return interrupts.exit_status or exit_status_for(failure)
        case AnswerEnded(last):
            ending = _Ending(rounds.summed(last), run, interrupts.exit_status)
            return _conclude(
                ending, question, services, rounds, saved_id(), output, Notes(err, saved_id), is_plain=form == "plain"
            )


class _Ran(msgspec.Struct, frozen=True):
    """How a turn ended."""

    ended: AnswerEnded | NotSent
    over: Failure | None
    """The budget over which the next request of it would have gone."""
    late: Failure | None
    """Why its time was over, where it was."""


class _Ending(msgspec.Struct, frozen=True):
    """The last answer, with the sums of all, and what ended the turn."""

    answer: Node
    ran: _Ran
    interrupted: int
    """Exit status where a signal ended it; else 0."""

    @property
    def cut(self) -> Failure | None:
        """Why it ended between two answers, where time was over then."""
        return self.ran.late if self.answer.calls_to_act_on else None

    @property
    def status(self) -> int:
        """The exit status, but for budgets and the schema."""
        return self.interrupted or exit_status_of(self.answer) or (INCOMPLETE if self.cut else 0)

    def over(self, result: JsonObject, dear: Failure | None) -> JsonObject:
        """The result, where it ended between two answers, or was billed more than it was to cost."""
        if self.answer.calls_to_act_on and (self.interrupted or self.cut):
            result = {**result, "outcome": str(Outcome.CANCELLED if self.interrupted else Outcome.TRUNCATED)}
        return {**result, "error": result["error"] or failure_object(self.cut or self.ran.over or dear)}


def _conclude(
    ending: _Ending,
    question: Question,
    services: Services,
    rounds: Rounds,
    saved_id: str | None,
    output: Output,
    notes: Notes,
    *,
    is_plain: bool,
) -> int:
    """Write the result and what is to be said of it, and return the exit status."""
    answer = ending.answer
    value, misfit = _structured(answer, question, rounds)
    limit_usd = services.budgets.budget.answer if question.max_cost_usd is None else question.max_cost_usd
    dear = overrun(None if question.is_over_budget else limit_usd, answer.answer)
    output.finish(ending.over(result_of(answer, saved_id, unrun=rounds.unrun, runs=rounds.runs, output=value), dear))
    for line in rounds.unrun_words(services.tool_use.toolbox, _policy(question), is_kept=saved_id is not None):
        notes.say(line)
    if ending.cut is not None and is_plain:
        notes.failure(ending.cut)
    if unsaved := services.unsaved.failure:
        notes.failure(unsaved)
    if dear is not None and ending.ran.over is None:
        notes.failure(dear)
    if over := ending.ran.over or dear:
        return exit_status_for(over)
    if misfit:
        notes.say(f"The answer does not meet the schema: {misfit}")
    return ending.status or (MISFIT if misfit else 0) or (exit_status_for(unsaved) if unsaved else 0)


def _policy(question: Question) -> AllowNamed:
    return AllowNamed(question.allowed, question.denied)


def _prepared(services: Services, question: Question) -> Services:
    """The services, with what the question says about tools and about the form of the answer."""
    use = services.tool_use
    use = replace(
        use,
        policy=_policy(question),
        keeper=NothingKept(),  # only the flags of this call count
        max_rounds=use.max_rounds if question.max_rounds is None else question.max_rounds,
    )
    if question.schema is None:
        return replace(services, tool_use=use)
    wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": question.schema}}
    sampling = Sampling(extra=(("response_format", json.dumps(wanted)),)).over(services.sampling)
    return replace(services, tool_use=use, sampling=sampling)


def _structured(answer: Node, question: Question, rounds: Rounds) -> tuple[JsonValue, str]:
    """The answer as the value that the schema wants, and why it is none; an answer that is not whole, or that waits for
    results, is not judged."""
    if question.schema is None or exit_status_of(answer) or rounds.unrun:
        return None, ""
    try:
        value = parse_json(answer.message.text)
    except ValueError as error:
        return None, f"it is not JSON: {error}."
    fault = fault_of(value, question.schema)
    return (None, fault) if fault else (value, "")


def refuse(failure: Failure, form: str, out: TextIO, err: TextIO, *, model: str = "") -> int:
    """Write why nothing is asked, in the form that was chosen, and return the exit status."""
    _output(form, _no_id, out, err).finish(failed_result(failure, model))
    if form == "plain":
        Notes(err, _no_id).failure(failure)
    return exit_status_for(failure)


def _no_id() -> None:
    """The id of a conversation that was not begun."""


def _output(form: str, saved_id: SavedId, out: TextIO, err: TextIO, *, holds: bool = False) -> Output:
    match form:
        case "json":
            return JsonOutput(out, err, saved_id)
        case "stream-json":
            return StreamJsonOutput(out, saved_id)
        case _:
            return PlainOutput(out, err, saved_id, holds=holds)


async def _run(conversation: OpenConversation, question: Question, output: Output, rounds: Rounds) -> _Ran:
    """Run the turn under its time limit."""
    loop = asyncio.get_running_loop()
    timer = None
    late: list[Failure] = []

    def end(failure: Failure) -> None:
        late.append(failure)
        conversation.stop(failure)

    if question.timeout_s is not None:
        timer = loop.call_later(question.timeout_s, end, _timed_out(question.timeout_s))
    ended: AnswerEnded | NotSent | None = None
    over: Failure | None = None
    conversation.ask(question.message)
    try:
        async with aclosing(conversation.turn()) as turn:
            async for event in turn:
                if isinstance(event, Notice) and event.failure.kind is ErrorKind.BUDGET:
                    event = Notice(_of_all_rounds(event.failure, question, rounds))
                output.show(event)
                rounds.add(event)
                if isinstance(event, AnswerEnded) and question.max_cost_usd is not None:
                    budgets = conversation.services.budgets  # what is left is for the next round
                    left_usd = max(question.max_cost_usd - rounds.spent_usd, Decimal(0))
                    budgets.budget = budgets.budget.with_limit(Scope.ANSWER, left_usd)
                if isinstance(event, Notice) and event.failure.kind is ErrorKind.BUDGET:
                    over = event.failure if event.failure.code != WARNED else over
                if isinstance(event, AnswerEnded | NotSent):
                    ended = event
    finally:
        if timer is not None:
            timer.cancel()
    assert ended is not None, "a turn ends with its answer, or is not sent"
    return _Ran(ended, over, late[0] if late else None)


def _timed_out(timeout_s: float) -> Failure:
    return Failure(
        ErrorKind.TIMEOUT,
        f"No complete answer within {timeout_s:g} s (--timeout).",
        "Allow more time with --timeout, or ask for a shorter answer.",
        retryable=True,
    )


def _of_all_rounds(failure: Failure, question: Question, rounds: Rounds) -> Failure:
    """A budget's failure, where its limit is the flag's: that counts for all rounds together."""
    if failure.code != Scope.ANSWER.value or question.max_cost_usd is None or not rounds.answers:
        return failure
    spent, limit = figures.dollars(rounds.spent_usd), figures.dollars(question.max_cost_usd)
    message = f"The rounds so far have cost {spent}: the next one would go over --max-cost {limit}."
    return msgspec.structs.replace(_with_flag(failure), message=message)


def _with_flag(failure: Failure) -> Failure:
    """The failure with the flag that sends the question all the same, where there is one."""
    if failure.kind is not ErrorKind.BUDGET:
        return failure
    return msgspec.structs.replace(failure, advice=f"{failure.advice} --over-budget does that.")


class _Interrupts:
    """Signal handlers while the answer runs: SIGINT, SIGTERM and SIGHUP stop it, and what arrived is still written."""

    def __init__(self, conversation: OpenConversation) -> None:
        self._conversation = conversation
        self.exit_status = 0
        """128 plus the signal's number; 0 where none came."""
        self._handled = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup has it
            self._handled.append(signal.SIGHUP)

    def __enter__(self) -> "_Interrupts":
        loop = asyncio.get_running_loop()
        for number in self._handled:
            loop.add_signal_handler(number, self._stop, number)
        return self

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in self._handled:
            loop.remove_signal_handler(number)

    def _stop(self, number: int) -> None:
        self.exit_status = 128 + number
        self._conversation.stop()
