"""Bytes in, server-sent events out, by the rules of the WHATWG HTML standard, "9.2.6 Interpreting an event stream".

Apart from every dialect, because framing is one thing and what the frames mean another. Works on bytes: lines end at
CR, LF or CRLF and nowhere else (U+2028 is an ordinary character inside JSON), and whoever reads the data decodes it.
Time is linear in the bytes however they are cut; memory is bounded by the longest line allowed.

Three things that the standard throws away are surfaced, because a chat needs them: comments (the provider is alive),
lines that are no field (a bare JSON error sent without `data:`), and the block that the end of the body cut off.
"""

import msgspec

MAX_LINE_BYTES = 8 * 1024 * 1024
MAX_STRAY_BYTES = 64 * 1024

_BOM = b"\xef\xbb\xbf"


class ServerSentEvent(msgspec.Struct, frozen=True, gc=False):
    """One event; one without any data line is none."""

    data: bytes
    """The data lines joined by LF, not decoded: bad UTF-8 is the reader's to replace."""
    event: str = ""
    """The event's type; empty for the default, `message`."""
    id: str = ""
    """The last event id seen so far."""
    is_leftover: bool = False
    """The body ended inside this event. The standard drops it; use it only where it is whole by itself."""


class Comment(msgspec.Struct, frozen=True, gc=False):
    """One or more comment lines in a row; the text is that of the first."""

    text: bytes


class Stray(msgspec.Struct, frozen=True, gc=False):
    """Lines of one block that are no field at all, joined by LF and cut at 64 KiB."""

    data: bytes


class LineTooLong(msgspec.Struct, frozen=True, gc=False):
    """A line, or the data of one event, grew past the limit. Nothing follows it."""

    limit_bytes: int


Frame = ServerSentEvent | Comment | Stray | LineTooLong


class SseDecoder:
    """`feed` every read, `finish` once at the end of the body. Never raises."""

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._limit = max_line_bytes
        self._head: bytes | None = b""
        """Bytes that may be the beginning of a byte-order mark; None once that is settled."""
        self._after_cr = False
        self._tail = bytearray()
        self._data: bytes | bytearray | None = None
        """The data lines so far: bytes while there is one, as nearly always, then an array to append to."""
        self._event = ""
        self._id = ""
        self._stray = bytearray()
        self._is_over = False
        self.retry_ms: int | None = None
        """The reconnection time that the server asked for; None where it did not."""

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that these bytes complete."""
        tail = self._tail
        if tail and b"\n" not in chunk and b"\r" not in chunk:  # the middle of a line: the commonest of small reads
            tail += chunk
            if len(tail) <= self._limit:
                return []
        frames: list[Frame] = []
        if self._is_over:
            return frames
        if self._head is not None:
            chunk = self._without_bom(chunk)
        if self._after_cr and chunk:
            self._after_cr = False
            if chunk[0] == 0x0A:
                chunk = chunk[1:]
        if not chunk:
            return frames
        if b"\r" in chunk:
            self._after_cr = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = chunk.split(b"\n")
        if tail and len(lines) > 1:
            tail += lines[0]
            lines[0] = bytes(tail)
            tail.clear()
        tail += lines.pop()
        self._take_lines(lines, frames)
        if len(tail) > self._limit:
            self._check(len(tail), frames)
        return frames

    def finish(self) -> list[Frame]:
        """What the end of the body leaves: at most one stray block and one leftover event."""
        frames: list[Frame] = []
        if self._is_over:
            return frames
        if self._head:
            self._tail += self._head
        if self._tail:
            self._take_field(bytes(self._tail), frames)
        self._dispatch(frames, is_leftover=True)
        self._is_over = True
        return frames

    def _without_bom(self, chunk: bytes) -> bytes:
        head = (self._head or b"") + chunk
        if len(head) < len(_BOM) and _BOM.startswith(head):
            self._head = head
            return b""
        self._head = None
        return head.removeprefix(_BOM)

    def _take_lines(self, lines: list[bytes], frames: list[Frame]) -> None:
        limit = self._limit
        for line in lines:
            if not line:
                if self._data is not None or self._stray or self._event:
                    self._dispatch(frames)
            elif line[:6] == b"data: " and self._data is None and len(line) <= limit:
                self._data = line[6:]
            else:
                self._take_field(line, frames)
                if self._is_over:
                    return

    def _take_field(self, line: bytes, frames: list[Frame]) -> None:
        if not self._check(len(line), frames):
            return
        name, colon, value = line.partition(b":")
        if value[:1] == b" ":
            value = value[1:]
        if name == b"data":
            if self._data is None:
                self._data = value
                return
            if not isinstance(self._data, bytearray):
                self._data = bytearray(self._data)
            self._data += b"\n"
            self._data += value
            self._check(len(self._data), frames)
        elif not name and colon:
            if not (frames and type(frames[-1]) is Comment):
                frames.append(Comment(value))
        elif name == b"event":
            self._event = value.decode("utf-8", "replace")
        elif name == b"id":
            if b"\0" not in value:
                self._id = value.decode("utf-8", "replace")
        elif name == b"retry":
            if value.isdigit() and len(value) <= 12:
                self.retry_ms = int(value)
        elif len(self._stray) < MAX_STRAY_BYTES:
            if self._stray:
                self._stray += b"\n"
            self._stray += line[:MAX_STRAY_BYTES]

    def _dispatch(self, frames: list[Frame], *, is_leftover: bool = False) -> None:
        if self._stray:
            frames.append(Stray(bytes(self._stray)))
            self._stray = bytearray()
        if self._data is not None:
            frames.append(ServerSentEvent(bytes(self._data), self._event, self._id, is_leftover))
            self._data = None
        self._event = ""

    def _check(self, size: int, frames: list[Frame]) -> bool:
        """Whether a line of this size is still allowed; else everything stops here."""
        if size <= self._limit:
            return True
        frames.append(LineTooLong(self._limit))
        self._is_over = True
        self._tail = bytearray()
        self._data = None
        self._stray = bytearray()
        return False
