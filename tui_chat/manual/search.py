"""Search of the manual: ranks its sections by the words of a question, for help on every front end and for the guide.

The ranking is BM25 over weighted fields, headings and text (BM25F; Robertson and Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond", 2009). A section answers only where it has most of what the question is about, rare words
weighing more; otherwise the nearest sections are named, and nothing is claimed.
"""

import functools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Protocol, TypeVar

import msgspec

from tui_chat.manual import Page, Section
from tui_chat.manual.words import meanings, words

NEAREST: Final = 3
"""Sections that are named where none answers."""

_SATURATION: Final = 1.5
"""BM25's k1: how soon more of the same word counts no more."""
_LENGTH: Final = 0.75
"""BM25's b: how much a long text has to say a word more often."""
_HEADING: Final = 4.0
_NAME: Final = 4.0
_FIRST_CELL: Final = 1.0
_PAGE_TITLE: Final = 1.0
"""What a word of a heading, of its name before a colon (`401: …`), of a row's first cell, of the page's title counts;
one of a usual text counts 1."""
_USUAL_HEADING: Final = 2.5
"""Words of a heading of usual length, without dull ones."""
_LEAST_COVERED: Final = 0.55
"""Share of a question that an answer must have words for."""
_LEAST_IN_HEADING: Final = 0.3
"""The same, where a word of the heading is asked for."""
_NEAR_BEST: Final = 0.8
"""Share of the best score from which another section is worth a look too."""

_FIRST_CELLS: Final = re.compile(r"^\| ([^|]*)\|", re.MULTILINE)
_TABLE_HEAD: Final = re.compile(r"^\|.*\n(?=\| ---)", re.MULTILINE)


class Named(Protocol):
    """A page that can be called by name."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...


_Named = TypeVar("_Named", bound=Named)


class Place(msgspec.Struct, frozen=True):
    """A section and its page."""

    page: Page
    section: Section

    @property
    def name(self) -> str:
        """Where it is, like `Keys › Drafts`."""
        return f"{self.page.title} › {self.section.title}" if self.section.title else self.page.title


class Answered(msgspec.Struct, frozen=True):
    """A section answers the question."""

    best: Place
    also: tuple[Place, ...]
    """Others that may, the likelier first."""


class Unanswered(msgspec.Struct, frozen=True):
    """No section answers the question."""

    nearest: tuple[Place, ...]
    """Those that have some of its words, at most `NEAREST`; empty where none has."""


class _Entry(msgspec.Struct, frozen=True):
    place: Place
    heading: frozenset[str]
    counts: Mapping[str, float]
    """How often each word is there, with length and field weighed in."""


class _Term(msgspec.Struct, frozen=True):
    """A word of a question."""

    meanings: Mapping[str, float]
    weight: float


class _Fit(msgspec.Struct, frozen=True):
    """How well a section fits a question."""

    place: Place
    score: float
    covered: float
    """Share of what the question is about that the section has words for."""
    is_about: bool
    """A word of the heading is asked for."""


class _Index(msgspec.Struct, frozen=True):
    entries: tuple[_Entry, ...]
    rarity: Mapping[str, float]
    """BM25's idf of each word."""
    unknown: float
    """Rarity of a word that no section has."""


def look_up(topic: str, pages: Sequence[Page]) -> Page | Answered | Unanswered:
    """Find what a person wants to read: a page or a section by its name, else what answers the question."""
    wanted = _folded(topic)
    titled = (Place(page, section) for page in pages for section in page.sections if wanted in _names(page, section))
    if page := _by_whole_name(wanted, pages):
        return page
    if place := next(titled, None):
        return Answered(place, ())
    return named_page(topic, pages) or search(topic, pages)


def topic_of(place: Place, pages: Sequence[Page]) -> str:
    """Give the topic by which `look_up` finds this section."""
    short, long = _names(place.page, place.section)
    return short if place.section.title and look_up(short, pages) == Answered(place, ()) else long


def named_page(topic: str, pages: Sequence[_Named]) -> _Named | None:
    """Find the page that is called so: by its whole name, else by words of it, the last of which may be begun only."""
    wanted = _folded(topic)
    if not wanted:
        return None
    *whole, last = wanted.split()
    by_words = (
        page
        for page in pages
        if set(whole) <= (name := {*_folded(page.title).split(), *page.slug.split("-")})
        and len(last) > 2
        and any(word.startswith(last) for word in name)
    )
    return _by_whole_name(wanted, pages) or next(by_words, None)


def search(question: str, pages: Sequence[Page]) -> Answered | Unanswered:
    """Rank the sections for a question."""
    index = _index(tuple(pages))
    asked = [_Term(each, _weight(each, index)) for each in meanings(question)]
    fits = [_fit(asked, entry) for entry in index.entries]
    ranked = sorted((fit for fit in fits if fit.score), key=lambda fit: -fit.score)
    if not ranked or ranked[0].covered < (_LEAST_IN_HEADING if ranked[0].is_about else _LEAST_COVERED):
        return Unanswered(tuple(fit.place for fit in ranked[:NEAREST]))
    enough = _NEAR_BEST * ranked[0].score
    return Answered(ranked[0].place, tuple(fit.place for fit in ranked[1:NEAREST] if fit.score >= enough))


def _folded(name: str) -> str:
    """A name without capitals and further spaces, and without what ends a question."""
    return " ".join(name.lower().split()).rstrip(" ?!.")


def _names(page: Page, section: Section) -> tuple[str, str]:
    return _folded(section.title), _folded(f"{page.title} {section.title}")


def _by_whole_name(wanted: str, pages: Sequence[_Named]) -> _Named | None:
    return next((page for page in pages if wanted and wanted in (page.slug, _folded(page.title))), None)


def _fit(asked: Sequence[_Term], entry: _Entry) -> _Fit:
    """Score by BM25, with a word and those of the same meaning as one term, and by how much is covered."""
    score = covered = 0.0
    for term in asked:
        present = [(counts, entry.counts[word]) for word, counts in term.meanings.items() if word in entry.counts]
        if present:
            often = sum(counts * times for counts, times in present)
            score += term.weight * often / (_SATURATION + often)
            covered += term.weight * max(counts for counts, _ in present)
    share = covered / sum(term.weight for term in asked) if covered else 0.0
    is_about = any(word in entry.heading for term in asked for word in term.meanings)
    return _Fit(entry.place, score * (0.5 + 0.5 * share), share, is_about)


def _weight(each: Mapping[str, float], index: _Index) -> float:
    """Rarity of a word: its own where the manual has it, else that of the commonest word of the same meaning."""
    own, *others = each
    known = [index.rarity[word] for word in others if word in index.rarity]
    return index.rarity.get(own) or min(known, default=index.unknown)


@functools.lru_cache(maxsize=4)
def _index(pages: tuple[Page, ...]) -> _Index:
    places = [Place(page, section) for page in pages for section in page.sections]
    # The heads of tables say "key" and "command" of everything.
    bodies = [Counter(words(_TABLE_HEAD.sub("", place.section.text))) for place in places]
    usual = sum(body.total() for body in bodies) / max(len(bodies), 1)
    entries = tuple(_entry(place, body, usual) for place, body in zip(places, bodies, strict=True))
    spread = Counter(word for entry in entries for word in entry.counts)
    rarity = {word: _rarity(seen, len(entries)) for word, seen in spread.items()}
    return _Index(entries, rarity, _rarity(0, len(entries)))


def _rarity(seen: int, sections: int) -> float:
    return math.log(1 + (sections - seen + 0.5) / (seen + 0.5))


def _entry(place: Place, body: Counter[str], usual: float) -> _Entry:
    heading = tuple(words(place.section.title))
    name, colon, _ = place.section.title.partition(":")
    called = tuple(words(name)) if colon else ()
    first_cells = words("\n".join(_FIRST_CELLS.findall(place.section.text)))
    counts = dict.fromkeys(body, 0.0)
    for found, counted in (
        (body.elements(), 1 / _longer(body.total(), usual)),
        (heading, _HEADING / _longer(len(heading), _USUAL_HEADING)),
        (called, _NAME),
        (first_cells, _FIRST_CELL),
        (words(place.page.title), _PAGE_TITLE),
    ):
        for word in found:
            counts[word] = counts.get(word, 0.0) + counted
    return _Entry(place, frozenset(heading), counts)


def _longer(length: int, usual: float) -> float:
    """Give what BM25 divides by for the length of a text."""
    return 1 - _LENGTH + _LENGTH * length / usual if usual else 1.0
