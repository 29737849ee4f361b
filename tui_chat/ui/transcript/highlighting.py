"""Colours of code: the theme variable of each piece of a line.

A fence that grows is not lexed from its beginning again. Lexing starts from a checkpoint: a line end at which a token
ended too, with the lexer's stack of states, and never closer than `WINDOW` lines to the end, because what comes later
(the end of a comment) can still change what stands before it. For a few lines at a time only what was added is lexed,
on the assumption that it changes nothing; that is put right every `AGAIN` lines and at the block's end, where all of it
is lexed once more, if it is not giant. No language is ever guessed.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from tui_chat.ui.transcript.leaves import CODE_LINES, Kind
from tui_chat.ui.transcript.lexing import BEGINNING, Checkpoint, Token, find_lexer, is_plain, lex, lex_whole
from tui_chat.ui.transcript.section import Section

WINDOW: Final = 32
AGAIN: Final = 12
"""Lines that are coloured on the assumption that what came later changes nothing before it, until all since the
checkpoint are lexed again."""
MAX_LINES: Final = 4_000
"""Lines after which a block is shown without colours."""
MAX_LEAVES: Final = MAX_LINES // CODE_LINES
MAX_LINE: Final = 2_000
MAX_REACH: Final = 20_000
"""Characters that are lexed again and again while a block grows in which no place to resume at was found, and once more
when it is over: 30 ms."""
MAX_WHOLE: Final = 8_000
"""Characters that a lexer without resumable states may see again and again while a block grows."""
MAX_WHOLE_ONCE: Final = 100_000
TAB: Final = 4

_LANGUAGE: Final = re.compile(r"[\w+#.-]+")


@dataclass(slots=True)
class _Fence:
    """One code block."""

    language: str
    lines: list[list[Token]] = field(default_factory=list)
    """Pieces of each line that was lexed."""
    checkpoint: Checkpoint = BEGINNING
    versions: list[int] = field(default_factory=list)
    """Number of colour changes of each leaf of the block."""
    count: int = 0
    """Leaves seen so far."""
    last: str = ""
    """Text of the last of them."""
    was_growing: bool = False
    is_plain: bool = False
    """Shown without colours."""
    open_at: Checkpoint | None = None
    """Position from which later text can be lexed; without states it is lexed alone. None where it is not known."""
    proven: int = 0
    """Lines that were lexed together with what is before them."""


class Highlighter:
    """Lexes the code blocks of what is shown."""

    def __init__(self) -> None:
        self._fences: dict[tuple[int, int], _Fence] = {}

    def clear(self) -> None:
        """Forget all blocks."""
        self._fences.clear()

    def version(self, section: Section, number: int) -> int:
        """A number that changes when the colours of a leaf do."""
        leaf = section.leaves[number]
        versions = self._fence(section, number).versions
        return versions[leaf.level] if leaf.level < len(versions) else 0

    def lines(self, section: Section, number: int) -> list[list[Token]]:
        """The pieces of each line of a leaf; the variable's name is empty for plain code."""
        leaf = section.leaves[number]
        fence = self._fence(section, number)
        first = leaf.level * CODE_LINES
        plain = leaf.text.split("\n")
        if fence.is_plain or first + len(plain) > len(fence.lines):
            return [[(line.expandtabs(TAB), "")] for line in plain]
        return [_expanded(line) for line in fence.lines[first : first + len(plain)]]

    def _fence(self, section: Section, number: int) -> _Fence:
        leaf = section.leaves[number]
        key = section.uid, leaf.anchor
        fence = self._fences.get(key)
        if fence is None:
            words = _LANGUAGE.match(leaf.info.strip("{."))
            fence = self._fences[key] = _Fence(words[0].lower() if words else "")
            fence.is_plain = not fence.language
        if fence.is_plain:
            return fence
        first = number - leaf.level
        end = number + 1
        while end < len(section.leaves) and _belongs(section, end, leaf.anchor):
            end += 1
        is_growing = section.is_growing and end == len(section.leaves)
        end = min(end, first + MAX_LEAVES)
        last = section.leaves[end - 1].text
        if end - first == fence.count and last == fence.last and is_growing == fence.was_growing:
            return fence
        has_only_grown = end - first == fence.count and last.startswith(fence.last) and is_growing
        fence.count, fence.last, fence.was_growing = end - first, last, is_growing
        if not has_only_grown or not _lex_what_came(fence):
            _relex(fence, [section.leaves[at].text for at in range(first, end)], is_growing=is_growing)
        return fence


def _lex_what_came(fence: _Fence) -> bool:
    """Lex the line that was arriving and those after it; False where all must be lexed again."""
    lexer, start = find_lexer(fence.language), fence.open_at
    if lexer is None or start is None:
        return False
    first = (fence.count - 1) * CODE_LINES
    lines = fence.last.split("\n")
    if start.line < first or first + len(lines) >= fence.proven + AGAIN:
        return False
    del lines[: start.line - first]
    if max(map(len, lines)) > MAX_LINE:
        return False
    text = "\n".join(lines) + "\n"
    if start.stack:
        fresh, checkpoints = lex(lexer, text, start.stack)
    else:
        fresh, checkpoints = lex_whole(lexer, text), [Checkpoint(len(lines) - 1, ())]
    before = fence.lines[start.line :]
    fence.lines[start.line :] = fresh[: len(lines)]
    if checkpoints:
        fence.open_at = Checkpoint(start.line + checkpoints[-1].line, checkpoints[-1].stack)
    _count_changes(fence, start.line, before)
    return True


def _belongs(section: Section, number: int, anchor: int) -> bool:
    leaf = section.leaves[number]
    return leaf.kind is Kind.CODE and leaf.anchor == anchor


def _relex(fence: _Fence, chunks: list[str], *, is_growing: bool) -> None:
    """Lex the changed part, from the checkpoint on."""
    lexer = find_lexer(fence.language)
    if lexer is None:
        fence.is_plain = True
        return
    if not is_growing and sum(map(len, chunks)) <= MAX_REACH:
        fence.checkpoint = BEGINNING  # a comment may have ended so late that its beginning was thought to be code
    start = fence.checkpoint.line
    skipped = start // CODE_LINES
    lines = "\n".join(chunks[skipped:]).split("\n")[start - skipped * CODE_LINES :]
    is_whole = start + len(lines) <= MAX_LINES
    del lines[max(0, MAX_LINES - start) :]
    if max(map(len, lines), default=0) > MAX_LINE:
        fence.is_plain = True
        return
    text = "\n".join(lines) + "\n"
    before = fence.lines[start:]
    fence.open_at = None
    fence.proven = start + len(lines)
    del fence.lines[start:]
    if is_plain(lexer) and (len(text) <= MAX_REACH or not is_growing):
        fresh, checkpoints = lex(lexer, text, fence.checkpoint.stack)
        reached = [each for each in checkpoints if each.line <= len(lines) - WINDOW]
        if reached:
            fence.checkpoint = Checkpoint(start + reached[-1].line, reached[-1].stack)
        if is_growing and is_whole and checkpoints and checkpoints[-1].line == len(lines) - 1:
            fence.open_at = Checkpoint(start + checkpoints[-1].line, checkpoints[-1].stack)
    elif len(text) <= (MAX_WHOLE if is_growing else MAX_WHOLE_ONCE):
        fresh = lex_whole(lexer, text)
        if is_growing and is_whole:
            fence.open_at = Checkpoint(len(lines) - 1, ())
    else:
        fresh = [[(line, "")] for line in lines]
    fence.lines += fresh[: len(lines)]
    _count_changes(fence, start, before)


def _count_changes(fence: _Fence, start: int, before: list[list[Token]]) -> None:
    """Raise the version of each leaf whose colours differ from before."""
    chunks = -(-len(fence.lines) // CODE_LINES)
    fence.versions += [0] * (chunks - len(fence.versions))
    for chunk in range(start // CODE_LINES, chunks):
        low = max(start, chunk * CODE_LINES)
        high = min(len(fence.lines), (chunk + 1) * CODE_LINES)
        if fence.lines[low:high] != before[low - start : high - start]:
            fence.versions[chunk] += 1


def _expanded(line: list[Token]) -> list[Token]:
    if not any("\t" in text for text, _ in line):
        return line
    result: list[Token] = []
    column = 0
    for text, name in line:
        shown = (" " * (column % TAB) + text).expandtabs(TAB)[column % TAB :]
        column += len(shown)
        result.append((shown, name))
    return result
