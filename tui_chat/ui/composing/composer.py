"""The composer: several lines that grow with the text, and earlier prompts at its edges.

It posts what was submitted and forgets: what becomes of it is the screen's. The text is emptied only when it was
taken, so nothing typed is lost by a command that fails.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.reactive import reactive

from tui_chat.ui.composing.keys import ALIASES
from tui_chat.ui.composing.recall import Recall
from tui_chat.ui.composing.writing_area import WritingArea
from tui_chat.workspace.pieces import Draft
from tui_chat.workspace.prompt_history import PromptHistory

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui_chat.ui.composing.vim.keys import VimKeys


class Composer(WritingArea):
    """The message being written."""

    DEFAULT_CSS = """
    Composer {
        min-height: 1;
        max-height: 33vh;
        background: $background;
    }
    """

    above: reactive[str] = reactive("")
    """What is being done here, for the frame's edge: vim's mode, the question that is edited."""
    has_chips: reactive[bool] = reactive(False)
    """There is a chip that can be opened."""
    is_written: reactive[bool] = reactive(False)
    """There is a text."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("Write a message", hint=", or / for commands", id=id)
        self.prompts = PromptHistory()
        self.asks_first: Callable[[str], bool] = lambda _key: False
        """Asked about Enter, Up, Down, Esc and, where nothing is written, Backspace before they act here; True where
        something else took the key."""
        self._recall = Recall(self, self.prompts)
        self._vim: VimKeys | None = None
        self._note = ""
        self._invites = str(self.placeholder)
        self._way_back = ""
        self._is_left = False

    def on_mount(self) -> None:
        """Follow where the keys go."""
        self.watch(self.screen, "focused", self._follow_focus, init=False)

    # What it says while nothing is written

    def lead_back_by(self, key: str) -> None:
        """Say while the keys go elsewhere that this one leads back; empty says nothing of it."""
        self._way_back = key

    @property
    def invitation(self) -> str:
        """What it says while it has the keys."""
        return self._invites

    def invite(self, words: str) -> None:
        """Show these words, unless the keys go elsewhere: then the way back."""
        self._invites = words
        self.placeholder = f"{self._way_back} to write" if self._is_left and self._way_back else words

    def _follow_focus(self, focused: "Widget | None") -> None:
        self._is_left = focused is not None and focused is not self
        self.invite(self._invites)

    # Contents

    @property
    def draft(self) -> Draft:
        """The whole draft, with its chips."""
        return Draft(self.chips.split(self.document.text))

    def put_draft(self, draft: Draft) -> None:
        """Replace what is written by a draft, the cursor after it; undo brings back what was there."""
        self.replace_all(self.chips.join(draft.pieces))

    def recall(self, text: str) -> None:
        """Put a prompt from the history, as a chip where it is long: the previous one is then a key away."""
        self.replace_all(self.chips.shorten(text))

    # Keys

    def _submit(self) -> bool:
        is_sent = not self.asks_first("enter") and super()._submit()
        if is_sent:
            self.insert_from_here()
        return is_sent

    def action_earlier_here(self) -> None:
        """Go up inside the text, then through the prompt history."""
        if self.asks_first("up"):
            return
        if not self.navigator.is_first_wrapped_line(self.cursor_location):
            self.action_cursor_up()
        elif self._recall.earlier():
            self.move_cursor((0, len(self.document[0])))

    def action_later_here(self) -> None:
        """Go down inside the text, then through the prompt history."""
        if self.asks_first("down"):
            return
        if not self.navigator.is_last_wrapped_line(self.cursor_location):
            self.action_cursor_down()
        else:
            self._recall.later()

    def action_delete_left(self) -> None:
        """Delete a character; where nothing is written the key is for what is attached."""
        if not (self.is_blank and self.asks_first("backspace")):
            super().action_delete_left()

    async def _on_key(self, event: events.Key) -> None:
        """Give Esc to an open list and then every key to vim's modes; type the rest."""
        if event.key in ALIASES:
            return
        if (event.key == "escape" and self.asks_first("escape")) or self._press(event):
            event.prevent_default()
            event.stop()

    def _press(self, event: events.Key) -> bool:
        is_taken = self._vim is not None and self._vim.press(event.key, event.character)
        if is_taken:
            self._tell_above()
        return is_taken

    # Vim's modes

    @property
    def uses_vim(self) -> bool:
        """Vim's modes are on."""
        return self._vim is not None

    def use_vim(self, is_on: bool) -> None:
        """Switch the modes on or off; they begin in insert mode."""
        if is_on == self.uses_vim:
            return
        if is_on:
            from tui_chat.ui.composing.vim.keys import VimKeys  # the first frame does without

            self._vim = VimKeys(self.written, self, self.app)
        else:
            self._vim = None
        self._tell_above()

    def insert_from_here(self) -> None:
        """Switch to insert mode."""
        if self._vim is not None:
            self._vim.insert()
            self._tell_above()

    def go_past_edge(self, direction: int) -> None:
        """Act as Up (-1) and Down (1) do, for vim's modes."""
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

    def on_text_area_selection_changed(self) -> None:
        """Show the mode that the mouse, a paste or one of the composer's own keys has led to."""
        if self._vim is not None and self._vim.follow():
            self._tell_above()

    # The frame

    def say_above(self, note: str) -> None:
        """Show a note in the frame; it stays until another one is shown."""
        self._note = note
        self._tell_above()

    def _tell_above(self) -> None:
        self.above = " · ".join(filter(None, (self._vim.title if self._vim else "", self._note)))

    def on_text_area_changed(self) -> None:
        """Note whether there is a text, and a chip in it."""
        self.is_written = not self.is_blank
        self.has_chips = not self.chips.is_empty and self.chips.has_any(self.document.text)
