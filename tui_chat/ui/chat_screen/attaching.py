"""Attachments of the message that is being written: shown while it is written, added by command and by paste."""

import asyncio
import shlex
from collections.abc import Awaitable, Callable
from functools import partial, reduce
from urllib.parse import unquote, urlsplit

from tui_chat.core.request_size import RequestSize, size_of_parts
from tui_chat.core.slash import slash_line
from tui_chat.ui.chat_screen.attachment_line import AttachmentLine
from tui_chat.ui.chat_screen.host import LineHost
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.attachments import FileKind
from tui_chat.workspace.mentioned_files import files_named, taken_out_words
from tui_chat.workspace.mentions import mention_of
from tui_chat.workspace.pending_attachments import WORKING_FOLDER, besides, without_mentions

WORKER_GROUP = "attachments"
LONGEST_DROP = 8_000


class Attaching:
    """The attachments of a chat screen's next message."""

    def __init__(self, host: LineHost, composer: Composer, changed: Callable[[], None]) -> None:
        """`changed` is called when other files go along than before."""
        self._host = host
        self._composer = composer
        self._changed = changed
        self.size = RequestSize()
        """Estimate of what they add to the request."""
        self._line: AttachmentLine | None = None
        self._is_followed = False
        """The line may have to be shown or cleared."""
        self._named: tuple[str, ...] = ()
        """Names of the files that the draft mentioned when it was last read."""
        self._last_kept: str | None = None
        """Name of the attachment that Backspace takes out; None where the line offers none."""

    # While it is written

    @property
    def names(self) -> tuple[str, ...]:
        """Names that `/detach` takes."""
        conversation = self._host.conversation
        kept = conversation.attached.kept(self._composer.document.text, conversation.editing)
        return tuple(dict.fromkeys((*(part.name for part in kept), *self._named)))

    def follow(self) -> None:
        """Show the attachments again: the draft changed, or the question that it replaces."""
        self._last_kept = None
        text = self._composer.document.text
        text = text if "@" in text and slash_line(text) is None else ""
        is_edited = self._host.conversation.editing is not None
        if not text and not is_edited and not self._is_followed:
            return
        self._is_followed = bool(text) or is_edited
        look: Callable[[], Awaitable[None]] = partial(self._look, text)
        self._host.run_worker(look, group=WORKER_GROUP, exclusive=True)

    async def _look(self, text: str) -> None:
        conversation = self._host.conversation
        kept = conversation.attached.kept(text, conversation.editing)
        files = await conversation.attached.named(text)
        self._named = tuple(file.name for file in files)
        files = tuple(file for file in files if not file.problem or file.name not in {part.name for part in kept})
        kept = besides({file.name for file in files}, kept)
        self.size = reduce(RequestSize.plus, (file.request_size for file in files), size_of_parts(kept))
        self._changed()
        if self._line is None:
            if not files and not kept:
                return
            self._line = AttachmentLine(self._take_out)
            await self._host.mount_above(self._line)
        self._last_kept = kept[-1].name if kept and self._composer.is_blank else None
        self._line.show(files, kept, takes_backspace=self._last_kept is not None)

    def take_key(self, key: str) -> bool:
        """Take Backspace, where nothing is written, for the last attachment in sight; True where there was one."""
        if key != "backspace" or self._last_kept is None:
            return False
        self._take_out(self._last_kept)
        return True

    def _take_out(self, name: str) -> None:
        self._host.note(self._detach((name,)))

    # By command and by paste

    def attach(self, path: str) -> None:
        """Name a file where the cursor is."""
        composer = self._composer
        row, column = composer.cursor_location
        before = composer.document.get_line(row)[:column]
        composer.insert_text(f"{'' if not before or before.endswith(' ') else ' '}{mention_of(path)} ")
        composer.focus()

    def detach(self, name: str = "") -> str:
        """Take the files of this name, or all, out of the draft and out of what its question had, and say so; empty
        where there was none."""
        names = tuple(known for known in self.names if name in ("", known))
        return self._detach(names) if names else ""

    def _detach(self, names: tuple[str, ...]) -> str:
        self._host.conversation.attached.detach(names)
        text = without_mentions(self._composer.text, names)
        is_written = text != self._composer.text
        if is_written:
            self._composer.put(text)
        self.follow()
        way_back = f" Undo brings {'it' if len(names) == 1 else 'them'} back." if is_written else ""
        return taken_out_words(names) + way_back

    def pasted(self, text: str) -> None:
        """Turn the path of a picture, a PDF or sound, which a terminal pastes for a file that is dropped on it, into an
        attachment. Undo makes it text again."""
        if len(text) <= LONGEST_DROP and (paths := _paths_in(text)):
            self._host.run_worker(self._attach_dropped(text, paths), group="drop")

    async def _attach_dropped(self, text: str, paths: list[str]) -> None:
        composer = self._composer
        words = " ".join(map(mention_of, paths))
        files = await asyncio.to_thread(files_named, words, WORKING_FOLDER)
        if len(files) != len(paths) or any(file.problem or file.kind is FileKind.TEXT for file in files):
            return
        row, column = composer.cursor_location
        start = column - len(text)
        if start < 0 or composer.document.get_line(row)[start:column] != text:
            return
        composer.history.checkpoint()
        edit = composer.replace(f"{words} ", (row, start), (row, column), maintain_selection_offset=False)
        composer.move_cursor(edit.end_location)
        composer.history.checkpoint()
        self._host.note("Attached. Undo makes it a path again.")


def _paths_in(text: str) -> list[str]:
    """The paths that a terminal pasted: absolute, quoted or with backslashes as for a shell, or as file URLs."""
    try:
        words = shlex.split(text)
    except ValueError:
        return []
    paths = [unquote(urlsplit(word).path) if word.startswith("file:///") else word for word in words]
    return paths if all(path.startswith(("/", "~/")) for path in paths) else []
