"""Shows what waits in the outbox, and does what is asked for it: bring one back, reorder, remove, send now."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.status_line import StatusLine
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.conversation import State

if TYPE_CHECKING:  # imported when something waits for the first time
    from tui_chat.ui.chat_screen.queue_line import QueueLine, Wish


class Queueing:
    """The waiting messages of a chat screen."""

    def __init__(self, host: Host, composer: Composer, status: StatusLine, go: Callable[[], None]) -> None:
        """`go` follows a turn that is due."""
        self._host = host
        self._composer = composer
        self._status = status
        self._go = go
        self._line: QueueLine | None = None

    def toggle_focus(self) -> None:
        """Into the list, and out of it."""
        line = self._line
        (line if line is not None and not line.has_focus else self._composer).focus()

    def show(self) -> None:
        """Show what waits; where nothing does any more, the composer has the focus."""
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
        """Up in an empty composer brings back what was typed last; True where it did."""
        count = len(self._host.conversation.outbox)
        if key != "up" or not self._composer.is_blank or not count:
            return False
        self.change(count - 1)
        return True

    def change(self, index: int) -> None:
        """Bring a message back into the composer; sent again, it has its place in the line again."""
        self._composer.give_back(self._host.conversation.outbox.take(index))
        self.show()
        self._composer.focus()

    def give_back(self) -> None:
        """Put what waits back into the composer: nothing is sent that the person may want to think over."""
        if waiting := self._host.conversation.outbox.take_all():
            self.show()
            self._composer.give_back("\n\n".join(waiting))

    def do(self, wish: "Wish", index: int) -> None:
        """Do what was asked for a message in the list."""
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
            self._host.toast("Removed; Up in the composer recalls it.")
        elif wish in (Wish.EARLIER, Wish.LATER):
            moved = outbox.move(index, index + (1 if wish is Wish.LATER else -1))
            self.show()
            if line is not None:
                line.cursor = moved
        elif conversation.state is State.OPENING:
            self._host.toast("It is sent as soon as there is a model to ask.")
        else:
            self._composer.focus()
            conversation.send_now(index)
            self.show()
            self._go()
