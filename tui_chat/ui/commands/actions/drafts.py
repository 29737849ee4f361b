"""Commands about drafts and queued messages: stash a draft, pop one, go into the queue."""

from time import time
from typing import TYPE_CHECKING

from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.composing.pasting import all_as_typed
from tui_chat.workspace.pieces import Draft
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.workspace.stash import Stashed


async def stash_or_pop(context: CommandContext, _: str) -> None:
    """Run the stash key: stash the draft; where nothing is written, pop one."""
    draft = context.composer.draft
    if not draft.text.strip():
        await pop(context, "")
        return
    context.composer.put("")
    await _stash(context, draft.pieces)


async def stash(context: CommandContext, text: str) -> None:
    """Run `/stash`: stash the words behind it, or the draft."""
    if text:
        await _stash(context, (text,))
    elif context.composer.text.strip():
        await stash_or_pop(context, "")
    else:
        raise CommandRefused("There is nothing to stash: put /stash before the text, or press the stash key.")


async def _stash(context: CommandContext, pieces: tuple[str, ...]) -> None:
    is_kept = await context.writing.stash.push(pieces)
    context.note("Stashed. /pop brings it back." if is_kept else "Stashed until you quit; it is not on disk.")


async def pop(context: CommandContext, _: str) -> None:
    """Bring back a stashed draft; one of a list where there are several."""
    from tui_chat.workspace.pieces import joined  # with the files, after the first frame

    stashed = await context.writing.stash.read()
    if not stashed:
        raise CommandRefused("Nothing is stashed.")
    chosen = stashed[0] if len(stashed) == 1 else await _choose(context, stashed)
    if chosen is not None:
        context.composer.put_draft(Draft(joined((all_as_typed(chosen.pieces), context.composer.draft.pieces))))
        await context.writing.drafting.flush()  # before its file goes
        await context.writing.stash.drop(chosen)


async def _choose(context: CommandContext, stashed: "tuple[Stashed, ...]") -> "Stashed | None":
    """Show the list until a draft is chosen or the list is left; drafts deleted in it are deleted at once."""
    from tui_chat.ui.dialogs.stash_list import Choice  # not before there is such a list

    cursor = 0
    while stashed:
        answer = await context.ask(dialogs.stash(stashed, now=time(), cursor=cursor))
        if answer is None:
            return None
        choice, chosen = answer
        if choice is Choice.POP:
            return chosen
        cursor = stashed.index(chosen)
        await context.writing.stash.drop(chosen)
        stashed = tuple(one for one in stashed if one is not chosen)
    return None


def queue(context: CommandContext, _: str) -> None:
    """Go into the list of queued messages, or out of it."""
    refuse_without_queue(context)
    context.writing.queueing.toggle_focus()


def refuse_without_queue(context: CommandContext) -> None:
    """Refuse to go where no message waits."""
    if not len(context.conversation.outbox):
        raise CommandRefused("No message is queued.")
