"""Lines of a stream that arrives in pieces. One that is too long is left out, and never held in memory."""

from typing import Final

LONGEST_MESSAGE_BYTES: Final = 4 * 1024 * 1024
FLOOD_WITHIN_S: Final = 60.0
"""Who writes more than the bound of a flood within this time is ended."""


class Lines:
    """Feed it the pieces."""

    def __init__(self, longest_bytes: int = LONGEST_MESSAGE_BYTES) -> None:
        self._longest = longest_bytes
        self._held = bytearray()
        self._is_skipping = False
        self.left_out = 0
        """How many lines were too long; counted as soon as one is."""

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that this piece completes, without their ends."""
        *ended, rest = piece.split(b"\n")
        lines: list[bytes] = []
        for part in ended:
            self._hold(part)
            if not self._is_skipping:
                lines.append(bytes(self._held))
            self._held.clear()
            self._is_skipping = False
        self._hold(rest)
        return lines

    def _hold(self, part: bytes) -> None:
        if self._is_skipping:
            return
        if len(self._held) + len(part) > self._longest:
            self._held.clear()
            self._is_skipping = True
            self.left_out += 1
        else:
            self._held += part
