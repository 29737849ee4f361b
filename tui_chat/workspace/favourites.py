"""Favourite models, kept in a file for the next run; in memory alone where nothing may be written."""

from pathlib import Path
from typing import Final

import msgspec

from tui_chat.core.errors import FileError
from tui_chat.private_files import replacing
from tui_chat.regular_files import read_whole

MOST: Final = 200
_LARGEST_BYTES: Final = 256 * 1024


class _File(msgspec.Struct, frozen=True):
    favourites: tuple[str, ...] = ()


class Favourites:
    """Ids of favourite models, in the order in which they were chosen."""

    def __init__(self) -> None:
        self.ids: tuple[str, ...] = ()
        self._file: Path | None = None

    def begin(self, file: Path, *, may_write: bool = True) -> None:
        """Read this file, and keep them in it from now on; one that cannot be read has none."""
        self._file = file if may_write else None
        self.ids = tuple(dict.fromkeys((*_read(file), *self.ids)))[:MOST]

    def toggle(self, model_id: str) -> bool:
        """Make a model a favourite, or no favourite any more; True where it is one now.

        Raises:
            FileError: it cannot be kept; it counts until the program ends.
        """
        is_one = model_id not in self.ids
        self.ids = (*self.ids, model_id)[-MOST:] if is_one else tuple(id_ for id_ in self.ids if id_ != model_id)
        if self._file is not None:
            others = [id_ for id_ in _read(self._file) if id_ not in self.ids and id_ != model_id]
            self.ids = (*others, *self.ids)[-MOST:]  # another program may have added some
            with replacing(self._file, is_durable=False) as opened:
                opened.write(msgspec.json.encode(_File(self.ids)))
        return is_one


def _read(file: Path) -> tuple[str, ...]:
    try:
        return msgspec.json.decode(read_whole(file, _LARGEST_BYTES, through_links=False), type=_File).favourites
    except (FileError, ValueError, RecursionError):
        return ()
