"""A terminal's screen, as small as what the chat writes to it allows, and as awkward as terminals are.

Written from the standards (ECMA-48, xterm's control sequences) and apart from the encoder, so that it can judge it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from rich.cells import cell_len, split_graphemes

_ITEM: Final = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])|\x1b\]8;([^\x1b]*)\x1b\\|\x1b\][^\x1b\x07]*\x07|([^\x1b]+)")
_SHOWN_ON_BLANKS: Final = {4, 7, 9, 21, 53}
_ENDS: Final = {22: {1, 2}, 23: {3}, 24: {4, 21}, 25: {5}, 27: {7}, 28: {8}, 29: {9}, 55: {53}}


@dataclass(frozen=True, slots=True)
class Looks:
    """What is written with."""

    colour: str = ""
    background: str = ""
    attributes: frozenset[int] = frozenset()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A cell; the rest of a wide character has no text."""

    text: str = " "
    looks: Looks = Looks()

    @property
    def seen(self) -> "Held":
        """What of it can be seen: of a blank often its background alone."""
        looks = self.looks
        if self.text == " " and not looks.link and not looks.attributes & _SHOWN_ON_BLANKS:
            return Held(" ", Looks(background=looks.background))
        return self


RUBBISH: Final = Held("\N{REPLACEMENT CHARACTER}")


@dataclass
class ScreenModel:
    """A screen that does not wrap."""

    columns: int
    rows: int
    erases_with_background: bool = True
    scrolls_in: Held | None = None
    """What comes in when rows are scrolled; None for blanks with the background."""
    spoils_halves: bool = False
    """Half of a wide character that is written over leaves rubbish in the other half."""
    width: Callable[[str], int] = cell_len
    x: int = 0
    y: int = 0
    looks: Looks = Looks()
    is_cursor_shown: bool = True
    is_synchronised: bool = False
    region: tuple[int, int] = (0, 0)
    cells: list[list[Held]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = [[Held()] * self.columns for _ in range(self.rows)]
        self.region = (0, self.rows - 1)

    @property
    def seen(self) -> list[list[Held]]:
        """What can be seen."""
        return [[cell.seen for cell in row] for row in self.cells]

    @property
    def text(self) -> str:
        """The text alone."""
        return "\n".join("".join(cell.text for cell in row).rstrip() for row in self.cells)

    def feed(self, text: str) -> None:
        """Take in what is written; fails at what it does not know."""
        at = 0
        for item in _ITEM.finditer(text):
            assert item.start() == at, f"unknown: {text[at : at + 20]!r}"
            at = item.end()
            private, parameters, final, link, words = item.groups()
            if words:
                self._write(words.replace("\n", ""))
            elif link is not None:
                self.looks = Looks(self.looks.colour, self.looks.background, self.looks.attributes, link.strip(";"))
            elif final:
                self._obey(private + final, [int(each or 0) for each in parameters.split(";")])
        assert at == len(text), f"unknown: {text[at : at + 20]!r}"

    def _obey(self, final: str, numbers: list[int]) -> None:
        count = numbers[0] or 1
        match final:
            case "H":
                self.y = min(count, self.rows) - 1
                self.x = min((numbers[1] if len(numbers) > 1 else 1) or 1, self.columns) - 1
            case "C":
                self.x = min(self.x + count, self.columns - 1)
            case "m":
                self._look(numbers)
            case "K":
                assert not numbers[0]
                self._erase(self.columns - self.x)
            case "X":
                self._erase(count)
            case "r":
                last = numbers[1] if len(numbers) > 1 else 0
                self.region = (count - 1, (last or self.rows) - 1)
                assert 0 <= self.region[0] < self.region[1] < self.rows
                self.x = self.y = 0
            case "S" | "T":
                self._scroll(count if final == "S" else -count)
            case "?h" | "?l" if numbers == [25]:
                self.is_cursor_shown = final == "?h"
            case "?h" | "?l" if numbers == [2026]:
                self.is_synchronised = final == "?h"
            case _:
                raise AssertionError(f"unknown: {final} {numbers}")

    def _look(self, numbers: list[int]) -> None:
        looks, left = self.looks, list(numbers)
        colour, background, attributes = looks.colour, looks.background, set(looks.attributes)
        while left:
            first = left[0]
            size = {5: 3, 2: 5}[left[1]] if first in {38, 48} else 1
            told = ";".join(map(str, left[:size]))
            if first == 0:
                colour, background, attributes = "", "", set()
            elif first in {38, *range(30, 38), *range(90, 98)}:
                colour = told
            elif first in {48, *range(40, 48), *range(100, 108)}:
                background = told
            elif first in {39, 49}:
                colour, background = ("", background) if first == 39 else (colour, "")
            elif first in _ENDS:
                attributes -= _ENDS[first]
            else:
                assert first in {1, 2, 3, 4, 5, 7, 8, 9, 21, 53}, f"unknown: SGR {first}"
                attributes.add(first)
            del left[:size]
        self.looks = Looks(colour, background, frozenset(attributes), looks.link)

    @property
    def _blank(self) -> Held:
        return Held(" ", Looks(background=self.looks.background if self.erases_with_background else ""))

    def _erase(self, count: int) -> None:
        for x in range(self.x, min(self.x + count, self.columns)):
            self._put(x, self._blank)

    def _scroll(self, count: int) -> None:
        assert self.is_synchronised, "rows move in sight"
        top, below = self.region[0], self.region[1] + 1
        new = self.scrolls_in or Held(" ", Looks(background=self.looks.background))
        count = max(top - below, min(count, below - top))
        come = [[new] * self.columns for _ in range(abs(count))]
        moved = self.cells[top:below]
        self.cells[top:below] = moved[count:] + come if count > 0 else come + moved[:count]

    def _put(self, x: int, cell: Held) -> None:
        """Put a cell; a wide character that it was a part of is gone."""
        row = self.cells[self.y]
        first, last = x, x + 1
        while first > 0 and not row[first].text:
            first -= 1
        while last < self.columns and not row[last].text:
            last += 1
        if last - first > 1 and (first < x or last > x + 1):
            left = RUBBISH if self.spoils_halves else Held(" ", row[first].looks)
            row[first:last] = [left] * (last - first)
        row[x] = cell

    def _write(self, text: str) -> None:
        spans, _ = split_graphemes(text)
        for start, end, _ in spans:
            cluster = text[start:end]
            if not (width := self.width(cluster)):
                self._join(cluster)
                continue
            if self.x + width > self.columns:
                self.x = self.columns - width
            for x in range(self.x, self.x + width):
                self._put(x, Held(" "))
            row = self.cells[self.y]
            row[self.x : self.x + width] = [Held(cluster, self.looks)] + [Held("", self.looks)] * (width - 1)
            self.x = min(self.x + width, self.columns)

    def _join(self, mark: str) -> None:
        x = self.x - 1
        row = self.cells[self.y]
        while x > 0 and not row[x].text:
            x -= 1
        if x >= 0:
            row[x] = Held(row[x].text + mark, row[x].looks)
