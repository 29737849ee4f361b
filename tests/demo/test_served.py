"""The served gateway against the clients of the service's page on streaming, with only the base URL changed."""

import http.client
import json
import shutil
import signal
import subprocess
import urllib.parse
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.demo.asking import body
from tests.demo.served import served

if TYPE_CHECKING:  # the SDK takes half a second to import: only who runs its tests waits for it
    from openai import OpenAI
    from openai.types.chat import ChatCompletionToolParam

WEATHER: "ChatCompletionToolParam" = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Returns weather for a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with served() as (url, _):
        yield url


@pytest.fixture
def sdk(base_url: str) -> "Iterator[OpenAI]":
    from openai import OpenAI

    with OpenAI(base_url=base_url, api_key="sr_test", max_retries=0) as client:
        yield client


def test_the_base_url_is_on_loopback(base_url: str) -> None:
    parts = urllib.parse.urlsplit(base_url)

    assert (parts.scheme, parts.hostname, parts.path) == ("http", "127.0.0.1", "/ai")


def test_a_kept_connection_is_answered_at_once(base_url: str) -> None:
    with httpx.Client(trust_env=False, headers={"Authorization": "Bearer sr_test"}) as client:
        taken_s = [client.get(f"{base_url}/models").elapsed.total_seconds() for _ in range(6)]

    assert min(taken_s[1:]) < 0.03, "small writes wait for the client's acknowledgement (Nagle), 40 ms each time"


def test_the_pages_httpx_loop(base_url: str) -> None:
    url = f"{base_url}/chat/completions"
    headers = {
        "Authorization": "Bearer sr_test",
        "Content-Type": "application/json",
        "Accept": "text/event-stream",
    }
    payload = {
        "model": "openai/gpt-4o-mini",
        "stream": True,
        "messages": [{"role": "user", "content": "Explain what SSE streaming is."}],
    }
    full_text = ""
    usage = None
    is_done = False

    with httpx.stream("POST", url, headers=headers, json=payload, timeout=60.0) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            if not line or not line.startswith("data: "):
                continue
            data = line[6:]
            if data == "[DONE]":
                is_done = True
                break
            chunk = json.loads(data)
            delta = chunk.get("choices", [{}])[0].get("delta", {}).get("content", "")
            if delta:
                full_text += delta
            if "usage" in chunk:
                usage = chunk["usage"]

    assert is_done
    assert "SSE streaming" in full_text
    assert usage is not None
    assert usage["cost"] > 0
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_pages_curl_command(base_url: str) -> None:
    question = {"role": "user", "content": "Write a short haiku about speed."}
    command = [
        "curl", "-sS", f"{base_url}/chat/completions", "--noproxy", "*",
        "-H", "Authorization: Bearer sr_test",
        "-H", "Content-Type: application/json",
        "-H", "Accept: text/event-stream",
        "-d", json.dumps({"model": "openai/gpt-4o-mini", "stream": True, "messages": [question]}),
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)

    events = result.stdout.strip().split("\n\n")
    assert events[-1] == "data: [DONE]"
    assert json.loads(events[-2][6:])["usage"]["cost"] > 0


def test_the_pages_sdk_sample(sdk: "OpenAI") -> None:
    stream = sdk.chat.completions.create(
        model="openai/gpt-4o-mini",
        stream=True,
        messages=[{"role": "user", "content": "Write a slogan for a fast AI API."}],
    )
    text = ""
    usage = None
    for chunk in stream:
        delta = chunk.choices[0].delta.content or ""
        text += delta
        usage = chunk.usage or usage

    assert text.startswith("**")
    assert usage is not None
    assert usage.model_extra is not None
    assert usage.model_extra["cost"] > 0


def test_the_sdk_reads_usage_when_it_asks_for_it(sdk: "OpenAI") -> None:
    stream = sdk.chat.completions.create(
        model="demo/writer",
        stream=True,
        stream_options={"include_usage": True},
        messages=[{"role": "user", "content": "a haiku"}],
    )
    reports = [chunk.usage for chunk in stream if chunk.usage]

    assert len(reports) == 1
    assert reports[0].completion_tokens > 0


def test_two_parallel_calls_are_put_together_by_index(sdk: "OpenAI") -> None:
    stream = sdk.chat.completions.create(
        model="openai/gpt-4o-mini",
        stream=True,
        messages=[{"role": "user", "content": "What's the weather in Tokyo and Paris?"}],
        tools=[WEATHER],
    )
    names: dict[int, str] = {}
    ids: dict[int, str] = {}
    arguments: dict[int, str] = {}
    finish = None
    for chunk in stream:
        for call in chunk.choices[0].delta.tool_calls or []:
            assert call.function is not None
            ids.setdefault(call.index, call.id or "")
            names.setdefault(call.index, call.function.name or "")
            arguments[call.index] = arguments.get(call.index, "") + (call.function.arguments or "")
        finish = chunk.choices[0].finish_reason or finish

    assert names == {0: "get_weather", 1: "get_weather"}
    assert [json.loads(arguments[index]) for index in (0, 1)] == [{"city": "Tokyo"}, {"city": "Paris"}]
    assert len(set(ids.values())) == 2
    assert finish == "tool_calls"


def test_the_sdks_strict_accumulator_takes_text(sdk: "OpenAI") -> None:
    with sdk.chat.completions.stream(
        model="demo/writer", messages=[{"role": "user", "content": "Write 300 words about tea"}]
    ) as stream:
        text = "".join(event.delta for event in stream if event.type == "content.delta")
        final = stream.get_final_completion()

    assert final.choices[0].message.content == text
    assert final.choices[0].finish_reason == "stop"
    assert final.usage is not None


def test_the_sdks_strict_accumulator_takes_two_calls(sdk: "OpenAI") -> None:
    with sdk.chat.completions.stream(
        model="demo/tools",
        messages=[{"role": "user", "content": "Weather in Tokyo and Paris?"}],
        tools=[WEATHER],
    ) as stream:
        final = stream.get_final_completion()

    calls = final.choices[0].message.tool_calls
    assert calls is not None
    assert [json.loads(call.function.arguments)["city"] for call in calls] == ["Tokyo", "Paris"]


def test_the_sdk_lists_models_and_reads_one(sdk: "OpenAI") -> None:
    assert "demo/guide" in [model.id for model in sdk.models.list()]
    assert sdk.models.retrieve("demo/guide").id == "demo/guide"


@pytest.mark.parametrize(
    ("key", "model", "prompt", "error"),
    [
        ("sk-other", "demo/guide", "hi", "AuthenticationError"),
        ("sr_empty", "demo/writer", "hi", "APIStatusError"),
        ("sr_test", "demo/none", "hi", "NotFoundError"),
        ("sr_test", "demo/flaky", "429 always", "RateLimitError"),
        ("sr_test", "demo/flaky", "500 always", "InternalServerError"),
        ("sr_test", "demo/flaky", "400", "BadRequestError"),
        ("sr_test", "demo/flaky", "403", "PermissionDeniedError"),
    ],
)
def test_failures_are_the_sdks_own_errors(base_url: str, key: str, model: str, prompt: str, error: str) -> None:
    import openai

    with (
        openai.OpenAI(base_url=base_url, api_key=key, max_retries=0) as client,
        pytest.raises(getattr(openai, error)) as raised,
    ):
        client.chat.completions.create(model=model, stream=True, messages=[{"role": "user", "content": prompt}])

    assert raised.value.status_code in (400, 401, 402, 403, 404, 429, 500)
    assert raised.value.code
    if key == "sr_empty":
        assert raised.value.status_code == 402


def test_the_sdk_notices_an_error_inside_the_stream(sdk: "OpenAI") -> None:
    from openai import APIError

    stream = sdk.chat.completions.create(
        model="demo/flaky", stream=True, messages=[{"role": "user", "content": "error"}]
    )
    with pytest.raises(APIError, match="The provider failed"):
        list(stream)


def test_a_connection_that_breaks_off_is_seen_by_the_client(base_url: str) -> None:
    with (
        httpx.Client(trust_env=False) as client,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        client.post(
            f"{base_url}/chat/completions",
            headers={"Authorization": "Bearer sr_test"},
            json=body("demo/flaky", "close"),
        )


def test_a_page_on_loopback_may_call_and_others_may_not(base_url: str) -> None:
    url = f"{base_url}/chat/completions"
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    with httpx.Client(trust_env=False) as client:
        for origin in ("http://localhost:5173", "http://127.0.0.1:3000"):
            allowed = client.options(url, headers={"Origin": origin, **asking})
            assert allowed.status_code == 204
            assert allowed.headers["access-control-allow-origin"] == origin
            assert allowed.headers["access-control-allow-headers"] == "authorization,content-type"
            refused_key = client.post(url, headers={"Origin": origin}, json=body("demo/guide", "hi"))
            assert refused_key.status_code == 401
            assert refused_key.headers["access-control-allow-origin"] == origin
        for origin in ("https://example.org", "http://localhost.example.org", "http://127.0.0.1.example.org:80"):
            refused = client.options(url, headers={"Origin": origin, **asking})
            assert "access-control-allow-origin" not in refused.headers


def test_a_body_without_end_is_refused(base_url: str) -> None:
    with httpx.Client(trust_env=False) as client:
        reply = client.post(
            f"{base_url}/chat/completions", headers={"Authorization": "Bearer sr_test"}, content=b" " * 17_000_000
        )

    assert reply.status_code == 413


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_also_with_an_open_stream(signal_number: int) -> None:
    with served(speed=1.0) as (url, process):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        connection.request(
            "POST",
            f"{parts.path}/chat/completions",
            json.dumps(body("demo/flaky", "silence")),
            {"Authorization": "Bearer sr_test"},
        )
        assert connection.getresponse().readline().startswith(b"data: ")

        process.send_signal(signal_number)
        _, errors = process.communicate(timeout=30)  # the stream itself never ends, and the client holds it
        connection.close()

    assert "Traceback" not in errors
    assert "ERROR" not in errors


def test_a_port_that_is_taken_is_said(base_url: str, capfd: pytest.CaptureFixture[str]) -> None:
    from tui_chat.demo.serve import serve

    port = urllib.parse.urlsplit(base_url).port or 0

    assert serve(port, lambda _: None) == 1
    assert "--port" in capfd.readouterr().err
