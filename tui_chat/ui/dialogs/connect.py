"""The dialog that connects to a gateway: which one, its address, its key, where the key is kept, and a name for it.

The gateway is asked for its models before the dialog closes, so that what is wrong is said where address and key stand.

The key is only ever in the password field and in the value that is handed on: not in a message, not in a title.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from time import monotonic
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui_chat.chat.services import Gateway
from tui_chat.core import figures
from tui_chat.core.errors import ChatError, ErrorKind, Failure
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.base_url import shown_base_url
from tui_chat.settings.key_keeper import KeyPlace
from tui_chat.settings.known_servers import FoundServer
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.fields.choice_row import ChoiceRow
from tui_chat.ui.fields.field_row import FieldRow
from tui_chat.ui.fields.line_field import LineField
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.rows import Ink
from tui_chat.ui.rows.told import Paragraph, Told
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.connecting import Connector, Tried, Wanted, found_words, host_of, none_found_words, try_gateway
from tui_chat.workspace.gateway_choices import AT_WORK_ON_THIS_MACHINE, GatewayChoices

LABEL: Final = 8
"""Cells of the labels."""
ASKING: Final = "connect"
PLACES: Final = tuple(KeyPlace)
EXAMPLE: Final = "http://127.0.0.1:8080/v1"
GO_ON: Final = "Connect again to go on without the list."


class ConnectField(LineField):
    """A field whose Enter connects, with what was typed before it."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("connect-now", "submit")]
    HELP = "connect"


class Rows(VerticalScroll, inherit_bindings=False):
    """The fields; Up and Down go from one to the next, and scroll nothing."""


class ConnectDialog(Dialog[Tried]):
    """The gateway that was connected to; None where the person left."""

    DEFAULT_CSS = """
    ConnectDialog VerticalScroll { height: auto; max-height: 14; }
    ConnectDialog.-small VerticalScroll { height: 1fr; max-height: 100%; }
    ConnectDialog Told { margin-top: 1; min-height: 4; } /* so that the fields stay where they are */
    ConnectDialog.-small Told { display: none; min-height: 0; }
    ConnectDialog.-small Told.-told { display: block; }
    ConnectDialog #found-row { display: none; }
    ConnectDialog #found-row.-several { display: block; }
    ConnectDialog #key-row { margin-top: 1; }
    ConnectDialog.-small #key-row, ConnectDialog.-small Told { margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("connect-now", "connect"),
        bound("field-next", "app.focus_next"),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, connector: Connector, gateway: Gateway) -> None:
        super().__init__()
        self._connector = connector
        shown = "" if gateway.is_demo else sanitize_line(shown_base_url(gateway.base_url), 1_000)
        self._choices = GatewayChoices(connector.gateways, shown, gateway.name)
        self._found: Sequence[FoundServer] = ()
        self._warned_of: Wanted | None = None
        """What gave no list of models: connecting with the same again goes on without it."""
        self._asked_since = 0.0

    def compose(self) -> ComposeResult:
        """The gateway, its key, and what is kept of them."""
        hints = (Hint("connect-now", "check and connect"), Hint("field-next", "next"), Hint("tick", "choose"))
        with Frame(title="Connect", way_out=Hint("leave", "cancel"), hints=hints), Rows(can_focus=False):
            gateways = ChoiceRow(self._choices.names, self._choices.chosen, id="gateway")
            yield FieldRow("gateway", gateways, width=LABEL)
            yield FieldRow("found", ChoiceRow((), id="found"), width=LABEL, id="found-row")
            address = ConnectField(self._choices.address, id="base-url", placeholder=EXAMPLE, compact=True)
            yield FieldRow("base URL", address, width=LABEL)
            key = ConnectField(password=True, id="key", compact=True)
            yield FieldRow("key", key, width=LABEL, beside=Static(id="length"), id="key-row")
            yield FieldRow("keep key", ChoiceRow(PLACES, id="place"), width=LABEL)
            name = ConnectField(placeholder="optional, for /connect NAME later", id="name", compact=True)
            yield FieldRow("name", name, width=LABEL)
            yield Told()

    def on_mount(self) -> None:
        """Put the focus on the key, which is what is usually missing."""
        self._show_known_key()
        self.query_one("#key").focus()

    # What the person changes

    def on_choice_row_chosen(self, event: ChoiceRow.Chosen) -> None:
        """Show the address of the gateway that was chosen, and look for servers only where they are."""
        event.stop()
        if event.row.id == "gateway":
            self._choices.choose(event.row.chosen)
            self._stop_asking()
            self._show_found(())
            if self._choices.is_local:
                self._ask(self._look_around(), AT_WORK_ON_THIS_MACHINE)
        elif event.row.id == "found":
            self._choices.write(self._found[event.row.chosen].base_url)
        if event.row.id != "place":
            self.query_one("#base-url", Input).value = self._choices.address
            self._show_known_key()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Stop asking the gateway: another one, or another key, may be meant."""
        event.stop()
        match event.input.id:
            case "key":
                count = len(event.value.strip())
                self.query_one("#length", Static).update(Content(figures.counted(count, "character") if count else ""))
            case "base-url" if event.value != self._choices.address:
                self._choices.write(event.value)
                self.query_one("#gateway", ChoiceRow).show_chosen(self._choices.chosen)
                self._show_known_key()
            case _:
                return
        self._stop_asking()

    def _show_known_key(self) -> None:
        choices = self._choices
        known = "its own" if choices.name else self._connector.known_key(choices.address)
        self.query_one("#key", Input).placeholder = f"empty: {known}" if known else "paste your key, or leave empty"

    def _stop_asking(self) -> None:
        if self.workers.cancel_group(self, ASKING):
            self._say()

    # What is asked

    def action_connect(self) -> None:
        """Connect, from a row of options."""
        self._connect()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Connect, from a field."""
        event.stop()
        self._connect()

    def _connect(self) -> None:
        wanted = Wanted(
            self.query_one("#base-url", Input).value, self.query_one("#key", Input).value, self._choices.name
        )
        self._ask(self._try(wanted), host_of(self._choices.full_address))

    def _ask(self, work: Coroutine[None, None, None], whom: str) -> None:
        """Do something that takes a while, and say for how long it has."""
        self._asked_since = monotonic()

        async def ask() -> None:
            ticking = self.set_interval(1.0, lambda: self._say_asking(whom))
            try:
                await work
            finally:
                ticking.stop()

        self._say_asking(whom)
        self.run_worker(ask(), group=ASKING, exclusive=True)

    def _say_asking(self, whom: str) -> None:
        seconds = int(monotonic() - self._asked_since)
        words = f"asking {sanitize_line(whom, 100)}{f' {seconds} s' if seconds else ''}"
        self._say(Paragraph(Mark.ANSWER.drawn, words, Ink.MUTED))
        self.query_one(Frame).show_state(f"{Mark.ANSWER.drawn} asking")

    async def _look_around(self) -> None:
        found = await self._connector.find_servers()
        if not found:
            self._say(Paragraph(Mark.FAILED.drawn, none_found_words(), Ink.ERROR))
            return
        self._show_found(found)
        self._say(*(Paragraph(Mark.DONE.drawn, found_words(server), Ink.SUCCESS) for server in found))

    def _show_found(self, found: Sequence[FoundServer]) -> None:
        """Offer the servers that were found; the first one counts until another is chosen."""
        self._found = found
        self.query_one("#found-row").set_class(len(found) > 1, "-several")
        self.query_one("#found", ChoiceRow).offer([f"{server.name} {server.port}" for server in found])
        if found:
            self._choices.write(found[0].base_url)
            self.query_one("#base-url", Input).value = self._choices.address

    async def _try(self, wanted: Wanted) -> None:
        """Answer with the gateway where it answers; else say why it does not, and keep what is written."""
        tried: Tried | None = None
        is_used = False
        try:
            tried = await try_gateway(self._connector, wanted)
            if tried.failure is not None and not self._goes_on(tried, tried.failure, wanted):
                return
            base_url = tried.services.gateway.base_url
            place = PLACES[self.query_one("#place", ChoiceRow).chosen]
            await asyncio.to_thread(self._connector.keep_key, base_url, wanted.key, place)
            if name := self.query_one("#name", Input).value.strip():
                tried = tried.named(self._connector.save_gateway(name, base_url))
            is_used = True
            self.dismiss(tried)
        except ChatError as error:
            self._say_failure(error.failure)
        finally:
            if tried is not None and not is_used:
                await tried.services.completer.close()

    def _goes_on(self, tried: Tried, failure: Failure, wanted: Wanted) -> bool:
        """Say the failure, unless it was said and the person connects with the same again."""
        if tried.may_work and self._warned_of == wanted:
            return True
        self._warned_of = wanted if tried.may_work else None
        self._say_failure(failure, GO_ON if tried.may_work else "")
        return False

    # What is said

    def _say_failure(self, failure: Failure, more: str = "") -> None:
        if failure.kind in (ErrorKind.AUTHENTICATION, ErrorKind.PERMISSION):
            self.query_one("#key").focus()
        advice = f"{failure.advice} {more}".strip()
        self._say(Paragraph(Mark.FAILED.drawn, failure.message, Ink.ERROR), Paragraph("", advice))

    def _say(self, *paragraphs: Paragraph) -> None:
        self.query_one(Frame).show_state()
        told = self.query_one(Told)
        told.set_class(bool(paragraphs), "-told")
        told.tell(*paragraphs)
        # It is shown by the first refresh, and has its place after the second one.
        self.call_after_refresh(self.call_after_refresh, told.scroll_visible, animate=False)
