"""What is shown of the open session: its path, its figures, and each of its events as it happens."""

from typing import TYPE_CHECKING

from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    PhaseChanged,
    ReplyGrew,
    SessionEvent,
    ToolFinished,
)
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.stream_events import ToolCallDelta
from tui_chat.core.tree import Node

if TYPE_CHECKING:  # the screen owns this
    from tui_chat.ui.chat_screen.screen import ChatScreen


class Following:
    """Passes what a session says on to the widgets of a chat screen."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._head: str | None = None
        """The last node that is shown."""

    def show_path(self) -> None:
        """Show the session's path from its beginning."""
        path = self._chat.session.path
        self._head = path[-1].id if path else None
        self._chat.transcript.show(path)

    def show_facts(self) -> None:
        """Model, figures and badges, as they are now."""
        chat, session = self._chat, self._chat.session
        badges = ("demo",) if chat.services.gateway.is_demo else ()
        if session.is_temporary:
            badges = ("temporary", *badges)
        chat.models.note(session.conversation.model)
        chat.status.show(model=session.conversation.model, spending=session.spending, badges=badges)
        self.show_title()

    def show_title(self) -> None:
        """The conversation and its state, in the window's title."""
        session = self._chat.session
        self._chat.chat_app.outside.show_title(
            session.conversation.title, session.phase, is_asking=bool(session.pending_calls)
        )

    def _tell_who_is_away(self, answer: Node) -> None:
        """Somebody who looks elsewhere hears once how the answer ended, or what it asks for."""
        from tui_chat.terminal.notifying import news_of  # the first frame does without

        session = self._chat.session
        waiting = next((call.name for call in session.pending_calls), "")
        news = news_of(answer.answer or AnswerInfo(), waiting)
        self._chat.chat_app.outside.notifier.tell(session.conversation.title or "tui-chat", news)

    def say_notices(self) -> None:
        """Say what the store has to tell: a damaged file was moved aside."""
        for notice in self._chat.services.store.notices():
            self._chat.toast(notice, severity="warning", timeout=20)

    def hear(self, event: SessionEvent) -> None:
        """Pass an event on to all that show it."""
        chat = self._chat
        match event:
            case AnswerStarted(question, answer):
                parent = (question or answer).parent_id
                if parent != self._head:
                    chat.transcript.show(chat.session.tree.path(parent))
                self._head = answer.id
            case ReplyGrew(node_id, _, ToolCallDelta()):
                chat.panes.offer_tools(node_id)
            case ToolFinished(_, node):
                self._head = node.id
            case AnswerEnded(answer):
                self.show_facts()
                self._tell_who_is_away(answer)
            case Notice(failure):
                chat.tell(failure)
            case PhaseChanged():
                self.show_title()
            case _:
                pass
        chat.transcript.apply(event)
        chat.status.apply(event)
        chat.panes.apply(event)

    def turn_ended(self) -> None:
        """A turn is over, however it ended."""
        chat = self._chat
        self.say_notices()
        chat.status.enter(chat.session.phase, next((call.name for call in chat.session.pending_calls), ""))
        if chat.session.pending_calls:
            chat.run_worker(self.ask_for_results(), group="pane")

    async def ask_for_results(self) -> None:
        """Open the inspector for calls that wait; a draft that is being written keeps the focus."""
        chat = self._chat
        chat.status.enter(chat.session.phase, chat.session.pending_calls[0].name)
        await chat.panes.open_tools(focus=not chat.composer.text)
