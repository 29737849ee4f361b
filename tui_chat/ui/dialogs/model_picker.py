"""Choosing a model for one answer: typing narrows the list, Enter takes."""

from collections.abc import Sequence

from textual.app import ComposeResult

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.filtered_list import FilteredList, count_words
from tui_chat.ui.rows.frame import Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut, wrapped


class ModelPicker(Dialog[str | None]):
    """The id of the model that was chosen; None where none was."""

    DEFAULT_CSS = """
    ModelPicker FilteredList { height: auto; }
    ModelPicker PickList { max-height: 11; }
    ModelPicker.-low > Frame { height: 100%; }
    ModelPicker.-low FilteredList, ModelPicker.-low PickList { height: 1fr; max-height: 100%; }
    """

    def __init__(self, title: str, models: Sequence[str]) -> None:
        """`models` are ids, the likeliest first."""
        super().__init__()
        self._title = title
        self._models = tuple(models)
        self._found = FilteredList(self._find, self._draw, id="model-ids", wraps=True)

    def compose(self) -> ComposeResult:
        """The field and the list."""
        with Frame(title=self._title, way_out=Hint("leave", "leave"), hints=(Hint("list-choose", "take"),)):
            yield self._found
            yield RowsLabel(self._empty, id="model-ids-empty")

    def on_mount(self) -> None:
        """List all of them at first."""
        self.query_one(PickList).can_focus = False
        self._found.find_again()
        self._show_found()
        self._found.focus()

    def _empty(self, width: int) -> Sequence[Row]:
        if self._found.items:
            return ()
        words = f"No model has “{self._found.words}”." if self._models else "No other model is known yet: /models."
        return [((Ink.TEXT, " "), *row) for row in wrapped(words, width - 2, Ink.MUTED)]

    def _find(self, query: str) -> Sequence[str]:
        return [model for _, model, _ in fuzzy.rank(query, self._models, str)] if query.strip() else self._models

    def _draw(self, model: str, width: int) -> tuple[Row, ...]:
        return (cut(((Ink.TEXT, sanitize_line(model, 200)),), width),)

    def _show_found(self) -> None:
        self.query_one(Frame).show_facts(count_words(len(self._models), len(self._found.items)))
        self.query_one("#model-ids-empty", RowsLabel).redraw()

    def on_filtered_list_filtered(self) -> None:
        """Show how many match."""
        self._show_found()

    def on_filtered_list_picked(self, event: FilteredList.Picked[str]) -> None:
        """Answer with the model."""
        self.dismiss(event.item)
