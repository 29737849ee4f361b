"""Vim's modes at work in a field: its keys go to them first, and what they select and what else selects stays one."""

from tui_chat.ui.composing.editable import Place
from tui_chat.ui.composing.vim.modes import Mode, Vim
from tui_chat.ui.composing.vim.written import Clipboard, Field, Undoable, Written

_ARROWS = {"up": "k", "down": "j"}


class VimKeys:
    """The modes, for as long as they are on; one begins by inserting."""

    def __init__(self, text: Undoable, field: Field, clipboard: Clipboard) -> None:
        self._text = text
        self._written = Written(text, field, clipboard)
        self._vim = Vim(self._written)

    @property
    def title(self) -> str:
        """The mode, and what was typed of a command, for people."""
        return f"{self._vim.mode.value} {self._vim.pending}".rstrip()

    def insert(self) -> None:
        """Text is typed next, whatever the mode was."""
        self._vim.insert()

    def press(self, key: str, character: str | None) -> bool:
        """Take a key, by its name and with the character that it types. False: it is the field's own."""
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
        """Follow the selection where the mouse, a paste or a key of the field's own changed it; whether that led to
        another mode."""
        vim, selected = self._vim, self._text.selected
        if selected == self._written.shown or vim.mode is Mode.INSERT:
            return False
        if not vim.is_visual and selected[0] == selected[1]:
            return False
        self._take_over(selected)
        return True

    def _take_over(self, selected: tuple[Place, Place]) -> None:
        """Something is selected that the modes have not selected, or the caret was put elsewhere."""
        self._written.shown = selected
        start, end = selected
        if start != end:
            first, last = sorted((start, end))
            self._vim.select(first, (last[0], max(0, last[1] - 1)))
        else:
            self._vim.normal()
            self._written.caret = end
