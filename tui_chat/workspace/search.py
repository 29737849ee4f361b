"""The search of all conversations, as far as it is the same in every front end."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from tui_chat.chat.found import Meant, SearchHit, SearchResult
from tui_chat.chat.ports import Store
from tui_chat.core.figures import counted, seconds, share
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import Having, SearchQuery, Shelf

if TYPE_CHECKING:  # nothing before a screen's first frame needs it
    from tui_chat.chat.session import Session

MOST_HITS: Final = 100
"""Hits that are asked for: the best of all that there are."""
MOST_RECENT: Final = 5


class Found(msgspec.Struct, frozen=True):
    """What was chosen among the results."""

    conversation_id: str
    node_id: str = ""
    """The message; empty opens the conversation at its end."""
    words: tuple[str, ...] = ()
    """The words to mark."""
    deed: str = ""
    """What is done to the message in its place, `bookmark` or `label`; empty goes there."""
    typed: str = ""
    """What was searched for, as it was typed."""


class Order(Enum):
    """What comes first."""

    BEST = "best first"
    NEWEST = "newest first"

    @property
    def other(self) -> "Order":
        """The order that is not in use."""
        return Order.NEWEST if self is Order.BEST else Order.BEST


class HitGroup(msgspec.Struct, frozen=True):
    """The hits of one conversation."""

    conversation_id: str
    title: str
    hits: tuple[SearchHit, ...]


async def find(store: Store, query: SearchQuery, limit: int = MOST_HITS) -> SearchResult:
    """What is found; where nothing is, the result says what was likely meant.

    Raises:
        StoreError: the store cannot be read.
    """
    result = await store.search(query, limit)
    if result.found or not query.words or not (words := await store.nearest_words(query.words)):
        return result
    count = (await store.search(replace(query, words=words), 1)).found
    return replace(result, meant=Meant(words, count)) if count else result


def grouped(hits: Iterable[SearchHit], order: Order = Order.BEST) -> list[HitGroup]:
    """The hits by conversation, each where its first one stands."""
    ordered = sorted(hits, key=lambda hit: -hit.created_at) if order is Order.NEWEST else hits
    groups: dict[str, list[SearchHit]] = {}
    for hit in ordered:
        groups.setdefault(hit.conversation_id, []).append(hit)
    return [HitGroup(id_, found[0].title, tuple(found)) for id_, found in groups.items()]


def found_words_of(result: SearchResult) -> str:
    """`38 in 12 conversations`, `the newest 2,000 in 314 conversations`."""
    if not result.found:
        return "0 found"
    newest = "the newest " if result.is_bounded else ""
    return f"{newest}{result.found:,} in {_conversations(result.conversations)}"


def _conversations(count: int) -> str:
    return f"{count:,} conversations" if count > 1 else counted(count, "conversation")


def result_words(result: SearchResult, order: Order, took_s: float) -> tuple[str, ...]:
    """How much was found, in which order it stands, and how long it took."""
    shown = len(result.hits)
    of_best = f", of the best {shown}" if order is Order.NEWEST and shown < result.found else ""
    took = f"{took_s * 1000:.0f} ms" if took_s < 1 else seconds(took_s)
    indexed = (f"indexed {share(min(result.indexed, 0.99))}", "results so far") if result.indexed < 1.0 else ()
    return found_words_of(result), *indexed, f"{order.value}{of_best}" if shown else "", took


def nothing_words(typed: str, shelf: Shelf, meant: Meant | None = None) -> str:
    """Say that nothing was found, what may have been meant, and what was not looked through."""
    said = [f"Nothing has “{sanitize_line(typed, 60)}”."]
    if meant is not None:
        said.append(meant_words(meant))
    if shelf is Shelf.USED:
        said.append("Archived conversations were left out: archived:yes.")
    return " ".join(said)


def meant_words(meant: Meant) -> str:
    """Ask whether these words were meant, and say how often they are found."""
    return f"Did you mean {sanitize_line(' '.join(meant.words), 60)} ({meant.found:,})?"


class RecentSearches:
    """What was searched for in this run; nothing of it is written."""

    def __init__(self) -> None:
        self._texts: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The last ones, the newest first."""
        return self._texts

    def note(self, text: str) -> None:
        """Remember what led to something."""
        if text := " ".join(text.split()):
            self._texts = (text, *(each for each in self._texts if each != text))[:MOST_RECENT]


# Completing the value of a filter

_OPEN_FILTER: Final = re.compile(r"(?:^|.*\s)([a-z]+:)(\S*)", re.IGNORECASE | re.DOTALL)
FIXED_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "role:": ("you", "assistant", "tool", "system"),
    "in:": ("title",),
    "has:": tuple(Having),
    "archived:": ("yes", "all", "no"),
    "since:": ("today", "yesterday", "monday", "7d", "30d", "1y"),
    "until:": ("today", "yesterday", "monday", "7d", "30d", "1y"),
}


class OpenFilter(msgspec.Struct, frozen=True):
    """The filter that is being typed at the end of the words."""

    before: str
    """Everything up to its value."""
    value: str
    choices: tuple[str, ...]
    """Values that fit what is typed of it."""

    def next_after(self, taken: str) -> str:
        """The value behind the one that was taken, round at the end; the first where none was."""
        place = self.choices.index(taken) + 1 if taken in self.choices else 0
        return self.choices[place % len(self.choices)]


def open_filter(text: str, values: Mapping[str, Sequence[str]]) -> OpenFilter | None:
    """The filter at the end of the words, where there are values for it. `values` are those that are not fixed."""
    match = _OPEN_FILTER.fullmatch(text)
    if match is None:
        return None
    name, typed = match[1].lower(), match[2].lower()
    known = [value for value in (*FIXED_VALUES.get(name, ()), *values.get(name, ())) if _can_be_typed(value)]
    begins = [value for value in known if value.lower().startswith(typed)]
    fitting = begins or [value for value in known if typed in value.lower()]
    return OpenFilter(text[: match.start(2)], match[2], tuple(dict.fromkeys(fitting))) if fitting else None


class FilterCompletion:
    """Completes the value of the filter at the end of the words, time after time with the next one."""

    def __init__(self) -> None:
        self._open: OpenFilter | None = None
        """The filter that was completed last, and with what."""
        self._taken = ""

    def can_complete(self, text: str, values: Mapping[str, Sequence[str]]) -> bool:
        """There is a value for the filter at the end of the words, or another one than before."""
        return self._choices(text, values) is not None

    def next(self, text: str, values: Mapping[str, Sequence[str]]) -> str | None:
        """The words with a value, or another one than before; None where there is none to complete."""
        being_typed = self._choices(text, values)
        if being_typed is None:
            return None
        self._taken = being_typed.next_after(self._taken if being_typed is self._open else "")
        self._open = being_typed
        return being_typed.before + self._taken

    def _choices(self, text: str, values: Mapping[str, Sequence[str]]) -> OpenFilter | None:
        """The filter that was completed last, or the one that is being typed; None where nothing changes it."""
        goes_on = self._open is not None and text == self._open.before + self._taken
        being_typed = self._open if goes_on else open_filter(text, values)
        if being_typed is None or being_typed.choices == (self._taken if goes_on else being_typed.value,):
            return None
        return being_typed


def _can_be_typed(value: str) -> bool:
    """A filter ends at white space; what comes from outside may hold anything."""
    return bool(value) and not re.search(r"\s", value) and sanitize_line(value) == value


# Opening


def is_aside(session: "Session", node_id: str) -> bool:
    """The message is on another branch than the one that is read; a deleted one is where it was."""
    line = session.tree.line(session.conversation.head_id)
    return node_id in session.tree and all(node.id != node_id for node in line)


async def turn_to(session: "Session", node_id: str) -> None:
    """Make the newest line through a message the path, where it is on another one."""
    if is_aside(session, node_id):
        await session.show(node_id)
