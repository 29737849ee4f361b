"""pyte's screen, fed with what a program writes: without the sequences that pyte takes for text."""

import re

import pyte

_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<=>][0-9;:?]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]* q|\x1b[P_^X][^\x1b]*\x1b\\"
)
_LONGEST_SEQUENCE = 64


class Emulator:
    """A terminal's screen. Bytes may be cut anywhere."""

    def __init__(self, columns: int, rows: int) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""

    @property
    def text(self) -> str:
        """The screen as lines. pyte's own `display` breaks where half of a wide character was written over."""
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join(row[x].data for x in range(self.screen.columns)).rstrip() for row in rows)

    def feed(self, data: bytes) -> None:
        """Take in what the program wrote; a sequence that is cut off waits for its rest."""
        known = _UNKNOWN_TO_PYTE.sub(b"", self._held + data)
        cut = known.rfind(b"\x1b", max(0, len(known) - _LONGEST_SEQUENCE))
        is_cut = cut >= 0 and not re.match(rb"\x1b(\[[^A-Za-z]*[A-Za-z]|[^\[])", known[cut:])
        self._held = known[cut:] if is_cut else b""
        self._stream.feed(known[: len(known) - len(self._held)])
