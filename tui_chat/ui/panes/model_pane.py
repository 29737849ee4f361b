"""The pane that finds a model: typing filters the catalogue, Enter chooses, Esc closes.

It is handed a catalogue and asks for nothing itself: what it wants is a message to its screen.
"""

import time
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from tui_chat.core import fuzzy
from tui_chat.core.errors import Failure
from tui_chat.core.figures import age
from tui_chat.core.models import Catalog
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.panes.model_rows import ModelEntry, about, heading, model_entries, model_lines, typed_entry
from tui_chat.ui.panes.pane import Pane
from tui_chat.ui.rows.drawn_rows import RowsLabel
from tui_chat.ui.rows.edge import Piece
from tui_chat.ui.rows.filtered_list import FilteredList, count_words
from tui_chat.ui.rows.frame import Divider
from tui_chat.ui.rows.rows import Ink, Row, wrapped
from tui_chat.ui.theming.marks import Mark

ModelHit = tuple[ModelEntry, tuple[int, ...]]
"""A model that fits the query, and which characters of its key were matched."""

HINTS = (Hint("list-choose", "switch"), Hint("models-refresh", "refresh"), Hint("help", "help"))


RECENT: Final = "Recent"
ALL: Final = "All"
LOW: Final = 14
"""Rows of the pane below which it has no more than the list."""


class ModelPane(Pane):
    """Every model of the gateway, the most recently used on top."""

    DEFAULT_CSS = """
    ModelPane > #model-status { padding: 0 1; }
    ModelPane #model-heading { padding-right: 1; } /* the list below has a scrollbar there */
    """

    BINDINGS: ClassVar[list[BindingType]] = [bound("models-refresh", "refresh_catalog")]

    class Chosen(Message):
        """A model was chosen."""

        def __init__(self, model_id: str) -> None:
            super().__init__()
            self.model_id = model_id

    class RefreshRequested(Message):
        """The catalogue is to be refreshed."""

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
        """`catalog` is None while it is still being read. `now` gives seconds since the epoch."""
        super().__init__("Models", hints=HINTS, id=id, classes=classes)
        self._catalog = catalog or Catalog()
        self._current = current
        self._recents = tuple(recents)
        self._now = now
        self._is_ready = False
        self._is_loading = catalog is None
        self._failure: Failure | None = None
        self._entries: tuple[ModelEntry, ...] = ()
        self._models = FilteredList(
            self._find,
            self._draw,
            id="model",
            between=(RowsLabel(self._heading, id="model-heading"),),
            headings=lambda hit: RECENT if hit[0].is_recent else "" if hit[0].is_typed else ALL,
        )

    def page(self) -> ComposeResult:
        """The models, and a status below them."""
        yield self._models
        yield Divider()
        yield RowsLabel(self._status, id="model-status")

    def on_mount(self) -> None:
        """List the known models."""
        self._is_ready = True
        self._list_again(keep=self._current)

    def focus(self, scroll_visible: bool = True) -> "ModelPane":
        """Type into the search field."""
        self._models.focus(scroll_visible)
        return self

    def show_catalog(self, catalog: Catalog) -> None:
        """List these models, and say why they are old ones where they are; the query and, where it is still there, the
        model under the cursor stay."""
        self._catalog, self._is_loading, self._failure = catalog, False, catalog.failure
        self._list_again(keep=self._under_cursor() or self._current)

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
        self._list_again(keep=self._under_cursor() or model_id)

    def _under_cursor(self) -> str | None:
        hit = self._models.current
        return hit[0].id if hit else None

    def _list_again(self, keep: str) -> None:
        self._entries = model_entries(self._catalog, self._recents)
        if self._is_ready:
            self._models.find_again(lambda hit: hit[0].id == keep)
            self._say()

    def _find(self, query: str) -> Sequence[ModelHit]:
        query = query.strip()
        found = [(entry, positions) for _, entry, positions in fuzzy.rank(query, self._entries, lambda each: each.key)]
        if query and " " not in query and all(entry.id != query for entry in self._entries):
            found.append((typed_entry(query), ()))
        return found

    def _draw(self, hit: ModelHit, width: int) -> tuple[Row, ...]:
        entry, positions = hit
        return model_lines(entry, positions, width, is_current=entry.id == self._current)

    def _say(self) -> None:
        if not self._is_ready:
            return
        fitting = sum(not entry.is_typed for entry, _ in self._models.items)
        self.show_facts("" if self._is_loading else count_words(len(self._entries), fitting))
        self.show_state(self._age())
        self.query_one("#model-status", RowsLabel).redraw()

    def _age(self) -> Piece | str:
        if self._catalog.fetched_at is None:
            return ""
        words = age(self._now() - self._catalog.fetched_at).replace(" ago", " old")
        return Piece(f"{Mark.CAUTION.drawn} {words}", "$warning") if self._catalog.is_cached else words

    def _heading(self, width: int) -> Sequence[Row]:
        return (heading(width),)

    def _status(self, width: int) -> Sequence[Row]:
        """What the list cannot say: that it is being read, why it could not be, and facts on the marked model."""
        if self._is_loading:
            return wrapped("Asking the gateway for its models …", width, Ink.MUTED)
        if self._failure is not None:
            failure = self._failure
            words = f"{failure.title}: {sanitize_line(failure.message)} {sanitize_line(failure.advice)}"
            return wrapped(words, width, Ink.ERROR)[: 2 if self.size.height < LOW else 4]
        if not self._models.items:
            return wrapped(f"No model has “{self._models.words}”. An id can be typed as it is.", width, Ink.MUTED)
        entry = self._models.current
        return about(entry[0], width) if entry and self.size.height >= LOW else ()

    def on_filtered_list_filtered(self, event: FilteredList.Filtered) -> None:
        """Show how many models match."""
        event.stop()
        self._say()

    def on_filtered_list_picked(self, event: FilteredList.Picked[ModelHit]) -> None:
        """Post the model that was chosen."""
        event.stop()
        self.post_message(self.Chosen(event.item[0].id))

    def on_filtered_list_moved(self, event: FilteredList.Moved) -> None:
        """Say more of the model under the cursor."""
        event.stop()
        self._say()

    def action_refresh_catalog(self) -> None:
        """Ask for the catalogue to be refreshed."""
        self.show_loading()
        self.post_message(self.RefreshRequested())
