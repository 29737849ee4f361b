"""Says on the composer's edge what the next request would take, soon after the last key."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_chat.core.slash import slash_line
from tui_chat.ui.chat_screen.attaching import Attaching
from tui_chat.ui.chat_screen.drafting import TimedHost
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.state import State

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui_chat.workspace.next_request import NextRequest

AFTER_S = 0.2
"""How long an estimate may be behind what is written: a long paste is not measured at every key."""


class Sizing:
    """The estimate of a chat screen's next request."""

    def __init__(self, host: TimedHost, composer: Composer, attaching: Attaching, show: Callable[[str], None]) -> None:
        """`show` puts the words on the edge."""
        self._host = host
        self._composer = composer
        self._attaching = attaching
        self._show = show
        self._timer: Timer | None = None
        self._next: NextRequest | None = None

    def follow(self) -> None:
        """Say it again: the draft, the conversation or the model changed."""
        if not self.is_due:
            self._show("")
        elif self._timer is None:
            self._timer = self._host.set_timer(AFTER_S, self._say)

    @property
    def is_due(self) -> bool:
        """There is a message that would be sent now."""
        text = self._composer.document.text
        is_said = bool(text) and not text.isspace()
        return self._host.conversation.state is State.IDLE and is_said and slash_line(text) is None

    def _say(self) -> None:
        from tui_chat.workspace.next_request import NextRequest, size_words  # the first frame does without

        self._timer = None
        if not self.is_due:
            return
        if self._next is None:
            self._next = NextRequest()
        conversation = self._host.conversation
        size = self._next.size(conversation.session, self._composer.text, self._attaching.size, conversation.editing)
        self._show(size_words(conversation.session, size))
