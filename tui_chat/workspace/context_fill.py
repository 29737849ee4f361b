"""How full a conversation's context is."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui_chat.core.models import Catalog
from tui_chat.core.tree import Node

NEARLY_FULL: Final = 0.8
FULL: Final = 0.95
"""Shares of the window from which on the person is warned."""


class ContextFill(NamedTuple):
    """Tokens in the context; None where unknown."""

    used: int | None = None
    window: int | None = None
    """How many the model takes."""

    @property
    def share(self) -> float | None:
        """The part of the window that is used, 1 where it is full; None where that is not known."""
        return self.used / self.window if self.used is not None and self.window else None


def context_fill(path: Sequence[Node], catalog: Catalog, model: str) -> ContextFill:
    """The last counted answer's prompt and output, against the window of the model that is asked next."""
    answer = next((node.answer for node in reversed(path) if node.answer and node.answer.counts), None)
    if answer is None or answer.counts is None:
        return ContextFill()
    info = catalog.get(model)
    return ContextFill(answer.counts.total, info.context_tokens if info else None)
