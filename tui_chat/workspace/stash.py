"""Drafts that were put aside, on this machine and for every conversation: one file each, so that programs that run at
once never write over each other's."""

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
    """What was written and what was pasted by turns, a written piece first and last."""
    stashed_at: float
    """Seconds since the epoch."""
    name: str = ""
    """Of its file; empty for one that is in memory only."""

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)


class StashFiles:
    """The stash of this machine. Methods raise OSError where files cannot be written."""

    def __init__(self, folder: Path, run_id: str) -> None:
        self._folder = folder
        self._run_id = run_id

    def push(self, pieces: tuple[str, ...]) -> None:
        """Put a draft aside; the oldest goes where there are too many."""
        name = f"{time.time_ns():020d}-{self._run_id}.json"
        with replacing(self._folder / name) as opened:
            opened.write(msgspec.json.encode(Stashed(encodable(pieces), time.time())))
        for old in self._names()[KEPT:]:
            (self._folder / old).unlink(missing_ok=True)

    def drop(self, stashed: Stashed) -> None:
        """Take one away."""
        (self._folder / stashed.name).unlink(missing_ok=True)

    def read(self) -> tuple[Stashed, ...]:
        """All of them, the newest first; what cannot be read is passed over."""
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
        """How many there are, without reading them."""
        return len(self._names())

    def _names(self) -> list[str]:
        """The newest first."""
        try:
            return sorted((name for name in os.listdir(self._folder) if name.endswith(".json")), reverse=True)
        except OSError:
            return []
