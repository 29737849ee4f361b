"""From markdown-it's block tokens to leaves: one parse, read once, no state between parses.

Inline text is not looked at here. Where an open container goes on from an earlier parse, `Context` says what it was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Final, NamedTuple

from tui_chat.ui.theming import marks
from tui_chat.ui.transcript.environment import GOES_ON, IS_WHOLE, NEXT_ITEM
from tui_chat.ui.transcript.leaves import CODE_LINES, Kind, Leaf, Mark, MarkRole, Placed, paragraph_cuts, shown_code
from tui_chat.ui.transcript.parser import MAX_NESTING, markdown

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_COLUMNS: Final = 64
_BULLETS: Final = "•◦▪"
_TASK: Final = re.compile(r"\[([ xX])\][ \t\n]+(?=\S)")
_QUOTE_LINE: Final = re.compile(r" {0,3}> ?")
_ITEM_LINE: Final = re.compile(r"( *)([-+*]|\d{1,9}[.)])( *)(.*)", re.DOTALL)
_BLANK: Final = re.compile(r"[\s>]*\Z")
_CELL_BAR: Final = re.compile(r"(?<!\\)\|")


@dataclass(slots=True)
class Block:
    """A block token with the blocks inside it."""

    token: "Token"
    children: list["Block"] = field(default_factory=list)

    @property
    def start(self) -> int:
        """First line."""
        return self.token.map[0] if self.token.map else 0

    @property
    def end(self) -> int:
        """The line after its last one; may count blank lines that follow."""
        return self.token.map[1] if self.token.map else 0

    @property
    def text(self) -> str:
        """Inline source of a paragraph, heading or cell."""
        return self.children[0].token.content if self.children else ""


@dataclass(frozen=True, slots=True)
class Container:
    """A block quote or a list item that stands open where a parse was cut."""

    is_quote: bool
    indent: int = 0
    marker: str = ""
    offset: int = 0
    """Columns up to the item's content."""
    word: str = "x"
    """What stands for the content that came before the cut; a task's box belongs to the item and is kept."""


class ItemNumber(NamedTuple):
    """The number of a list's item. Numbers are shown as written, save that a list of equal ones counts."""

    first: int
    """What was written before the list's first item; 0 in bullet lists."""
    shown: int
    counts: bool = True
    """All numbers so far are the first one."""

    def next(self, written: int) -> "ItemNumber":
        """The number of the item below."""
        counts = self.counts and written == self.first
        return ItemNumber(self.first, self.shown + 1 if counts else written, counts)


@dataclass(frozen=True, slots=True)
class Context:
    """What a cut has to remember, so that parsing from there gives what parsing from the beginning would."""

    chain: tuple[Container, ...] = ()
    header: tuple[str, ...] = ()
    """Lines that open the containers, fence or table again; what they make is dropped."""
    numbers: tuple[ItemNumber, ...] = ()
    """For each list that is open: the number of its item."""
    blank_before: bool = False
    """The line before the cut was blank."""
    block_line: int = -1
    """The line, of the header or right after it, at which the open fence, table or paragraph begins; -1 where there is
    none."""
    anchor: int = -1
    chunk: int = 0
    """Pieces of the open fence that were given out already."""
    opening: str = ""
    """What stands on the block's line before the rest of a paragraph of which pieces were given out; its last letter
    makes a paragraph of whatever follows."""

    @property
    def goes_on(self) -> int:
        """The line at which a paragraph or a fence goes on: no head of a table, whatever follows; -1 where neither
        does."""
        return self.block_line if self.opening or self.chunk else -1

    @property
    def next_item(self) -> int:
        """The line at which the next item of an open list stands, which is no head of a table; -1 where none does."""
        items = sum(not container.is_quote for container in self.chain)
        return len(self.header) if len(self.numbers) > items else -1


NOTHING_BEFORE: Final = Context()


def parse(
    lines: Sequence[str], references: object, context: Context = NOTHING_BEFORE, *, is_whole: bool = False
) -> list[Block]:
    """Block rules over whole lines, those of the context's header first. `references` (a mutable mapping) takes up the
    link definitions. `is_whole`: nothing follows these lines."""
    parser = markdown()
    tokens: list[Token] = []
    environment = {
        "references": references,
        GOES_ON: context.goes_on,
        NEXT_ITEM: context.next_item,
        IS_WHOLE: is_whole,
    }
    parser.block.parse("\n".join(lines), parser, environment, tokens)
    root: list[Block] = []
    stack: list[list[Block]] = [root]
    for token in tokens:
        if token.nesting < 0:
            stack.pop()
            continue
        block = Block(token)
        stack[-1].append(block)
        if token.nesting > 0:
            stack.append(block.children)
    return root


def is_blank(line: str) -> bool:
    """Nothing but white space and quote marks."""
    return _BLANK.match(line) is not None


def relative(line: str, chain: Sequence[Container]) -> str | None:
    """A line as the innermost container sees it; None where tabs make columns hard to tell."""
    if "\t" in line:
        return None
    for container in chain:
        if container.is_quote:
            match = _QUOTE_LINE.match(line)
            if match is None:
                return None
            line = line[match.end() :]
        else:
            line = line[container.offset :]
    return line


def container_of(block: Block, line: str) -> Container | None:
    """What a quote or item is, from its first line as its parent sees it."""
    if block.token.type == "blockquote_open":
        return Container(is_quote=True) if _QUOTE_LINE.match(line) else None
    match = _ITEM_LINE.match(line)
    if match is None:
        return None
    indent, marker, space, rest = match.groups()
    padding = len(space) if rest and 1 <= len(space) <= 4 else 1
    first = block.children[0] if block.children else None
    task = _TASK.match(first.text) if first and first.token.type == "paragraph_open" else None
    word = f"[{task[1]}] x" if task else "x"
    return Container(False, len(indent), marker, len(indent) + len(marker) + padding, word)


def open_again(chain: Sequence[Container]) -> tuple[list[str], str]:
    """Lines that open containers anew, each with a word in it, and the prefix of what follows inside."""
    header: list[str] = []
    prefix = ""
    for container in chain:
        if container.is_quote:
            opener, inside = "> ", "> "
        else:
            opener = (" " * container.indent + container.marker).ljust(container.offset)
            inside = " " * container.offset
        header += [prefix + opener + container.word, (prefix + inside).rstrip()]
        prefix += inside
    return header, prefix


def table_cells(line: str) -> tuple[str, ...]:
    """All cells of a table row, also those beyond the header's columns, which CommonMark's extension drops."""
    cells = [cell.strip().replace("\\|", "|") for cell in _CELL_BAR.split(line.strip())]
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


@dataclass(slots=True)
class _Open:
    """A container while its leaves are being made."""

    role: MarkRole
    text: str
    opens: bool = True


class LeafReader:
    """Turns the blocks of one parse into leaves."""

    def __init__(self, lines: Sequence[str], context: Context, first_line: int) -> None:
        self._lines = lines
        self._context = context
        self._first_line = first_line
        """Number, within the message, of the line after the context's header."""
        self._stack: list[_Open] = []
        self._lists = 0
        self._bullets = 0
        self._placed: list[Placed] = []
        self._is_fresh = False
        self.numbers: dict[int, ItemNumber] = {}
        """The number of each ordered item, by the identity of its block."""
        self.starts: list[int] = []
        """Where, in its text, each piece of the last paragraph begins."""

    def read(self, blocks: Sequence[Block]) -> list[Placed]:
        """The leaves in order, without what the header made."""
        for number, block in enumerate(blocks):
            # A cut between two items of a list at the top: the list goes on, it does not begin.
            self._is_fresh = number > 0 or not self._context.numbers
            self._read(block)
        header = len(self._context.header)
        return [placed for placed in self._placed if placed.line >= header]

    def _read(self, block: Block) -> None:
        match block.token.type:
            case "paragraph_open":
                self._paragraph(block)
            case "heading_open":
                self._emit(block.start, Leaf(Kind.HEADING, block.text, level=int(block.token.tag[1])))
            case "fence" | "code_block":
                self._code(block)
            case "table_open":
                self._table(block)
            case "hr":
                self._emit(block.start, Leaf(Kind.RULE))
            case "blockquote_open":
                self._inside(_Open(MarkRole.QUOTE, "▎ "), block)
            case "bullet_list_open" | "ordered_list_open":
                self._list(block)
            case _:
                self._emit(block.start, Leaf(Kind.PARAGRAPH, block.token.content))

    def _emit(self, line: int, leaf: Leaf, *, goes_on: bool = False) -> None:
        gap = not goes_on and (self._is_fresh or self._blank_before(line))
        marks = _shared(tuple(Mark(open_.role, open_.text, open_.opens) for open_ in self._stack))
        for open_ in self._stack:
            open_.opens = False
        self._is_fresh = False
        self._placed.append(Placed(line, leaf._replace(marks=marks, gap=gap)))

    def _blank_before(self, line: int) -> bool:
        if line == len(self._context.header):
            return self._context.blank_before
        return line > 0 and is_blank(self._lines[line - 1])

    def _inside(self, open_: _Open, block: Block) -> None:
        self._stack.append(open_)
        for child in block.children:
            self._read(child)
        if open_.opens:
            is_too_deep = block.token.level >= MAX_NESTING - 2
            text = "\n".join(self._lines[block.start : block.end]).strip() if is_too_deep else ""
            self._emit(block.start, Leaf(Kind.PARAGRAPH, text))
        self._stack.pop()

    def _list(self, block: Block) -> None:
        is_ordered = block.token.type == "ordered_list_open"
        known: ItemNumber | None = None
        depth = self._lists
        if depth < len(self._context.numbers) and block.start <= len(self._context.header):
            known = self._context.numbers[depth]
        self._lists += 1
        self._bullets += not is_ordered
        for item in block.children:
            written = int(item.token.info) if is_ordered else 0
            first = item is block.children[0]
            number = known.next(written) if known and not first else known or ItemNumber(written, written)
            known = self.numbers[id(item)] = number
            if is_ordered:
                open_ = _Open(MarkRole.NUMBER, f"{number.shown}{item.token.markup} ")
            else:
                open_ = _Open(MarkRole.BULLET, _BULLETS[min(self._bullets, len(_BULLETS)) - 1] + " ")
            self._inside(open_, item)
        self._lists -= 1
        self._bullets -= not is_ordered

    def _paragraph(self, block: Block) -> None:
        text = block.text
        container = self._stack[-1] if self._stack else None
        if container and container.opens and container.role is not MarkRole.QUOTE and (task := _TASK.match(text)):
            is_done = task[1] != " "
            container.role = MarkRole.DONE if is_done else MarkRole.TODO
            container.text = f"[{marks.Mark.DONE.drawn}] " if is_done else "[ ] "
            text = text[task.end() :]
        goes_on = block.start == self._context.goes_on
        text = text[goes_on:]
        before = len(block.text) - len(text)
        self.starts.clear()
        line, last = block.start, 0
        for start, end in paragraph_cuts(text):
            line, last = line + text.count("\n", last, start), start
            self._emit(line, Leaf(Kind.PARAGRAPH, text[start:end]), goes_on=goes_on or start > 0)
            self.starts.append(before + start)

    def _anchor(self, block: Block) -> int:
        if block.start == self._context.block_line:
            return self._context.anchor
        return self._first_line + block.start - len(self._context.header)

    def _code(self, block: Block) -> None:
        goes_on = block.start == self._context.block_line
        chunk = self._context.chunk if goes_on else 0
        is_fence = block.token.type == "fence"
        lines = block.token.content.removesuffix("\n").split("\n") if block.token.content else []
        words = block.token.info.split()
        language = words[0] if words else ""
        anchor = self._anchor(block)
        for at in range(0, len(lines), CODE_LINES) if lines or goes_on else (0,):
            text = shown_code(lines[at : at + CODE_LINES])
            line = block.start + (is_fence + at if chunk else 0)
            self._emit(line, Leaf(Kind.CODE, text, level=chunk, info=language, anchor=anchor), goes_on=chunk > 0)
            chunk += 1

    def _table(self, block: Block) -> None:
        anchor = self._anchor(block)
        rows = [row for section in block.children for row in section.children]
        columns = rows[0].children
        info = intern("".join(_alignment(column.token) for column in columns)[:MAX_COLUMNS])
        for number, row in enumerate(rows):
            cells = tuple(cell.text for cell in row.children)
            written = table_cells(self._lines[row.start])
            if len(written) > len(cells) and (number or len(cells) > MAX_COLUMNS):
                cells = (*cells[:-1], " | ".join((cells[-1], *written[len(cells) :])))
            if len(cells) > MAX_COLUMNS:
                cells = (*cells[: MAX_COLUMNS - 1], " | ".join(cells[MAX_COLUMNS - 1 :]))
            leaf = Leaf(Kind.ROW, "\n".join(cells), level=int(number == 0), info=info, anchor=anchor)
            self._emit(row.start, leaf, goes_on=number > 0)


@lru_cache(maxsize=256)
def _shared(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The same object for equal marks: a list of ten thousand items has two kinds of them."""
    return marks


def _alignment(token: "Token") -> str:
    style = str(token.attrs.get("style", ""))
    return style.removeprefix("text-align:")[:1] or "l"
