"""Esc, Ctrl+C and Ctrl+D: closing, stopping, clearing and quitting, in that order, and never losing text."""

from time import monotonic

from textual.actions import SkipAction

from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.keys.command import label_for

QUIT_WITHIN_S = 1.0


async def close(context: CommandContext, _: str) -> None:
    """Leave the pane or the conversation that has the focus, else stop the answer, else close what is open."""
    if context.completing.take_key("escape"):
        return
    if context.panes.has_focus:
        await context.panes.close()
    elif context.transcript.has_focus:
        context.composer.focus()
    elif context.conversation.is_answering:
        context.conversation.stop()
    elif context.panes.is_open:
        await context.panes.close()
    elif context.conversation.editing is not None:
        context.writing.editing.end()
        context.note("What you send now is a new question.")
    else:
        context.composer.focus()


def interrupt(context: CommandContext, _: str) -> None:
    """Copy a selection, else stop, else clear the draft, else quit on the second press.

    The key has priority, so it waits here behind the letters that were typed before it.
    """
    context.composer.call_later(_interrupt, context)


def _interrupt(context: CommandContext) -> None:
    now = monotonic()
    if selected := context.copying.selected():
        context.copying.copy(selected, "the selection", is_selection=True)
        context.copying.drop_selection()  # so that the next press stops, clears or quits
    elif context.conversation.is_answering:
        context.conversation.stop()
    elif context.composer.text:
        context.composer.prompts.add(context.composer.text)  # Ctrl+Z reaches no further back than the next message
        context.composer.put("")
        keys = (label_for(id_, context.commands, context.own_keys) for id_ in ("undo", "earlier"))
        way_back = " or ".join(filter(None, keys))
        context.note(f"Draft cleared. {way_back} brings it back." if way_back else "Draft cleared.")
    elif now - context.interrupted_at <= QUIT_WITHIN_S:
        quit_program(context, "")
    else:
        context.interrupted_at = now
        again = label_for("interrupt", context.commands, context.own_keys)
        context.note(f"Press {again} again to quit.", timeout=QUIT_WITHIN_S)


def end_of_input(context: CommandContext, _: str) -> None:
    """Quit, where nothing is written."""
    if context.composer.text:
        raise SkipAction
    quit_program(context, "")


def quit_program(context: CommandContext, _: str) -> None:
    """Save and leave."""
    context.program.leave(0)
