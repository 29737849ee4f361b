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
_EDGE: Final = re.compile(r"(?<!\\)\|")
"""Between two cells."""
_BETWEEN: Final = " · "


def unmarked(text: str) -> str:
    """The words of a Markdown text, line by line; the fences of code are left out, the code between them is kept. Of a
    table the cells are told one after the other."""
    lines: list[str] = []
    fence, above, is_table = "", "", False
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found and fence in ("", found[1]):
            fence, above, is_table = "" if fence else found[1], "", False
        elif fence:
            lines.append(line)
        elif _EDGE.search(above) and _is_under_head(line):
            lines[-1], above, is_table = _words(_BETWEEN.join(_cells(above))), "", True
        else:
            above, is_table = line, is_table and _EDGE.search(line) is not None
            lines.append(_words(_BETWEEN.join(_cells(line)) if is_table else line))
    return "\n".join(lines)


def _cells(line: str) -> list[str]:
    """What stands in the cells of a table's row."""
    cells = (cell.strip().replace("\\|", "|") for cell in _EDGE.split(line))
    return [cell for cell in cells if cell]


def _is_under_head(line: str) -> bool:
    """The line is that below the head of a table: `| :--- | ---: |`."""
    cells = [cell.removeprefix(":").removesuffix(":") for cell in _cells(line)] if "|" in line and "-" in line else []
    return bool(cells) and all(cell and not cell.strip("-") for cell in cells)


def _words(line: str) -> str:
    line = _HEAD.sub("", line, count=1) if _HEAD.match(line) else line
    line = _LINK.sub(r"\1", line)
    return _CODE.sub(r"\1", _EMPHASIS.sub(r"\1", _STRONG.sub("", line)))
