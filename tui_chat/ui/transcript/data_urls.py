"""Markdown in pieces whose pictures are told short, as the leaves of the transcript are made of it."""

from tui_chat.core.data_urls import ShortDataUrls
from tui_chat.ui.transcript.blocks import Advance, BlockStream, References
from tui_chat.ui.transcript.leaves import Placed


class PictureStream:
    """A `BlockStream` that reads data URLs short."""

    def __init__(self) -> None:
        self._blocks = BlockStream()
        self._short = ShortDataUrls()

    @property
    def references(self) -> References:
        """Link definitions of the text."""
        return self._blocks.references

    def feed(self, text: str) -> None:
        """Take up more text; costs nothing until `advance`."""
        self._blocks.feed(self._short.feed(text))

    def advance(self) -> Advance:
        """Leaves of what has arrived."""
        return self._blocks.advance()

    def finish(self) -> list[Placed]:
        """The leaves that were still provisional, now final."""
        self._blocks.feed(self._short.finish())
        return self._blocks.finish()
