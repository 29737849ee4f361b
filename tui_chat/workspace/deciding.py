"""What a person decides about a call that waits, the same for every front end.

A front end shows a plan and hands the same plan back with the decision. It runs only where it still is what the call
would do: what was shown is what runs.
"""

from typing import Protocol

import msgspec

from tui_chat.chat.kept_permissions import NOT_HERE, covered
from tui_chat.chat.policy import Breadth, Permission, values_of
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import ToolFinished
from tui_chat.chat.tool_plans import CallFault, Planned, ToolPlan
from tui_chat.chat.tool_results import fault_result
from tui_chat.core.errors import SettingsError
from tui_chat.core.parts import DENIED, ToolCall
from tui_chat.core.sanitize import sanitize_line
from tui_chat.workspace.refusal import CommandRefused

CallKey = tuple[str, int]
"""Identity of a call on the board: see `Call.key`."""

CHANGED = "The call is not what it was when you looked at it. Look again."
RUNS = "This call is running already."
GONE = "This call does not wait any more."


class Waiting(Protocol):
    """The open conversation, as far as a decision concerns it."""

    @property
    def session(self) -> Session:
        """The conversation in the domain."""
        ...

    async def give_result(self, call_id: str, content: str, *, is_error: bool = False) -> ToolFinished:
        """Give a call its result."""
        ...

    def run_approved(self) -> None:
        """Run the calls that are approved."""
        ...


class Deny(msgspec.Struct, frozen=True):
    """Do not run it, and tell the model so."""

    reason: str = ""
    """For the model; empty gives none."""


class Run(msgspec.Struct, frozen=True):
    """Run this plan, once."""

    plan: ToolPlan


class RunAlways(msgspec.Struct, frozen=True):
    """Run this plan, and what is like it, without asking again."""

    plan: ToolPlan
    breadth: Breadth
    fields: tuple[str, ...] = ()
    """With FIELDS and KEPT_FIELDS, names of the arguments whose values have to stay as they are in the plan."""


class SendBack(msgspec.Struct, frozen=True):
    """It cannot run: tell the model why."""


Verdict = Deny | Run | RunAlways | SendBack


def plan_of(conversation: Waiting, key: CallKey, arguments: str | None = None) -> Planned:
    """What a call that waits would do, with other `arguments` where they are given; None where a person answers it.

    Raises:
        CommandRefused: it does not wait any more.
    """
    call = waiting_call(conversation, key)
    if arguments is not None:
        call = msgspec.structs.replace(call, arguments=arguments, fragments=())
    use = conversation.session.tool_use
    return use.toolbox.plan(call) if use.runner is not None else None


def plan_if_waiting(conversation: Waiting, key: CallKey) -> Planned:
    """What a call would do; None also where it does not wait any more."""
    try:
        return plan_of(conversation, key)
    except CommandRefused:
        return None


def runs_without_asking(conversation: Waiting, key: CallKey) -> bool:
    """A call that waits is covered by what was allowed meanwhile: it runs with the next one that does."""
    planned = plan_if_waiting(conversation, key)
    if not isinstance(planned, ToolPlan):
        return False
    session, call = conversation.session, planned.call
    given = (session.approvals.permissions, session.services.tool_use.standing)
    is_given = any(permissions.cover(call, planned.digest) for permissions in given)
    return is_given or covered(session.tool_use.keeper, call, planned.tool_hash)


def waiting_call(conversation: Waiting, key: CallKey) -> ToolCall:
    """The call that waits under this key.

    Raises:
        CommandRefused: it does not wait any more.
    """
    session = conversation.session
    node = session.tree.get(key[0])
    calls = node.message.tool_calls if node is not None and key[0] == session.approvals.answer_id else ()
    if key[1] < len(calls) and any(pending.id == calls[key[1]].id for pending in session.pending_calls):
        return calls[key[1]]
    raise CommandRefused(GONE)


def breadths(conversation: Waiting, plan: ToolPlan) -> tuple[Breadth, ...]:
    """How far a plan may be allowed: no values can be kept of a call that has none, and nothing on disk of a
    conversation that is temporary."""
    keeper = conversation.session.tool_use.keeper
    keeps = keeper.can_keep and bool(plan.tool_hash) and not conversation.session.is_temporary
    has_fields = bool(values_of(plan.call.arguments))
    return tuple(each for each in Breadth if (keeps or not each.is_kept) and (has_fields or not each.is_of_fields))


def field_names(plan: ToolPlan) -> tuple[str, ...]:
    """Names of a plan's arguments."""
    return tuple(name for name, _ in values_of(plan.call.arguments) or ())


def chosen_fields(plan: ToolPlan, words: str) -> tuple[str, ...]:
    """The arguments that somebody named, with commas between them.

    Raises:
        CommandRefused: there is none of such a name, or none was named.
    """
    known = field_names(plan)
    named = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    if not named or not set(named) <= set(known):
        listed = ", ".join(sanitize_line(name, 100) for name in known)
        raise CommandRefused(f"Name arguments of this call, with commas between them: {listed}.")
    return named


def _permission(verdict: RunAlways) -> Permission:
    call, breadth = verdict.plan.call, verdict.breadth
    digest = verdict.plan.tool_hash if breadth.is_kept else verdict.plan.digest
    if breadth.is_of_fields:
        if not (fields := values_of(call.arguments, verdict.fields)):
            raise CommandRefused(CHANGED)
        return Permission(call.name, breadth, fields=fields, digest=digest)
    arguments = call.arguments if breadth in (Breadth.EXACT, Breadth.KEPT_EXACT) else ""
    return Permission(call.name, breadth, arguments=arguments, digest=digest)


async def _allow(conversation: Waiting, verdict: RunAlways) -> None:
    """Let calls like this one run without asking.

    Raises:
        CommandRefused: that cannot be kept.
    """
    session, permission = conversation.session, _permission(verdict)
    if not verdict.breadth.is_kept:
        is_everywhere = verdict.breadth is Breadth.ALWAYS
        (session.services.tool_use.standing if is_everywhere else session.approvals.permissions).allow(permission)
        return
    if verdict.breadth not in breadths(conversation, verdict.plan):
        raise CommandRefused(NOT_HERE)
    try:
        await session.tool_use.keeper.keep(permission, verdict.plan.source)
    except SettingsError as error:
        raise CommandRefused(f"{error.failure.message} {error.failure.advice}") from None


def asks_on(session: Session) -> bool:
    """Say whether some call still waits for the person, and not for its turn to run."""
    return any(not session.runs(call.id) and not session.approvals.has(call.id) for call in session.pending_calls)


async def decide(conversation: Waiting, key: CallKey, verdict: Verdict) -> ToolFinished | None:
    """Carry out a decision. A run is due afterwards (see `is_due`), or begins in the turn that runs; a call that is
    denied or sent back has its result, which is returned.

    Raises:
        CommandRefused: the call does not wait any more, or is not what was shown.
    """
    call = waiting_call(conversation, key)
    match verdict:
        case Deny(reason):
            words = f"{DENIED} Reason: {reason.strip()}" if reason.strip() else DENIED
            return await conversation.give_result(call.id, words, is_error=True)
        case SendBack():
            fault = plan_of(conversation, key)
            if not isinstance(fault, CallFault):
                raise CommandRefused(CHANGED)
            return await conversation.give_result(call.id, fault_result(fault), is_error=True)
        case Run(plan) | RunAlways(plan):
            _check(conversation, key, plan)
            if isinstance(verdict, RunAlways):
                await _allow(conversation, verdict)
                _check(conversation, key, plan)  # keeping takes a moment
            conversation.session.approvals.approve(plan)
            conversation.run_approved()
            return None


def _check(conversation: Waiting, key: CallKey, plan: ToolPlan) -> None:
    """Hold that the call waits, and that this plan is what it would do.

    Raises:
        CommandRefused: it is not so.
    """
    call = waiting_call(conversation, key)
    if conversation.session.runs(call.id):
        raise CommandRefused(RUNS)
    edited = plan.call.arguments if plan.call.arguments != call.arguments else None
    if plan_of(conversation, key, edited) != plan:
        raise CommandRefused(CHANGED)
