"""Ways to a gateway that are closed, endless, encrypted, or lead through somebody else. Real sockets on loopback."""

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

from tests.client.asking import KEY, Asker, words
from tests.gateways.fault import Caller, FaultGateway, say
from tests.providers.streams import PAGE_TEXT
from tui_chat.client.errors import failure_of
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.client.retry import RetryPolicy
from tui_chat.core.parts import user_message
from tui_chat.core.reply import Reply, fold
from tui_chat.core.request import Request
from tui_chat.core.stream_events import Outcome

ONCE = Limits(connect_s=2.0, headers_s=2.0, silence_s=2.0, retry=RetryPolicy(retries=0))
CERTIFICATE = Path(__file__).parent.parent / "data" / "loopback-cert.pem"
SIGNS_ITSELF = {"SSL_CERT_FILE": str(CERTIFICATE)}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


async def ask_at(base_url: str, limits: Limits = ONCE, environ: dict[str, str] | None = None) -> Reply:
    async with Asker(base_url, limits, environ=environ) as asker:
        return fold(await asker.ask())


@asynccontextmanager
async def tls_server(answer: bytes) -> AsyncGenerator[int, None]:
    """A server with a certificate of its own making; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("loopback-key.pem"))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


ANSWER = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\n\r\n" + PAGE_TEXT


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted() -> None:
    async with tls_server(ANSWER) as port:
        reply = await ask_at(f"https://127.0.0.1:{port}/ai")

    assert f"certificate of 127.0.0.1:{port} is not trusted" in words(reply)
    assert "SSL_CERT_FILE" in words(reply)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_certificate_that_the_environment_names_is_trusted(host: str) -> None:
    async with tls_server(ANSWER) as port:
        reply = await ask_at(f"https://{host}:{port}/ai", environ=SIGNS_ITSELF)

    assert (reply.outcome, reply.text) == (Outcome.COMPLETE, "Low latency feels like magic.")


async def test_plain_words_to_a_tls_port_name_the_likely_cause() -> None:
    async with tls_server(ANSWER) as port:
        reply = await ask_at(f"http://127.0.0.1:{port}/ai")

    assert "https://" in words(reply)


async def test_a_black_hole_ends_at_its_limit_and_names_it() -> None:
    with socket.socket() as hole, socket.socket() as first, socket.socket() as second:
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        for filler in (first, second):  # the queue is full now, and the kernel lets further calls wait
            filler.setblocking(False)
            filler.connect_ex(hole.getsockname())
        port = hole.getsockname()[1]
        reply = await ask_at(f"http://127.0.0.1:{port}/ai", Limits(connect_s=0.3, retry=RetryPolicy(retries=0)))

    assert f"Cannot reach 127.0.0.1:{port}: no connection within 0.3 s." in words(reply)
    assert "connect_timeout_s" in words(reply)


@pytest.mark.parametrize("code", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN])
def test_without_a_network_that_is_what_is_said(code: int) -> None:
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = OSError(code, "unreachable")

    assert "no network" in failure_of(error, HttpConnection("https://gateway.example/ai", KEY, environ={})).message


class Refuser:
    """A server that reads the head of a request, says what it is given to say, and hangs up or stays."""

    def __init__(self, said: bytes, *, stays: bool = False) -> None:
        self._said, self._stays = said, stays
        self.calls = 0
        self.may_go = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self._said)
        await writer.drain()
        if self._stays:
            await self.may_go.wait()
        writer.close()  # what was not read makes the kernel reset the connection

    async def ask(self, size: int, *, tls: bool = False) -> Reply:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if tls else None
        if context is not None:
            context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("loopback-key.pem"))
        server = await asyncio.start_server(self, "127.0.0.1", 0, ssl=context)
        url = f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}/ai"
        large = Request("some/model", (user_message("x" * size),))
        async with server, Asker(url, Limits(headers_s=20.0), environ=SIGNS_ITSELF) as asker:
            reply = fold(await asker.ask(large))
            self.may_go.set()
            return reply


TOO_LARGE = b'{"error": {"message": "That is more than I take."}}'
REFUSAL = b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(TOO_LARGE) + TOO_LARGE


@pytest.mark.parametrize("size", [20_000, 300_000, 2_000_000, 5_000_000, 20_000_000])
async def test_a_refusal_in_the_middle_of_the_upload_is_told(size: int) -> None:
    refuser = Refuser(REFUSAL)

    assert "That is more than I take. Send less" in words(await refuser.ask(size))
    assert refuser.calls == 1


@pytest.mark.parametrize("early", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_a_large_question_arrives_whole_whatever_is_said_meanwhile(early: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(early)
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        assert b"x" * 1_000_000 in await reader.readexactly(length)
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    large = Request("some/model", (user_message("x" * 1_000_000),))
    async with server, Asker(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ai") as asker:
        assert fold(await asker.ask(large)).text == "Low latency feels like magic."


async def test_a_refusal_in_the_middle_of_a_secure_upload_is_told() -> None:
    assert "That is more than I take. Send less" in words(await Refuser(REFUSAL).ask(5_000_000, tls=True))


async def test_a_refusal_is_told_at_once_by_a_server_that_reads_no_further() -> None:
    assert "That is more than I take. Send less" in words(await Refuser(REFUSAL, stays=True).ask(20_000_000))


async def test_what_may_be_too_large_is_not_sent_again_after_a_server_hung_up_on_it() -> None:
    refuser = Refuser(b"")

    assert "hung up while the question was sent: it may be too large. Send less" in words(await refuser.ask(20_000_000))
    assert refuser.calls == 1


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


async def test_a_gateway_elsewhere_is_reached_through_the_proxy(no_proxies: pytest.MonkeyPatch) -> None:
    async with FaultGateway(say(PAGE_TEXT)) as proxy:
        no_proxies.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        reply = await ask_at("http://gateway.invalid/ai")

    assert reply.outcome is Outcome.COMPLETE
    assert proxy.callers[0].line == "POST http://gateway.invalid/ai/chat/completions HTTP/1.1"


async def test_a_host_that_needs_no_proxy_gets_none(no_proxies: pytest.MonkeyPatch) -> None:
    async with FaultGateway(say(PAGE_TEXT)) as proxy:
        no_proxies.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        no_proxies.setenv("NO_PROXY", "example.com,gateway.invalid")
        reply = await ask_at("http://gateway.invalid/ai")

    assert "Cannot find gateway.invalid" in words(reply)
    assert proxy.callers == []


async def test_a_proxy_that_opens_no_tunnel_is_said_and_sees_neither_key_nor_question(
    no_proxies: pytest.MonkeyPatch,
) -> None:
    async def refuse(caller: Caller) -> None:
        await caller.begin("407 Proxy Authentication Required", "")

    async with FaultGateway(refuse) as proxy:
        no_proxies.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        reply = await ask_at("https://gateway.invalid/ai", environ=SIGNS_ITSELF)

    assert "proxy would not connect to gateway.invalid" in words(reply)
    assert proxy.callers[0].line == "CONNECT gateway.invalid:443 HTTP/1.1"
    assert KEY.encode() not in proxy.callers[0].head


async def test_a_socks_proxy_without_its_package_is_said(no_proxies: pytest.MonkeyPatch) -> None:
    no_proxies.setenv("ALL_PROXY", "socks5://127.0.0.1:9")

    assert "needs a package that is not installed (socksio)" in words(await ask_at("http://gateway.invalid/ai"))


async def test_a_query_in_the_base_url_goes_with_every_request() -> None:
    async with FaultGateway(say(PAGE_TEXT)) as gateway:
        reply = await ask_at(f"http://127.0.0.1:{gateway.port}/ai?api-version=1")

    assert reply.outcome is Outcome.COMPLETE
    assert gateway.callers[0].line == "POST /ai/chat/completions?api-version=1 HTTP/1.1"


def test_what_a_query_holds_is_in_no_error() -> None:
    connection = HttpConnection("https://gateway.example/ai?api-version=1&code=hush-hush", KEY, environ={})

    assert "hush" not in connection.secrets.redact("no such path: /ai/chat/completions?code=hush-hush")
