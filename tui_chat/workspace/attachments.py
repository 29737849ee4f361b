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
from tui_chat.core.given import (
    CALLED,
    NEEDED,
    TAKES_NONE,
    abilities_for,
    ability_for,
    file_name,
    rough_tokens,
    tokens_given,
)
from tui_chat.core.media import kind_of as media_kind
from tui_chat.core.media import size_of, type_of_bytes
from tui_chat.core.models import Ability, Catalog
from tui_chat.core.parts import File, Given, Image, Media, Part
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.usage import estimate_tokens, tokens_of_length
from tui_chat.regular_files import read_whole, shown_path

LIMIT_BYTES = 20 * 1024 * 1024

_READABLE = "Attach a text, a picture (PNG, JPEG, GIF, WebP), a PDF, or sound (WAV, MP3)."


class FileKind(StrEnum):
    """Kind of a file, as far as it decides whether it can be attached, in the words in which it is shown."""

    TEXT = "text"
    PICTURE = "picture"
    PDF = "PDF"
    SOUND = "sound"
    BINARY = "binary"
    """None of these: it cannot be attached."""


_KINDS = {Ability.PICTURES: FileKind.PICTURE, Ability.PDF: FileKind.PDF, Ability.SOUND: FileKind.SOUND}


def kind_of(head: bytes) -> FileKind:
    """Judge a file by its start; text may still turn out to be none further on."""
    if (needed := NEEDED.get(type_of_bytes(head))) is not None:
        return _KINDS[needed]
    return FileKind.BINARY if decode_if_text(head, is_cut=True) is None else FileKind.TEXT


def tokens_of_file(head: bytes, size: int) -> int | None:
    """A rough count of the tokens of a file of `size` bytes that begins with `head`; None of a picture."""
    media_type = type_of_bytes(head)
    return rough_tokens(media_type, size, head) if media_type in NEEDED else tokens_of_length(size)


def read_attachment(path: Path, name: str) -> Given:
    """Read a file as a part called `name`.

    Raises:
        AttachmentError: it cannot be read, is too large, or of no kind that can be attached.
    """
    try:
        data = read_whole(path, LIMIT_BYTES)
    except FileError as error:
        if error.errno == errno.EFBIG:
            raise _too_large(name) from None
        words = f"{shown_path(name)} cannot be read: {error.strerror}."
        raise AttachmentError(words, error.failure.advice) from None
    return attachment(name, data)


def attachment(name: str, data: bytes) -> Given:
    """Make a part of a file's content: of text a file, of a picture, a PDF and sound a data URL. What it is, its first
    bytes say and not its name.

    Raises:
        AttachmentError: it is none of these, or larger than `LIMIT_BYTES`.
    """
    if len(data) > LIMIT_BYTES:
        raise _too_large(name)
    media_type = type_of_bytes(data)
    needed = NEEDED.get(media_type)
    if needed is not None:
        url = f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"
        return Image(url, name) if needed is Ability.PICTURES else Media(_MEDIA[needed], url, name, media_type)
    text = decode_if_text(data)
    if text is None:
        raise AttachmentError(
            f"{shown_path(name)} is neither text in UTF-8 or UTF-16 nor a picture, PDF or sound that models take.",
            _READABLE,
        )
    return File(name, text)


_MEDIA = {Ability.PDF: "file", Ability.SOUND: "audio"}
"""What kind of `Media` each is."""


def _too_large(name: str) -> AttachmentError:
    words = f"{shown_path(name)} is larger than {figures.bound(LIMIT_BYTES)}."
    return AttachmentError(words, "Attach a smaller file.")


def facts_of(part: Given) -> tuple[str, ...]:
    """Facts about an attachment for people: what it is unless it is text, its size, and its estimated tokens unless it
    is a picture."""
    if isinstance(part, File):
        length = len(part.text.encode("utf-8", "surrogatepass"))
        return figures.size(length), figures.estimated_tokens(estimate_tokens(part.text))
    ability = ability_for(part)
    kind = sanitize_line(media_kind(part), 40) if ability is None else _KINDS[ability].value
    return facts_in_words(kind, size_of(part), tokens_given(part) if isinstance(part, Media) else None)


def facts_in_words(kind: str, size: int | None, tokens: int | None) -> tuple[str, ...]:
    """Facts about a file for people, that it is text not among them; what is None is not told."""
    said = (
        "" if kind == FileKind.TEXT else kind,
        "" if size is None else figures.size(size),
        figures.estimated_tokens(tokens),
    )
    return tuple(fact for fact in said if fact)


async def check_taken(
    parts: Sequence[Part], model_id: str, source: CatalogSource, preferred: Iterable[str] = ()
) -> None:
    """Check that the model takes these parts, and read the catalogue for that where nothing is known yet.

    Raises:
        AttachmentError: it does not: see `check_given`.
    """
    if not abilities_for(parts):
        return
    catalog = source.known()
    if not catalog.models:
        with suppress(ChatError):  # the gateway itself will say what it takes
            catalog = await source.read()
    check_given(parts, model_id, catalog, preferred)


def check_given(parts: Sequence[Part], model_id: str, catalog: Catalog, preferred: Iterable[str] = ()) -> None:
    """Check that the model takes what is given along; where the catalogue does not say, it passes.

    Raises:
        AttachmentError: it does not. The advice names a model that takes all of it, of the `preferred` ids if one does.
    """
    model = catalog.get(model_id)
    needed = abilities_for(parts)
    refused = next((kind for kind in CALLED if kind in needed and model and model.has(kind) is False), None)
    if refused is None:
        return
    fitting = [other.id for other in catalog.models if all(other.has(kind) for kind in needed)]
    other = next((id_ for id_ in preferred if id_ in fitting), next(iter(fitting), ""))
    switch = f"Switch to {sanitize_line(other, 100)}" if other else "Switch to a model that does"
    given = next(part for part in parts if isinstance(part, Image | Media) and ability_for(part) is refused)
    raise AttachmentError(
        f"{sanitize_line(model_id, 100)} takes no {CALLED[refused].many} ({file_name(given.name) or 'one'} is one).",
        f"{switch}, or leave it out.",
        code=TAKES_NONE[refused],
    )
