"""Says what becomes of conversations out of sight, and how many of them are at work."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from tui_chat.chat.session_events import AnswerEnded, Notice
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.chat_screen.drafting import Drafting
from tui_chat.ui.chat_screen.showing import FailureHost, Showing
from tui_chat.ui.chat_screen.status_line import StatusLine
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent, OutboxChanged, QuestionSaved
from tui_chat.workspace.followed import Followed, Rested, Standing

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from tui_chat.workspace.open_conversations import OpenConversations

LONGEST_TITLE: Final = 60


class OpenHost(FailureHost, Protocol):
    """The screen, which knows all open conversations."""

    @property
    def opened(self) -> "OpenConversations":
        """The open conversations."""
        ...


class OutOfSight:
    """The conversations of a chat screen that it does not show."""

    def __init__(
        self,
        host: OpenHost,
        status: StatusLine,
        drafting: Drafting,
        showing: Showing,
        *,
        key_to: "Callable[[str], str]",
    ) -> None:
        """`key_to` is the label of a command's key, by its id; empty where it has none."""
        self._host = host
        self._status = status
        self._drafting = drafting
        self._showing = showing
        self._key_to = key_to

    def show_count(self) -> None:
        """Show how many answers are on their way out of sight, and how many calls wait there."""
        self._status.show(at_work=self._host.opened.at_work, asking=self._host.opened.asking)

    def apply(self, followed: Followed, event: ConversationEvent | Rested) -> None:
        """Take note of what happened in one of them."""
        match event:
            case QuestionSaved():
                self._drafting.changed_aside(followed, is_stored=True)
            case NotSent() | OutboxChanged() | GivenBack():
                self._drafting.changed_aside(followed)
            case AnswerEnded(answer):
                self._showing.tell_elsewhere(followed.conversation.session, answer)
            case Notice(failure):
                self._host.tell(failure)
            case Rested():
                self._drafting.changed_aside(followed)
                self.show_count()
                self._say(followed)
            case _:
                pass

    def _say(self, followed: Followed) -> None:
        """Say how a conversation rests, and which key goes there."""
        title = f"“{sanitize_line(followed.title, LONGEST_TITLE)}”"
        severity: SeverityLevel = "information"
        match followed.standing:
            case Standing.ASKS:
                words = f"{title} waits for you."
            case Standing.FAILED:
                why = followed.failure.message if followed.failure is not None else "The answer is incomplete."
                words, severity = f"{title} failed: {why}", "warning"
            case Standing.UNREAD:
                words = f"{title} is done."
            case Standing.BUSY | Standing.IDLE:
                return
        self._host.note(f"{words} {self._way_to(followed)}".rstrip(), severity=severity)

    def _way_to(self, followed: Followed) -> str:
        back, listed = self._key_to("go-back"), self._key_to("resume") or "/resume"
        return f"{back} goes there." if back and self._host.opened.is_before(followed) else f"{listed} lists it."
