"""The dialog that connects to a gateway: its address, its key, and whether the key is kept.

The key is only ever in the password field and in the value that is handed on: not in a message, not in a title.
"""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from tui_chat.chat.services import Connector, Gateway, Services
from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.settings.base_url import shown_base_url
from tui_chat.settings.model import DEFAULT_BASE_URL
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.fields.line_field import LineField
from tui_chat.ui.fields.tick_box import TickBox
from tui_chat.ui.keys.pane_keys import bound

SaveKey = Callable[[str, str], None]
"""Keeps a key for a base URL. Raises SettingsError."""


class ConnectDialog(Dialog[Services | None]):
    """The services of the gateway that was connected to; None where the person left."""

    DEFAULT_CSS = """
    ConnectDialog {
        align: center middle;
        & > VerticalScroll {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            border: round $border;
            background: $surface;
        }
        & Static { height: auto; color: $text-muted; }
        & Static.label { color: $foreground; }
        & #said { color: $error; }
        & TickBox { color: $foreground; }
        & Horizontal { height: auto; align-horizontal: right; }
        & Button { margin: 0 0 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("leave", "leave", priority=True),
        Binding("enter", "connect", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, connector: Connector, gateway: Gateway, save_key: SaveKey) -> None:
        super().__init__()
        self._connector = connector
        self._save_key = save_key
        self._base_url = DEFAULT_BASE_URL if gateway.is_demo else sanitize_line(shown_base_url(gateway.base_url), 1_000)

    def compose(self) -> ComposeResult:
        """Address, key, and whether it is kept."""
        with VerticalScroll(can_focus=False) as box:
            box.border_title = Content("Connect")
            box.border_subtitle = Content(f"Enter connects, Space ticks, {self.label('leave')} cancels")
            yield Static(Content("Address of the gateway"), classes="label")
            yield LineField(self._base_url, id="base-url", compact=True)
            yield Static(Content("API key (empty for a local server)"), classes="label")
            yield LineField(password=True, id="key", compact=True)
            yield TickBox("Keep the key on this machine, for this address only", id="save")
            yield Static(id="said")
            with Horizontal():
                yield Button(Content("Cancel"), id="leave", compact=True)
                yield Button(Content("Connect"), id="connect", compact=True, variant="primary")

    def on_mount(self) -> None:
        """Put the focus on the key, which is what is usually missing."""
        self.query_one("#key").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Connect on Enter in a field."""
        event.stop()
        self._connect()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Connect, or cancel."""
        event.stop()
        if event.button.id == "connect":
            self._connect()
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        """Cancel."""
        self.dismiss(None)

    def action_connect(self) -> None:
        """Connect, from wherever Enter means nothing else."""
        self._connect()

    def _connect(self) -> None:
        base_url, key = self.query_one("#base-url", Input).value, self.query_one("#key", Input).value
        try:
            services = self._connector.connect(base_url, key)
            if key.strip() and self.query_one("#save", TickBox).value:
                self._save_key(services.gateway.base_url, key)
        except ChatError as error:
            self.query_one("#said", Static).update(Content(sanitize(f"{error.failure.message} {error.failure.advice}")))
            return
        self.dismiss(services)
