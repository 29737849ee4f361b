"""Faults before the answer: connecting, and answers that are errors. What the person is told, and how often we ask."""

import asyncio
import json
import socket
from email.utils import formatdate

import pytest

from tests.client.asking import KEY, NOW, QUICK, WITH_OPTIONS, Asker, ask, retries, words
from tests.gateways.fault import Caller, FaultGateway, Script, raw, say
from tests.providers.streams import PAGE_TEXT
from tui_chat.client.http import Limits
from tui_chat.client.retry import RetryPolicy
from tui_chat.core.errors import ErrorKind
from tui_chat.core.reply import fold
from tui_chat.core.request import Request, Sampling
from tui_chat.core.stream_events import FieldLeftOut, Outcome

ONCE = Limits(connect_s=1.0, headers_s=0.3, silence_s=1.0, retry=RetryPolicy(retries=0))
GOOD = say(PAGE_TEXT)


def refuse(status: str, body: object = None, **headers: str) -> Script:
    text = (
        body if isinstance(body, str) else json.dumps(body or {"error": {"message": "words", "type": "t", "code": "c"}})
    )
    return say(text.encode(), status, "application/json", **headers)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


async def test_a_closed_port_is_named_and_tried_again() -> None:
    port = free_port()
    async with Asker(f"http://127.0.0.1:{port}/ai") as asker:
        events = await asker.ask()

    reply = fold(events)
    assert reply.failure is not None
    assert reply.failure.message == f"Cannot reach 127.0.0.1:{port} (refused)."
    assert asker.slept_s == [0.5, 1.0, 2.0]
    assert reply.retries == 3


async def test_a_host_that_refuses_at_each_of_its_addresses_is_said_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port: int = closed.getsockname()[1]

    def addresses(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", port)) for last in (1, 2)]

    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    async with Asker(f"http://gateway.test:{port}/ai", Limits(retry=RetryPolicy(retries=0))) as asker:
        reply = fold(await asker.ask())

    assert reply.failure is not None
    assert reply.failure.message == f"Cannot reach gateway.test:{port} (refused)."


async def test_a_host_that_does_not_exist_is_named() -> None:
    async with Asker("http://nope.invalid/ai", ONCE) as asker:
        reply = fold(await asker.ask())

    assert reply.failure is not None
    assert reply.failure.kind is ErrorKind.NETWORK
    assert "nope.invalid" in words(reply)
    assert "Errno" not in words(reply)


async def drip_headers(caller: Caller) -> None:
    await caller.write(b"HTTP/1.1 200 OK\r\n")
    while not caller.hung_up.is_set():
        await caller.write(b"X: y\r\n")
        await asyncio.wait([asyncio.ensure_future(caller.hung_up.wait())], timeout=0.05)


async def stay_silent(caller: Caller) -> None:
    await caller.until_hung_up()


@pytest.mark.parametrize("script", [stay_silent, drip_headers])
async def test_headers_have_a_real_deadline(script: Script) -> None:
    async with FaultGateway(script) as gateway:
        reply = await ask(gateway, ONCE)

    assert reply.failure is not None
    assert reply.failure.kind is ErrorKind.TIMEOUT
    assert "within 0.3 s" in reply.failure.message
    assert len(gateway.callers) == 1


@pytest.mark.parametrize(
    "answer", [b"220 mail.example.org ESMTP\r\n", b"\x16\x03\x01\x02\x00garbage", b"SSH-2.0-x\r\n"]
)
async def test_a_server_that_speaks_no_http_is_said_to(answer: bytes) -> None:
    async with FaultGateway(raw(answer)) as gateway:
        reply = await ask(gateway, ONCE)

    assert "HTTP" in words(reply)
    assert "Check the" in words(reply)


@pytest.mark.parametrize("limits", [ONCE, Limits(connect_s=0.3, headers_s=5.0, retry=RetryPolicy(retries=0))])
async def test_tls_to_a_port_that_stays_silent_names_the_likely_cause(limits: Limits) -> None:
    async with (
        FaultGateway(stay_silent) as gateway,
        Asker(gateway.base_url.replace("http:", "https:"), limits) as asker,
    ):
        reply = fold(await asker.ask())

    assert "does not answer with TLS" in words(reply)


async def test_tls_to_a_plain_port_names_the_likely_cause() -> None:
    async def answer_in_plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer_in_plain, "127.0.0.1", 0)
    async with server, Asker(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/ai", ONCE) as asker:
        reply = fold(await asker.ask())

    assert "does not answer with TLS" in words(reply)
    assert "https://" in words(reply)


async def test_a_connection_that_closes_without_an_answer_is_tried_again() -> None:
    async with FaultGateway(raw(b""), GOOD) as gateway:
        reply = await ask(gateway)

    assert (reply.outcome, reply.retries) == (Outcome.COMPLETE, 1)


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        ("400 Bad Request", ErrorKind.INVALID_REQUEST, ""),
        ("401 Unauthorized", ErrorKind.AUTHENTICATION, "API key"),
        ("402 Payment Required", ErrorKind.PAYMENT, "Top up"),
        ("403 Forbidden", ErrorKind.PERMISSION, ""),
        ("404 Not Found", ErrorKind.NOT_FOUND, "some/model"),
        ("413 Too Large", ErrorKind.INVALID_REQUEST, "Send less"),
        ("422 Unprocessable", ErrorKind.INVALID_REQUEST, ""),
    ],
)
async def test_a_refusal_is_told_once_in_the_servers_words(status: str, kind: ErrorKind, advice: str) -> None:
    async with FaultGateway(refuse(status)) as gateway:
        reply = await ask(gateway)

    failure = reply.failure
    assert failure is not None
    assert (failure.kind, failure.status, failure.type, failure.code) == (kind, int(status[:3]), "t", "c")
    assert failure.message.startswith("words")
    assert advice in failure.advice
    assert not failure.retryable
    assert len(gateway.callers) == 1


async def test_an_old_page_is_read_in_its_own_encoding() -> None:
    page = "<title>Dienst nicht verfügbar</title>".encode("latin-1")
    async with FaultGateway(say(page, "403 No", "text/html; charset=ISO-8859-1")) as gateway:
        assert "Dienst nicht verfügbar" in words(await ask(gateway))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": "words"}, "words"),
        ([{"error": {"message": "words"}}], "words"),
        ({"detail": "words"}, "words"),
        ({"detail": [{"loc": ["body", "x"], "msg": "words"}]}, "x: words"),
        ({"message": "words"}, "words"),
        ({"error": {"message": '{"error": {"message": "words"}}'}}, "words"),
        ("words\n", "words"),
        ("<html><head><title>502 Bad\nGateway</title></head><body><h1>x</h1></body></html>", "502 Bad Gateway"),
        ("<p>words <b>and</b> more</p>", "words and more"),
        ("a\x1b]0;title\x07b\u202e", "a␛]0;title␇b\ufffd"),
        ("{}", "The gateway answered 403 (forbidden)."),
        ("", "The gateway answered 403 (forbidden)."),
    ],
)
async def test_the_message_is_dug_out_of_every_shape(body: object, message: str) -> None:
    async with FaultGateway(refuse("403 Forbidden", body if body != "" else " ")) as gateway:
        reply = await ask(gateway)

    assert reply.failure is not None
    assert reply.failure.message == message


async def test_the_key_goes_out_once_and_never_comes_back() -> None:
    body = {"error": {"message": f"Incorrect API key provided: {KEY}. Also sk-abcdef123456", "code": KEY, "type": KEY}}
    async with FaultGateway(refuse("401 Unauthorized", body)) as gateway:
        reply = await ask(gateway)

    assert gateway.callers[0].header("authorization") == f"Bearer {KEY}"
    assert KEY not in repr(reply)
    assert "sk-abcdef" not in repr(reply)


async def test_no_key_sends_no_authorization() -> None:
    async with FaultGateway(GOOD) as gateway, Asker(gateway.base_url, key="") as asker:
        await asker.ask()

    assert gateway.callers[0].header("authorization") is None


@pytest.mark.parametrize(
    ("headers", "slept_s"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "1.5"}, 1.5),
        ({"retry_after_ms": "250"}, 0.25),
        ({"Retry_After": formatdate(NOW + 9, usegmt=True)}, 9.0),
        ({"Retry_After": "soon"}, 0.5),
        ({"Retry_After": "0"}, 0.5),
        ({"Retry_After": "-3"}, 0.5),
        ({"Retry_After": "nan"}, 0.5),
        ({"Retry_After": "inf"}, 0.5),
        ({"Retry_After": "9" * 35}, None),
        ({"Retry_After": formatdate(NOW - 9, usegmt=True)}, 0.5),
        ({"Retry_After": "Fooday, 99 Xyz 100000 99:99:99 GMT"}, 0.5),
        ({"llm_provider_retry_after": "3"}, 0.5),
        ({"Retry_After": "86400"}, None),
        ({"x_ratelimit_reset_requests": "6.1s"}, 6.1),
        ({"x_ratelimit_reset_requests": "2h", "x_ratelimit_reset_tokens": "7.66s"}, 7.66),
        (
            {
                "x_ratelimit_reset_requests": "9s",
                "x_ratelimit_remaining_requests": "0",
                "x_ratelimit_reset_tokens": "20ms",
                "x_ratelimit_remaining_tokens": "500",
            },
            9.0,
        ),
        ({"x_ratelimit_reset": str(int(NOW) + 4)}, 4.0),
        ({"x_ratelimit_reset": str((int(NOW) + 4) * 1000)}, 4.0),
        ({"ratelimit_reset": "3"}, 3.0),
        ({"x_ratelimit_reset_requests": "0s"}, 0.5),
        ({"x_ratelimit_reset_tokens": "2h"}, None),
        ({"Retry_After": "2", "x_ratelimit_reset_tokens": "50s"}, 2.0),
    ],
)
async def test_a_rate_limit_waits_as_long_as_it_was_asked_to(headers: dict[str, str], slept_s: float | None) -> None:
    async with FaultGateway(refuse("429 Too Many", **headers), GOOD) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask())

    if slept_s is None:
        assert asker.slept_s == []
        assert "asks to wait" in words(reply)
    else:
        assert asker.slept_s == [pytest.approx(slept_s)]
        assert (reply.outcome, reply.retries) == (Outcome.COMPLETE, 1)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"message": "no", "code": "insufficient_quota"}}, ErrorKind.PAYMENT),
        ({"error": {"message": "Rate limit exceeded: free-models-per-day"}}, ErrorKind.RATE_LIMIT),
    ],
)
async def test_a_limit_that_does_not_pass_is_met_once(body: object, kind: ErrorKind) -> None:
    async with FaultGateway(refuse("429 Too Many", body), GOOD) as gateway:
        reply = await ask(gateway)

    assert reply.failure is not None
    assert (reply.failure.kind, len(gateway.callers), reply.retries) == (kind, 1, 0)


async def test_a_wait_that_is_asked_for_in_the_body_is_kept() -> None:
    body = {"error": {"message": "Please try again in 6.1s."}}
    async with FaultGateway(refuse("429 Too Many", body), GOOD) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask())

    assert (asker.slept_s, reply.outcome) == ([6.1], Outcome.COMPLETE)


async def test_the_way_out_is_said_where_a_server_answers_200_to_every_address() -> None:
    body = b'{"error":"Unexpected endpoint or method. (POST /chat/completions)"}'
    async with FaultGateway(say(body, content_type="application/json")) as gateway:
        reply = await ask(gateway)

    assert reply.failure is not None
    assert "Unexpected endpoint" in reply.failure.message
    assert "/v1" in reply.failure.advice
    assert not reply.failure.retryable


@pytest.mark.parametrize("status", ["408 X", "409 X", "425 X", "429 X", "500 X", "503 X", "529 X"])
async def test_what_may_pass_is_tried_again(status: str) -> None:
    async with FaultGateway(refuse(status), GOOD) as gateway:
        reply = await ask(gateway)

    assert (reply.outcome, reply.retries, len(gateway.callers)) == (Outcome.COMPLETE, 1, 2)


async def test_what_does_not_pass_ends_in_the_servers_words() -> None:
    async with FaultGateway(refuse("500 Internal Server Error")) as gateway, Asker(gateway.base_url) as asker:
        events = await asker.ask()

    assert [event.attempt for event in retries(events)] == [1, 2, 3]
    assert all(event.failure.message == "words" for event in retries(events))
    assert fold(events).failure == retries(events)[0].failure
    assert len(gateway.callers) == 4


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (say(b"<html><title>Hotel WiFi</title></html>", content_type="text/html"), "a web page: Hotel WiFi"),
        (say(b"", "204 No Content", ""), "answered 204"),
        (say(b""), "ended the answer before it began"),
        (say(b"", content_type="application/json"), "ended the answer before it began"),
        (say(b'{"error":{"message":"words"}}', content_type="application/json"), "words"),
    ],
)
async def test_an_answer_that_is_none_is_said_in_one_line(script: Script, told: str) -> None:
    async with FaultGateway(script) as gateway:
        reply = await ask(gateway)

    assert reply.outcome is not Outcome.COMPLETE
    assert told in words(reply)


async def test_any_good_status_may_hold_an_answer() -> None:
    async with FaultGateway(say(PAGE_TEXT, "201 Created")) as gateway:
        assert (await ask(gateway)).outcome is Outcome.COMPLETE


@pytest.mark.parametrize(
    "location", ["http://evil.invalid/ai/chat/completions", "/login", "file:///etc/passwd", "http://["]
)
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_not_followed(status: str, location: str) -> None:
    async with FaultGateway(say(b"", status, "", Location=location)) as gateway:
        reply = await ask(gateway)

    assert "redirects" in words(reply)
    assert [caller.line.split()[0] for caller in gateway.callers] == ["POST"]


@pytest.mark.parametrize(
    ("refusal", "dropped"),
    [
        ({"detail": "Unexpected keys in the request: {'stream_options'}"}, "stream_options"),
        (
            {"detail": [{"loc": ["body", "parallel_tool_calls"], "msg": "Extra inputs not permitted"}]},
            "parallel_tool_calls",
        ),
        ({"error": {"message": "Unsupported value: 'temperature' does not support 0.5"}}, "temperature"),
    ],
)
async def test_an_optional_field_that_is_refused_is_left_out(refusal: object, dropped: str) -> None:
    async with FaultGateway(refuse("422 No", refusal), GOOD) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask(WITH_OPTIONS))
        await asker.ask(WITH_OPTIONS)

    sent = [set(json.loads(caller.body)) for caller in gateway.callers]
    assert (reply.outcome, reply.retries) == (Outcome.COMPLETE, 0)
    assert sent[0] - sent[1] == {dropped}
    assert dropped not in sent[2]


async def test_a_limit_on_length_is_never_left_out() -> None:
    refusal = {"error": {"message": "max_tokens is unsupported"}}
    async with FaultGateway(refuse("400 No", refusal)) as gateway, Asker(gateway.base_url, QUICK) as asker:
        reply = fold(await asker.ask(WITH_OPTIONS))

    assert reply.outcome is Outcome.ERROR
    assert len(gateway.callers) == 1


async def test_a_gateway_on_this_machine_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    async with FaultGateway(GOOD) as gateway:
        reply = await ask(gateway)

    assert reply.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "nonsense://x"])
async def test_a_proxy_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    async with Asker("http://gateway.invalid/ai", ONCE) as asker:
        reply = fold(await asker.ask())

    assert "proxy" in words(reply).lower()


async def test_certificates_that_cannot_be_read_are_said() -> None:
    async with Asker("https://127.0.0.1:9/ai", ONCE, environ={"SSL_CERT_FILE": "/nonexistent.pem"}) as asker:
        reply = fold(await asker.ask())

    assert "SSL_CERT_FILE" in words(reply)


async def test_what_was_left_out_is_said_and_why() -> None:
    refusal = {"error": {"message": "Unsupported parameter: 'temperature' is not supported with this model."}}
    async with FaultGateway(refuse("400 No", refusal), GOOD) as gateway, Asker(gateway.base_url) as asker:
        events = await asker.ask(WITH_OPTIONS)
        again = await asker.ask(WITH_OPTIONS)

    said = [event for event in events if isinstance(event, FieldLeftOut)]
    assert said == [FieldLeftOut("temperature", refusal["error"]["message"])]
    assert fold(events).left_out == fold(again).left_out == ("temperature",)
    assert len(gateway.callers) == 3


async def test_what_the_server_never_takes_is_said_of_every_answer() -> None:
    refusal = {"detail": "Unexpected keys in the request: {'stream_options'}"}
    async with FaultGateway(refuse("422 No", refusal), GOOD) as gateway, Asker(gateway.base_url) as asker:
        replies = [fold(await asker.ask()), fold(await asker.ask())]

    assert [reply.left_out for reply in replies] == [("stream_options",)] * 2
    assert len(gateway.callers) == 3


async def test_a_limit_that_goes_by_another_name_is_sent_and_remembered() -> None:
    refusal = {"error": {"message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."}}
    async with FaultGateway(refuse("400 No", refusal), GOOD) as gateway, Asker(gateway.base_url) as asker:
        replies = [fold(await asker.ask(WITH_OPTIONS)), fold(await asker.ask(WITH_OPTIONS))]

    sent = [json.loads(caller.body) for caller in gateway.callers]
    assert [body.get("max_completion_tokens") for body in sent] == [None, 9, 9]
    assert ["max_tokens" in body for body in sent] == [True, False, False]
    assert [reply.left_out for reply in replies] == [(), ()]


async def test_a_value_out_of_range_is_said_with_what_to_change() -> None:
    refusal = {"error": {"message": "Invalid 'temperature': decimal above maximum value. Expected a value <= 0.1"}}
    async with FaultGateway(refuse("400 No", refusal)) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask(WITH_OPTIONS))

    assert reply.failure is not None
    assert reply.failure.advice == "Set temperature to a value that the model takes."
    assert len(gateway.callers) == 1


async def test_a_server_that_refuses_everything_is_asked_a_few_times_only() -> None:
    async def script(caller: Caller) -> None:
        name = next((name for name in ("seed", "top_p", "temperature") if name.encode() in caller.body), "messages")
        await refuse("400 No", {"error": {"message": f"Unknown parameter: '{name}'"}})(caller)

    async with FaultGateway(script) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask(Request("m", WITH_OPTIONS.messages, sampling=Sampling(0.5, 0.9, seed=1))))

    assert (reply.outcome, len(gateway.callers)) == (Outcome.ERROR, 4)
    assert set(reply.left_out) == {"seed", "top_p", "temperature"}
