"""The search for servers on this machine, over real sockets."""

import asyncio
from contextlib import AsyncExitStack

from tests.client.test_catalog import models
from tests.gateways.fault import Caller, FaultGateway, say
from tui_chat.client.local_servers import find_servers
from tui_chat.settings.known_servers import FoundServer, KnownServer

ENVIRON = {"HTTP_PROXY": "http://127.0.0.1:9", "SOLROUTER_API_KEY": "sr_stays_here"}


async def silent(caller: Caller) -> None:
    await caller.until_hung_up()


def now() -> float:
    return 0.0


async def test_servers_that_list_models_or_want_a_key_are_found_and_nothing_else_is() -> None:
    page = say(b"<html>A printer</html>", content_type="text/html")
    wants_key = say(b'{"error": "no key"}', "401 Unauthorized", "application/json")
    async with AsyncExitStack() as stack:
        scripts = (models({"data": [{"id": "a"}, {"id": "b"}]}), page, wants_key)
        listing, printer, locked = [await stack.enter_async_context(FaultGateway(script)) for script in scripts]
        servers = [
            KnownServer("Listing", listing.base_url),
            KnownServer("Printer", printer.base_url),
            KnownServer("Locked", locked.base_url),
            KnownServer("Nobody", "http://127.0.0.1:9/v1"),
        ]
        found = await find_servers(servers, now=now, environ=ENVIRON)
        assert found == (
            FoundServer("Listing", listing.base_url, 2),
            FoundServer("Locked", locked.base_url, None),
        )
        assert [caller.header("Authorization") for caller in listing.callers] == [None]


async def test_a_server_that_is_silent_holds_nobody_up() -> None:
    async with FaultGateway(silent) as hung, FaultGateway(models([{"id": "a"}])) as quick, asyncio.timeout(5):
        servers = [KnownServer("Hung", hung.base_url), KnownServer("Quick", quick.base_url)]
        found = await find_servers(servers, now=now, environ={}, limit_s=0.3)
        assert found == (FoundServer("Quick", quick.base_url, 1),)


async def test_a_server_on_the_port_of_another_has_the_name_that_its_models_tell() -> None:
    async with FaultGateway(models([{"id": "a", "owned_by": "vllm"}])) as gateway:
        servers = [
            KnownServer("llama.cpp", gateway.base_url, owned_by=("llamacpp",)),
            KnownServer("vLLM", "http://127.0.0.1:9", owned_by=("vllm",)),
        ]
        (found,) = await find_servers(servers, now=now, environ={})
        assert found.name == "vLLM"


async def test_a_server_elsewhere_is_not_asked() -> None:
    assert await find_servers([KnownServer("Far", "https://gateway.invalid/v1")], now=now, environ={}) == ()
