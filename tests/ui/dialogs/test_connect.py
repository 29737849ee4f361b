"""/connect: another gateway in mid-session, the key in nobody's sight."""

from asyncio import Event
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.connectors import NoConnector
from tests.fakes import FakeCatalog, ScriptedCompleter, make_services
from tests.ui.support import answer, chat_app, list_files, notes, press, running, send, until
from tui_chat.chat.ports import CatalogSource
from tui_chat.chat.services import Gateway, Services
from tui_chat.core.errors import ErrorKind, Failure, GatewayError, SettingsError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.settings.key_keeper import KeyPlace
from tui_chat.settings.known_servers import FoundServer
from tui_chat.ui.app import ChatApp
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.commands.slash_words import values
from tui_chat.ui.dialogs.connect import ConnectDialog
from tui_chat.ui.fields.choice_row import ChoiceRow
from tui_chat.ui.rows.told import Told
from tui_chat.ui.transcript.extraction import last_answer_text

KEY = "sr_very_secret_key"


HERE = "http://gateway.invalid/ai"


async def opened(pilot: Pilot[None], chat: ChatScreen) -> ConnectDialog:
    """The dialog, opened by its command."""
    await send(pilot, chat, "/connect")
    await until(pilot, lambda: isinstance(pilot.app.screen, ConnectDialog))
    dialog = pilot.app.screen
    assert isinstance(dialog, ConnectDialog)
    return dialog


def choose(dialog: ConnectDialog, row: str, words: str) -> None:
    """Take an option of a row as its keys do."""
    options = dialog.query_one(f"#{row}", ChoiceRow)
    options.action_choose(options.options.index(words) - options.chosen)


class Refusing(FakeCatalog):
    """A catalogue that cannot be read."""

    def __init__(self, kind: ErrorKind) -> None:
        super().__init__()
        self.kind = kind

    async def read(self, *, refresh: bool = False) -> Catalog:
        del refresh
        raise GatewayError(Failure(self.kind, "That is no [/list].", "Look again."))


class Silent(FakeCatalog):
    """A catalogue that is never read to its end."""

    async def read(self, *, refresh: bool = False) -> Catalog:
        del refresh
        await Event().wait()
        raise AssertionError


class Unread(FakeCatalog):
    """A catalogue of which nothing is known before it is read."""

    async def read(self, *, refresh: bool = False) -> Catalog:
        del refresh
        self.catalog = Catalog((ModelInfo("there/model", context_tokens=400),), fetched_at=1.0)
        return self.catalog


class FakeConnector(NoConnector):
    """Connects to anything but `bad`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []
        self.catalogs: dict[str, CatalogSource] = {}
        """Catalogues by key, where they are not simply there."""
        self.refuses_to_keep = False

    def connect(self, base_url: str, key: str) -> Services:
        self.asked.append((base_url, key))
        if base_url == "bad":
            raise SettingsError("That is no [/address].", "Give one that begins with https.")
        completer = ScriptedCompleter(answer("from there"))
        services = make_services(completer, default_model="there/model")
        numbers = count(1)
        catalog = self.catalogs.get(key, services.catalog)
        gateway = Gateway(base_url, is_demo=False, has_key=bool(key))
        return replace(services, gateway=gateway, new_id=lambda: f"there{next(numbers)}", catalog=catalog)

    def keep_key(self, base_url: str, key: str, place: KeyPlace) -> None:
        if self.refuses_to_keep:
            raise SettingsError("The keyring is not [/there].", "Keep it in a file.")
        super().keep_key(base_url, key, place)


async def test_connecting_keeps_the_conversation_and_asks_the_new_gateway(tmp_path: Path) -> None:
    connector = FakeConnector()
    app = chat_app(tmp_path, answer("from here"), connector=connector)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "one")
        await until(
            pilot, lambda: last_answer_text(chat.transcript.whole) == "from here" and not chat.conversation.is_answering
        )
        await send(pilot, chat, "/connect")
        await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
        await pilot.press(*KEY, "enter")
        await until(pilot, lambda: app.screen is chat)
        await until(pilot, lambda: chat.status.status.model == "there/model")
        await until(pilot, lambda: chat.panes.is_open)
        await pilot.press("escape")
        await send(pilot, chat, "two")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "from there")
        assert connector.asked == [("http://gateway.invalid/ai", KEY)]
        assert len(chat.conversation.session.path) == 4


async def test_a_wrong_address_is_said_in_the_dialog(tmp_path: Path) -> None:
    app = chat_app(tmp_path, connector=FakeConnector())
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect")
        await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
        app.screen.query_one("#base-url", Input).value = "bad"
        await pilot.press("enter")
        await pilot.pause()
        assert "no [/address]" in app.screen.query_one(Told).text
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chat)


async def test_the_key_is_neither_shown_nor_kept_unasked(tmp_path: Path) -> None:
    app = chat_app(tmp_path, connector=FakeConnector())
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect")
        await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
        await pilot.press(*KEY)
        await pilot.pause()
        assert KEY not in app.export_screenshot()
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is chat)
    assert not any(KEY.encode() in file.read_bytes() for file in list_files(tmp_path))


async def test_a_gateway_of_the_settings_is_connected_by_its_name_without_a_dialog(tmp_path: Path) -> None:
    connector = FakeConnector()
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect wrok")
        await until(pilot, lambda: "no gateway wrok" in notes(app))
        assert connector.asked == []
        await send(pilot, chat, "/connect work")
        await until(pilot, lambda: chat.status.status.model == "there/model")
        assert connector.asked == [("work", "")]


async def test_of_a_gateway_that_is_connected_by_its_name_the_models_are_known(tmp_path: Path) -> None:
    connector = FakeConnector()
    connector.catalogs[""] = Unread()
    async with running(chat_app(tmp_path, connector=connector)) as (chat, pilot):
        await send(pilot, chat, "/connect work")
        await until(pilot, lambda: chat.conversation.services.catalog.known().get("there/model"))


async def test_enter_on_the_options_connects_and_the_key_is_kept_where_it_was_wanted(tmp_path: Path) -> None:
    connector = FakeConnector()
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        dialog = await opened(pilot, chat)
        dialog.query_one("#key", Input).value = KEY
        dialog.query_one("#place", ChoiceRow).focus()
        await pilot.press("space", "enter")
        await until(pilot, lambda: app.screen is chat)
        assert connector.asked == [(HERE, KEY)]
        assert connector.kept == [(HERE, KEY, KeyPlace.KEYRING)]


async def test_a_keyring_that_does_not_take_the_key_is_said_and_everything_stays(tmp_path: Path) -> None:
    connector = FakeConnector()
    connector.refuses_to_keep = True
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        dialog = await opened(pilot, chat)
        await pilot.press(*KEY, "enter")
        await until(pilot, lambda: "The keyring is not [/there].\n  Keep it in a file." in said(dialog))
        assert app.screen is dialog
        assert dialog.query_one("#key", Input).value == KEY


async def test_an_address_gets_a_name_that_the_status_line_shows(tmp_path: Path) -> None:
    connector = FakeConnector()
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        dialog = await opened(pilot, chat)
        dialog.query_one("#name", Input).value = "home"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is chat)
        await until(pilot, lambda: "home" in chat.status.status.badges)
        assert connector.named == {"home": HERE}
        assert "Connected to home" in notes(app)


async def test_what_was_found_is_said_and_the_list_of_models_opens(tmp_path: Path) -> None:
    connector = FakeConnector()
    connector.is_open_to_all = True
    listing = FakeCatalog(ModelInfo("a/one"), ModelInfo("b/two"))
    connector.catalogs[KEY] = listing
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        await opened(pilot, chat)
        await pilot.press(*KEY, "enter")
        await until(pilot, lambda: chat.panes.is_open)
        assert "2 models, 0.01 s. The key is not yet proved" in notes(app)
        assert KEY not in notes(app)


async def test_servers_of_this_machine_are_looked_for_only_when_they_are_chosen(tmp_path: Path) -> None:
    connector = FakeConnector()
    connector.found = (
        FoundServer("Ollama", "http://127.0.0.1:11434/v1", 3),
        FoundServer("vLLM", "http://127.0.0.1:8000/v1", 1),
    )
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        dialog = await opened(pilot, chat)
        assert not said(dialog)
        choose(dialog, "gateway", "a local server")
        await until(pilot, lambda: "✓ Ollama on 11434, 3 models\n✓ vLLM on 8000, 1 model" in said(dialog))
        assert dialog.query_one("#base-url", Input).value == "http://127.0.0.1:11434/v1"
        dialog.query_one("#found", ChoiceRow).focus()
        await pilot.press("space", "enter")
        await until(pilot, lambda: app.screen is chat)
        assert connector.asked == [("http://127.0.0.1:8000/v1", "")]


async def test_no_server_on_this_machine_is_said_with_the_next_step(tmp_path: Path) -> None:
    app = chat_app(tmp_path, connector=FakeConnector())
    async with running(app) as (chat, pilot):
        dialog = await opened(pilot, chat)
        choose(dialog, "gateway", "a local server")
        await until(pilot, lambda: "No server answers on this machine (Ollama 11434" in said(dialog))


async def test_a_gateway_of_the_settings_is_offered_with_its_address_and_its_own_key(tmp_path: Path) -> None:
    connector = FakeConnector()
    connector.gateways = {"work": "https://work.test/v1"}
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        dialog = await opened(pilot, chat)
        choose(dialog, "gateway", "work")
        await until(pilot, lambda: dialog.query_one("#base-url", Input).value == "https://work.test/v1")
        assert dialog.query_one("#key", Input).placeholder == "empty: its own"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is chat)
        assert connector.asked == [("work", "")]


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_up_and_down_go_from_field_to_field_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    app = chat_app(tmp_path, connector=FakeConnector())
    async with running(app, size) as (chat, pilot):
        dialog = await opened(pilot, chat)
        await pilot.press("up")
        assert dialog.query_one("#base-url").has_focus
        await pilot.press("up")
        assert dialog.query_one("#gateway").has_focus
        await pilot.press("down", "down", "down")
        assert dialog.query_one("#place").has_focus


async def test_the_length_of_the_key_is_shown_and_where_another_one_comes_from(tmp_path: Path) -> None:
    connector = FakeConnector()
    connector.known[HERE] = "the key in the keyring"
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        dialog = await opened(pilot, chat)
        assert dialog.query_one("#key", Input).placeholder == "empty: the key in the keyring"
        await pilot.press(*"sr_20")
        await until(pilot, lambda: str(dialog.query_one("#length", Static).content) == "5 characters")


async def test_a_gateway_that_got_a_name_in_this_run_is_completed(tmp_path: Path) -> None:
    connector = FakeConnector()
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, _):
        assert await values(chat, "connect") == []
        connector.gateways = {"home": HERE}
        assert [(each.text, each.hint) for each in await values(chat, "connect")] == [("home", HERE)]


async def test_a_key_is_forgotten_by_a_word(tmp_path: Path) -> None:
    connector = FakeConnector()
    connector.kept = [(HERE, KEY, KeyPlace.FILE)]
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect forget")
        await until(pilot, lambda: f"The key for {HERE} is forgotten; it was kept in a private file." in notes(app))
        await send(pilot, chat, "/connect forget")
        await until(pilot, lambda: f"No key is kept for {HERE}." in notes(app))


async def test_enter_connects_with_the_letters_typed_before_it_in_the_same_read(tmp_path: Path) -> None:
    connector = FakeConnector()
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect")
        await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
        await press(pilot, *KEY, "enter")
        await until(pilot, lambda: app.screen is chat)
        assert connector.asked == [("http://gateway.invalid/ai", KEY)]


@asynccontextmanager
async def asked_to_connect(
    folder: Path, kind: ErrorKind, key: str
) -> AsyncIterator[tuple[ChatApp, Pilot[None], ConnectDialog]]:
    """The dialog after a connection with a key that the gateway answers with a failure, and which is to be kept."""
    connector = FakeConnector()
    connector.catalogs[key] = Refusing(kind)
    app = chat_app(folder, connector=connector)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect")
        await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
        dialog = app.screen
        assert isinstance(dialog, ConnectDialog)
        await pilot.press(*key, "enter")
        await until(pilot, lambda: "no [/list]" in said(dialog))
        yield app, pilot, dialog


def said(dialog: ConnectDialog) -> str:
    return dialog.query_one(Told).text


@pytest.mark.parametrize("kind", [ErrorKind.AUTHENTICATION, ErrorKind.NETWORK, ErrorKind.TIMEOUT, ErrorKind.PROTOCOL])
async def test_a_gateway_that_does_not_answer_well_is_said_where_address_and_key_still_stand(
    tmp_path: Path, kind: ErrorKind
) -> None:
    async with asked_to_connect(tmp_path, kind, "wrong") as (app, pilot, dialog):
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is dialog
        assert dialog.query_one("#key", Input).value == "wrong"
        assert dialog.query_one("#key", Input).has_focus
        await pilot.press("x", "enter")
        await until(pilot, lambda: app.screen is not dialog)


async def test_a_gateway_without_a_list_of_models_is_connected_to_when_asked_again(tmp_path: Path) -> None:
    async with asked_to_connect(tmp_path, ErrorKind.NOT_FOUND, "known") as (app, pilot, dialog):
        assert said(dialog) == "✗ That is no [/list].\n  Look again. Connect again to go on without the list."
        await pilot.press("x", "backspace", "enter")
        await until(pilot, lambda: app.screen is not dialog)


async def test_another_key_that_is_typed_while_a_gateway_is_asked_is_not_taken_for_the_one_that_was_warned_of(
    tmp_path: Path,
) -> None:
    connector = FakeConnector()
    connector.catalogs["a"] = Silent()
    connector.catalogs["ab"] = Refusing(ErrorKind.NOT_FOUND)
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect")
        await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
        dialog = app.screen
        assert isinstance(dialog, ConnectDialog)
        await pilot.press("a", "enter")
        await until(pilot, lambda: said(dialog) == "● asking gateway.invalid")
        await pilot.press("b")
        await until(pilot, lambda: not said(dialog))
        await pilot.press("enter")
        await until(pilot, lambda: said(dialog).endswith("Connect again to go on without the list."))
        assert app.screen is dialog


async def test_a_gateway_that_is_silent_is_left_by_escape(tmp_path: Path) -> None:
    connector = FakeConnector()
    connector.catalogs[KEY] = Silent()
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect")
        await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
        dialog = app.screen
        assert isinstance(dialog, ConnectDialog)
        await pilot.press(*KEY, "enter")
        await until(pilot, lambda: said(dialog) == "● asking gateway.invalid")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chat)
        assert chat.status.status.model == "test/model"
