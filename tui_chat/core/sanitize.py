"""Text from outside, made harmless for a terminal.

A terminal obeys control characters wherever they come from, so every text that a person did not type passes here on
its way to a screen, a title, a notification, the clipboard or an export. Values in the core keep what was received;
`--json` escapes it. What is replaced: C0 but tab and newline, DEL, C1, bidirectional embeddings, overrides and
isolates, line and paragraph separators, surrogates and tag characters. Joiners and variation selectors stay where they
belong to the character before them: emoji and many scripts need them. A joiner behind anything else is replaced too:
it hides the character after it from whoever counts cells (Rich 15 even divides by zero on some).
"""

import re

from tui_chat.core.lazy_pattern import lazy_pattern

_HARMFUL = lazy_pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff\U000e0000-\U000e007f]"
)
_HARMFUL_IN_LINE = lazy_pattern(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff\U000e0000-\U000e007f]"
)
_JOINER = "\u200d"
_STRAY_JOINER = lazy_pattern("(?<![\u0300-\u167f\u1681-\u1fff\u2190-\u2fff\u3001-\ud7ff\ue000-\U0010ffff])\u200d")
_SEQUENCE = lazy_pattern(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
)
"""Sequences of a terminal that have letters and figures in them: CSI, and strings such as OSC."""
_SURROGATES = lazy_pattern("[\ud800-\udfff]")


def _mark(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if code in (0x2028, 0x2029):
        return "␤"
    return "\ufffd"


def _without_stray_joiners(text: str) -> str:
    return _STRAY_JOINER.sub("\ufffd", text) if _JOINER in text else text


def sanitize(text: str) -> str:
    """Text of several lines: newlines normalised to `\\n`, every harmful character a visible mark, one for one."""
    return _without_stray_joiners(_HARMFUL.sub(_mark, text.replace("\r\n", "\n")))


def sanitize_line(text: str, limit: int = 200) -> str:
    """Text for one line (a title, a name, a status): white space folded, cut with an ellipsis at `limit` characters."""
    folded = sanitize_in_place(" ".join(text.lstrip()[: limit * 4].split()))
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def sanitize_in_place(text: str) -> str:
    """Text for one line with every character in its place, for rows that mark some of its letters."""
    return _without_stray_joiners(_HARMFUL_IN_LINE.sub(_mark, text))


def without_harmful(text: str) -> str:
    """A line from which every harmful character is left out, with what belongs to the sequence that it begins."""
    return _HARMFUL_IN_LINE.sub("", _SEQUENCE.sub("", text)) if _HARMFUL_IN_LINE.search(text) else text


def without_surrogates(text: str) -> str:
    """Text that every encoder takes: pairs joined, lone halves replaced."""
    if text.isascii() or not _SURROGATES.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class StreamSanitizer:
    """`sanitize` over text that arrives in pieces; a CR at a piece's end waits for the LF that may follow it."""

    def __init__(self) -> None:
        self._held_cr = False
        self._before = ""
        """The last character, which a joiner may belong to."""

    def feed(self, text: str) -> str:
        """The harmless form of what can be decided now."""
        if not text:
            return ""
        if self._held_cr:
            text = "\r" + text
        self._held_cr = text.endswith("\r")
        return self._sanitize(text[:-1] if self._held_cr else text)

    def finish(self) -> str:
        """What was held back."""
        held, self._held_cr = self._held_cr, False
        return sanitize("\r") if held else ""

    def _sanitize(self, text: str) -> str:
        before, self._before = self._before, text[-1:] or self._before
        return sanitize(before + text)[len(before) :] if text.startswith(_JOINER) else sanitize(text)
