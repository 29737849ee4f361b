"""/connect in lines: what is asked, what is said, and what becomes of the key."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.connectors import NoConnector
from tests.fakes import FakeCatalog, make_services
from tests.plain.support import PlainChat, answer
from tests.workspace.conversing import ClosableCompleter
from tui_chat.chat.services import Gateway, Services
from tui_chat.core.errors import ErrorKind, Failure, GatewayError, SettingsError
from tui_chat.core.models import Catalog
from tui_chat.settings.key_keeper import KeyPlace
from tui_chat.settings.known_servers import FoundServer
from tui_chat.settings.model import DEFAULT_BASE_URL
from tui_chat.settings.secret_key import SecretKey


class Reached(NoConnector):
    """A connector that keeps what it was given."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.keys: list[SecretKey] = []

    def connect(self, base_url: str, key: str) -> Services:
        self.keys.append(SecretKey(key))
        return self._services


async def test_connecting_never_shows_the_key(tmp_path: Path) -> None:
    connector = Reached(make_services(default_model="b/two"))
    chat = PlainChat(tmp_path, connector=connector, typed=["", "sr_secret_key_1", "n"])
    await chat.converse("/connect")
    assert connector.keys == [SecretKey("sr_secret_key_1")]
    assert connector.kept == [("http://gateway.invalid/ai", "sr_secret_key_1", KeyPlace.RUN)]
    assert "sr_secret" not in chat.said + "".join(chat.kept)
    assert chat.chat.session.conversation.model == "b/two"


async def test_a_gateway_of_the_settings_is_connected_by_its_name(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, connector=Reached(make_services(default_model="b/two")))
    await chat.converse("/connect wrok")
    await chat.converse("/connect work")
    assert "There is no gateway wrok." in chat.said
    assert chat.chat.session.conversation.model == "b/two"


@pytest.mark.parametrize(("answered", "place"), [("k", KeyPlace.KEYRING), ("f", KeyPlace.FILE), ("y", KeyPlace.FILE)])
async def test_a_key_is_kept_where_the_answer_says_and_forgotten_by_a_word(
    tmp_path: Path, answered: str, place: KeyPlace
) -> None:
    connector = Reached(make_services(default_model="b/two"))
    chat = PlainChat(tmp_path, connector=connector, typed=["", "sr_secret_key_1", answered, "home", "/connect forget"])
    await chat.converse("/connect")
    assert f"The key is kept {place}." in chat.said
    assert connector.named == {"home": "http://gateway.invalid/ai"}
    assert f"is forgotten; it was kept {place}. This chat has it until you quit or connect again." in chat.said
    assert connector.kept == []


async def test_a_keyring_that_does_not_take_the_key_is_said_and_the_key_counts_for_this_run(tmp_path: Path) -> None:
    class NoKeyring(Reached):
        def keep_key(self, base_url: str, key: str, place: KeyPlace) -> None:
            if place is KeyPlace.KEYRING:
                raise SettingsError("This system has no keyring.", "Keep it in a file.")
            super().keep_key(base_url, key, place)

    connector = NoKeyring(make_services(default_model="b/two"))
    chat = PlainChat(tmp_path, connector=connector, typed=["", "sr_secret_key_1", "k"])
    await chat.converse("/connect")
    assert "This system has no keyring." in chat.said
    assert "The key is kept" not in chat.said
    assert [place for _, _, place in connector.kept] == [KeyPlace.RUN]
    assert chat.chat.session.conversation.model == "b/two"


class Unlisted(FakeCatalog):
    """A catalogue that fails."""

    def __init__(self, status: int, kind: ErrorKind) -> None:
        super().__init__()
        self._failure = Failure(kind, "No.", "Look.", status=status)

    async def read(self, *, refresh: bool = False) -> Catalog:
        raise GatewayError(self._failure)


async def test_a_refused_key_is_said_and_the_address_is_offered_again(tmp_path: Path) -> None:
    services = replace(make_services(default_model="b/two"), catalog=Unlisted(401, ErrorKind.AUTHENTICATION))
    chat = PlainChat(
        tmp_path, connector=Reached(services), typed=["http://x.invalid/v1", "sr_wrong_key", "/connect", "", "sr_wrong"]
    )
    await chat.converse("/connect")
    assert "The key was refused (401 from gateway.invalid, 0.01 s). Copy it again" in chat.said
    assert chat.said.count("Not connected. /connect tries again.") == 2
    assert "or nothing for http://x.invalid/v1: " in chat.said
    assert "sr_wrong" not in chat.said
    assert chat.chat.session.conversation.model == "test/model"


async def test_the_place_of_the_keys_is_named_where_it_is_known(tmp_path: Path) -> None:
    services = replace(
        make_services(),
        gateway=Gateway(DEFAULT_BASE_URL, is_demo=False, has_key=True),
        catalog=Unlisted(401, ErrorKind.AUTHENTICATION),
    )
    chat = PlainChat(tmp_path, connector=Reached(services), typed=["", "sr_wrong_key"])
    await chat.converse("/connect")
    assert "Copy it again from solrouter.io/keys." in chat.said


@pytest.mark.parametrize(("answered", "model"), [("y", "b/two"), ("n", "test/model")])
async def test_without_a_list_the_person_decides_whether_to_go_on(tmp_path: Path, answered: str, model: str) -> None:
    services = replace(make_services(default_model="b/two"), catalog=Unlisted(402, ErrorKind.PAYMENT))
    chat = PlainChat(tmp_path, connector=Reached(services), typed=["", "", answered])
    await chat.converse("/connect")
    assert "The balance is empty (402 from gateway.invalid" in chat.said
    assert chat.chat.session.conversation.model == model


async def test_servers_of_this_machine_are_looked_for_by_a_word(tmp_path: Path) -> None:
    connector = Reached(make_services(default_model="b/two"))
    chat = PlainChat(tmp_path, connector=connector, typed=["local"])
    await chat.converse("/connect")
    assert "No server answers on this machine (Ollama 11434" in chat.said
    connector.found = (FoundServer("Ollama", "http://127.0.0.1:11434/v1", 3),)
    again = PlainChat(tmp_path, connector=connector, typed=["local", "1", ""])
    await again.converse("/connect")
    assert "1. Ollama on 11434, 3 models" in again.said
    assert again.chat.session.conversation.model == "b/two"


async def test_a_conversation_that_is_opened_again_goes_through_its_own_gateway(tmp_path: Path) -> None:
    here, there = ClosableCompleter(answer("one"), answer("two")), ClosableCompleter(answer("three"))
    elsewhere = make_services(there, default_model="b/two")
    elsewhere = replace(elsewhere, gateway=replace(elsewhere.gateway, name="work"))
    services = make_services(here)
    elsewhere = replace(elsewhere, store=services.store, new_id=services.new_id)
    chat = PlainChat(tmp_path, services=services, connector=Reached(elsewhere))
    await chat.converse("first")
    first = chat.chat.session.conversation.id
    for words in ("/new", "/connect work", "second"):
        await chat.converse(words)
    second = chat.chat.session.conversation.id
    await chat.converse(f"/resume {first}")
    assert chat.said.rpartition("Gateway: ")[2].startswith("http://gateway.invalid/ai.\nConversation: first")
    assert chat.chat.conversation.recent.ids == ("test/model",)
    assert there.is_closed
    await chat.converse("again")
    assert [request.messages[-1].text for request in here.requests] == ["first", "again"]
    assert [request.messages[-1].text for request in there.requests] == ["second"]
    for words in (f"/resume {second}", f"/resume {second}"):
        await chat.converse(words)
        assert chat.chat.services is elsewhere
    assert chat.said.count("Gateway: work") == 1


@pytest.mark.parametrize(
    "typed", [["/new", "/connect work", "/search needle", "1"], ["/fork 1", "/connect work", "/undo"]], ids=str
)
async def test_whoever_finds_a_message_or_leaves_a_copy_goes_back_to_the_gateway_that_was_there(
    tmp_path: Path, typed: list[str]
) -> None:
    services = make_services(ClosableCompleter(answer("one")))
    elsewhere = replace(make_services(default_model="b/two"), store=services.store, new_id=services.new_id)
    elsewhere = replace(elsewhere, gateway=replace(elsewhere.gateway, name="work"))
    chat = PlainChat(tmp_path, services=services, connector=Reached(elsewhere), typed=typed)
    await chat.converse("a needle")
    assert "Connected to work" in chat.said
    assert len(chat.chat.session.path) == 2
    assert chat.chat.services is services
