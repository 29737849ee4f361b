"""Going to another gateway, over real sockets: what is asked, what is said, and which key goes where."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.client.test_catalog import models
from tests.gateways.fault import Caller, FaultGateway, Script, say
from tests.providers.streams import END, text
from tests.settings.fake_keyring import Held, install
from tests.test_wiring import answer_of, kept_in
from tui_chat.core.errors import ErrorKind, SettingsError
from tui_chat.settings.command_line import CommandLine
from tui_chat.settings.key_keeper import KeyPlace
from tui_chat.wiring.load import load
from tui_chat.wiring.root import Wiring
from tui_chat.workspace.connecting import Tried, Wanted, try_gateway

KEY, OTHER_KEY = "sr_first_key_0123456789", "sr_other_key_0123456789"
LIST = {"data": [{"id": "a/one"}, {"id": "b/two"}]}


def wired(home: Path, **environ: str) -> Wiring:
    return load(CommandLine(), {"TUI_CHAT_HOME": str(home), **environ})


def locked(body: object = LIST, **headers: str) -> Script:
    """A list for those who have a key."""
    given = say(json.dumps(body).encode(), content_type="application/json", **headers)

    async def script(caller: Caller) -> None:
        refused = say(b'{"error": {"message": "No key."}}', "401 Unauthorized", "application/json")
        await (given if caller.header("Authorization") else refused)(caller)

    return script


def at_v1(script: Script) -> Script:
    """A server that knows nothing but what is under /v1."""

    async def routed(caller: Caller) -> None:
        known = caller.line.startswith(("GET /v1/", "POST /v1/", "GET /ai/v1/"))
        await (script if known else say(b"404 page not found", "404 Not Found", "text/plain"))(caller)

    return routed


def refusing(status: str, words: str = "Because.") -> Script:
    return say(json.dumps({"error": {"message": words}}).encode(), status, "application/json")


@asynccontextmanager
async def tried(home: Path, wanted: Wanted, *, limit_s: float = 5.0) -> AsyncIterator[Tried]:
    """What came of a try."""
    wiring = wired(home)
    came = await try_gateway(wiring, wanted, limit_s=limit_s)
    yield came
    await came.services.completer.close()
    await wiring.services().close()


async def refused(home: Path, wanted: Wanted, *, limit_s: float = 5.0) -> Tried:
    async with tried(home, wanted, limit_s=limit_s) as came:
        assert came.failure is not None
        assert KEY not in came.failure.message + came.failure.advice
        return came


async def test_a_list_is_told_with_its_balance_and_time(tmp_path: Path) -> None:
    async with (
        FaultGateway(locked(X_Balance="12.40")) as gateway,
        tried(tmp_path, Wanted(gateway.base_url, KEY)) as came,
    ):
        assert came.failure is None
        assert came.found.startswith("2 models, $12.40 left, 0.")
        assert came.found.endswith(" s.")
        assert len(gateway.callers) == 1


async def test_a_key_is_proved_where_nobody_else_gets_the_list(tmp_path: Path) -> None:
    async with FaultGateway(locked()) as gateway, tried(tmp_path, Wanted(gateway.base_url, KEY)) as came:
        assert "proved" not in came.found


async def test_a_list_that_everybody_gets_proves_no_key(tmp_path: Path) -> None:
    async with FaultGateway(models(LIST)) as gateway, tried(tmp_path, Wanted(gateway.base_url, KEY)) as came:
        assert came.found.endswith("The key is not yet proved: the list is given without one too.")
        assert [caller.header("Authorization") for caller in gateway.callers] == [f"Bearer {KEY}", None]


async def test_an_address_with_a_query_proves_a_key_no_better(tmp_path: Path) -> None:
    async with FaultGateway(models(LIST)) as gateway, tried(tmp_path, Wanted(f"{gateway.base_url}?a=b", KEY)) as came:
        assert came.found.endswith("The key is not yet proved: the list is given without one too.")
        assert all("?a=b" in caller.line for caller in gateway.callers)


async def test_without_a_key_nothing_has_to_be_proved(tmp_path: Path) -> None:
    async with FaultGateway(models(LIST)) as gateway, tried(tmp_path, Wanted(gateway.base_url)) as came:
        assert "proved" not in came.found
        assert len(gateway.callers) == 1


async def test_a_server_without_any_model_and_without_prices_is_connected_to(tmp_path: Path) -> None:
    async with FaultGateway(models({"data": []})) as gateway, tried(tmp_path, Wanted(gateway.base_url)) as came:
        assert came.found.startswith("no model is listed, ")


async def test_an_address_without_its_v1_is_mended_and_that_is_said(tmp_path: Path) -> None:
    async with FaultGateway(at_v1(models(LIST))) as gateway:
        root = gateway.base_url.removesuffix("/ai")
        async with tried(tmp_path, Wanted(f"{root}?team=1")) as came:
            assert came.services.gateway.base_url == f"{root}/v1?team=1"
            assert f"The address is {root}/v1?…: there is no list at {root}?…." in came.found


async def test_a_web_page_at_the_address_has_the_list_looked_for_at_v1(tmp_path: Path) -> None:
    page = say(b"<!doctype html><title>Hello</title>", content_type="text/html")

    async def site(caller: Caller) -> None:
        await (models(LIST) if "/v1/" in caller.line else page)(caller)

    async with FaultGateway(site) as gateway, tried(tmp_path, Wanted(gateway.base_url)) as came:
        assert came.services.gateway.base_url == f"{gateway.base_url}/v1"


@pytest.mark.parametrize(
    ("status", "key", "message", "advice"),
    [
        ("401 Unauthorized", KEY, "The key was refused (401 from 127.0.0.1:", "Copy it again"),
        ("401 Unauthorized", "", "A key is wanted (401 from", "Give its key."),
        ("402 Payment Required", KEY, "The balance is empty (402 from", "Top it up"),
        ("403 Forbidden", KEY, "The list is not for this key (403 from", "Use another key"),
        ("404 Not Found", KEY, "There is no list of models at http://127.0.0.1:", "nothing was found at /v1 either"),
        ("500 Internal Server Error", KEY, "Because.", "Ask again later."),
    ],
)
async def test_each_refusal_is_said_with_the_next_step(
    tmp_path: Path, status: str, key: str, message: str, advice: str
) -> None:
    async with FaultGateway(refusing(status)) as gateway:
        came = await refused(tmp_path, Wanted(gateway.base_url, key))
    assert came.failure is not None
    assert message in came.failure.message
    assert advice in came.failure.advice
    assert "Because." in came.failure.message + came.failure.advice


async def test_what_the_gateway_quotes_of_the_key_is_hidden(tmp_path: Path) -> None:
    async with FaultGateway(refusing("401 Unauthorized", f"Bad key {KEY}.")) as gateway:
        came = await refused(tmp_path, Wanted(gateway.base_url, KEY))
    assert came.failure is not None
    assert "Bad key" in came.failure.advice


async def hang(caller: Caller) -> None:
    await caller.until_hung_up()


async def test_a_gateway_that_is_silent_is_given_up_in_words(tmp_path: Path) -> None:
    async with FaultGateway(hang) as gateway:
        came = await refused(tmp_path, Wanted(gateway.base_url, KEY), limit_s=0.3)
    assert came.failure is not None
    assert came.failure.kind is ErrorKind.TIMEOUT
    assert "did not answer within 0.3 s" in came.failure.message
    assert not came.may_work


async def speak_no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:{closed}/v1", "refused"),
        ("http://no-such-host.invalid/v1", "Cannot find no-such-host.invalid"),
        ("https://127.0.0.1:{plain}/v1", "does not answer with TLS"),
    ],
)
async def test_what_lies_on_the_way_is_said(tmp_path: Path, address: str, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    async with await asyncio.start_server(speak_no_tls, "127.0.0.1") as plain:
        port = plain.sockets[0].getsockname()[1]
        came = await refused(tmp_path, Wanted(address.format(closed=closed, plain=port), KEY))
    assert came.failure is not None
    assert words in came.failure.message
    assert came.failure.advice


async def test_a_try_that_is_given_up_leaves_no_connection_behind(tmp_path: Path) -> None:
    arrived = asyncio.Event()

    async def hang_at_last(caller: Caller) -> None:
        arrived.set()
        await caller.until_hung_up()

    async with FaultGateway(hang_at_last) as gateway, asyncio.timeout(5):
        wiring = wired(tmp_path)
        trying = asyncio.create_task(try_gateway(wiring, Wanted(gateway.base_url, KEY)))
        await arrived.wait()
        trying.cancel()
        await asyncio.wait([trying])
        assert trying.cancelled()
        await gateway.callers[0].hung_up.wait()
        await wiring.services().close()


# Keys and their addresses


def answering() -> Script:
    """A gateway that lists models and answers questions."""

    async def script(caller: Caller) -> None:
        await (models(LIST) if caller.line.startswith("GET") else say(text("Yes") + END))(caller)

    return script


async def test_after_a_switch_each_gateway_gets_its_own_key_and_never_the_other_ones(tmp_path: Path) -> None:
    async with FaultGateway(answering()) as first, FaultGateway(answering()) as second:
        home = f'model = "m"\n[gateway.second]\nbase_url = "{second.base_url}"\n'
        (tmp_path / "config.toml").write_text(home)
        wiring = wired(tmp_path, SOLROUTER_API_KEY=KEY, SOLROUTER_BASE_URL=first.base_url)
        wiring.keep_key(second.base_url, OTHER_KEY, KeyPlace.RUN)
        await answer_of(wiring.services())
        named = wiring.connect_named("second")
        await answer_of(named, goes_on=True)
        back = wiring.connect(first.base_url, "")
        await answer_of(back, goes_on=True)
        assert named.gateway.name == "second"
        assert {caller.header("Authorization") for caller in first.callers} == {f"Bearer {KEY}"}
        assert {caller.header("Authorization") for caller in second.callers} == {f"Bearer {OTHER_KEY}"}
        assert KEY.encode() not in b"".join(caller.head + caller.body for caller in second.callers)
        for services in (named, back):
            await services.completer.close()
        await wiring.services().close()


async def test_the_key_of_the_environment_goes_to_no_gateway_with_a_name_and_to_no_other_address(
    tmp_path: Path,
) -> None:
    async with FaultGateway(models(LIST)) as first, FaultGateway(models(LIST)) as second:
        (tmp_path / "config.toml").write_text(f'[gateway.same]\nbase_url = "{first.base_url}"\n')
        wiring = wired(tmp_path, SOLROUTER_API_KEY=KEY, SOLROUTER_BASE_URL=first.base_url)
        for services in (wiring.connect_named("same"), wiring.connect(second.base_url, "")):
            await services.catalog.read(refresh=True)
            await services.completer.close()
        assert [caller.header("Authorization") for caller in (*first.callers, *second.callers)] == [None, None]
        assert wiring.known_key(first.base_url) == "the key in SOLROUTER_API_KEY"
        assert wiring.known_key(second.base_url) == ""
        await wiring.services().close()


@pytest.mark.parametrize("place", list(KeyPlace))
async def test_a_key_is_kept_where_it_was_wanted_and_forgotten_from_there(
    tmp_path: Path, place: KeyPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = Held()
    install(monkeypatch, keyring)
    async with FaultGateway(locked()) as gateway:
        wiring = wired(tmp_path)
        wiring.keep_key(gateway.base_url, KEY, place)
        assert any(KEY.encode() in content for content in kept_in(tmp_path)) is (place is KeyPlace.FILE)
        assert list(keyring.held.values()) == ([KEY] if place is KeyPlace.KEYRING else [])
        again = wired(tmp_path)
        assert again.connection.is_demo is (place is KeyPlace.RUN)
        if place is not KeyPlace.RUN:
            await again.services().catalog.read(refresh=True)
            assert gateway.callers[-1].header("Authorization") == f"Bearer {KEY}"
        assert wiring.forget_key(gateway.base_url)
        assert wiring.forget_key(gateway.base_url) == ""
        assert wiring.known_key(gateway.base_url) == ""
        assert not any(KEY.encode() in content for content in kept_in(tmp_path))
        assert keyring.held == {}
        for each in (wiring, again):
            await each.services().close()


async def test_a_gateway_gets_a_name_in_the_settings_and_is_reached_by_it_at_once(tmp_path: Path) -> None:
    wiring = wired(tmp_path)
    services = wiring.connect("http://127.0.0.1:9/v1?code=hush", "")
    wiring.save_gateway("home", "http://127.0.0.1:9/v1?…")
    assert wiring.gateways == {"home": "http://127.0.0.1:9/v1?…"}
    assert wiring.connect_named("home").gateway.base_url == "http://127.0.0.1:9/v1?code=hush"
    with pytest.raises(SettingsError, match="already"):
        wiring.save_gateway("home", "http://127.0.0.1:8")
    await services.completer.close()
    await wiring.services().close()
