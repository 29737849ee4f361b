"""The keys of the tool inspector, and which of them are offered where."""

from typing import Final

from textual.binding import Binding

from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call

_BUSY: Final = (CallState.ARRIVING, CallState.RUNNING)
_FIELD: Final = Binding("slash", "filter", "Filter the calls", show=False, id="list-field")
"""Without Shift+Tab, which goes from part to part in a pane."""
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
    _FIELD,
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
    Hint("list-field", "filter"),
    Hint("help", "help"),
)
"""While calls are looked at."""
_FIELD_HINTS: Final = (Hint("list-rows", "to the rows"), Hint("help", "help"))
_LISTING_HINTS: Final = (
    Hint("tools-switch", "switch"),
    Hint("tools-list", "calls"),
    Hint("list-field", "filter"),
    Hint("help", "help"),
)
BESIDE_DECIDING: Final = HINTS[3:]
"""After those of the answers, while it is asked whether a call may run."""


def hints_of(*, in_field: bool, of_tools: bool) -> tuple[Hint, ...]:
    """The keys of what has the focus: of the field that narrows a list, or of what it lists, calls or tools."""
    if in_field:
        return (Hint("list-choose", "switch" if of_tools else "open"), *_FIELD_HINTS)
    return _LISTING_HINTS if of_tools else HINTS


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
