"""What is said of a way that leads nowhere, a wait that nobody can mean, and a key that cannot be sent."""

from email.utils import formatdate

import pytest

from tests.client.asking import NOW, QUESTION, Asker, ask, words
from tests.client.test_before_the_answer import GOOD, ONCE, free_port, refuse
from tests.gateways.fault import FaultGateway
from tui_chat.client.catalog import HttpCatalog
from tui_chat.client.http import HttpConnection
from tui_chat.client.stream import HttpCompleter
from tui_chat.core.errors import ErrorKind, Failure, GatewayError
from tui_chat.core.reply import fold
from tui_chat.providers.openai_chat import OpenAIChat


async def test_a_dead_proxy_is_named_and_not_the_host_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://user:secret@127.0.0.1:{port}")
    async with Asker("http://gateway.invalid/ai", ONCE) as asker:
        reply = fold(await asker.ask())

    assert reply.failure is not None
    assert reply.failure.message == f"Cannot reach the proxy 127.0.0.1:{port} (refused)."
    assert "HTTPS_PROXY" in reply.failure.advice


async def test_a_proxy_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://no-such-proxy.invalid:8080")
    async with Asker("http://gateway.invalid/ai", ONCE) as asker:
        reply = fold(await asker.ask())

    assert "Cannot find the proxy no-such-proxy.invalid:8080" in words(reply)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("9" * 20, "more than 31 days, which is hardly meant"),
        (formatdate(NOW + 4e9, usegmt=True), "more than 31 days, which is hardly meant"),
        ("86400", "asks to wait 24 hours"),
        ("600", "asks to wait 10 minutes"),
        ("864000", "asks to wait 10 days"),
        ("90", "asks to wait 90 s"),
    ],
)
async def test_a_wait_that_nobody_can_mean_is_said_to_be_one(asked: str, told: str) -> None:
    async with FaultGateway(refuse("429 Too Many", Retry_After=asked)) as gateway:
        reply = await ask(gateway)

    assert told in words(reply)
    assert reply.failure is not None
    assert (reply.failure.retry_after_s or 0.0) <= 31 * 86400


async def test_nothing_is_sent_where_the_key_cannot_be() -> None:
    why = Failure(ErrorKind.SETTINGS, "The key contains a line break.", "Copy it once more.")
    async with FaultGateway(GOOD) as gateway:
        connection = HttpConnection(gateway.base_url, refusal=why, environ={})
        completer = HttpCompleter(connection, OpenAIChat(), now=lambda: NOW, random=lambda: 0.0)
        reply = fold([event async for event in completer.stream(QUESTION)])
        with pytest.raises(GatewayError) as refused:
            await HttpCatalog(connection, None, now=lambda: NOW).read()

    assert (reply.failure, refused.value.failure, gateway.callers) == (why, why, [])
