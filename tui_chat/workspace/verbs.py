"""The half of each command that needs no screen and that every front end shares.

A function returns the words that say what was done, or the value that the front end goes on with. What cannot be done
raises `CommandRefused` with the reason, and changes nothing.
"""

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from tui_chat.chat.ledger import sum_of
from tui_chat.chat.session import Session
from tui_chat.core.errors import StoreError
from tui_chat.core.figures import counted
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.parts import Role, ToolResult
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Node, Tree, last_of
from tui_chat.transcripts.choosing import LOSSLESS
from tui_chat.transcripts.exporting import Choice, exported, file_for, form_of_path
from tui_chat.transcripts.redacting import findings_words
from tui_chat.workspace import shaping
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.exporting import choice_named, choice_of
from tui_chat.workspace.refusal import CommandRefused

_IN_A_COPY: Final = "You are in a copy; the conversation it came from stays as it was."
_ANSWERED_THERE: Final = "You are in a copy: /retry asks here; the answer goes on where it was."
BACK_FROM_COPY: Final = "You are back in the conversation that was copied; the copy stays too."
_NO_ANSWER: Final = "There is no answer to copy yet."


class Export(NamedTuple):
    """A document, and the file to write it to."""

    file: Path
    text: str
    hidden: str = ""
    """What was hidden in it, for people; empty where nothing should be."""
    hides: bool = False
    """Something was hidden."""


class Copy(NamedTuple):
    """A text to copy, and its name for people."""

    text: str
    what: str


# Answers and questions


def last_question(conversation: OpenConversation) -> Node:
    """Find the question that `/retry` is about."""
    question = last_of(conversation.session.path, Role.USER)
    if question is None:
        raise CommandRefused("There is no question yet.")
    return question


def refuse_unless_answering(conversation: OpenConversation) -> None:
    """Refuse to stop where nothing is written."""
    if not conversation.is_answering:
        raise CommandRefused("No answer is being written.")


def stop(conversation: OpenConversation) -> None:
    """End the answer that is being written."""
    refuse_unless_answering(conversation)
    conversation.stop()


# Conversations


def new_session(conversation: OpenConversation, *, is_temporary: bool) -> Session:
    """Begin an empty conversation with the model, the system prompt and the parameters of this one."""
    services, before = conversation.services, conversation.session.conversation
    new = Session.new(services, model=before.model, system=before.system).conversation
    asked = {"sampling": before.sampling, "preset": before.preset, "preset_sampling": before.preset_sampling}
    asked_new = replace(new, **asked, preset_tools=before.preset_tools)
    return Session(services, asked_new, Tree(), is_temporary=is_temporary)


async def fork(conversation: OpenConversation, number: str = "", here: str = "") -> Session:
    """Make a copy of this conversation, up to a message by its number, or to the one under the cursor."""
    return await conversation.session.fork(forked(conversation, number, here).id)


def in_a_copy_of(origin: OpenConversation) -> str:
    """Say where one is after a copy was made."""
    return _ANSWERED_THERE if origin.is_answering else _IN_A_COPY


def forked(conversation: OpenConversation, number: str = "", here: str = "") -> Node:
    """Find the message up to which a copy is made."""
    return shaping.picked(conversation, number, lambda _: True, "There is nothing to fork yet.", here=here)


async def keep(conversation: OpenConversation) -> str:
    """Turn a temporary conversation into a saved one."""
    await conversation.session.keep()
    return "This conversation is kept from now on, from its first message."


async def rename(conversation: OpenConversation, title: str) -> str:
    """Give the conversation a name."""
    await conversation.session.rename(title)
    return f"Renamed: {sanitize_line(conversation.session.conversation.title, 80)}"


async def set_system(conversation: OpenConversation, text: str) -> str:
    """Set the system prompt; an empty one sends none."""
    await conversation.session.set_system(text)
    return "The system prompt counts from the next question." if text else "No system prompt is sent any more."


def is_unlisted(conversation: OpenConversation, model: str) -> bool:
    """Say whether the catalogue is known and does not have this model."""
    known = conversation.services.catalog.known()
    return bool(known.models) and known.get(model) is None


def next_recent_model(conversation: OpenConversation) -> str:
    """Find the model that comes after this one among the recently used."""
    model = conversation.recent.after(conversation.session.conversation.model)
    if model is None:
        raise CommandRefused("No other model has been used yet: /models shows them all.")
    return model


# Files and the clipboard


async def export_by_path(conversation: OpenConversation, path: str) -> Export:
    """Write the conversation as a document, in the format of the path's ending; Markdown where it names none."""
    return await _export(conversation, choice_of(conversation.services, form_of_path(path)), path)


async def export_by_format(conversation: OpenConversation, arguments: str, selected: Collection[str] = ()) -> Export:
    """Write the conversation as a document, as `choice_named` reads the arguments; `selected` are ids of messages."""
    choice, path = choice_named(conversation.services, arguments, selected)
    return await _export(conversation, choice, path)


def parts_named(arguments: str) -> str | None:
    """What follows the word for the parts of an answer; None where another format is named."""
    name, _, rest = arguments.partition(" ")
    return rest.strip() if name.lower() in ("parts", "part") else None


def refuse_where_empty(conversation: OpenConversation) -> None:
    """Refuse to save where nothing was sent."""
    if not conversation.session.path:
        raise CommandRefused("There is nothing to save yet.")


async def _export(conversation: OpenConversation, choice: Choice, path: str) -> Export:
    refuse_where_empty(conversation)
    session = conversation.session
    tree = Tree(session.so_far(session.tree.nodes()))  # of its own: an answer may grow meanwhile
    choice = replace(choice, beside=sum_of(session.beside))
    filed = await _filed(session) if choice.form in LOSSLESS else UNFILED
    document = await asyncio.to_thread(exported, choice, session.conversation, tree, filed)
    hidden = findings_words(document.findings)
    words = " ".join(hidden or ["Nothing was found to hide."]) if choice.redactor is not None else ""
    return Export(file_for(path, choice.form, document.conversation), document.text, words, bool(hidden))


async def _filed(session: Session) -> Filed:
    """Where the conversation stands in the list; nowhere while it could not be saved, which no export waits for."""
    if session.is_temporary:
        return UNFILED
    try:
        row = await session.services.store.summary(session.conversation.id)
    except StoreError:
        return UNFILED
    return row.filed if row is not None else UNFILED


def code_named(which: str) -> str | None:
    """What follows the word for code, the number of a block; None where something else is to be copied."""
    word, _, number = which.partition(" ")
    return number.strip() if word.lower() == "code" else None


def text_to_copy(conversation: OpenConversation, which: str, here: str = "") -> Copy:
    """Find the message with the number `which`, counted from the end, else the one under the cursor, whose id is
    `here`, else the last answer with words; `code N` is a code block of the last answer, without N its last."""
    if (number := code_named(which)) is not None:
        return _code_to_copy(conversation, number)
    if which and not which.isdecimal():
        raise CommandRefused("/copy takes the number of a message, `code` and the number of a block, `all` or nothing.")

    def fits(node: Node) -> bool:
        is_answer = node.message.role is Role.ASSISTANT and node.marks.summary is None
        return bool(_words_of(node)) and (bool(which or here) or is_answer)

    none = "This message has no text to copy; /copy all copies everything." if which or here else _NO_ANSWER
    node = shaping.picked(conversation, which, fits, none, here=here)
    what = f"message {int(which)}" if which else "the message" if node.id == here else "the last answer"
    return Copy(_words_of(node), what)


def _words_of(node: Node) -> str:
    message = node.message
    results = "\n\n".join(part.content for part in message.parts if isinstance(part, ToolResult))
    return message.text or message.refusal or results


def _code_to_copy(conversation: OpenConversation, number: str) -> Copy:
    answer = last_of(shaping.read_now(conversation), Role.ASSISTANT)
    blocks = _code_blocks(answer.message.text) if answer else []
    at = code_block_at(len(blocks), number)
    return Copy(blocks[at - 1], f"code block {at}")


def code_block_at(count: int, number: str) -> int:
    """The number of the code block that is meant among so many of the last answer, from 1; without one, the last."""
    if not count:
        raise CommandRefused("The last answer has no code block.")
    at = int(number[:9]) if number.isdecimal() else 0 if number else count
    if not 1 <= at <= count:
        raise CommandRefused(f"The last answer has {counted(count, 'code block')}: /copy code 1 copies the first.")
    return at


def _code_blocks(markdown: str) -> list[str]:
    from markdown_it import MarkdownIt  # only where a piece of code is asked for

    return [token.content for token in MarkdownIt().parse(markdown) if token.type in ("fence", "code_block")]
