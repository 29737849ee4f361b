"""The table at the door: no exception of the HTTP library is left out, and none brings its own words along."""

import inspect

import httpx
import pytest

from tui_chat.client.errors import FOREIGN, failure_of, with_way_out
from tui_chat.client.http import HttpConnection, is_loopback
from tui_chat.core.errors import ErrorKind, Failure

KEY = "sr_secret_key_0123456789"
RAISED = sorted(
    {
        cls
        for _, cls in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(cls, httpx.HTTPError | httpx.InvalidURL | httpx.StreamError)
        and cls not in (httpx.HTTPStatusError, httpx.StreamError)
    },
    key=lambda cls: cls.__name__,
)


def connection() -> HttpConnection:
    return HttpConnection("https://gateway.example/ai", KEY, environ={})


@pytest.mark.parametrize("cls", RAISED)
def test_every_exception_of_the_library_becomes_words(cls: type[Exception]) -> None:
    error = (
        cls() if cls.__name__ in ("StreamConsumed", "StreamClosed", "ResponseNotRead", "RequestNotRead") else cls(KEY)
    )
    assert isinstance(error, FOREIGN)

    failure = failure_of(error, connection())

    assert failure.message
    assert failure.advice
    assert KEY not in repr(failure)
    assert failure.kind is not ErrorKind.INTERNAL


def test_a_key_that_no_header_can_carry_is_said_without_it() -> None:
    failure = failure_of(httpx.LocalProtocolError(f"Illegal header value b'Bearer {KEY}\\n'"), connection())

    assert failure.kind is ErrorKind.AUTHENTICATION
    assert KEY not in repr(failure)


def test_every_text_of_a_failure_is_redacted() -> None:
    failure = Failure(ErrorKind.GATEWAY, KEY, KEY, type=KEY, code=KEY)

    assert KEY not in repr(connection().secrets.redact_failure(failure))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.0.0.2/", True),
        ("http://[::1]:8/", True),
        ("http://0.0.0.0:8/", True),
        ("http://a.localhost/", True),
        ("https://127.0.0.1.example/", False),
        ("https://api.solrouter.io/ai", False),
    ],
)
def test_this_machine_is_known_by_its_names(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_the_host_is_named_as_people_write_it() -> None:
    assert HttpConnection("http://[::1]:8/ai", environ={}).host == "::1:8"
    assert HttpConnection("https://user:pw@h.example/ai", environ={}).host == "h.example"


@pytest.mark.parametrize(
    ("base_url", "message", "status", "is_told"),
    [
        ("http://localhost:1234", "Unexpected endpoint or method. (POST /chat/completions)", None, True),
        ("http://localhost:1234/", "404 page not found (model m)", 404, True),
        ("http://localhost:1234", "Not Found (model m)", 404, True),
        ("http://localhost:1234", "Cannot POST /chat/completions", 404, True),
        ("http://localhost:1234/v1", "Not Found", 404, False),
        ("https://host/v1beta/openai", "Not Found", 404, False),
        ("https://host/ai", "The model m was not found", 404, False),
        ("https://host/ai", "Unexpected endpoint", 500, False),
        ("https://host/ai", "Rate limited", None, False),
    ],
)
def test_the_end_that_a_base_url_lacks_is_said(base_url: str, message: str, status: int | None, is_told: bool) -> None:
    failure = Failure(ErrorKind.GATEWAY, message, "Ask again.", True, status)

    assert ("/v1" in with_way_out(failure, base_url).advice) is is_told
