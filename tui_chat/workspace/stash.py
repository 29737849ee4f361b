"""The stash: drafts that were put aside, for every conversation. Each is a file of its own, so that several running
programs never overwrite each other's."""

import time
from pathlib import Path

import msgspec

from tui_chat.private_files import delete, replacing
from tui_chat.regular_files import names_in, read_whole
from tui_chat.workspace.drafts import LARGEST_BYTES, encodable

KEPT = 100


class Stashed(msgspec.Struct, frozen=True):
    """A draft that was put aside."""

    pieces: tuple[str, ...]
    """Written and pasted pieces by turns, a written one first and last."""
    stashed_at: float
    """Seconds since the epoch."""
    name: str = ""
    """Name of its file; empty where it is in memory only."""

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)


class StashFiles:
    """The stash on disk. Methods raise FileError where files cannot be written."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder = folder
        self._run_id = run_id

    def push(self, pieces: tuple[str, ...]) -> None:
        """Put a draft aside; where there are too many, the oldest is deleted."""
        name = f"{time.time_ns():020d}-{self._run_id}.json"
        with replacing(self._folder / name) as opened:
            opened.write(msgspec.json.encode(Stashed(encodable(pieces), time.time())))
        for old in self._names()[KEPT:]:
            delete(self._folder / old)

    def drop(self, stashed: Stashed) -> None:
        """Delete one."""
        delete(self._folder / stashed.name)

    def read(self) -> tuple[Stashed, ...]:
        """Read all of them, the newest first; files that cannot be read are skipped."""
        found: list[Stashed] = []
        for name in self._names():
            try:
                content = read_whole(self._folder / name, LARGEST_BYTES, through_links=False)
                found.append(msgspec.structs.replace(msgspec.json.decode(content, type=Stashed), name=name))
            except (OSError, msgspec.MsgspecError, RecursionError):
                continue
        return tuple(found)

    def count(self) -> int:
        """Count them without reading them."""
        return len(self._names())

    def _names(self) -> list[str]:
        """Names of the files, the newest first."""
        return [name for name in reversed(names_in(self._folder)) if name.endswith(".json")]
