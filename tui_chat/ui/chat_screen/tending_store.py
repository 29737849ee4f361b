"""Lets the store do what it has left to do while nobody types and no answer is written."""

from typing import TYPE_CHECKING

from tui_chat.ui.chat_screen.out_of_sight import OpenHost

if TYPE_CHECKING:  # it begins after the first frame
    from tui_chat.workspace.tending import Tending


class TendingStore:
    """The work in the background of a chat screen."""

    def __init__(self, host: OpenHost) -> None:
        self._host = host
        self._tending: Tending | None = None

    def begin(self) -> None:
        """Begin, once the conversation is open; once is enough."""
        if self._tending is None:
            from tui_chat.workspace.tending import Tending

            services = self._host.conversation.services
            self._tending = Tending(lambda: bool(self._host.opened.running), services.clock.monotonic)
            self._host.run_worker(self._tending.run(services.store), name="tending", group="tending", exclusive=True)

    def key_pressed(self) -> None:
        """Let somebody type in peace."""
        if self._tending is not None:
            self._tending.key_pressed()

    def end(self) -> None:
        """Begin nothing more: the file is about to be closed."""
        if self._tending is not None:
            self._tending.end()
