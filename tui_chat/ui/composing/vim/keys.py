"""Vim's modes in a field: its keys go to them first, and their selection is kept the same as the field's."""

from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.vim.field_buffer import Clipboard, Field, FieldBuffer, Undoable
from tui_chat.ui.composing.vim.modes import Mode, Vim

_ARROWS = {"up": "k", "down": "j"}


class VimKeys:
    """The modes of a field while they are on; they begin in insert mode."""

    def __init__(self, text: Undoable, field: Field, clipboard: Clipboard) -> None:
        self._text = text
        self._written = FieldBuffer(text, field, clipboard)
        self._vim = Vim(self._written)

    @property
    def title(self) -> str:
        """The mode and the pending keys, for people."""
        return f"{self._vim.mode.value} {self._vim.pending}".rstrip()

    def insert(self) -> None:
        """Switch to insert mode."""
        self._vim.insert()

    def press(self, key: str, character: str | None) -> bool:
        """Take a key, by its name and with the character that it types. False: the field handles it."""
        name = key if character is None or not character.isprintable() or character == " " else character
        vim, written = self._vim, self._written
        if vim.mode is Mode.INSERT:
            if name not in ("escape", "ctrl+left_square_bracket"):
                return False
            written.caret = self._text.caret
        elif self._text.selected != written.shown:
            self._take_over(self._text.selected)
        if not vim.press(_ARROWS.get(name, name)):
            return False
        written.show(vim.selected)
        return True

    def follow(self) -> bool:
        """Follow a selection by the mouse, a paste or one of the field's own keys; return whether that led to another
        mode."""
        vim, selected = self._vim, self._text.selected
        if selected == self._written.shown or vim.mode is Mode.INSERT:
            return False
        if not vim.is_visual and selected[0] == selected[1]:
            return False
        self._take_over(selected)
        return True

    def _take_over(self, selected: tuple[Location, Location]) -> None:
        """Take over a selection or a caret that the modes have not set."""
        self._written.shown = selected
        start, end = selected
        if start != end:
            first, last = sorted((start, end))
            self._vim.select(first, (last[0], max(0, last[1] - 1)))
        else:
            self._vim.normal()
            self._written.caret = end
