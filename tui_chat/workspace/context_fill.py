"""How full a conversation's context is."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui_chat.core.models import Catalog
from tui_chat.core.sending import is_summary_in_force
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
    """The last counted answer's prompt and output, or what a summary since left of them, against the window of the
    model that is asked next."""
    info = catalog.get(model)
    window = info.context_tokens if info else None
    for node in reversed(path):
        if node.marks.summary is not None and is_summary_in_force(node):
            return ContextFill(node.marks.summary.after_tokens, window)
        if node.marks.summary is None and node.answer and node.answer.counts:
            return ContextFill(node.answer.counts.total, window)
    return ContextFill()
