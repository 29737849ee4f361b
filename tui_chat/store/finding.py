"""Finding messages: the newest that have the words, a table of the index at a time, and the best of them first.

What a word costs must not grow with how often it was said. So at most 2,000 hits are ranked, the newest; whoever needs
an older one adds a word. What the index cannot know (a library without FTS5, messages that wait to be taken in) is
compared as text.
"""

import math
import re
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from tui_chat.chat.found import FoundIn, SearchHit, SearchResult
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.parts import File, Image, Media, Part, Reasoning, Refusal, Role, Source, Text, ToolCall, ToolResult
from tui_chat.core.search_query import Filters, Having, SearchQuery, Shelf
from tui_chat.store import index, page_cache
from tui_chat.store.deleted import NOT_DELETED
from tui_chat.store.index_text import composed, folded, match_expression, matches
from tui_chat.store.rows import read_parts
from tui_chat.store.typed import typed

RANKED: Final = 2_000
"""Hits that are ranked at most."""
_SCORED_CHARS: Final = 8_000
_EXCERPT_CHARS: Final = 1_000_000
_MOST_TITLES: Final = 20
_SLICE: Final = 1 << 10
_MOST_COMPARED: Final = 4_000
"""Messages that no table knows and that are compared at most, where there is an index."""
_BEFORE, _AFTER = 40, 120
_LONGEST_LIKE: Final = 1_000  # SQLite refuses long patterns as too complex
_BEYOND_ASCII: Final = "length(title) < length(CAST(title AS BLOB))"
_SHORT_PART: Final = 400_000

MODEL_OF_ANSWER: Final = "coalesce(nullif(model, ''), requested_model)"
"""The model that answered, as the index on it has it."""


class _Condition(msgspec.Struct, frozen=True):
    sql: str
    values: tuple[str | int | float, ...] = ()


class Piece(msgspec.Struct, frozen=True):
    """Messages that are looked through in one go, by their numbers."""

    first: int
    last: int
    is_compared: bool = False
    """As text; else by the index."""


class Search:
    """One search, as pieces: it may be ended between any two, and `result` says what was found so far."""

    def __init__(self, query: SearchQuery, limit: int, *, has_index: bool, generation: int) -> None:
        self.generation = generation
        """That of the file that is searched."""
        self._query = query
        self._limit = limit
        self._has_index = has_index
        self._match = match_expression(query.words) if has_index else ""
        self._seqs: list[int] = []
        self._conversations: set[str] = set()
        self._titles: list[SearchHit] = []
        self._is_bounded = False
        self._meant: list[int] | None = None
        """The messages of which alone some can be found; None where any can."""

    def pieces(self, connection: sqlite3.Connection) -> list[Piece]:
        """What there is to look through, the newest first."""
        if self._query.is_empty or self._limit <= 0:
            return []
        page_cache.keep(connection, page_cache.SEARCHING_KIB)
        self._meant = _of_few_conversations(connection, self._query.filters)
        return [piece for piece in self._all_pieces(connection) if self._meant is None or self._meant_in(piece)]

    def _meant_in(self, piece: Piece) -> list[int]:
        meant = self._meant or []
        return meant[bisect_left(meant, piece.first) : bisect_right(meant, piece.last)]

    def _all_pieces(self, connection: sqlite3.Connection) -> list[Piece]:
        self._titles = _in_titles(connection, self._query)
        if self._query.filters.titles_only:
            return []
        first, last = _range(connection, self._query.filters)
        if not last:
            return []
        tables = [_bounds(number) for number in range(index.number_of(last), index.number_of(first) - 1, -1)]
        if not self._query.words:
            return [Piece(*bounds) for bounds in tables]
        if not self._match:
            return [piece for bounds in tables for piece in _in_slices(*bounds)]
        return list(self._with_unindexed(connection, tables))

    def _with_unindexed(self, connection: sqlite3.Connection, tables: Sequence[tuple[int, int]]) -> Iterator[Piece]:
        """The tables of the index, each before the messages of its that it does not know."""
        known, compared = set(index.numbers(connection)), 0
        for bounds in tables:
            number = index.number_of(bounds[0])
            if index.is_anew(connection, number):
                yield from _in_slices(*bounds)
                continue
            if number in known:
                yield Piece(*bounds)
            for piece in _in_slices(*bounds):
                unknown = index.unindexed(connection, piece.first, piece.last)
                if unknown and compared < _MOST_COMPARED:
                    compared += unknown
                    yield piece

    def look(self, connection: sqlite3.Connection, piece: Piece) -> bool:
        """Look through a piece; False where enough was found."""
        if not self._query.words:
            self._take(connection, piece, "(SELECT seq AS found FROM nodes)")
        elif piece.is_compared or index.is_anew(connection, index.number_of(piece.first)):
            self._compare(connection, piece)
        else:
            name = index.name_of(index.number_of(piece.first))
            source = f"(SELECT rowid AS found FROM {name} WHERE {name} MATCH ?)"
            self._take(connection, piece, source, (self._match,))
        return len(self._seqs) < RANKED

    def _compare(self, connection: sqlite3.Connection, piece: Piece) -> None:
        words = self._query.words
        connection.create_function("has_words", 1, lambda text: matches(text, words), deterministic=True)
        of_unknown = " WHERE node_seq IN (SELECT node_seq FROM unindexed WHERE node_seq BETWEEN ? AND ?)"
        is_anew = index.is_anew(connection, index.number_of(piece.first))
        is_some = bool(self._match) and not is_anew
        source = f"(SELECT node_seq AS found, text FROM search_text{of_unknown if is_some else ''})"
        values = (piece.first, piece.last) if is_some else ()
        self._take(connection, piece, source, values, _Condition("has_words(text)"))

    def _take(
        self,
        connection: sqlite3.Connection,
        piece: Piece,
        source: str,
        values: tuple[str | int, ...] = (),
        *more: _Condition,
    ) -> None:
        conditions = [*_conditions(self._query.filters, piece), *more]
        if self._meant is not None:
            meant = _Condition("+found IN (SELECT value FROM json_each(?))", (json_text(self._meant_in(piece)),))
            conditions.append(meant)
        rows = connection.execute(
            f"SELECT found, conversation_id FROM {source} CROSS JOIN nodes ON nodes.seq = found"
            " CROSS JOIN conversations ON conversations.id = conversation_id"
            f" WHERE found BETWEEN ? AND ? AND {' AND '.join(each.sql for each in conditions)}"
            " ORDER BY found DESC LIMIT ?",
            (
                *values,
                piece.first,
                piece.last,
                *(value for each in conditions for value in each.values),
                RANKED - len(self._seqs) + 1,
            ),
        )
        for row in rows:
            if len(self._seqs) >= RANKED:
                self._is_bounded = True
                break
            seq, conversation_id = typed(row, tuple[int, str])
            self._seqs.append(seq)
            self._conversations.add(conversation_id)

    def result(self, connection: sqlite3.Connection, *, is_cut: bool) -> SearchResult:
        """The best of what was found; `is_cut`: older pieces were not looked through."""
        best = _ranked(connection, self._seqs, self._query.words)[: self._limit]
        hits = (*self._titles, *(_hit(connection, seq, self._query.words) for seq in best))
        total = typed(connection.execute("SELECT coalesce(max(seq), 0) FROM nodes").fetchone()[0], int)
        waiting = index.waiting(connection) if self._has_index else 0
        return SearchResult(
            hits[: self._limit],
            found=len(self._seqs) + len(self._titles),
            conversations=len(self._conversations | {hit.conversation_id for hit in self._titles}),
            is_bounded=self._is_bounded or is_cut,
            indexed=1.0 if not waiting else max(0.0, 1.0 - waiting / max(1, total)),
        )


def _bounds(number: int) -> tuple[int, int]:
    return number * index.SIZE, number * index.SIZE + index.SIZE - 1


def _range(connection: sqlite3.Connection, filters: Filters) -> tuple[int, int]:
    """The first and the last number of a message of the time that is meant; zeros where there is none."""
    if filters.since is None and filters.until is None:
        row = connection.execute(  # apart: together they would read every row
            "SELECT coalesce((SELECT min(seq) FROM nodes), 0), coalesce((SELECT max(seq) FROM nodes), 0)"
        ).fetchone()
    else:
        row = connection.execute(
            "SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) FROM nodes WHERE created_at >= ? AND created_at < ?",
            (filters.since or 0.0, math.inf if filters.until is None else filters.until),
        ).fetchone()
    return typed(row, tuple[int, int])


_OF_CALLS: Final = "kind <> 'text'"
"""The condition of the index on kinds of parts."""
_KINDS: Final = {
    Having.PICTURE: "'image'",
    Having.FILE: "'file', 'media'",
    Having.CALL: "'tool_call'",
    Having.REASONING: "'reasoning'",
}


def _in_slices(first: int, last: int) -> Iterator[Piece]:
    """Pieces that are compared as text, the newest first: comparing takes longer than the index."""
    for low in range(last + 1 - _SLICE, first - 1, -_SLICE):
        yield Piece(max(low, first), low + _SLICE - 1, is_compared=True)


def _conditions(filters: Filters, piece: Piece) -> list[_Condition]:
    """What a message must be beside having the words. What few messages are is looked up first and then compared; with
    a plus, so that the index is not asked once for each of them."""
    low, high = piece.first, piece.last
    found = [_Condition("conversations.deleted_at IS NULL"), _Condition(NOT_DELETED)]
    if filters.shelf is Shelf.USED:
        found.append(_Condition("conversations.archived_at IS NULL"))
    if filters.since is not None:
        found.append(_Condition("nodes.created_at >= ?", (filters.since,)))
    if filters.until is not None:
        found.append(_Condition("nodes.created_at < ?", (filters.until,)))
    if filters.role in (Role.USER, Role.ASSISTANT):
        found.append(_Condition("nodes.role = ?", (filters.role.value,)))
    elif filters.role is not None:
        rare = f"SELECT seq FROM nodes WHERE role = '{filters.role.value}' AND seq BETWEEN ? AND ?"
        found.append(_Condition(f"+found IN ({rare})", (low, high)))
    for having in filters.has:
        of_kind = f"SELECT node_seq FROM parts WHERE {_OF_CALLS} AND kind IN ({_KINDS[having]})"
        found.append(_Condition(f"+found IN ({of_kind} AND node_seq BETWEEN ? AND ?)", (low, high)))
    if filters.models:
        any_of = " OR ".join("instr(lower(name), ?)" for _ in filters.models)
        by_model = f"SELECT node_seq FROM answers WHERE {MODEL_OF_ANSWER} IN (SELECT name FROM models WHERE {any_of})"
        found.append(_Condition(f"+found IN ({by_model} AND node_seq BETWEEN ? AND ?)", (*filters.models, low, high)))
    for cost, sign in ((filters.cost_over, ">"), (filters.cost_under, "<")):
        if cost is not None:
            dear = f"SELECT 1 FROM answers WHERE node_seq = found AND CAST(cost_usd AS REAL) {sign} ?"
            found.append(_Condition(f"EXISTS ({dear})", (float(cost),)))
    return found


def _of_few_conversations(connection: sqlite3.Connection, filters: Filters) -> list[int] | None:
    """Numbers of all messages in the conversations with these labels, or in the archive; None where any is meant."""
    found = [
        _Condition("conversation_id IN (SELECT conversation_id FROM labels WHERE lower(name) = ?)", (label.lower(),))
        for label in filters.labels
    ]
    if filters.shelf is Shelf.ARCHIVED:
        found.append(_Condition("conversation_id IN (SELECT id FROM conversations WHERE archived_at IS NOT NULL)"))
    if not found:
        return None
    rows = connection.execute(
        f"SELECT seq FROM nodes WHERE {' AND '.join(each.sql for each in found)} ORDER BY seq",
        tuple(value for each in found for value in each.values),
    )
    return [typed(row[0], int) for row in rows]


def of_conversation(filters: Filters) -> list[_Condition]:
    """What a conversation must be, for lists: its model and its last message count."""
    found = [_Condition("deleted_at IS NULL")]
    if filters.shelf is not Shelf.ALL:
        found.append(_Condition(f"archived_at IS {'NOT ' * (filters.shelf is Shelf.ARCHIVED)}NULL"))
    if filters.models:
        any_of = " OR ".join("instr(lower(model), ?)" for _ in filters.models)
        found.append(_Condition(f"({any_of})", filters.models))
    if filters.since is not None:
        found.append(_Condition("updated_at >= ?", (filters.since,)))
    if filters.until is not None:
        found.append(_Condition("updated_at < ?", (filters.until,)))
    found += (
        _Condition("id IN (SELECT conversation_id FROM labels WHERE lower(name) = ?)", (label.lower(),))
        for label in filters.labels
    )
    return found


def _in_titles(connection: sqlite3.Connection, query: SearchQuery) -> list[SearchHit]:
    """Conversations with all the words in their titles, the newest first."""
    filters = query.filters
    is_of_message = filters.role or filters.has or (filters.cost_over, filters.cost_under) != (None, None)
    if is_of_message or not query.words:
        return []
    connection.create_function("title_has_words", 1, lambda title: matches(title, query.words), deterministic=True)
    conditions = of_conversation(filters)
    # What LIKE knows nothing of (case and accents beyond ASCII) is left to the comparison.
    like = f"(title LIKE ? ESCAPE '\\' OR {_BEYOND_ASCII})"
    likes = [_Condition(like, (_like(word),)) for word in query.words if word.isascii() and len(word) < _LONGEST_LIKE]
    conditions += [*likes, _Condition("title_has_words(title)")]
    rows = connection.execute(
        "SELECT id, title, updated_at, model, archived_at IS NOT NULL FROM conversations"
        f" WHERE {' AND '.join(each.sql for each in conditions)} ORDER BY updated_at DESC LIMIT {_MOST_TITLES}",
        tuple(value for each in conditions for value in each.values),
    )
    found = (typed(row, tuple[str, str, float, str, int]) for row in rows)
    return [
        SearchHit(id_, title, "", at, title, Role.USER, model, FoundIn.TITLE, is_archived=bool(archived))
        for id_, title, at, model, archived in found
    ]


def _like(word: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"


def _ranked(connection: sqlite3.Connection, seqs: Sequence[int], words: Sequence[str]) -> list[int]:
    """The messages, those first that say the words often for their length; of equals, the newer one.

    This is BM25 among what was found, with a word counted where it stands alone more than where it begins another.
    """
    if len(words) == 0 or len(seqs) < 2:
        return list(seqs)
    patterns = [re.compile(f"({re.escape(folded(word))})([^\\W_]*)") for word in words]
    texts: list[tuple[int, list[float], int]] = []
    for seq in seqs:
        row = connection.execute(f"SELECT substr(text, 1, {_SCORED_CHARS}) FROM search_text WHERE node_seq = ?", (seq,))
        text = folded(typed((row.fetchone() or ("",))[0], str))
        counts = [sum(0.5 if rest else 1.0 for _, rest in pattern.findall(text)[:50]) for pattern in patterns]
        texts.append((seq, counts, len(text) + 1))
    average = sum(length for *_, length in texts) / len(texts)
    having = [1 + sum(counts[at] > 0 for _, counts, _ in texts) for at in range(len(words))]
    weights = [math.log(1 + len(texts) / count) for count in having]

    def score(counts: Sequence[float], length: int) -> float:
        norm = 1.2 * (0.25 + 0.75 * length / average)
        return sum(weight * count / (count + norm) for weight, count in zip(weights, counts, strict=True))

    scored = [(score(counts, length), seq) for seq, counts, length in texts]
    return [seq for _, seq in sorted(scored, reverse=True)]


def _hit(connection: sqlite3.Connection, seq: int, words: Sequence[str]) -> SearchHit:
    row = connection.execute(
        "SELECT conversations.id, title, nodes.id, nodes.created_at, nodes.role,"
        f" coalesce((SELECT {MODEL_OF_ANSWER} FROM answers WHERE node_seq = seq), ''), archived_at IS NOT NULL"
        " FROM nodes JOIN conversations ON conversations.id = conversation_id WHERE seq = ?",
        (seq,),
    ).fetchone()
    conversation_id, title, node_id, at, role, model, archived = typed(row, tuple[str, str, str, float, Role, str, int])
    found_in, name, text = place_of(read_parts(connection, seq, _SHORT_PART), words)
    if not text:
        found = connection.execute(
            f"SELECT substr(text, 1, {_EXCERPT_CHARS}) FROM search_text WHERE node_seq = ?", (seq,)
        ).fetchone()
        text = typed(found[0], str) if found else ""
    line = excerpt(text, words)
    return SearchHit(conversation_id, title, node_id, at, line, role, model, found_in, name, bool(archived))


def place_of(parts: Sequence[Part], words: Sequence[str]) -> tuple[FoundIn, str, str]:
    """In what of a message most of the words are, the name of that, and its words; the first where they are equal."""
    best, most = (FoundIn.TEXT, "", ""), 0
    for part in parts:
        for place in _places(part):
            said = folded(f"{place[1]} {place[2]}")
            count = sum(folded(word) in said for word in words)
            if count > most or not best[2]:
                best, most = place, count
    return best


def _places(part: Part) -> tuple[tuple[FoundIn, str, str], ...]:
    match part:
        case Text(text) | Refusal(text):
            return ((FoundIn.TEXT, "", text),)
        case Reasoning(text):
            return ((FoundIn.REASONING, "", text),)
        case ToolCall(_, name, arguments):
            return ((FoundIn.CALL, name, arguments),)
        case ToolResult(_, name, content):
            return ((FoundIn.RESULT, name, content),)
        case File(name, text):
            return ((FoundIn.FILE, name, text),)
        case Image(_, name) | Media(_, _, name):
            return ((FoundIn.FILE, name, name),)
        case Source(url, title):
            return ((FoundIn.SOURCE, title, url),)
        case _:
            return ()


def excerpt(text: str, words: Sequence[str]) -> str:
    """A line around the first of the words that is found; an ellipsis where it was cut."""
    text = composed(text)
    looked_through = folded(text)
    places = [place for word in words if (place := looked_through.find(folded(word))) >= 0]
    # Folding may change the length of the text; then the place is only near.
    at = min(min(places, default=0), len(text))
    start, end = max(0, at - _BEFORE), min(len(text), at + _AFTER)
    line = " ".join(text[start:end].split())
    return ("…" if start else "") + line + ("…" if end < len(text) else "")
