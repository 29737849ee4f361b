"""What a click in the transcript does: it folds, copies code, runs the command of a word, puts the cursor there,
selects words and blocks."""

from collections.abc import Callable

from rich.cells import cell_len
from textual.geometry import Offset
from textual.selection import Selection

from tui_chat.ui.theming.marks import Mark
from tui_chat.ui.transcript.answer_line import COMMANDS
from tui_chat.ui.transcript.block_text import block_around, code_text
from tui_chat.ui.transcript.code_rows import COPY_MARK
from tui_chat.ui.transcript.cursor import BlockCursor
from tui_chat.ui.transcript.leaves import JOINT, Kind
from tui_chat.ui.transcript.reading import Reader
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import Section, SectionKind
from tui_chat.ui.transcript.selecting import SelectableText
from tui_chat.ui.transcript.viewport import Viewport


class Pointer:
    """Acts on clicks."""

    def __init__(
        self,
        viewport: Viewport,
        renderer: Renderer,
        selectable: SelectableText,
        reader: Reader,
        cursor: BlockCursor,
        copy: Callable[[str, str], None],
        command: Callable[[str], None],
    ) -> None:
        """`copy` is given a text and what it is; `command` runs a command of the screen, by its id, on the message
        under the cursor."""
        self._viewport = viewport
        self._renderer = renderer
        self._selectable = selectable
        self._reader = reader
        self._cursor = cursor
        self._copy = copy
        self._command = command

    def click(self, offset: Offset, chain: int) -> Selection | None:
        """Act on the last of `chain` clicks at a cell in sight, and return what it selects: two a word, three a
        block."""
        found = self._viewport.place(offset.y)
        if found is None or found[1].number < 0 or not found[1].section.leaves:
            return None
        at, (section, number, row) = found
        if chain == 2:
            return self._selectable.word(*found, offset.x)
        is_single = chain == 1
        if is_single and self._is_copy_mark(section, number, row, offset.x):
            self._copy(code_text(section, number), "the code")
        elif is_single and (command := self._command_at(section, number, row, offset.x)):
            self._cursor.put(section, number)
            self._command(command)
        elif is_single and section.leaves[number].kind is Kind.LABEL and section.beside is None:
            self._reader.fold(section)
        else:
            self._cursor.put(section, number)
            if not is_single:
                return self._selectable.block(at, block_around(section, number))
        return None

    def _is_copy_mark(self, section: Section, number: int, row: int, cell: int) -> bool:
        """Say whether a cell of a leaf's row, its gap counted, is on the mark that copies the code."""
        leaf = section.leaves[number]
        if leaf.kind is not Kind.CODE or leaf.level or row != section.has_gap(number):
            return False
        is_marked = self._renderer.rows(section, number)[row].text.rstrip().endswith(COPY_MARK.rstrip())
        return is_marked and self._renderer.read_width - len(COPY_MARK) <= cell < self._renderer.read_width

    def _command_at(self, section: Section, number: int, row: int, cell: int) -> str:
        """The command of the words at a cell of a leaf's row, its gap counted; empty where they have none."""
        leaf = section.leaves[number]
        if leaf.kind is not Kind.LABEL:
            return ""
        text = self._renderer.rows(section, number)[row].text
        if section.kind in (SectionKind.FOOT, SectionKind.REASONING):
            return _word_at(text.rstrip(), leaf.end, cell) or _variant_at(text, cell)
        if section.kind in (SectionKind.HEADER, SectionKind.USER):
            return _variant_at(text, cell)
        return ""


def _variant_at(text: str, cell: int) -> str:
    """The variant before on the left half of `‹ 2/3 ›`, the next one on the right half."""
    first, last = text.find(Mark.BEFORE), text.find(Mark.AFTER)
    if not 0 <= first < last:
        return ""
    begin, end = cell_len(text[:first]), cell_len(text[: last + 1])
    if not begin <= cell < end:
        return ""
    return "previous-variant" if cell < (begin + end) // 2 else "next-variant"


def _word_at(text: str, words: str, cell: int) -> str:
    """The command of the one of these words, which are at the end of the text, that a cell is on."""
    if not words or not text.endswith(words):
        return ""
    at = cell_len(text) - cell_len(words)
    for word in words.split(JOINT):
        if at <= cell < at + cell_len(word):
            return COMMANDS.get(word, "")
        at += cell_len(word) + cell_len(JOINT)
    return ""
