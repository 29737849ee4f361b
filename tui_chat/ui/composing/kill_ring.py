"""What was deleted by the killing keys, for the yanking ones, as readline has it."""

from collections import deque

REMEMBERED = 20


class KillRing:
    """The latest kills, and which of them was yanked last."""

    def __init__(self) -> None:
        self._kills: deque[str] = deque(maxlen=REMEMBERED)

    def kill(self, text: str, *, goes_on: bool = False, is_before: bool = False) -> None:
        """Keep a text; one that `goes_on` with the kill before becomes part of that, its end or its beginning."""
        if goes_on and self._kills:
            text = text + self._kills.pop() if is_before else self._kills.pop() + text
        if text:
            self._kills.append(text)

    @property
    def newest(self) -> str:
        """What is yanked next; empty where nothing was killed."""
        return self._kills[-1] if self._kills else ""

    def turn(self) -> str:
        """The kill before the newest, which it changes places with all the others for."""
        self._kills.rotate(1)
        return self.newest
