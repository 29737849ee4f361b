"""What goes along with a message: the files that its text names as `@path`, and what the question had that it takes the
place of.

The text alone says what is attached. So drafts, stashes, recalled prompts and waiting messages keep their attachments
without knowing of them, and taking the word out detaches the file. Files are read when the message is sent.
"""

import asyncio
import shlex
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tui_chat.chat.session_events import SessionEvent
from tui_chat.core.errors import AttachmentError
from tui_chat.core.parts import File, Image, user_message
from tui_chat.core.slash import slash_line
from tui_chat.workspace.attachments import FileKind, check_pictures
from tui_chat.workspace.mentioned_files import files_named, read_files
from tui_chat.workspace.mentions import mention_of, mentions_in

if TYPE_CHECKING:  # the screen owns this
    from tui_chat.chat.session import Session
    from tui_chat.core.tree import Node
    from tui_chat.ui.chat_screen.attachment_line import AttachmentLine
    from tui_chat.ui.chat_screen.screen import ChatScreen

WORKER_GROUP = "attachments"
LONGEST_DROP = 8_000
WORKING_FOLDER = Path()
"""By no name: it may be gone, and absolute paths still lead somewhere."""


class Attaching:
    """The attachments of a chat screen's next message."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._line: AttachmentLine | None = None
        self._is_followed = False
        """There may be something to show."""
        self._named: tuple[str, ...] = ()
        """What the draft names, as it was last looked at."""
        self._refused = ""
        """The text whose attachments were refused last: sent once more, it means what it says."""
        self._edited: Node | None = None
        """The question that was edited last."""
        self._detached: set[str] = set()
        """What the question had that is being edited, and its successor shall not have."""

    # Sending

    def asked(self, text: str, replaces: str = "") -> AsyncGenerator[SessionEvent, None]:
        """Read what a message brings along, and ask it; in the place of a question where one is named by its id.

        Raises:
            AttachmentError: something cannot be attached; nothing was sent.
        """
        session = self._chat.session
        question = session.tree.get(replaces) if replaces else None
        return self._asked(session, text, question, self.kept(question, text))

    async def _asked(
        self, session: "Session", text: str, question: "Node | None", kept: Sequence[File | Image]
    ) -> AsyncGenerator[SessionEvent, None]:
        try:
            message = user_message(text, await self._parts(session, text, kept))
        except AttachmentError:
            self._refused = text
            if question is not None:
                self._chat.editing.go_on(question)
            raise
        self._refused = ""
        events = session.edit(question.id, message) if question else session.send(message)
        async with aclosing(events) as turn:
            async for event in turn:
                yield event

    async def _parts(self, session: "Session", text: str, kept: Sequence[File | Image]) -> tuple[File | Image, ...]:
        chat = self._chat
        typed = chat.composer.chips.fold(text)  # what was pasted as a chip was not seen, and names nothing
        read: tuple[File | Image, ...] = ()
        if "@" in typed:
            files = await asyncio.to_thread(files_named, typed, WORKING_FOLDER)
            read = await asyncio.to_thread(read_files, files, kept, only_good=text == self._refused)
        parts = (*_besides({part.name for part in read}, kept), *read)
        check_pictures(parts, session.conversation.model, chat.services.catalog.known(), reversed(chat.models.recent))
        return parts

    def kept(self, question: "Node | None", text: str) -> tuple[File | Image, ...]:
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

    # While it is written

    @property
    def names(self) -> tuple[str, ...]:
        """What can be detached."""
        kept = self.kept(self._chat.editing.question, self._chat.composer.document.text)
        return tuple(dict.fromkeys((*(part.name for part in kept), *self._named)))

    def follow(self) -> None:
        """The draft changed, or what it takes the place of: show what it brings along."""
        text = self._chat.composer.document.text
        text = text if "@" in text and slash_line(text) is None else ""
        edited = self._chat.editing.question
        if edited is not None and edited is not self._edited:
            self._edited = edited
            self._detached.clear()
        if not text and edited is None and not self._is_followed:
            return
        self._is_followed = bool(text) or edited is not None
        look: Callable[[], Awaitable[None]] = partial(self._look, text)
        self._chat.run_worker(look, group=WORKER_GROUP, exclusive=True, exit_on_error=False)

    async def _look(self, text: str) -> None:
        kept = self.kept(self._chat.editing.question, text)
        files = await asyncio.to_thread(files_named, text, WORKING_FOLDER) if text else ()
        self._named = tuple(file.name for file in files)
        files = tuple(file for file in files if not file.problem or file.name not in {part.name for part in kept})
        kept = _besides({file.name for file in files}, kept)
        if self._line is None:
            if not files and not kept:
                return
            from tui_chat.ui.chat_screen.attachment_line import AttachmentLine  # mounted with the first attachment

            self._line = AttachmentLine()
            await self._chat.mount(self._line, before=self._chat.composer)
        self._line.show(files, kept)

    # By command and by paste

    def attach(self, path: str) -> None:
        """Name a file where the cursor is."""
        composer = self._chat.composer
        row, column = composer.cursor_location
        before = composer.document.get_line(row)[:column]
        composer.insert_text(f"{'' if not before or before.endswith(' ') else ' '}{mention_of(path)} ")
        composer.focus()

    def detach(self, name: str = "") -> tuple[str, ...]:
        """Take the files of this name, or all, out of the draft and out of what its question had; those that went."""
        composer = self._chat.composer
        names = tuple(known for known in self.names if name in ("", known))
        self._detached.update(names)
        text = composer.text
        for mention in reversed(list(mentions_in(text))):
            reading = next((reading for reading in mention.readings() if reading in names), None)
            if reading is not None:
                end = mention.end - len(mention.path) + len(reading)
                text = text[: mention.start] + text[end:].removeprefix(" ")
        if text != composer.text:
            composer.put(text)
        self.follow()
        return names

    def pasted(self, text: str) -> None:
        """Something was pasted: a picture's path, which a terminal pastes for a file that is dropped on it, becomes an
        attachment. Undo makes it the text that it was."""
        if len(text) <= LONGEST_DROP and (paths := _paths_in(text)):
            self._chat.run_worker(self._attach_pictures(text, paths), group="drop", exit_on_error=False)

    async def _attach_pictures(self, text: str, paths: list[str]) -> None:
        composer = self._chat.composer
        words = " ".join(map(mention_of, paths))
        files = await asyncio.to_thread(files_named, words, WORKING_FOLDER)
        if len(files) != len(paths) or any(file.problem or file.kind is not FileKind.PICTURE for file in files):
            return
        row, column = composer.cursor_location
        start = column - len(text)
        if start < 0 or composer.document.get_line(row)[start:column] != text:
            return
        composer.history.checkpoint()
        edit = composer.replace(f"{words} ", (row, start), (row, column), maintain_selection_offset=False)
        composer.move_cursor(edit.end_location)
        composer.history.checkpoint()
        self._chat.toast("Attached. Ctrl+Z makes it a path again.")


def _besides(names: Collection[str], parts: Sequence[File | Image]) -> tuple[File | Image, ...]:
    return tuple(part for part in parts if part.name not in names)


def _words(text: str) -> frozenset[str]:
    """What a text may name."""
    return frozenset(reading for mention in mentions_in(text) for reading in mention.readings())


def _paths_in(text: str) -> list[str]:
    """The paths that a terminal pasted: absolute, quoted or with backslashes as for a shell, or as file URLs."""
    try:
        words = shlex.split(text)
    except ValueError:
        return []
    paths = [unquote(urlsplit(word).path) if word.startswith("file:///") else word for word in words]
    return paths if all(path.startswith(("/", "~/")) for path in paths) else []
