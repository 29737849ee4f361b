"""The Markdown parser: CommonMark with tables and strikethrough, and with bounds that a stream can keep to.

In CommonMark the last line of a paragraph may yet make a heading, a table or a definition of it, however long it is: a
stream would have to wait for that line with all of it. Here whatever decides must come within `DECIDED` characters.
The bound looks at nothing but the text, so a message that is parsed whole and one that streams agree.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from tui_chat.ui.transcript.environment import GOES_ON, NEXT_ITEM
from tui_chat.ui.transcript.fences import document_fence

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

DECIDED: Final = 3_000
"""A paragraph of so many characters stays one; a line of so many is no heading and no row of a table."""
MAX_NESTING: Final = 60
"""Levels of tokens, two for a list. What is deeper markdown-it leaves out: it is shown as it stands in the source."""

BREAK: Final = "break"
"""The inline rule for `<br>`, the one way to break a line in a cell."""
MATH: Final = "math"
"""The type of an inline token that holds a formula in LaTeX, its marks included."""

_FORMULA: Final = re.compile(
    r"\\\([^`]{1,1000}?\\\)|\\\[(?=[^`\]]*(?:[\^_={}]|\\[a-zA-Z]))[^`]{1,1000}?\\\]|\$\$[^$`]{1,1000}\$\$"
    r"|\$(?![\s$])[^$`\n]{1,300}(?<![\s\\])\$(?![\w$])"
)
"""Between `\\(` and `\\)`, `\\[` and `\\]`, double dollars, or dollars that are no prices."""
_BREAK: Final = re.compile(r"<br[ \t]*/?>[ \t]*\n?[ \t]*", re.IGNORECASE)
"""With the line end behind it, which would be another break."""
_TARGET_ONLY: Final = re.compile(r"\[[^\[\]]{1,999}\]:[ \t]*\S+[ \t]*\Z")
"""A definition on one line and without a title: images are written into them whole."""


@cache
def markdown() -> "MarkdownIt":
    """The shared parser. HTML stays text, bare addresses are found later. Imports here what the first frame does not
    need."""
    from markdown_it.rules_block import fence, heading, lheading, reference, table

    def nesting_fence(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
        return (not silent and document_fence(state, first, end)) or fence(state, first, end, silent)

    def bounded_marked_heading(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
        return _length(state, first) < DECIDED and heading(state, first, end, silent)

    def bounded_heading(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
        reach = first if state.env.get(GOES_ON) == first else _reach(state, first, end)
        return lheading(state, first, min(end, reach + 1), silent)

    def bounded_definition(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
        reach = _reach(state, first, state.lineMax)
        if reach == first and not _TARGET_ONLY.match(state.getLines(first, first + 1, state.blkIndent, False).strip()):
            return False
        whole, state.lineMax = state.lineMax, max(reach, first + 1)
        is_definition = reference(state, first, end, silent)
        state.lineMax = whole
        return is_definition

    def bounded_table(state: "StateBlock", first: int, end: int, silent: bool) -> bool:
        if state.env.get(NEXT_ITEM) == first:
            # Inside its list nobody asks; a table may well begin in the item, and this is asked again.
            state.env[NEXT_ITEM] = -1
            return False
        if first + 2 > end or _length(state, first) >= DECIDED or _length(state, first + 1) >= DECIDED:
            return False
        if state.env.get(GOES_ON) == first or not table(state, first, end, True):
            return False
        return silent or table(state, first, _long_row(state, first + 2, end), False)

    parser = _commonmark().enable(["table", "strikethrough"])
    parser.block.ruler.at("fence", nesting_fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.block.ruler.at("heading", bounded_marked_heading, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.at("lheading", bounded_heading)
    parser.block.ruler.at("reference", bounded_definition)
    parser.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    return parser


@cache
def without_links() -> "MarkdownIt":
    """The parser with brackets as plain text."""
    return _commonmark().enable(["strikethrough"]).disable(["link", "image"])


def _commonmark() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    from tui_chat.ui.transcript.emphasis import NAME, InlineParser, name

    parser = MarkdownIt("zero")
    parser.inline = InlineParser()
    parser.configure("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.inline.ruler.before("escape", MATH, _math)
    parser.inline.ruler.before("escape", BREAK, _break)
    parser.inline.ruler.before("strikethrough", NAME, name)
    return parser


def _math(state: "StateInline", silent: bool) -> bool:
    """Formulas stay as they were written: stars, underscores and backslashes are part of them."""
    found = _FORMULA.match(state.src, state.pos, state.posMax) if state.src[state.pos] in "\\$" else None
    if found is None:
        return False
    if not silent:
        state.push(MATH, "", 0).content = found[0]
    state.pos = found.end()
    return True


def _break(state: "StateInline", silent: bool) -> bool:
    """A tag that breaks a line is a line break; all other HTML stays text."""
    found = _BREAK.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "<" else None
    if found is None:
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def _length(state: "StateBlock", line: int) -> int:
    return state.eMarks[line] - state.bMarks[line]


def _long_row(state: "StateBlock", first: int, end: int) -> int:
    """The line of a table that is too long for a row of it; `end` where there is none before a blank one."""
    for line in range(first, end):
        if _length(state, line) >= DECIDED:
            return line
        if state.isEmpty(line):
            break
    return end


def _reach(state: "StateBlock", first: int, end: int) -> int:
    """The line with which a paragraph has so many characters that it stays one; `end` where it has not."""
    length = 0
    for line in range(first, end):
        length += _length(state, line)
        if length >= DECIDED:
            return line
        if state.isEmpty(line):
            break
    return end
