"""Where the person writes: several lines, grows with them, recalls earlier prompts at its edges.

It posts what was submitted and forgets: what becomes of it is the screen's. The text is emptied only when it was
taken, so nothing typed is lost by a command that fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from tui_chat.core.sanitize import without_surrogates
from tui_chat.ui.command import Command, Group
from tui_chat.ui.prompt_history import PromptHistory

KEYS = (
    Command("send", "Send", "Send what is written.", Group.WRITING, keys="enter"),
    Command(
        "newline",
        "New line",
        "Begin a new line. Enter after a backslash does the same.",
        Group.WRITING,
        keys="shift+enter,alt+enter,ctrl+j",
    ),
    Command("earlier", "Earlier prompt", "Recall the prompt before, from the first line.", Group.WRITING, keys="up"),
    Command("later", "Later prompt", "Recall the prompt after, from the last line.", Group.WRITING, keys="down"),
    Command("undo", "Undo", "Undo; also brings back a cleared draft.", Group.WRITING, keys="ctrl+z,super+z"),
)

ALIASES = ("shift+\r", "ctrl+enter")
"""What some terminals and tmux make of Shift+Enter: always a newline, whatever the settings say. No bindings, since a
binding's key is stripped of white space."""

_NOT_TYPED = {code: None for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\t\n"}


def as_typed(text: str) -> str:
    """Pasted or edited text without what nobody can type: control characters go, line ends become newlines."""
    return without_surrogates(text.replace("\r\n", "\n").replace("\r", "\n")).translate(_NOT_TYPED)


class Composer(TextArea):
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
    }
    """

    submits_nothing: ClassVar[bool] = False
    """Enter without any text is posted too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                key.keys, f"{key.id}_here", key.title, show=False, priority=key.id in ("send", "newline"), id=key.id
            )
            for key in KEYS
            if key.id != "undo"
        ),
        Binding("ctrl+z,super+z", "undo", "Undo", show=False, id="undo"),
        Binding("shift+backspace", "delete_left", show=False),
        Binding("shift+delete", "delete_right", show=False),
        Binding("alt+b", "cursor_word_left", show=False),
        Binding("alt+f", "cursor_word_right", show=False),
        Binding("alt+d", "delete_word_right", show=False),
    ]

    @dataclass
    class Submitted(Message):
        """The person pressed Enter: the composer is empty, and `give_back` undoes that."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id,
            compact=False,
            highlight_cursor_line=False,
            placeholder="Write a message, or / for commands",
            max_checkpoints=200,
        )
        self.prompts = PromptHistory()
        self.asks_first: Callable[[str], bool] = lambda _key: False
        """Asked about Enter, Up and Down before they do anything here; True where a list that is open took the key."""

    def put(self, text: str) -> None:
        """Replace the text, the cursor after it; undo brings back what was there."""
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)
        self.history.checkpoint()

    def give_back(self, text: str) -> None:
        """Put text that was not sent back, before what was written since."""
        self.put(f"{text}\n\n{self.text}" if self.text.strip() else text)

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
        if self.text.strip() or self.submits_nothing:
            self.post_message(self.Submitted(self.text))
            self.load_text("")

    def action_newline_here(self) -> None:
        """Begin a new line at the cursor, in the order in which things were typed: see `action_send_here`."""
        self.call_later(self._begin_line)

    def _begin_line(self) -> None:
        self.replace("\n", *self.selection, maintain_selection_offset=False)
        self.scroll_cursor_visible()

    def action_earlier_here(self) -> None:
        """Up: inside the text first, then through the prompts."""
        if self.asks_first("up"):
            return
        if not self.navigator.is_first_wrapped_line(self.cursor_location):
            self.action_cursor_up()
        elif (text := self.prompts.earlier(self.text)) is not None:
            self.put(text)
            self.move_cursor((0, len(self.document.get_line(0))))

    def action_later_here(self) -> None:
        """Down: inside the text first, then through the prompts."""
        if self.asks_first("down"):
            return
        if not self.navigator.is_last_wrapped_line(self.cursor_location):
            self.action_cursor_down()
        elif (text := self.prompts.later(self.text)) is not None:
            self.put(text)

    def action_delete_right(self) -> None:
        """Delete the next character; in an empty composer the key means something else to the screen."""
        if not self.text:
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
            self.action_newline_here()

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        result = self.replace(as_typed(event.text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def _watch_show_vertical_scrollbar(self) -> None:
        # Textual 8.2.8 scrolls to the cursor before an undo has moved it back into the shorter document, and raises.
        if self.cursor_location[0] < self.document.line_count:
            super()._watch_show_vertical_scrollbar()
