"""A text without its Markdown marks, for the one line or the few that stand for it in a list: `**bold**` is `bold`.

It is no parser: what is in doubt stays, and so does code between fences. Cost is linear in the text's length.
"""

import re
from typing import Final

_FENCE: Final = re.compile(r" {0,3}(```|~~~)")
_HEAD: Final = re.compile(r" {0,3}(?:#{1,6} +|(?:> ?)+)")
_STRONG: Final = re.compile(r"(?<![\w*])\*{2,3}(?=[^\s*])|(?<=…)\*(?=[^\s*])|(?<=[^\s*])\*{2,3}(?![\w*])")
"""A mark at the beginning or the end of words: the other one may have been cut off."""
_EMPHASIS: Final = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]{1,400})(?<=\S)\*(?![\w*])")
_CODE: Final = re.compile(r"`([^`]{1,400})`")
_LINK: Final = re.compile(r"!?\[([^\[\]]{0,400})\]\([^()\s]{1,2000}\)")


def unmarked(text: str) -> str:
    """The words of a Markdown text, line by line; the fences of code are left out, the code between them is kept."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found and fence in ("", found[1]):
            fence = "" if fence else found[1]
        else:
            lines.append(line if fence else _words(line))
    return "\n".join(lines)


def _words(line: str) -> str:
    line = _HEAD.sub("", line, count=1) if _HEAD.match(line) else line
    line = _LINK.sub(r"\1", line)
    return _CODE.sub(r"\1", _EMPHASIS.sub(r"\1", _STRONG.sub("", line)))
