"""Servers on this machine: all that are known are asked at once for their models, each at its usual port."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tui_chat.client.catalog import HttpCatalog
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.core.errors import ErrorKind, GatewayError
from tui_chat.core.models import Catalog
from tui_chat.settings.known_servers import FoundServer, KnownServer

LIMIT_S: Final = 1.0


async def find_servers(
    servers: Sequence[KnownServer], *, now: Callable[[], float], environ: Mapping[str, str], limit_s: float = LIMIT_S
) -> tuple[FoundServer, ...]:
    """Those that answer in time, in the order of the list. No key goes along, and none is asked elsewhere than on this
    machine."""
    asked = [server for server in servers if server.is_local]
    found = await asyncio.gather(*(_ask(server, asked, now, environ, limit_s) for server in asked))
    return tuple(server for server in found if server is not None)


async def _ask(
    server: KnownServer,
    servers: Sequence[KnownServer],
    now: Callable[[], float],
    environ: Mapping[str, str],
    limit_s: float,
) -> FoundServer | None:
    limits = Limits(connect_s=limit_s, headers_s=limit_s)
    connection = HttpConnection(server.base_url, limits=limits, environ=environ)
    try:
        async with asyncio.timeout(limit_s):
            catalog = await HttpCatalog(connection, None, now=now).read(refresh=True)
    except TimeoutError:
        return None
    except GatewayError as error:
        if error.failure.kind is ErrorKind.AUTHENTICATION:
            return FoundServer(server.name, server.base_url, None)
        return None
    finally:
        await connection.close()
    return FoundServer(_name_of(catalog, server, servers), server.base_url, len(catalog.models))


def _name_of(catalog: Catalog, server: KnownServer, servers: Sequence[KnownServer]) -> str:
    """The server's name, or that of another which says so in its models: ports are shared."""
    owners = {model.owned_by for model in catalog.models}
    if owners & set(server.owned_by):
        return server.name
    return next((other.name for other in servers if owners & set(other.owned_by)), server.name)
