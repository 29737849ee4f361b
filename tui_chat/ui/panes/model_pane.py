"""The pane that finds a model: typing filters the catalogue, Enter chooses, Esc closes; in the rows letters act.

It is handed a catalogue and asks for nothing itself: what it wants is a message to its screen, or a call of its host.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from tui_chat.core import fuzzy
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.figures import UNKNOWN, age
from tui_chat.core.model_query import ModelOrder
from tui_chat.core.models import Catalog
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.panes.model_details import details
from tui_chat.ui.panes.model_host import ModelHost
from tui_chat.ui.panes.model_listing import ModelListing
from tui_chat.ui.panes.model_rows import NO_RATES, ModelEntry, RateColumn, about, heading, model_lines
from tui_chat.ui.panes.pane import WAY_OUT, Pane
from tui_chat.ui.rows.drawn_rows import DrawnRows, RowsLabel
from tui_chat.ui.rows.edge import Piece
from tui_chat.ui.rows.filtered_list import FilteredList
from tui_chat.ui.rows.frame import Divider
from tui_chat.ui.rows.rows import Ink, Row, clipped, cut, wrapped
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.model_records import ModelRecords

HINTS: Final = (
    Hint("list-choose", "switch"),
    Hint("models-sort", "sort"),
    Hint("models-favourite", "favourite"),
    Hint("models-facts", "details"),
    Hint("models-copy", "copy"),
    Hint("list-rows", "to the rows"),
    Hint("models-refresh", "refresh"),
    Hint("help", "help"),
)
FACTS_HINTS: Final = (Hint("models-facts", "list"), Hint("models-copy", "copy"), Hint("list-page-down", "read on"))

LOW: Final = 14
"""Rows of the pane below which it has no more than the list."""
SMALL: Final = 2_000
"""Models that are looked through at once; more are prepared beside the first frame."""
_FIELD: Final = len("find › ")
_WHY: Final = {ErrorKind.NETWORK: "no connection", ErrorKind.TIMEOUT: "no answer"}


class ModelPane(Pane):
    """Every model of the gateway, the most recently used on top."""

    DEFAULT_CSS = """
    ModelPane > #model-status { padding: 0 1; }
    ModelPane #model-heading { padding-right: 1; } /* the list below has a scrollbar there */
    ModelPane > #model-details { display: none; padding: 0 1; }
    ModelPane.-details > #model-details { display: block; }
    ModelPane.-details > FilteredList, ModelPane.-details > Divider { display: none; }
    ModelPane.-details > #model-status { display: none; }
    """

    HELP = "models-and-cost"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("models-refresh", "refresh_catalog"),
        bound("models-sort", "sort"),
        bound("models-favourite", "star"),
        bound("models-facts", "facts"),
        bound("models-copy", "copy_id"),
    ]

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
        favourites: Sequence[str] = (),
        *,
        host: ModelHost | None = None,
        now: Callable[[], float] = time.time,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`catalog` is None while it is still being read. `now` gives seconds since the epoch."""
        super().__init__("Models", hints=HINTS, id=id, classes=classes)
        self._catalog = catalog or Catalog()
        self._current = current
        self._recents = tuple(recents)
        self._favourites = tuple(favourites)
        self._host = host
        self._now = now
        self._is_ready = False
        self._is_loading = catalog is None
        self._failure: Failure | None = None
        self._listing = ModelListing(Catalog(), (), (), ModelOrder.RECENT, now=0.0)
        self._records: ModelRecords | None = None
        """None until they were read."""
        self._lost: tuple[str, str] | None = None
        self._models = FilteredList(
            lambda text: self._listing.find(text),
            self._draw,
            id="model",
            between=(RowsLabel(self._read_as, id="model-read"), RowsLabel(self._heading, id="model-heading")),
            groups=lambda places: self._listing.groups(places),
            nothing=self._why_nothing,
        )
        self._details = DrawnRows(self._draw_details, id="model-details")

    def page(self) -> ComposeResult:
        """The models, and a status below them; or all that is known of one."""
        yield self._models
        yield Divider()
        yield RowsLabel(self._status, id="model-status")
        yield self._details

    def on_mount(self) -> None:
        """List the known models."""
        self._is_ready = True
        if self._host is not None:
            self._host.ask_records()
        self._list_again(keep=self._current)

    def on_resize(self) -> None:
        """Say more where there is room for it."""
        if self._is_ready:
            self._show_divider()
            self.query_one("#model-status", RowsLabel).redraw()

    def focus(self, scroll_visible: bool = True) -> "ModelPane":
        """Type into the search field."""
        self._models.focus(scroll_visible)
        return self

    def look_for(self, words: str) -> None:
        """List the models that fit these words."""
        self._models.look_for(words)

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

    def show_favourites(self, favourites: Sequence[str]) -> None:
        """Mark these models as favourites, and list them first."""
        self._favourites = tuple(favourites)
        self._list_again(keep=self._under_cursor() or self._current)

    def show_records(self, records: ModelRecords) -> None:
        """Show what was spent on each model, and how fast it was."""
        self._records = records
        self._listing.finder.rank_by_speed(records.fastest_first)
        if self._listing.shown_order is ModelOrder.FASTEST:
            self._find_again(self._under_cursor())
        self._models.rows.refresh()
        self._say()
        self._details.redraw()

    # What is listed

    def _under_cursor(self) -> str | None:
        place = self._models.current
        return None if place is None else self._listing.id_of(place)

    def _list_again(self, keep: str) -> None:
        self._lost = None
        self._listing = ModelListing(
            self._catalog, self._recents, self._favourites, self._listing.order, now=self._now()
        )
        if not self._is_ready:
            return
        if self._records is not None:
            self._listing.finder.rank_by_speed(self._records.fastest_first)
        self._find_again(keep)
        self._say()
        if len(self._listing.finder.models) > SMALL:
            self.call_after_refresh(self._prepare)

    def _find_again(self, keep: str | None) -> None:
        self._models.find_again(lambda place: self._listing.id_of(place) == keep)

    def _prepare(self) -> None:
        self.run_worker(asyncio.to_thread(self._listing.finder.prepare), group="prepare", exclusive=True)

    def _draw(self, place: int, width: int) -> tuple[Row, ...]:
        entry, words = self._listing.entry(place), " ".join(self._listing.query.words)
        match = fuzzy.match(words, f"{entry.shown} {_more(entry)}") if words else None
        fits = self._host is None or entry.info is None or self._host.fits(entry.info)
        positions = match.positions if match else ()
        return model_lines(
            entry,
            positions,
            width,
            is_current=entry.id == self._current,
            fits=fits,
            rates=self._rates,
            rate=self._records.rate(entry.id) if self._records else UNKNOWN,
        )

    @property
    def _rates(self) -> RateColumn:
        if self._records is None:
            return NO_RATES
        return RateColumn(self._records.rate_name, stays=self._listing.shown_order is ModelOrder.FASTEST)

    # What stands around the rows

    def _say(self) -> None:
        if not self._is_ready:
            return
        if not self._has_details:
            count = "" if self._is_loading else self._listing.count_words(self._models.items)
            self.show_facts(count, self._listing.shown_order.value)
        self.show_state(self._age())
        for label in self.query(RowsLabel):
            label.redraw()
        self._show_divider()

    def _show_divider(self) -> None:
        divider, place = self.query_one(Divider), self._models.current
        divider.display = self.size.height >= LOW and not self._has_details
        entry = None if place is None or self._failure is not None else self._listing.entry(place)
        star = Mark.FAVOURITE.drawn if entry is not None and entry.is_favourite else ""
        divider.show_title(entry.shown if entry is not None and not entry.is_typed else "", star)

    def _age(self) -> Piece | str:
        if self._catalog.fetched_at is None:
            return ""
        words = age(self._now() - self._catalog.fetched_at).replace(" ago", " old")
        if not self._catalog.is_cached:
            return words
        why = self._catalog.failure
        because = f": {_WHY.get(why.kind, why.title[:1].lower() + why.title[1:])}" if why else ""
        return Piece(f"{Mark.CAUTION.drawn} {words}{because}", "$warning")

    def _read_as(self, width: int) -> Sequence[Row]:
        """How the query was read."""
        said = sanitize_line(self._listing.query.said, 200)
        return (cut(((Ink.MUTED, " " * (_FIELD + 1) + said),), width),) if said else ()

    def _heading(self, width: int) -> Sequence[Row]:
        return (heading(width, self._rates),) if self._models.items else ()

    def _why_nothing(self) -> str:
        return "" if self._is_loading or self._failure else self._listing.nothing_words()

    def _status(self, width: int) -> Sequence[Row]:
        """What the list cannot say: that it is being read, why it could not be, and facts on the marked model."""
        if self._is_loading:
            return wrapped("Asking the gateway for its models …", width, Ink.MUTED)
        if self._failure is not None:
            said = f"{self._failure.message} {self._failure.advice}"
            words = f"{Mark.FAILED.drawn} {sanitize_line(said)}"
            return clipped(wrapped(words, width, Ink.ERROR), 1 if self.size.height < LOW else 4, width)
        place = self._models.current
        if place is None or self.size.height < LOW:
            return ()
        entry = self._listing.entry(place)
        if entry.is_typed and not self._listing.query.words:
            return ()
        yours = self._records.of(entry.id).words if self._records else ""
        return about(entry, width, self._lost_with(entry.id), yours)

    def _lost_with(self, model_id: str) -> str:
        if self._host is None:
            return ""
        if self._lost is None or self._lost[0] != model_id:
            self._lost = (model_id, self._host.lost_with(model_id))
        return self._lost[1]

    # All of one model

    @property
    def _has_details(self) -> bool:
        return self.has_class("-details")

    def _draw_details(self, width: int) -> Sequence[Row]:
        place = self._models.current
        if place is None or not self._has_details:
            return ()
        entry = self._listing.entry(place)
        record = self._records.of(entry.id) if self._records else None
        spent, speed = (record.spending, record.speed_words) if record else (None, "")
        return details(entry, width, spent, self._lost_with(entry.id), speed)

    def action_facts(self) -> None:
        """Show all of the model under the cursor, or the list again."""
        if self._has_details:
            self._leave_details()
            return
        model_id = self._under_cursor()
        if model_id is None:
            return
        self.set_class(True, "-details")
        self.show_title(sanitize_line(model_id, 100))
        self._show_divider()
        self.show_keys(FACTS_HINTS, Hint("leave", "back"))
        self._details.focus()
        self._details.scroll_home(animate=False)
        self._details.redraw()
        if self._host is not None:
            self._host.ask_records()

    def _leave_details(self) -> None:
        self.set_class(False, "-details")
        self.show_title("Models")
        self.show_keys(HINTS, WAY_OUT)
        self.screen.set_focus(self._models.rows)
        self._say()

    def action_close(self) -> None:
        """Go back to the list, else ask to be closed."""
        if self._has_details:
            self._leave_details()
        else:
            super().action_close()

    # Letters in the rows

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let letters act only where a model is marked."""
        if action in ("star", "facts", "copy_id") and (self._models.current is None or self._host is None):
            return False
        if action == "sort" and self._has_details:
            return False
        return super().check_action(action, parameters)

    def action_sort(self) -> None:
        """List in the next order."""
        self._listing.order = self._listing.order.next
        self._find_again(self._under_cursor())
        self._say()

    def action_star(self) -> None:
        """Make the model a favourite, or no favourite any more."""
        if self._host is not None and (model_id := self._under_cursor()):
            self._host.star_model(model_id)

    def action_copy_id(self) -> None:
        """Copy the model's id."""
        if self._host is not None and (model_id := self._under_cursor()):
            self._host.copy_model(model_id)

    def on_filtered_list_filtered(self, event: FilteredList.Filtered) -> None:
        """Show how many models match."""
        event.stop()
        self._say()

    def on_filtered_list_picked(self, event: FilteredList.Picked[int]) -> None:
        """Post the model that was chosen."""
        event.stop()
        self.post_message(self.Chosen(self._listing.id_of(event.item)))

    def on_filtered_list_moved(self, event: FilteredList.Moved) -> None:
        """Say more of the model under the cursor."""
        event.stop()
        self._say()

    def action_refresh_catalog(self) -> None:
        """Ask for the catalogue to be refreshed."""
        self.show_loading()
        self.post_message(self.RefreshRequested())


def _more(entry: ModelEntry) -> str:
    """What of a model is searched beside its id, as far as letters in it may be those that were meant."""
    return f"{entry.info.name} {entry.info.owned_by}" if entry.info is not None else ""
