"""The demo gateway without a socket: one request in, status, headers and timed bytes out.

Both ways in (`transport` for the chat, `asgi` for other clients) call `DemoGateway.handle`, so the chat and other
clients get the same bytes.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping

import msgspec

from tui_chat.demo import script, wire
from tui_chat.demo.asked import Asked
from tui_chat.demo.catalogue import MODELS, DemoModel, find
from tui_chat.demo.plan import Fail, Hang, HttpError, Plan
from tui_chat.demo.reading import read
from tui_chat.demo.wire import Head, Step
from tui_chat.manual import Page, pages

MAX_BODY_BYTES = 16_000_000
_EMPTY_KEY = "sr_empty"
_REMEMBERED = 1_000
_CREATED = 1_767_225_600
"""Time of creation of the scripted models in the catalogue: 2026-01-01."""


class Response(msgspec.Struct, frozen=True):
    """A response, whose body comes step by step."""

    status: int
    headers: tuple[tuple[str, str], ...]
    steps: Iterator[Step]


class DemoGateway:
    """Answers requests. Its only state is a counter, and how often each client has asked demo/flaky for a failure."""

    def __init__(self, now: Callable[[], float], speed: float = 1.0, manual: tuple[Page, ...] | None = None) -> None:
        """`now` returns seconds since the epoch; `speed` scales every wait, and 0 omits them."""
        self._now = now
        self._wait_factor = 1 / speed if speed > 0 else 0.0
        self._manual = manual
        self._served = 0
        self._attempts: OrderedDict[bytes, int] = OrderedDict()

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request; `headers` are in lower case."""
        self._served += 1
        result = self._route(method, path, headers, body)
        return self._error_response(result) if isinstance(result, HttpError) else result

    def _route(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response | HttpError:
        place = _place(path)
        if place is None:
            return _nothing_at(path)
        allowed = "POST" if place == "/chat/completions" else "GET"
        if method not in (allowed, "HEAD" if allowed == "GET" else allowed):
            message = f"{method} is not possible here; use {allowed}."
            return HttpError(405, message, "invalid_request_error", "method_not_allowed", allow=allowed)
        key = _key(headers)
        if not key.startswith("sr_"):
            message = (
                "The API key is not valid. It begins with sr_."
                if key
                else "No API key: send Authorization: Bearer sr_…"
            )
            return HttpError(401, message, "authentication_error", "invalid_api_key")
        if len(body) > MAX_BODY_BYTES:
            return too_large()
        if place == "/chat/completions":
            return self._completion(key, body)
        return _catalogue(place.removeprefix("/models").strip("/"))

    def _completion(self, key: str, body: bytes) -> Response | HttpError:
        asked = read(body)
        if isinstance(asked, HttpError):
            return asked
        result: Response | HttpError = _unknown_model(asked.model)
        for model_id in (asked.model, *(one for one in asked.fallbacks if one != asked.model)):
            result = self._complete(model_id, asked, key)
            if isinstance(result, Response) or (result.status != 429 and result.status < 500):
                break
        return result

    def _complete(self, model_id: str, asked: Asked, key: str) -> Response | HttpError:
        model = find(model_id)
        if model is None:
            return _unknown_model(model_id)
        if key == _EMPTY_KEY and not model.is_free:
            message = f"Insufficient balance for {model.id}. Top up, or use a free model such as demo/guide."
            return HttpError(402, message, "payment_required", "insufficient_balance")
        read_tokens = asked.prompt_tokens
        if read_tokens > model.context_tokens:
            message = f"The request has {read_tokens} tokens; {model.id} reads at most {model.context_tokens}."
            return HttpError(400, message, "invalid_request_error", "context_length_exceeded")
        plan = self._plan(model, asked, key)
        return plan if isinstance(plan, HttpError) else self._write(model, asked, wire.limit(plan, asked))

    def _plan(self, model: DemoModel, asked: Asked, key: str) -> Plan | HttpError:
        manual = self._manual if self._manual is not None else pages()
        if model.id != "demo/flaky":
            return script.answer(model, asked, manual, 1)
        question = hashlib.sha256(msgspec.json.encode((key, asked.messages))).digest()
        attempt = self._attempts.pop(question, 0) + 1
        plan = script.answer(model, asked, manual, attempt)
        if isinstance(plan, HttpError):
            self._attempts[question] = attempt
            if len(self._attempts) > _REMEMBERED:
                self._attempts.popitem(last=False)
        return plan

    def _write(self, model: DemoModel, asked: Asked, plan: Plan) -> Response | HttpError:
        head = Head(f"chatcmpl_{self._request_id()}", int(self._now()), model)
        if asked.is_stream:
            kind = "text/event-stream; charset=utf-8"
            steps = (self._scale_wait(step) for step in wire.stream(plan, asked, head))
            return self._response(200, steps, ("content-type", kind), ("cache-control", "no-cache"))
        body = wire.whole(plan, asked, head)
        match body:
            case Fail(message, type_, code):
                return HttpError(500, message, type_, code)
            case Hang():
                return self._response(200, iter((Step(0.0, b'{"id":', breaks=True),)), _JSON)
            case _:
                step = self._scale_wait(Step(wire.duration_s(plan), body))
                return self._response(200, iter((step,)), _JSON, ("content-length", str(len(body))))

    def _scale_wait(self, step: Step) -> Step:
        return Step(step.delay_s * self._wait_factor, step.data, step.breaks)

    def _error_response(self, error: HttpError) -> Response:
        fields = {"message": error.message, "type": error.type, "code": error.code}
        body = msgspec.json.encode({"error": fields})
        extra = [("retry-after", str(error.retry_after_s))] if error.retry_after_s is not None else []
        extra += [("allow", error.allow)] if error.allow else []
        length = ("content-length", str(len(body)))
        return self._response(error.status, iter((Step(0.0, body),)), _JSON, length, *extra)

    def _response(self, status: int, steps: Iterator[Step], *headers: tuple[str, str]) -> Response:
        return Response(status, (*headers, ("x-request-id", f"req_{self._request_id()}")), steps)

    def _request_id(self) -> str:
        return hashlib.sha256(f"{self._now()} {self._served}".encode()).hexdigest()[:16]


_JSON = ("content-type", "application/json")


def too_large() -> HttpError:
    """Refuse a body that is not worth reading to its end."""
    message = f"The body is larger than {MAX_BODY_BYTES // 1_000_000} MB."
    return HttpError(413, message, "invalid_request_error", "request_too_large")


def _place(path: str) -> str | None:
    """Find the endpoint under `/ai` or `/ai/v1`; None where there is none."""
    clean = path.rstrip("/")
    for base in ("/ai/v1", "/ai"):
        place = clean.removeprefix(base)
        if place != clean and (place in ("/chat/completions", "/models") or place.startswith("/models/")):
            return place
    return None


def _nothing_at(path: str) -> HttpError:
    message = f"There is nothing at {path[:200]}. Try /ai/chat/completions or /ai/models."
    return HttpError(404, message, "invalid_request_error", "not_found")


def _unknown_model(model_id: str) -> HttpError:
    message = f"The model '{model_id[:200]}' does not exist. GET /models lists those that do."
    return HttpError(404, message, "invalid_request_error", "model_not_found")


def _key(headers: Mapping[str, str]) -> str:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _catalogue(model_id: str) -> Response | HttpError:
    if not model_id:
        body = msgspec.json.encode({"object": "list", "data": [_row(model) for model in MODELS]})
    elif model := find(model_id):
        body = msgspec.json.encode(_row(model))
    else:
        return _unknown_model(model_id)
    return Response(200, (_JSON, ("content-length", str(len(body)))), iter((Step(0.0, body),)))


def _row(model: DemoModel) -> dict[str, object]:
    return {
        "id": model.id,
        "object": "model",
        "created": _CREATED,
        "owned_by": model.id.partition("/")[0],
        "name": model.name,
        "description": model.description,
        "pricing": {"prompt": wire.plain(model.prompt_usd), "completion": wire.plain(model.completion_usd)},
        "context_length": model.context_tokens,
        "architecture": {"input_modalities": list(model.input_modalities), "output_modalities": ["text"]},
        "supported_parameters": list(model.supported_parameters),
    }
