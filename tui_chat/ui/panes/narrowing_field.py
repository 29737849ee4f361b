"""The field that narrows a list of the tool inspector: there from its key on, until it is cleared."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from textual.message import Message
from textual.widgets import Input

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.fields.field_row import FieldRow
from tui_chat.ui.rows.filtered_list import ListField
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut
from tui_chat.ui.theming.marks import Mark

_LABEL = len("find › ")


Item = TypeVar("Item")


class Read(Protocol):
    """How what was typed was read."""

    @property
    def readings(self) -> Sequence[str]:
        """Each kind of filter in words."""

    @property
    def problems(self) -> Sequence[str]:
        """What is wrong with filters that were passed over, a sentence each."""

    @property
    def is_empty(self) -> bool:
        """Nothing is looked for."""


class Found(Protocol[Item]):
    """What fits what was typed."""

    @property
    def read(self) -> Read: ...
    @property
    def is_whole(self) -> bool:
        """The last look went through all items; else there is more to be found."""

    def ask(self, text: str) -> None:
        """Look for this from now on."""

    def among(self, items: Sequence[Item]) -> Sequence[Item]:
        """Those of the items that fit, in their order."""


class NarrowingField(FieldRow, Generic[Item]):
    """What is looked for among the items of a list."""

    DEFAULT_CSS = "NarrowingField { display: none; }"

    class Narrowed(Message):
        """Something else is looked for."""

    class Left(Message):
        """The field was left for what was found; `is_choice`: the item under the cursor was chosen."""

        def __init__(self, *, is_choice: bool) -> None:
            super().__init__()
            self.is_choice = is_choice

    def __init__(self, rows: PickList, found: Found[Item], noun: str, *, id: str) -> None:
        """`rows` list what is `found`; `noun` is what an item is called."""
        self._found = found
        self._noun = noun
        self._input = ListField(
            move=lambda by: self._move(rows.action_move, by),
            page=lambda by: self._move(rows.action_page, by),
            to_rows=lambda: self.post_message(self.Left(is_choice=False)),
            can_choose=lambda: bool(rows.count),
            has_rows=lambda: bool(rows.count),
            id=f"{id}-text",
        )
        self._asked = ""
        self.is_open = False
        """Its key was pressed, and it was not cleared since."""
        super().__init__("find", self._input, id=id)

    @property
    def has_problem(self) -> bool:
        """What is typed is wrong."""
        return bool(self._found.read.problems)

    @property
    def is_narrowing(self) -> bool:
        """Something is looked for."""
        return not self._found.read.is_empty

    @property
    def is_whole(self) -> bool:
        """All items were looked through."""
        return self._found.is_whole

    def among(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items that fit."""
        return self._found.among(items)

    def open(self) -> None:
        """Be there, to be typed into."""
        self.is_open = self.display = True
        self.screen.set_focus(self._input)

    def put(self, words: str) -> None:
        """Look for these words, as if they were typed."""
        self._input.value = words
        self._input.cursor_position = len(words)
        self._follow()

    def clear(self) -> None:
        """Look for nothing, and go."""
        with self._input.prevent(Input.Changed):
            self._input.value = ""
        self._ask()
        self.is_open = self.display = False

    def said(self, width: int) -> Sequence[Row]:
        """How it was read, or what is wrong with it."""
        read = self._found.read
        if read.problems:
            return (cut(((Ink.ERROR, f"{Mark.FAILED.drawn} {sanitize_line(read.problems[0], 200)}"),), width),)
        words = sanitize_line(" · ".join(read.readings), 200)
        return (cut(((Ink.MUTED, " " * _LABEL + words),), width),) if words else ()

    def nothing(self) -> str:
        """Why no item is listed."""
        return f"No {self._noun} has “{sanitize_line(self._asked, 100)}”." if self.is_whole else "Looking …"

    def _ask(self) -> None:
        self._asked = self._input.value
        self._found.ask(self._asked)

    def _follow(self) -> None:
        """Look for what is typed: keys that move may come before the field's message about the letters before them."""
        if self._asked != self._input.value:
            self._ask()
            self.post_message(self.Narrowed())

    def _move(self, move: Callable[[int], None], by: int) -> None:
        self._follow()
        move(by)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._follow()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose the item under the cursor."""
        event.stop()
        self._follow()
        self.post_message(self.Left(is_choice=True))
