"""Text from bytes whose encoding nobody names: UTF-8 unless the bytes say otherwise.

Windows' shells pipe text with a byte-order mark or as UTF-16, its editors save it so.
"""

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 before UTF-16: its mark begins with that of the other."""
_JUDGED_BYTES: Final = 4096


def encoding_of(raw: bytes) -> str:
    """The encoding, by the mark at the beginning, or by where zeros stand: in UTF-16 most characters have one."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding
    head = raw[:_JUDGED_BYTES]
    if head and len(raw) % 2 == 0:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if odd > len(head) // 4 and not even:
            return "utf-16-le"
        if even > len(head) // 4 and not odd:
            return "utf-16-be"
    return "utf-8"


def decode_text(raw: bytes) -> str:
    """The text without its mark; what is not of its encoding becomes U+FFFD."""
    return raw.decode(encoding_of(raw), "replace")
