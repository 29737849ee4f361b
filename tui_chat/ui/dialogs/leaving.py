"""The question at quitting while something is not on disk. Staying, which loses nothing, is the default."""

from enum import Enum, auto
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from tui_chat.core.sanitize import sanitize
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.pane_keys import bound


class Leaving(Enum):
    """What becomes of conversations that cannot be saved."""

    STAY = auto()
    EXPORT = auto()
    QUIT = auto()


_BUTTONS = {"stay": Leaving.STAY, "export": Leaving.EXPORT, "quit": Leaving.QUIT}


class UnsavedDialog(Dialog[Leaving]):
    """Asks whether to stay, to write it elsewhere, or to quit all the same."""

    DEFAULT_CSS = """
    UnsavedDialog {
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
        & Horizontal { height: auto; align-horizontal: right; }
        & Button { margin: 0 0 0 1; min-width: 6; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("leave", "stay", priority=True),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """The reason, and the three ways."""
        with Vertical() as box:
            box.border_title = Content("Not saved")
            yield Static(Content(sanitize(f"{self._words}\nQuitting now would lose it.")))
            with Horizontal():
                yield Button(Content("Stay"), id="stay", compact=True)
                yield Button(Content("Write elsewhere"), id="export", compact=True)
                yield Button(Content("Quit all the same"), id="quit", compact=True, variant="warning")

    def on_mount(self) -> None:
        """Put the focus on staying."""
        self.query_one("#stay").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the button that was pressed."""
        self.dismiss(_BUTTONS[event.button.id or "stay"])

    def action_stay(self) -> None:
        """Stay."""
        self.dismiss(Leaving.STAY)
