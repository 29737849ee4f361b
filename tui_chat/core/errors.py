"""Every error that we raise or show, as one tree.

    ChatError                     carries a Failure: kind, message, advice, retryable
    ├── GatewayError              the gateway or the way to it failed (any kind up to PROTOCOL)
    ├── SettingsError             a setting, flag, theme or tools file is wrong
    │   └── QuestionError         what was typed or piped cannot be asked
    ├── AttachmentError           a file cannot go along with a message
    ├── StoreError                the conversation store cannot be read or written
    ├── FileError                 a file of this machine cannot be read or written; also an OSError
    ├── TranscriptError           a transcript cannot be written to a file, or read from one
    └── BudgetError               a spending limit was reached

A failed answer is a value and not an exception: streams end with `Stopped(failure=…)`. Exceptions are for calls that
have nothing else to return. Foreign exceptions are turned into these at the door.
"""

from enum import StrEnum

import msgspec


class ErrorKind(StrEnum):
    """What went wrong, as far as it decides what to do next."""

    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    PAYMENT = "payment"
    NOT_FOUND = "not_found"
    INVALID_REQUEST = "invalid_request"
    RATE_LIMIT = "rate_limit"
    GATEWAY = "gateway"
    NETWORK = "network"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    """The answer is not what the protocol promises: HTML, garbage, a limit exceeded."""
    BUDGET = "budget"
    SETTINGS = "settings"
    ATTACHMENT = "attachment"
    SECRET = "secret"
    """The gateway sent a secret of ours back."""
    STORE = "store"
    FILE = "file"
    INTERNAL = "internal"


TITLES: dict[ErrorKind, str] = {
    ErrorKind.AUTHENTICATION: "Not signed in",
    ErrorKind.PERMISSION: "Not allowed",
    ErrorKind.PAYMENT: "No balance",
    ErrorKind.NOT_FOUND: "Not found",
    ErrorKind.INVALID_REQUEST: "The gateway refused the request",
    ErrorKind.RATE_LIMIT: "Rate limited",
    ErrorKind.GATEWAY: "The gateway failed",
    ErrorKind.NETWORK: "No connection",
    ErrorKind.TIMEOUT: "No answer in time",
    ErrorKind.PROTOCOL: "The answer cannot be read",
    ErrorKind.BUDGET: "Over the budget",
    ErrorKind.SETTINGS: "A setting is wrong",
    ErrorKind.ATTACHMENT: "Not attached",
    ErrorKind.SECRET: "Key hidden",
    ErrorKind.STORE: "Saved conversations",
    ErrorKind.FILE: "A file cannot be used",
    ErrorKind.INTERNAL: "Something broke",
}


NOT_ASKED = "not_asked"
"""Code of a failure about what was typed or piped, which is no setting of somebody's."""
PROGRAM_ENDED = "program_ended"
"""Code of what cut an answer whose program was killed, or lost its machine, while it was being written."""
LEFT_OUT = "left_out"
"""Code of a note that a question was asked without something, and was answered."""
UNPRICED = "unpriced"
"""Code of a failure where a budget is set and the price of the model is not known."""
WARNED = "warned"
"""Code of a note that most of a budget is used."""
NOT_SENT = "not_sent"
"""Code of a failure where the time was over before the request had left."""
FELL_BACK = "fell_back"
"""Code of a note that another model is asked in the place of one that failed."""
WRONG_ID = "wrong_id"
"""Code of a failure about an id that was typed: nothing has it, or more than one thing."""
TOOL_SERVER = "tool_server"
"""Code of a note that tools of a tool server cannot be had."""
TOOL_CHANGED = "tool_changed"
"""Code of a note that a tool server has changed tools."""
NO_SUCH_TOOL = "no_such_tool"
"""Code of a note that a question was asked without a tool that somebody named, since none of this name is on."""
NO_MODEL = "no_model"
"""Code of a refusal to ask where nobody has named a model, and the gateway lists none to chat with."""
NOT_SAVED = "not_saved"
"""Code of a failure to save: what was to be saved is still in memory."""
DELETED = "deleted"
"""Code of a failure to save what another program has deleted, and of the note that it was saved again."""
_OWN_TITLES = {
    (ErrorKind.STORE, NOT_SAVED): "Not saved",
    (ErrorKind.STORE, DELETED): "Deleted elsewhere",
    (ErrorKind.GATEWAY, FELL_BACK): "Another model is asked",
    (ErrorKind.BUDGET, UNPRICED): "The price is not known",
    (ErrorKind.BUDGET, WARNED): "Budget",
    (ErrorKind.SETTINGS, TOOL_SERVER): "Tool server",
    (ErrorKind.SETTINGS, TOOL_CHANGED): "Tool server",
    (ErrorKind.INTERNAL, PROGRAM_ENDED): "The program ended",
    (ErrorKind.SETTINGS, NOT_ASKED): "Nothing was asked",
    (ErrorKind.INVALID_REQUEST, LEFT_OUT): "Asked otherwise",
    (ErrorKind.SETTINGS, NO_SUCH_TOOL): "Asked otherwise",
}


class Failure(msgspec.Struct, frozen=True, gc=False):
    """One failure, ready to be shown: sanitised to one or two lines, free of markup and of the key."""

    kind: ErrorKind
    message: str
    """What happened, in the server's words where it had any."""
    advice: str
    """What the person can do next, true in every front end and without a command of one; never empty."""
    retryable: bool = False
    """Whether the same request may succeed later (the gateway's view, not whether we retried)."""
    status: int | None = None
    """HTTP status, also where it came inside a stream as a code; None where there was none."""
    type: str | None = None
    code: str | None = None
    retry_after_s: float | None = None
    """Seconds that the server asked to wait; None where it did not say."""
    param: str | None = None
    """The field of the request that the server names as the cause; None where it named none apart from its words."""

    @property
    def may_be_billed(self) -> bool:
        """The request was sent and nothing came back in time: whether it is answered, and billed, nobody knows."""
        return self.kind is ErrorKind.TIMEOUT and self.status is None and self.code != NOT_SENT

    @property
    def is_budget(self) -> bool:
        """A budget was met: nobody's fault, and what the person wanted."""
        return self.kind is ErrorKind.BUDGET

    @property
    def title(self) -> str:
        """Three or four words for a heading."""
        return _OWN_TITLES.get((self.kind, self.code or ""), TITLES[self.kind])


class ChatError(Exception):
    """Base of the tree. `str()` is the failure's message."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class GatewayError(ChatError):
    """The gateway, or the way to it, failed outside a stream (the catalogue, a check)."""


class SettingsError(ChatError):
    """A setting is wrong. `code` tells it from others where more can be said of what to do."""

    def __init__(self, message: str, advice: str, *, code: str | None = None) -> None:
        super().__init__(Failure(ErrorKind.SETTINGS, message, advice, code=code))


class AttachmentError(ChatError):
    """A file cannot go along with a message. `code` as in `SettingsError`."""

    def __init__(self, message: str, advice: str, *, code: str | None = None) -> None:
        super().__init__(Failure(ErrorKind.ATTACHMENT, message, advice, code=code))


class QuestionError(SettingsError):
    """What was typed or piped cannot be asked."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message, advice, code=NOT_ASKED)


class StoreError(ChatError):
    """The store cannot be read or written. `code` as in `SettingsError`."""

    def __init__(self, message: str, advice: str, *, retryable: bool = False, code: str | None = None) -> None:
        super().__init__(Failure(ErrorKind.STORE, message, advice, retryable, code=code))


class FileError(ChatError, OSError):
    """A file of this machine cannot be read or written. It is an OSError too, for callers that go on without the file.

    `path` is shown, and so has to be sanitised. `strerror` is the reason in a few words, like those of the system:
    "It is a named pipe". `is_missing` is True where there is nothing by that name, not even a link.
    """

    def __init__(
        self, path: str, reason: str, advice: str, *, errno: int | None = None, is_missing: bool = False
    ) -> None:
        super().__init__(Failure(ErrorKind.FILE, f"{path} cannot be used: {reason}.", advice))
        self.strerror: str = reason
        self.errno = errno
        self.is_missing = is_missing

    def __str__(self) -> str:
        return self.failure.message


class TranscriptError(ChatError):
    """A transcript cannot be written to a file, or read from one. `code` as in `SettingsError`."""

    def __init__(self, message: str, advice: str, *, retryable: bool = False, code: str | None = None) -> None:
        super().__init__(Failure(ErrorKind.STORE, message, advice, retryable, code=code))


class BudgetError(ChatError):
    """A spending limit was reached."""

    def __init__(self, message: str, advice: str, code: str) -> None:
        """`code` is the budget that would be gone over, or `UNPRICED`."""
        super().__init__(Failure(ErrorKind.BUDGET, message, advice, code=code))
