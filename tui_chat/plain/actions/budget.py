"""The command for budgets."""

from typing import TYPE_CHECKING

from tui_chat.workspace import budgets

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


async def budget(chat: "Chat", words: str) -> None:
    """Set a budget, or say how all of them stand."""
    if words:
        await chat.set_budget(words)
        return
    for each in await budgets.standings(chat.session):
        chat.say(budgets.standing_words(each))
    chat.say(budgets.HOW)
