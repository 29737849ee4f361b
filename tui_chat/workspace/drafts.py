"""Drafts on disk: what was written and not sent, one small file for each conversation and each running program.

Files and not the store: a draft must be kept before the services are there, where they cannot be made, and while the
store is busy or full. Whoever writes a file holds a lock on it for as long as the conversation is open, and the lock
ends with the process however that ends. So several programs never write over each other, and a file without a holder
is one that may be taken over.
"""

import fcntl
import os
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock

import msgspec

from tui_chat.core.sanitize import without_surrogates
from tui_chat.private_files import replacing
from tui_chat.workspace.pieces import is_long, joined

KEPT_DAYS = 90
KEPT_FILES = 200
LARGEST_BYTES = 64 * 1024 * 1024
_DAY_S = 24 * 60 * 60.0
_NEW = "new-"
"""Begins the name of a draft whose conversation was never saved: it belongs to whoever begins the next one."""


class KeptDraft(msgspec.Struct, frozen=True):
    """What was written in a conversation and not sent."""

    conversation_id: str
    pieces: tuple[str, ...] = ("",)
    """What was written and what was pasted by turns, a written piece first and last."""
    waiting: tuple[str, ...] = ()
    """Messages that were to be sent after the answer that was being written, the next one first."""
    is_saved: bool = False
    """The conversation itself is on disk, and can be opened by its id."""
    replaces: str = ""
    """The question that the text was to take the place of; empty for a new one."""

    @property
    def unsent(self) -> tuple[str, ...]:
        """The pieces of all of it, in the order in which it would have been sent; nothing in them where it is empty."""
        messages = (("", message, "") if is_long(message) else (message,) for message in self.waiting)
        return joined((*messages, self.pieces))


class DraftFiles:
    """The drafts of one running program. Its methods may be called from any thread, and raise OSError."""

    def __init__(self, folder: Path, run_id: str) -> None:
        """`run_id` is this program's own, of letters and digits."""
        self._folder = folder
        self._run_id = run_id
        self._lock = Lock()
        self._held: tuple[Path, int] | None = None
        """The open conversation's file, and the descriptor that holds the lock on it."""
        self._taken: list[tuple[Path, int]] = []
        """Files that were read and shall go once what was in them is saved again."""
        self._saved = 0
        """The number of the newest snapshot that was written."""

    def save(self, draft: KeptDraft, number: int) -> None:
        """Write the draft of the open conversation; one with nothing in it takes its file away.

        Snapshots are numbered, and one that comes behind a newer one is passed over. Nothing is forced to the disk:
        a draft has to survive the program, and is written again with every second of typing.
        """
        with self._lock:
            if number < self._saved:
                return
            self._saved = number
            before = self._held
            self._held = self._write(draft) if any(draft.unsent) else None
            for file, handle in (*self._taken, *((before,) if before else ())):
                if self._held is None or file != self._held[0]:
                    file.unlink(missing_ok=True)
                os.close(handle)
            self._taken.clear()

    def take(self, conversation_id: str) -> tuple[KeptDraft, ...]:
        """The drafts of a conversation that nobody else has open, the oldest first. They are ours from here on, and
        their files go with the next `save`."""
        with self._lock:
            return self._take(f"{_name(conversation_id)}.*.json")

    def take_new(self) -> tuple[KeptDraft, ...]:
        """The same for conversations that were never saved."""
        with self._lock:
            return self._take(f"{_NEW}*.json")

    def release(self) -> None:
        """Another conversation will be opened: the file stays, for whoever opens the one before."""
        with self._lock:
            if self._held is not None:
                os.close(self._held[1])
                self._held = None

    def prune(self) -> None:
        """Delete what is too old or too much, where nobody has it open."""
        with self._lock:
            now = time.time()
            found = sorted(((_written_at(file), file) for file in self._folder.glob("*.json")), reverse=True)
            for number, (written_at, file) in enumerate(found):
                if number >= KEPT_FILES or now - written_at > KEPT_DAYS * _DAY_S:
                    _delete_free(file)
            for file in self._folder.glob(".*.tmp"):
                if now - _written_at(file) > _DAY_S:
                    _delete_free(file)

    def _write(self, draft: KeptDraft) -> tuple[Path, int]:
        """Whole or not at all. The lock is on the new file before it has the name under which others look for it."""
        prefix = "" if draft.is_saved else _NEW
        file = self._folder / f"{prefix}{_name(draft.conversation_id)}.{self._run_id}.json"
        clean = msgspec.structs.replace(draft, pieces=encodable(draft.pieces), waiting=encodable(draft.waiting))
        return file, _write_locked(file, msgspec.json.encode(clean))

    def _take(self, pattern: str) -> tuple[KeptDraft, ...]:
        found: list[tuple[float, KeptDraft]] = []
        for file in self._folder.glob(pattern):
            handle = _lock_free(file)
            if handle is None:
                continue
            draft = _read(handle)
            if draft is None or not any(draft.unsent):
                os.close(handle)
                continue
            self._taken.append((file, handle))
            found.append((os.fstat(handle).st_mtime, draft))
        return tuple(draft for _, draft in sorted(found, key=lambda pair: pair[0]))


def encodable(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Texts that JSON can carry."""
    return tuple(map(without_surrogates, texts))


def _write_locked(file: Path, content: bytes) -> int:
    """Put content into a file, and return a descriptor of it that holds the lock."""
    with ExitStack() as on_failure:
        with replacing(file) as opened:
            handle = os.dup(opened.fileno())  # the lock lives on with it
            on_failure.callback(os.close, handle)
            with suppress(OSError):  # some network file systems know no locks
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            opened.write(content)
        on_failure.pop_all()
    return handle


def _name(conversation_id: str) -> str:
    """An id as part of a file name, without anything that means something in one."""
    if conversation_id.isascii() and conversation_id.isalnum() and len(conversation_id) <= 64:
        return conversation_id
    import hashlib  # ids of our own never need it

    return hashlib.sha256(conversation_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _lock_free(file: Path) -> int | None:
    """A descriptor with the lock on a file; None where somebody holds it, or the file is gone or another by now."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
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
        file.unlink(missing_ok=True)
        os.close(handle)


def _read(handle: int) -> KeptDraft | None:
    """What is in a file; None where it is no draft."""
    if os.fstat(handle).st_size > LARGEST_BYTES:
        return None
    try:
        with os.fdopen(handle, "rb", closefd=False) as opened:
            return msgspec.json.decode(opened.read(), type=KeptDraft)
    except (msgspec.MsgspecError, OSError, RecursionError):
        return None


def _written_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
