"""Commands about the conversation as a whole: new, temporary, resume, rename, system prompt."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tui_chat.chat.ports import ConversationSummary
from tui_chat.core import figures, fuzzy
from tui_chat.core.days import Days, whole_time
from tui_chat.core.marks import LONGEST_LABEL
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import Filters, Shelf
from tui_chat.plain.choosing import Deed, Offer
from tui_chat.workspace import verbs
from tui_chat.workspace.conversation_list import has_any, none_words
from tui_chat.workspace.conversations import brought_back_words
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

SHELF: Final = "archive"
DEEDS: Final = ("rename", "label", SHELF, "delete")


async def new(chat: "Chat", _: str) -> None:
    """Begin an empty conversation with the model and the system prompt of this one."""
    await _begin(chat, is_temporary=chat.session.is_temporary)


async def temporary(chat: "Chat", _: str) -> None:
    """Keep a temporary conversation, or begin one."""
    if chat.session.is_temporary:
        chat.say(await verbs.keep(chat.conversation))
    else:
        await _begin(chat, is_temporary=True)
        chat.say("/temporary again keeps it.")


async def _begin(chat: "Chat", *, is_temporary: bool) -> None:
    await chat.open(verbs.new_session(chat.conversation, is_temporary=is_temporary))


async def resume(chat: "Chat", words: str) -> None:
    """Open a saved conversation, by its id, or from the list of those whose titles fit; there, others are put in order
    by their numbers."""
    shelf = Shelf.USED
    while True:
        summaries = await chat.run(chat.services.store.list(filters=Filters(shelf=shelf)))
        if summaries is None or (not summaries and not await _can_act_on_none(chat, shelf)):
            return
        by_id = [row for row in summaries if words and row.id.startswith(words)]
        deed = Deed("", by_id[0], "") if len(by_id) == 1 else _choose(chat, summaries, words)
        if not deed.name:
            await _open(chat, deed.item)
            return
        if deed.name == SHELF and deed.item is None:
            shelf = Shelf.USED if shelf is Shelf.ARCHIVED else Shelf.ARCHIVED
        else:
            try:
                said = await chat.run(_do(chat, deed, shelf))
            except CommandRefused as refusal:
                said = str(refusal)
            chat.say(said or "")
        words = ""


async def _can_act_on_none(chat: "Chat", shelf: Shelf) -> bool:
    """Say why nothing is listed; whether something can be done there all the same."""
    if shelf is Shelf.ARCHIVED:
        chat.say("Nothing is archived.")
        return True
    archived = SHELF if await chat.run(has_any(chat.services.store, Shelf.ARCHIVED)) else ""
    undo = "undo" if chat.conversations.can_bring_back else ""
    chat.say(none_words(archived=archived, undo=undo))
    return bool(archived or undo)


def _choose(chat: "Chat", summaries: Sequence[ConversationSummary], words: str) -> Deed[ConversationSummary]:
    def narrowed(query: str) -> list[ConversationSummary]:
        return [row for _, row, _ in fuzzy.rank(query, summaries, _searched, fuzzy.Reach.WORDS)]

    found = narrowed(words)
    if words and not found:
        chat.say("No title fits these words. All conversations:")
        found = list(summaries)
    can_undo = chat.conversations.can_bring_back
    now = chat.services.clock.now()
    is_narrow = bool(words) and len(found) < len(summaries)
    offer = Offer(
        lambda row: _row(row, now, is_narrow=is_narrow),
        narrowed,
        None if is_narrow else lambda row: days.heading(row.updated_at),
        page=10,
        deeds=DEEDS,
        lone_deeds=(SHELF, "undo") if can_undo else (SHELF,),
    )
    days = Days(now)
    return chat.choose_or_do(found, offer)


async def _open(chat: "Chat", row: ConversationSummary | None) -> None:
    if row is None:
        return
    session = await chat.run(chat.resume(row.id))
    if session is not None:
        await chat.open(session)


async def _do(chat: "Chat", deed: Deed[ConversationSummary], shelf: Shelf) -> str:
    """Do what was said with a conversation of the list."""
    conversations, row = chat.conversations, deed.item
    if row is None:
        return brought_back_words(await conversations.bring_back())
    match deed.name:
        case "rename":
            return await conversations.rename(row.id, deed.words)
        case "label":
            if not deed.words:
                raise CommandRefused("Say which: label 1 home work. A dash takes all labels away: label 1 -")
            return await conversations.label([row], "" if deed.words in ("-", "–") else deed.words)
        case "delete":
            if conversations.is_open(row.id):
                raise CommandRefused("It is the one that is open: /new first, then delete it.")
            return await conversations.delete([row], undo="undo")
        case _:
            return await conversations.set_archived([row], shelf is not Shelf.ARCHIVED)


def _searched(row: ConversationSummary) -> str:
    return f"{sanitize_line(row.title)} {' '.join(row.labels)} {row.id}"


def _row(row: ConversationSummary, now: float, *, is_narrow: bool) -> str:
    parts = [sanitize_line(row.title, 100) or "without a title"]
    if row.labels:
        parts.append(f"labelled {' and '.join(sanitize_line(label, LONGEST_LABEL) for label in row.labels)}")
    if is_narrow:
        parts.append(whole_time(row.updated_at, now))
    parts += [figures.counted(row.messages, "message"), figures.total_cost(row.spending, is_exact=True)]
    return ", ".join(parts)


async def archive(chat: "Chat", _: str) -> None:
    """Archive the conversation, or bring it back."""
    chat.say(await chat.conversations.toggle_archived())


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
