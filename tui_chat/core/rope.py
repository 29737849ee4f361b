"""Text that arrives in many small pieces: appended for the price of the piece, joined when it is read.

A string of a few letters takes several times their size, so pieces are joined by the thousand on the way.
"""

from typing import Final

JOIN_AT: Final = 1024


class Rope:
    """One text that only grows."""

    __slots__ = ("_blocks", "_pieces")

    def __init__(self, text: str = "") -> None:
        self._blocks = [text] if text else []
        """What came before the pieces, joined."""
        self._pieces: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._blocks or self._pieces)

    def append(self, piece: str) -> None:
        """Take up more text."""
        self._pieces.append(piece)
        if len(self._pieces) >= JOIN_AT:
            self._blocks.append("".join(self._pieces))
            self._pieces.clear()

    def text(self) -> str:
        """All of it. Costs nothing where nothing came since it was read last."""
        if self._pieces or len(self._blocks) > 1:
            self._blocks = ["".join((*self._blocks, *self._pieces))]
            self._pieces.clear()
        return self._blocks[0] if self._blocks else ""
