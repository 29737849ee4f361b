"""The modules that use the SDK, as one value: importing them takes most of a second, and the extra may be missing."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from typing import Protocol

    from mcp.client import Transport

    from tui_chat.tools.servers.over_stdio import Program
    from tui_chat.tools.servers.server_log import ServerLog
    from tui_chat.tools.servers.talk import Talk

    class TalkOver(Protocol):
        """`talk.talk_over`."""

        def __call__(
            self, transport: Transport, *, log: Callable[[str], None], list_changed: Callable[[], None]
        ) -> AbstractAsyncContextManager[Talk]: ...

    class Start(Protocol):
        """`over_stdio.start`."""

        async def __call__(
            self, argv: Sequence[str], folder: str, variables: Mapping[str, str], log: ServerLog
        ) -> Program: ...


class Sdk(NamedTuple):
    """What a run of a server needs of them."""

    talk_over: "TalkOver"
    start: "Start"
    to_program: "Callable[[Program], Transport]"
    to_address: "Callable[[str, Mapping[str, str], ssl.SSLContext | None, str | None], Transport]"


def load_sdk() -> Sdk:
    """Import them; best in a thread.

    Raises:
        ImportError: the extra is not installed.
    """
    from tui_chat.tools.servers import over_http, over_stdio, talk

    return Sdk(talk.talk_over, over_stdio.start, over_stdio.transport_to, over_http.transport_to)
