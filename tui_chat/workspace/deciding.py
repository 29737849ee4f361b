"""What a person decides about a call that waits, the same for every front end.

A front end shows a plan and hands the same plan back with the decision. It runs only where it still is what the call
would do: what was shown is what runs.
"""

from typing import Protocol

import msgspec

from tui_chat.chat.policy import Breadth, Permission, Permissions, values_of
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import ToolFinished
from tui_chat.chat.tool_plans import CallFault, Planned, ToolPlan
from tui_chat.chat.tool_results import fault_result
from tui_chat.core.parts import ToolCall
from tui_chat.core.sanitize import sanitize_line
from tui_chat.workspace.refusal import CommandRefused

CallKey = tuple[str, int]
"""Identity of a call on the board: see `Call.key`."""

ALLOWED = "allowed"
"""Word behind `/tools`: what runs without asking."""
NONE_ALLOWED = "Nothing runs without asking."
DENIED = "The user denied this call."
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
    """With FIELDS, names of the arguments whose values have to stay as they are in the plan."""


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


def allowed_in(conversation: Waiting) -> dict[str, Permissions]:
    """What runs without asking, each in words: calls that the person allowed, here and in every conversation."""
    session = conversation.session
    both = (session.approvals.permissions, session.services.tool_use.standing)
    return {_permission_words(each): allowed for allowed in both for each in allowed.given}


def breadths(plan: ToolPlan) -> tuple[Breadth, ...]:
    """How far a plan may be allowed: no values can be kept of a call that has none."""
    return tuple(each for each in Breadth if each is not Breadth.FIELDS or values_of(plan.call.arguments))


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
    call, digest = verdict.plan.call, verdict.plan.digest
    match verdict.breadth:
        case Breadth.EXACT:
            return Permission(call.name, Breadth.EXACT, arguments=call.arguments, digest=digest)
        case Breadth.FIELDS:
            if not (fields := values_of(call.arguments, verdict.fields)):
                raise CommandRefused(CHANGED)
            return Permission(call.name, Breadth.FIELDS, fields=fields, digest=digest)
        case Breadth.CONVERSATION | Breadth.ALWAYS:
            return Permission(call.name, verdict.breadth, digest=digest)


def take_back(allowed: Permissions, words: str) -> None:
    """Ask again about what these words of `allowed_in` stand for."""
    for each in allowed.given:
        if _permission_words(each) == words:
            allowed.take_back(each)


def _permission_words(permission: Permission) -> str:
    said = permission.arguments or ", ".join(f"{name} = {value}" for name, value in permission.fields)
    return f"{sanitize_line(permission.name, 100)}, {permission.breadth}{f': {sanitize_line(said)}' if said else ''}"


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
            if conversation.session.runs(call.id):
                raise CommandRefused(RUNS)
            edited = plan.call.arguments if plan.call.arguments != call.arguments else None
            if plan_of(conversation, key, edited) != plan:
                raise CommandRefused(CHANGED)
            approvals = conversation.session.approvals
            if isinstance(verdict, RunAlways):
                allowed = approvals.permissions
                if verdict.breadth is Breadth.ALWAYS:
                    allowed = conversation.session.services.tool_use.standing
                allowed.allow(_permission(verdict))
            approvals.approve(plan)
            conversation.run_approved()
            return None
