"""Text that arrives in pieces, returned by sentences, so that a screen reader is never given half a word."""

import re
from typing import Final

LONGEST: Final = 400
"""Characters of one sentence that may be held back; beyond, it is returned up to its last whole word."""

_END = re.compile(r"[.!?:;…][\"'”’)\]*_`]*\s+|[。！？；：]|\n")


class Sentences:
    """Buffer for the sentence that is not complete yet. Everything that is fed comes out, in order."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Add text, and return the lines and sentences that are complete now; empty where none is."""
        text = self._held + text
        cut = 0
        for end in _END.finditer(text):
            cut = end.end()
        if len(text) - cut > LONGEST:
            space = max(text.rfind(" ", cut), text.rfind("\t", cut))
            cut = space + 1 if space >= 0 else len(text)
        self._held = text[cut:]
        return text[:cut]

    def finish(self) -> str:
        """Return the rest."""
        held, self._held = self._held, ""
        return held
