"""Bytes as text: whether they are some, in which encoding, and its lines, the same for whoever counts them."""

import codecs
import re
from typing import Final

from tui_chat.core.decoding import decode_if_text, decode_text
from tui_chat.core.media import type_of_bytes

HEAD_BYTES: Final = 64 * 1024
"""The beginning by which it is told."""
_STRANGE: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_MOST_STRANGE: Final = 0.3
"""Share of strange characters in a text of an encoding that nobody named."""

_NO_ENCODINGS: Final = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
"""What Python knows beside encodings of texts; some take time that grows with the square of the length."""


def decoded(body: bytes, charset: str) -> str:
    """The text of an answer; where its encoding is not named or not known, by its bytes."""
    try:
        if charset and codecs.lookup(charset).name not in _NO_ENCODINGS:
            return body.decode(charset, "replace")
    except (LookupError, ValueError):
        pass
    return decode_text(body)


def is_text(head: bytes) -> bool:
    """Whether bytes that begin like this are a text that somebody can read."""
    if decode_if_text(head, is_cut=True) is not None:
        return True
    if b"\0" in head or type_of_bytes(head):
        return False
    text = decode_text(head)
    return len(_STRANGE.findall(text)) <= len(text) * _MOST_STRANGE


def lines_of(text: str) -> list[str]:
    """The lines, by the ends of lines that a file is read with."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
