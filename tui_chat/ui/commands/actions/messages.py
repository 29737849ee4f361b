"""Commands about single messages: edit, mute, pin, label, note, variants, undo, fork."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from tui_chat.core.parts import Role
from tui_chat.core.sending import is_summary_in_force
from tui_chat.core.tree import Node
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext, Handler
from tui_chat.workspace import compacting, shaping, verbs
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused


async def edit(context: CommandContext, number: str) -> None:
    """Take a question into the composer, where the next message takes its place, or an answer into a dialog; what was
    there stays as a variant."""
    await edit_node(context, shaping.edited(context.conversation, number, context.transcript.here))


async def edit_node(context: CommandContext, node: Node) -> None:
    """Edit this message."""
    if node.message.role is Role.USER:
        context.writing.editing.begin(node)
        return
    before = words = shaping.words_of(context.conversation, node)
    hint = "What the model wrote stays."
    while (edited := await context.ask(dialogs.text("Edit the answer", words, hint=hint, verb="save"))) is not None:
        words = edited
        try:
            context.note(await shaping.edit_answer(context.conversation, node, words))
        except CommandRefused as refusal:
            context.note(str(refusal), severity="warning")
            if words == before:
                return
        else:
            await context.show_path()
            return


if TYPE_CHECKING:
    from tui_chat.chat.session import Session

Marking = Callable[[OpenConversation, Node], Awaitable[str]]


def marking(mark: Marking) -> Handler:
    """Note something of a message, or take it back."""

    async def run(context: CommandContext, number: str) -> None:
        node = shaping.marked(context.conversation, number, context.transcript.here)
        context.note(await mark(context.conversation, node))
        await context.show_path()

    return run


async def delete(context: CommandContext, number: str) -> None:
    """Take a message out of sight."""
    node = shaping.deleted(context.conversation, number, context.transcript.here)
    context.note(await shaping.toggle_deleted(context.conversation, node))
    await context.show_path()


async def facts(context: CommandContext, number: str) -> None:
    """Show what is known of a message."""
    await show_facts(context, shaping.looked_at(context.conversation, number, context.transcript.here))


async def show_facts(context: CommandContext, node: Node) -> None:
    """Show what is known of this message."""
    from tui_chat.workspace.facts import Fact, facts_of  # the first frame does without

    def read() -> Sequence[Fact]:
        return facts_of(conversation, conversation.session.tree.get(node.id) or node)

    conversation = context.conversation
    await context.ask(dialogs.facts(read))


async def label(context: CommandContext, words: str) -> None:
    """Label a message, or bookmark it."""
    number, name = shaping.number_and_words(words)
    node = shaping.marked(context.conversation, number, context.transcript.here)
    said = (
        shaping.label(context.conversation, node, name) if name else shaping.toggle_bookmark(context.conversation, node)
    )
    context.note(await said)
    await context.show_path()


async def label_as(context: CommandContext, _: str) -> None:
    """Ask for a label, and give it to the message under the cursor."""
    await ask_for_label(
        context, context.conversation, shaping.marked(context.conversation, "", context.transcript.here)
    )
    await context.show_path()


async def ask_for_label(context: CommandContext, conversation: OpenConversation, node: Node) -> None:
    """Ask for a label, and give it to this message of a conversation."""
    shaping.refuse_where_it_grows(node)
    if name := await context.ask(dialogs.line("Label", hint="The same once more takes it away.", verb="save")):
        context.note(await shaping.label(conversation, node, name))


async def note(context: CommandContext, text: str) -> None:
    """Add a message that nobody is asked to answer."""
    context.note(await shaping.note(context.conversation, text))
    await context.show_path()


def turning(step: int) -> Handler:
    """Go to the next variant, or with -1 to the one before."""

    async def run(context: CommandContext, _: str) -> None:
        node = shaping.varied(context.conversation, context.transcript.here)
        context.note(await shaping.turn_variant(context.conversation, node, step))
        await context.show_path()

    return run


async def variant(context: CommandContext, number: str) -> None:
    """Go to a variant by its number, or to the next."""
    node = shaping.varied(context.conversation, context.transcript.here)
    context.note(await shaping.show_variant(context.conversation, node, number))
    await context.show_path()


async def undo(context: CommandContext, _: str) -> None:
    """Take back the last thing that was done to messages; on a summary, send all messages again."""
    here = context.conversation.session.tree.get(context.transcript.here)
    if here is not None and is_summary_in_force(here):
        context.note(await compacting.undo_compacting(context.conversation))
    else:
        await undo_here(context)
    await context.show_path()


async def fork(context: CommandContext, number: str) -> None:
    """Go on in a new conversation that begins like this one."""
    await go_to_copy(context, await verbs.fork(context.conversation, number, context.transcript.here))


async def go_to_copy(context: CommandContext, copy: "Session") -> None:
    """Go on in a copy of this conversation."""
    origin = context.conversation
    await context.open(copy)
    context.conversation.changes.forks(origin.session, origin.changes)
    context.note(verbs.in_a_copy_of(origin))


async def undo_here(context: CommandContext) -> None:
    """Take back the last thing that was done to messages, or go back from a copy to which nothing was done."""
    origin = context.conversation.changes.forked_from
    if origin is None:
        context.note(await shaping.undo(context.conversation))
        return
    shaping.refuse_while_answering(context.conversation)
    id_, is_temporary = origin.session.conversation.id, origin.session.is_temporary
    await context.open(await context.opened.resume(id_, is_temporary=is_temporary))
    context.conversation.changes = origin.changes
    context.note(verbs.BACK_FROM_COPY)
