"""A draft as pieces, written and pasted by turns, so that a long paste stays one chip wherever the draft goes."""

from typing import Final

import msgspec

MOST_BYTES: Final = 8 * 1024
MOST_LINES: Final = 100
"""A paste beyond either becomes a chip."""


class Draft(msgspec.Struct, frozen=True):
    """Content of the composer, as a value that can be kept and put back."""

    pieces: tuple[str, ...] = ("",)
    """Written and pasted pieces by turns, a written one first and last."""

    @property
    def text(self) -> str:
        """The whole text, as it would be sent."""
        return "".join(self.pieces)


def is_long(text: str) -> bool:
    """Say whether a pasted text is shown as a chip."""
    return (
        len(text) > MOST_BYTES
        or line_count(text) > MOST_LINES
        or (len(text) * 4 > MOST_BYTES and len(text.encode("utf-8", "replace")) > MOST_BYTES)
    )


def line_count(text: str) -> int:
    """Count lines as people do: a newline at the end begins none."""
    return text.count("\n") + (not text.endswith("\n"))


def joined(drafts: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Join the pieces of several drafts, an empty line between them; empty drafts are left out."""
    pieces = [""]
    for draft in drafts:
        if "".join(draft).strip():
            gap = "\n\n" if any(pieces) else ""
            pieces[-1] += gap + draft[0]
            pieces += draft[1:]
    return tuple(pieces)
