"""What the pane of models lists for what was typed: favourites and recently used models first, then all others.

An item of the list is the place of its model among the finder's, so that a list of 20,000 is a list of numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from tui_chat.core.model_finder import ModelFinder
from tui_chat.core.model_query import ModelOrder, ModelQuery, read_query
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.panes.model_rows import ModelEntry, typed_entry

FAVOURITES: Final = "Favourites"
RECENT: Final = "Recent"
ALL: Final = "All"
TYPED: Final = -1
"""Place of the id that was typed, among those of the models."""


class ModelListing:
    """The models of a catalogue as they are listed."""

    def __init__(
        self, catalog: Catalog, recents: Sequence[str], favourites: Sequence[str], order: ModelOrder, now: float
    ) -> None:
        """`now` is in seconds since the epoch."""
        offered = {model.id: model for model in catalog.offered}
        starred = dict.fromkeys(id_ for id_ in favourites if id_)
        first = dict.fromkeys((*starred, *(id_ for id_ in recents if id_)))
        self._catalog = catalog
        self._unlisted = frozenset(id_ for id_ in first if id_ not in offered)
        self._starred, self._first = len(starred), len(first)
        models = [offered.get(id_) or ModelInfo(id_) for id_ in first]
        models += [model for id_, model in offered.items() if id_ not in first]
        self.finder = ModelFinder(models, self._first, now=now)
        self.query = ModelQuery()
        """What was typed last."""
        self.order = order
        self._typed = ""

    def find(self, text: str) -> list[int]:
        """The places of the models that fit, in their order, and at the end that of the id that was typed."""
        self.query = query = read_query(text)
        found = self.finder.find(query, self.order)
        if self._is_grouped and self._first:  # groups stand in their order, each sorted
            starred = [place for place in found if place < self._starred]
            recent = [place for place in found if self._starred <= place < self._first]
            found = [*starred, *recent, *(place for place in found if place >= self._first)]
        self._typed = text.strip()
        if query.words and " " not in self._typed and not self._is_listed(self._typed):
            found.append(TYPED)
        return found

    @property
    def shown_order(self) -> ModelOrder:
        """The order in which they are listed: the one that was typed, else the chosen one."""
        return self.query.order or self.order

    @property
    def _is_grouped(self) -> bool:
        """Favourites and recent ones stand apart: not where words were typed, and not where the question is which of
        all is the first."""
        return not (self.query.words or self.query.order or self.order is ModelOrder.FASTEST)

    def _is_listed(self, model_id: str) -> bool:
        return self._catalog.get(model_id) is not None or model_id in self._unlisted

    def id_of(self, place: int) -> str:
        """The id of the model at a place."""
        return self._typed if place == TYPED else self.finder.models[place].id

    def entry(self, place: int) -> ModelEntry:
        """The line of a place."""
        if place == TYPED:
            return typed_entry(self._typed)
        model = self.finder.models[place]
        info = None if place < self._first and model.id in self._unlisted else model
        return ModelEntry(model.id, sanitize_line(model.id), info, place < self._starred)

    def groups(self, places: Sequence[int]) -> Mapping[int, str]:
        """Where groups begin; none where they are one list."""
        if not self._is_grouped:
            return {}
        groups: dict[int, str] = {}
        for index, place in enumerate(places):
            name = FAVOURITES if place < self._starred else RECENT if place < self._first else ALL
            if name not in groups.values():
                groups[index] = name
            if name is ALL:
                break
        return groups

    def count_words(self, places: Sequence[int]) -> str:
        """How many there are, and how many of them fit: `412 · 37 fit`."""
        total, fitting = self.finder.count(self.query), len(places) - (TYPED in places[-1:])
        return f"{total:,}" if fitting == total else f"{total:,} · {fitting:,} fit"

    def nothing_words(self) -> str:
        """Say that nothing fits, and what would."""
        words = sanitize_line(self._typed, 100)
        if others := self.finder.would_fit(self.query):
            return f"No model to chat with fits; {others:,} others do: add the word all."
        if self.query.filters:
            return f"No model fits “{words}”."
        return f"No model has “{words}”. An id can be typed as it is."
