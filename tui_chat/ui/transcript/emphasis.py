"""Where stars, underscores and tildes open and close, for text as models write it: CommonMark with three amendments.

Chinese, Japanese and Korean have no spaces between words, so their punctuation beside a mark hinders it no more than a
letter would (the rules of markdown-cjk-friendly, proposed to CommonMark as issue 650). A star between letters opens
nothing, stars between digits do nothing: `2*3*4` is a product. Names like `__init__` keep their underscores.
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

NAME: Final = "name"
"""The inline rule for names that hold underscores at their ends."""

_NAME: Final = re.compile(r"__(?:[a-z][a-z0-9_]*|[A-Z][A-Z0-9_]*)__(?!\w)|_[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+_(?!\w)")
"""All small or all capital between two underscores, or with more of them within."""


class InlineParser(ParserInline):
    """markdown-it's own, with these rules of what opens and closes."""

    def parse(self, src: str, md: "MarkdownIt", env: "EnvType", tokens: "list[Token]") -> "list[Token]":
        """Append the tokens of a text."""
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """The run of marks that begins at a place: what it can do follows from what stands on both sides of it."""
        mark, after = self.src[start], start
        while after < self.posMax and self.src[after] == mark:
            after += 1
        length = after - start
        before = self.src[start - 1] if start else " "
        behind = self.src[after] if after < self.posMax else " "
        is_left, is_right = _flanks(before, behind), _flanks(behind, before)
        can_open = is_left and (canSplitWord or not is_right or _is_punctuation(before))
        can_close = is_right and (canSplitWord or not is_left or _is_punctuation(behind))
        if mark == "*" and before.isascii() and behind.isascii():
            is_product = before.isdigit() and behind.isdigit()
            can_open = can_open and not is_product and not (length == 1 and before.isalnum() and behind.isalnum())
            can_close = can_close and not is_product
        return Scanned(can_open, can_close, length)


def name(state: "StateInline", silent: bool) -> bool:
    """Take a name with its underscores as text."""
    at = state.pos
    if state.src[at] != "_" or (at and (state.src[at - 1].isalnum() or state.src[at - 1] == "_")):
        return False
    found = _NAME.match(state.src, at, state.posMax)
    if found is None:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


def _flanks(outer: str, inner: str) -> bool:
    """Whether a run clings to what stands on its inner side."""
    if inner.isspace():
        return False
    if not _is_punctuation(inner) or _is_cjk(inner):
        return True
    return outer.isspace() or _is_punctuation(outer) or _is_cjk(outer)


def _is_punctuation(character: str) -> bool:
    """As CommonMark has it: punctuation and signs."""
    return unicodedata.category(character)[0] in "PS"


@lru_cache(maxsize=1024)
def _is_cjk(character: str) -> bool:
    """Of the scripts of East Asia, by its width; pictures are of none, though wide."""
    is_wide = unicodedata.east_asian_width(character) in "WFH"
    return is_wide and not (unicodedata.category(character) == "So" and not "\u3000" <= character <= "\u33ff")
