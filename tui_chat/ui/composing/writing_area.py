"""A text area that costs what changes, with readline's keys and long pastes as chips.

Textual's `TextArea` with our document below it. It is the one widget that is written into with those keys: what they
do is in the parts that it has, what becomes of a text that is sent is its owner's, who is told by message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.document._document import EditResult, Selection  # private: what TextArea speaks in
from textual.document._edit import Edit
from textual.message import Message
from textual.strip import Strip
from textual.widgets.text_area import TextAreaTheme

from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.ui.composing.area_text import AreaText
from tui_chat.ui.composing.chips import EDITED_IN_PLACE, Chip, Chips
from tui_chat.ui.composing.clusters import after
from tui_chat.ui.composing.document import Lines, Rows, Steps
from tui_chat.ui.composing.drawing import LineRow, Shade, draw
from tui_chat.ui.composing.edges import beside_chip, direction_of, whole
from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.keys import ALIASES, KEYS, NEWLINE, binding, send_label
from tui_chat.ui.composing.killing import Killing
from tui_chat.ui.composing.pasting import paste_as_typed
from tui_chat.ui.composing.readline import readline
from tui_chat.ui.composing.words import word_left, word_right
from tui_chat.ui.fields.ordered_keys import OrderedKeys
from tui_chat.ui.fields.text_caret import TextCaret
from tui_chat.ui.keys.command import OwnKeys, keys_of

_WORD = lazy_pattern(r"\s+|\S+\s*")
_DRAWN = frozenset({"text-area--cursor", "text-area--placeholder", "text-area--selection", "writing-area--chip"})
_NONE = Style()
_PROSE = TextAreaTheme(
    "prose",
    gutter_style=_NONE,
    cursor_line_style=_NONE,
    cursor_line_gutter_style=_NONE,
    bracket_matching_style=_NONE,
)
"""What of a text area is never drawn for prose, so that no style is looked up for it: the rest is the stylesheet's."""


class WritingArea(OrderedKeys, TextCaret):
    """A text that is written, to be sent."""

    DEFAULT_CSS = """
    WritingArea { height: auto; padding: 0 1; scrollbar-size-vertical: 1; }
    WritingArea > .writing-area--chip { color: $accent; text-style: bold; }
    WritingArea > .text-area--placeholder { color: $muted; text-style: $muted-style; }
    """
    COMPONENT_CLASSES = {"writing-area--chip"}

    BINDINGS: ClassVar[list[BindingType]] = [
        *map(binding, KEYS),
        Binding("shift+backspace", "delete_left", show=False),
        Binding("shift+delete", "delete_right", show=False),
    ]

    @classmethod
    @cache
    def _get_component_classes(cls) -> frozenset[str]:
        # Textual 8.2.8 matches all rules for each of these whenever the focus moves, and names five that are not drawn.
        return _DRAWN

    document: Lines
    wrapped_document: Rows

    @dataclass
    class Submitted(Message):
        """The text was sent: the area is empty, and `give_back` undoes that."""

        text: str

    @dataclass
    class Pasted(Message):
        """A text was pasted, and stands before the cursor."""

        text: str

    @dataclass
    class PasteOpened(Message):
        """A paste was opened that is too long to be edited here: it is to be shown apart."""

        text: str

    def __init__(
        self, invitation: str, *, hint: str = "", submits_nothing: bool = False, id: str | None = None
    ) -> None:
        """`invitation` is shown in the empty area, followed by `hint` while Enter sends. With `submits_nothing` Enter
        posts a blank text, too."""
        self.chips = Chips()
        super().__init__(
            id=id,
            compact=False,
            highlight_cursor_line=False,
            placeholder=invitation + hint,
            max_checkpoints=200,
        )
        self.register_theme(_PROSE)
        self.theme = _PROSE.name
        self._invitation = invitation
        self._submits_nothing = submits_nothing
        self._enter_sends = True
        self.written = AreaText(self, self.chips)
        """The text, as its parts edit it."""
        self._killing = Killing(self.written)
        self._readline = readline(self, self._killing)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave F6 and F7, with which Textual's area selects, to whatever is around this one."""
        return action not in ("select_line", "select_all") and super().check_action(action, parameters)

    def use_keys(self, own_keys: OwnKeys) -> None:
        """Take the keys that are in force."""
        self._enter_sends = "enter" not in keys_of(NEWLINE, own_keys)
        if not self._enter_sends:
            sends = send_label(own_keys)
            self.invite(f"{self._invitation}; {sends} sends it" if sends else self._invitation)

    def invite(self, words: str) -> None:
        """Show these words while nothing is written."""
        self.placeholder = words

    # Contents

    @property
    def is_blank(self) -> bool:
        """The area is empty."""
        return self.document.is_blank

    @property
    def text(self) -> str:
        """The text as it would be sent: with the chips' contents and not their markers."""
        return self.chips.expand(self.document.text)

    @text.setter
    def text(self, text: str) -> None:
        self.load_text(text)

    def get_text_range(self, start: Location, end: Location) -> str:
        """Text between two locations, with the chips' contents, as it is copied."""
        return self.chips.expand(super().get_text_range(self._whole(start, -1), self._whole(end, 1)))

    def put(self, text: str) -> None:
        """Replace the text, the cursor after it; undo brings back what was there.

        What was pasted here before and is part of it is a chip again; so is what nobody would edit here.
        """
        self.replace_all(self.chips.take_back(text))

    def give_back(self, text: str) -> None:
        """Put unsent text back, before the text that was written since."""
        self.put(f"{text}\n\n{self.text}" if self.text.strip() else text)

    def replace_all(self, text: str) -> None:
        """Replace the text by one that has chips in it."""
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)
        self.history.checkpoint()

    def insert_text(self, text: str) -> None:
        """Replace the selection by text, a long one as a chip."""
        self.written.insert_text(text)

    def type_out(self, text: str) -> None:
        """Insert what was typed, as it is undone: a word at a time."""
        for word in _WORD.findall(text):
            self.written.insert_text(word)  # more than a letter is an edit of its own

    # Sending

    def action_send_here(self) -> None:
        """Submit, once the keys that were pressed before have arrived.

        A priority binding runs ahead of the letters that still wait in the widget's queue; taking a place behind them
        keeps the order in which things were typed.
        """
        self.call_later(self._submit)

    def _submit(self) -> bool:
        """Submit, or make a newline of a trailing backslash at the cursor; return whether anything was sent."""
        row, column = self.cursor_location
        if column and self.document.lines[row][:column].endswith("\\") and self.selection.is_empty:
            self.replace("\n", (row, column - 1), (row, column))
            return False
        text = self.text
        if not text.strip() and not self._submits_nothing:
            return False
        self.post_message(self.Submitted(text))
        self.load_text("")
        self.chips.forget_old()
        return True

    def action_newline_here(self) -> None:
        """Begin a new line at the cursor, once the keys that were pressed before have arrived: see
        `action_send_here`."""
        self.call_later(self._begin_line)

    def _begin_line(self) -> None:
        self.replace("\n", *self.selection, maintain_selection_offset=False)
        self.scroll_cursor_visible()

    # Pastes

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = await paste_as_typed(event.text)
        self.insert_text(text)
        self.post_message(self.Pasted(text))

    async def _on_click(self, event: events.Click) -> None:
        """Open the chip that was clicked."""
        place = self.wrapped_document.offset_to_location(event.get_content_offset_capture(self) + self.scroll_offset)
        if chip := self.chips.under(self.document.lines, place):
            event.stop()
            self._open(chip)

    def action_open_paste_here(self) -> None:
        """Open the chip at the caret, else the last one before it, else the first after it."""
        if chip := self.chips.nearest(self.document.lines, self.cursor_location):
            self._open(chip)

    def _open(self, chip: Chip) -> None:
        """Replace a chip by its contents; who was behind it stays there. A paste that is too long is shown apart."""
        if len(chip.contents) > EDITED_IN_PLACE:
            self.post_message(self.PasteOpened(chip.contents))
            return
        self.history.checkpoint()
        is_behind = self.cursor_location >= chip.end
        self.replace(chip.contents, chip.start, chip.end, maintain_selection_offset=is_behind)
        if not is_behind:
            self.move_cursor(chip.start)

    # Keys

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ALIASES:
            event.prevent_default()
            event.stop()
            if self._enter_sends:
                self.action_newline_here()
            else:
                self.action_send_here()
            return
        row, column = self.cursor_location
        is_between = column and self.document.lines[row][column - 1].isspace()
        if is_between and event.character is not None and not event.character.isspace():
            self.history.checkpoint()  # a word is undone at a time: what begins one begins an edit of its own

    def action_edit(self, id_: str) -> None:
        """Run one of readline's keys, by its command's id."""
        self._readline[id_]()

    def action_earlier_here(self) -> None:
        """Go up inside the text."""
        if not self.navigator.is_first_wrapped_line(self.cursor_location):
            self.action_cursor_up()

    def action_later_here(self) -> None:
        """Go down inside the text."""
        if not self.navigator.is_last_wrapped_line(self.cursor_location):
            self.action_cursor_down()

    def get_cursor_word_left_location(self) -> Location:
        """The beginning of the word, or the end of the line above."""
        return word_left(self.document.lines, self.cursor_location)

    def get_cursor_word_right_location(self) -> Location:
        """The end of the word, or the beginning of the line below."""
        return word_right(self.document.lines, self.cursor_location)

    def action_cut(self) -> None:
        """Cut the selection, or the line."""
        if text := self._killing.cut():
            self.app.copy_to_clipboard(text)

    def action_paste(self) -> None:
        """Paste what was copied or cut."""
        self.insert_text(self.app.clipboard)

    def action_delete_right(self) -> None:
        """Delete the next character; in an empty area the key means something else to the screen."""
        if self.is_blank:
            raise SkipAction
        super().action_delete_right()

    def action_cursor_page_up(self) -> None:
        """Leave the key to the transcript, which is read while writing."""
        raise SkipAction

    def action_cursor_page_down(self) -> None:
        """Leave the key to the transcript."""
        raise SkipAction

    # Whole clusters, whole chips

    def _whole(self, place: Location, direction: int) -> Location:
        return whole(self.chips, self.document.lines, place, direction)

    def edit(self, edit: Edit) -> EditResult:
        """Do an edit; of clusters and chips it takes all or nothing."""
        top, bottom = edit.top, edit.bottom
        if top == bottom:
            edges = (beside_chip(self.chips, self.document.lines, top),) * 2
        else:
            edges = self._whole(top, -1), self._whole(bottom, 1)
        if edges != (top, bottom):
            edit = Edit(edit.text, *edges, edit.maintain_selection_offset)
        return super().edit(edit)

    def validate_selection(self, selection: Selection) -> Selection:
        """Keep the caret at the edge of a cluster or chip, on the side that it moves to."""
        end = self._whole(selection.end, direction_of(self.cursor_location, selection.end))
        return Selection.cursor(end) if selection.is_empty else Selection(self._whole(selection.start, 0), end)

    # The document and its rows

    def _set_document(self, text: str, language: str | None) -> None:
        # Textual 8.2.8 has no public place to say which document it shall use.
        super()._set_document("", language)
        self.document = Lines(text)
        self.wrapped_document = Rows(self.document)
        self.navigator = Steps(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def _watch_show_vertical_scrollbar(self) -> None:
        # Textual 8.2.8 scrolls to the cursor before an undo has moved it back into the shorter document, and raises.
        if self.cursor_location[0] < self.document.line_count:
            super()._watch_show_vertical_scrollbar()

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """Find none: prose has no brackets worth a search through the whole text for each key."""
        del bracket, search_from
        return None

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        if self.is_blank and self.placeholder:
            return super().render_line(y)
        width = self.scrollable_content_region.width
        y += self.scroll_offset.y
        if y >= self.wrapped_document.height:
            return Strip.blank(width, self.rich_style)
        index, start, end = self.wrapped_document.row_at(y)
        row = LineRow(self.document.lines[index], start, end)
        return draw(row, list(self._shades(index, row)), self.rich_style, width)

    def _shades(self, index: int, row: LineRow) -> Iterator[Shade]:
        """Columns of a row that look different: chips, then the selection, then the cursor."""
        line, start, end = row
        for begin, stop, _ in self.chips.between(line, start, end) if not line.isascii() else ():
            yield Shade(begin, stop, self.get_component_rich_style("writing-area--chip", partial=True))
        first, last = sorted(self.selection)
        if first != last and first[0] <= index <= last[0]:
            begin = first[1] if index == first[0] else 0
            stop = last[1] if index == last[0] else len(line) + 1
            yield Shade(begin, stop, self.get_component_rich_style("text-area--selection"))
        row_index, caret = self.cursor_location
        if row_index == index and self._draw_cursor:
            stop = after(line, caret) if caret < len(line) else caret + 1
            yield Shade(caret, stop, self.get_component_rich_style("text-area--cursor"))
