"""Commands about single messages: edit, continue, mute, pin, label, note, variants, undo, fork, compact."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui_chat.core.parts import Role
from tui_chat.core.tree import Node
from tui_chat.workspace import compacting, shaping, verbs
from tui_chat.workspace.conversation import OpenConversation

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

Marking = Callable[[OpenConversation, Node], Awaitable[str]]


async def retry(chat: "Chat", model: str) -> None:
    """Answer the last question once more."""
    shaping.ask_again(chat.conversation, shaping.asked(chat.conversation), model)
    await chat.follow()


async def continue_answer(chat: "Chat", number: str) -> None:
    """Go on with an answer that was cut."""
    node = shaping.continued(chat.conversation, number)
    if said := await chat.run(shaping.continue_answer(chat.conversation, node)):
        chat.say(said)
        await chat.follow()


async def edit(chat: "Chat", number: str) -> None:
    """Put another question in the place of one, or other words in the place of an answer."""
    node = shaping.edited(chat.conversation, number)
    before = shaping.words_of(chat.conversation, node)
    what = "question" if node.message.role is Role.USER else "answer"
    chat.say(f"The {what} was: {before}")
    text = chat.ask_text(f"New {what}, or nothing to leave it: ", before)
    if not text.strip() or text == before:
        chat.say(f"The {what} stays.")
    elif what == "answer":
        chat.say(await shaping.edit_answer(chat.conversation, node, text))
    else:
        chat.remember(text)
        chat.conversation.edit(node)
        await chat.send(text)
        chat.conversation.end_edit()  # also where it was not sent: what is typed next is a new question


def marking(mark: Marking) -> Callable[["Chat", str], Awaitable[None]]:
    """Note something of a message, or take it back."""

    async def run(chat: "Chat", number: str) -> None:
        chat.say(await mark(chat.conversation, shaping.marked(chat.conversation, number)))

    return run


async def delete(chat: "Chat", number: str) -> None:
    """Take a message out of sight."""
    chat.say(await shaping.toggle_deleted(chat.conversation, shaping.deleted(chat.conversation, number)))


async def label(chat: "Chat", words: str) -> None:
    """Label a message, or bookmark it."""
    number, name = shaping.number_and_words(words)
    node = shaping.marked(chat.conversation, number)
    said = shaping.label(chat.conversation, node, name) if name else shaping.toggle_bookmark(chat.conversation, node)
    chat.say(await said)


async def note(chat: "Chat", text: str) -> None:
    """Add a message that nobody is asked to answer."""
    text = text or chat.ask_text("Note, or nothing to leave it: ")
    if text.strip():
        chat.say(await shaping.note(chat.conversation, text))


async def variant(chat: "Chat", number: str) -> None:
    """Go to a variant by its number, or to the next."""
    chat.say(await shaping.show_variant(chat.conversation, shaping.varied(chat.conversation), number))
    chat.say_where()


async def undo(chat: "Chat", _: str) -> None:
    """Take back the last thing that was done to messages."""
    origin = chat.conversation.changes.forked_from
    if origin is None:
        chat.say(await shaping.undo(chat.conversation))
        return
    is_kept = not origin.session.is_temporary
    await chat.open(await chat.resume(origin.session.conversation.id) if is_kept else origin.session)
    chat.conversation.changes = origin.changes
    chat.say(verbs.BACK_FROM_COPY)


async def compact(chat: "Chat", words: str) -> None:
    """Send a summary in the place of the older messages, or those again."""
    if words.strip().lower() == "undo":
        chat.say(await compacting.undo_compacting(chat.conversation))
        return
    chat.say(compacting.compact(chat.conversation, words.strip()))
    await chat.follow()


async def fork(chat: "Chat", number: str) -> None:
    """Go on in a new conversation that begins like this one."""
    origin = chat.conversation
    await chat.open(await verbs.fork(origin, number))
    chat.conversation.changes.forks(origin.session, origin.changes)
    chat.say(verbs.in_a_copy_of(origin))
