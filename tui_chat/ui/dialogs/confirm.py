"""A question with two answers. The one that changes nothing is the default."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from tui_chat.core.sanitize import sanitize
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.pane_keys import bound


class ConfirmDialog(Dialog[bool]):
    """True where the person said yes."""

    DEFAULT_CSS = """
    ConfirmDialog {
        align: center middle;
        & > Vertical {
            width: 64;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            border: round $border;
            background: $surface;
        }
        & VerticalScroll { height: auto; max-height: 60vh; }
        & Horizontal { height: auto; align-horizontal: right; }
        & Button { margin: 0 0 0 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("yes", "answer(True)"),
        bound("no", "answer(False)", priority=True),
        bound("leave", "answer(False)", priority=True),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    class Asked(Message):
        """A question stands on the screen and waits."""

        def __init__(self, title: str, words: str) -> None:
            super().__init__()
            self.title = title
            self.words = words

    def __init__(self, title: str, words: str, yes: str) -> None:
        super().__init__()
        self._title = title
        self._words = words
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The words, and the two answers."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            with VerticalScroll(can_focus=False):
                yield Static(Content(sanitize(self._words)))
            with Horizontal():
                yield Button(Content("No"), id="no", compact=True)
                yield Button(Content(self._yes), id="yes", compact=True, variant="warning")

    def on_mount(self) -> None:
        """Put the focus on No, the default."""
        self.query_one("#no").focus()
        self.post_message(self.Asked(self._title, self._words))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the button that was pressed."""
        self.dismiss(event.button.id == "yes")

    def action_scroll(self, rows: int) -> None:
        """Read on, where the words are longer than the screen."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)

    def action_answer(self, yes: bool) -> None:
        """Answer by key."""
        self.dismiss(yes)
