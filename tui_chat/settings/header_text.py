"""Names and values of headers, as far as a person may choose them."""

from typing import Final

from tui_chat.core.errors import SettingsError
from tui_chat.core.lazy_pattern import lazy_pattern

LONGEST_VALUE: Final = 16 * 1024
_NAME = lazy_pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")
"""RFC 9110, 5.6.2: a token."""
_NOT_FOR_VALUES = lazy_pattern(r"[^\x20-\x7e]")
_OF_THE_CONNECTION: Final = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "trailers", "transfer-encoding", "upgrade", "http2-settings", "host", "content-length",
    }
)  # fmt: skip
"""RFC 9110, 7.6.1: of one hop. Whoever could set these could make two requests of one, or send it elsewhere."""
_OF_THE_BODY: Final = frozenset({"accept", "accept-encoding", "content-encoding", "content-type", "expect"})
"""They say what the chat sends and understands."""


def check_header_name(name: str) -> None:
    """Let a name pass that a person may give a header.

    Raises:
        SettingsError: it cannot be a header's name, or the header is not a person's to set.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError("is no name that a header can have", "Use letters, digits and hyphens, like X-Api-Key.")
    if name.lower() in _OF_THE_CONNECTION | _OF_THE_BODY:
        raise SettingsError(f"{name} is set by the chat itself and cannot be chosen", "Leave it out.")


def check_header_value(text: str) -> str:
    """The value without white space around it.

    Raises:
        SettingsError: it is empty, too long, or holds what no header can carry. The message never holds the value.
    """
    value = text.strip(" \t")
    if not value:
        raise SettingsError("is empty", "Give it a value, or leave it out.")
    if len(value) > LONGEST_VALUE:
        raise SettingsError(f"is longer than {LONGEST_VALUE} characters", "Give a shorter value.")
    if wrong := _NOT_FOR_VALUES.search(value):
        kind = "a line break" if wrong[0] in "\r\n" else "a character that no header can carry"
        raise SettingsError(f"holds {kind} (character {wrong.start() + 1})", "Use one line of plain ASCII.")
    return value
