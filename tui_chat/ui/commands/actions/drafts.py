"""Commands about drafts: put one aside, bring one back, and the messages that wait."""

from time import time
from typing import TYPE_CHECKING

from tui_chat.ui.chat_screen.drafting import clean
from tui_chat.workspace.pieces import Draft
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen
    from tui_chat.workspace.stash import Stashed


async def stash_or_pop(chat: "ChatScreen", _: str) -> None:
    """The key: put away what is written; where nothing is, bring back what was put away."""
    draft = chat.composer.draft
    if not draft.text.strip():
        await pop(chat, "")
        return
    chat.composer.put("")
    await _stash(chat, draft.pieces)


async def stash(chat: "ChatScreen", text: str) -> None:
    """The command: put away the words behind it, or what is written."""
    if text:
        await _stash(chat, (text,))
    elif chat.composer.text.strip():
        await stash_or_pop(chat, "")
    else:
        raise CommandRefused("There is nothing to stash: put /stash before the text, or press the stash key.")


async def _stash(chat: "ChatScreen", pieces: tuple[str, ...]) -> None:
    is_kept = await chat.stash.push(pieces)
    chat.toast("Stashed. /pop brings it back." if is_kept else "Stashed until you leave; nothing is on disk.")


async def pop(chat: "ChatScreen", _: str) -> None:
    """Bring back the draft that was put away, or one of them."""
    from tui_chat.workspace.pieces import joined  # with the files, after the first frame

    stashed = await chat.stash.read()
    if not stashed:
        raise CommandRefused("Nothing is stashed.")
    chosen = stashed[0] if len(stashed) == 1 else await _choose(chat, stashed)
    if chosen is not None:
        chat.composer.put_draft(Draft(joined((clean(chosen.pieces), chat.composer.draft.pieces))))
        await chat.drafting.flush()  # before its file goes
        await chat.stash.drop(chosen)


async def _choose(chat: "ChatScreen", stashed: "tuple[Stashed, ...]") -> "Stashed | None":
    """Show the list until one is chosen or it is left; those deleted in it go at once."""
    from tui_chat.ui.dialogs.stash_list import Choice, StashList  # imported when it is opened

    cursor = 0
    while stashed:
        answer = await chat.app.push_screen_wait(StashList(stashed, now=time(), cursor=cursor))
        if answer is None:
            return None
        choice, chosen = answer
        if choice is Choice.POP:
            return chosen
        cursor = stashed.index(chosen)
        await chat.stash.drop(chosen)
        stashed = tuple(one for one in stashed if one is not chosen)
    return None


def queue(chat: "ChatScreen", _: str) -> None:
    """Go into the list of messages that wait, and out of it."""
    if not chat.queueing.messages:
        raise CommandRefused("No message waits.")
    chat.queueing.toggle_focus()
