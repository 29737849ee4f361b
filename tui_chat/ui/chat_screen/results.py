"""Asks for the results of calls that wait, or whether they may run, and tells the conversation."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_chat.chat.session_events import ToolFinished
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.chat_screen.host import AskingHost
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.ui.chat_screen.showing import Showing
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.conversation import OpenConversation

if TYPE_CHECKING:
    from tui_chat.chat.tool_plans import Planned
    from tui_chat.ui.panes.call_decision import Decision
    from tui_chat.workspace.deciding import CallKey


class Results:
    """Results that a person types on a chat screen."""

    def __init__(
        self,
        host: AskingHost,
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
        """Open the inspector for pending calls, and say so to who is elsewhere. The focus stays: the next key is not
        meant for what came just now."""
        self._showing.show_phase()
        pending = self._host.conversation.session.pending_calls
        if pending and not self._panes.has_focus:
            name = sanitize_line(pending[0].name, 40)
            said = f"{name} waits" if len(pending) == 1 else f"{len(pending)} calls wait"
            self._host.note(f"{said} for your answer.")
        await self._panes.open_tools(focus=False)

    async def give(self, call_id: str, content: str, *, is_error: bool) -> None:
        """Give a call its result; after the last one the model goes on."""
        conversation = self._host.conversation
        try:
            finished = await conversation.give_result(call_id, content, is_error=is_error)
        except KeyError:
            self._host.note("That call is not pending any more.", severity="warning")
            return
        await self._after(conversation, finished)

    async def decide(self, key: "CallKey", decision: "Decision", planned: "Planned") -> None:
        """Carry out what the person decided about a call that waits, once its words were asked for.

        Raises:
            CommandRefused: the call does not wait any more, or is not what was shown.
        """
        from tui_chat.ui.chat_screen.verdicts import verdict_of  # only where a call waits
        from tui_chat.workspace import deciding

        conversation = self._host.conversation
        verdict = await verdict_of(self._host, conversation, key, decision, planned)
        if verdict is not None:
            await self._after(conversation, await deciding.decide(conversation, key, verdict))

    async def _after(self, conversation: OpenConversation, finished: ToolFinished | None) -> None:
        """Show a result, and go on with what is due; saving it may have taken a while. The focus stays at the calls as
        long as one waits."""
        from tui_chat.workspace import deciding  # only where a call waits

        is_shown = conversation is self._host.conversation
        if is_shown and finished is not None:
            self._showing.apply(finished)
        if conversation.is_due:
            if is_shown and not deciding.asks_on(conversation.session):
                await self._panes.uncover()
                self._composer.focus()
            self._go_on(conversation)
        elif is_shown:
            self._showing.show_phase()
