"""Text from bytes whose encoding nobody names: UTF-8 unless the bytes say otherwise.

Windows' shells pipe text with a byte-order mark or as UTF-16, its editors save it so.
"""

import codecs
from typing import Final

import msgspec

from tui_chat.core.lazy_pattern import lazy_pattern


class Encoding(msgspec.Struct, frozen=True):
    """An encoding, and the mark with which the bytes begin where they have one."""

    name: str
    mark: bytes = b""

    @property
    def unit_bytes(self) -> int:
        """Bytes of its smallest piece: no line ends within one."""
        return int(self.name.split("-")[1]) // 8


UTF_8: Final = Encoding("utf-8")

_MARKED: Final = (
    Encoding("utf-32-le", codecs.BOM_UTF32_LE),
    Encoding("utf-32-be", codecs.BOM_UTF32_BE),
    Encoding("utf-8", codecs.BOM_UTF8),
    Encoding("utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("utf-16-be", codecs.BOM_UTF16_BE),
)
"""UTF-32 before UTF-16: its mark begins with that of the other."""
_JUDGED_BYTES: Final = 4096
_NO_TEXT: Final = lazy_pattern(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Characters that no text has which somebody wrote."""


def encoding_of(raw: bytes) -> Encoding:
    """The encoding, by the mark at the beginning, or by where zeros stand: in UTF-16 most characters have one."""
    for marked in _MARKED:
        if raw.startswith(marked.mark):
            return marked
    head = raw[:_JUDGED_BYTES]
    if head and len(raw) % 2 == 0:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if odd > len(head) // 4 and not even:
            return Encoding("utf-16-le")
        if even > len(head) // 4 and not odd:
            return Encoding("utf-16-be")
    return UTF_8


def decode_text(raw: bytes) -> str:
    """The text without its mark; what is not of its encoding becomes U+FFFD."""
    encoding = encoding_of(raw)
    return raw.removeprefix(encoding.mark).decode(encoding.name, "replace")


def decode_if_text(raw: bytes, *, is_cut: bool = False) -> str | None:
    """The text without its mark; None where the bytes are none. `is_cut`: they are the beginning of more."""
    encoding = encoding_of(raw)
    try:
        decoder = codecs.getincrementaldecoder(encoding.name)("strict")
        text = decoder.decode(raw.removeprefix(encoding.mark), final=not is_cut)
    except UnicodeDecodeError:
        return None
    is_guess = encoding.unit_bytes > 1 and not encoding.mark
    return None if "\0" in text or (is_guess and _NO_TEXT.search(text)) else text
