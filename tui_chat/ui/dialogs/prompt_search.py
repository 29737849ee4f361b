"""Search in the prompt history: typing narrows the list, and the marked prompt is shown whole below it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.filtered_list import FilteredList, count_words
from tui_chat.ui.rows.frame import Divider, Frame
from tui_chat.ui.rows.lines_view import LinesView
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, spread
from tui_chat.workspace.pieces import line_count

SEARCHED_CHARACTERS = 4_000
"""Characters at a prompt's beginning that are searched: people remember how it began."""
PREVIEWED_LINES = 6


class PromptSearch(Dialog[str | None]):
    """The prompt that was chosen; None where none was."""

    DEFAULT_CSS = """
    PromptSearch FilteredList { height: auto; }
    PromptSearch PickList { max-height: 11; }
    PromptSearch.-low > Frame { height: 100%; }
    PromptSearch.-low FilteredList, PromptSearch.-low PickList { height: 1fr; max-height: 100%; }
    PromptSearch #whole { height: auto; max-height: 6; padding: 0 1; display: none; }
    PromptSearch Divider { display: none; }
    PromptSearch.-several #whole, PromptSearch.-several Divider { display: block; }
    PromptSearch.-small #whole, PromptSearch.-small Divider { display: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("prompts-next", "next"),
        Binding("enter", "leave", show=False),  # where no prompt fits: elsewhere the list takes it
    ]

    def __init__(self, prompts: Sequence[str]) -> None:
        """`prompts` are one at least, the oldest first."""
        super().__init__()
        # The newest first, each only once.
        self._prompts = tuple(dict.fromkeys(reversed(prompts)))
        self._whole = LinesView(id="whole")
        self._whole.can_focus = False
        self._found = FilteredList(
            self._find,
            self._draw,
            id="prompts",
            wraps=True,
            nothing=lambda: f"No prompt has “{self._found.words}”.",
        )

    def compose(self) -> ComposeResult:
        """The field, the list, and the marked prompt."""
        hints = (Hint("list-choose", "take"), Hint("prompts-next", "older"))
        with Frame(title="Prompt history", way_out=Hint("leave", "close"), hints=hints):
            yield self._found
            yield Divider()
            yield self._whole

    def on_mount(self) -> None:
        """List all prompts at first."""
        self.query_one(PickList).can_focus = False
        self._found.find_again()
        self._show_found()
        self._found.focus()

    def _find(self, query: str) -> Sequence[str]:
        return find(query, self._prompts)

    def _draw(self, text: str, width: int) -> tuple[Row, ...]:
        lines = line_count(text)
        more: Row = ((Ink.MUTED, f"{lines:,} lines"),) if lines > 1 else ()
        return (spread(((Ink.TEXT, sanitize_line(text, 300)),), more, width),)

    def _show_found(self) -> None:
        self.query_one(Frame).show_facts(count_words(len(self._prompts), len(self._found.items)))
        self._show_whole()

    def _show_whole(self) -> None:
        """Show the beginning of a prompt of several lines as it was written."""
        view = self._whole
        text = self._found.current or ""
        lines = text.strip("\n").split("\n", PREVIEWED_LINES)
        rows: list[Row] = [((Ink.TEXT, sanitize_line(line.replace("\t", "  "), 300)),) for line in lines]
        if len(lines) > PREVIEWED_LINES:
            rest = line_count(text.strip("\n")) - PREVIEWED_LINES + 1
            rows[PREVIEWED_LINES - 1 :] = [((Ink.MUTED, f"… {rest:,} more lines"),)]
        self.set_class(len(lines) > 1, "-several")
        self.query_one(Divider).show_title("The whole prompt")
        view.styles.height = len(rows)
        view.show_rows(rows, at_top=True)

    def on_filtered_list_filtered(self) -> None:
        """Show how many prompts match, and the first of them."""
        self._show_found()

    def on_filtered_list_moved(self) -> None:
        """Show another prompt whole."""
        self._show_whole()

    def on_filtered_list_picked(self, event: FilteredList.Picked[str]) -> None:
        """Answer with the prompt."""
        self.dismiss(event.item)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer an older prompt only where there is one."""
        return (action != "next" or bool(self._found.items)) and super().check_action(action, parameters)

    def action_next(self) -> None:
        """Go to the next prompt, as a shell does."""
        self._found.move(1)


def find(query: str, prompts: Sequence[str]) -> list[str]:
    """Prompts that match, the best first; of equal matches the first one, however long it is."""
    found = fuzzy.rank(
        query, range(len(prompts)), lambda place: prompts[place][:SEARCHED_CHARACTERS], fuzzy.Reach.WORDS
    )
    found.sort(key=lambda hit: (-hit[0], hit[1]))
    return [prompts[place] for _, place, _ in found]
