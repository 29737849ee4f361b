"""Messages of the tool inspector to its screen, which `ToolInspector` offers under its own name."""

from textual.message import Message

from tui_chat.chat.tool_plans import Planned
from tui_chat.ui.panes.call_decision import Decision
from tui_chat.ui.panes.call_view import TITLES, View
from tui_chat.workspace.calls import Call
from tui_chat.workspace.deciding import CallKey


class Answered(Message, namespace="tool_inspector"):
    """A result was typed for a call that waits. Sent once; if it could not be kept, `show` opens it again."""

    def __init__(self, call_id: str, content: str, is_error: bool) -> None:
        super().__init__()
        self.call_id = call_id
        self.content = content
        self.is_error = is_error


class Decided(Message, namespace="tool_inspector"):
    """The person decided about a call that waits and could run; `planned` is what was shown."""

    def __init__(self, key: CallKey, decision: Decision, planned: Planned) -> None:
        super().__init__()
        self.key = key
        self.decision = decision
        self.planned = planned


class Taken(Message, namespace="tool_inspector"):
    """What a view shows of a call shall go to the clipboard or, where it `saves`, to a file."""

    def __init__(self, call: Call, view: View, text: str, *, saves: bool) -> None:
        super().__init__()
        self.text = text
        """As received; not sanitised."""
        self.name = call.name
        self.what = TITLES[view].lower()
        self.saves = saves
