"""The wait for the second key of a pair: after half a second, the keys that can follow are listed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui_chat.ui.dialogs.dialog import SMALL_WIDTH, Dialog
from tui_chat.ui.keys.command import Led, OwnKeys, key_label, led
from tui_chat.ui.keys.hints import most_likely
from tui_chat.ui.keys.pane_keys import leaving_keys
from tui_chat.ui.rows.edge import Piece
from tui_chat.ui.rows.frame import Frame
from tui_chat.workspace.command import Command

SHOWN_AFTER_S = 0.5
"""Seconds before the list is shown: who knows the pair never sees it."""
NARROWEST_COLUMN = 18
MOST_COLUMNS = 4
GAP = 2

Entry = tuple[str, str]
"""A key and what it does."""


class Followers(NamedTuple):
    """What can follow the leader."""

    rows: list[Content]
    left_out: int
    """How many had no room."""


def followers_text(followers: Mapping[str, Command], width: int, height: int) -> Followers:
    """The keys and their actions: in the most columns that have room for all that is in them, else in as many as there
    may be, and the widest of them give way."""
    entries = _entries(followers)
    most = max(1, min(width // NARROWEST_COLUMN, MOST_COLUMNS))
    layouts = [_in_columns(entries, columns, height) for columns in range(most, 0, -1)]
    whole = (each for each in layouts if _width(each) <= width and sum(map(len, each)) == len(entries))
    columns = next(whole, layouts[0])
    labels = [max(cell_len(label) for label, _ in column) for column in columns]
    titles = [max(cell_len(title) for _, title in column) for column in columns]
    while sum((*labels, *titles)) + (1 + GAP) * len(columns) - GAP > width and max(titles) > 1:
        titles[titles.index(max(titles))] -= 1
    rows: list[Content] = []
    for line in range(len(columns[0])):
        cells = [
            Content.assemble(
                (set_cell_size(label, label_width), "bold $accent"), " ", set_cell_size(_cut(title, room), room)
            )
            for (label, title), label_width, room in zip(
                (column[line] for column in columns if line < len(column)), labels, titles, strict=False
            )
        ]
        rows.append(Content(" " * GAP).join(cells))
    return Followers(rows, len(entries) - sum(map(len, columns)))


def _entries(followers: Mapping[str, Command]) -> list[Entry]:
    """A line for each command; one that is told its key has one for all of them: `1-9`."""
    keys: dict[str, list[str]] = {}
    for key, command in followers.items():
        keys.setdefault(command.id if command.tells_key else key, []).append(key)
    return [
        ("-".join(key_label(key) for key in dict.fromkeys((those[0], those[-1]))), followers[those[0]].title)
        for those in keys.values()
    ]


def _in_columns(entries: Sequence[Entry], columns: int, height: int) -> list[Sequence[Entry]]:
    """As many entries as there is room for, one below the other."""
    lines = max(1, min(-(-len(entries) // columns), height))
    shown = entries[: lines * columns]
    return [shown[first : first + lines] for first in range(0, len(shown), lines)]


def _width(columns: Sequence[Sequence[Entry]]) -> int:
    """Cells of columns in which nothing is cut."""
    widths = [max(cell_len(part) for part in parts) for column in columns for parts in zip(*column, strict=True)]
    return sum(widths) + (1 + GAP) * len(columns) - GAP


def _cut(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"


class LeaderScreen(Dialog[Led | str | None]):
    """The command of the next key, the key's label where it has none, None where the person left."""

    DEFAULT_CSS = """
    LeaderScreen { align: center bottom; }
    LeaderScreen > Frame { width: 100%; display: none; }
    LeaderScreen > Frame.-shown { display: block; }
    /* It takes every key, though nothing in it has the focus. */
    LeaderScreen > Frame > * { border-left: solid $border; border-right: solid $border; }
    LeaderScreen > Frame > Edge { border: none; color: $border; }
    LeaderScreen Static { height: auto; padding: 0 1; }
    """

    def __init__(self, leader: str, followers: Mapping[str, Command], own_keys: OwnKeys) -> None:
        super().__init__()
        self._leader = leader
        self._followers = followers
        self._own_keys = own_keys
        self._leaving = [key for key in leaving_keys(own_keys) if key not in followers]

    def compose(self) -> ComposeResult:
        """The list, hidden at first."""
        with Frame(title=f"{self._leader} …") as frame:
            if key := most_likely(self._leaving):
                frame.show_state(Piece(f"{key_label(key)} close", presses=(key,)))
            yield Static()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take the key that leaves other dialogs as the second one of a pair, too."""
        return action != "leave" and super().check_action(action, parameters)

    def on_mount(self) -> None:
        """Show the list after a while."""
        self.set_timer(SHOWN_AFTER_S, self._show)

    def _show(self) -> None:
        self._draw()
        self.query_one(Frame).add_class("-shown")

    def stand(self) -> None:
        """Lay out the columns again, as wide as what is below."""
        super().stand()
        self._draw()

    def _draw(self) -> None:
        width = min(self.lower_width, self.app.size.width)
        self.query_one(Frame).styles.width = width
        listed = followers_text(self._followers, width - 4, self.app.size.height - self.lower_rows - 2)
        more = f"{listed.left_out} more: /keys" if width >= SMALL_WIDTH else f"+{listed.left_out}: /keys"
        self.query_one(Frame).show_facts(more if listed.left_out else "")
        self.query_one(Static).update(Content("\n").join(listed.rows))

    def on_key(self, event: events.Key) -> None:
        """Answer with the command of the key."""
        event.stop()
        event.prevent_default()
        command = self._followers.get(event.key)
        unknown = key_label(event.key) if command is None and event.key not in self._leaving else None
        self.dismiss(unknown if command is None else led(event.key, command, self._own_keys))

    def on_paste(self, event: events.Paste) -> None:
        """Leave: nothing that is pasted completes a pair."""
        event.stop()
        self.dismiss(None)

    def on_click(self) -> None:
        """Leave: the person went elsewhere."""
        self.dismiss(None)
