"""The models of a gateway: read over HTTP, kept on disk, and from disk when the gateway cannot be asked.

    HttpCatalog(connection: HttpConnection, cache_folder: Path | None, *, now)

Implements `chat.ports.CatalogSource`. The cache has one file per base URL with its query; one that cannot be read or
written is as good as none.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

import msgspec

from tui_chat.chat.side_thread import Leave, on_side_thread
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
from tui_chat.settings.base_url import shown_base_url

MAX_AGE_S = 3600.0
_MAX_BYTES = 32 * 1024 * 1024
_DEADLINE_S = 30.0
_READING_S = 30.0
_MASKED_AT_ONCE = 256
"""Models that are looked through for secrets in one go, which is quick, and takes no second copy of all."""


class HttpCatalog:
    """The catalogue of one gateway. `cache_folder` None keeps nothing on disk; `now` is in seconds since the epoch."""

    def __init__(self, connection: HttpConnection, cache_folder: Path | None, *, now: Callable[[], float]) -> None:
        self._connection = connection
        name = hashlib.sha256(connection.url("").encode()).hexdigest()[:16]
        self._file = cache_folder / f"models-{name}.json" if cache_folder is not None else None
        self._now = now
        self._gateway = shown_base_url(connection.base_url)
        self._known = Catalog()
        self._reading = asyncio.Lock()

    def known(self) -> Catalog:
        """What is known without asking anybody."""
        return self._known

    async def cached(self) -> Catalog:
        """What is known or kept on disk, however old; empty where nothing is. Nobody is asked."""
        if self._known.fetched_at is None:
            kept = await asyncio.to_thread(self._load)
            if self._known.fetched_at is None:
                self._known = kept
        return self._known

    async def read(self, *, refresh: bool = False) -> Catalog:
        """The catalogue, fresh or recent enough; an old one only where the gateway cannot be asked.

        Raises:
            GatewayError: it could not be asked and nothing is cached.
        """
        async with self._reading:
            await self.cached()
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
        try:
            models, balance_usd = await on_side_thread(
                partial(self._read_body, body, response.headers.multi_items()), _READING_S
            )
        except TimeoutError:
            return _unreadable(f"takes longer than {_READING_S:.0f} s to be read")
        if models is None:
            said = read_failure(body)
            if said is None:
                return _web_page() if body.lstrip()[:1] == b"<" else _unreadable("cannot be read")
            return with_way_out(said, connection.base_url)
        return Catalog(models, fetched_at=self._now(), balance_usd=balance_usd)

    def _read_body(
        self, body: bytearray, headers: Sequence[tuple[str, str]], leave: Leave
    ) -> tuple[tuple[ModelInfo, ...] | None, Decimal | None]:
        """The models, None where there are none, and what is left on the account. Of a long list it takes a second,
        and it ends with the next row where nobody waits for it any more."""

        def on_row() -> None:
            if leave.is_late:
                raise TimeoutError

        models = read_models(body, on_row)
        return (None, None) if models is None else (self._masked(models), read_balance(headers, body))

    def _masked(self, models: tuple[ModelInfo, ...]) -> tuple[ModelInfo, ...]:
        """The models without secrets: nobody may see them, and the list is kept on disk."""
        mask = self._connection.secrets.mask
        masked: list[ModelInfo] = []
        for start in range(0, len(models), _MASKED_AT_ONCE):
            some = models[start : start + _MASKED_AT_ONCE]
            written = "\n".join(text for model in some for text in _texts(model))
            masked += some if mask(written) == written else (_without_secrets(model, mask) for model in some)
        return tuple(masked)

    def _load(self) -> Catalog:
        if self._file is None:
            return Catalog()
        try:
            kept = msgspec.json.decode(read_whole(self._file, 2 * _MAX_BYTES, through_links=False), type=_Kept)
            if kept.gateway not in ("", self._gateway):
                return Catalog()
            return Catalog(self._masked(kept.models), kept.fetched_at)
        except (OSError, ValueError, RecursionError):
            return Catalog()

    def _save(self, catalog: Catalog) -> None:
        if self._file is None:
            return
        kept = _Kept(catalog.models, catalog.fetched_at, self._gateway)
        with contextlib.suppress(OSError), replacing(self._file) as opened:
            opened.write(msgspec.json.encode(kept))


class _Kept(msgspec.Struct, frozen=True):
    """The catalogue on disk."""

    models: tuple[ModelInfo, ...] = ()
    fetched_at: float | None = None
    gateway: str = ""
    """Base URL without its query; empty in the file of an earlier program."""


def _without_secrets(model: ModelInfo, mask: Callable[[str], str]) -> ModelInfo:
    return msgspec.structs.replace(
        model,
        id=mask(model.id),
        name=mask(model.name),
        description=mask(model.description),
        owned_by=mask(model.owned_by),
        input_modalities=tuple(map(mask, model.input_modalities)),
        output_modalities=tuple(map(mask, model.output_modalities)),
        supported_parameters=tuple(map(mask, model.supported_parameters)),
    )


def _texts(model: ModelInfo) -> tuple[str, ...]:
    written = (model.id, model.name, model.description, model.owned_by)
    return (*written, *model.input_modalities, *model.output_modalities, *model.supported_parameters)


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
