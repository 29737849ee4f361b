"""The stream of chunks that answers a question in the OpenAI chat dialect, or what came in its place.

    OpenAIChatDecoder(*, max_line_bytes=8 MiB, max_answer_bytes=32 MiB)

How an answer ended is decided here: an error wins over a malformed chunk, that over `[DONE]` or a finish reason. A
reason counts where nothing more of the answer came after it; where it came too early, only the end of the body confirms
it. A body that just ends was cut. The decoder never raises.
"""

import re

import msgspec

from tui_chat.core import figures
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import LARGEST_TEXT_BYTES
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.sse import MAX_LINE_BYTES, Comment, Frame, LineTooLong, ServerSentEvent, SseDecoder, Stray
from tui_chat.core.stream_events import Heartbeat, Outcome, Stopped, StreamEvent
from tui_chat.providers.failures import ADVICE, describe, one_line
from tui_chat.providers.harmony import is_gpt_oss
from tui_chat.providers.openai_chunks import ChunkReader, Fields, is_error
from tui_chat.providers.openai_wire import UNREADABLE, read_json, split_fields, write_json
from tui_chat.providers.thinking_marks import THINKING_MARKS, ThinkingMarks

MAX_ANSWER_BYTES = LARGEST_TEXT_BYTES
_MAX_PAGE_BYTES = 64 * 1024
"""Of a web page no more is read than its title needs."""
_MAX_SNIFF_BYTES = 1024
_FIELD = re.compile(rb"[\r\n](?:data|event):")
"""A field of an event stream: the JSON before it was out of place, and the stream does not wait for the body's end."""
_FIELD_BYTES = 8
_BLANK = b"\xef\xbb\xbf \t\r\n"


class OpenAIChatDecoder:
    """Bytes of one answer in, stream events out."""

    def __init__(
        self,
        *,
        max_line_bytes: int = MAX_LINE_BYTES,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        model: str = "",
        unopened: set[str] | None = None,
        thinking_marks: ThinkingMarks = THINKING_MARKS,
    ) -> None:
        """`unopened`: models known for thoughts that are closed and were never opened; kept up to date."""
        self._model = model
        self._unopened = set[str]() if unopened is None else unopened
        self._sse = SseDecoder(max_line_bytes)
        self._chunks = ChunkReader(
            marks=thinking_marks, holds_text=model in self._unopened, may_be_bare=is_gpt_oss(model)
        )
        self._max_bytes = max_answer_bytes
        self._body: bytearray | None = bytearray()
        """The body so far while it may be something else than an event stream; None once it is one."""
        self._is_marked = False
        self._stray = b""
        """What came between events and was no JSON: the last words of a proxy, perhaps."""
        self._limit: Failure | None = None
        self._malformed: Failure | None = None

    @property
    def is_done(self) -> bool:
        """The marker was seen, or a limit was passed: nothing that may still come counts, but for late usage."""
        return self._is_marked or self._limit is not None

    @property
    def is_ending(self) -> bool:
        """An error was seen, or a finish reason that can be believed."""
        chunks = self._chunks
        return self.is_done or chunks.error is not None or (chunks.is_over and not chunks.is_end_doubtful)

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """What these bytes say."""
        if self._body is not None:
            chunk = self._sniff(chunk)
        if self._limit is not None:
            return self._chunks.take()
        frames = self._sse.feed(chunk)
        if not frames:
            return []
        self._take(frames)
        return self._chunks.take()

    def finish(self, cut: Failure | None = None) -> list[StreamEvent]:
        """What was held back, and `Stopped`."""
        if self._body:
            self._take_body(bytes(self._body), is_whole=cut is None)
        if self._limit is None:
            self._take(self._sse.finish())
        stopped = self._stopped(cut)
        self._chunks.finish(is_complete=stopped.outcome is Outcome.COMPLETE)
        if self._chunks.has_closed_unopened:
            self._unopened.add(self._model)
        elif stopped.outcome is Outcome.COMPLETE:
            self._unopened.discard(self._model)
        return [*self._chunks.take(), stopped]

    def _stopped(self, cut: Failure | None) -> Stopped:
        chunks, reason = self._chunks, self._chunks.finish_reason
        failure = chunks.error or self._limit or self._malformed
        if failure is not None:
            if chunks.size_bytes:
                failure = msgspec.structs.replace(failure, advice=f"What arrived is kept. {failure.advice}")
            return Stopped(Outcome.ERROR, reason, failure)
        if self._is_marked or (chunks.is_over and (cut is None or not chunks.is_end_doubtful)):
            return Stopped(Outcome.COMPLETE, reason)
        return Stopped(Outcome.TRUNCATED, None, cut or self._cut())

    def _take(self, frames: list[Frame]) -> None:
        for frame in frames:
            if self._is_marked:
                self._take_late(frame)
            elif type(frame) is ServerSentEvent:
                try:
                    fields: Fields = split_fields(frame.data)
                except UNREADABLE:
                    self._take_odd(frame)
                else:
                    self._chunks.read(fields, frame.event)
                if self._chunks.size_bytes > self._max_bytes:
                    self._stop_at(f"The answer is longer than {figures.bound(self._max_bytes)}.")
                if self._limit is not None:
                    return
            elif type(frame) is Comment:
                self._chunks.heartbeat(Heartbeat())
            elif type(frame) is Stray:
                self._take_stray(frame.data)
            elif type(frame) is LineTooLong:
                self._stop_at(f"The gateway sent a line of more than {figures.bound(frame.limit_bytes)}.")

    def _take_late(self, frame: Frame) -> None:
        if type(frame) is ServerSentEvent:
            try:
                self._chunks.read_late(split_fields(frame.data))
            except UNREADABLE:
                return

    def _take_odd(self, event: ServerSentEvent) -> None:
        """Anything but a well-formed object: the marker, nothing, other JSON, JSON with flaws, or no JSON at all."""
        data = event.data.strip()
        if data in (b"[DONE]", b'"[DONE]"'):
            self._is_marked = True
            return
        if not data:
            return
        try:
            value = read_json(data)
        except UNREADABLE:
            if event.is_leftover:
                return
            if event.event == "error":
                self._chunks.note_error(data.decode("utf-8", "replace"))
            elif event.event in ("", "message") or data[:1] == b"{":
                self._malformed = self._malformed or _malformed(data)
            return
        value = _listed_error(value)
        if isinstance(value, dict):
            self._chunks.read(_fields(data, value), event.event)
        elif event.event == "error":
            self._chunks.note_error(value)

    def _take_stray(self, data: bytes) -> None:
        """Bare JSON between events counts as an error or not at all: by the standard it is a field nobody knows."""
        if data.lstrip()[:1] not in (b"{", b"["):
            self._stray = self._stray or data[:_MAX_SNIFF_BYTES].strip()
            return
        try:
            value = _listed_error(read_json(data))
        except UNREADABLE:
            return
        if isinstance(value, dict) and is_error(value):
            self._chunks.note_error(value)

    # A body that is no stream: an answer, an error or a web page, though a stream was asked for.

    def _sniff(self, chunk: bytes) -> bytes:
        """Hold the body back while it looks like JSON or HTML; b"" while it is held."""
        body = self._body
        assert body is not None
        body += chunk
        start = bytes(body[:_MAX_SNIFF_BYTES]).lstrip(_BLANK)[:1]
        is_other = start == b"<" or (
            start in (b"{", b"[") and not _FIELD.search(body, max(0, len(body) - len(chunk) - _FIELD_BYTES))
        )
        if not is_other and (start or len(body) > _MAX_SNIFF_BYTES):
            self._body = None
            return bytes(body)
        if len(body) > self._max_bytes:
            self._body = None
            self._stop_at(f"The answer is longer than {figures.bound(self._max_bytes)}.")
        elif start == b"<" and len(body) > _MAX_PAGE_BYTES:
            self._take_body(bytes(body), is_whole=False)
        return b""

    def _take_body(self, body: bytes, *, is_whole: bool) -> None:
        self._body = None
        text = body.lstrip(_BLANK)
        if text[:1] == b"<":
            words = one_line(text.decode("utf-8", "replace"))
            self._stop_at(f"The gateway answered with a web page: {words}" if words else "The gateway sent a web page.")
            return
        try:
            value = _listed_error(read_json(text))
        except UNREADABLE:
            self._take(self._sse.feed(body))
            return
        chunks = self._chunks
        if isinstance(value, dict):
            chunks.read(_fields(text, value), is_whole=True)
        if chunks.error is None and not chunks.has_chunks and is_whole:
            words = describe(value)[0]
            self._stop_at(f"The gateway answered with JSON that is not an answer{f': {words}' if words else '.'}")
        self._is_marked = self._is_marked or chunks.has_message

    def _cut(self) -> Failure:
        """Why an answer that just ended is not whole."""
        if self._chunks.has_chunks:
            message = "The connection ended before the answer did."
            return Failure(ErrorKind.NETWORK, message, "What arrived is kept. Ask again.", retryable=True)
        message = "The gateway ended the answer before it began."
        if len(self._stray) > len(b"retry:"):  # or it is the beginning of a field
            message += f" It said: {sanitize_line(self._stray.decode('utf-8', 'replace'))}"
        return Failure(ErrorKind.NETWORK, message, ADVICE[ErrorKind.GATEWAY], retryable=True)

    def _stop_at(self, message: str) -> None:
        if self._limit is None:
            self._limit = Failure(ErrorKind.PROTOCOL, message, ADVICE[ErrorKind.PROTOCOL])


def _listed_error(value: object) -> object:
    """The error out of a list of one (Gemini); everything else as it is."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "error" in value[0]:
        first: object = value[0]
        return first
    return value


def _fields(data: bytes, value: dict[str, object]) -> Fields:
    """The fields of an object that was read leniently: as they were written, where the typed reader can split them."""
    try:
        return split_fields(data)
    except UNREADABLE:
        return {name: write_json(item) for name, item in value.items()}


def _malformed(data: bytes) -> Failure:
    excerpt = sanitize_line(data[:200].decode("utf-8", "replace"), 60)
    return Failure(ErrorKind.PROTOCOL, f"A chunk of the answer cannot be read: {excerpt}", ADVICE[ErrorKind.PROTOCOL])
