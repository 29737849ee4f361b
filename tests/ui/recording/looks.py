"""Output with each change of colour and style said once, which is half as long and looks the same."""

import re
from collections.abc import Iterator

_SEQUENCE = re.compile(r"\x1b\[([\d;]*)m")
_CUT = re.compile(r"\x1b(\[[\d;]*)?\Z")
_PARTS = re.compile(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+")


class Thrift:
    """Leaves out of a stream what a terminal would not notice. It may be cut anywhere."""

    def __init__(self) -> None:
        self._worn: dict[str, str] = {}
        """What the terminal wears, by kind: what was said last."""
        self._wanted: dict[str, str] = {}
        self._held = ""

    def feed(self, text: str) -> str:
        """Return the text with fewer sequences."""
        text = self._held + text
        cut = _CUT.search(text)
        end = cut.start() if cut else len(text)
        self._held = text[end:]
        return "".join(self._pieces(text[:end]))

    def _pieces(self, text: str) -> Iterator[str]:
        place = 0
        for found in _SEQUENCE.finditer(text):
            yield from self._said(text[place : found.start()])
            for part in _PARTS.findall(found[1]) or ["0"]:
                if part == "0":
                    self._wanted = {}
                else:
                    self._wanted[_kind(part)] = part
            place = found.end()
        yield from self._said(text[place:])

    def _said(self, words: str) -> Iterator[str]:
        """Say what changes, where words follow that it is for."""
        if words and self._wanted != self._worn:
            is_less = self._worn.keys() - self._wanted.keys()
            changed = [part for kind, part in self._wanted.items() if is_less or self._worn.get(kind) != part]
            yield f"\x1b[{';'.join(['0'] * bool(is_less) + changed)}m"
            self._worn = dict(self._wanted)
        if words:
            yield words


def _kind(part: str) -> str:
    """Foreground, background, or the style itself."""
    number = int(part.partition(";")[0])
    if number in range(30, 40) or number in range(90, 98):
        return "front"
    return "back" if number in range(40, 50) or number in range(100, 108) else part
