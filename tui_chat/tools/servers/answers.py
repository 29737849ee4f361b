"""What a call of a server gave: its words, and the pictures, sounds and files beside them.

Each of these is named in the words where it stood, by its type and size. A picture is one only where its bytes say so:
what a server calls it is a stranger's word.
"""

import base64
import binascii
import json
import re
from typing import Final

import mcp_types as types
import msgspec

from tui_chat.core import figures
from tui_chat.core.given import NEEDED, file_name
from tui_chat.core.media import OCTETS, data_url, ending_of_bytes, type_of_bytes
from tui_chat.core.models import Ability
from tui_chat.core.parts import Image, Media
from tui_chat.core.sanitize import sanitize_line

MOST_PARTS: Final = 20
"""Pictures, sounds and files of one result that are kept."""
_LONGEST_ADDRESS: Final = 500
_TYPE: Final = re.compile(r"[A-Za-z0-9.+-]{1,40}/[A-Za-z0-9.+_-]{1,80}")


class Answer(msgspec.Struct, frozen=True):
    """What a call gave."""

    text: str
    is_error: bool
    beside: tuple[Image | Media, ...] = ()


def answer_of(result: types.CallToolResult, tool: str) -> Answer:
    """The answer that a result of the tool is."""
    parts = _Parts(tool)
    texts = [_text(block, parts) for block in result.content]
    if not texts and result.structured_content is not None:
        return Answer(json.dumps(result.structured_content, ensure_ascii=False), result.is_error)
    return Answer("\n".join(texts), result.is_error, tuple(parts.kept))


class _Parts:
    """What stands beside the words."""

    def __init__(self, tool: str) -> None:
        self.kept: list[Image | Media] = []
        self._tool = tool

    def add(self, what: str, data: str, kind: str, where: str = "") -> str:
        """Keep it, and return what stands for it in the words. `what` it is, in a word; `kind` is the type that the
        server says; `where` is the address of a resource."""
        named = kind if _TYPE.fullmatch(kind) else ""
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return _about(what, "", named, len(data) * 3 // 4, ", which cannot be read, and is left out")
        seen = type_of_bytes(raw[:32])
        media_type = seen or named or OCTETS
        if len(self.kept) == MOST_PARTS:
            return _about(what, "", media_type, len(raw), f", more than {MOST_PARTS}, and left out")
        name = file_name(where) or f"{self._tool}-{len(self.kept) + 1}.{ending_of_bytes(raw) or 'bin'}"
        url = data_url(base64.b64encode(raw).decode(), media_type)
        if NEEDED.get(seen) is Ability.PICTURES:
            self.kept.append(Image(url, name))
            return _about("picture", name, media_type, len(raw), "")
        self.kept.append(Media("audio" if media_type.startswith("audio/") else "file", url, name, media_type))
        return _about(what, name, media_type, len(raw), ", which the user can save; you do not see it")


def _about(what: str, name: str, media_type: str, size: int, more: str) -> str:
    facts = ", ".join(fact for fact in (media_type, figures.size(size)) if fact)
    return f"[the {what}{f' {name}' if name else ''}, {facts}{more}]"


def _text(block: types.ContentBlock, parts: _Parts) -> str:
    """A part of a result as text; of what is none, what it is."""
    match block:
        case types.TextContent():
            return block.text
        case types.ImageContent():
            return parts.add("picture", block.data, block.mime_type)
        case types.AudioContent():
            return parts.add("sound", block.data, block.mime_type)
        case types.ResourceLink():
            about = f": {sanitize_line(block.description, 300)}" if block.description else ""
            return f"[a resource, {_address(str(block.uri))}{about}]"
        case types.EmbeddedResource(resource=types.TextResourceContents() as held):
            return f"[the resource {_address(str(held.uri))}]\n{held.text}"
        case types.EmbeddedResource(resource=types.BlobResourceContents() as held):
            address = _address(str(held.uri))
            return f"[the resource {address}] {parts.add('file', held.blob, held.mime_type or '', address)}"
    return "[something that is not known here, left out]"


def _address(uri: str) -> str:
    return sanitize_line(uri, _LONGEST_ADDRESS)
