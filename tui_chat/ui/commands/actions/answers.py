"""Commands about the answer: stop it, ask again, go on with it."""

from tui_chat.core.tree import Node
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import compacting, shaping, verbs
from tui_chat.workspace.refusal import CommandRefused


def stop(context: CommandContext, _: str) -> None:
    """End the answer that is being written."""
    verbs.stop(context.conversation)


def retry(context: CommandContext, model: str) -> None:
    """Answer the last question, or the one under the transcript's cursor, once more."""
    shaping.ask_again(context.conversation, shaping.asked(context.conversation, context.transcript.here), model)
    context.follow()


async def retry_by(context: CommandContext, _: str) -> None:
    """The same by a model that is chosen."""
    await ask_another(context, shaping.asked(context.conversation, context.transcript.here))


async def ask_another(context: CommandContext, question: Node) -> None:
    """Let a model that is chosen answer a question."""
    if (model := await choose_other_model(context)) is not None:
        shaping.ask_again(context.conversation, question, model)
        context.follow()


async def choose_other_model(context: CommandContext) -> str | None:
    """Let the person choose another model; None where that was left.

    Raises:
        CommandRefused: no other is known.
    """
    conversation = context.conversation
    recent = [model for model in conversation.recent.newest_first if model != conversation.session.conversation.model]
    others = [model.id for model in conversation.services.catalog.known().offered if model.id not in recent]
    if not recent and not others:
        raise CommandRefused("No other model is known yet: /models shows them.")
    return await context.ask(dialogs.names("Ask another model", [(id_, "") for id_ in (*recent, *others)]))


async def continue_answer(context: CommandContext, number: str) -> None:
    """Go on with an answer that was cut."""
    conversation = context.conversation
    context.note(
        await shaping.continue_answer(conversation, shaping.continued(conversation, number, context.transcript.here))
    )
    context.follow()


async def compact(context: CommandContext, words: str) -> None:
    """Send a summary in the place of the older messages, or those again."""
    if words.strip().lower() != "undo":
        context.note(compacting.compact(context.conversation, words.strip()))
        context.follow()
        return
    context.note(await compacting.undo_compacting(context.conversation))
    await context.show_path()
