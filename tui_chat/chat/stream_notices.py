"""What a person is told of an answer while it comes, beside the answer."""

from tui_chat.core.errors import FELL_BACK, LEFT_OUT, NO_SUCH_TOOL, ErrorKind, Failure
from tui_chat.core.stream_events import (
    FellBack,
    FieldLeftOut,
    Outcome,
    SecretHidden,
    Stopped,
    StreamEvent,
    is_content,
)
from tui_chat.core.taken import FORCED_TOOL, TOOL, is_no_tool


class StreamNotices:
    """The notices of one conversation: of a field that is not sent it is told once, where an answer begins without
    it."""

    def __init__(self) -> None:
        self._left_out: set[str] = set()
        """Names that were told."""
        self._waiting: dict[str, FieldLeftOut] = {}
        """What the request that is out now goes without, until an answer to it begins."""

    def of(self, event: StreamEvent) -> tuple[Failure, ...]:
        """What is told when an event came."""
        match event:
            case FieldLeftOut(name) if name not in self._left_out:
                self._waiting[name] = event
                return self._told([name]) if is_no_tool(name) else ()
            case FellBack():
                self._waiting.clear()
                return (fell_back(event),)
            case SecretHidden():
                return (hidden(event),)
            case Stopped(outcome) if outcome is not Outcome.COMPLETE:
                self._waiting.clear()
                return ()
            case Stopped():
                return self._told([*self._waiting])
            case _ if self._waiting and is_content(event):
                return self._told([*self._waiting])
            case _:
                return ()

    def _told(self, names: list[str]) -> tuple[Failure, ...]:
        self._left_out.update(names)
        return tuple(left_out(self._waiting.pop(name)) for name in names)


def left_out(event: FieldLeftOut) -> Failure:
    """What is said of a field that was not sent."""
    if event.name.startswith(TOOL):
        message = f"The preset names the tool {event.name.removeprefix(TOOL)}, and there is none."
        return Failure(ErrorKind.SETTINGS, message, "The others that it names are on.", code=NO_SUCH_TOOL)
    if event.name.startswith(FORCED_TOOL):
        message = f"Asked without {event.name}: no tool of this name is on."
        return Failure(ErrorKind.SETTINGS, message, "The model was free to call any, or none.", code=NO_SUCH_TOOL)
    who = f"the gateway does not take: {event.why}" if event.why else "this model does not take."
    return Failure(
        ErrorKind.INVALID_REQUEST,
        f"Asked without {event.name}, which {who}",
        f"The answer came about without {event.name}; another model may take it.",
        code=LEFT_OUT,
    )


def fell_back(event: FellBack) -> Failure:
    """What is said where another model is asked."""
    message = f"{event.failed} failed: {event.failure.message}"
    return Failure(ErrorKind.GATEWAY, message, f"{event.model} is asked in its place.", code=FELL_BACK)


def hidden(event: SecretHidden) -> Failure:
    """What is said of a secret that came back."""
    if event.dropped:
        message = f"The gateway sent your key in {event.dropped}, which was dropped."
        return Failure(ErrorKind.SECRET, message, "The answer stands without it.")
    message = "The gateway sent your key back. It is hidden here, and kept nowhere."
    return Failure(
        ErrorKind.SECRET, message, "Others may see it there: use a new key, and tell whoever runs the gateway."
    )
