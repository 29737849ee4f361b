"""The parameters of a conversation, one a row: its value, where that comes from, and a field over it to change it."""

from collections.abc import Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from tui_chat.chat.session import Session
from tui_chat.core.errors import SettingsError
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.parameters import typed_value, with_parameter
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.fields.row_field import KEEP_ROW, SAVE_ROW, RowField
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.frame import Divider, Frame
from tui_chat.ui.rows.pick_list import MARGIN, PickList
from tui_chat.ui.rows.rows import Ink, Row, clipped, columns, spread, wrapped
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace import parameters
from tui_chat.workspace.parameters import ParameterRow

_NAME_CELLS: Final = 20
"""Of the names at least; where there is room the longest is whole."""
_MOST_NAME_CELLS: Final = 32
_VALUE_CELLS: Final = 24
_MOST_BELOW: Final = 3
_NOT_TAKEN: Final = "Not taken by this model"
_OTHERS: Final = "Others"
_ANOTHER: Final = "another field"
_HINTS: Final = (Hint("list-choose", "edit"), Hint("parameters-remove", "take away"))
_CLOSE: Final = Hint("leave", "close")


class _Rows(Vertical):
    """The rows, and the field over one of them."""

    DEFAULT_CSS = """
    _Rows { height: auto; layers: default above; }
    """


class ParametersBoard(Dialog[None]):
    """Shows and changes the parameters; a change counts at once."""

    DEFAULT_CSS = """
    ParametersBoard PickList { max-height: 14; }
    ParametersBoard.-low > Frame, ParametersBoard.-small > Frame { height: 100%; }
    ParametersBoard.-low _Rows, ParametersBoard.-low PickList { height: 1fr; max-height: 100%; }
    ParametersBoard.-small _Rows { height: 1fr; }
    ParametersBoard.-low Divider, ParametersBoard.-small Divider { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bound("parameters-remove", "remove")]
    HELP = "models-and-cost"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._rows: tuple[ParameterRow, ...] = ()
        self._field: RowField | None = None
        self._problem = ""
        """Why what was written last is not allowed."""

    def compose(self) -> ComposeResult:
        """The rows, and what the one under the cursor takes."""
        with Frame(title="Parameters", way_out=_CLOSE, hints=_HINTS):
            with _Rows():
                yield PickList()
            yield Divider()
            yield RowsLabel(self._below)

    def on_mount(self) -> None:
        """List them."""
        self._show()
        self.query_one(PickList).focus()

    def _show(self) -> None:
        rows = parameters.rows(self._session)
        self._rows = tuple(sorted(rows, key=lambda row: not row.is_taken))
        not_taken = next((at for at, row in enumerate(self._rows) if not row.is_taken), None)
        headings = {not_taken: _NOT_TAKEN, len(self._rows): _OTHERS} if not_taken is not None else {}
        self.query_one(PickList).show_items(len(self._rows) + 1, self._draw, headings=headings)
        preset = self._session.conversation.preset
        self.query_one(Frame).show_facts(f"preset {preset}" if preset else "")
        self._say()

    def _say(self) -> None:
        keys, way_out = ((SAVE_ROW,), KEEP_ROW) if self._field else (_HINTS, _CLOSE)
        self.query_one(Frame).show_keys(keys, way_out)
        self.query_one(Divider).show_title(sanitize_line(self._current.name, 64) if self._current else _ANOTHER)
        self.query_one(RowsLabel).redraw()
        self.refresh_bindings()

    @property
    def _current(self) -> ParameterRow | None:
        """The parameter under the cursor; None on the line for another field."""
        cursor = self.query_one(PickList).cursor
        return self._rows[cursor] if cursor < len(self._rows) else None

    def _name_cells(self, width: int) -> int:
        longest = max((cell_len(sanitize_line(row.name, 64)) for row in self._rows), default=0)
        return max(_NAME_CELLS, min(longest + 2, _MOST_NAME_CELLS, width - 2 * _VALUE_CELLS))

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        if index == len(self._rows):
            return (((Ink.MUTED, f"{_ANOTHER} …"),),)
        row = self._rows[index]
        source = row.source if row.is_taken or row.value else ""
        ink = Ink.TEXT if row.is_taken else Ink.MUTED
        value: Row = ((ink if row.value else Ink.MUTED, sanitize_line(row.value, 200) or "–"),)
        names = self._name_cells(width)
        room = max(1, width - names)
        named = columns((((ink, sanitize_line(row.name, 64)),), names), (value, room))
        if width < _NAME_CELLS + _VALUE_CELLS:
            return (named,)
        from_ = f"  {source}"
        left = columns((((ink, sanitize_line(row.name, 64)),), names), (value, max(1, room - len(from_) - 2)))
        return (spread(left, ((Ink.MUTED, from_),), width - 1),)

    def _below(self, width: int) -> Sequence[Row]:
        row = self._current if self._rows else None
        if self._problem:
            words, ink = f"{Mark.FAILED.drawn} {self._problem}", Ink.ERROR
        elif row is None:
            words, ink = "NAME=VALUE of any field of the request, the value as JSON where it is JSON", Ink.MUTED
        elif not row.is_taken:
            words, ink = f"{parameters.not_taken_words(self._session.conversation.model)}: it is not sent", Ink.MUTED
        else:
            takes = f"{row.allowed}. " if row.allowed else ""
            stands = f"Now: {row.source}. Empty takes the value away." if row.value else f"Empty: {row.source}."
            words, ink = f"{takes}{stands}", Ink.MUTED
        most = 1 if self.has_class("-small") else _MOST_BELOW
        return [((Ink.TEXT, " "), *line) for line in clipped(wrapped(words, width - 2, ink), most, width - 2)]

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Say what the parameter under the cursor takes."""
        event.stop()
        self._problem = ""
        self._say()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Put a field over the value."""
        event.stop()
        self._problem = ""
        self._write(self._current.value if self._current else "")

    def _write(self, text: str) -> None:
        if self._field is not None:
            return
        self._field = RowField(text)
        self.query_one(_Rows).mount(self._field)
        self._place_field()
        self.set_focus(self._field)
        self._say()

    def _place_field(self) -> None:
        if self._field is None:
            return
        rows = self.query_one(PickList)
        column = MARGIN + (self._name_cells(rows.line_width - MARGIN) if self._current else 0)
        self._field.styles.width = max(8, rows.line_width - column)
        place = rows.region.offset - self.query_one(_Rows).content_region.offset
        self._field.styles.offset = (place.x + column, place.y + max(0, rows.cursor_row))

    def on_resize(self, event: events.Resize) -> None:
        """Keep the field on its row."""
        super().on_resize(event)
        self.call_after_refresh(self._place_field)

    def on_row_field_answered(self, event: RowField.Answered) -> None:
        """Take what was written; what is not allowed is said, and stays to be mended."""
        event.stop()
        field = self._field
        if field is None:
            return
        self._field = None
        if event.text is not None:
            self._take(event.text)
        field.remove()
        self.set_focus(self.query_one(PickList))
        self._show()
        if self._problem and event.text is not None:
            self._write(event.text)

    def _take(self, text: str) -> None:
        row, own = self._current, self._session.conversation.sampling
        self._problem = ""
        try:
            if row is None:
                sampling = parameters.changed(own, text)
            else:
                sampling = with_parameter(own, row.name, typed_value(row.name, text))
        except SettingsError as refused:
            self._problem = refused.failure.message
            return
        if row is None or row.is_own or text.strip() != row.value:
            self._set(sampling)

    def _set(self, sampling: Sampling) -> None:
        saving = parameters.set_own(self._session, sampling)

        async def save() -> None:
            await saving

        self.run_worker(save(), name="parameters", group="parameters")

    def check_action(self, action: str, parameters_: tuple[object, ...]) -> bool | None:
        """Take away only what is the conversation's own, and no letter of what is written."""
        if action == "remove":
            row = self._current if self.is_mounted and self._rows and self._field is None else None
            return row is not None and row.is_own
        return super().check_action(action, parameters_)

    def action_remove(self) -> None:
        """Take the conversation's own value away."""
        if (row := self._current) is not None and row.is_own:
            self._set(with_parameter(self._session.conversation.sampling, row.name, None))
            self._show()

    def action_leave(self) -> None:
        """Leave the field, else the dialog."""
        if self._field is None:
            self.dismiss(None)
            return
        self._problem = ""
        self.on_row_field_answered(RowField.Answered(None))
