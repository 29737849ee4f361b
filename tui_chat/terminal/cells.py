"""What a terminal holds in a cell and writes with: cells and pens, each made once, so that two are the same if they
are the same object.

A module of its own, since the reader of frames makes them and the encoder compares them.
"""

from collections.abc import Callable, Iterator
from typing import Final
from unicodedata import category, east_asian_width

ALL_OFF: Final = "\x1b[0m"
LINK_ENDS: Final = "\x1b]8;;\x1b\\"
_SHOWN_ON_BLANKS: Final = frozenset({4, 7, 9, 21, 51, 52, 53})
"""Attributes that show where nothing is written: underlines, reverse, strike, frames, overline."""
_OFF: Final = {1: 22, 2: 22, 3: 23, 4: 24, 7: 27, 9: 29}
"""What every terminal takes to switch one attribute off; where another one must go, all are switched off."""
_WEIGHTS: Final = (1, 2)
"""Bold and dim go off together."""
_UNDERLINES: Final = frozenset({4, 21})
"""Both are switched off by 24."""
_UNSURE: Final = frozenset({"Mn", "Mc", "Me", "Cf", "Cn", "Co", "Cs"})
"""Unicode's categories of characters that terminals give different widths."""
_SURELY_WIDE: Final = (
    "\u2e80\u303e", "\u3041\ua4cf", "\uac00\ud7a3", "\uf900\ufaff", "\ufe30\ufe4f", "\uff00\uff60", "\uffe0\uffe6",
    "\U00020000\U0003fffd",
)  # fmt: skip
"""Ranges of characters, the first and the last of each; as a pattern they would take milliseconds to make."""


class Pen:
    """What is written with: the colours and attributes (parameters of SGR), and the link that is open."""

    __slots__ = ("attributes", "background", "blank", "cells", "colour", "leaves_blank", "letters", "link", "ways")

    def __init__(self, colour: str, background: str, attributes: frozenset[int], link: str) -> None:
        self.colour = colour
        """Parameters of the text's colour; empty for the terminal's own."""
        self.background = background
        self.attributes = attributes
        self.link = link
        """Parameters and target of OSC 8; empty for none."""
        self.leaves_blank = not link and not attributes & _SHOWN_ON_BLANKS
        """Of a blank that it writes only the background shows."""
        self.cells: dict[tuple[str, int], Cell] = {}
        """What it wrote, by text and width."""
        self.letters = _Letters(self)
        self.blank: Cell
        """What a blank is that it writes."""
        self.ways: dict[Pen, str] = {}
        """How to change to other pens, as found before."""


class _Letters(dict[str, "Cell"]):
    """The cells of characters that are one wide without a doubt, made when they are first asked for."""

    __slots__ = ("_pen",)

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen

    def __missing__(self, letter: str) -> "Cell":
        cell = self._pen.blank if letter == " " else Cell(letter, self._pen, 1, is_unsure=False)
        self[letter] = cell
        return cell


class Cell:
    """A cell that something stands in. What is wider than one is held by its first cell; those behind have no text."""

    __slots__ = ("is_unsure", "pen", "text", "width")

    def __init__(self, text: str, pen: Pen, width: int, *, is_unsure: bool) -> None:
        self.text = text
        self.pen = pen
        self.width = width
        """In cells; 0 for those behind a wide one."""
        self.is_unsure = is_unsure
        """Terminals do not agree about its width."""


Row = list[Cell | None]
"""None is a cell of which nothing is known."""


class CellTable:
    """Makes pens and cells, and the texts that change from one pen to another."""

    def __init__(self, width: Callable[[str], int], *, doubts_ambiguous: bool) -> None:
        """`width` counts the cells of a text as those do who lay out the screen."""
        self._width = width
        self._doubts_ambiguous = doubts_ambiguous
        self._pens: dict[tuple[str, str, frozenset[int], str], Pen] = {}
        self._by_parameters: dict[tuple[str, str], Pen | None] = {}
        self.unsure: set[Cell] = set()
        """Those of the cells made here that terminals give different widths."""
        self.behind: set[Cell] = set()
        """Those that stand for the rest of a wide one."""
        self.size = 0
        """Number of pens, and of the cells beyond ASCII, made."""
        self.plain = self.pen("", "", frozenset(), "")

    def pen(self, colour: str, background: str, attributes: frozenset[int], link: str) -> Pen:
        """The pen of these."""
        key = (colour, background, attributes, link)
        if (pen := self._pens.get(key)) is None:
            pen = self._pens[key] = Pen(*key)
            self.size += 1
            if pen.leaves_blank and (colour or attributes):
                pen.blank = self.pen("", background, frozenset(), "").blank
            else:
                pen.blank = Cell(" ", pen, 1, is_unsure=False)
        return pen

    def pen_of(self, parameters: str, link: str) -> Pen | None:
        """The pen after all was switched off and then these parameters of SGR on; None where one is unknown."""
        key = (parameters, link)
        if key not in self._by_parameters:
            looks = _looks(parameters)
            self._by_parameters[key] = None if looks is None else self.pen(*looks, link)
        return self._by_parameters[key]

    def cells_of(self, text: str, pen: Pen, cells: list[Cell]) -> None:
        """Add the cells that a text takes, written with a pen."""
        known = pen.cells
        if text.isascii():
            cells += map(pen.letters.__getitem__, text)
            return
        clusters = list(_clusters(text))
        widths = [self._width(each) for each in clusters]
        if sum(widths) != (whole := self._width(text)):
            clusters, widths = [text], [whole]
        for cluster, width in zip(clusters, widths, strict=True):
            if width:
                cells.append(known.get((cluster, width)) or self._cell(cluster, pen, width))
                if width > 1:
                    cells += [known.get(("", 0)) or self._cell("", pen, 0)] * (width - 1)
            elif cells:
                self._join(cells, cluster, pen)

    def _join(self, cells: list[Cell], mark: str, pen: Pen) -> None:
        """Add a mark without a width to the last character."""
        at = next((at for at in range(len(cells) - 1, -1, -1) if cells[at].width), -1)
        if at >= 0:
            before = cells[at]
            cells[at] = self._cell(before.text + mark, pen if before.text == " " else before.pen, before.width)

    def _cell(self, text: str, pen: Pen, width: int) -> Cell:
        if text.isascii() and len(text) == 1:
            return pen.letters[text]
        if (cell := pen.cells.get((text, width))) is None:
            cell = pen.cells[text, width] = Cell(text, pen, width, is_unsure=self._is_unsure(text, width))
            self.size += 1
            if cell.is_unsure:
                self.unsure.add(cell)
            if not width:
                self.behind.add(cell)
        return cell

    def _is_unsure(self, text: str, width: int) -> bool:
        if text.isascii():
            return len(text) > 1
        if len(text) > 1 or category(text) in _UNSURE or "\U0001f1e6" <= text <= "\U0001f1ff":
            return True
        if width > 1:
            return not any(first <= text <= last for first, last in _SURELY_WIDE)
        return self._doubts_ambiguous and east_asian_width(text) == "A"

    def way(self, before: Pen | None, after: Pen) -> str:
        """What changes one pen to another, the shorter of two ways; None is a pen of which nothing is known."""
        if before is after:
            return ""
        if before is None:
            return (self._link(after) if after.link else "") + ALL_OFF + _switched_on(after)
        if (way := before.ways.get(after)) is None:
            way = before.ways[after] = ("" if before.link == after.link else self._link(after)) + _way(before, after)
        return way

    def for_blanks(self, before: Pen | None, blank: Cell) -> Pen:
        """The pen to write or erase a blank with: what is near the one in use, as long as nothing else of it shows."""
        wanted = blank.pen
        if before is None or not wanted.leaves_blank:
            return wanted
        if before.leaves_blank and before.background == wanted.background:
            return before
        return self.pen(before.colour, wanted.background, before.attributes - _SHOWN_ON_BLANKS, "")

    @staticmethod
    def _link(pen: Pen) -> str:
        return f"\x1b]8;{pen.link}\x1b\\" if pen.link else LINK_ENDS


def _clusters(text: str) -> Iterator[str]:
    """Characters, each with the marks that follow it and what is joined to it."""
    held = ""
    for each in text:
        if held and (_joins(each) or held[-1] == "\u200d" or _is_half_flag(held, each)):
            held += each
            continue
        if held:
            yield held
        held = each
    if held:
        yield held


def _joins(character: str) -> bool:
    return character > "\u02ff" and (
        category(character) in {"Mn", "Mc", "Me", "Cf"} or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _is_half_flag(held: str, character: str) -> bool:
    return len(held) == 1 and "\U0001f1e6" <= held <= "\U0001f1ff" and "\U0001f1e6" <= character <= "\U0001f1ff"


def _looks(parameters: str) -> tuple[str, str, frozenset[int]] | None:
    """Colour, background and attributes; None where a parameter is none that we know."""
    colour = background = ""
    attributes: set[int] = set()
    left = parameters.split(";") if parameters else []
    if not all(each.isdecimal() for each in left):
        return None
    while left:
        number = int(left[0])
        size = 1
        if number in {38, 48}:
            size = {"5": 3, "2": 5}.get(left[1] if len(left) > 1 else "", 0)
            if not size or len(left) < size:
                return None
        if number == 38 or 30 <= number <= 37 or 90 <= number <= 97:
            colour = ";".join(left[:size])
        elif number == 48 or 40 <= number <= 47 or 100 <= number <= 107:
            background = ";".join(left[:size])
        elif 1 <= number <= 9 or number in {21, 51, 52, 53}:
            attributes.add(number)
        elif number not in {39, 49}:
            return None
        del left[:size]
    return colour, background, frozenset(attributes)


def _switched_on(pen: Pen) -> str:
    """What makes a pen of one that has nothing switched on."""
    parameters = [*map(str, sorted(pen.attributes)), pen.colour, pen.background]
    told = ";".join(filter(None, parameters))
    return f"\x1b[{told}m" if told else ""


def _way(before: Pen, after: Pen) -> str:
    """What changes the colours and attributes."""
    over = _switched_on(after)
    over = over.replace("\x1b[", "\x1b[0;", 1) if over else ALL_OFF
    gone = before.attributes - after.attributes
    if not gone <= _OFF.keys():
        return over
    off = {_OFF[each] for each in gone}
    on = after.attributes - before.attributes
    if 22 in off:
        on |= after.attributes & set(_WEIGHTS)
    if 24 in off:
        on |= after.attributes & _UNDERLINES
    steps: list[str] = [*map(str, sorted(off)), *map(str, sorted(on))]
    if before.colour != after.colour:
        steps.append(after.colour or "39")
    if before.background != after.background:
        steps.append(after.background or "49")
    step = f"\x1b[{';'.join(steps)}m" if steps else ""
    return min(step, over, key=len)
