"""Type-ahead: words that are typed while the program loads, shown where they will stand.

A thread reads them, which the imports beside it let in every few milliseconds. It shows what can only mean one thing,
plain characters of one line and Backspace; from the first other key on all is kept for the program, with its time.
Imports little, as `early` does.
"""

import os
import select
from codecs import getincrementaldecoder
from threading import Lock, Thread
from time import monotonic
from unicodedata import category, east_asian_width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_BYTES = 64 * 1024
"""More waits in the terminal's queue."""
_BACKSPACE = "\x7f"
_END_WITHIN_S = 1.0
_PLAIN = (
    (0x20, 0x10FF), (0x1200, 0x13FF), (0x1E00, 0x1FFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20C0),
    (0x3001, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF01, 0xFF60),
)  # fmt: skip
"""Where the letters, ideographs and punctuation of most scripts are: each stands for itself, whatever is beside it, but
for marks. Emoji, flags and the parts of syllables do not."""


class TypeAhead:
    """What is typed, as text and as what comes behind it."""

    def __init__(self, room: int, show: "Callable[[str, int], bool]") -> None:
        """`room` is in cells; `show` shows a text of so many cells, and says whether the terminal took it."""
        self.text = ""
        """Characters that were typed and not deleted again."""
        self.behind: list[tuple[float, bytes]] = []
        """What was read behind them and is not understood here, each piece with the clock's reading in seconds."""
        self._room = room
        self._show = show
        self._is_plain = True
        """Nothing has come yet that is not understood."""
        self._is_cleared = False
        self._decode = getincrementaldecoder("utf-8")().decode
        self._cut = b""
        self._lock = Lock()
        self._wakens = -1
        """Closing it wakes the thread, which ends then."""
        self._thread: Thread | None = None

    def begin(self, reads: int, read: "Callable[[], bytes]") -> None:
        """Read what comes from this descriptor, with `read`. No signal is to come meanwhile whose handler raises."""
        wakes, wakens = os.pipe()
        thread = Thread(target=self._read, args=(reads, read, wakes), name="type-ahead", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # there can be no more threads: what is typed waits
            os.close(wakes)
            os.close(wakens)
        else:
            self._thread, self._wakens = thread, wakens

    def end(self) -> None:
        """Read no more: what comes from now on is another's."""
        thread, self._thread = self._thread, None
        if thread is not None:
            os.close(self._wakens)
            thread.join(_END_WITHIN_S)
        if self._cut:
            self.behind.insert(0, (monotonic(), self._cut))
            self._cut = b""

    def _read(self, reads: int, read: "Callable[[], bytes]", wakes: int) -> None:
        count = 0
        try:
            while count < _MOST_BYTES:
                ready = select.select([reads, wakes], [], [])[0]
                if wakes in ready or not (typed := read()):
                    return
                count += len(typed)
                self.take(typed)
        except OSError:
            pass  # the terminal is gone, as whoever reads next finds out
        finally:
            os.close(wakes)

    def take(self, typed: bytes) -> None:
        """Take what was read, and show it as long as it is plain."""
        with self._lock:
            before, at = self.text, 0
            while self._is_plain and at < len(typed):
                self._is_plain = self._take_byte(typed[at : at + 1])
                at += self._is_plain
            if self.text != before and not self._show(self.text, _cells(self.text)):
                self._is_plain = False
            if rest := (b"" if self._is_plain else self._cut) + typed[at:]:
                self.behind.append((monotonic(), rest))
                self._cut = b""

    def clear(self) -> bool:
        """Clear the text, as Ctrl+C does, and let who reads on do that with it; False where there is none, or it was
        done."""
        with self._lock:
            if not self.text or self._is_cleared:
                return False
            self._is_cleared, self._is_plain = True, False
            self.behind.append((monotonic(), b"\x03"))
            self._show("", 0)
            return True

    def _take_byte(self, byte: bytes) -> bool:
        try:
            character = self._decode(byte)
        except UnicodeDecodeError:
            return False
        if not character:
            self._cut += byte
        elif character == _BACKSPACE:
            self.text = self.text[:-1]
        elif _is_plain(character) and _cells(self.text + character) <= self._room:
            self.text += character
        else:
            return False
        if character:
            self._cut = b""
        return True


def _is_plain(character: str) -> bool:
    """Whether it stands for itself, beside whatever other character."""
    code = ord(character)
    is_likely = any(first <= code <= last for first, last in _PLAIN)
    return is_likely and character.isprintable() and category(character)[0] != "M"


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
