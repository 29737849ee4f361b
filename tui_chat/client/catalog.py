"""The models of a gateway: read over HTTP, kept on disk, and from disk when the gateway cannot be asked.

    HttpCatalog(connection: HttpConnection, cache_folder: Path | None, *, now)

Implements `chat.ports.CatalogSource`. The cache has one file per base URL with its query; one that cannot be read or
written is as good as none.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from tui_chat.client.http import HttpConnection
from tui_chat.client.model_list import LARGEST_BYTES, masked
from tui_chat.core.errors import Failure, GatewayError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.private_files import replacing
from tui_chat.regular_files import read_whole
from tui_chat.settings.base_url import shown_base_url

MAX_AGE_S = 3600.0


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
        fetch = await asyncio.to_thread(_import_fetch)
        return await fetch(self._connection, self._now)

    def _load(self) -> Catalog:
        if self._file is None:
            return Catalog()
        try:
            kept = msgspec.json.decode(read_whole(self._file, 2 * LARGEST_BYTES, through_links=False), type=_Kept)
            if kept.gateway not in ("", self._gateway):
                return Catalog()
            return Catalog(masked(kept.models, self._connection.secrets.mask), kept.fetched_at)
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


def _import_fetch() -> Callable[[HttpConnection, Callable[[], float]], Awaitable[Catalog | Failure]]:
    """Import the HTTP client: it takes longer than all else before a conversation is shown."""
    from tui_chat.client.catalog_request import fetch

    return fetch
