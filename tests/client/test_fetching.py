"""Web services that tools ask: what goes there, and what does not."""

from collections.abc import Callable

import httpx
import pytest

from tui_chat.chat.tool_ports import Fetched, FetchRequest
from tui_chat.client.fetching import HttpFetcher
from tui_chat.core.errors import GatewayError

Answer = Callable[[httpx.Request], httpx.Response]


async def fetch(answer: Answer, request: FetchRequest) -> Fetched:
    return await HttpFetcher({}, transport=httpx.MockTransport(answer)).fetch(request)


def asking(url: str = "https://api.example.com/v1", **other: object) -> FetchRequest:
    return FetchRequest("GET", url, **other)  # type: ignore[arg-type]  # fields of the request


async def test_what_was_planned_is_sent_and_no_key_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLROUTER_API_KEY", "sr_ours")
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(
            200, stream=httpx.ByteStream(b"sunny"), headers={"Content-Type": "text/plain; charset=utf-8"}
        )

    request = FetchRequest("POST", "https://api.example.com/v1?q=1", (("X-Token", "t"),), b'{"a": 1}')
    assert await fetch(answer, request) == Fetched(200, "text/plain", "utf-8", b"sunny", False)
    (sent,) = seen
    assert (sent.method, str(sent.url), sent.content) == ("POST", "https://api.example.com/v1?q=1", b'{"a": 1}')
    assert sent.headers["x-token"] == "t"
    assert "authorization" not in sent.headers
    assert "sr_ours" not in str(sent.headers.raw)


async def test_a_redirect_is_followed_on_the_same_host_without_cookies() -> None:
    cookies: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        cookies.append(request.headers.get("cookie", ""))
        if request.url.path == "/v1":
            return httpx.Response(302, headers={"Location": "/v2", "Set-Cookie": "a=b"})
        return httpx.Response(200, stream=httpx.ByteStream(request.url.path.encode()))

    assert (await fetch(answer, asking())).body == b"/v2"
    assert cookies == ["", ""]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "http://api.example.com/v1",
        "https://api.example.com:444/",
        "//evil.example/",
        "file:///x",
    ],
)
async def test_no_redirect_leads_to_another_host(target: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"Location": target})

    with pytest.raises(GatewayError, match="another host"):
        await fetch(answer, asking())
    assert asked == ["https://api.example.com/v1"]


async def test_what_was_sent_is_not_sent_again_elsewhere() -> None:
    with pytest.raises(GatewayError, match="not sent"):
        await fetch(
            lambda _: httpx.Response(308, headers={"Location": "/v2"}),
            FetchRequest("POST", "https://api.example.com/v1", (), b"{}"),
        )


async def test_redirects_end() -> None:
    with pytest.raises(GatewayError, match="without an end"):
        await fetch(lambda _: httpx.Response(302, headers={"Location": "/v1"}), asking())


async def test_no_more_is_kept_than_the_limit() -> None:
    fetched = await fetch(
        lambda _: httpx.Response(200, stream=httpx.ByteStream(b"x" * 100_000)), asking(limit_bytes=1000)
    )
    assert (len(fetched.body), fetched.is_cut) == (1000, True)


async def test_an_answer_that_is_compressed_unasked_is_not_unpacked() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "identity"
        return httpx.Response(200, stream=httpx.ByteStream(b"bomb"), headers={"Content-Encoding": "gzip"})

    with pytest.raises(GatewayError, match="compressed"):
        await fetch(answer, asking())


async def test_a_service_that_cannot_be_reached_is_said_in_words() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Name or service not known")

    with pytest.raises(GatewayError, match=r"api\.example\.com cannot be asked: Name or service not known"):
        await fetch(answer, asking())
