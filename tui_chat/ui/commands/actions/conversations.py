"""Commands about the conversation as a whole: begin, resume, name, instruct, keep off the disk."""

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext


async def new(context: CommandContext, _: str) -> None:
    """Begin an empty conversation with the model and the instructions of this one."""
    await _begin(context, is_temporary=context.conversation.session.is_temporary)


async def temporary(context: CommandContext, _: str) -> None:
    """Keep a temporary conversation, or begin one."""
    if context.conversation.session.is_temporary:
        await context.conversation.session.keep()
        context.conversation.drafting.kept()
        context.conversation.show_facts()
        context.toast("This conversation is kept from now on, from its first message.")
    else:
        await _begin(context, is_temporary=True)
        context.toast("Nothing of this conversation is written to disk. /temporary again keeps it.")


async def _begin(context: CommandContext, *, is_temporary: bool) -> None:
    from tui_chat.chat.session import (
        Session,
    )  # after the first frame: nothing before it needs a session

    conversation = context.conversation.session.conversation
    fresh = Session.new(
        context.conversation.services, model=conversation.model, system=conversation.system, is_temporary=is_temporary
    )
    await context.conversation.open_session(fresh)


async def resume(context: CommandContext, id_prefix: str) -> None:
    """Open a saved conversation, by the beginning of its id or from the list."""
    from tui_chat.chat.session import (
        Session,
    )  # after the first frame: nothing before it needs a session

    if not id_prefix:
        summaries = await context.conversation.services.store.list()
        chosen = await context.ask(dialogs.history(summaries, now=context.conversation.services.clock.now))
        if chosen is None:
            return
        id_prefix = chosen
    is_temporary = context.program.is_temporary
    await context.conversation.open_session(
        await Session.resume(context.conversation.services, id_prefix, is_temporary=is_temporary)
    )


async def rename(context: CommandContext, title: str) -> None:
    """Give the conversation a name."""
    await context.conversation.session.rename(title)
    context.conversation.show_facts()
    context.toast(f"Renamed: {sanitize_line(title, 80)}")


async def system(context: CommandContext, text: str) -> None:
    """Set the system prompt, or show it to be changed."""
    if not text:
        dialog = dialogs.text(
            "System prompt", context.conversation.session.conversation.system, hint="Empty sends none."
        )
        answer = await context.ask(dialog)
        if answer is None:
            return
        text = answer.strip()
    await context.conversation.session.set_system(text)
    context.toast("The system prompt counts from the next question." if text else "No system prompt is sent any more.")
