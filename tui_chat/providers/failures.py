"""What a server says when it fails, made into a `Failure`.

Shared by the decoder (errors inside a stream) and the client (answers that are errors), because servers use the same
shapes for both: an object, a string, a list, `detail`, JSON inside JSON, a page of HTML, plain text. The message comes
out as one or two lines without markup and control characters; hiding the key is left to `core.redact`.
"""

import json
import re
from decimal import Decimal

from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.sanitize import sanitize_line

_MAX_MESSAGE = 400
_MAX_DEPTH = 6

ADVICE: dict[ErrorKind, str] = {
    ErrorKind.AUTHENTICATION: "Check the API key, or use another one.",
    ErrorKind.PERMISSION: "This key may not do that: choose another model, or another key.",
    ErrorKind.PAYMENT: "Top up the balance, or choose a free model.",
    ErrorKind.NOT_FOUND: "Choose a model that the gateway offers, or check the base URL.",
    ErrorKind.INVALID_REQUEST: "Change the request: another model, other settings or a shorter conversation.",
    ErrorKind.RATE_LIMIT: "Wait a little and ask again, or choose another model.",
    ErrorKind.GATEWAY: "Ask again, or choose another model.",
    ErrorKind.NETWORK: "Check the connection and the base URL, then ask again.",
    ErrorKind.TIMEOUT: "Ask again; the limits can be raised in the settings.",
    ErrorKind.PROTOCOL: "Ask again; if it stays, check the base URL.",
}

DAILY_ADVICE = "The quota of the day is used up: choose another model, or ask again when it is renewed."

_STATUS_KINDS = {
    400: ErrorKind.INVALID_REQUEST,
    401: ErrorKind.AUTHENTICATION,
    402: ErrorKind.PAYMENT,
    403: ErrorKind.PERMISSION,
    404: ErrorKind.NOT_FOUND,
    407: ErrorKind.NETWORK,
    408: ErrorKind.TIMEOUT,
    429: ErrorKind.RATE_LIMIT,
    504: ErrorKind.GATEWAY,
}

RETRYABLE_STATUSES = frozenset({408, 409, 425, 429})
"""And all of 5xx."""

_WORDS = {
    "authentication": ErrorKind.AUTHENTICATION,
    "unauthenticated": ErrorKind.AUTHENTICATION,
    "unauthorized": ErrorKind.AUTHENTICATION,
    "invalidapikey": ErrorKind.AUTHENTICATION,
    "permission": ErrorKind.PERMISSION,
    "permissiondenied": ErrorKind.PERMISSION,
    "forbidden": ErrorKind.PERMISSION,
    "paymentrequired": ErrorKind.PAYMENT,
    "insufficientbalance": ErrorKind.PAYMENT,
    "insufficientquota": ErrorKind.PAYMENT,
    "notfound": ErrorKind.NOT_FOUND,
    "modelnotfound": ErrorKind.NOT_FOUND,
    "ratelimit": ErrorKind.RATE_LIMIT,
    "ratelimitexceeded": ErrorKind.RATE_LIMIT,
    "ratelimited": ErrorKind.RATE_LIMIT,
    "toomanyrequests": ErrorKind.RATE_LIMIT,
    "resourceexhausted": ErrorKind.RATE_LIMIT,
    "invalidrequest": ErrorKind.INVALID_REQUEST,
    "invalidargument": ErrorKind.INVALID_REQUEST,
    "badrequest": ErrorKind.INVALID_REQUEST,
    "contextlengthexceeded": ErrorKind.INVALID_REQUEST,
    "timeout": ErrorKind.TIMEOUT,
}
"""`type`, `code` and `status` in words: the letters alone, and without "error" at the end, because `rate_limit_error`
of the one is `RateLimitError` of the other."""

STATUS_WORDS = {
    400: "bad request",
    401: "not authorised",
    402: "payment required",
    403: "forbidden",
    404: "not found",
    405: "method not allowed",
    408: "request timeout",
    409: "conflict",
    413: "the request is too large",
    422: "the request cannot be processed",
    425: "too early",
    429: "too many requests",
    500: "internal server error",
    502: "bad gateway",
    503: "service unavailable",
    504: "gateway timeout",
    529: "overloaded",
}


def failure_from_status(status: int, value: object, *, model: str = "", retry_after_s: float | None = None) -> Failure:
    """An answer that is an error. `value` is the body: JSON already read, or its text. `retry_after_s` is the wait that
    its headers ask for, which counts more than one in the body."""
    from tui_chat.providers.limits_wire import Limit, limit_of, told_wait_s  # many patterns, and few answers are errors

    message, type_, code = describe(value)
    if isinstance(value, str):
        value = _parsed(value)
    limit = limit_of(value, message, type_, code) if status == 429 else Limit.PASSING
    if status in RETRYABLE_STATUSES or status == 503:
        retry_after_s = retry_after_s or told_wait_s(value, message)
    kind = ErrorKind.PAYMENT if limit is Limit.BALANCE else kind_of_status(status)
    message = message or f"The gateway answered {status} ({STATUS_WORDS.get(status, 'no reason given')})."
    if kind is ErrorKind.NOT_FOUND and model and model not in message:
        message = f"{message.rstrip('.')} (model {sanitize_line(model, 100)})"
    return Failure(
        kind=kind,
        message=message,
        advice=DAILY_ADVICE if limit is Limit.DAILY else _advice(kind, status, model),
        retryable=is_retryable(status) and limit is Limit.PASSING,
        status=status,
        type=type_,
        code=code,
        retry_after_s=retry_after_s,
        param=_name(_innermost(_parsed(value) if isinstance(value, str) else value).get("param")),
    )


def failure_in_stream(value: object) -> Failure:
    """An error that came inside a stream, after the status was sent."""
    from tui_chat.providers.limits_wire import Limit, limit_of  # the same

    message, type_, code = describe(value)
    inner = _innermost(value)
    status = _status(code) or next((status for name in _STATUS_NAMES if (status := _status(inner.get(name)))), None)
    kind = kind_of_status(status) if status else _kind_in_words(code, type_, inner.get("status"))
    limit = limit_of(value, message, type_, code) if kind is ErrorKind.RATE_LIMIT else Limit.PASSING
    if limit is Limit.BALANCE:
        kind = ErrorKind.PAYMENT
    may_pass = is_retryable(status) if status else kind in _PASSING
    return Failure(
        kind=kind,
        message=message or "The gateway reported an error without saying which.",
        advice=DAILY_ADVICE if limit is Limit.DAILY else ADVICE[kind],
        retryable=may_pass and limit is Limit.PASSING,
        status=status,
        type=type_,
        code=code,
    )


_PASSING = frozenset({ErrorKind.GATEWAY, ErrorKind.RATE_LIMIT, ErrorKind.TIMEOUT})
_STATUS_NAMES = ("status", "status_code", "statusCode", "http_status")


def _status(value: object) -> int | None:
    """An HTTP status that means failure, as a number or its digits."""
    name = _name(value)
    if name is None or not re.fullmatch(r"[45]\d\d", name, re.ASCII):
        return None
    return int(name)


def _kind_in_words(*names: object) -> ErrorKind:
    for name in names:
        if isinstance(name, str):
            letters = re.sub(r"[^a-z]", "", name.lower()).removesuffix("error")
            if letters in _WORDS:
                return _WORDS[letters]
    return ErrorKind.GATEWAY


def kind_of_status(status: int) -> ErrorKind:
    """What an HTTP status from 400 means."""
    if status in _STATUS_KINDS:
        return _STATUS_KINDS[status]
    return ErrorKind.GATEWAY if status >= 500 else ErrorKind.INVALID_REQUEST


def is_retryable(status: int) -> bool:
    """Whether the same request may succeed later."""
    return status in RETRYABLE_STATUSES or status >= 500


def _advice(kind: ErrorKind, status: int, model: str) -> str:
    if kind is ErrorKind.NOT_FOUND and model:
        return f"Check the model id {sanitize_line(model, 100)}, and the base URL."
    if status == 413:
        return "Send less: a shorter conversation or smaller attachments."
    return ADVICE[kind]


def describe(value: object) -> tuple[str, str | None, str | None]:
    """Message (empty where there is none), type and code of an error in any shape."""
    if isinstance(value, str):
        value = _parsed(value)
    inner = _innermost(value)
    type_ = _name(inner.get("type"))
    return one_line(_words(value, 0)), type_ if type_ != "error" else None, _name(inner.get("code"))


def _innermost(value: object) -> dict[str, object]:
    """The object that carries type and code; empty where there is none."""
    for _ in range(_MAX_DEPTH):
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict) and isinstance(inner := value.get("error") or value.get("detail"), dict | list):
            value = inner
        else:
            break
    return value if isinstance(value, dict) else {}


def one_line(text: str) -> str:
    """Foreign text, made fit for one or two lines: HTML to its title or words, no control characters, bounded."""
    text = text[:200_000]
    if text.lstrip()[:1] == "<":
        from tui_chat.providers.error_page import words_of_page  # many patterns, and few answers are pages

        text = words_of_page(text)
    return sanitize_line(text.strip(), _MAX_MESSAGE)


def _name(value: object) -> str | None:
    """`type` and `code`: words or numbers; the string "None" is what some proxies make of nothing."""
    if isinstance(value, Decimal | float) and value in range(1000):  # 429.0
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = sanitize_line(str(value), 100)
    return text if text and text.lower() not in ("none", "null") else None


def _parsed(text: str) -> object:
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        try:
            parsed: object = json.loads(stripped, strict=False)
        except (ValueError, RecursionError):
            return text
        return parsed
    return text


_DESCRIPTIONS = (
    "message", "detail", "msg", "error_description", "error_message", "error_msg", "description", "errors", "title",
    "reason", "error", "base_resp", "status_msg",
)  # fmt: skip
"""Where the words are. An `error` that is a string is often but a name, so it comes last."""


def _words(value: object, depth: int) -> str:
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, str):
        parsed = _parsed(value)
        return (_words(parsed, depth + 1) or value) if not isinstance(parsed, str) else value
    if isinstance(value, list):
        return "; ".join(words for item in value[:3] if (words := _words(item, depth + 1)))
    if not isinstance(value, dict):
        return ""
    for name in _DESCRIPTIONS if isinstance(value.get("error"), str) else ("error", *_DESCRIPTIONS):
        words = _words(value.get(name), depth + 1)
        if words and isinstance(value.get("loc"), list):
            words = f"{_place(value['loc'])}: {words}"
        if words:
            return _with_raw(words, value, depth)
    return _with_raw("", value, depth)


def _place(location: object) -> str:
    """Where FastAPI and pydantic say that a request is wrong."""
    names = location if isinstance(location, list) else []
    return ".".join(str(name) for name in names[:6] if isinstance(name, str | int) and name != "body")[:100]


def _with_raw(words: str, value: dict[str, object], depth: int) -> str:
    """OpenRouter says "Provider returned error" and hides what the provider said in `metadata.raw`."""
    metadata = value.get("metadata")
    raw = _words(metadata.get("raw"), depth + 1) if isinstance(metadata, dict) else ""
    if not raw or raw in words:
        return words
    return f"{words}: {raw}" if words else raw
