"""Messages of the transcript to its screen, which `TranscriptView` offers under its own name."""

from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget

from tui_chat.core.parts import Beside, Source


@dataclass
class ViewMessage(Message, namespace="transcript_view"):
    """Base of a view's messages."""

    view: Widget

    @property
    def control(self) -> Widget:
        """The view, for selectors of handlers."""
        return self.view


@dataclass
class PartChosen(ViewMessage, namespace="transcript_view"):
    """A picture, sound, file or source is to be opened, or saved; None: there is none under the cursor."""

    part: Beside | Source | None
    saves: bool = False


class LinkClicked(PartChosen, namespace="transcript_view"):
    """A link was clicked; the address is http, https or mailto."""

    def __init__(self, view: Widget, url: str) -> None:
        super().__init__(view, Source(url))
        self.url = url


@dataclass
class CopyRequested(ViewMessage, namespace="transcript_view"):
    """Text is to be copied; `what` names it for people."""

    text: str
    what: str


@dataclass
class FindProgressed(ViewMessage, namespace="transcript_view"):
    """A search went on, or another match is shown; `number` counts from 1 at the top and is 0 where there is none."""

    number: int
    count: int
    is_done: bool
