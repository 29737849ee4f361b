"""The wait for the second key of a pair: after half a second, the keys that can follow are listed."""

from collections.abc import Mapping

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.command import key_label
from tui_chat.workspace.command import Command

SHOWN_AFTER_S = 0.5
"""Seconds before the list is shown: who knows the pair never sees it."""
NARROWEST_COLUMN = 18
GAP = 2
LEAVING = ("escape", "ctrl+c")


def followers_text(leader: str, followers: Mapping[str, Command], width: int, height: int) -> Content:
    """The keys and their actions, in columns as wide as they need where that fits, else of equal width; those without
    room are counted."""
    entries = [(key_label(key), command.title) for key, command in followers.items()]
    columns = max(1, min(width // NARROWEST_COLUMN, 4))
    lines = max(1, min(-(-len(entries) // columns), height - 1))
    shown = entries[: lines * columns]
    rows = [Content.assemble((leader, "bold $accent"), (" …  Esc leaves", "$text-muted"))]
    if len(shown) < len(entries):
        rows[0] += Content.styled(f"  {len(entries) - len(shown)} more: /keys", "$text-muted")
    of_column = [shown[first : first + lines] for first in range(0, len(shown), lines)]
    labels = [max(cell_len(label) for label, _ in column) for column in of_column]
    titles = [max(cell_len(title) for _, title in column) for column in of_column]
    if sum((*labels, *titles)) + (1 + GAP) * len(of_column) - GAP > width:
        titles = [max(1, width // columns - label - 1 - GAP) for label in labels]
    for line in range(lines):
        cells = [
            Content.assemble(
                (set_cell_size(label, label_width), "bold $accent"), " ", set_cell_size(_cut(title, room), room)
            )
            for (label, title), label_width, room in zip(shown[line::lines], labels, titles, strict=False)
        ]
        rows.append(Content(" " * GAP).join(cells))
    return Content("\n").join(rows)


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"


class LeaderScreen(Dialog[Command | None]):
    """The command of the next key; None where it has none."""

    DEFAULT_CSS = """
    LeaderScreen {
        align: left bottom;
        background: transparent;
        & > Static {
            width: 100%;
            height: auto;
            padding: 0 1;
            border-top: solid $border;
            background: $surface;
            color: $foreground;
            display: none;
        }
    }
    """

    def __init__(self, leader: str, followers: Mapping[str, Command]) -> None:
        super().__init__()
        self._leader = leader
        self._followers = followers

    def compose(self) -> ComposeResult:
        """The list, hidden at first."""
        yield Static()

    def on_mount(self) -> None:
        """Show the list after a while."""
        self.set_timer(SHOWN_AFTER_S, self._show)

    def _show(self) -> None:
        self._draw()
        self.query_one(Static).display = True

    def on_resize(self) -> None:
        """Lay out the columns again."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.app.size
        self.query_one(Static).update(followers_text(self._leader, self._followers, width - 2, height - 2))

    def on_key(self, event: events.Key) -> None:
        """Answer with the command of the key."""
        event.stop()
        event.prevent_default()
        command = self._followers.get(event.key)
        if command is None and event.key not in LEAVING:
            self.notify(f"{self._leader} {key_label(event.key)} does nothing: see /keys.", markup=False, timeout=4)
        self.dismiss(command)

    def on_paste(self, event: events.Paste) -> None:
        """Leave: nothing that is pasted completes a pair."""
        event.stop()
        self.dismiss(None)

    def on_click(self) -> None:
        """Leave: the person went elsewhere."""
        self.dismiss(None)
