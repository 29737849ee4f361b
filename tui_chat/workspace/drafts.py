"""Drafts on disk: unsent text, in one small file for each conversation and each running program.

Files and not the store: a draft must be kept before the services are there, where they cannot be built, and while the
store is busy or full. A program holds a lock on its file for as long as the conversation is open, and the lock ends
with the process however that ends. So programs never overwrite each other's drafts, and a file without a lock may be
taken over.
"""

import fcntl
import os
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock

import msgspec

from tui_chat.core.sanitize import without_surrogates
from tui_chat.private_files import delete, replacing
from tui_chat.regular_files import names_in, open_regular, read_whole_at
from tui_chat.workspace.pieces import is_long, joined

KEPT_DAYS = 90
KEPT_FILES = 200
LARGEST_BYTES = 64 * 1024 * 1024
_DAY_S = 24 * 60 * 60.0
_NEW = "new-"
"""Prefix of the file of a draft whose conversation was never saved: the next new conversation takes it over."""


class KeptDraft(msgspec.Struct, frozen=True):
    """Unsent text of a conversation, as it is kept on disk."""

    conversation_id: str
    pieces: tuple[str, ...] = ("",)
    """Written and pasted pieces by turns, a written one first and last."""
    waiting: tuple[str, ...] = ()
    """Messages that waited for the end of an answer, the next one first."""
    is_saved: bool = False
    """The conversation itself is on disk, and can be opened by its id."""
    replaces: str = ""
    """Id of the question that the text was to replace; empty for a new question."""

    @property
    def unsent(self) -> tuple[str, ...]:
        """Pieces of the waiting messages and the draft, in the order in which they would have been sent."""
        messages = (("", message, "") if is_long(message) else (message,) for message in self.waiting)
        return joined((*messages, self.pieces))


class DraftFiles:
    """Draft files of one running program. Its methods may be called from any thread, and raise FileError."""

    def __init__(self, folder: Path, run_id: str) -> None:
        """`run_id` is unique to this run of the program, and made of letters and digits."""
        self._folder = folder
        self._run_id = run_id
        self._lock = Lock()
        self._held: tuple[Path, int] | None = None
        """The open conversation's file, and the descriptor that holds the lock on it."""
        self._taken: list[tuple[Path, int]] = []
        """Files that were taken over, to be deleted once their text is saved again."""
        self._saved = 0
        """The number of the newest snapshot that was written."""

    def save(self, draft: KeptDraft, number: int) -> None:
        """Write the draft of the open conversation; an empty one deletes its file.

        Snapshots are numbered, and one that is older than the last is passed over. There is no fsync: a draft has to
        survive the program, not the machine, and is written again with every second of typing.
        """
        with self._lock:
            if number < self._saved:
                return
            self._saved = number
            before = self._held
            self._held = self._write(draft) if any(draft.unsent) else None
            for file, handle in (*self._taken, *((before,) if before else ())):
                if self._held is None or file != self._held[0]:
                    delete(file)
                os.close(handle)
            self._taken.clear()

    def take(self, conversation_id: str) -> tuple[KeptDraft, ...]:
        """Take over the drafts of a conversation that no other program has open, the oldest first. Their files are
        deleted by the next `save`."""
        with self._lock:
            return self._take(f"{_name(conversation_id)}.")

    def take_new(self) -> tuple[KeptDraft, ...]:
        """Take over, in the same way, the drafts of conversations that were never saved."""
        with self._lock:
            return self._take(_NEW)

    def release(self) -> None:
        """Let go of the draft, since another conversation is opened; its file stays for the next time."""
        with self._lock:
            if self._held is not None:
                os.close(self._held[1])
                self._held = None

    def prune(self) -> None:
        """Delete drafts that are too old or too many, unless a program has them open."""
        with self._lock:
            now = time.time()
            files = [self._folder / name for name in names_in(self._folder)]
            drafts = [file for file in files if file.suffix == ".json" and not file.name.startswith(".")]
            found = sorted(((_written_at(file), file) for file in drafts), reverse=True)
            for number, (written_at, file) in enumerate(found):
                if number >= KEPT_FILES or now - written_at > KEPT_DAYS * _DAY_S:
                    _delete_free(file)
            for file in files:
                if file.suffix == ".tmp" and file.name.startswith(".") and now - _written_at(file) > _DAY_S:
                    _delete_free(file)

    def _write(self, draft: KeptDraft) -> tuple[Path, int]:
        """Write a file whole or not at all. It is locked before it has the name under which other programs find it."""
        prefix = "" if draft.is_saved else _NEW
        file = self._folder / f"{prefix}{_name(draft.conversation_id)}.{self._run_id}.json"
        clean = msgspec.structs.replace(draft, pieces=encodable(draft.pieces), waiting=encodable(draft.waiting))
        return file, _write_locked(file, msgspec.json.encode(clean))

    def _take(self, beginning: str) -> tuple[KeptDraft, ...]:
        found: list[tuple[float, KeptDraft]] = []
        for name in names_in(self._folder):
            if not (name.startswith(beginning) and name.endswith(".json")):
                continue
            file = self._folder / name
            handle = _lock_free(file)
            if handle is None:
                continue
            draft = _read(handle, file)
            if draft is None or not any(draft.unsent):
                os.close(handle)
                continue
            self._taken.append((file, handle))
            found.append((os.fstat(handle).st_mtime, draft))
        return tuple(draft for _, draft in sorted(found, key=lambda pair: pair[0]))


def forget_drafts(folder: Path, conversation_ids: Iterable[str]) -> None:
    """Delete the drafts of these conversations, also those that a program has open: whoever goes on writing there saves
    a new one.

    Raises:
        FileError: one cannot be deleted.
    """
    names = {f"{prefix}{_name(each)}" for each in conversation_ids for prefix in ("", _NEW)}
    for name in names_in(folder):
        if name.endswith(".json") and name.partition(".")[0] in names:
            delete(folder / name)
        elif name.startswith(".") and name.endswith(".tmp") and name[1:].partition(".")[0] in names:
            _delete_free(folder / name)


def encodable(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Replace what JSON cannot carry in these texts."""
    return tuple(map(without_surrogates, texts))


def _write_locked(file: Path, content: bytes) -> int:
    """Write a file, and return a descriptor of it that holds the lock."""
    with ExitStack() as on_failure:
        with replacing(file, is_durable=False) as opened:
            handle = os.dup(opened.fileno())  # the lock lives on with it
            on_failure.callback(os.close, handle)
            with suppress(OSError):  # some network file systems know no locks
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            opened.write(content)
        on_failure.pop_all()
    return handle


def _name(conversation_id: str) -> str:
    """Make a part of a file name from an id, safe whatever characters it has."""
    if conversation_id.isascii() and conversation_id.isalnum() and len(conversation_id) <= 64:
        return conversation_id
    import hashlib  # ids of our own never need it

    return hashlib.sha256(conversation_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _lock_free(file: Path) -> int | None:
    """Open and lock a file; None where another program holds the lock, or the file is gone or was replaced."""
    try:
        handle = open_regular(file, os.O_RDWR, through_links=False)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_ino == os.stat(file).st_ino:
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:
        return handle  # some network file systems know no locks
    os.close(handle)
    return None


def _delete_free(file: Path) -> None:
    if (handle := _lock_free(file)) is not None:
        with suppress(OSError):  # it may be deleted next time
            delete(file)
        os.close(handle)


def _read(handle: int, file: Path) -> KeptDraft | None:
    """Read a draft; None where the file holds none."""
    try:
        return msgspec.json.decode(read_whole_at(handle, file, LARGEST_BYTES, closes=False), type=KeptDraft)
    except (msgspec.MsgspecError, OSError, RecursionError):
        return None


def _written_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
