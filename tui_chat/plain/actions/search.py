"""The search of all conversations: hits are said five at a time, and a number opens one."""

from typing import TYPE_CHECKING, Final

from tui_chat.chat.found import FoundIn, SearchHit
from tui_chat.core import days, figures
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import read_query
from tui_chat.plain.wording import EXCERPT, excerpt_of, name_of
from tui_chat.workspace.search import find, found_words_of, grouped, nothing_words, turn_to

if TYPE_CHECKING:
    from tui_chat.chat.session import Session
    from tui_chat.plain.chat import Chat

PAGE: Final = 5
_PLACES: Final = {
    FoundIn.REASONING: "reasoning",
    FoundIn.CALL: "call of",
    FoundIn.RESULT: "result of",
    FoundIn.FILE: "file",
    FoundIn.SOURCE: "source",
}


async def search(chat: "Chat", words: str) -> None:
    """Find words in all conversations, and open the one that is chosen at the message."""
    words = words or chat.ask_line("Words to search for, or nothing to leave it: ").strip()
    if not words:
        return
    now = chat.services.clock.now()
    read = read_query(words, now)
    for problem in read.problems:
        chat.say(sanitize_line(problem))
    if read.readings:
        chat.say(f"Only: {sanitize_line(', '.join(read.readings))}.")
    result = await chat.run(find(chat.services.store, read.query))
    if result is None:
        return
    if not result.hits:
        chat.say(nothing_words(" ".join(read.query.words) or words, read.query.filters.shelf, result.meant))
        return
    more = f" The best {len(result.hits)} of them follow." if len(result.hits) < result.found else ""
    so_far = f" {figures.share(min(result.indexed, 0.99))} were looked through so far." if result.indexed < 1 else ""
    chat.say(f"Found {found_words_of(result)}.{more}{so_far}")
    hits = [hit for group in grouped(result.hits) for hit in group.hits]
    hit = chat.choose(hits, lambda hit: _words(hit, now), page=PAGE)
    if hit is None:
        return
    session = await chat.run(_opened(chat, hit))
    if session is None:
        return
    await chat.open(session)
    place = next((at for at, node in enumerate(session.path) if node.id == hit.node_id), None)
    if place is not None and place + 1 < len(session.path):
        number = len(session.path) - place
        chat.say(f"Found in message {number}, {excerpt_of(session.path[place])}")
        chat.say(f"/read {number} reads it.")


async def _opened(chat: "Chat", hit: SearchHit) -> "Session":
    """The conversation, on the branch of the message that was found.

    Raises:
        StoreError: it is there no more, or cannot be read.
    """
    session = await chat.resume(hit.conversation_id)
    await turn_to(session, hit.node_id)
    return session


def _words(hit: SearchHit, now: float) -> str:
    """`Rust lifetimes, yesterday 14:03, claude-sonnet-4: “Lifetimes say …”`."""
    title = sanitize_line(hit.title, 100) or "without a title"
    when = days.whole_time(hit.created_at, now)
    if hit.found_in is FoundIn.TITLE:
        return f"{title}, {when}, in the title"
    speaker = {Role.USER: "you", Role.TOOL: "tool", Role.SYSTEM: "system"}.get(hit.role) or name_of(hit.model)
    place = _PLACES.get(hit.found_in, "")
    where = f", {' '.join(filter(None, (place, sanitize_line(hit.name, 60))))}" if place else ""
    return f"{title}, {when}, {speaker}{where}: “{sanitize_line(hit.excerpt, 2 * EXCERPT)}”"
