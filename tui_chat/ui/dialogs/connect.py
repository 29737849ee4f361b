"""The dialog that connects to a gateway: its address, its key, and whether the key is kept.

The key is only ever in the password field and in the value that is handed on: not in a message, not in a title.
"""

from collections.abc import Callable
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui_chat.chat.services import Connector, Gateway, Services
from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.settings.base_url import shown_base_url
from tui_chat.settings.model import DEFAULT_BASE_URL
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.fields.field_row import FieldRow
from tui_chat.ui.fields.line_field import LineField
from tui_chat.ui.fields.tick_box import TickBox
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.theming.marks import Mark

SaveKey = Callable[[str, str], None]
"""Keeps a key for a base URL. Raises SettingsError."""
LABEL: Final = 7
"""Cells of the labels."""


class ConnectField(LineField):
    """A field whose Enter connects, with what was typed before it."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("connect-now", "submit")]


class ConnectDialog(Dialog[Services | None]):
    """The services of the gateway that was connected to; None where the person left."""

    DEFAULT_CSS = """
    ConnectDialog VerticalScroll { height: auto; max-height: 10; }
    ConnectDialog.-small VerticalScroll { height: 1fr; max-height: 100%; }
    ConnectDialog Static { height: auto; padding: 0 1; }
    ConnectDialog #said { color: $error; margin-top: 1; display: none; }
    ConnectDialog #said.-told { display: block; }
    ConnectDialog TickBox { margin-top: 1; padding: 0 1; }
    ConnectDialog.-small TickBox, ConnectDialog.-small #said { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("connect-now", "connect"),
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
        hints = (Hint("connect-now", "connect"), Hint("tick", "choose"))
        with Frame(title="Connect", way_out=Hint("leave", "cancel"), hints=hints), VerticalScroll(can_focus=False):
            yield FieldRow("address", ConnectField(self._base_url, id="base-url", compact=True), width=LABEL)
            key = ConnectField(password=True, id="key", placeholder="empty for a local server", compact=True)
            yield FieldRow("key", key, width=LABEL)
            yield TickBox("Keep the key on this machine, for this address only", id="save")
            yield Static(id="said")

    def on_mount(self) -> None:
        """Put the focus on the key, which is what is usually missing."""
        self.query_one("#key").focus()

    def action_connect(self) -> None:
        """Connect, from the box."""
        self._connect()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Connect, from a field."""
        event.stop()
        self._connect()

    def _connect(self) -> None:
        base_url, key = self.query_one("#base-url", Input).value, self.query_one("#key", Input).value
        try:
            services = self._connector.connect(base_url, key)
            if key.strip() and self.query_one("#save", TickBox).value:
                self._save_key(services.gateway.base_url, key)
        except ChatError as error:
            said = self.query_one("#said", Static)
            said.add_class("-told")
            said.update(Content(sanitize(f"{Mark.FAILED.drawn} {error.failure.message} {error.failure.advice}")))
            return
        self.dismiss(services)
