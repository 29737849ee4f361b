"""The chat behind a list of conversations: what it was told, and nothing else."""

from typing import TYPE_CHECKING

from tui_chat.core.errors import Failure
from tui_chat.workspace.verbs import Export

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel


class ChatBehind:
    """Hears everything."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.failures: list[Failure] = []
        self.saved: list[Export] = []
        self.begun = 0

    def note(self, words: str, *, severity: "SeverityLevel" = "information") -> None:
        del severity
        self.notes.append(words)

    def tell(self, failure: Failure) -> None:
        self.failures.append(failure)

    def show_facts(self) -> None:
        """There is nothing that shows them."""

    async def begin_anew(self) -> None:
        self.begun += 1

    async def save(self, export: Export) -> None:
        self.saved.append(export)
