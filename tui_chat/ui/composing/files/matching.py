"""Which paths fit what was typed, best first: a path whose name fits before one that fits somewhere on the way."""

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from tui_chat.core import fuzzy

NAME = 30
"""Added where the query fits the last part of the path alone."""
WORTH = 0.4
"""The part of the best score below which a hit is left out: its letters are strewn over the path."""


class Hit(NamedTuple):
    """A path that fits. In the order of their fields, the best hit is the least."""

    penalty: int
    length: int
    path: str
    positions: tuple[int, ...] = ()
    """The characters of the path that were matched."""


def best(query: str, paths: Sequence[str], limit: int, before: Sequence[Hit] = ()) -> list[Hit]:
    """The best `limit` among the paths and the hits from `before`; an empty query takes the first ones."""
    if not query:
        return [*before, *(Hit(0, 0, path) for path in paths)][:limit]
    found = {path: Hit(-score, len(path), path, places) for score, path, places in fuzzy.rank(query, paths, str)}
    for score, path, places in fuzzy.rank(query, found, _name):
        shift = len(path) - len(_name(path))
        found[path] = Hit(-score - NAME, len(path), path, tuple(place + shift for place in places))
    hits = heapq.nsmallest(limit, (*before, *(hit for hit in found.values() if hit.penalty < 0)))
    return [hit for hit in hits if hit.penalty <= hits[0].penalty * WORTH]


def _name(path: str) -> str:
    """The last part of a path, the slash of a folder included."""
    return path[path.rstrip("/").rfind("/") + 1 :]
