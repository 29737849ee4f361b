"""Esc, Ctrl+C and Ctrl+D: closing, stopping, clearing and quitting, in that order, and never losing text."""

from time import monotonic
from typing import TYPE_CHECKING

from textual.actions import SkipAction

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen

QUIT_WITHIN_S = 1.0


async def close(chat: "ChatScreen", _: str) -> None:
    """Esc: leave the pane that has the focus, else stop the answer, else close what is open."""
    if chat.completing.take_key("escape"):
        return
    if chat.side.has_focus_inside:
        await chat.panes.close()
    elif chat.turns.is_running:
        chat.turns.stop()
    elif chat.side.pane is not None:
        await chat.panes.close()
    elif chat.editing.question is not None:
        chat.editing.end()
        chat.toast("What you send now is a new question.")
    else:
        chat.composer.focus()


def interrupt(chat: "ChatScreen", _: str) -> None:
    """Ctrl+C: copy a selection, else stop, else clear the draft, else quit on the second press.

    The key has priority, so it waits here behind the letters that were typed before it.
    """
    chat.composer.call_later(_interrupt, chat)


def _interrupt(chat: "ChatScreen") -> None:
    now = monotonic()
    if selected := chat.copying.selected():
        chat.copying.copy(selected, "the selection", is_selection=True)
        chat.copying.drop_selection()  # so that the next press stops, clears or quits
    elif chat.turns.is_running:
        chat.turns.stop()
    elif chat.composer.text:
        chat.composer.prompts.add(chat.composer.text)  # Ctrl+Z reaches no further back than the next message
        chat.composer.put("")
        chat.toast("Draft cleared. Ctrl+Z or Up brings it back.")
    elif now - chat.interrupted_at <= QUIT_WITHIN_S:
        quit_program(chat, "")
    else:
        chat.interrupted_at = now
        chat.toast("Press Ctrl+C again to quit.")


def end_of_input(chat: "ChatScreen", _: str) -> None:
    """Ctrl+D: quit, where nothing is written."""
    if chat.composer.text:
        raise SkipAction
    quit_program(chat, "")


def quit_program(chat: "ChatScreen", _: str) -> None:
    """Save and leave."""
    chat.chat_app.leave(0)
