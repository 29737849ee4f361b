"""Readline's kill ring: text deleted by the killing keys, for the yanking keys."""

from collections import deque

REMEMBERED = 20


class KillRing:
    """The latest kills, and the one that was yanked last."""

    def __init__(self) -> None:
        self._kills: deque[str] = deque(maxlen=REMEMBERED)

    def kill(self, text: str, *, goes_on: bool = False, is_before: bool = False) -> None:
        """Keep a text; one that `goes_on` with the previous kill is added at its end or its beginning."""
        if goes_on and self._kills:
            text = text + self._kills.pop() if is_before else self._kills.pop() + text
        if text:
            self._kills.append(text)

    @property
    def newest(self) -> str:
        """The text that is yanked next; empty where nothing was killed."""
        return self._kills[-1] if self._kills else ""

    def turn(self) -> str:
        """Turn the ring: the kill before the newest becomes the newest."""
        self._kills.rotate(1)
        return self.newest
