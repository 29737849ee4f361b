"""Asks a gateway for its list of models.

Apart from the catalogue because of what it imports: nothing that is shown at the start waits for the HTTP client.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

import msgspec

from tui_chat.chat.side_thread import Leave, on_side_thread
from tui_chat.client.answers import opened_body, refusal_of
from tui_chat.client.errors import FOREIGN, failure_of, headers_failure, with_way_out
from tui_chat.client.http import HttpConnection
from tui_chat.client.model_list import LARGEST_BYTES, masked
from tui_chat.core import figures
from tui_chat.core.errors import ErrorKind, Failure, GatewayError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.providers.balance_wire import read_balance
from tui_chat.providers.failures import ADVICE
from tui_chat.providers.models_wire import read_failure, read_models

_DEADLINE_S: Final = 30.0
_READING_S: Final = 30.0


async def fetch(connection: HttpConnection, now: Callable[[], float]) -> Catalog | Failure:
    """The catalogue as the gateway has it, or why it gives none; without secrets."""
    fetched = await _ask(connection, now)
    if isinstance(fetched, Failure):
        return _about_a_list(connection.secrets.redact_failure(fetched))
    return fetched


async def _ask(connection: HttpConnection, now: Callable[[], float]) -> Catalog | Failure:
    if connection.refusal is not None:
        return connection.refusal
    deadline_s = min(_DEADLINE_S, connection.limits.headers_s)
    try:
        identity = await connection.headers()
    except GatewayError as error:
        return error.failure
    try:
        async with asyncio.timeout(deadline_s):
            client = await connection.client()
            headers = {**identity, "Accept": "application/json"}
            async with client.stream("GET", connection.url("/models"), headers=headers) as response:
                if response.status_code != 200:
                    failure = await refusal_of(response, model="", now=now())
                    return with_way_out(failure, connection.base_url)
                body = bytearray()
                async with contextlib.aclosing(opened_body(response)) as pieces:
                    async for piece in pieces:
                        body += piece
                        if len(body) > LARGEST_BYTES:
                            return _unreadable(f"is longer than {figures.bound(LARGEST_BYTES)}")
    except TimeoutError:
        return headers_failure(connection.host, deadline_s)
    except FOREIGN as error:
        return failure_of(error, connection)
    try:
        models, balance_usd = await on_side_thread(
            partial(_read_body, body, response.headers.multi_items(), connection.secrets.mask), _READING_S
        )
    except TimeoutError:
        return _unreadable(f"takes longer than {_READING_S:.0f} s to be read")
    if models is None:
        said = read_failure(body)
        if said is None:
            return _web_page() if body.lstrip()[:1] == b"<" else _unreadable("cannot be read")
        return with_way_out(said, connection.base_url)
    return Catalog(models, fetched_at=now(), balance_usd=balance_usd)


def _read_body(
    body: bytearray, headers: Sequence[tuple[str, str]], mask: Callable[[str], str], leave: Leave
) -> tuple[tuple[ModelInfo, ...] | None, Decimal | None]:
    """The models, None where there are none, and what is left on the account. Of a long list it takes a second, and it
    ends with the next row where nobody waits for it any more."""

    def on_row() -> None:
        if leave.is_late:
            raise TimeoutError

    models = read_models(body, on_row)
    return (None, None) if models is None else (masked(models, mask), read_balance(headers, body))


def _about_a_list(failure: Failure) -> Failure:
    """The failure with advice on a list, where its own is about an answer: no other model gives another list."""
    advice = _LIST_ADVICE.get(failure.kind)
    if advice is None or failure.advice != ADVICE[failure.kind]:
        return failure
    return msgspec.structs.replace(failure, advice=advice)


_WITHOUT = "The chat works without the list: type the model's id."
_LIST_ADVICE = {
    ErrorKind.PERMISSION: f"This key may not read the list. {_WITHOUT}",
    ErrorKind.PAYMENT: "Top up the balance.",
    ErrorKind.NOT_FOUND: f"Check the base URL: there is no list of models at it. {_WITHOUT}",
    ErrorKind.INVALID_REQUEST: f"Check the base URL. {_WITHOUT}",
    ErrorKind.RATE_LIMIT: "Wait a little and ask again.",
    ErrorKind.GATEWAY: f"Ask again later. {_WITHOUT}",
}


def _web_page() -> Failure:
    message = "What came is a web page, and no list of models."
    return Failure(
        ErrorKind.PROTOCOL, message, "Check the base URL: most servers answer programs under /v1 or /api/v1."
    )


def _unreadable(what: str) -> Failure:
    advice = f"{_WITHOUT} {ADVICE[ErrorKind.PROTOCOL]}"
    return Failure(ErrorKind.PROTOCOL, f"The gateway's list of models {what}.", advice)
