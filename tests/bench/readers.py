"""Four ways from the bytes of an answer to its text: ours, two that others use, and the floor under all of them."""

import importlib
import json
from collections.abc import Callable, Iterable, Iterator

import httpx
import httpx_sse

from tests.bench.corpus import Corpus
from tui_chat.core.event_mask import EventMask
from tui_chat.core.redact import Secrets
from tui_chat.core.reply import Reply, ReplyFold
from tui_chat.providers.openai_chat import OpenAIChat

Reader = Callable[[Corpus, list[bytes]], str]

_SECRETS = Secrets(["sk-proj-aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2eF4hJ6kL8nP0rS2uV4"])
_EVENT_STREAM = {"content-type": "text/event-stream"}


def folded(pieces: Iterable[bytes]) -> Reply:
    """Our whole path: framing, dialect, door, fold."""
    decoder = OpenAIChat().decoder()
    mask = EventMask(lambda: _SECRETS)
    fold = ReplyFold()
    for piece in pieces:
        for event in decoder.feed(piece):
            for masked in mask.feed(event):
                fold.feed(masked)
    for event in decoder.finish():
        for masked in mask.feed(event):
            fold.feed(masked)
    return fold.reply()


def ours(_: Corpus, pieces: list[bytes]) -> str:
    """The decoder of the dialect, the door that hides the key, and the fold."""
    return folded(pieces).text


def openai_sdk(_: Corpus, pieces: list[bytes]) -> str:
    """The OpenAI SDK's stream over a transport that has all bytes at hand, its deltas joined."""
    import openai  # takes seconds, which whoever only collects the tests does not have

    # It changed its HTTP library with version 3, and is measured on the one that it brings along.
    http = importlib.import_module("httpx2" if int(openai.__version__.split(".")[0]) >= 3 else "httpx")

    def answer(request: object) -> object:
        return http.Response(200, headers=_EVENT_STREAM, content=_yielded(pieces))

    http_client = http.Client(transport=http.MockTransport(answer))
    with openai.OpenAI(base_url="http://bench.invalid", api_key="sr_test", http_client=http_client) as client:
        stream = client.chat.completions.create(
            model="openai/gpt-4o-mini", stream=True, messages=[{"role": "user", "content": "hi"}]
        )
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream)


def httpx_sse_and_json(_: Corpus, pieces: list[bytes]) -> str:
    """httpx-sse for the framing, `json.loads` for the chunks."""
    response = httpx.Response(200, headers=_EVENT_STREAM, content=_yielded(pieces))
    texts: list[str] = []
    for event in httpx_sse.EventSource(response).iter_sse():
        if event.data == "[DONE]":
            break
        texts.append(json.loads(event.data)["choices"][0]["delta"].get("content") or "")
    return "".join(texts)


def floor(corpus: Corpus, _: list[bytes]) -> str:
    """`json.loads` of every chunk and nothing else: no framing, no UTF-8, not even a look at what it gives."""
    for payload in corpus.payloads:
        json.loads(payload)
    return corpus.text


def _yielded(pieces: list[bytes]) -> Iterator[bytes]:
    yield from pieces


READERS: dict[str, Reader] = {
    "tui-chat": ours,
    "OpenAI SDK": openai_sdk,
    "httpx-sse + json": httpx_sse_and_json,
    "floor: json.loads": floor,
}
