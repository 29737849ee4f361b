"""Commands about the conversation as a whole: new, temporary, resume, rename, system prompt, fork."""

from typing import TYPE_CHECKING

from tui_chat.chat.ports import ConversationSummary
from tui_chat.chat.session import Session
from tui_chat.core import figures, fuzzy
from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.wording import name_of
from tui_chat.workspace import verbs

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


def new(chat: "Chat", _: str) -> None:
    """Begin an empty conversation with the model and the system prompt of this one."""
    _begin(chat, is_temporary=chat.session.is_temporary)


async def temporary(chat: "Chat", _: str) -> None:
    """Keep a temporary conversation, or begin one."""
    if chat.session.is_temporary:
        chat.say(await verbs.keep(chat.conversation))
    else:
        _begin(chat, is_temporary=True)
        chat.say("/temporary again keeps it.")


def _begin(chat: "Chat", *, is_temporary: bool) -> None:
    chat.open(verbs.new_session(chat.conversation, is_temporary=is_temporary))


async def resume(chat: "Chat", words: str) -> None:
    """Open a saved conversation, by its id, or from the list of those whose titles fit."""
    summaries = await chat.run(chat.services.store.list())
    if summaries is None:
        return
    if not summaries:
        chat.say("No conversation was saved yet.")
        return

    def narrowed(query: str) -> list[ConversationSummary]:
        return [row for _, row, _ in fuzzy.rank(query, summaries, lambda row: f"{sanitize_line(row.title)} {row.id}")]

    by_id = [row for row in summaries if words and row.id.startswith(words)]
    found = by_id if len(by_id) == 1 else narrowed(words)
    if not found:
        chat.say("No title fits these words. All conversations:")
        found = list(summaries)
    now = chat.services.clock.now()
    chosen = by_id[0] if len(by_id) == 1 else chat.choose(found, lambda row: _row(row, now), narrowed)
    if chosen is not None:
        is_temporary = chat.context.opening.is_temporary
        session = await chat.run(Session.resume(chat.services, chosen.id, is_temporary=is_temporary))
        if session is not None:
            chat.open(session)


def _row(row: ConversationSummary, now: float) -> str:
    title = sanitize_line(row.title, 100) or "without a title"
    count = "1 message" if row.messages == 1 else f"{row.messages} messages"
    return f"{title}, {figures.age(now - row.updated_at)}, {count}, {name_of(row.model)}"


async def rename(chat: "Chat", title: str) -> None:
    """Give the conversation a name."""
    title = title or chat.ask_line("Name, or nothing to leave it: ").strip()
    if title:
        chat.say(await verbs.rename(chat.conversation, title))


async def system(chat: "Chat", text: str) -> None:
    """Set the system prompt, or read it out and ask for another."""
    if not text:
        before = chat.session.conversation.system
        chat.say(f"The system prompt is: {before}" if before else "No system prompt is sent.")
        text = chat.ask_text("New system prompt, nothing to leave it, a dash to send none: ").strip()
        if not text:
            return
        text = "" if text in ("-", "–") else text
    chat.say(await verbs.set_system(chat.conversation, text))


async def fork(chat: "Chat", _: str) -> None:
    """Go on in a new conversation that begins like this one."""
    chat.open(await verbs.fork(chat.conversation))
    chat.say("You are in a copy; the conversation it came from stays as it was.")
