"""What can be done with messages that wait: bring one back to be changed, reorder, remove, send now."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the screen owns this; the list is imported when something waits for the first time
    from tui_chat.ui.chat_screen.queue_line import QueueLine, Wish
    from tui_chat.ui.chat_screen.screen import ChatScreen
    from tui_chat.workspace.outbox import Outbox


class Queueing:
    """The waiting messages of a chat screen: those behind the answer, or, while it starts, all that was typed."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._line: QueueLine | None = None

    @property
    def _queue(self) -> "Outbox":
        early = self._chat.dispatch.early
        return early if len(early) else self._chat.turns.queue

    @property
    def messages(self) -> tuple[str, ...]:
        """What was sent and has to wait, the next one first."""
        return (*self._chat.dispatch.early.messages, *self._chat.turns.queue.messages)

    def toggle_focus(self) -> None:
        """Into the list, and out of it."""
        line = self._line
        (line if line is not None and not line.has_focus else self._chat.composer).focus()

    def show(self) -> None:
        """Show what waits; where nothing does any more, the composer has the focus."""
        chat, messages = self._chat, self._queue.messages
        if self._line is None and messages:
            from tui_chat.ui.chat_screen.queue_line import QueueLine

            self._line = QueueLine()
            chat.mount(self._line, before=chat.composer)
        if self._line is not None:
            if self._line.has_focus and not messages:
                chat.composer.focus()
            self._line.show(messages)
        chat.status.show(queued=len(messages))
        chat.drafting.changed()

    def take_key(self, key: str) -> bool:
        """Up in an empty composer brings back what was typed last; True where it did."""
        if key != "up" or not self._chat.composer.is_blank or not len(self._queue):
            return False
        self.change(len(self._queue) - 1)
        return True

    def change(self, index: int) -> None:
        """Bring a message back into the composer; sent again, it has its place in the line again."""
        self._chat.composer.give_back(self._queue.take(index))
        self.show()
        self._chat.composer.focus()

    def do(self, wish: "Wish", index: int) -> None:
        """Do what was asked for a message in the list."""
        from tui_chat.ui.chat_screen.queue_line import Wish

        queue, chat, line = self._queue, self._chat, self._line
        if wish is Wish.LEAVE:
            chat.composer.focus()
        elif index >= len(queue):
            return
        elif wish is Wish.CHANGE:
            self.change(index)
        elif wish is Wish.REMOVE:
            text = queue.remove(index)
            chat.composer.prompts.add(text)
            self.show()
            chat.toast("Removed; Up in the composer recalls it.")
        elif wish in (Wish.EARLIER, Wish.LATER):
            moved = queue.move(index, index + (1 if wish is Wish.LATER else -1))
            self.show()
            if line is not None:
                line.cursor = moved
        elif queue is chat.turns.queue:
            chat.composer.focus()
            chat.turns.send_now(index)
        else:
            chat.toast("It is sent as soon as there is a model to ask.")
