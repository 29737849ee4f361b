"""Commands about the answer: stop it, ask again, ask differently."""

from tui_chat.core.parts import Role
from tui_chat.core.tree import last_of
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace.refusal import CommandRefused


def stop(context: CommandContext, _: str) -> None:
    """End the answer that is being written."""
    if not context.conversation.turns.is_running:
        raise CommandRefused("No answer is being written.")
    context.conversation.turns.stop()


def retry(context: CommandContext, model: str) -> None:
    """Answer the last question once more."""
    if last_of(context.conversation.session.path, Role.USER) is None:
        raise CommandRefused("There is no question yet.")
    context.conversation.turns.run(context.conversation.session.retry(model))


def edit(context: CommandContext, _: str) -> None:
    """Take the last question back into the composer; what is sent then takes its place, the old branch stays."""
    question = last_of(context.conversation.session.path, Role.USER)
    if question is None:
        raise CommandRefused("There is no question yet.")
    context.conversation.editing.begin(question)


async def fork(context: CommandContext, _: str) -> None:
    """Go on in a new conversation that begins like this one."""
    if not context.conversation.session.path:
        raise CommandRefused("There is nothing to fork yet.")
    forked = await context.conversation.session.fork(context.conversation.session.path[-1].id)
    await context.conversation.open_session(forked)
    context.toast("You are in a copy; the conversation it came from stays as it was.")
