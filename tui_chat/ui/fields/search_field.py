"""The one-line field that filters a list: pasted text is sanitised first."""

from textual import events

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.fields.line_field import LineField


class SearchField(LineField):
    """An input without a frame."""

    DEFAULT_CSS = """
    SearchField, SearchField.-textual-compact {
        width: 1fr; height: 1; border: none; padding: 0; background: $surface; color: $foreground;
    }
    SearchField:focus { border: none; background: $surface; }
    SearchField > .input--placeholder { color: $muted; }
    """

    def __init__(self, placeholder: str = "", *, id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False, id=id)

    def _on_paste(self, event: events.Paste) -> None:
        """Take the first line of what was pasted, without control characters."""
        first = next((line for line in event.text.splitlines() if line.strip()), "")
        self.replace(sanitize_line(first), *self.selection)
        event.stop()
        event.prevent_default()
