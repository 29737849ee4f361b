"""The question where a request would go over a budget."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from tui_chat.chat.session import Session
from tui_chat.plain.wording import name_of
from tui_chat.workspace import budgets
from tui_chat.workspace.budgets import WayOut
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import NotSent
from tui_chat.workspace.refusal import CommandRefused

Item = TypeVar("Item")


class Asking(Protocol):
    """The chat that asks."""

    conversation: OpenConversation

    @property
    def session(self) -> Session:
        """The conversation in the domain."""
        ...

    def say(self, text: str) -> None:
        """Say whole lines."""
        ...

    def ask_line(self, prompt: str) -> str:
        """Ask for one line."""
        ...

    async def set_budget(self, words: str) -> None:
        """Set a budget as the words say, keep it where it is for all, and tell what holds now."""
        ...

    def choose(self, items: Sequence[Item], words: Callable[[Item], str]) -> Item | None:
        """Offer a numbered choice."""
        ...


async def ask_over_budget(chat: Asking, unsent: NotSent) -> None:
    """Ask what becomes of a request that would go over a budget, and send it where that is wanted."""
    failure, session = unsent.failure, chat.session
    assert failure is not None, "it was not sent for its budget"
    chosen = chat.choose(budgets.ways_out(session, failure), lambda each: each.words)
    match chosen.way if chosen is not None else WayOut.KEEP:
        case WayOut.ONCE:
            budgets.allow(session, failure)
        case WayOut.FREE:
            await chat.conversation.set_model(model := budgets.free_model(session))
            chat.say(f"Model: {name_of(model)}.")
        case WayOut.BUDGET:
            typed = chat.ask_line(f"Another budget, as {failure.code} 1.50: ").strip()
            try:
                await chat.set_budget(typed)
            except CommandRefused as refused:
                chat.say(str(refused))
                return
        case WayOut.KEEP:
            return
    if unsent.text:
        chat.conversation.send(unsent.text)
    elif chosen is None or chosen.way is WayOut.FREE or not chat.conversation.ask_unasked():
        chat.say("The next request may go: ask again.")
