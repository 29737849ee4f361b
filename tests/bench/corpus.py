"""Streams to measure with: chunks as OpenAI sends them, and the reads that they arrive in."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

SOCKET_READ = 64 * 1024
_WORDS = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness. "
)


@dataclass(frozen=True)
class Corpus:
    """One answer on the wire."""

    payloads: list[str]
    """The chunks' JSON, without framing: what the floor is given."""
    body: bytes
    text: str
    """What a reader must make of it."""

    @property
    def event_bytes(self) -> float:
        """The mean size of an event, framing included."""
        return len(self.body) / len(self.payloads)


def corpus(chunks: int, delta_chars: int) -> Corpus:
    """An answer of so many chunks of so many characters; id, model and the rest repeat in each, as they do in life."""
    words = _WORDS * (delta_chars // len(_WORDS) + 2)
    deltas = [words[at % len(_WORDS) :][:delta_chars] for at in range(0, chunks * delta_chars, delta_chars)]
    payloads = [_chunk({"content": delta}, None) for delta in deltas]
    payloads[0] = _chunk({"role": "assistant", "content": deltas[0]}, None)
    payloads[-1] = _chunk({"content": deltas[-1]}, "stop")
    body = "".join(f"data: {payload}\n\n" for payload in payloads) + "data: [DONE]\n\n"
    return Corpus(payloads, body.encode(), "".join(deltas))


def _chunk(delta: dict[str, str], finish_reason: str | None) -> str:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return json.dumps(
        {
            "id": "chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG",
            "object": "chat.completion.chunk",
            "created": 1741570283,
            "model": "openai/gpt-4o-mini",
            "choices": [choice],
        },
        separators=(",", ":"),
    )


def whole(body: bytes) -> list[bytes]:
    """Reads as large as a socket gives when the sender is ahead."""
    return [body[at : at + SOCKET_READ] for at in range(0, len(body), SOCKET_READ)]


def cut_at_random(body: bytes, mean: float) -> list[bytes]:
    """Reads of any size from one byte to twice the mean, the same ones each time."""
    chance = random.Random(20)
    pieces: list[bytes] = []
    at = 0
    while at < len(body):
        size = chance.randint(1, max(1, round(2 * mean) - 1))
        pieces.append(body[at : at + size])
        at += size
    return pieces


def repeated(event: bytes, times: int, per_read: int | None = None) -> Iterator[bytes]:
    """The same event over and over, then a proper end; as many a read as a socket gives, or as are asked for. Holds no
    more than one read."""
    per_read = per_read or max(1, SOCKET_READ // len(event))
    block = event * per_read
    for _ in range(times // per_read):
        yield block
    yield event * (times % per_read)
    yield f"data: {_chunk({}, 'stop')}\n\ndata: [DONE]\n\n".encode()


def text_event(delta: str) -> bytes:
    """One chunk of text."""
    return f"data: {_chunk({'content': delta}, None)}\n\n".encode()
