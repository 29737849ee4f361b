"""A field as it stands everywhere: its label, `›`, and the text."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

POINTER: Final = "›"


class FieldRow(Horizontal):
    """A labelled field in one row."""

    DEFAULT_CSS = """
    FieldRow {
        height: auto;
        padding: 0 1;
        & > Static { width: auto; padding: 0 1 0 0; color: $muted; text-style: $muted-style; }
        &:focus-within > Static { color: $foreground; text-style: none; }
        & > .-beside { padding: 0 0 0 2; }
        &:focus-within > .-beside { color: $muted; }
        & > Input, & > Input:focus { width: 1fr; padding: 0; background: $surface; }
    }
    """

    def __init__(
        self, label: str, field: Widget, *, width: int = 0, beside: Widget | None = None, id: str | None = None
    ) -> None:
        """An empty `label` stands where a title says enough. `width` in cells is the label's, so that fields below each
        other begin in one column. `beside` says something of what is in the field."""
        super().__init__(id=id)
        self._label = f"{label:<{width}} {POINTER}" if label else POINTER
        self._field = field
        self._beside = beside

    def compose(self) -> ComposeResult:
        """The label, and the field."""
        yield Static(Content(self._label))
        yield self._field
        if self._beside is not None:
            self._beside.add_class("-beside")
            yield self._beside
