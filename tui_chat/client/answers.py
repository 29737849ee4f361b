"""What a response holds once its headers are there: its body without packing, or, where it is refused, why."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

import httpx
import msgspec

from tui_chat.client.decompress import Decompressor
from tui_chat.client.duplex import Duplex
from tui_chat.client.errors import FOREIGN
from tui_chat.client.gathering import gathered
from tui_chat.client.retry import asked_wait_s, reset_wait_s
from tui_chat.client.wire import Pace
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.sanitize import sanitize_line
from tui_chat.providers.failures import ADVICE, failure_from_status

_MAX_ERROR_BYTES = 256 * 1024
_ERROR_BODY_S = 10.0


async def opened_body(response: httpx.Response, pace: Pace | None = None) -> AsyncGenerator[bytes, None]:
    """The body as it comes, in pieces of bounded size; at a pace, where one is given and it comes from a network.

    Raises:
        FOREIGN: the connection broke, or the body cannot be opened.
    """
    decompressor = Decompressor(response.headers.get("content-encoding", ""))
    network = response.extensions.get("network_stream")
    async with contextlib.AsyncExitStack() as stack:
        pieces = response.aiter_raw()
        if pace is not None and isinstance(network, Duplex):
            network.set_pace(pace)
            stack.callback(network.set_pace, None)
            pieces = await stack.enter_async_context(contextlib.aclosing(gathered(pieces, network)))
        async for data in pieces:
            for piece in decompressor.open(data):
                yield piece


async def refusal_of(response: httpx.Response, *, model: str, now: float) -> Failure:
    """What a response says that holds no answer; not yet redacted. `now` is in seconds since the epoch."""
    status = response.status_code
    if status < 300:
        message = f"The gateway answered {status}, which is no answer."
        return Failure(ErrorKind.PROTOCOL, message, ADVICE[ErrorKind.PROTOCOL], status=status)
    if status < 400:
        return _redirect(response)
    body = bytearray()
    with contextlib.suppress(TimeoutError, *FOREIGN):
        async with asyncio.timeout(_ERROR_BODY_S), contextlib.aclosing(opened_body(response)) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) > _MAX_ERROR_BYTES:
                    break
    text = bytes(body[:_MAX_ERROR_BYTES]).decode(_encoding(response), "replace")
    failure = failure_from_status(status, text, model=model, retry_after_s=asked_wait_s(response.headers, now))
    if status == 429 and failure.retry_after_s is None:
        return msgspec.structs.replace(failure, retry_after_s=reset_wait_s(response.headers, now))
    return failure


def _encoding(response: httpx.Response) -> str:
    """Pages of old servers are in Latin-1, which browsers have always read as the Windows page of that name."""
    named = (response.charset_encoding or "").lower()
    return "cp1252" if named in ("iso-8859-1", "latin-1", "latin1", "windows-1252") else "utf-8"


def _redirect(response: httpx.Response) -> Failure:
    try:
        target = urlsplit(response.headers.get("location", "")).netloc.rpartition("@")[2]
    except ValueError:
        target = ""
    where = f" to {sanitize_line(target, 100)}" if target else ""
    message = f"The gateway redirects{where}; a conversation is not sent on."
    advice = "If that is where it should go, set it as the base URL."
    return Failure(ErrorKind.PROTOCOL, message, advice, status=response.status_code)
