"""The completer over HTTP: one question out, stream events back, always ended by exactly one `Stopped`.

    HttpCompleter(connection: HttpConnection, dialect: Dialect, *, now, sleep, random)

Implements `chat.ports.Completer`. Closing the generator closes the socket; nothing that the wire does is raised. Where
it is cancelled, it hands out what was held back of the answer before it raises that.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from math import inf
from typing import TypeAlias

import httpx
from msgspec.structs import replace

from tui_chat.client.answers import opened_body, refusal_of
from tui_chat.client.errors import (
    FOREIGN,
    failure_of,
    headers_failure,
    lost_failure,
    no_tls_failure,
    silence_failure,
    upload_failure,
    with_way_out,
)
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.client.retry import RetryPolicy
from tui_chat.client.trickle import Trickle
from tui_chat.core import figures
from tui_chat.core.errors import NOT_SENT, ErrorKind, Failure, GatewayError
from tui_chat.core.event_mask import EventMask
from tui_chat.core.request import Request
from tui_chat.core.stream_events import (
    Connected,
    FellBack,
    FieldLeftOut,
    Outcome,
    RetryScheduled,
    Stopped,
    StreamEvent,
    ToolCallDelta,
    UsageReported,
    is_content,
)
from tui_chat.providers.dialect import Decoder, Dialect, HttpRequest
from tui_chat.providers.learned import Learned

_DRAIN_S = 0.05
"""For the few bytes after the marker, so that the connection can be used again; and for usage that comes late."""
_MAX_REFUSALS = 12
_LONGEST_MEANT_S = 31 * 86400.0
"""A quota of a month is renewed within that; a server that asks for more has made a mistake."""
_WITHOUT_ANSWER = (204, 205)
"""Every other 2xx may hold a stream: frameworks answer a POST with 201 where nobody told them otherwise."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]


class HttpCompleter:
    """Asks one gateway in one dialect. `now` is in seconds since the epoch, for dates in `Retry-After`; `random`
    gives numbers from 0 to 1."""

    def __init__(
        self,
        connection: HttpConnection,
        dialect: Dialect,
        *,
        now: Callable[[], float],
        random: Callable[[], float],
        sleep: Sleep = asyncio.sleep,
        learned: Learned | None = None,
    ) -> None:
        """`learned` is what is known of this gateway from earlier connections to it."""
        self._connection = connection
        self._dialect = dialect
        self._now = now
        self._random = random
        self._sleep = sleep
        self._learned = learned or Learned()
        self._is_warm = False

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Events as they come, the last one `Stopped`. No secret of the request is in any of them."""
        mask = EventMask(lambda: self._connection.secrets)
        async with contextlib.aclosing(self._answer(request)) as events:
            try:
                async for event in events:
                    for masked in mask.feed(event):
                        yield masked
            except asyncio.CancelledError:
                for masked in mask.release():
                    yield masked
                raise

    async def _answer(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """Events as the gateway and the way to it make them."""
        retries = refusals = 0
        has_renewed = False
        quirks = self._learned.quirks(request)
        why = self._learned.why(request.model)
        limits = self._connection.limits
        policy = limits.retry
        http_request = self._dialect.request(request, quirks)
        while True:
            generation = self._connection.generation
            after_s = limits.fallback_after_s if request.fallbacks else None
            answer = await self._open(http_request, request.model, after_s)
            if isinstance(answer, httpx.Response):
                break
            failure = answer
            if failure.status == 401 and not has_renewed and self._connection.renew(generation):
                has_renewed = True
                continue
            from tui_chat.providers.refusals import adapted  # many patterns, needed only after a refusal

            changed = adapted(quirks, failure, http_request.body) if refusals < _MAX_REFUSALS else None
            if changed is not None:
                refusals += 1
                quirks, refused = changed, http_request
                http_request = self._dialect.request(request, quirks)
                why |= dict.fromkeys(set(http_request.left_out) - set(refused.left_out), failure.message)
                continue
            for left_out in _left_out(http_request, why):
                yield left_out
            is_silence = failure.kind is ErrorKind.TIMEOUT and failure.status is None
            leads_on = after_s is not None if is_silence else _leads_on(failure, retries, policy)
            if leads_on and (then := _next_model(request)) is not None:
                yield FellBack(request.model, then.model, failure)
                request, retries, refusals = then, 0, 0
                quirks, why = self._learned.quirks(request), self._learned.why(request.model)
                http_request = self._dialect.request(request, quirks)
                continue
            if is_silence or not failure.retryable:
                yield Stopped(Outcome.ERROR, failure=_told(failure, http_request.body))
                return
            asked_s = failure.retry_after_s
            if asked_s is not None and asked_s > policy.longest_asked_s:
                yield Stopped(Outcome.ERROR, failure=_too_long(failure, asked_s))
                return
            if retries >= policy.retries:
                yield Stopped(Outcome.ERROR, failure=failure)
                return
            retries += 1
            self._learned.learn(request, quirks, why)
            delay_s = policy.delay_s(retries, asked_s, self._random())
            yield RetryScheduled(retries, delay_s, failure, policy.retries)
            await self._sleep(delay_s)
        self._learned.learn(request, quirks, why)
        for left_out in _left_out(http_request, why):
            yield left_out
        names = http_request.tool_names
        async with contextlib.aclosing(self._read(answer, request.model)) as events:
            async for event in events:
                yield _as_offered(event, names) if names and isinstance(event, ToolCallDelta) else event

    async def close(self) -> None:
        """Let go of every connection that is kept for the next request."""
        await self._connection.close()

    async def _open(self, request: HttpRequest, model: str, after_s: float | None) -> httpx.Response | Failure:
        """An answer whose body is ready to be read, or why there is none; `after_s` is how long that may take where
        another model is asked then."""
        connection = self._connection
        headers_s = min(after_s or inf, connection.limits.headers_s)
        if connection.refusal is not None:
            return connection.refusal
        progress = _Progress(self._warm_up)
        try:
            headers = await connection.headers()
        except GatewayError as error:
            return error.failure
        try:
            async with asyncio.timeout(connection.limits.headers_s) as limit:
                client = await connection.client()
                limit.reschedule(asyncio.get_running_loop().time() + headers_s)  # loading is no time of the model's
                message = client.build_request(
                    "POST",
                    connection.url(request.path),
                    headers={**headers, **request.headers},
                    content=request.body,
                    extensions={"trace": progress},
                )
                response = await client.send(message, stream=True)
        except (TimeoutError, httpx.ConnectTimeout) as error:
            if progress.is_in_tls and after_s is None:
                return no_tls_failure(connection.host)
            if isinstance(error, httpx.ConnectTimeout):
                return failure_of(error, connection)
            failure = headers_failure(connection.host, headers_s)
            return failure if progress.is_sent else replace(failure, code=NOT_SENT)
        except FOREIGN as error:
            if progress.is_upload_broken:
                return upload_failure(connection.host, len(request.body))
            return failure_of(error, connection)
        if response.is_success and response.status_code not in _WITHOUT_ANSWER:
            return response
        try:
            failure = await refusal_of(response, model=model, now=self._now())
            return with_way_out(failure, connection.base_url)
        finally:
            await response.aclose()

    def _warm_up(self) -> None:
        """Import what reads an answer while the first one is waited for."""
        if not self._is_warm:
            self._is_warm = True
            asyncio.get_running_loop().run_in_executor(None, self._dialect.warm_up)

    async def _read(self, response: httpx.Response, model: str) -> AsyncGenerator[StreamEvent, None]:
        """The events of a body, and `Stopped`."""
        from tui_chat.providers.limits_wire import read_limits  # many patterns, none of which is needed to ask

        decoder = self._dialect.decoder(model)
        connection, has_begun = self._connection, False
        try:
            yield Connected(read_limits(response.headers, self._now()))
            cut: Failure | None = None
            now = asyncio.get_running_loop().time
            trickle = Trickle(now=now)
            async with contextlib.aclosing(opened_body(response, trickle)) as pieces:
                patience, told_s = _Patience(connection.limits), now()
                while not decoder.is_done and patience.is_left:
                    try:
                        async with asyncio.timeout_at(patience.ends_at):
                            piece = await anext(pieces, None)
                    except TimeoutError:
                        if not decoder.is_ending:
                            limit_s = connection.limits.silence_s
                            cut = silence_failure(connection.host, limit_s, has_begun=has_begun)
                        break
                    except FOREIGN as error:
                        cut = lost_failure(error, connection, has_begun=has_begun)
                        break
                    if piece is None:
                        break
                    trickle.came(len(piece))
                    was_whole, events = decoder.is_ending, decoder.feed(piece)
                    if not was_whole or any(is_content(event) or isinstance(event, UsageReported) for event in events):
                        told_s = now()
                    is_growing = any(map(is_content, events))
                    has_begun = has_begun or is_growing
                    trickle.is_growing = is_growing and not decoder.is_ending
                    for event in events:
                        yield event
                    patience.renew(is_ending=decoder.is_ending)
                if decoder.is_done:
                    for event in await _drain(pieces, decoder):
                        yield event
            waited_s = now() - told_s if decoder.is_ending else 0.0
            for event in decoder.finish(cut):
                yield self._ended(event, waited_s)
        except asyncio.CancelledError:
            for event in decoder.finish():
                if not isinstance(event, Stopped):
                    yield event
            raise
        finally:
            await response.aclose()

    def _ended(self, event: StreamEvent, waited_s: float) -> StreamEvent:
        if not isinstance(event, Stopped):
            return event
        failure = event.failure and with_way_out(event.failure, self._connection.base_url)
        return replace(event, failure=failure, waited_s=waited_s)


class _Patience:
    """Until when the next bytes may take: every byte renews it, after the answer's end only up to a limit in all."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._now = asyncio.get_running_loop().time
        self._last_s: float | None = None
        """When even bytes that keep coming are not waited for any more; None while the answer goes on."""
        self.ends_at = self._now() + limits.silence_s

    @property
    def is_left(self) -> bool:
        """There is still time. Bytes that never pause would otherwise never meet the deadline."""
        return self._now() < self.ends_at

    def renew(self, *, is_ending: bool) -> None:
        """Bytes came; `is_ending`: the answer is over but for its usage."""
        now_s = self._now()
        if not is_ending:
            self._last_s = None
            self.ends_at = now_s + self._limits.silence_s
            return
        if self._last_s is None:
            self._last_s = now_s + self._limits.usage_wait_in_all_s
        self.ends_at = min(now_s + self._limits.usage_wait_s, self._last_s)


def _left_out(request: HttpRequest, why: Mapping[str, str]) -> list[FieldLeftOut]:
    return [FieldLeftOut(name, why.get(name, "")) for name in request.left_out]


def _as_offered(event: ToolCallDelta, names: Mapping[str, str]) -> ToolCallDelta:
    return replace(event, name=names.get(event.name, event.name))


class _Progress:
    """How far a request came: httpx's "trace" extension calls it at every step. A timeout does not say by itself."""

    def __init__(self, on_sent: Callable[[], None]) -> None:
        self._on_sent = on_sent
        self.is_in_tls = False
        self.is_upload_broken = False
        self.is_sent = False

    async def __call__(self, event: str, _: object) -> None:
        if "start_tls" in event:
            self.is_in_tls = not event.endswith("complete")
        elif event.endswith("send_request_body.failed"):
            self.is_upload_broken = True
        elif event.endswith("send_request_body.complete"):
            self.is_sent = True
            self._on_sent()


async def _drain(pieces: AsyncGenerator[bytes, None], decoder: Decoder) -> list[StreamEvent]:
    """What still comes behind the marker: usage at most."""
    events: list[StreamEvent] = []
    with contextlib.suppress(TimeoutError, *FOREIGN):
        async with asyncio.timeout(_DRAIN_S):
            async for piece in pieces:
                events += decoder.feed(piece)
    return events


def _leads_on(failure: Failure, retries: int, policy: RetryPolicy) -> bool:
    """Say whether the next model is to be asked: this one is busy or broken, and was asked again often enough, or wants
    a long wait."""
    status = failure.status
    if not failure.retryable or status is None or not (status == 429 or status >= 500):
        return False
    waits_long = failure.retry_after_s is not None and failure.retry_after_s > policy.longest_s
    return retries >= policy.retries or waits_long


def _next_model(request: Request) -> Request | None:
    """The request for the next model of the list; None where there is none."""
    if not request.fallbacks:
        return None
    first, *rest = request.fallbacks
    return replace(request, model=first, fallbacks=tuple(rest))


def _told(failure: Failure, body: bytes) -> Failure:
    """The failure with what to change, where the value of one field is all that is wrong."""
    from tui_chat.providers.refusals import out_of_range  # many patterns, needed only after a refusal

    name = out_of_range(failure, body)
    return replace(failure, advice=f"Set {name} to a value that the model takes.") if name else failure


def _too_long(failure: Failure, asked_s: float) -> Failure:
    """The failure with the wait that is asked for, or that it is more than anybody can mean."""
    if asked_s > _LONGEST_MEANT_S:
        days = round(_LONGEST_MEANT_S / 86400)
        wait = f"more than {days} days, which is hardly meant. Choose another model, or try again later."
    else:
        wait = f"{figures.span(asked_s)}. Choose another model, or ask again then."
    return replace(
        failure,
        advice=f"The gateway asks to wait {wait}",
        retryable=True,
        retry_after_s=min(asked_s, _LONGEST_MEANT_S),
    )
