"""What a person says about a call that waits, with what has to be asked for it: a reason, other arguments, how much."""

import json

from tui_chat.chat.history import parse_arguments
from tui_chat.chat.policy import Breadth
from tui_chat.chat.tool_plans import CallFault, Planned, ToolPlan
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.ui import dialogs
from tui_chat.ui.chat_screen.host import AskingHost
from tui_chat.ui.panes.call_decision import Decision
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.deciding import (
    CallKey,
    Deny,
    Run,
    RunAlways,
    SendBack,
    Verdict,
    breadths,
    chosen_fields,
    field_names,
    plan_of,
)
from tui_chat.workspace.refusal import CommandRefused


async def verdict_of(
    host: AskingHost, conversation: OpenConversation, key: CallKey, decision: Decision, planned: Planned
) -> Verdict | None:
    """The decision as the conversation takes it; None where the person left it.

    Raises:
        CommandRefused: the call does not wait any more.
    """
    match decision, planned:
        case Decision.DENY, _:
            reason = await host.ask(dialogs.line("Reason for the model", hint="none is fine"))
            return None if reason is None else Deny(reason)
        case Decision.SEND_BACK, CallFault():
            return SendBack()
        case Decision.RUN, ToolPlan():
            return Run(planned)
        case Decision.ALWAYS, ToolPlan():
            return await _always(host, conversation, planned)
        case Decision.EDIT, ToolPlan() | CallFault():
            return await _edited(host, conversation, key, planned.call.arguments)
        case _:
            return None


async def _always(host: AskingHost, conversation: OpenConversation, plan: ToolPlan) -> Verdict | None:
    name = sanitize_line(plan.call.name, 100)
    offered = [(each.value, "") for each in breadths(conversation, plan)]
    chosen = await host.ask(dialogs.names(f"Always run {name}", offered))
    if chosen is None:
        return None
    breadth = Breadth(chosen)
    if not breadth.is_of_fields:
        return RunAlways(plan, breadth)
    words = sanitize_line(", ".join(field_names(plan)))
    while (named := await host.ask(dialogs.line("Arguments that have to stay as they are", words))) is not None:
        try:
            return RunAlways(plan, breadth, chosen_fields(plan, named))
        except CommandRefused as refused:
            host.note(str(refused), severity="warning")
            words = named
    return None


async def _edited(host: AskingHost, conversation: OpenConversation, key: CallKey, arguments: str) -> Verdict | None:
    """Other arguments, and what they would do, until the person runs them or leaves it."""
    parsed, _ = parse_arguments(arguments)
    text = arguments if parsed is None else json.dumps(parsed, indent=2, ensure_ascii=False)
    while True:
        edited = await host.ask(dialogs.text("Arguments", text, hint="as JSON"))
        if edited is None:
            return None
        text = edited
        match plan_of(conversation, key, text):
            case ToolPlan() as plan:
                words = f"It runs {sanitize(plan.words)}, {plan.limits}."
                if await host.ask(dialogs.yes_or_no("Run it?", words, no="Edit it further", yes="Run this once")):
                    return Run(plan)
            case CallFault(_, why):
                host.note(sanitize(why), severity="warning")
            case None:
                return None
