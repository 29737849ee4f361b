"""Fenced code with fences in it: a whole Markdown document that a model puts into one block.

CommonMark ends such a block at the first bare fence inside, and the rest of the document falls apart. Where the opener
says that it holds Markdown, a fence inside that names a language opens one, and the next bare fence closes that one;
only a bare fence with none open closes the block. Where no fence closes it so, CommonMark's reading counts: the words
after a document are never taken for code. What decides must come within `NESTED_LINES`: a stream can keep to that.
"""

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from tui_chat.ui.transcript.environment import GOES_ON, IS_WHOLE

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

NESTED_LINES: Final = 400
"""Lines below the opener in which the end of such a block is looked for."""
_FENCE: Final = re.compile(r"(`{3,}|~{3,})[ \t]*(.*)\Z")


class _End(Enum):
    NOT_YET = "not yet"
    """What has come may still be followed by it."""
    NOWHERE = "nowhere"


def holds_documents(info: str) -> bool:
    """Whether a fence with these words may have fences in it."""
    return info.split()[:1] in (["markdown"], ["md"])


def document_fence(state: "StateBlock", first: int, end: int) -> bool:
    """Take a block that holds a document; False where CommonMark's own rule for fences is to be asked."""
    opener = _FENCE.match(_line(state, first))
    if opener is None or not holds_documents(opener[2]) or state.is_code_block(first):
        return False
    last = _End.NOWHERE if state.env.get(GOES_ON) == first else _last_line(state, first, end, opener[1])
    if last is _End.NOWHERE:
        return False
    close = last if isinstance(last, int) else end
    state.line = close + isinstance(last, int)
    token = state.push("fence", "code", 0)
    token.info = opener[2]
    token.content = state.getLines(first + 1, close, state.sCount[first], True)
    token.markup = opener[1]
    token.map = [first, state.line]
    return True


def _last_line(state: "StateBlock", first: int, end: int, marks: str) -> int | _End:
    """The line of the fence that closes a block opened by these marks."""
    inner = ""
    for number in range(first + 1, min(end, first + 1 + NESTED_LINES)):
        if not state.isEmpty(number) and state.sCount[number] < state.blkIndent:
            return _End.NOWHERE
        found = None if state.is_code_block(number) else _FENCE.match(_line(state, number))
        if found is None or not found[1].startswith(marks):
            continue
        if found[2]:
            inner = inner or ("" if "`" in found[2] else found[1])
        elif not inner:
            return number
        elif found[1].startswith(inner):
            inner = ""
    lines = len(state.bMarks) - 1  # markdown-it counts one more
    has_all = end < lines or end > first + NESTED_LINES or state.env[IS_WHOLE]
    return _End.NOWHERE if has_all else _End.NOT_YET


def _line(state: "StateBlock", number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip(" \t")
