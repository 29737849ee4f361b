"""The keys of the tool inspector, and which of them are offered where."""

from typing import Final

from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.workspace.calls import Call, CallState

_BUSY: Final = (CallState.ARRIVING, CallState.RUNNING)
INSPECTOR_KEYS: Final = (
    bound("tools-view", "next_view"),
    bound("tools-error", "toggle_error"),
    bound("tools-parsed", "view('parsed')"),
    bound("tools-raw", "view('raw')"),
    bound("tools-fragments", "view('fragments')"),
    bound("tools-schema", "view('schema')"),
    bound("tools-output", "view('output')"),
    bound("tools-copy", "take(False)"),
    bound("tools-save", "take(True)"),
    bound("tools-again", "again"),
    bound("tools-stop", "stop"),
    bound("tools-list", "tools"),
)
HINTS: Final = (
    Hint("send", "send"),
    Hint("tools-error", "result or error"),
    Hint("list-choose", "open"),
    Hint("tools-view", "next view"),
    Hint("tools-stop", "stop"),
    Hint("tools-again", "ask again"),
    Hint("tools-copy", "copy"),
    Hint("tools-save", "save"),
    Hint("tools-list", "tools"),
    Hint("help", "help"),
)
"""While calls are looked at."""
LISTING_HINTS: Final = (Hint("tools-switch", "switch"), Hint("tools-list", "calls"), Hint("help", "help"))
BESIDE_DECIDING: Final = HINTS[3:]
"""After those of the answers, while it is asked whether a call may run."""


def is_offered(action: str, call: Call | None, *, is_for_person: bool) -> bool | None:
    """Whether a key does something to this call, whose result a person may have to type; None for what is no action on
    a call."""
    match action:
        case "toggle_error":
            return is_for_person and call is not None and call.state is CallState.WAITING
        case "next_view" | "view" | "take":
            return call is not None
        case "again":
            return call is not None and call.state not in _BUSY
        case "stop":
            return call is not None and call.stop is not None
        case _:
            return None
