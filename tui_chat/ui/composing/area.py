"""A text area that costs what changes, and steps over what is one to the eye as one.

Textual's `TextArea` with our document below it, and rows drawn from the few characters that are in them. What is
edited or selected in half by chance, a cluster or a chip, is taken whole.
"""

from collections.abc import Iterator
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style
from textual.document._document import EditResult, Location, Selection  # private: what TextArea speaks in
from textual.document._edit import Edit
from textual.strip import Strip
from textual.widgets import TextArea

from tui_chat.ui.composing.chips import Chips, drawn
from tui_chat.ui.composing.clusters import TAB, after, cells_of, seen, start_of
from tui_chat.ui.composing.document import Lines, Rows, Steps
from tui_chat.ui.fields.caret import keep_cursor
from tui_chat.ui.fields.ordered_keys import OrderedKeys


class WritingArea(OrderedKeys, TextArea):
    """Text with chips in it."""

    DEFAULT_CSS = """
    WritingArea > .writing-area--chip { color: $accent; text-style: bold; }
    WritingArea > .text-area--placeholder { color: $muted; text-style: $muted-style; }
    """
    COMPONENT_CLASSES = {"writing-area--chip"}

    document: Lines
    wrapped_document: Rows

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        self.chips = Chips()
        super().__init__(
            id=id, compact=False, highlight_cursor_line=False, placeholder=placeholder, max_checkpoints=200
        )

    def on_mount(self) -> None:
        """The terminal's own cursor is at the caret."""
        keep_cursor(self, self)

    @property
    def is_blank(self) -> bool:
        """Nothing is written."""
        return self.document.is_blank

    @property
    def text(self) -> str:
        """What is written and pasted, as it would be sent: the chips' contents and not their markers."""
        return self.chips.expand(self.document.text)

    @text.setter
    def text(self, text: str) -> None:
        self.load_text(text)

    def get_text_range(self, start: Location, end: Location) -> str:
        """What stands between two locations, with the chips' contents: what is copied."""
        return self.chips.expand(super().get_text_range(self._whole(start, -1), self._whole(end, 1)))

    def _set_document(self, text: str, language: str | None) -> None:
        # Textual 8.2.8 has no public place to say which document it shall use.
        super()._set_document("", language)
        self.document = Lines(text)
        self.wrapped_document = Rows(self.document)
        self.navigator = Steps(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def _cursor_is_drawn(self) -> bool:
        # Textual 8.2.8 says nowhere else whether the blinking cursor is on.
        return self._draw_cursor

    # Whole clusters, whole chips

    def edit(self, edit: Edit) -> EditResult:
        """Do an edit; what it would leave the half of goes whole."""
        top, bottom = edit.top, edit.bottom
        whole = (self._whole(top, -1), self._whole(bottom, 1)) if top != bottom else (self._beside_chip(top),) * 2
        if whole != (top, bottom):
            edit = Edit(edit.text, *whole, edit.maintain_selection_offset)
        return super().edit(edit)

    def validate_selection(self, selection: Selection) -> Selection:
        """The caret stands at the edge of a cluster or chip, on the side that it moves to."""
        was = self.selection
        start = self._whole(selection.start, 0)
        if selection.is_empty:
            return Selection.cursor(self._whole(selection.end, _direction(was.end, selection.end)))
        return Selection(start, self._whole(selection.end, _direction(was.end, selection.end)))

    def _beside_chip(self, location: Location) -> Location:
        """The location, or the end of the chip that it is inside of."""
        row, column = location
        chip = self.chips.around(self.document[row], column) if row < self.document.line_count else None
        return (row, chip[1]) if chip else location

    def _whole(self, location: Location, direction: int) -> Location:
        """The edge before (-1) or after (1) a location inside of something; with 0 the nearer one."""
        row, column = location
        if not 0 <= row < self.document.line_count:
            return location
        line = self.document[row]
        if line.isascii() or column >= len(line):
            return location
        if (chip := self.chips.around(line, column)) is not None:
            start, end = chip
        elif (start := start_of(line, column)) != column:
            end = after(line, start)
        else:
            return location
        if not direction:
            direction = -1 if column - start < end - column else 1
        return row, start if direction < 0 else end

    # Drawing

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """None: prose has no brackets worth a search through all of it for each key."""
        del bracket, search_from
        return None

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        if self.is_blank and self.placeholder:
            return super().render_line(y)
        width = self.scrollable_content_region.width
        base = self.rich_style
        y += self.scroll_offset.y
        if y >= self.wrapped_document.height:
            return Strip.blank(width, base)
        line_index, start, end = self.wrapped_document.row_at(y)
        line = self.document[line_index]
        segments = []
        used = 0
        for text, style in self._runs(line_index, line, start, end):
            cells = cells_of(text, used)
            if "\t" in text:
                text = _without_tabs(text, used)
            segments.append(Segment(drawn(seen(text)), base + style))
            used += cells
        return Strip(segments, used).adjust_cell_length(width, base)

    def _runs(self, line_index: int, line: str, start: int, end: int) -> Iterator[tuple[str, Style]]:
        """The row's text in pieces of one style each."""
        shades: list[tuple[int, int, Style]] = []
        for begin, stop, _ in self.chips.between(line, start, end) if not line.isascii() else ():
            shades.append((begin, stop, self.get_component_rich_style("writing-area--chip", partial=True)))
        first, last = sorted(self.selection)
        caret_row, caret = self.selection.end
        is_selected = first != last and first[0] <= line_index <= last[0]
        if is_selected:
            begin = first[1] if line_index == first[0] else 0
            stop = last[1] if line_index == last[0] else len(line) + 1
            shades.append((begin, stop, self.get_component_rich_style("text-area--selection")))
        if caret_row == line_index and self._cursor_is_drawn():
            stop = after(line, caret) if caret < len(line) else caret + 1
            shades.append((caret, stop, self.get_component_rich_style("text-area--cursor")))
        limit = end + 1 if end == len(line) else end
        cuts = {start, limit, *(cut for begin, stop, _ in shades for cut in (begin, stop) if start < cut < limit)}
        for left, right in pairwise(sorted(cuts)):
            style = sum((shade for begin, stop, shade in shades if begin <= left < stop), Style.null())
            yield line[left:right] if right <= len(line) else line[left:] + " ", style


def _direction(was: Location, is_: Location) -> int:
    """Which way the caret went; 0 for a jump to another line."""
    return 0 if was[0] != is_[0] else 1 if is_ > was else -1


def _without_tabs(text: str, used: int) -> str:
    parts = text.split("\t")
    row = parts[0]
    at = used + cells_of(parts[0])
    for part in parts[1:]:
        gap = TAB - at % TAB
        row += " " * gap + part
        at += gap + cells_of(part)
    return row
