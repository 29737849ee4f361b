"""The files below a folder, found by a thread of their own while somebody already looks at the first of them.

Folders are gone through level by level, so what lies near comes first. Hidden folders and what the ignore files leave
out are passed by, links to folders too, so that a ring of them is none. The thread is a daemon: a disk that does not
answer keeps nobody from leaving.
"""

import os
import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from threading import Event, Thread

MOST_FILES = 250_000
TELL_AFTER_S = 0.05


class WorkingFiles:
    """The files below one folder, as far as they are known."""

    def __init__(self, folder: str, tell: Callable[[], None], *, most: int = MOST_FILES) -> None:
        """`tell` is called in the thread, now and then while more become known and once all are."""
        self.folder = folder if folder.endswith("/") else f"{folder}/"
        self.paths: list[str] = []
        """Paths relative to the folder. The list only ever grows, so any thread may read it."""
        self.is_complete = False
        self.found_at = 0.0
        """Time at which all were known (monotonic seconds)."""
        self._most = most
        self._tell = tell
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="working files", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking. Files that were found stay."""
        self._stopped.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread; return whether it ended in time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._walk()
        self.found_at = time.monotonic()
        self.is_complete = True
        if not self._stopped.is_set():
            self._tell()

    def _walk(self) -> None:
        from tui_chat.ui.composing.files.ignore_rules import (
            rules_above,  # pathspec is imported where somebody looks for files
        )

        told_at = time.monotonic()
        waiting = deque([(self.folder, rules_above(self.folder))])
        while waiting:
            folder, rules = waiting.popleft()
            rules = rules.inside(folder)
            for entry in self._entries(folder):
                if self._stopped.is_set():
                    return
                try:
                    is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file()
                except OSError:
                    continue
                if is_folder:
                    path = f"{folder}{entry.name}/"
                    if not entry.name.startswith(".") and not rules.leave_out(path):
                        waiting.append((path, rules))
                elif is_file and not rules.leave_out(path := folder + entry.name):
                    self.paths.append(path[len(self.folder) :])
                    if len(self.paths) >= self._most:
                        return
            if time.monotonic() - told_at > TELL_AFTER_S:
                told_at = time.monotonic()
                self._tell()

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        """Entries of a folder, by name; none where it cannot be read."""
        try:
            with os.scandir(folder) as entries:
                return sorted(islice(entries, self._most), key=lambda entry: entry.name)
        except OSError:
            return []
