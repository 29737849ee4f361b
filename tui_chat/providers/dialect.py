"""What a dialect is: how a question is put into HTTP, and how the bytes that come back are understood.

A dialect does no IO. The client sends what it describes and feeds it what arrives, so the same dialect is judged in a
test with a literal list of bytes.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from tui_chat.core.errors import Failure
from tui_chat.core.request import Request
from tui_chat.core.stream_events import StreamEvent
from tui_chat.providers.quirks import Quirks


class HttpRequest(msgspec.Struct, frozen=True):
    """A request as it goes out, without the base URL and without the key."""

    path: str
    """Relative to the base URL, with a leading slash."""
    headers: dict[str, str]
    body: bytes
    left_out: tuple[str, ...] = ()
    """Fields that the question has and the body has not, because they are refused."""
    tool_names: Mapping[str, str] = {}
    """What calls in the answer mean whose tools go by another name."""


class Decoder(Protocol):
    """Understands one answer. Never raises, whatever it is fed."""

    @property
    def is_done(self) -> bool:
        """Nothing that may still come counts: the marker was seen, or a limit was passed."""
        ...

    @property
    def is_ending(self) -> bool:
        """The gateway said in a way to rely on that the answer ended, or failed; at most usage is still to come."""
        ...

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """What these bytes say. Neighbouring deltas of one kind may come as one event."""
        ...

    def finish(self, cut: Failure | None = None) -> list[StreamEvent]:
        """What was held back, and one `Stopped` at the very end. `cut` says why the bytes ended, where that was not
        the end of the body; it counts only where the answer was not over."""
        ...


class Dialect(Protocol):
    """A way to talk to a gateway."""

    def request(self, request: Request, quirks: Quirks = ...) -> HttpRequest:
        """The question as HTTP, as the gateway wants it for this model."""
        ...

    def warm_up(self) -> None:
        """Import what reads an answer, which nobody needs to ask; may be called on a thread."""
        ...

    def decoder(self, model: str = "") -> Decoder:
        """A new decoder for one answer of this model."""
        ...
