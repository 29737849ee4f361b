"""The block stream: text that arrives in any pieces, leaves out, the same as if it had been parsed whole.

Only complete lines decide. All blocks but the last one are final, and within the last one all children but the last:
the stream cuts there, remembers the open containers, and parses nothing twice but the small tail. The line that is
still arriving only ever makes provisional leaves, and none at all while it could still become something else; but of a
giant paragraph all pieces but the last few are final, and those of its one endless line need no parsing at all.
"""

import re
from collections import ChainMap
from collections.abc import Sequence
from typing import Final, NamedTuple

from tui_chat.ui.transcript.block_tree import (
    NOTHING_BEFORE,
    Block,
    Container,
    Context,
    ItemNumber,
    LeafReader,
    container_of,
    is_blank,
    open_again,
    parse,
    relative,
)
from tui_chat.ui.transcript.fences import NESTED_LINES, holds_documents
from tui_chat.ui.transcript.leaves import CODE_LINES, PARAGRAPH_CHARACTERS, Kind, Placed, paragraph_cuts

MAX_DEPTH: Final = 12
"""Containers deeper than this are not cut into."""
OPEN_PIECES: Final = 3
"""Pieces of a giant paragraph that may yet change: more than two lines that could turn out to be a table's head."""

_MARKERS_ONLY: Final = re.compile(r"[\s>]*(?:[-+*=_#`~|:][-+*=_#`~|:\s]*|\d{1,9}[.)]?\s*)?\Z")
_FENCE_OPENING: Final = re.compile(r"[\s>]*(?:[-+*]\s+|\d{1,9}[.)]\s+)*(?:`{3}[^`]*|~{3}.*)\Z")
_TABLE_HEAD: Final = re.compile(r"[\s>]*\|.*")

References = dict[str, dict[str, object]]
"""Link definitions by label, in markdown-it's own shape."""


class Advance(NamedTuple):
    """What one step gave."""

    final: list[Placed]
    """More leaves that will not change, with their lines in the message."""
    provisional: list[Placed]
    """All that follows them for now."""


class BlockStream:
    """One message's Markdown, already sanitised."""

    def __init__(self) -> None:
        self.references: References = {}
        """Definitions seen so far. Those in the part that is still open may yet change."""
        self._final_references: References = {}
        self._pieces: list[str] = []
        self._partial = ""
        self._lines: list[str] = []
        """Complete lines since the last cut."""
        self._cut_line = 0
        self._context = NOTHING_BEFORE
        self._provisional: list[Placed] = []
        self._has_new_lines = False
        self._last_kind = Kind.PARAGRAPH
        """What the last complete line belongs to."""

    def feed(self, text: str) -> None:
        """Take up more text; costs nothing until `advance`."""
        self._pieces.append(text)

    def advance(self) -> Advance:
        """Leaves of what has arrived."""
        self._take_up()
        final: list[Placed] = []
        if self._has_new_lines:
            self._has_new_lines = False
            final = self._settle(self._lines)
        if self._context.opening and not self._lines:
            return Advance([*final, *self._lengthen()], self._provisional)
        shown = self._shown_lines()
        if len(shown) > len(self._lines) and len(self._partial) > OPEN_PIECES * PARAGRAPH_CHARACTERS:
            final += self._settle(shown)
        elif len(shown) != len(self._lines):
            self._provisional = self._in_message(self._parse(shown)[1])
        return Advance(final, self._provisional)

    def finish(self) -> list[Placed]:
        """The leaves that were still provisional, now final."""
        self._take_up()
        lines = [*self._lines, self._partial] if self._partial else self._lines
        placed = self._parse(lines, is_whole=True)[1]
        self._provisional = []
        return self._in_message(placed)

    def _in_message(self, placed: Sequence[Placed]) -> list[Placed]:
        """With lines counted from the beginning of the message, the header's not counted."""
        shift = self._cut_line - len(self._context.header)
        return [Placed(line + shift, leaf) for line, leaf in placed] if shift else list(placed)

    def _take_up(self) -> None:
        if not self._pieces:
            return
        *complete, self._partial = "".join((self._partial, *self._pieces)).split("\n")
        self._pieces.clear()
        if complete:
            self._lines += complete
            self._has_new_lines = True

    def _shown_lines(self) -> list[str]:
        """The open lines without an ending that could still become something else."""
        lines, partial = self._lines, self._partial
        may_be_table = self._last_kind not in (Kind.ROW, Kind.CODE)
        if may_be_table and self._last_line_is_table_head():
            return lines[:-1]
        if not partial or _MARKERS_ONLY.match(partial) or _FENCE_OPENING.match(partial):
            return lines
        if may_be_table and _TABLE_HEAD.match(partial):
            return lines
        return [*lines, partial]

    def _last_line_is_table_head(self) -> bool:
        """The last complete line may be the head of a table whose delimiter row has not come."""
        if not self._lines or not _TABLE_HEAD.match(self._lines[-1]) or not _MARKERS_ONLY.match(self._partial):
            return False
        return len(self._lines) == 1 or "|" not in self._lines[-2]

    def _parse(
        self, lines: Sequence[str], *, is_whole: bool = False
    ) -> tuple[list[Block], list[Placed], LeafReader, References]:
        found: References = {}
        whole = [*self._context.header, *lines]
        blocks = parse(whole, ChainMap(found, self._final_references), self._context, is_whole=is_whole)
        reader = LeafReader(whole, self._context, self._cut_line)
        placed = reader.read(blocks)
        if found or len(self.references) != len(self._final_references):
            self.references = {**self._final_references, **found}
        return blocks, placed, reader, found

    def _settle(self, lines: list[str]) -> list[Placed]:
        """Parse the lines, cut as far down as is safe; the leaves above the cut. Where the last line is still arriving,
        nothing but a giant paragraph is cut."""
        is_complete = lines is self._lines
        blocks, placed, reader, found = self._parse(lines)
        if is_complete:
            self._last_kind = placed[-1].leaf.kind if placed else self._last_kind
        whole = [*self._context.header, *lines]
        cut = _Cutter(whole, self._context, self._cut_line, reader).find(blocks)
        in_message = self._in_message(placed)
        if cut is None or not (is_complete or cut.context.opening):
            self._provisional = in_message
            return []
        if found:
            made: References = {}
            above = whole[: cut.decided]
            parse(above, ChainMap(made, self._final_references), self._context, is_whole=True)
            self._final_references = {**self._final_references, **made}
        opening = cut.context.opening
        count = len(placed) - OPEN_PIECES if opening else sum(each.line < cut.line for each in placed)
        done = cut.line - len(self._context.header)
        rest = [opening + cut.rest, *lines[done + 1 :]] if opening else lines[done:]
        if not is_complete:
            self._partial = rest.pop()
        self._lines = rest
        self._cut_line += done
        self._context = cut.context
        self._provisional = in_message[count:]
        return in_message[:count]

    def _lengthen(self) -> list[Placed]:
        """More of the line in which a paragraph was cut: whatever it is, it is text of the paragraph."""
        opening = self._context.opening
        text = self._partial[len(opening) :].rstrip(" \t")
        cuts = paragraph_cuts(text)
        model = self._provisional[-1]
        placed = [Placed(self._cut_line, model.leaf._replace(text=text[start:end])) for start, end in cuts]
        final = placed[:-OPEN_PIECES]
        if final:
            self._partial = opening + self._partial[len(opening) + cuts[len(final)][0] :]
        self._provisional = placed[-OPEN_PIECES:]
        return final


class _Cut(NamedTuple):
    """A place from which parsing can start again."""

    line: int
    """With the lines of the header counted."""
    context: Context
    """What must be remembered."""
    decided: int
    """Up to this line it is known what defines a link."""
    rest: str = ""
    """What is left of the line of a paragraph that goes on."""


class _Cutter:
    """Finds the furthest line from which parsing can start again."""

    def __init__(self, lines: Sequence[str], context: Context, first_line: int, reader: LeafReader) -> None:
        self._lines = lines
        self._context = context
        self._header = len(context.header)
        self._first_line = first_line
        self._reader = reader
        self._best: _Cut | None = None

    def find(self, blocks: Sequence[Block]) -> _Cut | None:
        """The place; None where nothing is final."""
        self._descend(blocks, (), ())
        return self._best

    def _offer(self, line: int, chain: tuple[Container, ...], numbers: tuple[ItemNumber, ...]) -> None:
        if line <= self._header:
            return
        header, _ = open_again(chain)
        blank = is_blank(self._lines[line - 1])
        self._best = _Cut(line, Context(chain, tuple(header), numbers, blank_before=blank), line)

    def _descend(self, blocks: Sequence[Block], chain: tuple[Container, ...], numbers: tuple[ItemNumber, ...]) -> None:
        if not blocks:
            return
        last = blocks[-1]
        before = blocks[-2] if len(blocks) > 1 else None
        follows = before is not None or not chain
        # A paragraph right below a link definition may turn out to be the definition's title.
        is_apart = is_blank(self._lines[last.start - 1]) or (before is not None and before.end >= last.start)
        if follows and last.start > 0 and is_apart:
            self._offer(last.start, chain, numbers)
        if len(chain) >= MAX_DEPTH:
            return
        match last.token.type:
            case "bullet_list_open" | "ordered_list_open":
                item = last.children[-1]
                item_numbers = (*numbers, self._reader.numbers[id(item)])
                if len(last.children) > 1:
                    self._offer(item.start, chain, item_numbers)
                self._enter(item, chain, item_numbers)
            case "blockquote_open":
                self._enter(last, chain, numbers)
            case "fence":
                self._cut_fence(last, chain, numbers)
            case "table_open":
                self._cut_table(last, chain, numbers)
            case "paragraph_open":
                self._cut_paragraph(last, chain, numbers)

    def _enter(self, block: Block, chain: tuple[Container, ...], numbers: tuple[ItemNumber, ...]) -> None:
        container: Container | None
        if block.start < self._header:
            container = self._context.chain[len(chain)] if len(chain) < len(self._context.chain) else None
        else:
            line = relative(self._lines[block.start], chain)
            container = container_of(block, line) if line is not None else None
        if container is not None:
            self._descend(block.children, (*chain, container), numbers)

    def _cut_block(
        self,
        line: int,
        block: Block,
        head: int,
        chain: tuple[Container, ...],
        numbers: tuple[ItemNumber, ...],
        chunk: int,
    ) -> None:
        """Cut inside a fence or table whose first `head` lines have to be said again."""
        if line <= self._header:
            return
        header, prefix = open_again(chain)
        opener: list[str] = []
        for number in range(block.start, block.start + head):
            inner = relative(self._lines[number], chain)
            if inner is None:
                return
            opener.append(prefix + inner)
        goes_on = block.start == self._context.block_line
        anchor = self._context.anchor if goes_on else self._first_line + block.start - self._header
        context = Context(chain, (*header, *opener), numbers, block_line=len(header), anchor=anchor, chunk=chunk)
        self._best = _Cut(line, context, line)

    def _cut_fence(self, block: Block, chain: tuple[Container, ...], numbers: tuple[ItemNumber, ...]) -> None:
        goes_on = block.start == self._context.goes_on
        if holds_documents(block.token.info) and not goes_on and block.end - block.start <= NESTED_LINES + 1:
            return  # what closes it is looked for from its opener on
        whole = block.token.content.count("\n") // CODE_LINES
        if whole:
            done = self._context.chunk if block.start == self._context.block_line else 0
            self._cut_block(block.start + 1 + whole * CODE_LINES, block, 1, chain, numbers, done + whole)

    def _cut_table(self, block: Block, chain: tuple[Container, ...], numbers: tuple[ItemNumber, ...]) -> None:
        body = block.children[1].children if len(block.children) > 1 else []
        if len(body) > 1:
            self._cut_block(body[-1].start, block, 2, chain, numbers, 0)

    def _cut_paragraph(self, block: Block, chain: tuple[Container, ...], numbers: tuple[ItemNumber, ...]) -> None:
        """Cut off all pieces but the last few, also in the middle of a line."""
        starts = self._reader.starts
        has_lost_lines = block.text.count("\n") + 1 != block.end - block.start  # of white space that Markdown drops
        if len(starts) <= OPEN_PIECES or has_lost_lines:
            return
        at = starts[-OPEN_PIECES]
        line = block.start + block.text.count("\n", 0, at)
        rest, *_ = block.text[at:].split("\n", 1)
        if not rest:
            return  # the piece begins with a line's end; a later one will do
        rest += self._lines[line].rpartition(rest)[2]  # white space at the end, of which more may come
        header, prefix = open_again(chain)
        context = Context(chain, tuple(header), numbers, block_line=len(header), opening=f"{prefix}x")
        self._best = _Cut(line, context, block.start, rest)
