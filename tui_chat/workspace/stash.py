"""The stash: drafts that were put aside, for every conversation. Each is a file of its own, so that several running
programs never overwrite each other's."""

import os
import time
from pathlib import Path

import msgspec

from tui_chat.private_files import replacing
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
    """The stash on disk. Methods raise OSError where files cannot be written."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder = folder
        self._run_id = run_id

    def push(self, pieces: tuple[str, ...]) -> None:
        """Put a draft aside; where there are too many, the oldest is deleted."""
        name = f"{time.time_ns():020d}-{self._run_id}.json"
        with replacing(self._folder / name) as opened:
            opened.write(msgspec.json.encode(Stashed(encodable(pieces), time.time())))
        for old in self._names()[KEPT:]:
            (self._folder / old).unlink(missing_ok=True)

    def drop(self, stashed: Stashed) -> None:
        """Delete one."""
        (self._folder / stashed.name).unlink(missing_ok=True)

    def read(self) -> tuple[Stashed, ...]:
        """Read all of them, the newest first; files that cannot be read are skipped."""
        found: list[Stashed] = []
        for name in self._names():
            file = self._folder / name
            try:
                if file.stat().st_size <= LARGEST_BYTES:
                    found.append(
                        msgspec.structs.replace(msgspec.json.decode(file.read_bytes(), type=Stashed), name=name)
                    )
            except (OSError, msgspec.MsgspecError, RecursionError):
                continue
        return tuple(found)

    def count(self) -> int:
        """Count them without reading them."""
        return len(self._names())

    def _names(self) -> list[str]:
        """Names of the files, the newest first."""
        try:
            return sorted((name for name in os.listdir(self._folder) if name.endswith(".json")), reverse=True)
        except OSError:
            return []
