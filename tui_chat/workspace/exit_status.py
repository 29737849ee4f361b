"""Exit statuses for answers and failures, as the README and the manual promise them for `ask`."""

from tui_chat.core.errors import WRONG_ID, ErrorKind, Failure
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node

WRONG_USE = 2
INCOMPLETE = 8
MISFIT = 9
"""The answer does not meet the schema."""
INTERRUPTED = 130

_BY_KIND = {
    ErrorKind.AUTHENTICATION: 3,
    ErrorKind.PERMISSION: 3,
    ErrorKind.PAYMENT: 4,
    ErrorKind.BUDGET: 4,
    ErrorKind.NOT_FOUND: 5,
    ErrorKind.RATE_LIMIT: 6,
    ErrorKind.INVALID_REQUEST: 7,
    ErrorKind.GATEWAY: 7,
    ErrorKind.NETWORK: 7,
    ErrorKind.TIMEOUT: 7,
    ErrorKind.PROTOCOL: 7,
    ErrorKind.SETTINGS: 2,
    ErrorKind.ATTACHMENT: 2,
    ErrorKind.SECRET: 7,
    ErrorKind.STORE: 1,
    ErrorKind.FILE: 1,
    ErrorKind.INTERNAL: 1,
}


def exit_status_of(answer: Node) -> int:
    """Exit status for an answer that has ended."""
    info = answer.answer
    match info.outcome if info else None:
        case Outcome.COMPLETE:
            return 0
        case Outcome.CANCELLED:
            return INTERRUPTED
        case Outcome.ERROR if info and info.failure:
            return exit_status_for(info.failure)
        case Outcome.ERROR:
            return 7
        case Outcome.TRUNCATED if info and info.failure and info.failure.kind is ErrorKind.BUDGET:
            return exit_status_for(info.failure)
        case _:
            return INCOMPLETE


def exit_status_for(failure: Failure) -> int:
    """Exit status for a failure."""
    return WRONG_USE if failure.code == WRONG_ID else _BY_KIND[failure.kind]
