"""A text as pieces, written and pasted by turns: so a long paste stays one thing wherever a draft goes."""

from typing import Final

import msgspec

MOST_BYTES: Final = 8 * 1024
MOST_LINES: Final = 100
"""A paste beyond either becomes a chip."""


class Draft(msgspec.Struct, frozen=True):
    """What a composer holds, as a value that can be kept and put back."""

    pieces: tuple[str, ...] = ("",)
    """What was written and what was pasted by turns, a written piece first and last: strings for any format."""

    @property
    def text(self) -> str:
        """All of it, as it would be sent."""
        return "".join(self.pieces)


def is_long(text: str) -> bool:
    """It shall be a chip."""
    return (
        len(text) > MOST_BYTES
        or line_count(text) > MOST_LINES
        or (len(text) * 4 > MOST_BYTES and len(text.encode("utf-8", "replace")) > MOST_BYTES)
    )


def line_count(text: str) -> int:
    """Lines of a text, as people count: a newline at the end begins none."""
    return text.count("\n") + (not text.endswith("\n"))


def joined(drafts: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The pieces of several drafts as those of one, an empty line between them; what is empty is left out."""
    pieces = [""]
    for draft in drafts:
        if "".join(draft).strip():
            gap = "\n\n" if any(pieces) else ""
            pieces[-1] += gap + draft[0]
            pieces += draft[1:]
    return tuple(pieces)
