"""The queued messages above the composer: visible, so that nobody types them twice, and a list in which they can be
edited."""

from enum import StrEnum
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.keys.command import OwnKeys
from tui_chat.ui.keys.pane_keys import bound, pane_hint
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut, spread, width_of
from tui_chat.ui.theming.marks import Mark


class Wish(StrEnum):
    """Action on a queued message."""

    SEND_NOW = "now"
    CHANGE = "edit"
    REMOVE = "✕"
    EARLIER = "up"
    LATER = "down"
    LEAVE = "leave"


BUTTONS = (Wish.CHANGE, Wish.SEND_NOW, Wish.REMOVE)
"""Buttons at the end of the row under the cursor."""
_EDITS = (("queue-edit", "edit"), ("queue-remove", "remove"), ("queue-earlier queue-later", "move"))
LONG_HINT = (("queue-now", "stops the answer and sends it now"), *_EDITS, ("leave", "back"))
SHORT_HINT = (("queue-now", "now"), *_EDITS)
WIDE = 70
"""Cells from which on there is room for a hint on how to edit the queue."""


class QueueLine(PickList):
    """One line for each queued message; hidden while there is none."""

    DEFAULT_CSS = """
    QueueLine {
        box-sizing: content-box;
        height: auto;
        max-height: 3;
        margin: 0 2;
        background: $background;
        color: $text-muted;
        display: none;
        scrollbar-size-vertical: 0;
        &.-waiting { display: block; }
        &:focus {
            max-height: 6;
            margin: 0 1;
            scrollbar-size-vertical: 1;
            border-top: solid $border;
            border-title-color: $text-muted;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("list-up", "step(-1)"),
        Binding("k", "step(-1)", "Up", show=False),
        bound("list-down", "step(1)"),
        Binding("j", "step(1)", "Down", show=False),
        bound("queue-now", "wish('now')"),
        bound("queue-edit", "wish('edit')"),
        bound("queue-remove", "wish('✕')"),
        bound("queue-earlier", "wish('up')"),
        bound("queue-later", "wish('down')"),
        bound("leave", "wish('leave')"),
    ]

    class Asked(Message):
        """An action was asked for a message."""

        def __init__(self, line: "QueueLine", wish: Wish, index: int) -> None:
            super().__init__()
            self.line = line
            self.wish = wish
            self.index = index

        @property
        def control(self) -> "QueueLine":
            """The list."""
            return self.line

    def __init__(self, own_keys: OwnKeys | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._own_keys = own_keys or {}
        self._messages: tuple[str, ...] = ()

    def show(self, messages: tuple[str, ...]) -> None:
        """Show the queued messages, the next one first."""
        self._messages = messages
        self.set_class(bool(messages), "-waiting")
        self.show_items(len(messages), self._row)
        self.styles.height = max(1, len(messages))

    def on_focus(self) -> None:
        """Show the keys above the list, and put the cursor on the message that was typed last."""
        hint = pane_hint(self._own_keys, *LONG_HINT)
        if self.size.width <= cell_len(hint) + 4:
            hint = pane_hint(self._own_keys, *SHORT_HINT, separator=", ")
        self.border_title = Content(hint)
        self.cursor = len(self._messages) - 1
        self.show(self._messages)

    def on_blur(self) -> None:
        """Go back to the first of them."""
        self.show(self._messages)
        self.scroll_to(y=0, animate=False)

    def is_marked(self, y: int) -> bool:
        """Mark the row under the cursor only while the list has the focus."""
        return self.has_focus and super().is_marked(y)

    def _row(self, index: int, width: int) -> tuple[Row, ...]:
        text = sanitize_line(self._messages[index], max(1, width * 2))
        if self.has_focus:
            left: Row = ((Ink.TEXT, f"{index + 1} {text}"),)
            return (spread(left, self._buttons, width) if index == self.cursor else cut(left, width),)
        hidden = len(self._messages) - self._room
        left = ((Ink.MUTED, f"{Mark.CONTINUED.drawn} {'next' if index == 0 else 'then'}: {text}"),)
        if hidden > 0 and index == self._room - 1:
            return (spread(left, ((Ink.MUTED, f"+{hidden} more"),), width),)
        if index == 0 and width >= WIDE:
            return (spread(left, ((Ink.MUTED, "  /queue edits it"),), width),)
        return (cut(left, width),)

    @property
    def _room(self) -> int:
        return max(1, self.size.height)

    @property
    def _buttons(self) -> Row:
        return tuple((Ink.TEXT, f" {wish} ") for wish in BUTTONS)

    def action_step(self, by: int) -> None:
        """Move the cursor; below the last message is the composer."""
        if by > 0 and self.cursor == self.count - 1:
            self.action_wish(Wish.LEAVE)
        else:
            self.action_move(by)

    def watch_cursor(self, cursor: int) -> None:
        """Move the buttons to the row under the cursor."""
        self.redraw()
        super().watch_cursor(cursor)

    def action_wish(self, wish: str) -> None:
        """Ask for an action on the message under the cursor."""
        self.post_message(self.Asked(self, Wish(wish), self.cursor))

    def action_pick(self) -> None:
        """Do nothing: a click into the row has brought the cursor here."""

    def on_click(self, event: events.Click) -> None:
        """Go to the message that was clicked, or press the button of the one under the cursor."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        index = offset.y + self.scroll_offset.y
        if self.has_focus and index == self.cursor and self.count:
            at = offset.x - (self.line_width - width_of(self._buttons))
            for ink_and_word, wish in zip(self._buttons, BUTTONS, strict=True):
                if 0 <= at < len(ink_and_word[1]):
                    self.action_wish(wish)
                    return
                at -= len(ink_and_word[1])
        elif 0 <= index < self.count:
            self.focus()
            self.cursor = index
