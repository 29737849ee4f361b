"""Commands about budgets, and the question where a request would go over one."""

from typing import TYPE_CHECKING

from tui_chat.core.budget import Scope
from tui_chat.core.errors import SettingsError
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import budgets
from tui_chat.workspace.budgets import WayOut

if TYPE_CHECKING:
    from tui_chat.core.budget import Budget
    from tui_chat.core.errors import Failure


async def budget(context: CommandContext, words: str) -> None:
    """Set a budget, or show them all to be set."""
    if words:
        _keep(context, *await budgets.change(context.conversation.session, words))
    else:
        await _set(context)


async def _set(context: CommandContext) -> bool:
    """Let the person choose a budget and set it; whether one was."""
    session = context.conversation.session
    standings = await budgets.standings(session)
    listed = [(each.scope.value, each.words) for each in standings]
    chosen = await context.ask(dialogs.names("Budgets", listed))
    if chosen is None:
        return False
    scope = Scope(chosen)
    limit = next((f"{each.limit}" for each in standings if each.scope is scope and each.limit is not None), "")
    typed = await context.ask(
        dialogs.line(f"Budget · {chosen} · US dollars", limit, hint="like 1.50; empty is none", verb="save")
    )
    if typed is None:
        return False
    _keep(context, *await budgets.change(session, f"{scope.value} {typed.strip() or budgets.NONE}"))
    return True


def _keep(context: CommandContext, said: str, kept: "Budget | None") -> None:
    """Say what holds now, and keep in the settings what is for every conversation."""
    context.show_facts()
    if kept is not None:
        try:
            context.program.keeping.keep("budget", kept)
        except SettingsError as error:
            said = f"{said} It is not kept for later: {error.failure.message}"
    context.note(said)


async def over(context: CommandContext, text: str, failure: "Failure") -> None:
    """Ask what becomes of a request that would go over a budget; its text, if any, is in the composer."""
    conversation = context.conversation
    session = conversation.session
    words = f"{failure.message}\n{failure.advice}"
    way = await context.ask(dialogs.over_budget(failure.title, words, budgets.ways_out(session, failure)))
    match way:
        case WayOut.ONCE:
            budgets.allow(session, failure)
        case WayOut.FREE:
            await context.models.switch(budgets.free_model(session))
        case WayOut.BUDGET:
            if not await _set(context):
                return
        case _:
            return
    is_in_sight = conversation is context.conversation
    if is_in_sight and not text and way is not WayOut.FREE and conversation.ask_unasked():
        context.follow()
        return
    if not is_in_sight or not text or context.composer.text != text:
        context.note("The next request may go." if way is WayOut.ONCE else "Send it when you are ready.")
        return
    context.composer.action_send_here()
