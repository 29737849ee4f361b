"""Takes a stored call again: what is to be done with it, what has to be asked for that, and the result in the
inspector."""

import asyncio
import os
from typing import Final

from tui_chat.chat.tool_plans import CallFault, ToolPlan
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.ui import dialogs
from tui_chat.ui.commands.actions.answers import choose_other_model
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import again as taking
from tui_chat.workspace.again_words import Way, asked_in
from tui_chat.workspace.calls import Call

_EDITOR: Final = "Edit its schema in the editor"
_FILE: Final = "Read a schema from a file"


async def again(context: CommandContext, words: str) -> None:
    """Take the call that is named again, or the one that is chosen, in the way that is named or chosen.

    Raises:
        CommandRefused: that cannot be done.
    """
    asked = asked_in(words)
    call = taking.picked(context.conversation, asked.call)
    way = asked.way
    if way is None:
        ways = {f"{each.value[0].upper()}{each.value[1:]}": each for each in taking.ways_of(call)}
        title = f"{sanitize_line(call.name, 60)} again"
        chosen = await context.ask(dialogs.names(title, [(words, "") for words in ways]))
        way = None if chosen is None else ways[chosen]
    if way is None:
        return
    taking.check_way(call, way)
    match way:
        case Way.RUN:
            await _run(context, call, asked.rest)
        case Way.SCHEMA:
            await _hold_against(context, call, asked.rest)
        case Way.MODEL:
            await _ask_model(context, call, asked.rest)
        case Way.PUT:
            context.note(await taking.put(context.conversation, call))
            await context.show_path()


async def _run(context: CommandContext, call: Call, arguments: str) -> None:
    """Ask for other arguments, and whether they may run; they run once."""
    text = arguments or call.arguments
    is_asked = bool(arguments)
    while True:
        if not is_asked:
            edited = await context.ask(dialogs.text("Arguments", taking.readable(text), hint="as JSON"))
            if edited is None:
                return
            is_same = edited == taking.readable(call.arguments)
            text = call.arguments if is_same else edited  # what stays, stays byte for byte
        is_asked = False
        match taking.plan(context.conversation, call, text):
            case ToolPlan() as plan:
                words = f"It runs {sanitize(plan.words)}, {plan.limits}."
                if await context.ask(dialogs.yes_or_no("Run it?", words, no="Edit it further", yes="Run this once")):
                    await _running(context, call, plan)
                    return
            case CallFault(_, why):
                context.note(sanitize(why), severity="warning")
            case None:
                await _answer(context, call, text)
                return


async def _running(context: CommandContext, call: Call, plan: ToolPlan) -> None:
    """Run it, and show it from its beginning on; that it ended is said, and takes nobody from what they do then."""
    conversation = context.conversation

    def show(again: Call) -> None:
        if conversation is context.conversation:
            context.dispatch.run(context.panes.show_call(again.key, output=True), "tools")

    try:
        done = await taking.run(conversation, call, plan, begun=show)
    finally:
        context.opened.ran_beside(conversation)
    context.note(f"{sanitize_line(done.name, 60)}, taken again: {done.state.value}.")


async def _answer(context: CommandContext, call: Call, arguments: str) -> None:
    """Ask a person for the result of a call that nothing runs."""
    content = await context.ask(dialogs.text(f"Result of {sanitize_line(call.name, 60)}"))
    if content is not None:
        done = taking.answer(context.conversation, call, arguments, content, is_error=False)
        await context.panes.show_call(done.key, output=True)


async def _hold_against(context: CommandContext, call: Call, path: str) -> None:
    """Ask for another schema, and show which marks change."""
    if not path:
        title = "Another schema for the arguments: nothing is sent"
        match await context.ask(dialogs.names(title, [(_EDITOR, ""), (_FILE, "")])):
            case None:
                return
            case words if words == _FILE:
                if not (path := (await context.ask(dialogs.line("File with the schema", hint="PATH")) or "").strip()):
                    return
    text = await asyncio.to_thread(taking.schema_in, path) if path else await _edited(context, call)
    done = await taking.hold_against(context.conversation, call, text)
    await context.panes.show_call(done.key, output=False)


async def _edited(context: CommandContext, call: Call) -> str:
    return await context.program.editor.change(
        os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi",
        taking.schema_text(context.conversation, call),
        is_temporary=context.conversation.is_temporary,
    )


async def _ask_model(context: CommandContext, call: Call, model: str) -> None:
    """Ask another model what the call's answer has answered."""
    model = model or await choose_other_model(context) or ""
    if model:
        taking.ask_model(context.conversation, call, model)
        context.follow()
