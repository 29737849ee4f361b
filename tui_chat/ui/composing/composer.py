"""Where the person writes: several lines, grows with them, recalls earlier prompts at its edges.

It posts what was submitted and forgets: what becomes of it is the screen's. The text is emptied only when it was
taken, so nothing typed is lost by a command that fails. How it edits is in `ui/composing`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.document._document import Location  # private: what TextArea speaks in
from textual.message import Message

from tui_chat.ui import dialogs
from tui_chat.ui.composing.keys import ALIASES, KEYS, NEWLINE, OPEN_PASTE, binding, send_label
from tui_chat.ui.composing.modal import ModalArea
from tui_chat.ui.composing.pasting import paste_as_typed
from tui_chat.ui.keys.command import OwnKeys, key_label, keys_of
from tui_chat.workspace.pieces import Draft
from tui_chat.workspace.prompt_history import PromptHistory

EDITED_IN_PLACE = 1024 * 1024
"""A paste of more characters than this is shown apart: nobody edits that in a third of a screen."""


class Composer(ModalArea):
    """The text being written."""

    DEFAULT_CSS = """
    Composer {
        height: auto;
        min-height: 3;
        max-height: 33vh;
        padding: 0 1;
        border: round $border-blurred;
        background: $background;
        scrollbar-size-vertical: 1;
        &:focus { border: round $border; }
        &:focus:nocolor { border: heavy $border; }
    }
    """

    invites: ClassVar[str] = "Write a message"
    """What is said where nothing is written."""
    submits_nothing: ClassVar[bool] = False
    """Enter without any text is posted too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *map(binding, KEYS),
        Binding("shift+backspace", "delete_left", show=False),
        Binding("shift+delete", "delete_right", show=False),
    ]

    @dataclass
    class Submitted(Message):
        """The person sent what was written: the composer is empty, and `give_back` undoes that."""

        text: str

    @dataclass
    class Pasted(Message):
        """This was pasted, and stands before the cursor."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder=f"{self.invites}, or / for commands")
        self.prompts = PromptHistory()
        self.asks_first: Callable[[str], bool] = lambda _key: False
        """Asked about Enter, Up and Down before they do anything here; True where a list that is open took the key."""
        self._enter_sends = True
        self._open_label = key_label(OPEN_PASTE.keys)

    def use_keys(self, own_keys: OwnKeys) -> None:
        """Say the keys that are in force."""
        self._enter_sends = "enter" not in keys_of(NEWLINE, own_keys)
        if not self._enter_sends:
            sends = send_label(own_keys)
            self.placeholder = f"{self.invites}; {sends} sends it" if sends else self.invites
        self._open_label = " ".join(map(key_label, keys_of(OPEN_PASTE, own_keys)[:1])) or "A click"

    # What it holds

    @property
    def draft(self) -> Draft:
        """Everything that is written, with its chips, to be kept and put back."""
        return Draft(self.chips.split(self.document.text))

    def put_draft(self, draft: Draft) -> None:
        """Replace what is written by a draft, the cursor after it; undo brings back what was there."""
        self._replace_all(self.chips.join(draft.pieces))

    def put(self, text: str) -> None:
        """Replace the text, the cursor after it; undo brings back what was there.

        What was pasted here before and is part of it is a chip again; so is what nobody would edit here.
        """
        folded = self.chips.fold(text)
        self._replace_all(folded if len(folded) <= EDITED_IN_PLACE else self.chips.add(text))

    def recall(self, text: str) -> None:
        """Put a prompt that was sent before, as a chip where it is long: the one before it is then a key away."""
        self._replace_all(self.chips.shorten(text))

    def _replace_all(self, text: str) -> None:
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)
        self.history.checkpoint()

    def give_back(self, text: str) -> None:
        """Put text that was not sent back, before what was written since."""
        self.put(f"{text}\n\n{self.text}" if self.text.strip() else text)

    # Sending

    def action_send_here(self) -> None:
        """Submit, once the keys that were pressed before this one have arrived.

        A priority binding runs ahead of the letters that still wait in the widget's queue; taking a place behind them
        keeps the order in which things were typed.
        """
        self.call_later(self._submit)

    def _submit(self) -> None:
        """Submit, or make a newline of a trailing backslash at the cursor."""
        if self.asks_first("enter"):
            return
        row, column = self.cursor_location
        if column and self.document.get_line(row)[:column].endswith("\\") and self.selection.is_empty:
            self.replace("\n", (row, column - 1), (row, column))
            return
        text = self.text
        if text.strip() or self.submits_nothing:
            self.post_message(self.Submitted(text))
            self.load_text("")
            self.chips.forget_old()
            self.insert_from_here()

    def action_newline_here(self) -> None:
        """Begin a new line at the cursor, in the order in which things were typed: see `action_send_here`."""
        self.call_later(self._begin_line)

    def _begin_line(self) -> None:
        self.replace("\n", *self.selection, maintain_selection_offset=False)
        self.scroll_cursor_visible()

    # Recalling

    def action_earlier_here(self) -> None:
        """Up: inside the text first, then through the prompts."""
        if self.asks_first("up"):
            return
        if not self.navigator.is_first_wrapped_line(self.cursor_location):
            self.action_cursor_up()
        elif (text := self.prompts.earlier(self.text)) is not None:
            self._walk_to(text)
            self.move_cursor((0, len(self.document.get_line(0))))

    def action_later_here(self) -> None:
        """Down: inside the text first, then through the prompts."""
        if self.asks_first("down"):
            return
        if not self.navigator.is_last_wrapped_line(self.cursor_location):
            self.action_cursor_down()
        elif (text := self.prompts.later(self.text)) is not None:
            self._walk_to(text)

    def _walk_to(self, text: str) -> None:
        """What was edited on the way stays as it was."""
        (self.recall if text in self.prompts.prompts else self.put)(text)

    def go_past_edge(self, direction: int) -> None:
        """As Up and Down do."""
        if direction < 0:
            self.action_earlier_here()
        else:
            self.action_later_here()

    def ask_for_command(self) -> None:
        """Begin a slash command, or look one up where something is written already."""
        if self.is_blank:
            self.insert_from_here()
            self.insert_text("/")
        else:
            self.app.action_command_palette()

    # Pastes

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = await paste_as_typed(event.text)
        self.insert_text(text)
        self.post_message(self.Pasted(text))

    async def _on_click(self, event: events.Click) -> None:
        """A click on a chip opens it."""
        row, column = self.wrapped_document.offset_to_location(
            event.get_content_offset_capture(self) + self.scroll_offset
        )
        for start, end, _ in self.chips.between(self.document[row], column, column + 1):
            event.stop()
            self._open((row, start), (row, end))

    def action_open_paste_here(self) -> None:
        """Open the chip at the caret, else the last one before it, else the first after it."""
        caret = self.cursor_location
        chips = self._chips()
        at = [chip for chip in chips if chip[0] <= caret <= chip[1]]
        behind = [chip for chip in chips if chip[1] < caret]
        if chosen := next(iter(at or behind[-1:] or chips), None):
            self._open(*chosen)

    def _chips(self) -> list[tuple[Location, Location]]:
        return [
            ((row, start), (row, end))
            for row, line in enumerate(self.document.lines)
            if not line.isascii()
            for start, end, _ in self.chips.between(line, 0, len(line))
        ]

    def _open(self, start: Location, end: Location) -> None:
        """Put what a chip stands for in its place; what is too much for that is shown apart."""
        contents = self.get_text_range(start, end)
        if len(contents) > EDITED_IN_PLACE:
            self.app.push_screen(dialogs.paste(contents))
            return
        self.history.checkpoint()
        self.replace(contents, start, end, maintain_selection_offset=False)
        self.move_cursor(start)

    def on_text_area_changed(self) -> None:
        """Say how to open a chip while there is one."""
        has_chips = not self.chips.is_empty and self.chips.has_any(self.document.text)
        self.border_subtitle = Content(f"{self._open_label} opens the paste") if has_chips else None

    # Keys

    def action_delete_right(self) -> None:
        """Delete the next character; in an empty composer the key means something else to the screen."""
        if self.is_blank:
            raise SkipAction
        super().action_delete_right()

    def action_cursor_page_up(self) -> None:
        """These keys scroll the transcript, which is what one reads while writing."""
        raise SkipAction

    def action_cursor_page_down(self) -> None:
        """As above."""
        raise SkipAction

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ALIASES:
            event.prevent_default()
            event.stop()
            if self._enter_sends:
                self.action_newline_here()
            else:
                self.action_send_here()
        elif event.key == "escape" and self.asks_first("escape"):
            event.prevent_default()
            event.stop()

    def _watch_show_vertical_scrollbar(self) -> None:
        # Textual 8.2.8 scrolls to the cursor before an undo has moved it back into the shorter document, and raises.
        if self.cursor_location[0] < self.document.line_count:
            super()._watch_show_vertical_scrollbar()
