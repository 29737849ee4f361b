"""Candidates for a file's `@path`: the files below the working folder, or those of a folder that is named.

The files are known for a while: a list that is some seconds old is shown at once, and looked through anew meanwhile.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Sequence

from tui_chat.ui.composing.completion import Candidate
from tui_chat.ui.composing.files.listing import facts_of, folder_of, in_folder
from tui_chat.ui.composing.files.matching import PathMatch, best
from tui_chat.ui.composing.files.working_files import MOST_FILES, WorkingFiles
from tui_chat.workspace.mentions import mention_of

MOST_SHOWN = 50
AT_A_TIME = 4_000
"""Paths that are matched in one go: a thread that computes holds up all others a little."""
SHOW_AFTER_S = 0.1
FRESH_S = 10.0

Offer = tuple[list[Candidate], str]
"""Candidates found, and a note about them."""


class FileWords:
    """The files that are offered for what is typed."""

    def __init__(self) -> None:
        self._known: WorkingFiles | None = None
        self._fresh: WorkingFiles | None = None
        """The folder that is being listed again, while its previous list is shown."""
        self._more = asyncio.Event()

    def stop(self) -> None:
        """Stop looking."""
        for files in (self._known, self._fresh):
            if files is not None:
                files.stop()

    async def candidates(self, typed: str, *, is_argument: bool) -> AsyncGenerator[Offer, None]:
        """Yield the best candidates, again and again while files are still being found. `is_argument`: the path is
        taken without an `@`."""
        try:
            folder = os.getcwd()
        except OSError:
            return  # somebody deleted it
        near = await asyncio.to_thread(in_folder, typed, folder, MOST_SHOWN) if folder_of(typed) else []
        if folder_of(typed).startswith(("~", "/", "./", "../")):
            yield await self._described(near, folder, is_argument), ""
            return
        async for hits, note in self._found(typed, folder):
            listed = {hit.path for hit in near}
            hits = [*near, *(hit for hit in hits if hit.path not in listed)][:MOST_SHOWN]
            yield await self._described(hits, folder, is_argument), note

    async def _found(self, typed: str, folder: str) -> AsyncGenerator[tuple[list[PathMatch], str], None]:
        files = self._look_through(folder)
        hits: list[PathMatch] = []
        seen, shown_at = 0, time.monotonic()
        while True:
            self._more.clear()
            is_complete, count = files.is_complete, len(files.paths)
            while seen < count:
                paths = files.paths[seen : min(count, seen + AT_A_TIME)]
                hits = await asyncio.to_thread(best, typed, paths, MOST_SHOWN, hits)
                seen += len(paths)
                if time.monotonic() - shown_at > SHOW_AFTER_S:
                    shown_at = time.monotonic()
                    yield hits, _note(files, seen)
            yield hits, _note(files, seen)
            if is_complete:
                return
            await self._more.wait()

    def _look_through(self, folder: str) -> WorkingFiles:
        """The known files below a folder, listed again where the list is old."""
        if self._fresh is not None and self._fresh.is_complete:
            self._known, self._fresh = self._fresh, None
        known = self._known
        if known is None or known.folder.rstrip("/") != folder.rstrip("/"):
            self.stop()
            self._fresh = None
            self._known = known = self._start(folder)
        elif known.is_complete and self._fresh is None and time.monotonic() - known.found_at > FRESH_S:
            self._fresh = self._start(folder)
        return known

    def _start(self, folder: str) -> WorkingFiles:
        loop = asyncio.get_running_loop()

        def tell() -> None:
            try:
                loop.call_soon_threadsafe(self._more.set)
            except RuntimeError:  # the program ended meanwhile
                files.stop()

        files = WorkingFiles(folder, tell)
        files.start()
        return files

    async def _described(self, hits: Sequence[PathMatch], folder: str, is_argument: bool) -> list[Candidate]:
        facts = await asyncio.to_thread(facts_of, [hit.path for hit in hits], folder)
        return [
            Candidate(
                hit.path if is_argument else mention_of(hit.path, is_open=hit.path.endswith("/")),
                is_open=hit.path.endswith("/"),
                is_whole=not hit.path.endswith("/"),
                label=hit.path,
                marked=hit.positions,
                facts=fact,
            )
            for hit, fact in zip(hits, facts, strict=True)
        ]


def _note(files: WorkingFiles, seen: int) -> str:
    if not files.is_complete:
        return f"{seen:,} files so far …"
    return f"the nearest {MOST_FILES:,} files" if seen >= MOST_FILES else ""
