"""What calls that run side by side are called in lines of text: by their tools' names, and by a number too where calls
of one tool run at the same time.
"""

from tui_chat.chat.session_events import ToolFinished, ToolStarted, ToolStopped


class RunLabels:
    """Ask for the label of every event of a run, in their order."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[str, int]] = {}
        """Name of the tool and number among its calls, by the id of the call."""

    def of(self, event: ToolStarted | ToolFinished | ToolStopped) -> str:
        """What to call the run that this is told of, not sanitised: `weather`, or `weather (2)` where it began while
        another call of the tool was running. Empty where no run of the call has begun."""
        match event:
            case ToolStarted(call):
                others = [number for name, number in self._running.values() if name == call.name]
                self._running[call.id] = call.name, max(others, default=0) + 1
                return self._label(*self._running[call.id])
            case ToolStopped(call):
                return self._label(*self._running.pop(call.id, (call.name, 1)))
            case ToolFinished(call_id):
                return self._label(*self._running.pop(call_id, ("", 1)))

    @staticmethod
    def _label(name: str, number: int) -> str:
        return name if number == 1 else f"{name} ({number})"
