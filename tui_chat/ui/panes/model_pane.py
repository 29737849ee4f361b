"""The pane that finds a model: typing filters the catalogue, Enter chooses, Esc closes.

It is handed a catalogue and asks for nothing itself: what it wants is a message to its screen.
"""

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from tui_chat.core import fuzzy
from tui_chat.core.errors import Failure
from tui_chat.core.figures import age
from tui_chat.core.models import Catalog
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.fields.search_field import SearchField
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.panes.model_rows import LEGEND, WIDE, ModelEntry, heading, model_entries, model_lines, typed_entry
from tui_chat.ui.panes.pane import Pane
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, flowed, wrapped


class ModelPane(Pane):
    """Every model that the gateway offers, the ones used last on top."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("list-up", "move(-1)"),
        bound("list-down", "move(1)"),
        bound("list-page-up", "page(-1)"),
        bound("list-page-down", "page(1)"),
        bound("models-refresh", "refresh_catalog"),
    ]

    class Chosen(Message):
        """A model was chosen."""

        def __init__(self, model_id: str) -> None:
            super().__init__()
            self.model_id = model_id

    class RefreshRequested(Message):
        """The catalogue shall be read anew."""

    def __init__(
        self,
        catalog: Catalog | None,
        current: str,
        recents: Sequence[str] = (),
        *,
        now: Callable[[], float] = time.time,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`catalog` None: it is still being read. `now` gives seconds since the epoch."""
        super().__init__(id=id, classes=classes)
        self._catalog = catalog or Catalog()
        self._current = current
        self._recents = tuple(recents)
        self._now = now
        self._is_ready = False
        self._is_loading = catalog is None
        self._failure: Failure | None = None
        self._entries: tuple[ModelEntry, ...] = ()
        self._shown: list[tuple[ModelEntry, tuple[int, ...]]] = []

    def compose(self) -> ComposeResult:
        """The field, the list, and what is to be said about them."""
        yield SearchField("find a model", id="model-search")
        yield RowsLabel(self._heading, id="model-heading")
        yield PickList(id="model-list")
        yield RowsLabel(self._status, id="model-status")

    def on_mount(self) -> None:
        """List what is known."""
        self._is_ready = True
        self._list_anew(keep=self._current)

    def on_resize(self) -> None:
        """A model takes one line or two."""
        self._list()

    def focus(self, scroll_visible: bool = True) -> "ModelPane":
        """Type into the search field."""
        self.query_one(SearchField).focus(scroll_visible)
        return self

    def show_catalog(self, catalog: Catalog) -> None:
        """List these models; the query and, where it is still there, the model under the cursor stay."""
        self._catalog, self._is_loading, self._failure = catalog, False, None
        self._list_anew(keep=self._under_cursor() or self._current)

    def show_failure(self, failure: Failure) -> None:
        """Say why the catalogue could not be read; what was listed stays."""
        self._failure, self._is_loading = failure, False
        self._say()

    def show_loading(self) -> None:
        """Say that the catalogue is being read; what was listed stays."""
        self._is_loading, self._failure = True, None
        self._say()

    def show_current(self, model_id: str, recents: Sequence[str] | None = None) -> None:
        """Mark this model as the one that the next question goes to."""
        self._current = model_id
        if recents is not None:
            self._recents = tuple(recents)
        self._list_anew(keep=self._under_cursor() or model_id)

    def _under_cursor(self) -> str | None:
        if not self._is_ready or not self._shown:
            return None
        return self._shown[self.query_one(PickList).cursor][0].id

    def _list_anew(self, keep: str) -> None:
        self._entries = model_entries(self._catalog, self._recents)
        if self._is_ready:
            self._filter()
            at = next((place for place, (entry, _) in enumerate(self._shown) if entry.id == keep), 0)
            self._list(cursor=at)
            self._say()

    def _filter(self) -> None:
        query = self.query_one(SearchField).value.strip()
        found = fuzzy.rank(query, self._entries, lambda entry: entry.key)
        self._shown = [(entry, positions) for _, entry, positions in found]
        if query and " " not in query and all(entry.id != query for entry in self._entries):
            self._shown.append((typed_entry(query), ()))

    def _list(self, cursor: int | None = None) -> None:
        pick_list = self.query_one(PickList)
        height = 1 if self._list_width() >= WIDE else 2
        pick_list.show_items(len(self._shown), self._draw, item_height=height, cursor=cursor)

    def _list_width(self) -> int:
        return self.query_one(PickList).line_width or self.size.width

    def _draw(self, index: int, width: int) -> tuple[Row, ...]:
        entry, positions = self._shown[index]
        return model_lines(entry, positions, width, is_current=entry.id == self._current)

    def _say(self) -> None:
        if self._is_ready:
            self.query_one("#model-status", RowsLabel).redraw()

    def _heading(self, width: int) -> Sequence[Row]:
        row = heading(width - 1)
        return (row,) if row else ()

    def _status(self, width: int) -> Sequence[Row]:
        width -= 2
        rows: list[Row] = []
        if self._failure is not None:
            failure = self._failure
            rows += wrapped(f"{failure.title}: {sanitize_line(failure.message)}", width, Ink.ERROR)[:3]
            rows += wrapped(sanitize_line(failure.advice), width)[:3]
        if self.size.height < 14:
            return [((Ink.TEXT, " "), *row) for row in (*rows[:3], *flowed(self._counts(), width)[:1])]
        rows += flowed([*self._counts(), ((Ink.ACCENT, "F5"), (Ink.MUTED, " reads anew"))], width)
        rows += flowed([((Ink.MUTED, words),) for words in LEGEND], width)
        return [((Ink.TEXT, " "), *row) for row in rows]

    def _counts(self) -> list[Row]:
        if self._is_loading:
            return [((Ink.WARNING, "reading the catalogue …"),)]
        found, total = sum(not entry.is_typed for entry, _ in self._shown), len(self._entries)
        words = f"{total} models" if found == total else f"{found} of {total} models"
        if not total:
            words = "no models known"
        pieces: list[Row] = [((Ink.MUTED, words),)]
        if self._catalog.fetched_at is not None:
            when = age(self._now() - self._catalog.fetched_at)
            pieces.append(((Ink.WARNING, f"cached, {when}"),) if self._catalog.is_cached else ((Ink.MUTED, when),))
        return pieces

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what is typed."""
        event.stop()
        self._filter()
        self._list(cursor=0)
        self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose what is under the cursor."""
        event.stop()
        self.query_one(PickList).action_pick()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """A model was chosen."""
        event.stop()
        self.post_message(self.Chosen(self._shown[event.index][0].id))

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Nobody else's business."""
        event.stop()

    def action_move(self, by: int) -> None:
        """Move the cursor while typing."""
        self.query_one(PickList).action_move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages while typing."""
        self.query_one(PickList).action_page(by)

    def action_refresh_catalog(self) -> None:
        """F5."""
        self.show_loading()
        self.post_message(self.RefreshRequested())
