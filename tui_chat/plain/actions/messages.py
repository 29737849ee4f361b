"""Commands that read out: messages by number, messages with certain words, and reasoning."""

from itertools import count, pairwise
from typing import TYPE_CHECKING

from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize
from tui_chat.core.tree import Node
from tui_chat.plain.wording import answer_words, excerpt_around, excerpt_of, label_of, marked_words, message_text
from tui_chat.workspace import shaping
from tui_chat.workspace.facts import facts_of

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


def list_messages(chat: "Chat", _: str) -> None:
    """List every message in one line by its number from the end, days and long waits between them, and read the one
    that is chosen."""
    path, times = chat.session.path, chat.times
    if not path:
        chat.say("There is no message yet.")
        return
    gaps = {node.id: times.gap(above.created_at, node.created_at) for above, node in pairwise(path)}
    chosen = chat.choose(
        path,
        lambda node: excerpt_of(node, times.stamp(node.created_at)),
        above=lambda node: gaps.get(node.id, ""),
        counts_down=True,
    )
    if chosen is not None:
        _read(chat, chosen)


def read(chat: "Chat", number: str) -> None:
    """Read a whole message."""
    _read(chat, shaping.numbered(chat.conversation, number or "1"))


def _read(chat: "Chat", node: Node) -> None:
    chat.say(f"{label_of(node)}{marked_words(node)}: {message_text(node.message) or 'nothing'}")
    if node.answer is not None and node.answer.may_have_cost:
        chat.say(f"End of answer. {answer_words(node.answer, node.message.written_length)}.")
    if stamp := chat.times.stamp(node.created_at):
        chat.say(f"Time: {stamp}.")


def facts(chat: "Chat", number: str) -> None:
    """Say what is known of a message."""
    node = shaping.looked_at(chat.conversation, number)
    chat.say("\n".join(f"{name}: {words}" for name, words in facts_of(chat.conversation, node)))


def reasoning(chat: "Chat", which: str) -> None:
    """Read the reasoning of an answer, or switch whether reasoning is read out as it comes."""
    if which.lower() in ("on", "off"):
        chat.shows_reasoning = which.lower() == "on"
        chat.say("Reasoning is read out as it comes." if chat.shows_reasoning else "Reasoning is kept for /reasoning.")
        return
    answers = [node for node in chat.session.path if node.message.role is Role.ASSISTANT]
    node = shaping.numbered(chat.conversation, which) if which else next(reversed(answers), None)
    if node is None:
        chat.say("There is no answer yet.")
        return
    chat.say(
        f"Reasoning: {sanitize(node.message.reasoning)}" if node.message.reasoning else "It came without reasoning."
    )


def find(chat: "Chat", words: str) -> None:
    """List the messages that have all the words, and read the one that is chosen."""
    words = words or chat.ask_line("Find: ").strip()
    wanted = words.casefold().split()
    hits: list[tuple[Node, str]] = []
    for number, node in zip(count(len(chat.session.path), -1), chat.session.path, strict=False):
        text = message_text(node.message)
        folded = text.casefold()
        if wanted and all(word in folded for word in wanted):
            hits.append((node, f"message {number}, {label_of(node)}: {excerpt_around(text, folded.find(wanted[0]))}"))
    if not hits:
        chat.say("Nothing was found." if wanted else "Say what to find: /find WORDS")
        return
    chosen = chat.choose(hits, lambda hit: hit[1])
    if chosen is not None:
        _read(chat, chosen[0])
