"""pyte's screen, fed with what a program writes: without the sequences that pyte takes for text."""

import re
from collections.abc import Callable
from functools import cache

import pyte
from pyte import modes
from pyte.screens import Char, Margins
from wcwidth import wcwidth

_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<=>][0-9;:?]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]* q|\x1b[P_^X][^\x1b]*\x1b\\"
)
_UNKNOWN_OR_LOOKS = re.compile(rb"\x1b\[[0-9;:]*m|" + _UNKNOWN_TO_PYTE.pattern)
_LONGEST_SEQUENCE = 64


class Emulator:
    """A terminal's screen. Bytes may be cut anywhere. Whoever reads its text alone spares it colours and styles."""

    def __init__(self, columns: int, rows: int, *, has_looks: bool = True) -> None:
        self.screen = _Screen(columns, rows)
        self._stream = _Stream(self.screen)
        self._left_out = _UNKNOWN_TO_PYTE if has_looks else _UNKNOWN_OR_LOOKS
        self._held = b""

    @property
    def text(self) -> str:
        """The screen as lines. pyte's own `display` breaks where half of a wide character was written over."""
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join([row[x].data for x in range(self.screen.columns)]).rstrip() for row in rows)

    def feed(self, data: bytes) -> None:
        """Take in what the program wrote; a sequence that is cut off waits for its rest."""
        known = self._left_out.sub(b"", self._held + data)
        cut = known.rfind(b"\x1b", max(0, len(known) - _LONGEST_SEQUENCE))
        is_cut = cut >= 0 and not re.match(rb"\x1b(\[[^A-Za-z]*[A-Za-z]|[^\[])", known[cut:])
        self._held = known[cut:] if is_cut else b""
        self._stream.feed(known[: len(known) - len(self._held)])


class _Stream(pyte.ByteStream):
    """Knows besides how rows are scrolled (SU and SD)."""

    csi = {**pyte.ByteStream.csi, "S": "scroll_up", "T": "scroll_down"}
    events = frozenset((*pyte.ByteStream.events, "scroll_up", "scroll_down"))


class _Screen(pyte.Screen):
    """Writes at once what is the usual: narrow characters that fit into the row. What is UTF-8 knows no other sets of
    characters."""

    def scroll_up(self, count: int = 1) -> None:
        """Move the rows within the margins up; what comes in has no background."""
        self._scroll(count or 1, (self.margins or Margins(0, self.lines - 1)).bottom, self.index)

    def scroll_down(self, count: int = 1) -> None:
        """Move the rows within the margins down."""
        self._scroll(count or 1, (self.margins or Margins(0, self.lines - 1)).top, self.reverse_index)

    def _scroll(self, count: int, edge: int, move: Callable[[], None]) -> None:
        before, self.cursor.y = self.cursor.y, edge
        for _ in range(count):
            move()
        self.cursor.y = before

    def draw(self, data: str) -> None:
        """Write a text at the cursor."""
        end = self.cursor.x + len(data)
        if end > self.columns or modes.IRM in self.mode or not all(map(_is_narrow, data)):
            super().draw(data)
            return
        line, attrs = self.buffer[self.cursor.y], self.cursor.attrs
        for x, character in enumerate(data, self.cursor.x):
            line[x] = _cell(attrs, character)
        self.cursor.x = end
        self.dirty.add(self.cursor.y)


@cache
def _is_narrow(character: str) -> bool:
    return wcwidth(character) == 1


@cache
def _cell(attrs: Char, character: str) -> Char:
    return attrs._replace(data=character)
