"""How full a conversation's context is."""

from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.core import figures

if TYPE_CHECKING:  # nothing before a screen's first frame needs to count
    from tui_chat.core.request_size import RequestSize

NEARLY_FULL: Final = 0.8
FULL: Final = 0.95
"""Shares of the window from which on the person is warned."""


class ContextFill(msgspec.Struct, frozen=True):
    """How large the next request is without what is yet to be written."""

    size: "RequestSize | None" = None
    """None where nothing is sent yet."""
    window: int | None = None
    """Tokens that the model takes; None where unknown."""

    @property
    def used(self) -> int | None:
        """Tokens in the context; None where nothing is sent yet."""
        return self.size.tokens if self.size is not None else None

    @property
    def words(self) -> str:
        """`31k`, `~31k` where some of it is estimated, `≥~31k` where a part has no estimate; empty where nothing is
        sent yet."""
        return f"{self._mark}{figures.tokens(self.size.tokens)}" if self.size is not None else ""

    @property
    def share(self) -> float | None:
        """The part of the window that is used, 1 where it is full; None where that is not known."""
        return self.size.tokens / self.window if self.size is not None and self.window else None

    @property
    def share_words(self) -> str:
        """`82 %`, `~82 %`; empty where that is not known."""
        return f"{self._mark}{figures.share(self.share)}" if self.share is not None else ""

    @property
    def _mark(self) -> str:
        if self.size is None or self.size.is_counted:
            return ""
        return "~" if self.size.is_whole else "≥~"
