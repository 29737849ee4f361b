"""Commands about the keyboard and the mouse: a pair of keys that begins with the leader, what the mouse does."""

from typing import TYPE_CHECKING

from textual.actions import SkipAction

from tui_chat.ui.keys.command import Command, key_label, keys_of, leader_keys
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen

MOUSE_WORDS = {
    "full": "The mouse is ours: it scrolls, selects and clicks. Hold Shift to select as the terminal does.",
    "scroll": "Selecting is the terminal's; its wheel scrolls here, where the terminal turns it into arrow keys.",
    "off": "The mouse is the terminal's.",
}


def lead(chat: "ChatScreen", _: str) -> None:
    """Wait for the key that completes the pair, and do what it means. With text selected the key cuts it, as elsewhere.

    The screen that waits is there before the next key of the same read is looked at.
    """
    if chat.composer.has_focus and chat.composer.selected_text:
        raise SkipAction
    from tui_chat.ui.commands.table import BY_ID, COMMANDS  # the table holds this
    from tui_chat.ui.dialogs.leader import LeaderScreen  # imported when it is opened

    followers = leader_keys(COMMANDS, chat.own_keys)
    leader = " ".join(key_label(key) for key in keys_of(BY_ID["leader"], chat.own_keys)[:1])

    def follow(command: Command | None) -> None:
        if command is not None:
            chat.dispatch.execute(command, "")

    chat.app.push_screen(LeaderScreen(leader, followers), follow)


async def mouse(chat: "ChatScreen", use: str) -> None:
    """Let the mouse do something else, from now on and in the next run, or say what it does."""
    outside = chat.chat_app.outside
    use = use.strip().lower()
    if use and use not in MOUSE_WORDS:
        raise CommandRefused(f"The mouse can be {', '.join(MOUSE_WORDS)}.")
    if use:
        outside.use_mouse(use)
        chat.chat_app.save_setting("mouse", use)
    others = " or ".join(f"/mouse {word}" for word in MOUSE_WORDS if word != outside.mouse)
    chat.toast(f"{MOUSE_WORDS[outside.mouse]} {others} changes it.", timeout=8)
