"""Files given along with a prompt, as parts of its message."""

import base64

from tui_chat.core.errors import SettingsError
from tui_chat.core.parts import File, Image

LIMIT_BYTES = 20 * 1024 * 1024

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


def attachment(name: str, data: bytes) -> File | Image:
    """A picture as a data URL, a text as a file.

    Raises:
        SettingsError: it is neither, or larger than `LIMIT_BYTES`.
    """
    if len(data) > LIMIT_BYTES:
        raise SettingsError(f"{name} is larger than 20 MB.", "Attach a smaller file.")
    media_type = _picture_type(data)
    if media_type:
        return Image(f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}", name)
    try:
        return File(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SettingsError(
            f"{name} is neither text in UTF-8 nor a picture.", "Attach a text, PNG, JPEG, GIF or WebP file."
        ) from None


def _picture_type(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for magic, media_type in _PICTURES.items() if data.startswith(magic)), None)
