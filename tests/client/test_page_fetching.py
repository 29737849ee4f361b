"""Pages of the public web: what is connected to, and what never is. Real sockets on loopback, which only these tests
may reach, by a judge of their own."""

import asyncio
import gzip
import socket
import ssl
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no stubs
import httpx
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.tool_ports import Page, PageRequest
from tui_chat.client import page_fetching
from tui_chat.client.page_fetching import PublicPages, is_elsewhere
from tui_chat.core.errors import ErrorKind, GatewayError
from tui_chat.core.placeholders import TemplateError
from tui_chat.core.web_address import web_address

HERE = "127.0.0.1"
CERTIFICATE = Path(__file__).parent.parent / "data" / "loopback-cert.pem"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@given(st.text(alphabet="ab/.?=&%#~:@!$'()*+,;-_äß [](){}|^`\"<>", max_size=30))
def test_what_is_shown_is_what_is_asked_to_the_last_character(text: str) -> None:
    try:
        shown = web_address(f"https://site.example/{text}")
    except TemplateError:
        return
    asked = httpx.URL(shown)
    assert str(asked) == shown
    assert asked.host == "site.example"


@dataclass
class Site:
    """A web server that gives the same bytes for a path, and notes what it was asked."""

    answers: Mapping[str, bytes]
    stays: bool = False
    """It never closes a connection by itself."""
    port: int = 0
    asked: list[str] = field(default_factory=list)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(request)
            writer.write(self.answers.get(request.split(" ")[1], answer(b"no such page", status="404 Not Found")))
            await writer.drain()
            if self.stays:
                await self.may_go.wait()
        writer.close()


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/plain") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def leading_to(target: str) -> bytes:
    return answer(b"", f"Location: {target}", "Set-Cookie: a=b", status="302 Found")


@asynccontextmanager
async def site(
    answers: Mapping[str, bytes], *, stays: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[Site, None]:
    served = Site(answers, stays)
    server = await asyncio.start_server(served.serve, HERE, 0, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        served.may_go.set()
        server.close()


@dataclass
class Names:
    """Looks up names in a table, whose entries change with each question."""

    known: Mapping[str, Sequence[Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    async def look_up(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self.known[host]
        return answers[min(self.asked.count(host), len(answers)) - 1]


def at_home(**more: Sequence[Sequence[str]]) -> Names:
    return Names({"site.example": [[HERE]], **{name.replace("_", "."): addresses for name, addresses in more.items()}})


async def fetch(names: Names, url: str, environ: Mapping[str, str] | None = None, **other: object) -> Page:
    pages = PublicPages(environ or {}, look_up=names.look_up, may_connect=lambda address: address == HERE)
    return await pages.fetch_page(PageRequest(url, **other))  # type: ignore[arg-type]  # fields of the request


async def refused(names: Names, url: str, environ: Mapping[str, str] | None = None, **other: object) -> GatewayError:
    with pytest.raises(GatewayError) as error:
        await fetch(names, url, environ, **other)
    return error.value


async def test_a_page_is_fetched_by_its_name_with_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLROUTER_API_KEY", "sr_ours")
    async with site({"/a?b=c": answer(b"words", "Content-Length: 5", kind="Text/Plain; charset=latin-1")}) as served:
        page = await fetch(at_home(), f"http://site.example:{served.port}/a?b=c")
    assert (page.fetched.status, page.fetched.media_type, page.fetched.charset) == (200, "text/plain", "latin-1")
    assert (page.fetched.body, page.fetched.is_cut, page.size_bytes) == (b"words", False, 5)
    (asked,) = served.asked
    names = {line.partition(":")[0].lower() for line in asked.splitlines()[1:] if line}
    assert f"host: site.example:{served.port}" in asked.lower()
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert "sr_ours" not in asked


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "[::1]",
                                  "[::ffff:127.0.0.1]", "127.1", "localhost."])  # fmt: skip
async def test_nothing_is_fetched_from_this_machine(host: str) -> None:
    async with site({"/": answer(b"secret")}) as served:
        with pytest.raises(GatewayError) as error:
            await PublicPages({}).fetch_page(PageRequest(f"http://{host}:{served.port}/"))
    assert served.asked == []
    assert error.value.failure.kind is not ErrorKind.TIMEOUT


@pytest.mark.parametrize("addresses", [["169.254.169.254"], ["10.0.0.1"], [HERE, "10.0.0.1"], ["10.0.0.1", HERE]])
async def test_one_address_that_is_not_public_refuses_the_host(addresses: list[str]) -> None:
    async with site({"/": answer(b"secret")}) as served:
        error = await refused(at_home(evil_example=[addresses]), f"http://evil.example:{served.port}/")
    assert "not public" in error.failure.message
    assert served.asked == []


def test_an_address_of_this_machine_is_not_connected_to_though_it_looks_public(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert is_elsewhere("1.1.1.1")
    monkeypatch.setattr(page_fetching, "is_public", lambda _: True)
    assert not is_elsewhere(HERE)


async def test_a_name_that_leads_elsewhere_when_it_is_asked_again_is_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = Names({"rebinds.example": [[HERE], ["127.0.0.2"]]})

    def looks_up(host: str | bytes | None, *others: object, **more: object) -> list[object]:
        raise AssertionError(f"{host!r} is looked up behind the check")

    monkeypatch.setattr(socket, "getaddrinfo", looks_up)
    async with site({"/": answer(b"words")}) as served:
        page = await fetch(names, f"http://rebinds.example:{served.port}/")
    assert page.fetched.body == b"words"
    assert names.asked == ["rebinds.example"]


async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async with site({"/": answer(b"words")}) as served:
        pages = PublicPages(
            {}, look_up=Names({"two.example": [["127.0.0.3", HERE]]}).look_up, may_connect=lambda _: True
        )
        page = await pages.fetch_page(PageRequest(f"http://two.example:{served.port}/"))
    assert page.fetched.body == b"words"


async def test_a_redirect_is_followed_without_cookies_and_is_checked_again() -> None:
    names = at_home(other_example=[[HERE]])
    async with site({}) as served:
        there = f"http://other.example:{served.port}/there"
        served.answers = {"/": leading_to(there), "/there": answer(b"words")}
        page = await fetch(names, f"http://site.example:{served.port}/")
    assert (page.url, page.fetched.body) == (there, b"words")
    assert names.asked == ["site.example", "other.example"]
    assert "cookie" not in served.asked[1].lower()
    assert "referer" not in served.asked[1].lower()


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("http://inner.example:{}/", "not public"),
        ("http://169.254.169.254/latest/meta-data/", "not public"),
        ("file:///etc/passwd", "http://"),
        ("http://user:pass@site.example:{}/", "password"),
        ("gopher://site.example:{}/", "http://"),
        ("/", "without an end"),
    ],
)
async def test_a_redirect_that_leads_elsewhere_is_refused(target: str, words: str) -> None:
    names = at_home(inner_example=[["192.168.0.1"]])
    names.known = {**names.known, "169.254.169.254": [["169.254.169.254"]]}
    async with site({}) as served:
        served.answers = {"/": leading_to(target.format(served.port))}
        error = await refused(names, f"http://site.example:{served.port}/")
    assert words in error.failure.message


async def test_a_name_that_becomes_private_at_the_redirect_is_refused() -> None:
    names = Names({"rebinds.example": [[HERE], ["10.0.0.1"]]})
    async with site({"/": leading_to("/again"), "/again": answer(b"secret")}) as served:
        error = await refused(names, f"http://rebinds.example:{served.port}/")
    assert "not public" in error.failure.message
    assert len(served.asked) == 1


def own_certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("loopback-key.pem"))
    return context


async def test_the_certificate_has_to_be_that_of_the_name_and_not_of_the_address() -> None:
    trusting = {"SSL_CERT_FILE": str(CERTIFICATE)}
    names = Names({"localhost": [[HERE]], "site.example": [[HERE]]})
    told: list[str | None] = []
    context = own_certificate()
    context.sni_callback = lambda _, name, __: told.append(name)
    async with site({"/": answer(b"words")}, tls=context) as served:
        page = await fetch(names, f"https://localhost:{served.port}/", trusting)
        error = await refused(names, f"https://site.example:{served.port}/", trusting)
    assert page.fetched.body == b"words"
    assert "certificate" in error.failure.message.lower()
    assert told == ["localhost", "site.example"]


async def test_https_is_not_left_for_an_address_without_it() -> None:
    names = Names({"localhost": [[HERE]], "site.example": [[HERE]]})
    async with site({}, tls=own_certificate()) as served, site({"/": answer(b"words")}) as plain:
        served.answers = {"/": leading_to(f"http://site.example:{plain.port}/")}
        error = await refused(names, f"https://localhost:{served.port}/", {"SSL_CERT_FILE": str(CERTIFICATE)})
    assert "without it" in error.failure.message
    assert plain.asked == []


PACK: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": partial(brotli.compress, quality=5),
    "zstd": zstandard.compress,
    "gzip, gzip": lambda body: gzip.compress(gzip.compress(body)),
}


@pytest.mark.parametrize("encoding", PACK)
async def test_no_more_of_a_bomb_is_kept_than_the_limit(encoding: str) -> None:
    bomb = PACK[encoding](b"x" * 30_000_000)
    async with site({"/": answer(bomb, f"Content-Encoding: {encoding}")}) as served:
        page = await fetch(at_home(), f"http://site.example:{served.port}/", limit_bytes=1000)
    assert (page.fetched.body, page.fetched.is_cut, page.size_bytes) == (b"x" * 1000, True, None)


async def test_what_is_packed_and_broken_is_said() -> None:
    async with site({"/": answer(b"no gzip", "Content-Encoding: gzip")}) as served:
        error = await refused(at_home(), f"http://site.example:{served.port}/")
    assert "cannot be opened" in error.failure.message


async def test_an_answer_without_an_end_is_cut() -> None:
    async with site({"/": answer(b"x" * 5000)}, stays=True) as served:
        page = await fetch(at_home(), f"http://site.example:{served.port}/", limit_bytes=1000)
    assert (len(page.fetched.body), page.fetched.is_cut) == (1000, True)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nX: ", answer(b"a few words")])
async def test_whoever_answers_too_slowly_is_not_waited_for(said: bytes) -> None:
    began = time.monotonic()
    async with site({"/": said}, stays=True) as served:
        error = await refused(at_home(), f"http://site.example:{served.port}/", timeout_s=0.2)
    assert error.failure.kind is ErrorKind.TIMEOUT
    assert time.monotonic() - began < 5.0


async def test_a_fetch_is_stopped_at_once_also_while_a_name_is_looked_up() -> None:
    begun = asyncio.Event()

    async def for_ever(host: str, port: int) -> Sequence[str]:
        begun.set()
        await asyncio.Event().wait()
        return []

    running = asyncio.ensure_future(PublicPages({}, look_up=for_ever).fetch_page(PageRequest("http://slow.example/")))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_name_that_nobody_knows_is_said() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(GatewayError, match=r"nobody\.example is not known"):
        await PublicPages({}, look_up=unknown).fetch_page(PageRequest("http://nobody.example/"))


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


async def test_the_proxy_of_the_environment_is_used_only_with_leave(proxies: pytest.MonkeyPatch) -> None:
    async with site({"/": answer(b"straight")}) as served, site({}) as proxy:
        url = f"http://site.example:{served.port}/"
        proxy.answers = {url: answer(b"by proxy")}
        proxies.setenv("HTTP_PROXY", f"http://{HERE}:{proxy.port}")
        assert (await fetch(at_home(), url)).fetched.body == b"straight"
        assert proxy.asked == []
        assert (await fetch(at_home(), url, through_proxy=True)).fetched.body == b"by proxy"


async def test_no_proxy_is_asked_for_what_is_known_not_to_be_public(proxies: pytest.MonkeyPatch) -> None:
    names = at_home(inner_example=[["10.0.0.1"]])
    async with site({}) as proxy:
        proxies.setenv("HTTP_PROXY", f"http://{HERE}:{proxy.port}")
        error = await refused(names, "http://inner.example/", through_proxy=True)
    assert "not public" in error.failure.message
    assert proxy.asked == []
