"""Finds the models that fit a query, and orders them: quick enough to do it for each key among 20,000.

What is searched is put into small letters once. Words that stand in a model's id, name, provider or description in one
piece are found by searches in C; only where no model has them so, they are taken apart at their digits (`gpt4o`), and
then letter by letter. A longer query looks through what the shorter one left.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from tui_chat.core import fuzzy
from tui_chat.core.model_query import NEW_DAYS, ModelOrder, ModelQuery
from tui_chat.core.models import Ability, ModelInfo, ModelKind

MILLION: Final = Decimal(1_000_000)
_DAY_S: Final = 86_400
_SEPARATORS: Final = str.maketrans(dict.fromkeys("/-:._()[],", " "))
_SHORTEST_IN_DESCRIPTION: Final = 3
"""Letters of a word that is looked for in descriptions, too."""
_MOST_SCORED: Final = 500
"""Models whose scattered letters are scored one by one; more are only ordered by length."""
_PIECES: Final = re.compile(r"\d+|[^\d]+")
_PLACES: Final = 1 << 24
_PLACE: Final = _PLACES - 1
_LENGTH_BITS: Final = 12
_LONGEST: Final = (1 << _LENGTH_BITS) - 1
_WORSE: Final = (2 << _LENGTH_BITS) * _PLACES
"""What is added to the number of a model for each step that it fits worse."""


class ModelFinder:
    """Models, in the order in which they stand where nobody asks for another."""

    def __init__(self, models: Sequence[ModelInfo], first: int = 0, *, now: float = 0.0) -> None:
        """The `first` so many count before others that fit as well, and are there whatever their kind. `now` is in
        seconds since the epoch."""
        self.models = tuple(models)
        self._first = first
        self._new_since = now - NEW_DAYS * _DAY_S
        self._facets: dict[object, frozenset[int]] = {}
        self._ranks: dict[ModelOrder, list[int]] = {}
        self._pace: dict[str, int] = {}
        """Of the models that were measured, their places from the fastest on."""
        self._left: dict[str, tuple[ModelQuery, list[int]]] = {}
        """Of each way to look, the last query and what it left."""

    def rank_by_speed(self, fastest_first: Iterable[str]) -> None:
        """Learn which models were measured, by their ids."""
        self._pace = {id_: place for place, id_ in enumerate(fastest_first)}
        self._ranks.pop(ModelOrder.FASTEST, None)

    # What is looked through

    @cached_property
    def _cased(self) -> list[str]:
        """Id, name and provider, with blanks around each word."""
        written = [f" {model.id} {model.name} {model.owned_by} " for model in self.models]
        at_once = "\n".join(written).translate(_SEPARATORS).split("\n")
        return at_once if len(at_once) == len(written) else [each.translate(_SEPARATORS) for each in written]

    @cached_property
    def _keys(self) -> list[str]:
        """The same in small letters."""
        return [each.lower() for each in self._cased]

    @cached_property
    def _unscored(self) -> list[int]:
        """For each place a number that orders what fits equally well: the first models before the others, the shorter
        before the longer, the earlier before the later. Its lowest bits are the place."""
        first = self._first
        return [
            (((at >= first) << _LENGTH_BITS) + min(len(key), _LONGEST)) * _PLACES + at
            for at, key in enumerate(self._cased)
        ]

    @cached_property
    def _descriptions(self) -> list[str]:
        return [model.description.lower() for model in self.models]

    @cached_property
    def _chat(self) -> list[int]:
        """Places of the models that are listed unless all are asked for."""
        first = self._first
        return [at for at, model in enumerate(self.models) if at < first or model.kind is ModelKind.CHAT]

    def prepare(self) -> None:
        """Do now, maybe in another thread, what the first queries would wait for."""
        _ = self._chat, self._keys, self._unscored, self._descriptions
        for ability in Ability:
            self._able(ability)
        self._facet("free", lambda model: model.price.is_free)

    def _facet(self, name: object, is_in: Callable[[ModelInfo], bool]) -> frozenset[int]:
        if name not in self._facets:
            self._facets[name] = frozenset(at for at, model in enumerate(self.models) if is_in(model))
        return self._facets[name]

    def _able(self, ability: Ability) -> frozenset[int]:
        return self._facet(ability, lambda model: bool(model.has(ability)))

    # Finding

    def count(self, query: ModelQuery) -> int:
        """How many there are to choose from."""
        return len(self.models) if query.shows_all else len(self._chat)

    def find(self, query: ModelQuery, order: ModelOrder = ModelOrder.RECENT) -> list[int]:
        """Places of the models that fit, best first, or in another order than that; one that was typed goes before."""
        order = query.order or order
        if not query.words:
            fitting = self._filtered(query)
            return fitting if order is ModelOrder.RECENT else sorted(fitting, key=self._rank(order).__getitem__)
        found = self._in_pieces(query, "whole", [[word] for word in query.words])
        if not found:
            found = self._in_pieces(query, "pieces", [_PIECES.findall(word) for word in query.words])
        if not found:
            found = self._scattered(query)
        places = [each & _PLACE for each in sorted(found)]
        return places if order is ModelOrder.RECENT else sorted(places, key=self._rank(order).__getitem__)

    def would_fit(self, query: ModelQuery) -> int:
        """How many would fit if those that cannot chat were listed, too."""
        return 0 if query.shows_all else len(self.find(replace(query, shows_all=True)))

    def _filtered(self, query: ModelQuery) -> list[int]:
        places: Iterable[int] = range(len(self.models)) if query.shows_all else self._chat
        facets = [self._able(need) for need in query.needs]
        if query.is_free:
            facets.append(self._facet("free", lambda model: model.price.is_free))
        if query.is_new:
            since = self._new_since
            facets.append(self._facet("new", lambda model: (model.created or 0) >= since))
        for facet in facets:
            places = [at for at in places if at in facet]
        models = self.models
        if (limit := query.under_usd) is not None:
            limit /= MILLION
            places = [at for at in places if (usd := models[at].price.completion_usd) is not None and usd < limit]
        if (tokens := query.over_tokens) is not None:
            places = [at for at in places if (models[at].context_tokens or 0) > tokens]
        return list(places)

    def _to_look_through(self, query: ModelQuery, way: str) -> list[int]:
        """What an earlier query left, where this one only adds to it; else all that pass the filters."""
        before, left = self._left.get(way, (None, []))
        if before is not None and _adds_to(query, before):
            return left
        return self._filtered(query)

    def _in_pieces(self, query: ModelQuery, way: str, words: list[list[str]]) -> list[int]:
        """The models that have all pieces of all words, each as `_unscored` with a worse number the worse it fits."""
        unscored = self._unscored
        scored = [unscored[at] for at in self._to_look_through(query, way)]
        for word in words:
            for piece in word:
                scored = self._with_piece(scored, piece, is_word=len(word) == 1)
        self._left[way] = (query, [each & _PLACE for each in scored])
        return scored

    def _with_piece(self, scored: list[int], piece: str, *, is_word: bool) -> list[int]:
        keys = self._keys if piece == piece.lower() else self._cased
        seeks_descriptions = is_word and len(piece) >= _SHORTEST_IN_DESCRIPTION and keys is self._keys
        descriptions = self._descriptions if seeks_descriptions else None
        bare = piece.translate(_SEPARATORS)
        start, whole = f" {bare}", f" {bare} "
        found: list[int] = []
        add = found.append
        for score in scored:
            key = keys[score & _PLACE]
            if bare in key:
                add(score if whole in key else score + _WORSE if start in key else score + 2 * _WORSE)
            elif descriptions is not None and piece in descriptions[score & _PLACE]:
                add(score + 8 * _WORSE)
        return found

    def _scattered(self, query: ModelQuery) -> list[int]:
        """The models that have the letters of each word in this order."""
        places = self._to_look_through(query, "letters")
        for word in query.words:
            letters = (re.escape(letter) for letter in word.translate(_SEPARATORS).replace(" ", ""))
            pattern = re.compile("".join(f"[^{letter}]*+{letter}" for letter in letters), re.DOTALL)
            keys = self._keys if word == word.lower() else self._cased
            places = [at for at in places if pattern.match(keys[at])]
        self._left["letters"] = (query, places)
        if len(places) > _MOST_SCORED:
            return [self._unscored[at] for at in places]
        ranked = [at for _, at, _ in fuzzy.rank(" ".join(query.words), places, self._named)]
        rest = sorted(set(places) - set(ranked))
        return [number * _PLACES + at for number, at in enumerate((*ranked, *rest))]

    def _named(self, at: int) -> str:
        model = self.models[at]
        return f"{model.id} {model.name} {model.owned_by}"

    # Order

    def _rank(self, order: ModelOrder) -> list[int]:
        """Of each place its number in an order; unknown comes last, and what is equal stays as it is."""
        if order not in self._ranks:
            key = self._slowness if order is ModelOrder.FASTEST else _ORDERS[order]
            ordered = sorted(range(len(self.models)), key=lambda at: key(self.models[at]))
            ranks = [0] * len(ordered)
            for number, at in enumerate(ordered):
                ranks[at] = number
            self._ranks[order] = ranks
        return self._ranks[order]

    def _slowness(self, model: ModelInfo) -> tuple[int]:
        return (self._pace.get(model.id, len(self._pace)),)


def _cost(model: ModelInfo) -> tuple[bool, Decimal, bool, Decimal]:
    given, taken = model.price.prompt_usd, model.price.completion_usd
    return taken is None, taken or Decimal(0), given is None, given or Decimal(0)


def _name(model: ModelInfo) -> tuple[str, str]:
    return model.id.rpartition("/")[2].lower(), model.id


_ORDERS: Final[dict[ModelOrder, Callable[[ModelInfo], tuple[object, ...]]]] = {
    ModelOrder.CHEAPEST: _cost,
    ModelOrder.LARGEST: lambda model: (-(model.context_tokens or 0),),
    ModelOrder.NAME: _name,
}


def _adds_to(query: ModelQuery, before: ModelQuery) -> bool:
    """Whether nothing can fit the query that did not fit the one before: letters were added to its words, or words. A
    word that has become long enough to be sought in descriptions fits where it did not before."""
    if replace(query, words=before.words) != before or len(query.words) < len(before.words):
        return False
    pairs = list(zip(query.words, before.words, strict=False))
    has_grown = any(len(old) < _SHORTEST_IN_DESCRIPTION <= len(new) for new, old in pairs)
    return not has_grown and all(new.startswith(old) for new, old in pairs)
