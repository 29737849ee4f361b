"""Attachments: which files can be attached, how they become parts of a message, and which models take them."""

import base64
import errno
from collections.abc import Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from tui_chat.chat.ports import CatalogSource
from tui_chat.core import figures
from tui_chat.core.decoding import decode_if_text
from tui_chat.core.errors import AttachmentError, ChatError, FileError
from tui_chat.core.media import type_of_bytes
from tui_chat.core.models import Ability, Catalog
from tui_chat.core.parts import File, Image, Part
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.usage import estimate_tokens
from tui_chat.regular_files import read_whole
from tui_chat.workspace.advice import TAKES_NO_PICTURES

LIMIT_BYTES = 20 * 1024 * 1024
HEAD_BYTES = 1024
"""Bytes from the start of a file by which its kind is judged before it is read."""

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""Media types of the pictures that models take."""
_READABLE = "Attach a text, PNG, JPEG, GIF or WebP file."


class FileKind(StrEnum):
    """Kind of a file, as far as it decides whether it can be attached."""

    TEXT = "text"
    PICTURE = "picture"
    BINARY = "binary"
    """Neither of the two: it cannot be attached."""


def kind_of(head: bytes) -> FileKind:
    """Judge a file by its start; text may still turn out to be none further on."""
    if picture_type(head):
        return FileKind.PICTURE
    return FileKind.BINARY if decode_if_text(head, is_cut=True) is None else FileKind.TEXT


def read_attachment(path: Path, name: str) -> File | Image:
    """Read a file as a part called `name`.

    Raises:
        AttachmentError: it cannot be read, is too large, or neither a text nor a picture.
    """
    try:
        data = read_whole(path, LIMIT_BYTES)
    except FileError as error:
        if error.errno == errno.EFBIG:
            raise _too_large(name) from None
        words = f"{sanitize_line(name)} cannot be read: {error.strerror}."
        raise AttachmentError(words, error.failure.advice) from None
    return attachment(name, data)


def attachment(name: str, data: bytes) -> File | Image:
    """Make a part of a file's content: of a picture a data URL, of text a file.

    Raises:
        AttachmentError: it is neither, or larger than `LIMIT_BYTES`.
    """
    if len(data) > LIMIT_BYTES:
        raise _too_large(name)
    media_type = picture_type(data)
    if media_type:
        return Image(f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}", name)
    text = decode_if_text(data)
    if text is None:
        raise AttachmentError(f"{sanitize_line(name)} is neither text in UTF-8 or UTF-16 nor a picture.", _READABLE)
    return File(name, text)


def _too_large(name: str) -> AttachmentError:
    words = f"{sanitize_line(name)} is larger than {figures.bound(LIMIT_BYTES)}."
    return AttachmentError(words, "Attach a smaller file.")


def picture_type(data: bytes) -> str | None:
    """The media type of a picture that models take, by its first bytes; None for everything else."""
    media_type = type_of_bytes(data)
    return media_type if media_type in _PICTURES else None


def facts_of(part: File | Image) -> tuple[str, ...]:
    """Facts about an attachment for people: its size, and its estimated tokens or that it is a picture."""
    if isinstance(part, File):
        length = len(part.text.encode("utf-8", "surrogatepass"))
        return figures.size(length), figures.estimated_tokens(estimate_tokens(part.text))
    head, comma, encoded = part.url.partition(",")
    if not comma or not head.startswith("data:"):
        return (FileKind.PICTURE.value,)
    return FileKind.PICTURE.value, figures.size(len(encoded) * 3 // 4 - encoded[-2:].count("="))


def has_pictures(parts: Iterable[Part]) -> bool:
    """Say whether one of the parts is a picture."""
    return any(isinstance(part, Image) for part in parts)


async def check_taken(
    parts: Sequence[Part], model_id: str, source: CatalogSource, preferred: Iterable[str] = ()
) -> None:
    """Check that the model takes these parts, and read the catalogue for that where nothing is known yet.

    Raises:
        AttachmentError: it does not: see `check_pictures`.
    """
    if not has_pictures(parts):
        return
    catalog = source.known()
    if not catalog.models:
        with suppress(ChatError):  # the gateway itself will say what it takes
            catalog = await source.read()
    check_pictures(parts, model_id, catalog, preferred)


def check_pictures(parts: Iterable[Part], model_id: str, catalog: Catalog, preferred: Iterable[str] = ()) -> None:
    """Check that the model takes the pictures among these parts; where the catalogue does not say, they pass.

    Raises:
        AttachmentError: it does not. The advice names a model that does, of the `preferred` ids if one of them does.
    """
    pictures = [part for part in parts if isinstance(part, Image)]
    model = catalog.get(model_id)
    if not pictures or model is None or model.has(Ability.PICTURES) is not False:
        return
    seeing = [other.id for other in catalog.models if other.has(Ability.PICTURES)]
    other = next((id_ for id_ in preferred if id_ in seeing), next(iter(seeing), ""))
    switch = f"Switch to {sanitize_line(other, 100)}" if other else "Switch to a model that does"
    raise AttachmentError(
        f"{sanitize_line(model_id, 100)} takes no pictures ({sanitize_line(pictures[0].name, 100) or 'one'} is one).",
        f"{switch}, or leave it out.",
        code=TAKES_NO_PICTURES,
    )
