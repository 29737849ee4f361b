"""Output of a tool within a bound: its beginning and its end are kept, and what is left out between them is said."""

import codecs
from collections.abc import Callable
from typing import Final

from tui_chat.core.sanitize import StreamSanitizer

_SHARE_OF_THE_END: Final = 4
"""The end may take a fourth of the bound."""


class KeptOutput:
    """Bytes that arrive in pieces. However many come, no more than the bound is kept, and a piece."""

    def __init__(self, limit_bytes: int, output: Callable[[str], None]) -> None:
        """`output` is given the beginning as text, sanitised, as it comes."""
        self._end_bytes = limit_bytes // _SHARE_OF_THE_END
        self._start_bytes = limit_bytes - self._end_bytes
        self._start = bytearray()
        self._end = bytearray()
        self.total_bytes = 0
        self._output = output
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._sanitizer = StreamSanitizer()

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        self.total_bytes += len(piece)
        room = self._start_bytes - len(self._start)
        if room > 0:
            first = piece[:room]
            self._start += first
            if text := self._sanitizer.feed(self._decoder.decode(first)):
                self._output(text)
        if len(piece) > max(room, 0):
            self._end += piece[max(room, 0) :]
            if len(self._end) > 2 * self._end_bytes:
                del self._end[: len(self._end) - self._end_bytes]

    @property
    def left_out_bytes(self) -> int:
        """How much between beginning and end is not kept."""
        return max(0, self.total_bytes - self._start_bytes - self._end_bytes)

    def text(self) -> str:
        """What is kept, as text, not sanitised; bytes that are no UTF-8 are marked."""
        if not self.left_out_bytes:
            return bytes(self._start + self._end).decode(errors="replace")
        end = bytes(self._end[len(self._end) - self._end_bytes :])
        left_out = f"\n[… {self.left_out_bytes:,} bytes are left out here …]\n"
        return self._start.decode(errors="replace") + left_out + end.decode(errors="replace")
