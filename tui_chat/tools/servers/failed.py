"""Why a server cannot be used."""

from tui_chat.core.sanitize import sanitize_line


class ServerFailed(Exception):
    """A server cannot be used now. Its text says why, to be read after "The tool server NAME: "; it is harmless."""


class ServerGone(ServerFailed):
    """It ended while it was asked."""


def words_of(error: BaseException) -> str:
    """Why something failed, in a line; of several causes the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return sanitize_line(str(error), 500).rstrip(".") or type(error).__name__
