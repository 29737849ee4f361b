"""The models of a gateway: read over HTTP, kept on disk for an hour, and from disk when the gateway cannot be asked.

    HttpCatalog(connection: HttpConnection, cache_folder: Path | None, *, now)

Implements `chat.ports.CatalogSource`. The cache has one file per base URL with its query; one that cannot be read or
written is as good as none.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from tui_chat.client.answers import opened_body, refusal_of
from tui_chat.client.errors import FOREIGN, failure_of, headers_failure, with_way_out
from tui_chat.client.http import HttpConnection
from tui_chat.core import figures
from tui_chat.core.errors import ErrorKind, Failure, GatewayError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.private_files import replacing
from tui_chat.providers.balance_wire import read_balance
from tui_chat.providers.failures import ADVICE
from tui_chat.providers.models_wire import read_failure, read_models
from tui_chat.regular_files import read_whole

MAX_AGE_S = 3600.0
_MAX_BYTES = 32 * 1024 * 1024
_DEADLINE_S = 30.0


class HttpCatalog:
    """The catalogue of one gateway. `cache_folder` None keeps nothing on disk; `now` is in seconds since the epoch."""

    def __init__(self, connection: HttpConnection, cache_folder: Path | None, *, now: Callable[[], float]) -> None:
        self._connection = connection
        name = hashlib.sha256(connection.url("").encode()).hexdigest()[:16]
        self._file = cache_folder / f"models-{name}.json" if cache_folder is not None else None
        self._now = now
        self._known = Catalog()
        self._reading = asyncio.Lock()

    def known(self) -> Catalog:
        """What is known without asking anybody."""
        return self._known

    async def read(self, *, refresh: bool = False) -> Catalog:
        """The catalogue, fresh or recent enough; an old one only where the gateway cannot be asked.

        Raises:
            GatewayError: it could not be asked and nothing is cached.
        """
        async with self._reading:
            if self._known.fetched_at is None:
                self._known = await asyncio.to_thread(self._load)
            if not refresh and self._is_recent(self._known):
                return self._known
            generation = self._connection.generation
            fetched = await self._fetch()
            if isinstance(fetched, Failure) and fetched.status == 401 and self._connection.renew(generation):
                fetched = await self._fetch()
            if isinstance(fetched, Failure):
                if self._known.fetched_at is None:
                    raise GatewayError(fetched)
                self._known = msgspec.structs.replace(self._known, is_cached=True, failure=fetched)
            else:
                self._known = fetched
                await asyncio.to_thread(self._save, msgspec.structs.replace(fetched, balance_usd=None))
            return self._known

    def _is_recent(self, catalog: Catalog) -> bool:
        return catalog.fetched_at is not None and 0 <= self._now() - catalog.fetched_at < MAX_AGE_S

    async def _fetch(self) -> Catalog | Failure:
        """The catalogue as the gateway has it, or why it gives none; without secrets."""
        fetched = await self._ask()
        if isinstance(fetched, Failure):
            return _about_a_list(self._connection.secrets.redact_failure(fetched))
        return fetched

    async def _ask(self) -> Catalog | Failure:
        connection = self._connection
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
                        failure = await refusal_of(response, model="", now=self._now())
                        return with_way_out(failure, connection.base_url)
                    body = bytearray()
                    async with contextlib.aclosing(opened_body(response)) as pieces:
                        async for piece in pieces:
                            body += piece
                            if len(body) > _MAX_BYTES:
                                return _unreadable(f"is longer than {figures.bound(_MAX_BYTES)}")
        except TimeoutError:
            return headers_failure(connection.host, deadline_s)
        except FOREIGN as error:
            return failure_of(error, connection)
        models = await asyncio.to_thread(self._read_models, bytes(body))
        if models is None:
            said = read_failure(bytes(body))
            if said is None:
                return _web_page() if body.lstrip()[:1] == b"<" else _unreadable("cannot be read")
            return with_way_out(said, connection.base_url)
        balance_usd = await asyncio.to_thread(read_balance, response.headers.multi_items(), bytes(body))
        return Catalog(models, fetched_at=self._now(), balance_usd=balance_usd)

    def _read_models(self, body: bytes) -> tuple[ModelInfo, ...] | None:
        models = read_models(body)
        return models if models is None else self._masked(models)

    def _masked(self, models: tuple[ModelInfo, ...]) -> tuple[ModelInfo, ...]:
        """The models without secrets: nobody may see them, and the list is kept on disk."""
        mask = self._connection.secrets.mask
        written = "\n".join(text for model in models for text in _texts(model))
        if mask(written) == written:
            return models
        return tuple(
            msgspec.structs.replace(
                model,
                id=mask(model.id),
                name=mask(model.name),
                description=mask(model.description),
                owned_by=mask(model.owned_by),
                input_modalities=tuple(map(mask, model.input_modalities)),
                supported_parameters=tuple(map(mask, model.supported_parameters)),
            )
            for model in models
        )

    def _load(self) -> Catalog:
        if self._file is None:
            return Catalog()
        try:
            content = read_whole(self._file, 2 * _MAX_BYTES, through_links=False)
            catalog = msgspec.json.decode(content, type=Catalog)
            return msgspec.structs.replace(catalog, models=self._masked(catalog.models))
        except (OSError, ValueError, RecursionError):
            return Catalog()

    def _save(self, catalog: Catalog) -> None:
        if self._file is None:
            return
        with contextlib.suppress(OSError), replacing(self._file) as opened:
            opened.write(msgspec.json.encode(catalog))


def _texts(model: ModelInfo) -> tuple[str, ...]:
    written = (model.id, model.name, model.description, model.owned_by)
    return (*written, *model.input_modalities, *model.supported_parameters)


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
