"""A gateway on loopback that bills by a rule of its own, and keeps a ledger to compare ours with.

What it does with each request in turn is drawn from a seed, whatever is asked: it answers, refuses for being busy or
broken, breaks off, tells no cost, or tells nothing. A question that begins with `HANG` is answered by two words and
then silence, until the other side hangs up.
"""

import asyncio
import contextlib
import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

HANG = "HANG"


@dataclass(frozen=True)
class Billed:
    """One answer that was begun."""

    model: str
    told_usd: Decimal | None
    """What was billed and told; None where it was not told."""
    tokens: tuple[int, int] | None
    """Prompt and completion tokens, where they were told."""
    listed_usd: Decimal = Decimal(0)
    """What was billed by the prices of a list."""


@dataclass(frozen=True)
class ListPrice:
    """A complete price: whole dollars for a million tokens of each kind, and for a thousand requests."""

    prompt: int
    completion: int
    cached: int
    written: int
    reasoning: int
    requests: int

    def bill(self, prompt: int, completion: int, cached: int, written: int, reasoning: int) -> Decimal:
        """The bill of an answer, by no code of ours."""
        millionths = (prompt - cached - written) * self.prompt + cached * self.cached + written * self.written
        millionths += (completion - reasoning) * self.completion + reasoning * self.reasoning + 1_000 * self.requests
        return Decimal(millionths * 100).scaleb(-8)


@dataclass
class BillingGateway:
    """Serves `POST …/chat/completions`."""

    seed: int
    prices: Mapping[str, ListPrice] = field(default_factory=dict)
    """Where there are any it bills by them and tells tokens alone, of caches and of reasoning too."""
    ledger: list[Billed] = field(default_factory=list)
    refused: int = 0

    async def __aenter__(self) -> "BillingGateway":
        self._fates = random.Random(self.seed)
        self._chance = random.Random(self.seed)
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def base_url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/ai"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode().lower().split("\r\n")
            length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
            body = await reader.readexactly(length)
            await self._answer(json.loads(body), reader, writer)
        writer.close()
        self._tasks.discard(task)

    async def _answer(
        self, request: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        model = str(request["model"])
        fate = self._fates.random()
        if fate < 0.12:
            self.refused += 1
            status = self._chance.choice(("503 Down", "429 Busy", "500 Broken", "402 Empty", "401 Who"))
            text = json.dumps({"error": {"message": "no", "type": "t", "code": "c"}}).encode()
            await _write(writer, f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n", text)
            return
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        writer.write(_event({"id": "r", "model": model, "choices": [{"index": 0, "delta": {"content": "two words"}}]}))
        await writer.drain()
        messages = json.dumps(request["messages"])
        if _asked(request).startswith(HANG):
            self.ledger.append(Billed(model, None, None))
            await reader.read(1)  # until they hang up
            return
        if fate < 0.2:  # breaks off
            self.ledger.append(Billed(model, None, None))
            await writer.drain()
            return
        tokens = (len(messages) // 4, self._chance.randrange(1, 900))
        usage: dict[str, object] = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
        usd: Decimal | None = _price(model, *tokens)
        listed_usd = Decimal(0)
        if self.prices:
            parts = [self._chance.randint(0, tokens[0] // 2) for _ in range(2)] + [self._chance.randint(0, tokens[1])]
            usage["prompt_tokens_details"] = {"cached_tokens": parts[0], "cache_write_tokens": parts[1]}
            usage["completion_tokens_details"] = {"reasoning_tokens": parts[2]}
            listed_usd = self.prices[model].bill(*tokens, *parts)
        if fate < 0.3 or self.prices:  # tells no cost
            usd = None
        told = json.dumps(usage)[:-1] + ("" if usd is None else f', "cost": {usd}') + "}"
        end = json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})[:-1]
        if fate > 0.95:  # tells nothing
            usd, told = None, ""
        self.ledger.append(Billed(model, usd, tokens if told else None, listed_usd))
        last = end + (f', "usage": {told}' if told else "") + "}"
        writer.write(f"data: {last}\n\ndata: [DONE]\n\n".encode())
        await writer.drain()


async def _write(writer: asyncio.StreamWriter, head: str, body: bytes) -> None:
    writer.write(f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body)
    await writer.drain()


def _asked(request: dict[str, object]) -> str:
    """The last line of the last message: a title is asked for behind what was said."""
    messages = request["messages"]
    assert isinstance(messages, list)
    content = messages[-1]["content"]
    text = content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
    return "" if text.startswith("Question:") else text.rpartition("\n")[2]


def _event(value: object) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def _price(model: str, prompt: int, completion: int) -> Decimal:
    """A rule that nobody can guess, with many digits."""
    digest = hashlib.sha256(f"{model}/{prompt}/{completion}".encode()).hexdigest()
    return Decimal(int(digest[:12], 16)).scaleb(-15) * completion
