"""What a person does to messages: mute, pin, label, edit, continue, go to another variant. Nothing of it is ever gone,
and one undo takes each of it back.

A function returns the words that say what was done; what cannot be done raises `CommandRefused`, and changes nothing.
"""

from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile
from typing import Final

from msgspec.structs import replace

from tui_chat.chat.context import continuing_request
from tui_chat.chat.ports import CatalogSource
from tui_chat.core import figures
from tui_chat.core.branches import branch_ends
from tui_chat.core.continuing import can_continue, way_to_continue
from tui_chat.core.errors import ChatError
from tui_chat.core.joined_answers import joined
from tui_chat.core.mark_words import variant_words
from tui_chat.core.marks import LONGEST_LABEL, MOST_LABELS, Continuation, Continuing, Marks
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import Message, Role, Text, user_message
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Node, last_of
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

IS_ANSWERING: Final = "An answer is being written: stop it first."


# Which message


def read_now(conversation: OpenConversation) -> tuple[Node, ...]:
    """The branch that is read, with what has come of an answer that is being written."""
    return conversation.session.so_far(conversation.session.path)


def numbered(conversation: OpenConversation, number: str) -> Node:
    """Find a message by its number, counted from the end: 1 is the last."""
    path = read_now(conversation)
    if not path:
        raise CommandRefused("There is no message yet.")
    at = int(number[:9]) if number.isdecimal() and number.isascii() else 0
    if not 1 <= at <= len(path):
        raise CommandRefused(f"Messages are counted from the end, from 1 to {len(path)}.")
    return path[-at]


def picked(
    conversation: OpenConversation, number: str, fits: Callable[[Node], bool], none: str, *, here: str = ""
) -> Node:
    """Find the message that is meant: by its number; else the one under the cursor, whose id is `here`; else the last
    that fits. `none` says that none does."""
    path = read_now(conversation)
    under_cursor = next((node for node in path if node.id == here), None)
    node = numbered(conversation, number) if number else under_cursor
    if node is None:
        node = next((node for node in reversed(path) if fits(node)), None)
    if node is None or not fits(node):
        raise CommandRefused(none if path else "There is no message yet.")
    return node


def edited(conversation: OpenConversation, number: str, here: str = "") -> Node:
    """Find the message that is to be edited; without a number, the last question."""

    def fits(node: Node) -> bool:
        return node.message.role is Role.USER or (bool(number or here) and _is_said(node))

    return picked(conversation, number, fits, "There is no question or answer to edit here.", here=here)


def marked(conversation: OpenConversation, number: str, here: str = "") -> Node:
    """Find the message of which something is to be noted."""
    return picked(conversation, number, _is_markable, "This message cannot be marked.", here=here)


def deleted(conversation: OpenConversation, number: str, here: str = "") -> Node:
    """Find the message that is to be deleted."""
    return picked(conversation, number, _is_said, "Only questions and answers can be deleted, with results.", here=here)


def looked_at(conversation: OpenConversation, number: str, here: str = "") -> Node:
    """Find the message whose facts are asked for; without a number, the last answer."""

    def fits(node: Node) -> bool:
        return node.answer is not None or bool(number or here)

    return picked(conversation, number, fits, "There is no answer yet.", here=here)


def continued(conversation: OpenConversation, number: str, here: str = "") -> Node:
    """Find the answer that is to be continued."""
    return picked(conversation, number, can_continue, "This answer was not cut: nothing is to be continued.", here=here)


def varied(conversation: OpenConversation, here: str = "") -> Node:
    """Find the message whose variant is to be shown: the one under the cursor, else the last that has some."""
    session = conversation.session

    def fits(node: Node) -> bool:
        return len(session.tree.siblings(node.id)) > 1

    # An answer that was continued is one text with what goes on with it, and has its variants at its head.
    one_text = joined(session.path, here)
    here = next((node.id for node in reversed(one_text) if fits(node)), here)
    return picked(conversation, "", fits, "There is one version of this.", here=here)


def asked(conversation: OpenConversation, here: str = "") -> Node:
    """Find the message under the cursor, else the last: what it answers, a question or results, is to be answered once
    more."""
    path = conversation.session.path
    at = next((at for at, node in enumerate(path, 1) if node.id == here), len(path))
    if last_of(path[:at], Role.USER) is None:
        raise CommandRefused("There is no question yet.")
    return path[at - 1]


def number_and_words(text: str) -> tuple[str, str]:
    """A number at the beginning, where one is there, and the words behind it."""
    first, _, rest = text.strip().partition(" ")
    return (first, rest.strip()) if first.isdecimal() else ("", text.strip())


def _is_markable(node: Node) -> bool:
    return node.marks.summary is None and (node.answer is None or node.answer.outcome is not None)


def _is_said(node: Node) -> bool:
    return node.message.role in (Role.USER, Role.ASSISTANT) and _is_markable(node)


# What is noted of one


async def toggle_muted(conversation: OpenConversation, node: Node) -> str:
    """Let a message be seen and not sent, or be sent again."""
    is_muted = not node.marks.is_muted
    said = "It is not sent any more.", "It is sent again."
    return await _mark(conversation, node, replace(node.marks, is_muted=is_muted), said if is_muted else said[::-1])


async def toggle_deleted(conversation: OpenConversation, node: Node) -> str:
    """Take a message out of sight and out of what is sent, with the results of its calls, or bring it back. What
    follows it stays; where nothing does, another version of it takes its place."""
    refuse_while_answering(conversation)
    is_deleted = not node.marks.is_deleted
    if is_deleted and not _is_said(node):
        raise CommandRefused("Only questions and answers can be deleted, with results.")
    words = ("Deleted; undo brings it back, and so does the tree.", "The message is back.")
    said, undone = words if is_deleted else (words[1], "It is deleted again.")
    session = conversation.session
    head_id = session.conversation.head_id
    others = [each for each in session.tree.siblings(node.id) if each.id != node.id]
    turns = is_deleted and bool(others) and head_id == node.id
    conversation.changes.marks(node, undone, head_id if turns else None)
    await session.mark(node.id, replace(node.marks, is_deleted=is_deleted))
    if turns:
        await session.show(others[-1].id)
    _show_calls(conversation)
    return said


async def toggle_pinned(conversation: OpenConversation, node: Node) -> str:
    """Let a message always be sent, whatever a summary stands for, or not any more."""
    is_pinned = not node.marks.is_pinned
    said = "It is pinned: a summary leaves it whole.", "It is pinned no more."
    return await _mark(conversation, node, replace(node.marks, is_pinned=is_pinned), said if is_pinned else said[::-1])


async def toggle_bookmark(conversation: OpenConversation, node: Node) -> str:
    """Set or take away a bookmark."""
    has_one = not node.marks.is_bookmarked
    said = "Bookmarked.", "The bookmark is gone."
    return await _mark(conversation, node, replace(node.marks, is_bookmarked=has_one), said if has_one else said[::-1])


async def label(conversation: OpenConversation, node: Node, name: str) -> str:
    """Give a message a label, or take away one that it has."""
    name = sanitize_line(name.strip().removeprefix("#"), LONGEST_LABEL).strip()
    if not name:
        raise CommandRefused("A label needs a word: /label 1 example")
    had = node.marks.labels
    labels = tuple(each for each in had if each != name) if name in had else (*had, name)
    if len(labels) > MOST_LABELS:
        raise CommandRefused(f"A message has {MOST_LABELS} labels at most.")
    said = (f"Labelled “{name}”.", f"The label “{name}” is gone.")
    return await _mark(conversation, node, replace(node.marks, labels=labels), said if name not in had else said[::-1])


def refuse_where_it_grows(node: Node) -> None:
    """Refuse to note something of an answer that is being written: it is written over until it ends."""
    if node.is_being_written:
        raise CommandRefused("It is being written: mark it when it has ended.")


async def _mark(conversation: OpenConversation, node: Node, marks: Marks, said: tuple[str, str]) -> str:
    """Note something of a message; `said` is what is said of it, and of undoing it."""
    refuse_where_it_grows(node)
    conversation.changes.marks(node, said[1])
    await conversation.session.mark(node.id, marks)
    return said[0]


# Other words, other branches


async def note(conversation: OpenConversation, text: str) -> str:
    """Add a message that nobody is asked to answer; the next question goes with it."""
    refuse_while_answering(conversation)
    if not text.strip():
        raise CommandRefused("Say what to note: /note TEXT")
    session = conversation.session
    before_id = session.conversation.head_id
    conversation.changes.turns(session, "The note is on another branch now.")
    node = await session.add(user_message(text), before_id)
    if before_id is None:
        conversation.changes.begins(node, "The note is deleted; the tree has it.")
    return "Noted; it goes with your next question."


def words_of(conversation: OpenConversation, node: Node) -> str:
    """The text of a message; of an answer that was continued from its last letter, all of it."""
    return "".join(each.message.text for each in joined(conversation.session.path, node.id) or (node,))


async def edit_answer(conversation: OpenConversation, node: Node, text: str) -> str:
    """Put other words in the place of an answer, with those that are one text with it, and go on from them; what the
    model wrote stays as a variant."""
    refuse_while_answering(conversation)
    if not text.strip():
        raise CommandRefused("An answer needs words.")
    if text == words_of(conversation, node):
        raise CommandRefused("The answer stays as it was.")
    first = (joined(conversation.session.path, node.id) or (node,))[0]
    marks = replace(node.marks, edited_id=first.marks.edited_id or first.id, continues=None, summary=None)
    conversation.changes.turns(conversation.session, "The answer is as it was.")
    await conversation.session.add(Message(Role.ASSISTANT, (Text(text),)), first.parent_id, marks)
    _show_calls(conversation)
    return "Edited. What the model wrote is a variant."


async def turn_variant(conversation: OpenConversation, node: Node, step: int) -> str:
    """Go to the next variant of a message, or with -1 to the one before, round at the ends."""
    number, count = variant_of(conversation, node)
    return await show_variant(conversation, node, str((number - 1 + step) % count + 1))


async def show_variant(conversation: OpenConversation, node: Node, number: str) -> str:
    """Go to a variant of a message by its number, without one to the next."""
    if not number:
        return await turn_variant(conversation, node, 1)
    siblings = conversation.session.tree.siblings(node.id)
    at = int(number[:9]) if number.isdecimal() and number.isascii() else 0
    if not 1 <= at <= len(siblings):
        raise CommandRefused(f"Variants have numbers from 1 to {len(siblings)}.")
    await go_to(conversation, siblings[at - 1])
    return f"Variant {at} of {len(siblings)}."


async def go_to(conversation: OpenConversation, node: Node) -> None:
    """Make the newest line through a message the path."""
    refuse_while_answering(conversation)
    conversation.changes.turns(conversation.session, "You are back on the branch before.")
    await conversation.session.show(node.id)
    _show_calls(conversation)


async def go_to_branch(conversation: OpenConversation, node: Node) -> str:
    """Go to the branch of a message, unless it is the one that is read, and say which it is; empty where
    there is but one."""
    tree = conversation.session.tree
    if all(each.id != node.id for each in tree.line(conversation.session.conversation.head_id)):
        await go_to(conversation, node)
    ends = [end.id for end in branch_ends(tree)]
    number = ends.index(tree.leaf(conversation.session.conversation.head_id or node.id)) + 1
    return f"You are on branch {number} of {len(ends)}; undo goes back." if len(ends) > 1 else ""


def variant_shown(conversation: OpenConversation, node_id: str) -> str:
    """Which of its variants a message is: `‹ 2/3 ›`; empty where it is the only one."""
    node = conversation.session.tree.get(node_id) if conversation.is_open else None
    return variant_words(*variant_of(conversation, node)) if node is not None else ""


def variant_of(conversation: OpenConversation, node: Node) -> tuple[int, int]:
    """The number of a message among the variants of its place, from 1, and how many there are."""
    siblings = conversation.session.tree.siblings(node.id)
    return [each.id for each in siblings].index(node.id) + 1, len(siblings)


async def undo(conversation: OpenConversation) -> str:
    """Take back the last thing that was done to messages."""
    refuse_while_answering(conversation)
    said = await conversation.changes.undo(conversation.session)
    _show_calls(conversation)
    return said


# Answers


def ask_again(conversation: OpenConversation, node: Node, model: str = "") -> None:
    """Answer once more what a message answers, or the message where it is a question, by `model` where one is
    named."""
    refuse_while_answering(conversation)
    conversation.changes.turns(conversation.session, "You are back at the answer before.")
    conversation.retry(model, node.id)


async def continue_answer(conversation: OpenConversation, node: Node) -> str:
    """Let the model go on with an answer that was cut."""
    refuse_while_answering(conversation)
    session = conversation.session
    model = session.conversation.model
    known = await _known(session.services.catalog, model)
    refuse_while_answering(conversation)
    sampling = session.conversation.sampling_over(session.services.sampling)
    thinks = (sampling.reasoning_effort or "none") != "none"
    how = way_to_continue(model, known, session.tree.children(node.id), thinks=thinks)
    request = continuing_request(session.conversation, session.tree.path(node.id), session.asking, model, how)
    after = takewhile(lambda each: each.id != node.id, reversed(session.path))
    followed = sum(1 for each in after if each.answer is None or each.message.has_words)
    conversation.changes.turns(session, "The answer ends where it was cut.")
    conversation.answer_with(request, node.id, Marks(continues=Continuation(node.id, how)))
    said = "It goes on from its last letter." if how is Continuing.PREFILL else "The model is asked to go on."
    if not followed:
        return said
    stand = "stands" if followed == 1 else "stand"
    return (
        f"{said} {figures.counted(followed, 'message')} that followed {stand} on another branch; /undo goes back there."
    )


async def _known(catalog: CatalogSource, model: str) -> ModelInfo | None:
    """What the catalogue says of a model; where nothing is known of any, it is read."""
    kept = await catalog.cached()
    if not kept.models:
        with suppress(ChatError):  # then nothing is known of it
            kept = await catalog.read()
    return kept.get(model)


def _show_calls(conversation: OpenConversation) -> None:
    session = conversation.session
    conversation.calls.show(session.path, session.pending_calls)


def refuse_while_answering(conversation: OpenConversation) -> None:
    """Refuse what would turn the path while an answer is being written."""
    if conversation.is_answering:
        raise CommandRefused(IS_ANSWERING)
