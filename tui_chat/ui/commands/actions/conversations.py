"""Commands about the conversation as a whole: begin, resume, name, instruct, keep off the disk."""

from typing import TYPE_CHECKING

from tui_chat.ui import dialogs
from tui_chat.ui.commands.actions.files import write
from tui_chat.ui.commands.actions.messages import ask_for_label
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import shaping, verbs
from tui_chat.workspace.conversation_list import ConversationList, listed_first
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.workspace.search import Found


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
    """Open a saved conversation, or go to an open one, by the beginning of its id or from the list."""
    services, opened = context.conversation.services, context.opened
    if not id_prefix:
        listed = ConversationList(services.store)
        await listed.read_first()
        chosen = await context.ask(
            dialogs.history(
                listed, context.conversations, _BehindTheList(context), at_work=opened.rows, now=services.clock.now
            )
        )
        if chosen is None:
            return
        if not isinstance(chosen, str):
            await search(context, chosen.words)
            return
        id_prefix = chosen
    await context.open(await opened.resume(id_prefix, is_temporary=context.program.is_temporary))


async def at(context: CommandContext, place: str) -> None:
    """Go to a conversation by its place in the list: those at work, then the one with the newest message."""
    listed = await listed_first(context.opened, context.conversation.services.store, int(place))
    if len(listed) < int(place):
        raise CommandRefused(f"There is no conversation {place} in the list.")
    await context.open(await context.opened.resume(listed[-1], is_temporary=context.program.is_temporary))


async def back(context: CommandContext, _: str) -> None:
    """Go back to the conversation that was shown before."""
    await context.open(await context.opened.before(is_temporary=context.program.is_temporary))


async def search(context: CommandContext, words: str) -> None:
    """Search all conversations, and open one where the words are."""
    from tui_chat.workspace.search import is_aside, turn_to  # only where it is asked for

    finding = context.finding
    if (found := await _searched(context, words)) is None:
        return
    session = await context.opened.resume(found.conversation_id, is_temporary=context.program.is_temporary)
    followed = context.opened.find(found.conversation_id)
    if is_aside(session, found.node_id) and followed is not None and followed.conversation.is_answering:
        raise CommandRefused("This is on another branch, and an answer is being written there: stop it first.")
    await turn_to(session, found.node_id)
    await context.open(session)
    if found.node_id:
        finding.mark(found.words, found.node_id)


async def _searched(context: CommandContext, words: str) -> "Found | None":
    """What was chosen to be opened; messages are bookmarked and labelled until then."""
    services, searches = context.conversation.services, context.finding.searches
    at: Found | None = None
    has_deleted = context.conversations.can_bring_back
    while True:
        page = dialogs.everything(services, searches, context.copying.copy, words=words, at=at, has_deleted=has_deleted)
        if (found := await context.ask(page)) is None or not found.deed:
            return found
        words, at = found.typed, found
        try:
            await _mark(context, found)
        except CommandRefused as refusal:
            context.note(str(refusal), severity="warning")


async def _mark(context: CommandContext, found: "Found") -> None:
    """Bookmark or label a message in its conversation, which stays where it is."""
    from tui_chat.workspace.conversation import OpenConversation

    if not found.node_id:
        raise CommandRefused("This is a title: only messages can be marked.")
    session = await context.opened.resume(found.conversation_id, is_temporary=context.program.is_temporary)
    followed = context.opened.find(found.conversation_id)
    conversation = followed.conversation if followed else OpenConversation(session, wants_title=False)
    if (node := session.tree.get(found.node_id)) is None:
        raise CommandRefused("This message is not there any more.")
    if found.deed == "bookmark":
        context.note(await shaping.toggle_bookmark(conversation, node))
    else:
        await ask_for_label(context, conversation, node)
    if conversation is context.conversation:
        await context.show_path()


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
        answer = await context.ask(
            dialogs.text("System prompt", before, hint="Left empty, no system prompt is sent.", verb="save")
        )
        if answer is None:
            return
        text = answer.strip()
    context.note(await verbs.set_system(context.conversation, text))
