"""The dialog that connects to a gateway: its address, its key, and whether the key is kept.

The gateway is asked for its models before the dialog closes, so that what is wrong is said where address and key stand.

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
from tui_chat.core.errors import ChatError, ErrorKind, Failure, SettingsError
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
CONNECTING: Final = "connect"
WORKS_WITHOUT_LIST: Final = frozenset(
    {
        ErrorKind.PERMISSION,
        ErrorKind.PAYMENT,
        ErrorKind.NOT_FOUND,
        ErrorKind.INVALID_REQUEST,
        ErrorKind.RATE_LIMIT,
        ErrorKind.GATEWAY,
    }
)
"""Failures of the list of models after which the chat may work all the same."""


class ConnectField(LineField):
    """A field whose Enter connects, with what was typed before it."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("connect-now", "submit")]


class ConnectDialog(Dialog[Services | None]):
    """The services of the gateway that was connected to; None where the person left."""

    DEFAULT_CSS = """
    ConnectDialog VerticalScroll { height: auto; max-height: 10; }
    ConnectDialog.-small VerticalScroll { height: 1fr; max-height: 100%; }
    ConnectDialog Static { height: auto; padding: 0 1; }
    ConnectDialog #said { color: $muted; margin-top: 1; display: none; }
    ConnectDialog #said.-told { display: block; }
    ConnectDialog #said.-failed { color: $error; }
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
        self._warned_of: tuple[str, str] | None = None
        """Address and key that gave no list of models: connecting with the same again goes on without it."""
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

    def on_input_changed(self, event: Input.Changed) -> None:
        """Stop asking the gateway: another one, or another key, may be meant."""
        event.stop()
        if self.workers.cancel_group(self, CONNECTING):
            self.query_one("#said").remove_class("-told")

    def _connect(self) -> None:
        base_url, key = self.query_one("#base-url", Input).value, self.query_one("#key", Input).value
        try:
            services = self._connector.connect(base_url, key)
        except ChatError as error:
            self._say_failure(error.failure)
            return
        self._say("Connecting …")
        self.run_worker(self._try(services, (base_url, key)), group=CONNECTING, exclusive=True)

    async def _try(self, services: Services, written: tuple[str, str]) -> None:
        """Answer with the services where their gateway answers; else say why it does not, and keep what is written."""
        _, key = written
        is_used = False
        try:
            failure = await _failure_of(services)
            if failure is not None and not self._goes_on(failure, written):
                return
            if key.strip() and self.query_one("#save", TickBox).value:
                self._save_key(services.gateway.base_url, key)
            is_used = True
            self.dismiss(services)
        except SettingsError as error:
            self._say_failure(error.failure)
        finally:
            if not is_used:
                await services.completer.close()

    def _goes_on(self, failure: Failure, written: tuple[str, str]) -> bool:
        """Say the failure, unless it was said and the person connects with the same again."""
        may_work = failure.kind in WORKS_WITHOUT_LIST
        if may_work and self._warned_of == written:
            return True
        self._warned_of = written if may_work else None
        self._say_failure(failure, "Connect again to go on without the list." if may_work else "")
        return False

    def _say_failure(self, failure: Failure, more: str = "") -> None:
        self._say(f"{Mark.FAILED.drawn} {failure.message} {failure.advice} {more}".rstrip(), is_failure=True)

    def _say(self, words: str, *, is_failure: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.add_class("-told")
        said.set_class(is_failure, "-failed")
        said.update(Content(sanitize(words)))
        self.call_after_refresh(said.scroll_visible, animate=False)


async def _failure_of(services: Services) -> Failure | None:
    """What the gateway says when it is asked for its models; None where it lists them."""
    try:
        return (await services.catalog.read(refresh=True)).failure
    except ChatError as error:
        return error.failure
