"""Messages that wait until the answer that is being written has ended: visible, so that nobody types them twice."""

from textual.content import Content
from textual.widgets import Static

from tui_chat.core.sanitize import sanitize_line


class QueueLine(Static):
    """One line for each waiting message; not there while none waits."""

    DEFAULT_CSS = """
    QueueLine {
        height: auto;
        max-height: 4;
        padding: 0 2;
        color: $text-muted;
        display: none;
        &.-waiting { display: block; }
    }
    """

    def show(self, messages: tuple[str, ...]) -> None:
        """Show what waits, the next one first."""
        self.set_class(bool(messages), "-waiting")
        shown = [Content(f"↳ next: {sanitize_line(message, 120)}") for message in messages[:3]]
        if len(messages) > 3:
            shown.append(Content(f"  and {len(messages) - 3} more"))
        self.update(Content("\n").join(shown))
