"""`tui-chat demo`: the demo gateway on 127.0.0.1, for other clients, until Ctrl+C."""

import asyncio
import logging
import socket
import sys
from collections.abc import Callable

from tui_chat.core.errors import SettingsError
from tui_chat.demo.asgi import DemoApp

_HOST = "127.0.0.1"


def serve(port: int, announce: Callable[[str], None], speed: float = 1.0) -> int:
    """Serve until interrupted (SIGINT or SIGTERM), which ends open streams too, and return the exit status.

    `announce` is given the base URL once connections are accepted; a `port` of 0 picks a free one. Where uvicorn is not
    installed or the port is taken, advice is printed on stderr, and the exit status is 1.
    """
    try:
        return _serve(port, announce, speed)
    except SettingsError as error:
        print(f"tui-chat demo: {error.failure.message} {error.failure.advice}", file=sys.stderr)
        return 1


def _serve(port: int, announce: Callable[[str], None], speed: float) -> int:
    try:
        import uvicorn
    except ImportError as error:
        message = "The demo gateway needs uvicorn to serve other clients."
        raise SettingsError(message, "Install it, in a checkout: pip install '.[demo]'") from error

    config = uvicorn.Config(
        DemoApp(speed),
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=0,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    with _listening(port) as listener:
        base_url = f"http://{_HOST}:{listener.getsockname()[1]}/ai"

        class Announcing(uvicorn.Server):
            """Announces the base URL as soon as the server listens."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets=sockets)
                if not self.should_exit:
                    announce(base_url)

        try:
            Announcing(config).run(sockets=[listener])
        except KeyboardInterrupt:
            print(file=sys.stderr)
    return 0


def _is_news(record: logging.LogRecord) -> bool:
    """Filter out log records about connections that are cut on purpose, by demo/flaky or by Ctrl+C."""
    if record.exc_info and record.exc_info[0] is asyncio.CancelledError:
        return False
    return not record.getMessage().startswith(("ASGI callable returned without completing", "Cancel "))


def _listening(port: int) -> socket.socket:
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: else each write of a kept
    # connection waits some 40 ms for the client's acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        advice = "Choose another with --port, or let --port 0 pick a free one."
        raise SettingsError(f"Cannot listen on {_HOST}:{port}: {error}.", advice) from error
    return listener
