"""Search through earlier prompts: typing narrows, the whole of the one that is marked stands below the list."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.fields.search_field import SearchField
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, spread
from tui_chat.workspace.pieces import line_count

SHOWN = 200
SEARCHED_CHARACTERS = 4_000
"""How far into a prompt words are looked for: people remember how it began."""
PREVIEWED_LINES = 6


class PromptSearch(Dialog[str | None]):
    """The prompt that was chosen; None where none was."""

    DEFAULT_CSS = """
    PromptSearch {
        align: center bottom;
        & > Vertical {
            width: 100%;
            height: auto;
            max-height: 90%;
            padding: 0 1;
            border: round $border;
            background: $surface;
        }
        & PickList { max-height: 12; background: $surface; }
        & #whole { height: auto; max-height: 6; margin: 0 0 0 2; background: $panel; display: none; }
        & #whole.-several { display: block; }
        &.-low PickList { max-height: 4; }
        &.-low #whole.-several { display: none; }
    }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("leave", "leave", priority=True),
        bound("list-up", "move(-1)", priority=True),
        bound("list-down", "move(1)", priority=True),
        Binding("ctrl+r", "move(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, prompts: Sequence[str]) -> None:
        super().__init__()
        # The newest first, each only once.
        self._prompts = tuple(dict.fromkeys(reversed(prompts)))
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """The list, what is marked in it, and the field below."""
        with Vertical() as box:
            box.border_title = Content("Earlier prompts")
            box.border_subtitle = Content("Enter takes it, Esc leaves")
            prompts = PickList()
            prompts.can_focus = False
            yield prompts
            whole = LinesView(id="whole")
            whole.can_focus = False
            yield whole
            yield SearchField("words of the prompt")

    def on_mount(self) -> None:
        """All of them at first."""
        self._list("")
        self.query_one(SearchField).focus()

    def _list(self, query: str) -> None:
        self._found = find(query, self._prompts)[:SHOWN]
        prompts = self.query_one(PickList)
        prompts.styles.height = len(self._found)
        prompts.show_items(len(self._found), self._draw, cursor=0)
        self._show_whole()

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        text = self._found[index]
        lines = line_count(text)
        more: Row = ((Ink.MUTED, f"{lines:,} lines"),) if lines > 1 else ()
        return (spread(((Ink.TEXT, sanitize_line(text, 300)),), more, width),)

    def _show_whole(self) -> None:
        """Show the beginning of a prompt of several lines as it was written."""
        view = self.query_one("#whole", LinesView)
        text = self._found[self.query_one(PickList).cursor] if self._found else ""
        lines = text.strip("\n").split("\n", PREVIEWED_LINES)
        rows: list[Row] = [((Ink.TEXT, sanitize_line(line.replace("\t", "  "), 300)),) for line in lines]
        if len(lines) > PREVIEWED_LINES:
            rest = line_count(text.strip("\n")) - PREVIEWED_LINES + 1
            rows[PREVIEWED_LINES - 1 :] = [((Ink.MUTED, f"… {rest:,} more lines"),)]
        view.set_class(len(lines) > 1, "-several")
        view.styles.height = len(rows)
        view.show_rows(rows, at_top=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow."""
        event.stop()
        self._list(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the highlighted one."""
        event.stop()
        self.dismiss(self._found[self.query_one(PickList).cursor] if self._found else None)

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Another one is highlighted."""
        event.stop()
        self._show_whole()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """One was clicked."""
        event.stop()
        self.dismiss(self._found[event.index])

    def action_move(self, by: int) -> None:
        """Another one."""
        prompts = self.query_one(PickList)
        if self._found:
            prompts.cursor = (prompts.cursor + by) % len(self._found)

    def action_leave(self) -> None:
        """Esc."""
        self.dismiss(None)


def find(query: str, prompts: Sequence[str]) -> list[str]:
    """The prompts that fit, the best first; of those that fit alike the one that comes first, however long it is."""
    found = fuzzy.rank(query, range(len(prompts)), lambda place: prompts[place][:SEARCHED_CHARACTERS])
    found.sort(key=lambda hit: (-hit[0], hit[1]))
    return [prompts[place] for _, place, _ in found]
