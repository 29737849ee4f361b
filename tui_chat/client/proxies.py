"""Which proxy leads to a gateway, from the variables of the environment (and the system's settings where it has some).

`NO_PROXY` is read here and not by httpx, which fails on entries that it does not know: `[::1]`, a line break. An entry
that says nothing is passed over. Known are `*`, names (with what lies below them), `.name` and `*.name`, addresses with
and without brackets, ranges like `192.168.0.0/24`, and each with a port.
"""

import ipaddress
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

from tui_chat.core.lazy_pattern import lazy_pattern

_SEPARATORS = lazy_pattern(r"[,\s]+")
_WITH_PORT = lazy_pattern(r"(?P<host>\[[^\]]*\]|[^:\[\]]*):(?P<port>\d{1,5})")


def proxy_for(url: str, variables: Mapping[str, str] | None = None) -> str | None:
    """The proxy through which to reach an address; None where none is to be used.

    `variables` are by scheme, as `urllib.request.getproxies` gives them, and under `no` what goes past every proxy.
    """
    known = urllib.request.getproxies() if variables is None else variables
    parts = urlsplit(url)
    proxy = known.get(parts.scheme) or known.get("all") or ""
    if not proxy.strip() or _goes_past(parts.hostname or "", _port(url), known.get("no") or ""):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def port_of(url: str) -> int | None:
    """The port that a URL names; None where it names none, or none that can be."""
    try:
        return urlsplit(url).port
    except ValueError:
        return None


def _port(url: str) -> int:
    port = port_of(url)
    return port if port is not None else 443 if urlsplit(url).scheme == "https" else 80


def _goes_past(host: str, port: int, exceptions: str) -> bool:
    return any(_is_meant(entry, host.rstrip("."), port) for entry in _SEPARATORS.split(exceptions) if entry)


def _is_meant(entry: str, host: str, port: int) -> bool:
    """Whether an entry of `NO_PROXY` names this host; False where nobody can tell what it names."""
    if entry == "*":
        return True
    entry = entry.rpartition("://")[2].rstrip("/").lower()
    if with_port := _WITH_PORT.fullmatch(entry):
        if int(with_port["port"]) != port:
            return False
        entry = with_port["host"]
    name = entry.removeprefix("[").removesuffix("]")
    try:
        return ipaddress.ip_address(host.split("%")[0]) in ipaddress.ip_network(name, strict=False)
    except ValueError:
        pass
    name = name.removeprefix("*").removeprefix(".").rstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))
