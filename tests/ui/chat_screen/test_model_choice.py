"""The model where nobody chose one: the gateway's first, and nothing that is typed waits in vain."""

import asyncio
from decimal import Decimal
from functools import partial
from pathlib import Path

import msgspec

from tests.fakes import FakeCatalog, ScriptedCompleter, make_services
from tests.ui.support import answer, chat_app, notes, running, send, until
from tui_chat.core.errors import ErrorKind, Failure, GatewayError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.request import Sampling
from tui_chat.core.usage import Price
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.choice import ChoiceDialog
from tui_chat.ui.panes.model_pane import ModelPane
from tui_chat.ui.transcript.extraction import last_answer_text
from tui_chat.workspace.opening import Opening

REFUSED = Failure(ErrorKind.NETWORK, "Cannot reach it (refused).", "Check the base URL.")


class SlowCatalog:
    """Lists one model, or fails, once its gate is opened."""

    def __init__(self, *, fails: bool = False) -> None:
        self.gate = asyncio.Event()
        self._fails = fails
        self._catalog = Catalog()

    def known(self) -> Catalog:
        return self._catalog

    async def cached(self) -> Catalog:
        return self.known()

    async def read(self, *, refresh: bool = False) -> Catalog:
        del refresh
        await self.gate.wait()
        if self._fails:
            raise GatewayError(REFUSED)
        self._catalog = Catalog((ModelInfo("llama3.2"),), fetched_at=1.0)
        return self._catalog


async def test_the_first_model_of_the_list_is_asked_and_what_was_sent_meanwhile_waits_for_it(tmp_path: Path) -> None:
    catalog, completer = SlowCatalog(), ScriptedCompleter(answer("moo"))
    services = msgspec.structs.replace(make_services(completer, default_model=""), catalog=catalog)
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        assert chat.composer.has_focus
        await send(pilot, chat, "early")
        assert tuple(chat.conversation.outbox.messages) == ("early",)
        catalog.gate.set()
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "moo")
        assert completer.requests[0].model == "llama3.2"
        assert chat.status.status.model == "llama3.2"


async def test_a_prompt_given_at_the_start_waits_for_the_model_too(tmp_path: Path) -> None:
    catalog, completer = SlowCatalog(), ScriptedCompleter(answer("moo"))
    services = msgspec.structs.replace(make_services(completer, default_model=""), catalog=catalog)
    async with running(chat_app(tmp_path, services=services, opens_with=Opening(prompt="/hi"))) as (chat, pilot):
        catalog.gate.set()
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "moo")
        assert chat.conversation.session.path[0].message.text == "/hi"


async def test_a_list_that_cannot_be_read_gives_the_words_back_and_a_model_can_be_named(tmp_path: Path) -> None:
    catalog, completer = SlowCatalog(fails=True), ScriptedCompleter(answer("moo"))
    services = msgspec.structs.replace(make_services(completer, default_model=""), catalog=catalog)
    app = chat_app(tmp_path, services=services)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "early")
        catalog.gate.set()
        await until(pilot, lambda: chat.composer.text == "early")
        assert "/model ID" in notes(app)
        assert completer.requests == []
        await send(pilot, chat, "/model own/model")
        await send(pilot, chat, "early")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "moo")
        assert completer.requests[0].model == "own/model"


async def test_naming_a_model_sends_what_waited_for_one(tmp_path: Path) -> None:
    catalog, completer = SlowCatalog(), ScriptedCompleter(answer("moo"))
    services = msgspec.structs.replace(make_services(completer, default_model=""), catalog=catalog)
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await send(pilot, chat, "early")
        await send(pilot, chat, "/model own/model")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "moo")
        assert completer.requests[0].model == "own/model"


async def test_the_list_of_one_gateways_models_closes_when_another_is_connected_to(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await pilot.press("ctrl+l")
        await until(pilot, lambda: chat.panes.has_focus)
        await chat.connect(make_services(default_model="other/model"))
        assert not chat.panes.is_open
        assert chat.conversation.session.conversation.model == "other/model"


async def test_the_key_after_the_one_that_opens_the_list_is_for_the_list(tmp_path: Path) -> None:
    services = make_services(models=[ModelInfo("test/model"), ModelInfo("b/two")])
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await chat.panes.toggle_models()  # no pause: a frame that shows the list comes after this
        assert chat.panes.has_focus
        await pilot.press("down", "enter")
        await until(pilot, lambda: chat.conversation.session.conversation.model == "b/two")


class AgeingCatalog(FakeCatalog):
    """A list that has grown old, of which the gateway has a newer one."""

    async def read(self, *, refresh: bool = False) -> Catalog:
        self.catalog = Catalog((ModelInfo("test/model"), ModelInfo("new/model")), fetched_at=2.0)
        return self.catalog


async def test_a_list_that_has_grown_old_is_read_anew_beside_an_answer(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(answer("moo")))
    catalog = AgeingCatalog(ModelInfo("test/model"))
    async with running(chat_app(tmp_path, services=msgspec.structs.replace(services, catalog=catalog))) as (
        chat,
        pilot,
    ):
        catalog.catalog = old = Catalog((ModelInfo("test/model"),), fetched_at=1.0)
        assert catalog.known() is old
        await send(pilot, chat, "hello")
        await until(pilot, lambda: catalog.known().get("new/model") is not None)


BLIND = ModelInfo("acme/blind", supported_parameters=("stop",))


async def test_a_switch_that_loses_something_asks_and_staying_is_the_default(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(answer("moo")), models=[ModelInfo("test/model"), BLIND])
    services = msgspec.structs.replace(services, sampling=Sampling(seed=3))
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await send(pilot, chat, "hello")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "moo")
        for keys, model in ((("enter",), "test/model"), (("down", "enter"), BLIND.id)):
            await send(pilot, chat, f"/model {BLIND.id}")
            await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceDialog))
            dialog = pilot.app.screen
            assert isinstance(dialog, ChoiceDialog)
            dialog._clock = lambda: float("inf")
            await pilot.press(*keys)
            await until(pilot, lambda: pilot.app.screen is chat)
            await pilot.pause()
            assert chat.conversation.session.conversation.model == model
        await until(pilot, lambda: chat.status.status.model == BLIND.id)


async def test_a_favourite_is_marked_in_the_pane_and_kept(tmp_path: Path) -> None:
    services = make_services(models=[ModelInfo("test/model"), ModelInfo("b/two")])
    async with running(chat_app(tmp_path, services=services)) as (chat, pilot):
        await pilot.press("ctrl+l")
        await until(pilot, lambda: chat.panes.has_focus)
        await pilot.press("down", "tab", "asterisk")
        await until(pilot, lambda: chat.panes.models.favourites.ids == ("b/two",))
        assert "b/two" in (tmp_path / "favourites.json").read_text()


def shows(chat: ChatScreen, words: str) -> bool:
    """The list of models is open, and its edge says this."""
    return isinstance(chat.side.pane, ModelPane) and words in chat.side.pane.top_edge.words


async def test_words_that_filter_list_models_and_switch_to_none(tmp_path: Path) -> None:
    models = [ModelInfo("a/free", price=Price(Decimal(0), Decimal(0))), ModelInfo("b/model")]
    async with running(chat_app(tmp_path, services=make_services(models=models))) as (chat, pilot):
        for words, shown in (("free", "1 fit"), ("free tools", "0 fit"), ("b mod", "1 fit")):
            await send(pilot, chat, f"/models {words}")
            await until(pilot, partial(shows, chat, shown))
            await pilot.press("escape")
            await until(pilot, lambda: chat.side.pane is None)
        assert chat.status.status.model == "test/model"
        await send(pilot, chat, "/models b/model")
        await until(pilot, lambda: chat.status.status.model == "b/model")
