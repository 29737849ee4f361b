"""Asks for the results of calls that wait, and gives them to the conversation."""

from collections.abc import Callable

from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.ui.chat_screen.showing import Showing
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.conversation import OpenConversation


class Results:
    """Results that a person types on a chat screen."""

    def __init__(
        self,
        host: Host,
        composer: Composer,
        panes: Panes,
        showing: Showing,
        go_on: Callable[[OpenConversation], None],
    ) -> None:
        """`go_on` follows the turn of a conversation that is due once every call has its result."""
        self._host = host
        self._composer = composer
        self._panes = panes
        self._showing = showing
        self._go_on = go_on

    async def ask(self) -> None:
        """Open the inspector for pending calls; a draft that is being written keeps the focus."""
        self._showing.show_phase()
        await self._panes.open_tools(focus=not self._composer.text)

    async def give(self, call_id: str, content: str, *, is_error: bool) -> None:
        """Give a call its result; after the last one the model goes on."""
        conversation = self._host.conversation
        try:
            finished = await conversation.give_result(call_id, content, is_error=is_error)
        except KeyError:
            self._host.note("That call is not pending any more.", severity="warning")
            return
        is_shown = conversation is self._host.conversation  # saving takes a while
        if is_shown:
            self._showing.apply(finished)
        if conversation.is_due:
            self._go_on(conversation)
        elif is_shown:
            self._showing.show_phase()
