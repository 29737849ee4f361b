"""Matching of paths with a query, the best first: a match in the name goes before one in its folders."""

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from tui_chat.core import fuzzy

NAME = 30
"""Score added where the query matches the last part of the path alone."""
WORTH = 0.4
"""The share of the best score below which a match is left out: its letters are scattered over the path."""


class PathMatch(NamedTuple):
    """A path that matches. In the order of their fields, the best match is the least."""

    penalty: int
    length: int
    path: str
    positions: tuple[int, ...] = ()
    """Positions of the matched characters."""


def best(query: str, paths: Sequence[str], limit: int, before: Sequence[PathMatch] = ()) -> list[PathMatch]:
    """The best `limit` among the paths and the matches from `before`; an empty query takes the first ones."""
    if not query:
        return [*before, *(PathMatch(0, 0, path) for path in paths)][:limit]
    found = {path: PathMatch(-score, len(path), path, places) for score, path, places in fuzzy.rank(query, paths, str)}
    for score, path, places in fuzzy.rank(query, found, _name):
        shift = len(path) - len(_name(path))
        found[path] = PathMatch(-score - NAME, len(path), path, tuple(place + shift for place in places))
    hits = heapq.nsmallest(limit, (*before, *(hit for hit in found.values() if hit.penalty < 0)))
    return [hit for hit in hits if hit.penalty <= hits[0].penalty * WORTH]


def _name(path: str) -> str:
    """The last part of a path, including the slash of a folder."""
    return path[path.rstrip("/").rfind("/") + 1 :]
