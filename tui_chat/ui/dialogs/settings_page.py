"""Every setting: its value, where that comes from, and a place to change it.

What is written and what counts at once is the host's; the page lists, asks, and says what is wrong while one types.
"""

from collections.abc import Awaitable, Sequence
from typing import ClassVar, Final, Protocol

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from tui_chat.core.errors import SettingsError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.describe import PROJECT_ROW
from tui_chat.settings.model import BY_KEY, SettingValue
from tui_chat.settings.typed import BY_HAND, shown_setting, typed_setting
from tui_chat.ui.dialogs.dialog import HELP, Dialog
from tui_chat.ui.dialogs.names_list import NamesList
from tui_chat.ui.dialogs.settings_rows import CHANGED, NAME_CELLS, SettingLine, drawn
from tui_chat.ui.fields.choice_row import CHOSEN
from tui_chat.ui.fields.row_field import KEEP_ROW, SAVE_ROW, RowField
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.filtered_list import FilteredList
from tui_chat.ui.rows.frame import Divider, Frame
from tui_chat.ui.rows.pick_list import MARGIN
from tui_chat.ui.rows.rows import Ink, Row, clipped, cut_in_middle, flowed, wrapped
from tui_chat.ui.theming.marks import Mark

_LONGEST_PATH: Final = 40
_MOST_BELOW: Final = 8


class SettingsHost(Protocol):
    """What the page asks of the program."""

    @property
    def file(self) -> str: ...
    @property
    def can_undo(self) -> bool: ...
    def lines(self) -> Sequence[SettingLine]: ...
    def value_of(self, key: str) -> SettingValue: ...
    def is_own(self, key: str) -> bool:
        """The user's own file gives it."""

    def choices_of(self, key: str) -> Sequence[str]: ...
    def change(self, key: str, value: SettingValue) -> None:
        """Write a setting, None for its default, and say what became of it. Raises SettingsError."""

    def undo(self) -> None:
        """Take the last change back, and say so. Raises SettingsError."""

    def choose_project(self) -> Awaitable[None]:
        """Ask whether the project file counts."""

    def forget_project(self) -> None:
        """Let the project file count no more, and say so. Raises SettingsError."""

    def edit_file(self) -> Awaitable[None]:
        """Open the file in the editor, and read it again."""


class CheckedField(RowField):
    """A field whose text is looked at as it is typed."""

    class Typed(Message):
        """The text is another one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_input_changed(self, event: Input.Changed) -> None:
        """Post what is typed."""
        self.post_message(self.Typed(event.value))


class SettingsPage(Dialog[None]):
    """All settings."""

    DEFAULT_CSS = """
    SettingsPage #settings-below { padding: 0 1; }
    SettingsPage FilteredList { height: 1fr; }
    SettingsPage.-low Divider, SettingsPage.-small Divider, SettingsPage.-nothing Divider { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("settings-default", "default"),
        bound("settings-undo", "undo"),
        bound("settings-edit", "edit"),
    ]
    HELP = "settings-and-files"

    def __init__(self, host: SettingsHost, *, at: str = "") -> None:
        """The cursor begins on the setting `at`."""
        super().__init__(classes="-page")
        self._host = host
        self._at = at
        self._lines: Sequence[SettingLine] = ()
        self._field: CheckedField | None = None
        self._problem = ""
        """Why what is written in the field, or was to be done, is not possible."""
        self._found: FilteredList[SettingLine] = FilteredList(
            self._find,
            lambda line, width: (drawn(line, width),),
            id="settings",
            headings=lambda line: line.heading,
            nothing=lambda: f"No setting has “{self._found.words}”.",
            clicks=2,
        )

    def compose(self) -> ComposeResult:
        """The field and the rows, and below them what the one under the cursor means."""
        with Frame(title="Settings", way_out=Hint("leave", "close")):
            yield self._found
            yield Divider(id="settings-name")
            yield RowsLabel(self._below, id="settings-below")

    def on_mount(self) -> None:
        """List them, with the keys in the rows."""
        self._list_again()
        self.set_focus(self._found.rows)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the field on its row."""
        super().on_resize(event)
        self.query_one(Frame).show_state(cut_in_middle(sanitize_line(self._host.file, 400), _LONGEST_PATH))
        self.call_after_refresh(self._place_field)

    # Listing

    def _list_again(self) -> None:
        self._lines = self._host.lines()
        self._found.find_again(lambda line: line.key == self._at and bool(self._at))
        self._say()

    def _find(self, query: str) -> Sequence[SettingLine]:
        words = query.casefold().split()
        return [line for line in self._lines if all(word in line.searched for word in words)]

    def _say(self) -> None:
        current, frame = self._found.current, self.query_one(Frame)
        frame.show_facts(f"{sum(line.heading == CHANGED for line in self._lines)} changed")
        self.set_class(current is None, "-nothing")
        self.query_one("#settings-name", Divider).show_title(sanitize_line(current.name, 40) if current else "")
        self.query_one("#settings-below", RowsLabel).redraw()
        if self._field is not None:
            frame.show_keys((SAVE_ROW,), KEEP_ROW)
        else:
            can_default = current is not None and self._can_default(current)
            verb = "forget" if current is not None and current.key == PROJECT_ROW else "default"
            is_in_file = current is not None and _is_in_file(current)
            hints = [Hint("list-choose", "edit the file" if is_in_file else "change")] if current is not None else []
            hints += [Hint("settings-default", verb)] if can_default else []
            hints += [Hint("settings-undo", "undo")] if self._host.can_undo else []
            to = Hint("list-field", "find") if self._found.rows.has_focus else Hint("list-rows", "to the rows")
            hints += [to] if is_in_file else [to, Hint("settings-edit", "edit the file")]
            frame.show_keys([*hints, HELP], Hint("leave", "close"))
        self.refresh_bindings()

    def _below(self, width: int) -> Sequence[Row]:
        """What the line under the cursor means: as much of it as leaves most of the page to the rows."""
        most = 1 if self.has_class("-small") else 2 if self.has_class("-low") else _MOST_BELOW
        return clipped(self._explained(width - 2), most, width - 2)

    def _explained(self, width: int) -> Sequence[Row]:
        line = self._found.current
        if self._problem:
            return wrapped(f"{Mark.FAILED.drawn} {sanitize_line(self._problem, 300)}", width, Ink.ERROR)
        if line is None:
            return ()
        if line.is_fault:
            return wrapped(sanitize_line(line.meaning or line.name, 400), width)
        rows = wrapped(_sentence(sanitize_line(line.meaning, 400)), width)
        known = self._host.choices_of(line.key) if line.key in BY_KEY else ()
        choices = [sanitize_line(word, 40) for word in known]
        if choices:
            now = shown_setting(line.key, self._host.value_of(line.key))
            pieces: list[Row] = [
                ((Ink.ACCENT, f"{CHOSEN} {word}"),) if word == now else ((Ink.MUTED, word),) for word in choices
            ]
            return [*rows, *flowed(pieces, width)]
        return [*rows, *wrapped(_sentence(f"It takes {line.allowed}"), width, Ink.MUTED)] if line.allowed else rows

    def on_filtered_list_filtered(self, event: FilteredList.Filtered) -> None:
        """Say what fits."""
        event.stop()
        self._problem = ""
        self._say()

    def on_filtered_list_moved(self, event: FilteredList.Moved) -> None:
        """Say what the setting under the cursor is for."""
        event.stop()
        self._problem = ""
        self._say()

    def on_descendant_focus(self) -> None:
        """Offer the keys of what has the focus."""
        self._say()

    # Changing

    def on_filtered_list_picked(self, event: FilteredList.Picked[SettingLine]) -> None:
        """Let another value be chosen or written."""
        event.stop()
        self._problem = ""
        line = event.item
        if line.key == PROJECT_ROW:
            self.run_worker(self._ask_for_project())
        elif _is_in_file(line):
            self.action_edit()
        elif line.key in BY_KEY:
            self._begin(line)

    def _begin(self, line: SettingLine) -> None:
        key, value = line.key, self._host.value_of(line.key)
        if isinstance(value, bool):
            self._change(key, not value)
        elif choices := self._host.choices_of(key):
            self.run_worker(self._choose(key, choices, str(value)))
        else:
            self._write(shown_setting(key, value))

    async def _choose(self, key: str, choices: Sequence[str], current: str) -> None:
        listed = [(word, "default" if word == BY_KEY[key].default else "") for word in choices]
        chosen = await self.app.push_screen_wait(NamesList(key, listed, current=current))
        if chosen is not None:
            self._change(key, chosen)

    async def _ask_for_project(self) -> None:
        await self._host.choose_project()
        self._at = PROJECT_ROW
        self._list_again()

    def _change(self, key: str, value: SettingValue) -> None:
        try:
            self._host.change(key, value)
        except SettingsError as error:
            self._problem = error.failure.message
        self._at = key
        self._list_again()

    def _write(self, text: str) -> None:
        if self._field is None:
            self._field = CheckedField(text)
            self._found.mount(self._field)
            self._place_field()
            self.set_focus(self._field)
            self._say()

    def _place_field(self) -> None:
        if self._field is not None:
            rows = self._found.rows
            column = MARGIN + min(NAME_CELLS, max(8, (rows.line_width - MARGIN) // 2))
            self._field.styles.width = max(8, rows.line_width - column)
            place = rows.region.offset - self._found.content_region.offset
            self._field.styles.offset = (place.x + column, place.y + max(0, rows.cursor_row))

    def on_checked_field_typed(self, event: CheckedField.Typed) -> None:
        """Say what is wrong with it so far."""
        event.stop()
        if self._field is not None:
            self._problem = self._fault_of(event.text)
            self._say()

    def _fault_of(self, text: str) -> str:
        line = self._found.current
        try:
            if line is not None:
                typed_setting(line.key, text)
        except SettingsError as refused:
            return refused.failure.message.removeprefix("must be ")
        return ""

    def on_row_field_answered(self, event: RowField.Answered) -> None:
        """Write it; what is not allowed stays to be mended."""
        event.stop()
        field, line = self._field, self._found.current
        if field is None or line is None:
            return
        if event.text is not None and (problem := self._fault_of(event.text)):
            self._problem = problem
            self._say()
            return
        self._field, self._problem = None, ""
        field.remove()
        self.set_focus(self._found.rows)
        if event.text is not None and event.text != shown_setting(line.key, self._host.value_of(line.key)):
            self._change(line.key, typed_setting(line.key, event.text))
        else:
            self._say()

    # Keys

    def _can_default(self, line: SettingLine) -> bool:
        return line.key == PROJECT_ROW or (line.key in BY_KEY and self._host.is_own(line.key))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let letters act only in the rows, and only where they do something."""
        if action in ("default", "undo") and self.is_mounted:
            line = self._found.current
            if self._field is not None or not self._found.rows.has_focus:
                return False
            return self._host.can_undo if action == "undo" else line is not None and self._can_default(line)
        return super().check_action(action, parameters)

    def action_default(self) -> None:
        """Take the setting out of the user's file; let the project file count no more."""
        if (line := self._found.current) is None:
            return
        if line.key != PROJECT_ROW:
            self._change(line.key, None)
            return
        try:
            self._host.forget_project()
        except SettingsError as error:
            self._problem = error.failure.message
        self._at = PROJECT_ROW
        self._list_again()

    def action_undo(self) -> None:
        """Take the last change back."""
        try:
            self._host.undo()
        except SettingsError as error:
            self._problem = error.failure.message
        self._at = self._found.current.key if self._found.current else ""
        self._list_again()

    def action_edit(self) -> None:
        """Open the file in the editor."""
        self.run_worker(self._edit())

    async def _edit(self) -> None:
        await self._host.edit_file()
        self._list_again()

    def action_leave(self) -> None:
        """Leave the field, else the page."""
        if self._field is None:
            self.dismiss(None)
        else:
            self._problem = ""
            self.on_row_field_answered(RowField.Answered(None))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "…", "?", "!")) else ".")


def _is_in_file(line: SettingLine) -> bool:
    """A line that is changed in the file alone."""
    return line.is_fault or line.key in BY_HAND
