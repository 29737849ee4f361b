"""Commands about the conversation as a whole: begin, resume, name, instruct, keep off the disk."""

from tui_chat.chat.session import Session
from tui_chat.ui import dialogs
from tui_chat.ui.commands.actions.files import write
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import verbs
from tui_chat.workspace.conversation_list import ConversationList


async def new(context: CommandContext, _: str) -> None:
    """Begin an empty conversation with the model and the system prompt of this one."""
    await context.open(verbs.new_session(context.conversation, is_temporary=context.conversation.is_temporary))


async def temporary(context: CommandContext, _: str) -> None:
    """Keep a temporary conversation, or begin one."""
    if context.conversation.is_temporary:
        words = await verbs.keep(context.conversation)
        context.writing.drafting.kept()
        context.show_facts()
    else:
        await context.open(verbs.new_session(context.conversation, is_temporary=True))
        words = "Nothing of this conversation is written to disk. /temporary again keeps it."
    context.note(words)


async def resume(context: CommandContext, id_prefix: str) -> None:
    """Open a saved conversation, by the beginning of its id or from the list."""
    services = context.conversation.services
    if not id_prefix:
        listed = ConversationList(services.store)
        await listed.read_first()
        search = next((command for command in context.commands if command.id == "search"), None)
        chosen = await context.ask(
            dialogs.history(
                listed,
                context.conversations,
                _BehindTheList(context),
                can_search=search is not None,
                now=services.clock.now,
            )
        )
        if chosen is None:
            return
        if not isinstance(chosen, str):
            if search is not None:
                context.execute(search, chosen.words)
            return
        id_prefix = chosen
    await context.open(await Session.resume(services, id_prefix, is_temporary=context.program.is_temporary))


class _BehindTheList:
    """The chat, as far as the list of conversations goes."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        self.note, self.tell, self.show_facts = context.note, context.tell, context.show_facts

    async def begin_anew(self) -> None:
        """Begin an empty conversation in the place of the open one."""
        await new(self._context, "")

    async def save(self, export: verbs.Export) -> None:
        """Write a document to its file."""
        await write(self._context, export)


async def archive(context: CommandContext, _: str) -> None:
    """Archive the conversation, or bring it back."""
    context.note(await context.conversations.toggle_archived())
    context.show_facts()


async def rename(context: CommandContext, title: str) -> None:
    """Give the conversation a name."""
    words = await verbs.rename(context.conversation, title)
    context.show_facts()
    context.note(words)


async def system(context: CommandContext, text: str) -> None:
    """Set the system prompt, or show it to be changed."""
    if not text:
        before = context.conversation.session.conversation.system
        answer = await context.ask(dialogs.text("System prompt", before, hint="Empty sends none."))
        if answer is None:
            return
        text = answer.strip()
    context.note(await verbs.set_system(context.conversation, text))
