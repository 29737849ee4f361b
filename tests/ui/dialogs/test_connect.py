"""/connect: another gateway in mid-session, the key in nobody's sight."""

from asyncio import Event
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.fakes import FakeCatalog, ScriptedCompleter, make_services
from tests.ui.support import answer, chat_app, list_files, notes, press, running, send, until
from tui_chat.chat.ports import CatalogSource
from tui_chat.chat.services import Services
from tui_chat.core.errors import ErrorKind, Failure, GatewayError, SettingsError
from tui_chat.core.models import Catalog
from tui_chat.ui.app import ChatApp
from tui_chat.ui.dialogs.connect import ConnectDialog
from tui_chat.ui.fields.tick_box import TickBox
from tui_chat.ui.transcript.extraction import last_answer_text

KEY = "sr_very_secret_key"


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


class FakeConnector:
    """Connects to anything but `bad`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.catalogs: dict[str, CatalogSource] = {}
        """Catalogues by key, where they are not simply there."""

    def connect(self, base_url: str, key: str) -> Services:
        self.asked.append((base_url, key))
        if base_url == "bad":
            raise SettingsError("That is no [/address].", "Give one that begins with https.")
        completer = ScriptedCompleter(answer("from there"))
        services = make_services(completer, default_model="there/model")
        numbers = count(1)
        catalog = self.catalogs.get(key, services.catalog)
        return replace(services, new_id=lambda: f"there{next(numbers)}", catalog=catalog)

    def connect_named(self, name: str) -> Services:
        if name != "work":
            raise SettingsError(f"There is no gateway {name}.", "There are work.")
        return self.connect(name, "")


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
        assert "no [/address]" in str(app.screen.query_one("#said", Static).content)
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


async def test_whether_the_key_is_kept_is_told_by_a_mark_and_changed_by_space() -> None:
    async with App[None]().run_test() as pilot:
        box = TickBox("Keep it")
        await pilot.app.mount(box)
        box.focus()
        assert box.render().plain == "[ ] Keep it"
        await pilot.press("space")
        assert box.value
        assert box.render().plain == "[x] Keep it"


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


async def test_enter_on_the_box_connects_as_the_frame_says(tmp_path: Path) -> None:
    connector = FakeConnector()
    app = chat_app(tmp_path, connector=connector)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/connect")
        await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
        app.screen.query_one("#key", Input).value = KEY
        app.screen.query_one("#save", TickBox).focus()
        await pilot.press("space", "enter")
        await until(pilot, lambda: app.screen is chat)
        assert connector.asked == [("http://gateway.invalid/ai", KEY)]
        assert any(file.name == "credentials.toml" for file in list_files(tmp_path))


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
        dialog.query_one("#save", TickBox).value = True
        await pilot.press(*key, "enter")
        await until(pilot, lambda: "no [/list]" in said(dialog))
        yield app, pilot, dialog


def said(dialog: ConnectDialog) -> str:
    return str(dialog.query_one("#said", Static).content)


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
        assert not any(file.name == "credentials.toml" for file in list_files(tmp_path))
        await pilot.press("x", "enter")
        await until(pilot, lambda: app.screen is not dialog)


async def test_a_gateway_without_a_list_of_models_is_connected_to_when_asked_again(tmp_path: Path) -> None:
    async with asked_to_connect(tmp_path, ErrorKind.NOT_FOUND, "known") as (app, pilot, dialog):
        assert said(dialog).endswith("Connect again to go on without the list.")
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
        await until(pilot, lambda: said(dialog) == "Connecting …")
        await pilot.press("b")
        await until(pilot, lambda: not dialog.query_one("#said").has_class("-told"))
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
        await until(pilot, lambda: said(dialog) == "Connecting …")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chat)
        assert chat.status.status.model == "test/model"
