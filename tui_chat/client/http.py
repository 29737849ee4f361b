"""The way to one gateway: base URL, key, limits, and the HTTP client, built when it is first needed.

    HttpConnection(base_url, key="", *, headers=(), limits=Limits(), transport=None, environ=os.environ)

Three rules live here. Redirects are never followed: a conversation goes where the person sent it. The key and the
headers of the settings go with requests to one base URL, and all that comes back is looked through for them: see
`secrets`. Proxies are taken from the environment, but a gateway on this machine is never reached through one.
"""

import asyncio
import ipaddress
import os
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

import msgspec

from tui_chat import __version__
from tui_chat.client.decompress import ACCEPTED
from tui_chat.client.identity import Identity
from tui_chat.client.proxies import port_of, proxy_for
from tui_chat.client.retry import RetryPolicy
from tui_chat.core.errors import Failure
from tui_chat.core.redact import Secrets, remember
from tui_chat.settings.named_gateway import SentHeader
from tui_chat.settings.secret_key import SecretKey

if TYPE_CHECKING:  # it is imported for the first request
    import httpx

_LEAST_OF_A_SECRET = 8
"""Characters of a word that is hidden wherever it stands: shorter ones are words of everybody."""


class Limits(msgspec.Struct, frozen=True):
    """How long to wait for what; there is no limit in total."""

    connect_s: float = 10.0
    headers_s: float = 60.0
    """From the start of the request to the end of the headers: a real deadline, also for headers that drip."""
    fallback_after_s: float | None = None
    """The same deadline where the next of the models is asked after it; None: none is, since both may be billed."""
    silence_s: float = 120.0
    """Between two reads of a body; comments count as life."""
    usage_wait_s: float = 2.0
    """Of silence after a finish reason, for usage and the end of the stream."""
    usage_wait_in_all_s: float = 30.0
    """The same wait while something comes, be it comments."""
    retry: RetryPolicy = RetryPolicy()


class HttpConnection:
    """One gateway. Shared by everything that talks to it."""

    def __init__(
        self,
        base_url: str,
        key: str = "",
        *,
        headers: Sequence[SentHeader] = (),
        refusal: Failure | None = None,
        limits: Limits | None = None,
        transport: "Callable[[], httpx.AsyncBaseTransport] | httpx.AsyncBaseTransport | None" = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`key` is sent as a bearer; `headers` are sent beside it. `transport` takes the network's place; it may be one
        that is made for the first request. `refusal`: why nothing may be sent at all, where
        that is known before anybody is asked."""
        address, _, self._query = base_url.partition("?")
        self.base_url = address.rstrip("/")
        self.limits = limits or Limits()
        self.refusal = refusal
        self._known: set[str] = set()
        self.secrets = Secrets()
        """What nobody may see of a request."""
        for name, value in parse_qsl(self._query, keep_blank_values=True):
            secret = value or name
            for form in (secret, quote(secret, safe=""), quote_plus(secret)):
                self._learn(form)
        bearer = (SentHeader("Authorization", SecretKey(key), "Bearer "),) if key else ()
        self._identity = Identity((*bearer, *headers), environ, learned=self._learn)
        self._transport = transport
        self._environ = environ
        self._client: httpx.AsyncClient | None = None
        self._building = asyncio.Lock()

    def _learn(self, secret: str) -> None:
        """Look for a secret in all that comes back from now on, and for its last word where that alone may be one:
        `Token …`."""
        last_word = secret.rpartition(" ")[2]
        parts = {secret, last_word if len(last_word) >= _LEAST_OF_A_SECRET else secret}
        if not parts <= self._known:
            self._known |= parts
            self.secrets = Secrets(self._known)
            remember(*parts)

    @property
    def host(self) -> str:
        """The host as people write it, with its port where that is not the usual one."""
        return _host(self.base_url)

    @property
    def proxy(self) -> str | None:
        """The address of the proxy on the way; None where there is none.

        Raises:
            ValueError: the proxies of the environment cannot be used.
        """
        if self._transport is not None or is_loopback(self.base_url):
            return None
        return proxy_for(self.base_url)

    @property
    def proxy_host(self) -> str:
        """The proxy as people write it, without what signs in to it; empty where there is none."""
        try:
            return _host(self.proxy or "")
        except ValueError:
            return ""

    def url(self, path: str) -> str:
        """A path of this gateway, with the query of its base URL."""
        return f"{self.base_url}{path}?{self._query}" if self._query else self.base_url + path

    @property
    def generation(self) -> int:
        """Which headers are sent now: see `renew`."""
        return self._identity.generation

    def renew(self, generation: int) -> bool:
        """Let the commands that give headers run again, since the gateway did not accept those of `generation`. False
        where that would change nothing."""
        return self._identity.renew(generation)

    async def headers(self) -> dict[str, str]:
        """What every request to this gateway carries.

        Raises:
            GatewayError: a header's value cannot be found.
        """
        own = await self._identity.headers()
        chosen = {name.lower() for name in own}
        usual = {"User-Agent": f"tui-chat/{__version__}", "Accept-Encoding": ACCEPTED}
        return {name: value for name, value in usual.items() if name.lower() not in chosen} | own

    async def client(self) -> "httpx.AsyncClient":
        """The client, built on a thread: its modules and the trust store take tens of milliseconds to read.

        Raises:
            OSError, ValueError, ImportError: the certificates or the proxies of the environment cannot be used.
        """
        async with self._building:
            if self._client is None:
                self._client = await asyncio.to_thread(self._build)
            return self._client

    def _build(self) -> "httpx.AsyncClient":
        import httpx

        if urlsplit(self.base_url).scheme == "https" and self._transport is None:
            context = trust(self._environ)
        else:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody: nothing here speaks TLS
        transport = self._transport
        if transport is None:
            transport = _networked(context, self.proxy)
        elif not isinstance(transport, httpx.AsyncBaseTransport):
            transport = transport()
        return httpx.AsyncClient(
            transport=transport,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(None, connect=self.limits.connect_s),
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()


def _networked(context: ssl.SSLContext, proxy: str | None) -> "httpx.AsyncHTTPTransport":
    """httpx's own transport, its connections listening while they send.

    It lets nobody choose that: `_pool` is a private name of httpx 0.28, and `_network_backend` one of httpcore 1.0;
    `test_a_refusal_in_the_middle_of_the_upload_is_told` fails if they go.
    """
    import httpx

    from tui_chat.client.duplex import DuplexBackend

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=4, keepalive_expiry=60.0)
    transport = httpx.AsyncHTTPTransport(verify=context, trust_env=False, proxy=proxy, limits=limits)
    transport._pool._network_backend = DuplexBackend()
    return transport


def _host(url: str) -> str:
    name, port = urlsplit(url).hostname or "", port_of(url)
    return name if port is None else f"{name}:{port}"


def is_loopback(url: str) -> bool:
    """Whether a URL points at this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def trust(environ: Mapping[str, str]) -> ssl.SSLContext:
    """The certificates to trust: those that the environment names, else the system's own store."""
    cafile, capath = environ.get("SSL_CERT_FILE") or None, environ.get("SSL_CERT_DIR") or None
    if cafile or capath:
        return ssl.create_default_context(cafile=cafile, capath=capath)
    import truststore  # heavy, and of no use where the gateway is on this machine

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
