"""Commands about the answer: stop it, ask again, edit the question."""

from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import verbs


def stop(context: CommandContext, _: str) -> None:
    """End the answer that is being written."""
    verbs.stop(context.conversation)


def retry(context: CommandContext, model: str) -> None:
    """Answer the last question once more."""
    verbs.retry(context.conversation, model)
    context.follow()


def edit(context: CommandContext, _: str) -> None:
    """Take the last question back into the composer; the next message takes its place, and the old branch stays."""
    context.writing.editing.begin(verbs.last_question(context.conversation))


async def fork(context: CommandContext, _: str) -> None:
    """Go on in a new conversation that begins like this one."""
    await context.open(await verbs.fork(context.conversation))
    context.note("You are in a copy; the conversation it came from stays as it was.")
