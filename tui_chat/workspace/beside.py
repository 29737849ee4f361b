"""What a person does with the pictures, sound, files and sources of an answer: save them, or open them.

Opened is only what its first bytes show to be of a kind that viewers take for what it is; a drawing in SVG, a page, a
program and whatever is unknown are only saved, where the person says. Of addresses only those of the web are opened.
"""

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from tui_chat.core.data_urls import pictures_in
from tui_chat.core.media import address_of, bytes_of, ending_of_bytes, kind_of, media_type_of, title_of
from tui_chat.core.parts import Beside, Foreign, Role, Source
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Node
from tui_chat.private_files import make_private_folder
from tui_chat.regular_files import expanded
from tui_chat.transcripts.saving import file_at
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

_TOLD: Final = (Role.ASSISTANT, Role.TOOL)
"""Whose parts are saved and opened: those of a question were the person's own."""
_MOST_PICTURES: Final = 100
_LONGEST_ADDRESS: Final = 2_000
"""A longer one could not be read whole before it is opened."""
_NOT_OPENED: Final = "is only saved, not opened: what opens it may run it, or fetch things for it"
_ENDINGS: Final = {
    "image/svg+xml": "svg", "text/html": "html", "text/plain": "txt", "text/markdown": "md", "text/csv": "csv",
    "application/json": "json", "application/zip": "zip", "video/mp4": "mp4", "video/webm": "webm", "audio/mp4": "m4a",
    "audio/aac": "aac", "audio/pcm": "pcm",
}  # fmt: skip
"""Endings of types that are saved by their name, since their bytes show none."""


class Address(NamedTuple):
    """A page of the web, to be shown whole and asked about before it is opened."""

    url: str
    host: str


class Viewable(NamedTuple):
    """Bytes of a known kind, and a name of ours with the ending of that kind."""

    data: bytes
    name: str


class Saving(NamedTuple):
    """Bytes, and the file that they go to."""

    file: Path
    data: bytes


def to_open(part: Beside | Source | None) -> Address | Viewable:
    """What there is to open of a part.

    Raises:
        CommandRefused: there is nothing, or it is of a kind that is only saved.
    """
    if part is None:
        raise CommandRefused("Nothing to open stands here: it opens pictures, sound, files and sources of answers.")
    url = part.url if isinstance(part, Source) else address_of(part)
    if url:
        return _address(url)
    if isinstance(part, Source):
        raise CommandRefused("Of this source only the name is known.")
    data = _bytes(part)
    ending = ending_of_bytes(data)
    if not ending:
        raise CommandRefused(f"{title_of(part)}: it {_NOT_OPENED}.")
    return Viewable(data, f"{_word(part)}.{ending}")


def to_save(part: Beside | Source | None) -> tuple[bytes, str]:
    """The bytes of a part, and a name for its file.

    Raises:
        CommandRefused: there are none.
    """
    if part is None or isinstance(part, Source):
        raise CommandRefused("Nothing to save stands here: it saves pictures, sound and files of answers.")
    return _bytes(part), file_name(part)


def to_export(conversation: OpenConversation, arguments: str) -> list[Saving]:
    """The files for `/export parts [N] [PATH]`: all parts of the last answer that has any into a folder, which is made
    where there is none, or the one with a number.

    Raises:
        CommandRefused: there is nothing to save, or not by that number.
    """
    first, _, rest = arguments.partition(" ")
    number, path = (int(first), rest.strip()) if first.isdecimal() and len(first) < 6 else (0, arguments.strip())
    parts = pictures_and_files(latest(conversation))
    if number > len(parts) or (first.isdecimal() and number < 1):
        count = "1 part" if len(parts) == 1 else f"{len(parts)} parts"
        raise CommandRefused(f"The last answer with any has {count}: /export parts 1 saves the first.")
    if number:
        data, name = to_save(parts[number - 1])
        return [Saving(file_at(path, name), data)]
    taken: set[str] = set()
    saved: list[Saving] = []
    for part in parts:
        if not isinstance(part, Foreign) and bytes_of(part) is None:
            continue
        data, name = to_save(part)
        name = next(each for each in _numbered(name, len(parts)) if each not in taken)
        taken.add(name)
        saved.append(Saving(Path(path) / name, data))
    if not saved:
        raise CommandRefused("Only addresses came with this answer, nothing that could be saved.")
    _make_folder(Path(path))
    return saved


def _make_folder(folder: Path) -> None:
    try:
        make_private_folder(expanded(folder))
    except (OSError, ValueError) as error:
        why = (error.strerror or "") if isinstance(error, OSError) else str(error)
        raise CommandRefused(
            f"{sanitize_line(str(folder), 300)} is no folder, and cannot be made one: {why}."
        ) from error


def latest(conversation: OpenConversation) -> Node:
    """The last answer, or result of a tool, that holds pictures, sound or files.

    Raises:
        CommandRefused: there is none.
    """
    told = (node for node in reversed(conversation.session.path) if node.message.role in _TOLD)
    found = next((node for node in told if pictures_and_files(node)), None)
    if found is None:
        raise CommandRefused("No answer here holds a picture, a sound or a file.")
    return found


def openable(conversation: OpenConversation) -> Sequence[Beside | Source]:
    """Parts and sources of the last answer or result of a tool that has any, the parts first; empty where none has."""
    for node in reversed(conversation.session.path):
        if node.message.role in _TOLD and (parts := (*pictures_and_files(node), *node.message.sources)):
            return parts
    return ()


def pictures_and_files(answer: Node) -> tuple[Beside, ...]:
    """What came beside the words of an answer, then the pictures that are written into them."""
    return (*answer.message.beside_words, *islice(pictures_in(answer.message.text), _MOST_PICTURES))


def file_name(part: Beside) -> str:
    """A name for a part's file: of its own name the words, and the ending that its bytes or its type have."""
    name = "" if isinstance(part, Foreign) else part.name
    stem, _, own = name.replace("\\", "/").rpartition("/")[2].rpartition(".")
    stem, own = (stem, own) if stem else (own, "")
    words = _words_in(stem)
    known = "json" if isinstance(part, Foreign) else _ENDINGS.get(media_type_of(part) or "", "")
    ending = ending_of_bytes(bytes_of(part) or b"") or known
    if not ending:
        ending = own.lower() if own.isascii() and own.isalnum() and len(own) <= 8 else "bin"
    return f"{words or _word(part)}.{ending}"


def call_file_name(tool: str, what: str, text: str) -> str:
    """A name for the file of what a view shows of a call: `get-weather.json`, `get-weather-pieces.txt`."""
    stem = _words_in(tool) or "call"
    ending = "json" if text.lstrip()[:1] in ("{", "[") else "txt"
    return f"{stem}.{ending}" if what == "arguments" else f"{stem}-{what}.{ending}"


def _words_in(name: str) -> str:
    return "-".join(re.findall(r"[^\W_]+", name))[:60].strip("-")


def _numbered(name: str, count: int) -> list[str]:
    stem, _, ending = name.rpartition(".")
    return [name, *(f"{stem}-{number}.{ending}" for number in range(2, count + 1))]


def _word(part: Beside) -> str:
    return {"image": "picture", "audio": "sound", "video": "film", "file": "file"}.get(kind_of(part), "part")


def _bytes(part: Beside) -> bytes:
    data = bytes_of(part)
    if data is None:
        address = address_of(part)
        raise CommandRefused(
            f"Only its address came: {sanitize_line(address, 300)}"
            if address
            else "The provider keeps it, and only named it."
        )
    return data


def _address(url: str) -> Address:
    if not url.startswith(("https://", "http://")):
        raise CommandRefused(f"Only pages of the web are opened, this is {sanitize_line(url, 300)}")
    if len(url) > _LONGEST_ADDRESS or sanitize_line(url, len(url)) != url or not url.isprintable():
        raise CommandRefused("This address is not opened: it is too long, or holds signs that cannot be shown.")
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if not host:
        raise CommandRefused(f"This is no address of a page: {sanitize_line(url, 300)}")
    return Address(url, host)
