"""Base URLs as people paste them, mended or refused in words."""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from tui_chat.core.errors import SettingsError
from tui_chat.core.lazy_pattern import lazy_pattern

_ENDPOINTS: Final = ("/chat/completions", "/completions", "/models", "/responses", "/embeddings")
_HAS_SCHEME = lazy_pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*://")
_BROKEN_SCHEME = lazy_pattern(r"(?:https?:/*)*(https?):/*(?=[^/\d])", re.IGNORECASE)
"""A scheme with too few slashes, or written twice."""
_LOOKS_LIKE_KEY = lazy_pattern(r"(?:sr|sk)[_-][\w-]*$")
_HOST = lazy_pattern(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?")
_UNPRINTABLE = lazy_pattern(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_AROUND = lazy_pattern(r"\A[\s\"'<>]+|[\s\"'<>]+\Z")
_HIDDEN: Final = "…"
"""Stands for what is not shown."""
_ADVICE: Final = "Give an address like https://api.solrouter.io/ai or http://localhost:11434/v1."
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def mend_base_url(text: str) -> str:
    """The base URL that was meant: with a scheme, without an endpoint, or slashes at the end; a query is kept.

    A missing scheme is https, but http for this machine and private networks.

    Raises:
        SettingsError: it cannot be an address, or it carries a user name or password (which would be shown).
    """
    given = _AROUND.sub("", text)
    if not given:
        raise SettingsError("The base URL is empty.", _ADVICE)
    if _UNPRINTABLE.search(given):
        raise SettingsError("The base URL contains a character that no address can have.", _ADVICE)
    if _LOOKS_LIKE_KEY.match(given):
        raise SettingsError("This looks like a key and not like an address.", _ADVICE)
    given, _, query = given.partition("#")[0].partition("?")
    if query == _HIDDEN:
        raise SettingsError("The query of this base URL is hidden, and not the one to send.", "Give it in full.")
    given = _BROKEN_SCHEME.sub(lambda found: f"{found[1].lower()}://", given)
    if not _HAS_SCHEME.match(given):
        given = given.lstrip("/:")
        given = f"{'http' if _is_near(_host_of(given)) else 'https'}://{given}"
    parts = _split(given)
    if parts.scheme not in _DEFAULT_PORTS:
        raise SettingsError(
            f"The base URL begins with {parts.scheme}:// and must begin with http:// or https://.", _ADVICE
        )
    if "@" in parts.netloc:
        raise SettingsError("The base URL carries a user name or a password.", "Leave it out; a key is given apart.")
    host = _ascii_host(parts.hostname or "")
    if not _is_host(host):
        raise SettingsError("The base URL has no host name that can exist.", _ADVICE)
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    bracketed = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{bracketed}{port}{_mend_path(parts.path)}{f'?{query}' if query else ''}"


def shown_base_url(base_url: str) -> str:
    """The base URL for people to see: its query may hold a key, and so may what stands before its host."""
    address, mark, _ = base_url.partition("?")
    scheme, slashes, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    host = f"{_HIDDEN}@{host.rpartition('@')[2]}" if "@" in host else host
    return f"{scheme}{slashes}{host}{slash}{path}{mark}{_HIDDEN if mark else ''}"


def origin_of(base_url: str) -> tuple[str, str, int]:
    """Scheme, host and port: what a key is bound to.

    Raises:
        SettingsError: it is no address.
    """
    parts = _split(mend_base_url(base_url))
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _DEFAULT_PORTS[parts.scheme]


def is_same_origin(one: str, other: str) -> bool:
    """Whether a key for the one may be sent to the other; False where either is no address."""
    try:
        return origin_of(one) == origin_of(other)
    except SettingsError:
        return False


def is_loopback(base_url: str) -> bool:
    """Whether the address is this machine by its name, so that nothing leaves it; no name is looked up."""
    try:
        host = origin_of(base_url)[1]
    except SettingsError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number raises only when it is looked at
    except ValueError as error:
        raise SettingsError("The base URL has a port or an address that cannot exist.", _ADVICE) from error
    return parts


def _host_of(without_scheme: str) -> str:
    try:
        return urlsplit("//" + without_scheme).hostname or ""
    except ValueError:
        return ""


def _mend_path(path: str) -> str:
    path = re.sub(r"/{2,}", "/", path).rstrip("/")
    for endpoint in _ENDPOINTS:
        if path.lower().endswith(endpoint):
            path = path[: -len(endpoint)].rstrip("/")
            break
    return re.sub(r"(/v\d+)\1+$", r"\1", path)


def _is_near(host: str) -> bool:
    """This machine or a private network, where nobody has a certificate."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_link_local or address.is_unspecified


def _ascii_host(host: str) -> str:
    """The host as the network knows it; empty where its characters have no such form."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _is_host(host: str) -> bool:
    if ":" in host or re.fullmatch(r"[\d.]+", host):
        try:
            ipaddress.ip_address(host.split("%")[0])
        except ValueError:
            return False
        return True
    return len(host) <= 253 and _HOST.fullmatch(host) is not None
