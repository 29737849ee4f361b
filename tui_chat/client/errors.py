"""Foreign exceptions turned into our failures, at the door and by table.

Their own texts are for programmers ("[Errno -2] Name or service not known"), so each cause gets words of ours; what is
left of theirs passes the redactor.
"""

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import msgspec

from tui_chat.client.decompress import BadBody
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.lazy_pattern import lazy_pattern
from tui_chat.core.sanitize import sanitize_line
from tui_chat.providers.failures import ADVICE

FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError, ImportError, BadBody)
"""All that the client, its transports and its environment raise for what the world does."""


def failure_of(error: BaseException, connection: HttpConnection) -> Failure:
    """The failure that an exception means."""
    host = connection.host or connection.base_url
    if connection.proxy_host and (failure := _proxy_failure(error, connection.proxy_host, connection.limits)):
        return failure
    return connection.secrets.redact_failure(_failure_of(error, host, connection.limits))


def lost_failure(error: BaseException, connection: HttpConnection, *, has_begun: bool) -> Failure:
    """The failure that an exception means while a body is read. `has_begun`: something of the answer had arrived."""
    if isinstance(error, BadBody):
        return failure_of(error, connection)
    if has_begun:
        message = f"The connection to {connection.host} broke off in the middle of the answer."
        return _network(message, KEPT, retryable=True)
    return _network(f"The connection to {connection.host} broke off before the answer began.", retryable=True)


def with_way_out(failure: Failure, base_url: str) -> Failure:
    """The failure, its advice the likely way out where a server does not know the address: most serve under `/v1`, and
    LM Studio says so with a 200."""
    if _VERSION.search(urlsplit(base_url).path) or failure.status not in (None, 200, 404, 405):
        return failure
    if not _NO_SUCH_ADDRESS.search(failure.message):
        return failure
    kind = failure.kind if failure.status else ErrorKind.PROTOCOL
    return msgspec.structs.replace(failure, kind=kind, advice=_TRY_V1, retryable=False)


_TRY_V1 = "The base URL may lack its end: try it with /v1."
_VERSION = lazy_pattern(r"/v\d+[a-z0-9]*(?:/|$)")
_NO_SUCH_ADDRESS = lazy_pattern(
    r"(?:unexpected|unknown|invalid|no such|unsupported)\W+(?:\w+\W+){0,2}(?:endpoint|route|path|url)\b"
    r"|(?:endpoint|route|path|url|page)\b.{0,80}\bnot (?:found|exist)|cannot (?:get|post) /"
    r"|^(?:404\W{1,3})?(?:(?:file|page) )?not found\b",
    re.IGNORECASE,
)
"""How servers say that they know no such address: LM Studio, FastAPI, Express, Go's and llama.cpp's servers."""


def silence_failure(host: str, limit_s: float, *, has_begun: bool) -> Failure:
    """Nothing came for too long while a body was read. `has_begun`: something of the answer had arrived."""
    where = "in the middle of the answer" if has_begun else "and the answer has not begun"
    message = f"No data from {host} for {limit_s:g} s, {where}."
    advice = _patience("idle_timeout_s")
    if has_begun:
        advice = f"What arrived is kept. {advice}"
    return Failure(ErrorKind.TIMEOUT, message, advice, retryable=True)


def no_tls_failure(host: str) -> Failure:
    """The connection stands, and nobody at its other end speaks TLS."""
    advice = "The base URL may begin with https:// where the server speaks http://, or the other way round."
    return _network(f"No secure connection to {host}: it does not answer with TLS.", advice)


def upload_failure(host: str, size_bytes: int) -> Failure:
    """The gateway hung up before it had the whole question, and said nothing. A large one is not sent over and over."""
    advice = "Send less: a shorter conversation or smaller attachments. Or ask again."
    message = f"{host} hung up while the question was sent: it may be too large."
    return _network(message, advice, retryable=size_bytes < _LARGE_BYTES)


_LARGE_BYTES = 1024 * 1024
"""What may well be too large for a server that hangs up on it."""


def headers_failure(host: str, limit_s: float) -> Failure:
    """The headers did not come in time."""
    message = f"{host} did not begin to answer within {limit_s:g} s."
    return Failure(ErrorKind.TIMEOUT, message, _patience("header_timeout_s"), retryable=True)


def _failure_of(error: BaseException, host: str, limits: Limits) -> Failure:
    match error:
        case BadBody():
            return _protocol(str(error))
        case ImportError():
            return _network("The proxy of the environment needs a package that is not installed (socksio).", PROXY)
        case httpx.ConnectTimeout():
            message = f"Cannot reach {host}: no connection within {limits.connect_s:g} s."
            return _network(message, _patience("connect_timeout_s"), retryable=True)
        case httpx.TimeoutException():
            return headers_failure(host, limits.headers_s)
        case httpx.ProxyError():
            return _network(f"The proxy would not connect to {host}.", PROXY, retryable=True)
        case httpx.ConnectError():
            return _connect_failure(error, host)
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return _network("The base URL cannot be used.", "Check the base URL, or use another one.")
        case httpx.LocalProtocolError() | UnicodeEncodeError():
            message = "The API key holds characters that a header cannot carry."
            return Failure(ErrorKind.AUTHENTICATION, message, ADVICE[ErrorKind.AUTHENTICATION])
        case httpx.RemoteProtocolError():
            return _remote_failure(error, host)
        case httpx.NetworkError():
            return _network(f"The connection to {host} was lost.", retryable=True)
        case httpx.DecodingError():
            return _protocol("The answer is packed in a way that cannot be opened.")
        case httpx.HTTPError():
            return _network(f"The request to {host} failed.", retryable=True)
        case ssl.SSLError() | FileNotFoundError() | PermissionError() | IsADirectoryError():
            message = "The certificates that SSL_CERT_FILE or SSL_CERT_DIR name cannot be read."
            return _network(message, "Correct or unset SSL_CERT_FILE and SSL_CERT_DIR.")
        case OSError():
            words = sanitize_line(error.strerror or type(error).__name__, 100)
            return _network(f"Cannot reach {host} ({words}).", retryable=True)
        case ValueError():
            return _network("The proxy of the environment, or the base URL, cannot be used.", PROXY)
        case _:
            return _network(f"The request to {host} failed.", retryable=True)


def _proxy_failure(error: BaseException, proxy: str, limits: Limits) -> Failure | None:
    """The failure of the way to a proxy, which is named; None where it is none."""
    match error:
        case httpx.ConnectTimeout():
            message = f"Cannot reach the proxy {proxy}: no connection within {limits.connect_s:g} s."
            return _network(message, PROXY, retryable=True)
        case httpx.ConnectError():
            kinds = [type(cause) for cause in _causes(error)]
            if any(issubclass(kind, ssl.SSLError) for kind in kinds):
                return None  # the proxy was reached: it is what lies behind it
            if any(issubclass(kind, socket.gaierror) for kind in kinds):
                return _network(
                    f"Cannot find the proxy {proxy}: there is no such host, or no network.", PROXY, retryable=True
                )
            refused = " (refused)" if any(issubclass(kind, ConnectionRefusedError) for kind in kinds) else ""
            return _network(f"Cannot reach the proxy {proxy}{refused}.", PROXY, retryable=True)
        case _:
            return None


PROXY = "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY."
KEPT = "What arrived is kept. Ask again."


def _patience(setting: str) -> str:
    return f"Ask again, or wait longer: {setting} in the settings."


def _connect_failure(error: BaseException, host: str) -> Failure:
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                reason = sanitize_line(cause.verify_message or "it cannot be verified", 120)
                advice = "If the certificate is your own, name its authority in SSL_CERT_FILE."
                return _network(f"The certificate of {host} is not trusted: {reason}.", advice)
            case ssl.SSLError():
                return no_tls_failure(host)
            case socket.gaierror():
                name = host.rsplit(":", 1)[0]
                return _network(f"Cannot find {name}: there is no such host, or no network.", retryable=True)
            case ConnectionRefusedError():
                advice = "Check that the server runs and that the base URL is right, then ask again."
                return _network(f"Cannot reach {host} (refused).", advice, retryable=True)
            case OSError(errno=errno.ENETUNREACH | errno.EHOSTUNREACH | errno.ENETDOWN):
                return _network(f"Cannot reach {host}: there is no network, or no way to that host.", retryable=True)
    text = str(error).lower()
    if "certificate" in text:
        return _network(f"The certificate of {host} is not trusted.")
    if "ssl" in text or "tls" in text:
        return _network(f"No secure connection to {host}.")
    return _network(f"Cannot reach {host}.", retryable=True)


def _remote_failure(error: BaseException, host: str) -> Failure:
    text = str(error).lower()
    if "disconnected" in text or "closed connection" in text or "incomplete" in text:
        advice = "Check the base URL: it must begin with https:// where the server does. Else ask again."
        return _network(f"{host} closed the connection without an HTTP answer.", advice, retryable=True)
    advice = "Check the base URL: its scheme (https://), its port and its path."
    return _protocol(f"{host} does not speak HTTP, or not as it should.", advice)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it, the groups of several connection attempts opened."""
    pending, seen = [error], 0
    while pending and seen < 30:
        seen += 1
        cause = pending.pop(0)
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            pending.extend(cause.exceptions)
        for inner in (cause.__cause__, cause.__context__):
            if inner is not None and inner not in pending:
                pending.append(inner)


def _network(message: str, advice: str = ADVICE[ErrorKind.NETWORK], *, retryable: bool = False) -> Failure:
    return Failure(ErrorKind.NETWORK, message, advice, retryable)


def _protocol(message: str, advice: str = ADVICE[ErrorKind.PROTOCOL]) -> Failure:
    return Failure(ErrorKind.PROTOCOL, message, advice)
