"""Every setting as it is now: its value and where it comes from."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.describe import describe
from tui_chat.settings.load import Loaded, Source
from tui_chat.settings.secrets import Connection
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import READING_HINTS
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.read_on import ReadOn
from tui_chat.ui.rows.rows import plain, wrapped
from tui_chat.ui.theming.marks import Mark

INDENT: Final = "    "


def settings_text(loaded: Loaded, connection: Connection, problems: Sequence[str], width: int) -> Content:
    """The file, the settings, each with its meaning below it, and the problems at the end; `width` in cells."""
    file = sanitize_line(str(loaded.file), 400)
    lines = [Content.assemble(("file", "bold"), "  ", (file, "$foreground")), Content()]
    for row in describe(loaded, connection):
        where = row.source.value + (f": {row.origin}" if row.origin else "")
        style = "$text-muted" if row.source is Source.DEFAULT else "$accent"
        lines += [
            Content.assemble(
                (key, "bold"),
                "  ",
                (sanitize_line(shown, 400), "$foreground"),
                "  ",
                (sanitize_line(where, 300), style),
            )
            for key, shown in row.lines
        ]
        meaning = wrapped(row.meaning, width - len(INDENT))
        lines += [Content.styled(f"{INDENT}{plain(part)}", "$text-muted") for part in meaning]
    lines += [Content.styled(f"{Mark.FAILED.drawn} {sanitize_line(problem, 400)}", "$error") for problem in problems]
    return Content("\n").join(lines)


class SettingsText(Static):
    """The text, laid out for its width."""

    def __init__(self, loaded: Loaded, connection: Connection, problems: Sequence[str]) -> None:
        super().__init__()
        self._loaded = loaded
        self._connection = connection
        self._problems = problems

    def on_resize(self, event: events.Resize) -> None:
        """Lay it out again."""
        self.update(settings_text(self._loaded, self._connection, self._problems, event.size.width))


class SettingsPage(Dialog[None]):
    """A page to read: settings are changed in their file."""

    DEFAULT_CSS = """
    SettingsPage > Frame { width: 104; }
    SettingsPage ReadOn { height: 1fr; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "leave", "Close", show=False, priority=True)]

    def __init__(self, loaded: Loaded, connection: Connection, problems: Sequence[str]) -> None:
        super().__init__(classes="-page")
        self._text = SettingsText(loaded, connection, problems)

    def compose(self) -> ComposeResult:
        """The table."""
        with Frame(title="Settings", way_out=Hint("leave", "close"), hints=READING_HINTS), ReadOn():
            yield self._text

    def on_mount(self) -> None:
        """Let the keys scroll."""
        self.query_one(ReadOn).focus()
