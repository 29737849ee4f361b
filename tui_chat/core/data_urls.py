"""Pictures that are written into Markdown as data URLs, told by type and size instead of by their letters.

The text itself stays as it came; this is what is shown or read out of it. A picture of any length is one short word
there, and no line more or less.
"""

import re
from collections.abc import Iterator
from typing import Final

from tui_chat.core import figures
from tui_chat.core.parts import Image

_OPENING: Final = re.compile(
    r"(\](?:\(|:[ \t])[ \t]{0,3}<?)data:([A-Za-z]{1,20}/[A-Za-z0-9.+-]{1,80})?(?:;[A-Za-z0-9=_.+-]{0,80}){0,4},"
)
"""A link's, picture's or definition's target up to the comma; in any other place the letters are somebody's words."""
_PICTURE: Final = re.compile(r"!\[([^\[\]]{0,300})\]\([ \t]{0,3}<?(data:[A-Za-z0-9/.+;=_-]{0,200},)")
_MAY_OPEN: Final = re.compile(r"\](?:(?:\(|:(?:[ \t]|\Z))[ \t]{0,3}<?(?:d(?:a(?:t(?:a(?::[^,()\s]{0,300})?)?)?)?)?)?\Z")
"""The end of a text that may go on to be such a target."""
_DATA: Final = re.compile(r"[A-Za-z0-9+/=%_.~-]*")


class ShortDataUrls:
    """Text in pieces in, the same with short data URLs out."""

    def __init__(self) -> None:
        self._held = ""
        """The end of what came, which may be the beginning of a data URL."""
        self._type: str | None = None
        """Of the data that is being passed over."""
        self._length = 0

    def feed(self, text: str) -> str:
        """More of the text as far as it is decided."""
        text, self._held = self._held + text, ""
        out: list[str] = []
        at = 0
        while at < len(text):
            if self._type is not None:
                end = _data_end(text, at)
                self._length += end - at
                at = end
                if end < len(text):
                    out.append(self._close())
                continue
            opening = _OPENING.search(text, at)
            if opening is None:
                break
            out.append(text[at : opening.end(1)])
            self._type, self._length = opening[2] or "data", 0
            at = opening.end()
        rest = text[at:]
        last = rest.rfind("]")
        if last >= 0 and _MAY_OPEN.match(rest, last):
            rest, self._held = rest[:last], rest[last:]
        return "".join((*out, rest))

    def finish(self) -> str:
        """What was held back."""
        held, self._held = self._held, ""
        return held if self._type is None else self._close()

    def _close(self) -> str:
        """The word that stands for the data; a space would end a target."""
        word = f"{self._type},{figures.size(self._length * 3 // 4).replace(' ', '')}"
        self._type = None
        return word


def shortened(text: str) -> str:
    """A whole text with short data URLs."""
    if "data:" not in text:
        return text
    short = ShortDataUrls()
    return short.feed(text) + short.finish()


def pictures_in(markdown: str) -> Iterator[Image]:
    """The pictures that are written into a text whole, each with the words that it is called by."""
    at = 0
    while "data:" in markdown and (found := _PICTURE.search(markdown, at)) is not None:
        at = _data_end(markdown, found.end())
        yield Image(markdown[found.start(2) : at], found[1])


def _data_end(text: str, at: int) -> int:
    found = _DATA.match(text, at)
    return found.end() if found else at
