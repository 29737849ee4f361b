"""Shows the open conversation: its path, its figures, and each of its events as it happens."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    PhaseChanged,
    ReplyGrew,
    RoundLimitReached,
    SessionEvent,
    ToolFinished,
)
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import ChatError, Failure
from tui_chat.core.stream_events import ToolCallDelta
from tui_chat.core.tree import Node
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.ui.chat_screen.status_line import StatusLine
from tui_chat.workspace.budgets import pressing
from tui_chat.workspace.context_fill import ContextFill
from tui_chat.workspace.conversations import Conversations
from tui_chat.workspace.followed import Progress
from tui_chat.workspace.parameters import sent_effort

if TYPE_CHECKING:
    from tui_chat.chat.session import Session
    from tui_chat.ui.chat_screen.counting import Counting
    from tui_chat.ui.driver.outside import Outside
    from tui_chat.ui.transcript.view import TranscriptView


class FailureHost(Host, Protocol):
    """The screen, which shows failures too."""

    @property
    def conversations(self) -> Conversations: ...
    def tell(self, failure: Failure) -> None:
        """Show a failure, and what to do about it."""
        ...

    def renew_dialogs(self) -> None:
        """Let the dialogs show what has become of the conversation."""
        ...


class Showing:
    """Passes a conversation's events on to the widgets of a chat screen."""

    def __init__(
        self,
        host: FailureHost,
        status: StatusLine,
        panes: Panes,
        transcript: "Callable[[], TranscriptView]",
        outside: "Callable[[], Outside]",
        *,
        answer_key: str,
    ) -> None:
        """The transcript and `outside` are there after the first frame. `answer_key` leads to a call that waits."""
        self._host = host
        self._status = status
        self._panes = panes
        self._transcript = transcript
        self._outside = outside
        self._answer_key = answer_key
        status.estimate = lambda tokens: self._counting.cost(tokens)
        self._shown: list[str] = []
        """Ids of the messages that are shown, from the first."""
        self._elsewhere = ""
        """Id of the answer that grows here while another program is writing it; empty where none does."""

    @property
    def is_current(self) -> bool:
        """What is shown is the path of the conversation: it was not turned to another branch, and nothing was taken
        out of it."""
        return self._shown == [node.id for node in self._host.conversation.session.path]

    def show_path(self, so_far: Sequence[SessionEvent]) -> None:
        """Show the path from its beginning; `so_far` is what has come of an answer that is being written,
        its start first, or tells of the calls that run."""
        conversation = self._host.conversation
        path = conversation.session.path
        self._shown = [node.id for node in path]
        grows = bool(so_far) and isinstance(so_far[0], AnswerStarted)
        self._elsewhere = path[-1].id if grows and not conversation.is_answering else ""
        self._transcript().show(path[:-1] if grows else path)
        for event in so_far:
            self._transcript().apply(event)

    def variant(self, node_id: str) -> str:
        """Which of its variants a message is, for its head; empty as long as that is not known."""
        if not self._host.conversation.is_open:
            return ""
        from tui_chat.workspace.shaping import variant_shown  # the first frame does without

        return variant_shown(self._host.conversation, node_id)

    def turn_to_path(self) -> None:
        """Show the path as it is now, where it was turned to another branch or messages are marked otherwise."""
        path = self._host.conversation.session.path
        if not self.is_current:
            self._shown = [node.id for node in path]
            self._transcript().turn_to(path)
        self._transcript().show_heads(path)
        self.show_facts()

    def show_facts(self) -> None:
        """Show model, figures and badges as they are now."""
        conversation = self._host.conversation
        session = conversation.session
        gateway = conversation.services.gateway
        badges = ("demo",) if gateway.is_demo else (gateway.name,) if gateway.name else ()
        if session.is_temporary:
            badges = ("temporary", *badges)
        if self._host.conversations.is_archived:
            badges = ("archived", *badges)
        if conversation.services.unsaved.failure is not None:
            badges = ("unsaved", *badges)
        budgets = pressing(session)
        if budgets.badge:
            badges = (budgets.badge, *badges)
        self._status.show(
            gateway=gateway.base_url,
            budget_used=budgets.used,
            model=session.conversation.model,
            effort=sent_effort(session),
            spending=session.spending,
            badges=badges,
            context=self._counting.context() if session.path else ContextFill(),
        )
        self.show_title()

    @cached_property
    def _counting(self) -> "Counting":
        from tui_chat.ui.chat_screen.counting import Counting  # the first frame does without

        return Counting(self._host, lambda fill: self._status.show(context=fill))

    def show_spending(self) -> None:
        """Show title and figures as they are now, the usage pane's too."""
        self.show_facts()
        self._panes.show_spending()

    async def look_up(self) -> None:
        """Show what another program may have done to the conversation (its title, messages, the archive), and what it
        has spent, once the store has said so."""
        with suppress(ChatError):  # whoever opens the list is told what is wrong with the store
            is_changed = await self._host.conversations.look_up()
            if self._host.conversation.is_answering or self.is_current:
                show = self.turn_to_path if is_changed else self.show_facts
                show()
            else:
                self._show_added()
            self._panes.show_spending()
        self.say_notices()

    def _show_added(self) -> None:
        from tui_chat.ui.chat_screen.following_elsewhere import FollowingElsewhere  # the first frame does without
        from tui_chat.workspace.elsewhere import so_far

        events = so_far(self._host.conversation.session)
        if events or self._transcript().is_following:
            self.show_path(events)
            FollowingElsewhere(self._host, self, self._transcript).begin()
            self.show_facts()
        else:
            self.turn_to_path()  # whoever reads further up stays there
        self.show_phase()

    def show_title(self) -> None:
        """Show the conversation and its state in the window's title."""
        session = self._host.conversation.session
        self._outside().show_title(session.conversation.title, session.phase, is_asking=bool(session.pending_calls))

    def catch_up(self, progress: Progress) -> None:
        """Show how far the turn that runs has come."""
        self._status.catch_up(progress)
        self.show_title()

    def show_phase(self) -> None:
        """Show the phase, and which call waits for the person."""
        session = self._host.conversation.session
        waits_for = next((call.name for call in session.pending_calls), "")
        self._status.enter(session.phase, waits_for, waits_for=waits_for, waits_key=self._answer_key)

    def say_notices(self) -> None:
        """Show the store's notices: a damaged file was moved aside."""
        if not self._host.conversation.is_open:
            return
        for notice in self._host.conversation.services.store.notices():
            self._host.note(notice, severity="warning", timeout=20)

    def apply(self, event: SessionEvent) -> None:
        """Pass an event on to everything that shows it."""
        match event:
            case AnswerStarted(question, answer):
                self.end_elsewhere()
                parent = (question or answer).parent_id
                if parent != (self._shown[-1] if self._shown else None):
                    path = self._host.conversation.session.tree.path(parent)
                    self._shown = [node.id for node in path]
                    self._transcript().show(path)
                self._shown += [node.id for node in (question, answer) if node is not None]
            case ReplyGrew(node_id, _, ToolCallDelta()):
                self._panes.offer_tools(node_id)
            case ToolFinished(_, node):
                self._shown.append(node.id)
            case AnswerEnded(answer):
                self.show_facts()
                self.tell_elsewhere(self._host.conversation.session, answer)
            case RoundLimitReached(limit):
                words = f"The model called tools {limit} times in a row. These calls are left to you."
                self._host.note(words, severity="warning")
            case Notice(failure):
                self._host.tell(failure)
            case PhaseChanged():
                self.show_title()
            case _:
                pass
        self._transcript().apply(event)
        self._status.apply(event)
        self._panes.apply(event)
        if isinstance(event, AnswerStarted | AnswerEnded | ToolFinished):
            self._host.renew_dialogs()

    def end_elsewhere(self) -> None:
        """Show what has become of the answer that another program was writing; once."""
        id_, self._elsewhere = self._elsewhere, ""
        node = self._host.conversation.session.tree.get(id_)
        if node is not None:
            self._transcript().apply(AnswerEnded(node))
            self.show_facts()

    def tell_elsewhere(self, session: "Session", answer: Node) -> None:
        """Notify somebody who looks elsewhere of the answer's end, or of a pending call."""
        from tui_chat.terminal.notifying import news_of  # the first frame does without

        waiting = next((call.name for call in session.pending_calls), "")
        news = news_of(answer.answer or AnswerInfo(), waiting)
        self._outside().notifier.tell(session.conversation.title or "tui-chat", news)
