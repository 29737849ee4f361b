"""Attachments of the next message: files that its text names as `@path`, and those of the question that it replaces.

The text alone says what is attached. So drafts, stashes, recalled prompts and waiting messages keep their attachments
without knowing of them, and deleting the word detaches the file. Files are read when the message is sent.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from tui_chat.core.errors import AttachmentError
from tui_chat.core.parts import Given
from tui_chat.core.tree import Node
from tui_chat.workspace.mentioned_files import NamedFile, files_named, read_files
from tui_chat.workspace.mentions import mentions_in

WORKING_FOLDER = Path()
"""Relative on purpose: where the folder is gone, absolute paths can still be read."""


class PendingAttachments:
    """The attachments of a conversation's next message."""

    def __init__(self, visible: Callable[[str], str] = str) -> None:
        """`visible` gives the part of a text that a person saw: a long paste, shown as a marker, names no files."""
        self._visible = visible
        self._refused = ""
        """The text whose attachments were refused last; sent once more, it goes without them."""
        self._edited = ""
        """The id of the question that was edited last."""
        self._detached: set[str] = set()
        """Names of the edited question's attachments that its successor does not keep."""

    async def parts(self, text: str, question: Node | None = None) -> tuple[Given, ...]:
        """Read the attachments of a message; `question` is the one that it replaces.

        Raises:
            AttachmentError: a file cannot be attached. The same text once more goes without it.
        """
        kept = self.kept(text, question)
        visible = self._visible(text)
        try:
            read = await self._read(visible, kept, only_good=text == self._refused) if "@" in visible else ()
        except AttachmentError:
            self._refused = text
            raise
        return (*besides({part.name for part in read}, kept), *read)

    async def _read(self, text: str, kept: Sequence[Given], *, only_good: bool) -> tuple[Given, ...]:
        return await asyncio.to_thread(read_files, await self.named(text), kept, only_good=only_good)

    def edits(self, question: Node) -> None:
        """Note which question is edited; detaching files from another one does not count for it."""
        if question.id != self._edited:
            self._edited = question.id
            self._detached.clear()

    def was_sent(self) -> None:
        """Forget what was refused and detached: the message is on its way."""
        self._refused = self._edited = ""
        self._detached.clear()

    async def named(self, text: str) -> tuple[NamedFile, ...]:
        """Look up the files that a text names, missing ones included."""
        return await asyncio.to_thread(files_named, text, WORKING_FOLDER) if "@" in text else ()

    def kept(self, text: str, question: Node | None) -> tuple[Given, ...]:
        """Attachments of a question that its successor, with this text, keeps: those that it names, and those that
        were never named and are not detached."""
        if question is None:
            return ()
        before, now = _words(question.message.text), _words(text)
        return tuple(
            part
            for part in question.message.parts
            if isinstance(part, Given)
            and (part.name in now or (part.name not in before and part.name not in self._detached))
        )

    def detach(self, names: Collection[str]) -> None:
        """Let the successor of the question that is being edited go without these."""
        self._detached.update(names)


def without_mentions(text: str, names: Collection[str]) -> str:
    """Remove the words that name these files from a text."""
    for mention in reversed(list(mentions_in(text))):
        reading = next((reading for reading in mention.readings() if reading in names), None)
        if reading is not None:
            end = mention.end - len(mention.path) + len(reading)
            text = text[: mention.start] + text[end:].removeprefix(" ")
    return text


def besides(names: Collection[str], parts: Sequence[Given]) -> tuple[Given, ...]:
    """Parts that have none of these names."""
    return tuple(part for part in parts if part.name not in names)


def _words(text: str) -> frozenset[str]:
    """Names that the words of a text may stand for."""
    return frozenset(reading for mention in mentions_in(text) for reading in mention.readings())
