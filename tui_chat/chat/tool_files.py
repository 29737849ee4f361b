"""Reading a tools file, TOML or JSON: the tools of it that can be used, and what is wrong with the others."""

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tui_chat.chat.tools_json import read_json
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.chat.tools_toml import Read, read_toml
from tui_chat.core.errors import FileError, SettingsError
from tui_chat.core.figures import bound
from tui_chat.regular_files import read_whole, shown_path

LIMIT_BYTES: Final = 4 * 1024 * 1024


def read_tools(path: Path, read: Read | None = None) -> ToolsRead:
    """The tools of a file; `read` reads it and the files that it names, from the disk where it is None.

    Raises:
        SettingsError: nothing of the file can be used.
    """
    read = read or _from_disk
    try:
        text = read(path).decode("utf-8-sig")
    except FileError as error:
        if error.errno == errno.EFBIG:
            raise SettingsError(
                f"{shown_path(path)} is larger than {bound(LIMIT_BYTES)}.", "Offer fewer tools."
            ) from None
        raise SettingsError(
            f"{shown_path(path)} cannot be read: {error.strerror}.", "Check the path of the tools file."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{shown_path(path)} is not text in UTF-8.", "Save the tools file as UTF-8.") from None
    is_toml = path.suffix == ".toml"
    if is_toml:
        return read_toml(text, path, read)
    tools, problems = read_json(text, str(path))
    return ToolsRead(tuple(tools), tuple(problems))


def reader_of(contents: Mapping[Path, bytes | None]) -> Callable[[Path], bytes]:
    """A reader that knows these files, as they were read before, and no others."""

    known = {os.path.abspath(path): content for path, content in contents.items()}

    def read(path: Path) -> bytes:
        if (content := known.get(os.path.abspath(path))) is None:
            raise FileError(str(path), "It is not among the files that were agreed to", "Check its path.")
        return content

    return read


def _from_disk(path: Path) -> bytes:
    return read_whole(path, LIMIT_BYTES)
