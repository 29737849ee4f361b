"""What goes along with a message: the files that its text names as `@path`, and what the question had that it takes the
place of.

The text alone says what is attached. So drafts, stashes, recalled prompts and waiting messages keep their attachments
without knowing of them, and taking the word out detaches the file. Files are read when the message is sent.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from tui_chat.core.errors import AttachmentError
from tui_chat.core.parts import File, Image
from tui_chat.core.tree import Node
from tui_chat.workspace.mentioned_files import Named, files_named, read_files
from tui_chat.workspace.mentions import mentions_in

WORKING_FOLDER = Path()
"""By no name: it may be gone, and absolute paths still lead somewhere."""


class Attached:
    """The attachments of a conversation's next message."""

    def __init__(self, visible: Callable[[str], str] = str) -> None:
        """`visible` gives what a person saw of a text: a long paste that stood there as a marker names nothing."""
        self._visible = visible
        self._refused = ""
        """The text whose attachments were refused last: sent once more, it means what it says."""
        self._edited = ""
        """The id of the question that was edited last."""
        self._detached: set[str] = set()
        """What the question had that is being edited, and its successor shall not have."""

    async def parts(self, text: str, question: Node | None = None) -> tuple[File | Image, ...]:
        """Read what a message brings along, which may take the place of a question.

        Raises:
            AttachmentError: something cannot be attached. The same text once more goes without it.
        """
        kept = self.kept(text, question)
        visible = self._visible(text)
        try:
            read = await self._read(visible, kept, only_good=text == self._refused) if "@" in visible else ()
        except AttachmentError:
            self._refused = text
            raise
        return (*besides({part.name for part in read}, kept), *read)

    async def _read(self, text: str, kept: Sequence[File | Image], *, only_good: bool) -> tuple[File | Image, ...]:
        return await asyncio.to_thread(read_files, await self.named(text), kept, only_good=only_good)

    def edits(self, question: Node) -> None:
        """This question is edited; what was detached from another one does not count for it."""
        if question.id != self._edited:
            self._edited = question.id
            self._detached.clear()

    def was_sent(self) -> None:
        """The message is on its way."""
        self._refused = self._edited = ""
        self._detached.clear()

    async def named(self, text: str) -> tuple[Named, ...]:
        """The files that a text names, those that are not there too."""
        return await asyncio.to_thread(files_named, text, WORKING_FOLDER) if "@" in text else ()

    def kept(self, text: str, question: Node | None) -> tuple[File | Image, ...]:
        """What a question has attached that its successor with this text shall have too: what neither was detached nor
        lost the word that named it."""
        if question is None:
            return ()
        before, now = _words(question.message.text), _words(text)
        return tuple(
            part
            for part in question.message.parts
            if isinstance(part, File | Image)
            and part.name not in self._detached
            and (part.name in now or part.name not in before)
        )

    def detach(self, names: Collection[str]) -> None:
        """Let the successor of the question that is being edited go without these."""
        self._detached.update(names)


def without_mentions(text: str, names: Collection[str]) -> str:
    """A text without the words that name these files."""
    for mention in reversed(list(mentions_in(text))):
        reading = next((reading for reading in mention.readings() if reading in names), None)
        if reading is not None:
            end = mention.end - len(mention.path) + len(reading)
            text = text[: mention.start] + text[end:].removeprefix(" ")
    return text


def besides(names: Collection[str], parts: Sequence[File | Image]) -> tuple[File | Image, ...]:
    """The parts that bear none of these names."""
    return tuple(part for part in parts if part.name not in names)


def _words(text: str) -> frozenset[str]:
    """What a text may name."""
    return frozenset(reading for mention in mentions_in(text) for reading in mention.readings())
