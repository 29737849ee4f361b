"""What the board of usage asks of the chat around it."""

from typing import Protocol

from tui_chat.workspace.usage_report import Span


class UsageHost(Protocol):
    """The chat around the board."""

    def read_usage(self, span: Span) -> None:
        """Read what was spent in a time, for `show_report` or `show_failure`."""

    def set_budget(self) -> None:
        """Let the person set a budget."""

    def save_usage(self, text: str, stem: str) -> None:
        """Save a table under a name that begins so."""

    def open_conversation(self, conversation_id: str) -> None:
        """Open a conversation."""

    def open_answer(self, node_id: str) -> None:
        """Go to an answer of this chat."""
