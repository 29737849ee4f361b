"""How an address is reached: what the client of the gateway knows of trust and proxies, without importing it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

Way = Callable[[str], "Awaitable[tuple[ssl.SSLContext | None, str | None]]"]
"""For an address: whom to trust, None where it is not a secure one, and the proxy, None where there is none."""
