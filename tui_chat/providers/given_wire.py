"""Pictures, documents and recordings of a question, as blocks of its content.

Sources: OpenAI's chat completions (`image_url`, `file`, `input_audio`), and OpenRouter on PDFs and on audio, which has
the same shapes.
"""

from collections.abc import Mapping
from typing import Final

from tui_chat.core.given import PDF_TYPE, file_name, type_given
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import Image, Media

FORMATS: Final[Mapping[str, str]] = {"audio/wav": "wav", "audio/mpeg": "mp3"}
"""What the formats of recordings are called."""
_NAMELESS: Final = "document.pdf"


def given_block(part: Image | Media) -> JsonObject:
    """The block of a part that a model may take (`core/given.ability_for`)."""
    if isinstance(part, Image):
        return {"type": "image_url", "image_url": {"url": part.url}}
    media_type = type_given(part)
    encoded = part.url.partition(",")[2]
    if media_type in FORMATS:
        return {"type": "input_audio", "input_audio": {"data": encoded, "format": FORMATS[media_type]}}
    name = file_name(part.name) or _NAMELESS
    name = name if name.lower().endswith(".pdf") else f"{name}.pdf"
    return {"type": "file", "file": {"filename": name, "file_data": f"data:{PDF_TYPE};base64,{encoded}"}}
