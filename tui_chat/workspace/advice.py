"""Advice on a failure or an ending, in the words of the place where it is read.

A failure's own advice is true everywhere and names no command; the commands and flags are added here, from one closed
table for the chat (the screen and the plain chat have the same commands) and one for the shell.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from tui_chat.core.ending import Ending, NextStep
from tui_chat.core.errors import (
    NO_MODEL,
    NO_SUCH_TOOL,
    NOT_SAVED,
    TOOL_CHANGED,
    TOOL_SERVER,
    WRONG_ID,
    ErrorKind,
    Failure,
)
from tui_chat.core.given import TAKES_NONE
from tui_chat.core.lazy_pattern import lazy_pattern


class Audience(Enum):
    """The place where advice is read."""

    CHAT = auto()
    SHELL = auto()
    """`ask`, and what else is started with a command."""
    LIST = auto()
    """The commands that print a list: no model answers them."""


_CHAT: Final[Mapping[ErrorKind, str]] = {
    ErrorKind.AUTHENTICATION: "/connect enters another key.",
    ErrorKind.PERMISSION: "/models shows what the gateway offers, /connect enters another key.",
    ErrorKind.PAYMENT: "/models shows the prices.",
    ErrorKind.NOT_FOUND: "/models shows what the gateway offers, /connect names another gateway.",
    ErrorKind.INVALID_REQUEST: "/models shows what the gateway offers.",
    ErrorKind.RATE_LIMIT: "/retry asks again, /models shows what else there is.",
    ErrorKind.GATEWAY: "/retry asks again, /models shows what else there is.",
    ErrorKind.NETWORK: "/connect names another gateway.",
    ErrorKind.TIMEOUT: "/retry asks again.",
    ErrorKind.PROTOCOL: "/retry asks again, /connect names another gateway.",
    ErrorKind.BUDGET: "",
    ErrorKind.SETTINGS: "",
    ErrorKind.ATTACHMENT: "",
    ErrorKind.SECRET: "/connect enters another key.",
    ErrorKind.STORE: "",
    ErrorKind.FILE: "",
    ErrorKind.INTERNAL: "",
}
_KEY: Final = "SOLROUTER_API_KEY holds the key; a gateway with a name has a key_command of its own."
_SHELL: Final[Mapping[ErrorKind, str]] = {
    ErrorKind.AUTHENTICATION: f"{_KEY} --base-url names the gateway.",
    ErrorKind.PERMISSION: f"tui-chat models lists what the gateway offers. {_KEY}",
    ErrorKind.PAYMENT: "tui-chat models lists the prices; -m chooses.",
    ErrorKind.NOT_FOUND: "tui-chat models lists what the gateway offers; -m chooses.",
    ErrorKind.INVALID_REQUEST: "-m chooses another model.",
    ErrorKind.RATE_LIMIT: "-m chooses another model.",
    ErrorKind.GATEWAY: "-m chooses another model.",
    ErrorKind.NETWORK: "--base-url names the gateway.",
    ErrorKind.TIMEOUT: "",
    ErrorKind.PROTOCOL: "--base-url names the gateway.",
    ErrorKind.BUDGET: "",
    ErrorKind.SETTINGS: "",
    ErrorKind.ATTACHMENT: "",
    ErrorKind.SECRET: _KEY,
    ErrorKind.STORE: "",
    ErrorKind.FILE: "",
    ErrorKind.INTERNAL: "",
}
_LIST: Final[Mapping[ErrorKind, str]] = {
    **_SHELL,
    ErrorKind.PERMISSION: _SHELL[ErrorKind.AUTHENTICATION],
    ErrorKind.PAYMENT: "",
    ErrorKind.NOT_FOUND: "--base-url names the gateway.",
    ErrorKind.INVALID_REQUEST: "--base-url names the gateway.",
    ErrorKind.RATE_LIMIT: "",
    ErrorKind.GATEWAY: "--base-url names the gateway.",
}
_KINDS: Final = {Audience.CHAT: _CHAT, Audience.SHELL: _SHELL, Audience.LIST: _LIST}

_OTHER_ID: Final = "/resume lists those there are."
_RETRY: Final = "/retry asks again"
_ASK_AGAIN: Final = lazy_pattern(r"(?:^|(?<=[.!?] ))Ask again(?:, or choose another model)?\.\s*")
"""A sentence of a failure's own advice that the command says, too."""
_OTHER_MODEL: Final = ", or choose another model"
"""What the shell's own words say, too."""
_AGAIN: Final = f"{_RETRY}."
"""For a failure of the network that may pass by itself."""
_TOO_LARGE: Final = 413

_OURS: Final[Mapping[Audience, Mapping[str, str]]] = {
    Audience.CHAT: {
        NO_MODEL: "/model ID names one.",
        **dict.fromkeys(TAKES_NONE.values(), "/model ID switches."),
        NOT_SAVED: "The conversation is kept in memory; saving is tried again every few seconds.",
        TOOL_SERVER: "/tools servers shows what it wrote, and starts it again.",
        TOOL_CHANGED: "/tools changed shows it.",
        NO_SUCH_TOOL: "/tools says which are on.",
    },
    Audience.SHELL: {
        NO_MODEL: "-m ID names one.",
        **dict.fromkeys(TAKES_NONE.values(), "-m ID chooses."),
        NOT_SAVED: "Question and answer stand in this output alone.",
        TOOL_SERVER: "tui-chat tools lists what is wrong.",
        NO_SUCH_TOOL: "tui-chat tools lists those that are set up.",
    },
    Audience.LIST: {},
}
"""Advice for failures of our own, by their code."""
_OUR_KINDS: Final = frozenset({ErrorKind.SETTINGS, ErrorKind.ATTACHMENT, ErrorKind.STORE})
"""Kinds whose code is ours; in all others it is the server's."""

_STEPS: Final[Mapping[Audience, Mapping[NextStep, str]]] = {
    Audience.CHAT: {
        NextStep.ASK_AGAIN: "/retry asks again",
        NextStep.GO_ON: "/continue brings the rest",
        NextStep.ASK_OTHERWISE: "ask differently, or another model",
    },
    Audience.SHELL: {
        NextStep.ASK_AGAIN: "ask again",
        NextStep.GO_ON: "-c goes on where it ended",
        NextStep.ASK_OTHERWISE: "ask differently, or another model with -m",
    },
    Audience.LIST: {},
}
_SLASH_WORDS: Final = lazy_pattern(r"(?<![\w/.])/(?:retry|models?|connect)\b")
"""Commands in stored advice: earlier versions saved them with the failure."""


def advise(failure: Failure, audience: Audience) -> str:
    """Say what to do about a failure and with which command, in full sentences; not sanitised."""
    if failure.kind is ErrorKind.STORE and failure.code == WRONG_ID and audience is Audience.CHAT:
        return _OTHER_ID
    if _SLASH_WORDS.search(failure.advice):
        return failure.advice
    how = _how(failure, audience)
    said = _ASK_AGAIN.sub("", failure.advice).strip() if how.startswith(_RETRY) else failure.advice
    said = said.replace(_OTHER_MODEL, "") if how == _SHELL[ErrorKind.GATEWAY] else said
    return " ".join(words for words in (said, how) if words)


def advise_on(ending: Ending, audience: Audience) -> str:
    """Say what to do about an answer that did not end plainly: a clause, empty where nothing need be done."""
    return "" if ending.next_step is None else _STEPS[audience].get(ending.next_step, "")


def _how(failure: Failure, audience: Audience) -> str:
    ours = _OURS[audience].get(failure.code or "") if failure.kind in _OUR_KINDS else None
    if ours is not None:
        return ours
    if failure.status == _TOO_LARGE:
        return ""
    if audience is Audience.CHAT and failure.kind is ErrorKind.NETWORK and failure.retryable:
        return _AGAIN
    return _KINDS[audience][failure.kind]
