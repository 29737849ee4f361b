"""What a click in the transcript does: it folds, copies code, puts the cursor there, selects words and blocks."""

from collections.abc import Callable

from textual.geometry import Offset
from textual.selection import Selection

from tui_chat.ui.transcript.block_text import block_around, code_text
from tui_chat.ui.transcript.cursor import BlockCursor
from tui_chat.ui.transcript.leaves import Kind
from tui_chat.ui.transcript.reading import Reader
from tui_chat.ui.transcript.rendering import Renderer
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
        turn: Callable[[int], None],
    ) -> None:
        """`copy` is given a text and what it is; `turn` shows the next variant of the message under the cursor, or with
        -1 the one before."""
        self._viewport = viewport
        self._renderer = renderer
        self._selectable = selectable
        self._reader = reader
        self._cursor = cursor
        self._copy = copy
        self._turn = turn

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
        if is_single and self._renderer.is_copy_mark(section, number, row, offset.x):
            self._copy(code_text(section, number), "the code")
        elif is_single and (step := self._renderer.variant_step(section, number, row, offset.x)):
            self._cursor.put(section, number)
            self._turn(step)
        elif is_single and section.leaves[number].kind is Kind.LABEL and section.beside is None:
            self._reader.fold(section)
        else:
            self._cursor.put(section, number)
            if not is_single:
                return self._selectable.block(at, block_around(section, number))
        return None
