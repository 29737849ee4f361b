"""What the driver asks of an app and its fields; an app that does not know of it is driven as Textual does."""

from typing import Protocol, runtime_checkable

from textual.geometry import Offset

from tui_chat.terminal.early import EarlyScreen


@runtime_checkable
class BeganEarly(Protocol):
    """An app whose terminal may have been taken before it was there."""

    begun: EarlyScreen | None
    """What was taken; None where nothing was."""


@runtime_checkable
class FollowsBackground(Protocol):
    """An app whose looks may depend on the terminal's background."""

    @property
    def follows_background(self) -> bool:
        """Whether they do now."""


@runtime_checkable
class ChoosesPainting(Protocol):
    """An app whose person may have said what the terminal can do."""

    painting: str
    """`auto`, `plain` or `full`."""


@runtime_checkable
class ShowsCaret(Protocol):
    """A field whose caret may be in sight."""

    def caret_in_sight(self) -> Offset | None:
        """Where it is on the screen; None where it is not in sight."""
