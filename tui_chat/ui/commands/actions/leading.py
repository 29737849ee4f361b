"""Commands about the keyboard and the mouse: pairs of keys that begin with the leader, and what the mouse does."""

from textual.actions import SkipAction

from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.keys.command import Led, label_of, leader_in, leader_keys
from tui_chat.workspace.refusal import CommandRefused

MOUSE_WORDS = {
    "full": "The mouse is ours: it scrolls, selects and clicks. Hold Shift to select as the terminal does.",
    "scroll": "Selecting is the terminal's; its wheel scrolls here, where the terminal turns it into arrow keys.",
    "off": "The mouse is the terminal's.",
}


def lead(context: CommandContext, _: str) -> None:
    """Wait for the key that completes the pair, and run its command. With text selected the key cuts it, as elsewhere.

    The screen that waits is there before the next key of the same read is looked at.
    """
    if context.composer.has_focus and context.composer.selected_text:
        raise SkipAction
    followers = leader_keys(context.commands, context.own_keys)
    label = label_of(leader_in(context.commands), context.own_keys)

    def follow(answer: Led | str | None) -> None:
        if isinstance(answer, str):
            context.note(f"{label} {answer} does nothing: see /keys.")
        elif answer is not None:
            context.execute(answer.command, answer.arguments)

    context.push(dialogs.leading(label, followers, context.own_keys), follow)


async def mouse(context: CommandContext, use: str) -> None:
    """Let the mouse do something else, from now on and in the next run, or say what it does."""
    outside = context.program.outside
    use = use.strip().lower()
    if use and use not in MOUSE_WORDS:
        raise CommandRefused(f"The mouse can be {', '.join(MOUSE_WORDS)}.")
    if use:
        outside.use_mouse(use)
        kept = context.program.keeping.keep("mouse", use)
        context.note(f"{kept} {MOUSE_WORDS[use]}", timeout=8)
        return
    others = " or ".join(f"/mouse {word}" for word in MOUSE_WORDS if word != outside.mouse)
    context.note(f"{MOUSE_WORDS[outside.mouse]} {others} changes it.", timeout=8)


def redraw(context: CommandContext, _: str) -> None:
    """Draw the whole screen anew."""
    context.program.outside.redraw()
