"""Pictures, sound and files of an answer, in whatever shape they come.

Sources: OpenRouter on image output (`delta.images`), OpenAI on audio output and its content parts, LiteLLM
(`message.image`), Anthropic's, Mistral's and Google's (`inlineData`) content parts behind gateways.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from tui_chat.core.media import OCTETS, data_url
from tui_chat.core.parts import Beside, Foreign, Image, Media
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.stream_events import AudioDelta
from tui_chat.providers.openai_wire import write_json

_MAX_PARTS = 200
_MAX_NAME = 300
_SHORTEST_BYTES = 12
_MAIN_TYPES: Final = ("image", "audio", "video")
_KINDS: Final = (("image", "image"), ("audio", "audio"), ("video", "video"), ("file", "file"), ("document", "file"))
"""Words in the type of a part, and what it then is."""
_INNER: Final = (
    "image_url", "image", "input_image", "output_image", "audio", "input_audio", "output_audio", "audio_url", "video",
    "video_url", "file", "document", "source", "inline_data", "inlineData", "fileData",
)  # fmt: skip
"""Where the thing itself is."""
_ADDRESSES: Final = ("url", "uri", "image_url", "file_url", "file_uri", "fileUri", "href")
_DATA: Final = ("data", "b64_json", "base64", "file_data", "bytes")
_TYPES: Final = ("media_type", "mime_type", "mimeType", "content_type")
_NAMES: Final = ("filename", "file_name", "name", "file_id")
_FORMATS: Final = {
    "mp3": "audio/mpeg",
    "pcm16": "audio/pcm",
    "pcm": "audio/pcm",
    "opus": "audio/ogg",
    "jpg": "image/jpeg",
}


def read_parts(value: object, kind: str) -> Iterator[Beside]:
    """What stands in a field such as `images`, one or a list; `kind` is what it is where an item does not say."""
    for item in value[:_MAX_PARTS] if isinstance(value, list) else [value]:
        part = read_part(item, kind)
        if part is not None:
            yield part


def read_part(item: object, kind: str = "") -> Beside | None:
    """One part; None where there is nothing in it. What cannot be told is `Foreign`."""
    if isinstance(item, str):
        url = _address(item)
        return _made(kind, url, "", "") if url else None
    if not isinstance(item, dict) or not any(value is not None for name, value in item.items() if name != "type"):
        return None
    said = _text(item, ("type",))
    kind = next((known for word, known in _KINDS if word in said), kind)
    inner = next((item[name] for name in _INNER if isinstance(item.get(name), str | dict)), item)
    places: list[Mapping[str, object]] = [inner, item] if isinstance(inner, dict) else [item]
    name = next((text for place in places if (text := _text(place, _NAMES))), "")[:_MAX_NAME]
    media_type = next((text for place in places if (text := _text(place, _TYPES))), "")
    media_type = media_type or _type_of_format(
        next((text for place in places if (text := _text(place, ("format",)))), ""), kind
    )
    kind = kind or next((main for main in _MAIN_TYPES if media_type.startswith(f"{main}/")), "")
    if isinstance(inner, str) and (url := _address(inner)):
        return _made(kind, url, name, media_type)
    for place in places:
        if url := _address(_text(place, _ADDRESSES)):
            return _made(kind, url, name, media_type)
        if data := _text(place, _DATA):
            return _made(kind, data if data.startswith("data:") else data_url(data, media_type), name, media_type)
    if kind == "file" and name:
        return Media("file", "", name, media_type)
    return Foreign(said[:_MAX_NAME] or kind or "unknown", bytes(write_json(item)).decode("utf-8", "replace"))


def read_audio(value: object) -> tuple[AudioDelta | None, str]:
    """Sound that came in a chunk or an answer, and the words that are spoken in it."""
    if not isinstance(value, dict):
        return None, ""
    data, words = _text(value, ("data",)), _text(value, ("transcript",))
    if not data:
        return None, words
    return AudioDelta(data, _text(value, _TYPES) or _type_of_format(_text(value, ("format",)), "audio")), words


def _made(kind: str, url: str, name: str, media_type: str) -> Beside:
    if kind == "image" or (not kind and url.startswith("data:image/")):
        return Image(url, name)
    return Media(kind or "file", url, name, media_type)


def _address(text: str) -> str:
    """The address that a text is; bytes in base64 that nobody marked as such, but that show their type, as a data URL.
    Empty where it is neither."""
    if text.startswith(("data:", "https://", "http://")):
        return text
    url = data_url(text) if len(text) >= _SHORTEST_BYTES else ""
    return "" if url.startswith(f"data:{OCTETS}") else url


def _type_of_format(name: str, kind: str) -> str:
    """`wav` of a sound is `audio/wav`."""
    if not name or not name.isalnum() or len(name) > 20:
        return ""
    return _FORMATS.get(name, f"{kind}/{name}" if kind in ("image", "audio", "video") else "")


def _text(place: Mapping[str, object], names: tuple[str, ...]) -> str:
    for name in names:
        value = place.get(name)
        if isinstance(value, str) and value:
            return without_surrogates(value)
    return ""
