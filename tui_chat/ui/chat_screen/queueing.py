"""Shows the outbox, and acts on its messages: bring one back, reorder, remove, send now."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_chat.ui.chat_screen.host import LineHost
from tui_chat.ui.chat_screen.status_line import StatusLine
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.state import State

if TYPE_CHECKING:  # imported when something waits for the first time
    from tui_chat.ui.chat_screen.queue_line import QueueLine, Wish


class Queueing:
    """The queued messages of a chat screen."""

    def __init__(self, host: LineHost, composer: Composer, status: StatusLine, go: Callable[[], None]) -> None:
        """`go` follows a turn that is due."""
        self._host = host
        self._composer = composer
        self._status = status
        self._go = go
        self._line: QueueLine | None = None

    def toggle_focus(self) -> None:
        """Go into the list, or out of it."""
        line = self._line
        (line if line is not None and not line.has_focus else self._composer).focus()

    def show(self) -> None:
        """Show the outbox; when it is empty, the composer has the focus."""
        messages = self._host.conversation.outbox.messages
        if self._line is None and messages:
            from tui_chat.ui.chat_screen.queue_line import QueueLine

            self._line = QueueLine()
            self._host.mount_above(self._line)
        if self._line is not None:
            if self._line.has_focus and not messages:
                self._composer.focus()
            self._line.show(messages)
        self._status.show(queued=len(messages))

    def take_key(self, key: str) -> bool:
        """Take Up in an empty composer: it brings back the message that was typed last; True where it did."""
        count = len(self._host.conversation.outbox)
        if key != "up" or not self._composer.is_blank or not count:
            return False
        self.change(count - 1)
        return True

    def change(self, index: int) -> None:
        """Bring a message back into the composer; sent again, it keeps its place in the queue."""
        self._composer.give_back(self._host.conversation.outbox.take(index))
        self.show()
        self._composer.focus()

    def give_back(self) -> None:
        """Put all queued messages back into the composer: none is sent that the person may want to think over."""
        if waiting := self._host.conversation.outbox.take_all():
            self.show()
            self._composer.give_back("\n\n".join(waiting))

    def do(self, wish: "Wish", index: int) -> None:
        """Do an action on a message of the list."""
        from tui_chat.ui.chat_screen.queue_line import Wish

        conversation, line = self._host.conversation, self._line
        outbox = conversation.outbox
        if wish is Wish.LEAVE:
            self._composer.focus()
        elif index >= len(outbox):
            return
        elif wish is Wish.CHANGE:
            self.change(index)
        elif wish is Wish.REMOVE:
            self._composer.prompts.add(outbox.remove(index))
            self.show()
            self._host.note("Removed; it is in the prompt history.")
        elif wish in (Wish.EARLIER, Wish.LATER):
            moved = outbox.move(index, index + (1 if wish is Wish.LATER else -1))
            self.show()
            if line is not None:
                line.cursor = moved
        elif conversation.state is State.OPENING:
            self._host.note("It is sent as soon as there is a model to ask.")
        else:
            self._composer.focus()
            self._host.transcript.action_follow()
            conversation.send_now(index)
            self.show()
            self._go()
