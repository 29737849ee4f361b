"""Pictures, sound and files as facts: what type and size they have, and what they are called where they are not shown.

Types are told by the first bytes where nobody names them. Nothing here opens anything.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Final

from tui_chat.core import figures
from tui_chat.core.parts import Beside, Foreign, Image, Media, Source
from tui_chat.core.sanitize import sanitize_line

OCTETS: Final = "application/octet-stream"
"""The type of bytes of which nothing is known."""
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    *((b"ID3" + version, "audio/mpeg") for version in (b"\2", b"\3", b"\4")),
    *((b"\xff" + frame, "audio/mpeg") for frame in (b"\xfb", b"\xfa", b"\xf3", b"\xf2", b"\xe3", b"\xe2")),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"%PDF-", "application/pdf"),
)
_ENDINGS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "application/pdf": "pdf",
}
_TITLES: Final = {"image": "Picture", "audio": "Sound", "video": "Film", "file": "File"}
_LONGEST_TYPE: Final = 80
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")


def type_of_bytes(head: bytes) -> str:
    """The media type that the first bytes show; empty where they show none."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    return next((media_type for magic, media_type in _MAGIC if head.startswith(magic)), "")


def ending_of_bytes(data: bytes) -> str:
    """How a file of these bytes is called at its end, without a dot; empty where the bytes show no type."""
    return _ENDINGS.get(type_of_bytes(data[:32]), "")


def data_url(encoded: str, media_type: str = "") -> str:
    """Bytes in base64 as a data URL, of the type that is named or that they show."""
    return f"data:{media_type or type_of_bytes(_head(encoded)) or OCTETS};base64,{encoded}"


def joined(pieces: Sequence[str]) -> str:
    """Base64 that came in pieces, each padded by itself or cut out of one text, as one."""
    if not any("=" in piece for piece in pieces[:-1]):
        return "".join(pieces)
    try:
        return base64.b64encode(b"".join(base64.b64decode(piece) for piece in pieces)).decode("ascii")
    except (binascii.Error, ValueError):
        return "".join(pieces)


def kind_of(part: Beside) -> str:
    """`image`, `audio`, `video`, `file`, or the provider's own word."""
    return "image" if isinstance(part, Image) else part.kind


def media_type_of(part: Beside) -> str | None:
    """The media type; None where it is unknown."""
    match part:
        case Foreign():
            return None
        case Media(media_type=media_type) if media_type:
            return media_type
        case Image(url) | Media(url=url):
            named = url[5 : 5 + _LONGEST_TYPE].partition(",")[0].partition(";")[0] if url.startswith("data:") else ""
            return named if named and named != OCTETS else None


def size_of(part: Beside) -> int | None:
    """Bytes that came; None where only an address did."""
    match part:
        case Foreign(_, json):
            return len(json.encode("utf-8", "surrogatepass"))
        case Image(url) | Media(url=url):
            head, comma, data = url.partition(",")
            if not comma or not head.startswith("data:"):
                return None
            return len(data) * 3 // 4 - data[-2:].count("=") if head.endswith(";base64") else len(data)


def bytes_of(part: Beside) -> bytes | None:
    """The bytes that came, of what is of an unknown type its JSON; None where none came, or what came is no base64."""
    from urllib.parse import unquote_to_bytes  # nothing before the first part that is saved needs it

    if isinstance(part, Foreign):
        return part.json.encode("utf-8", "replace")
    head, comma, data = part.url.partition(",")
    if not comma or not head.startswith("data:"):
        return None
    raw = unquote_to_bytes(data) if "%" in data else data.encode("utf-8", "replace")
    if not head.endswith(";base64"):
        return raw
    try:
        return base64.b64decode(raw.translate(_URL_SAFE) + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return None


def address_of(part: Beside) -> str:
    """Where it can be fetched from; empty where its bytes came, and of what is of an unknown type."""
    return "" if isinstance(part, Foreign) or part.url.startswith("data:") else part.url


def title_of(part: Beside) -> str:
    """What it is, in a word or two; harmless."""
    kind = kind_of(part)
    return _TITLES.get(kind) or f"Part of the type {sanitize_line(kind, 60) or 'unknown'}"


def facts_of(part: Beside) -> tuple[str, ...]:
    """What is known of it, in the order of interest: name, type, size, address; harmless."""
    name = "" if isinstance(part, Foreign) else part.name
    size = size_of(part)
    facts = (
        sanitize_line(name, 100),
        sanitize_line(media_type_of(part) or "", _LONGEST_TYPE),
        figures.size(size) if size is not None else "",
        sanitize_line(address_of(part), 300),
    )
    return tuple(fact for fact in facts if fact)


def source_words(source: Source) -> str:
    """A source in one line: the number that the text calls it by, its title, its address; harmless."""
    called = "" if source.number is None else f"[{source.number}] "
    known = (sanitize_line(source.title, 200), sanitize_line(source.url, 2_000))
    return called + " · ".join(words for words in known if words)


def _head(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded[:32])
    except (binascii.Error, ValueError):
        return b""
