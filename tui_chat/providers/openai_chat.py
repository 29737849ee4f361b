"""The OpenAI chat dialect: `POST /chat/completions`, and the stream of chunks that answers it.

The decoder keeps every rule of the project's page on reliability: what counts is what arrived; an error wins over a
malformed chunk, that over a finish reason or `[DONE]`, and a body that just ends was cut. It never raises, and costs a
few microseconds per chunk: neighbouring deltas of one read are joined into one event.
"""

from collections.abc import Collection

import msgspec

from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.request import Request
from tui_chat.core.sanitize import sanitize_line, without_surrogates
from tui_chat.core.sse import MAX_LINE_BYTES, Comment, Frame, LineTooLong, ServerSentEvent, SseDecoder, Stray
from tui_chat.core.stream_events import (
    Heartbeat,
    Outcome,
    ProviderData,
    ReasoningDelta,
    RefusalDelta,
    Started,
    Stopped,
    StreamEvent,
    TextDelta,
)
from tui_chat.providers.call_identity import LEGACY, CallIdentity
from tui_chat.providers.dialect import HttpRequest
from tui_chat.providers.failures import ADVICE, failure_in_stream, one_line
from tui_chat.providers.inline_thinking import InlineThinking
from tui_chat.providers.openai_request import request_body
from tui_chat.providers.openai_wire import (
    UNREADABLE,
    WireCall,
    WireChoice,
    WireDelta,
    read_choices,
    read_json,
    read_reasoning_details,
    read_text,
    split_fields,
    write_json,
)
from tui_chat.providers.usage_wire import read_usage

MAX_ANSWER_CHARS = 32 * 1024 * 1024
_MAX_PROVIDER_FIELDS = 64
_MAX_PROVIDER_BYTES = 64 * 1024
_MAX_SNIFF = 1024
_CALL_COST = 256
"""Characters that a call counts for against the limit, so that a million empty calls are not free."""

_OURS = frozenset({"id", "object", "created", "model", "choices", "usage", "error", "obfuscation"})
_NULL = msgspec.Raw(b"null")

_Delta = type[TextDelta] | type[ReasoningDelta] | type[RefusalDelta]
_Fields = dict[str, msgspec.Raw]


class OpenAIChat:
    """The dialect. `inline_thinking`: `<think>` at the start of the text is reasoning."""

    def __init__(
        self,
        *,
        inline_thinking: bool = True,
        max_line_bytes: int = MAX_LINE_BYTES,
        max_answer_chars: int = MAX_ANSWER_CHARS,
    ) -> None:
        self._inline_thinking = inline_thinking
        self._max_line_bytes = max_line_bytes
        self._max_answer_chars = max_answer_chars

    def request(self, request: Request, without: Collection[str] = ()) -> HttpRequest:
        """The question as HTTP; fields named in `without` are left out."""
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        return HttpRequest("/chat/completions", headers, request_body(request, without))

    def decoder(self) -> "OpenAIChatDecoder":
        """A new decoder for one answer."""
        return OpenAIChatDecoder(
            inline_thinking=self._inline_thinking,
            max_line_bytes=self._max_line_bytes,
            max_answer_chars=self._max_answer_chars,
        )


class OpenAIChatDecoder:
    """Bytes of one answer in, stream events out."""

    def __init__(
        self,
        *,
        inline_thinking: bool = True,
        max_line_bytes: int = MAX_LINE_BYTES,
        max_answer_chars: int = MAX_ANSWER_CHARS,
    ) -> None:
        self._sse = SseDecoder(max_line_bytes)
        self._max_body = max_answer_chars
        self._room = max_answer_chars
        self._body: bytearray | None = bytearray()
        """The body so far while it may be something else than an event stream; None once it is one."""
        self._thinking = InlineThinking() if inline_thinking else None
        self._calls = CallIdentity()
        self._halves: dict[_Delta | int, str] = {}
        """The first half of a surrogate pair, per kind of text or call, until the second arrives."""
        self._out: list[StreamEvent] = []
        self._kind: _Delta = TextDelta
        self._pieces: list[str] = []
        self._id = self._model = _NULL
        self._known_id = self._known_model = ""
        self._usage = _NULL
        self._usage_changed = False
        self._provider: dict[str, msgspec.Raw] = {}
        self._provider_changed: set[str] = set()
        self._has_chunks = False
        self._finish_reason: str | None = None
        self._marked = False
        self._error: Failure | None = None
        self._malformed: Failure | None = None
        self._is_over = False

    @property
    def is_done(self) -> bool:
        """The marker was seen, or a limit was passed: nothing that may still come counts."""
        return self._marked or self._is_over

    @property
    def is_ending(self) -> bool:
        """A finish reason or an error was seen."""
        return self.is_done or self._finish_reason is not None or self._error is not None

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """What these bytes say."""
        if self._body is not None:
            chunk = self._sniff(chunk)
        if chunk and not self.is_done:
            self._take_frames(self._sse.feed(chunk))
        return self._flush()

    def finish(self, cut: Failure | None = None) -> list[StreamEvent]:
        """What was held back, and `Stopped`."""
        if self._body:
            self._take_body(bytes(self._body))
        if not self.is_done:
            self._take_frames(self._sse.finish())
        if self._thinking is not None:
            thought, text = self._thinking.finish()
            self._say(ReasoningDelta, thought)
            self._say(TextDelta, text)
        for channel in list(self._halves):
            self._say_half(channel)
        events = self._flush()
        self._is_over = True
        return [*events, self._stopped(cut)]

    def _stopped(self, cut: Failure | None) -> Stopped:
        reason = self._finish_reason
        if self._error is not None:
            return Stopped(Outcome.ERROR, reason, self._error)
        if self._malformed is not None:
            return Stopped(Outcome.ERROR, reason, self._malformed)
        if reason is not None or self._marked:
            return Stopped(Outcome.COMPLETE, reason)
        return Stopped(Outcome.TRUNCATED, None, cut or _cut(self._has_chunks))

    # Whole bodies: an answer, or an error, though a stream was asked for.

    def _sniff(self, chunk: bytes) -> bytes:
        """Hold the body back while it looks like JSON or HTML instead of events; b"" while it is held."""
        body = self._body
        assert body is not None
        body += chunk
        start = bytes(body[:_MAX_SNIFF]).lstrip(b"\xef\xbb\xbf \t\r\n")
        if start[:1] in (b"{", b"[", b"<") or (not start and len(body) < _MAX_SNIFF):
            if len(body) > self._max_body or (start[:1] == b"<" and len(body) > _MAX_PROVIDER_BYTES):
                self._take_body(bytes(body))
                self._is_over = True
            return b""
        self._body = None
        return bytes(body)

    def _take_body(self, body: bytes) -> None:
        self._body = None
        text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
        if text[:1] == b"<":
            words = one_line(text.decode("utf-8", "replace"))
            self._fail(f"The gateway answered with a web page: {words}" if words else "The gateway sent a web page.")
            return
        if self._take_bare_json(text):
            if not self._has_chunks and self._error is None:
                self._fail("The gateway answered with JSON that is not an answer.")
            elif self._error is None and self._out_or_pieces():
                self._marked = True
            return
        self._take_frames(self._sse.feed(body))
        self._take_frames(self._sse.finish())
        if not self._has_chunks and self._error is None:
            self._fail("The gateway answered with something that is not an answer.")

    def _out_or_pieces(self) -> bool:
        return bool(self._out or self._pieces)

    def _take_bare_json(self, data: bytes) -> bool:
        """A JSON object, or a list that begins with one, without `data:`. False: it is neither."""
        try:
            value = read_json(data)
        except UNREADABLE:
            return False
        if isinstance(value, list):
            value = value[0] if value else None
            if not (isinstance(value, dict) and "error" in value):
                return False
            data = bytes(write_json(value))
        if not isinstance(value, dict):
            return False
        self._take_chunk(_split(data, value), "")
        return True

    # Frames and chunks.

    def _take_frames(self, frames: list[Frame]) -> None:
        for frame in frames:
            if type(frame) is ServerSentEvent:
                self._take_event(frame)
                if self._marked:
                    return
            elif type(frame) is Comment:
                self._end_run()
                self._out.append(Heartbeat())
            elif type(frame) is Stray:
                if frame.data.lstrip()[:1] in (b"{", b"["):
                    self._take_stray(frame.data)
            elif type(frame) is LineTooLong:
                self._fail(f"The gateway sent a line of more than {_megabytes(frame.limit_bytes)}.")

    def _take_event(self, event: ServerSentEvent) -> None:
        data = event.data
        try:
            fields: _Fields = split_fields(data)
        except UNREADABLE:
            self._take_odd(event)
            return
        self._take_chunk(fields, event.event)

    def _take_odd(self, event: ServerSentEvent) -> None:
        """Anything but a well-formed object: the marker, nothing, other JSON, JSON with flaws, or no JSON at all."""
        data = event.data.strip()
        if data == b"[DONE]":
            self._marked = True
            return
        if not data:
            return
        try:
            value = read_json(data)
        except UNREADABLE:
            if event.event == "error":
                self._note_error(data.decode("utf-8", "replace"))
            elif not event.is_leftover and self._malformed is None:
                self._malformed = _malformed(data)
            return
        if isinstance(value, list) and value and isinstance(value[0], dict) and "error" in value[0]:
            value = value[0]
        if isinstance(value, dict):
            self._take_chunk(_split(data, value), event.event)
        elif event.event == "error":
            self._note_error(value)

    def _take_stray(self, data: bytes) -> None:
        """Bare JSON between events counts only as an error: everything else there is no field and means nothing."""
        try:
            value = read_json(data)
        except UNREADABLE:
            return
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict) and _is_error(value, ""):
            self._note_error(value)

    def _take_chunk(self, fields: _Fields, event_type: str) -> None:
        if fields.get("id", _NULL) != self._id or fields.get("model", _NULL) != self._model:
            self._take_identity(fields)
        choices = fields.get("choices")
        if choices is None or "error" in fields or "type" in fields or event_type or "object" not in fields:
            self._look_for_error(fields, event_type)
        if choices is not None:
            self._has_chunks = True
            taken = False
            for choice in read_choices(choices):
                if choice.usage:
                    self._take_usage(choice.usage)
                if not taken and not choice.index:
                    taken = True
                    self._take_choice(choice)
        for name, value in fields.items():
            if name in _OURS:
                continue
            if name == "x_groq":
                self._take_groq(value)
            if value != self._provider.get(name, _NULL):
                self._keep(name, value)
        usage = fields.get("usage")
        if usage is not None:
            self._take_usage(usage)

    def _take_identity(self, fields: _Fields) -> None:
        """The id of the first chunk that has one, and the model whenever it changes."""
        self._id, self._model = fields.get("id", self._id), fields.get("model", self._model)
        id_, model = _string(self._id), _string(self._model)
        if (self._known_id or not id_) and (model == self._known_model or not model):
            return
        self._known_id = self._known_id or id_
        self._known_model = model or self._known_model
        self._end_run()
        self._out.append(Started(self._known_id, self._known_model))

    def _take_choice(self, choice: WireChoice) -> None:
        delta = choice.delta if choice.delta is not None else choice.message
        if delta is not None:
            self._take_delta(delta)
        reason = choice.finish_reason
        if reason and reason != "null":
            self._finish_reason = without_surrogates(reason)[:100]
            if reason == "error" and self._error is None:
                self._note_error(_value(choice.error) or {})
        if choice.error:
            value = _value(choice.error)
            if value:
                self._note_error(value)

    def _take_delta(self, delta: WireDelta) -> None:
        reasoning = delta.reasoning_content or delta.reasoning
        if not reasoning and delta.reasoning_details:
            reasoning = read_reasoning_details(delta.reasoning_details)
        if reasoning:
            self._say(ReasoningDelta, reasoning)
        content = delta.content
        if content:
            if self._thinking is None:
                self._say(TextDelta, content)
            else:
                thought, text = self._thinking.feed(content)
                if self._thinking.is_settled:
                    self._thinking = None
                self._say(ReasoningDelta, thought)
                self._say(TextDelta, text)
        if delta.refusal:
            self._say(RefusalDelta, delta.refusal)
        if delta.tool_calls:
            self._calls.next_chunk()
            for call in delta.tool_calls:
                if call is not None:
                    self._take_call(call)
        elif delta.function_call is not None and not self._calls.has_listed:
            self._take_call(WireCall(LEGACY, None, delta.function_call))

    def _take_call(self, call: WireCall) -> None:
        name, fragment = "", ""
        if call.function is not None:
            name = without_surrogates(call.function.name or "")
            fragment = read_text(call.function.arguments)
        self._end_run()
        before = self._calls.count
        event = self._calls.settle(call.index, without_surrogates(call.id or ""), name, fragment)
        self._room -= len(fragment) + (self._calls.count - before) * _CALL_COST
        self._check_room()
        if fragment:
            event = msgspec.structs.replace(event, fragment=self._whole(event.index, fragment))
        self._out.append(event)

    # Text on its way out.

    def _say(self, kind: _Delta, text: str) -> None:
        if not text:
            return
        self._room -= len(text)
        if self._room < 0:
            self._check_room()
        if self._halves or not text.isascii():
            text = self._whole(kind, text)
        if kind is not self._kind:
            self._end_run()
            self._kind = kind
        self._pieces.append(text)

    def _whole(self, channel: _Delta | int, text: str) -> str:
        """The text with its surrogate pairs joined; half a pair at its end waits for the other half."""
        text = self._halves.pop(channel, "") + text
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._halves[channel] = text[-1]
            text = text[:-1]
        return without_surrogates(text)

    def _say_half(self, channel: _Delta | int) -> None:
        del self._halves[channel]
        if isinstance(channel, int):
            self._out.append(self._calls.settle_at(channel, "\ufffd"))
        else:
            self._say(channel, "\ufffd")

    def _end_run(self) -> None:
        if self._pieces:
            text = self._pieces[0] if len(self._pieces) == 1 else "".join(self._pieces)
            self._pieces = []
            if text:
                self._out.append(self._kind(text))

    def _flush(self) -> list[StreamEvent]:
        self._end_run()
        if self._usage_changed:
            self._usage_changed = False
            reported = read_usage(self._usage)
            if reported is not None:
                self._out.append(reported)
        if self._provider_changed:
            for name in sorted(self._provider_changed):
                text = bytes(self._provider[name]).decode("utf-8", "replace")
                self._out.append(ProviderData(without_surrogates(name), text))
            self._provider_changed.clear()
        out, self._out = self._out, []
        return out

    # Usage, fields that are not ours, errors.

    def _take_usage(self, raw: msgspec.Raw) -> None:
        if raw != self._usage and raw != _NULL and bytes(raw)[:1] == b"{":
            self._usage = raw.copy()
            self._usage_changed = True

    def _take_groq(self, raw: msgspec.Raw) -> None:
        try:
            usage = split_fields(raw).get("usage")
        except UNREADABLE:
            return
        if usage is not None:
            self._take_usage(usage)

    def _keep(self, name: str, raw: msgspec.Raw) -> None:
        if len(self._provider) >= _MAX_PROVIDER_FIELDS and name not in self._provider:
            return
        if len(bytes(raw)) <= _MAX_PROVIDER_BYTES and len(name) <= 200:
            self._provider[name] = raw.copy()
            self._provider_changed.add(name)

    def _look_for_error(self, fields: _Fields, event_type: str) -> None:
        value = {name: _value(raw) for name, raw in fields.items() if name not in ("choices", "usage")}
        if "choices" in fields:
            value["choices"] = True
        if _is_error(value, event_type):
            self._note_error(value.get("error") or value)

    def _note_error(self, value: object) -> None:
        """The first error that says something is the one."""
        failure = failure_in_stream(value)
        if self._error is None or (value and self._error == failure_in_stream({})):
            self._error = failure

    def _check_room(self) -> None:
        if self._room < 0 and not self._is_over:
            self._fail(f"The answer is longer than {_megabytes(self._max_body)}.")

    def _fail(self, message: str) -> None:
        self._is_over = True
        if self._error is None:
            self._error = Failure(ErrorKind.PROTOCOL, message, ADVICE[ErrorKind.PROTOCOL])


def _split(data: bytes, value: dict[str, object]) -> _Fields:
    """The fields of an object that only the lenient reader could read, or of one that was not looked at yet."""
    try:
        return split_fields(data)
    except UNREADABLE:
        return {name: write_json(item) for name, item in value.items()}


def _value(raw: msgspec.Raw) -> object:
    try:
        return read_json(raw)
    except UNREADABLE:
        return None


def _string(raw: msgspec.Raw) -> str:
    value = _value(raw)
    return without_surrogates(value)[:500] if isinstance(value, str) else ""


def _is_error(value: dict[str, object], event_type: str) -> bool:
    if value.get("error") or event_type == "error" or value.get("object") == "error" or value.get("type") == "error":
        return True
    has_words = isinstance(value.get("message"), str) or isinstance(value.get("detail"), str | list)
    return "choices" not in value and "id" not in value and has_words


def _cut(has_chunks: bool) -> Failure:
    if not has_chunks:
        message = "The gateway ended the answer before it began."
        return Failure(ErrorKind.NETWORK, message, ADVICE[ErrorKind.GATEWAY], retryable=True)
    message = "The connection ended before the answer did."
    return Failure(ErrorKind.NETWORK, message, "What arrived is kept. Ask again with /retry.", retryable=True)


def _malformed(data: bytes) -> Failure:
    excerpt = sanitize_line(data[:200].decode("utf-8", "replace"), 60)
    return Failure(ErrorKind.PROTOCOL, f"A chunk of the answer cannot be read: {excerpt}", ADVICE[ErrorKind.PROTOCOL])


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.3g} MB"
