"""A text area with vim's modes, for those who want them: `ui/vim` over what is written here."""

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.document._document import Selection  # private: what TextArea speaks in

from tui_chat.ui.composing.killing import KillingArea

if TYPE_CHECKING:  # imported when the modes are switched on
    from tui_chat.ui.composing.vim.buffer import Place, Span
    from tui_chat.ui.composing.vim.modes import Vim


class ModalArea(KillingArea):
    """Plain, or with vim's modes."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self._vim: Vim | None = None
        self._written: Written | None = None
        self._note = ""

    @property
    def uses_vim(self) -> bool:
        """The modes are on."""
        return self._vim is not None

    def use_vim(self, is_on: bool) -> None:
        """Switch the modes on or off; one begins by inserting."""
        if is_on == (self._vim is not None):
            return
        if is_on:
            from tui_chat.ui.composing.vim.modes import Vim

            self._written = Written(self)
            self._vim = Vim(self._written)
        else:
            self._vim = self._written = None
        self._tell_mode()

    def insert_from_here(self) -> None:
        """Text is typed next, whatever the mode was."""
        if self._vim is not None:
            self._vim.insert()
            self._tell_mode()

    def go_past_edge(self, direction: int) -> None:
        """The caret would leave the text upwards (-1) or downwards (1)."""

    def ask_for_command(self) -> None:
        """A command is wanted by its name."""

    async def _on_key(self, event: events.Key) -> None:
        if self._vim is None or self._written is None:
            return
        character = event.character
        key = event.key if character is None or not character.isprintable() or character == " " else character
        if self._press(self._vim, self._written, {"up": "k", "down": "j"}.get(key, key)):
            event.prevent_default()
            event.stop()

    def _press(self, vim: "Vim", written: "Written", key: str) -> bool:
        from tui_chat.ui.composing.vim.modes import Mode

        was = vim.mode
        if was is Mode.INSERT and key != "escape" and key != "ctrl+left_square_bracket":
            return False
        if was is Mode.INSERT:
            written.caret = self.cursor_location
        elif self.selection != written.shown:
            self._take_over_selection(vim, written)
        if not vim.press(key):
            return False
        written.show(vim.selected)
        self._tell_mode()
        return True

    def on_text_area_selection_changed(self) -> None:
        """Say at once what mode the mouse, a paste or a key of the composer's own has led to."""
        if self._vim is None or self._written is None or self.selection == self._written.shown:
            return
        from tui_chat.ui.composing.vim.modes import Mode

        if self._vim.mode is not Mode.INSERT and (self._vim.is_visual or not self.selection.is_empty):
            self._take_over_selection(self._vim, self._written)
            self._written.shown = self.selection
            self._tell_mode()

    def _take_over_selection(self, vim: "Vim", written: "Written") -> None:
        """The mouse selected something, or put the caret elsewhere."""
        start, end = self.selection
        if start != end:
            first, last = sorted((start, end))
            vim.select(first, (last[0], max(0, last[1] - 1)))
        else:
            vim.normal()
            written.caret = end

    def say_above(self, note: str) -> None:
        """Say in the frame what is being written; nothing takes it away."""
        self._note = note
        self._tell_mode()

    def _tell_mode(self) -> None:
        mode = f"{self._vim.mode.value} {self._vim.pending}".rstrip() if self._vim is not None else ""
        title = " · ".join(filter(None, (mode, self._note)))
        self.border_title = Content(title) if title else None


class Written:
    """The text area as vim's modes see it."""

    def __init__(self, area: ModalArea) -> None:
        self._area = area
        self.caret: Place = area.cursor_location
        self.shown: Selection | None = None
        """What is selected on the screen for them."""
        self._changes: list[int] = []
        """For each change, how many edits there were before it."""
        self._undone: list[int] = []
        """For each change that was taken back, how many edits it had."""

    def show(self, selected: "Span | None") -> None:
        """Put the caret and what is selected onto the screen."""
        if selected is None:
            selection = Selection.cursor(self.caret)
        elif self.caret == selected.start and selected.start != selected.end:
            selection = Selection(selected.end, selected.start)
        else:
            selection = Selection(selected.start, selected.end)
        self._area.selection = selection
        self.shown = self._area.selection
        self._area.scroll_cursor_visible()

    @property
    def line_count(self) -> int:
        """Lines."""
        return self._area.document.line_count

    def line(self, row: int) -> str:
        """One of them."""
        return self._area.document[row]

    def between(self, start: "Place", end: "Place") -> str:
        """The text of a span, long pastes whole."""
        return self._area.get_text_range(start, end)

    def replace(self, text: str, start: "Place", end: "Place") -> "Place":
        """Put text in the place of a span."""
        edit = self._area.replace(self._area.chips.fold(text), start, end, maintain_selection_offset=False)
        return edit.end_location

    def begin_change(self) -> None:
        """What follows is undone together."""
        self._area.history.checkpoint()
        self._changes.append(self._edits)
        self._undone.clear()

    @property
    def _edits(self) -> int:
        return len(self._area.history.undo_stack)

    def undo(self) -> None:
        """Take the last change back."""
        area = self._area
        before = self._edits
        while self._changes and self._changes[-1] >= before:
            self._changes.pop()  # changes of nothing, and of a text that is no longer here
        start = self._changes.pop() if self._changes else before - 1
        while self._edits > max(0, start):
            area.undo()
        self._undone.append(before - self._edits)
        self.caret = area.cursor_location

    def redo(self) -> None:
        """Do it again."""
        if self._undone:
            self._changes.append(self._edits)
            for _ in range(self._undone.pop()):
                self._area.redo()
            self.caret = self._area.cursor_location

    def past_edge(self, direction: int) -> None:
        """Leave the text."""
        self._area.go_past_edge(direction)
        self.caret = self._area.cursor_location

    def command_line(self) -> None:
        """Ask for a command."""
        self._area.ask_for_command()
        self.caret = self._area.cursor_location

    def write_clipboard(self, text: str) -> None:
        """Copy."""
        self._area.app.copy_to_clipboard(text)

    def read_clipboard(self) -> str:
        """What this program copied last."""
        return self._area.app.clipboard
