"""Finding words in messages: FTS5 where the SQLite library has it, plain comparison where it has not.

Words are what a person typed and never query syntax. Every word must occur, as a word or the beginning of one.
Scripts without spaces, and signs such as `C++`, cannot be found by an index of words: they are compared as text.
"""

import re
import sqlite3

from tui_chat.chat.ports import SearchHit
from tui_chat.core.parts import (
    File,
    Foreign,
    Image,
    Media,
    Message,
    Part,
    Reasoning,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from tui_chat.core.sanitize import without_surrogates
from tui_chat.store import large
from tui_chat.store.rows import typed

_INDEXABLE = re.compile(r"[^\W_]+", re.UNICODE)
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_MANY_CHARS = 4_000_000
_WORD_CHARS = 30_000
_LONG_WORD = re.compile(rf"(?<![^\W_])[^\W_]{{{_WORD_CHARS},}}", re.UNICODE)
"""The index cuts words there too, but holds three times their length in memory before it does."""
_TEXT = "(SELECT text FROM search_text WHERE node_seq = ?)"
"""What the index is told, as a value: with rows of a SELECT, SQLite would have the index written at each of them."""
_BEFORE, _AFTER = 40, 80
_MOST_WORDS = 32


def searchable(message: Message) -> str:
    """Everything of a message that can be found, a line a part."""
    text = without_surrogates("\n".join(line for part in message.parts if (line := _words_of(part)))).replace("\0", " ")
    return _LONG_WORD.sub(_cut_up, text) if len(text) > _MANY_CHARS else text


def _cut_up(word: re.Match[str]) -> str:
    return " ".join(word[0][at : at + _WORD_CHARS] for at in range(0, len(word[0]), _WORD_CHARS))


def _words_of(part: Part) -> str:
    match part:
        case Text(text) | Reasoning(text) | Refusal(text):
            return text
        case ToolCall(_, name, arguments):
            return f"{name} {arguments}"
        case ToolResult(_, name, content):
            return f"{name} {content}"
        case File(name, text):
            return f"{name}\n{text}"
        case Image(_, name) | Media(_, _, name):
            return name
        case Source(url, title):
            return f"{title} {url}".rstrip()
        case Foreign():
            return ""


def excerpt(text: str, words: list[str]) -> str:
    """A line around the first of the words that is found; an ellipsis where it was cut."""
    folded = text.casefold()
    places = [place for word in words if (place := folded.find(word.casefold())) >= 0]
    # Folding may change the length of the text; then the place is only near.
    at = min(min(places, default=0), len(text))
    start, end = max(0, at - _BEFORE), min(len(text), at + _AFTER)
    line = " ".join(text[start:end].split())
    return ("…" if start else "") + line + ("…" if end < len(text) else "")


def matches(text: str, words: list[str]) -> bool:
    """Whether every word is found in the text: the comparison that needs no database."""
    folded = text.casefold()
    return all(
        re.search("(?<![^\\W_])" + re.escape(word.casefold()), folded)
        if _is_indexable(word)
        else word.casefold() in folded
        for word in words
    )


def split_words(words: str) -> list[str]:
    """What to look for, from what was typed."""
    return without_surrogates(words).replace("\0", " ").split()[:_MOST_WORDS]


def is_ready(connection: sqlite3.Connection) -> bool:
    """Whether a file that must not be written has an index that can be asked."""
    return bool(
        connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone()
        and connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_index'").fetchone()
        and not connection.execute("SELECT 1 FROM meta WHERE name = 'search_index'").fetchone()
    )


def prepare(connection: sqlite3.Connection, *, use_index: bool) -> bool:
    """Make the index if this library can, and bring it up to date if another one could not; whether there is one."""
    if not use_index or not connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone():
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('search_index', 'stale')")
        return False
    exists = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_index'").fetchone()
    if not exists:
        connection.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5("
            "text, content = 'search_text', content_rowid = 'node_seq', tokenize = 'unicode61 remove_diacritics 2')"
        )
    if (
        not exists
        or connection.execute("SELECT 1 FROM meta WHERE name = 'search_index' AND value = 'stale'").fetchone()
    ):
        connection.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
        connection.execute("DELETE FROM meta WHERE name = 'search_index'")
    return True


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the index anew from the words."""
    connection.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")


def put(connection: sqlite3.Connection, seq: int, message: Message, *, has_index: bool) -> None:
    """Make a message findable, in place of what was findable of it before."""
    text = searchable(message)
    old = connection.execute("SELECT text FROM search_text WHERE node_seq = ?", (seq,)).fetchone()
    if old is not None:
        if old[0] == text:
            return
        del old
        _forget(connection, seq, has_index=has_index)
    large.insert(connection, "search_text (node_seq, text)", (seq,), text)
    del text  # it may be a copy of many megabytes, and indexing takes its own
    if has_index:
        connection.execute(f"INSERT INTO search_index (rowid, text) VALUES (?, {_TEXT})", (seq, seq))


def drop(connection: sqlite3.Connection, conversation_id: str, *, has_index: bool) -> None:
    """Make a whole conversation unfindable, and leave none of its words in the index."""
    for row in connection.execute(
        "SELECT node_seq FROM search_text JOIN nodes ON seq = node_seq WHERE conversation_id = ?", (conversation_id,)
    ).fetchall():
        _forget(connection, typed(row[0], int), has_index=has_index)
    if has_index:
        # Until the index is merged, deleting only marks. (`secure-delete` would shut out SQLite before 3.42.)
        connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")


def _forget(connection: sqlite3.Connection, seq: int, *, has_index: bool) -> None:
    if has_index:
        # An index over outside content must be told the old words to take them out.
        connection.execute(
            f"INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', ?, {_TEXT})", (seq, seq)
        )
    connection.execute("DELETE FROM search_text WHERE node_seq = ?", (seq,))


def find(connection: sqlite3.Connection, words: list[str], limit: int, *, has_index: bool) -> tuple[SearchHit, ...]:
    """Messages with all the words, the best first."""
    if not words or limit <= 0:
        return ()
    indexed = [word for word in words if has_index and _narrows(word)]
    compared = [word for word in words if not has_index or not _is_indexable(word)]
    source = "search_text"
    conditions: list[str] = []
    values: list[str | int] = []
    order = "nodes.seq DESC"
    if indexed:
        source = "search_index JOIN search_text ON search_text.node_seq = search_index.rowid"
        conditions.append("search_index MATCH ?")
        values.append(" ".join('"' + word.replace('"', '""') + '"*' for word in indexed))
        order = "search_index.rank, nodes.seq DESC"
    if compared:
        connection.create_function("has_words", 1, lambda text: matches(text, compared), deterministic=True)
        conditions.append("has_words(search_text.text)")
    rows = connection.execute(
        f"SELECT conversations.id, title, nodes.id, nodes.created_at, search_text.text FROM {source}"
        " JOIN nodes ON nodes.seq = search_text.node_seq JOIN conversations ON conversations.id = conversation_id"
        f" WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT ?",
        (*values, limit),
    )
    hits = (typed(row, tuple[str, str, str, float, str]) for row in rows)
    return tuple(SearchHit(*hit[:4], excerpt(hit[4], words)) for hit in hits)


def _narrows(word: str) -> bool:
    """The index knows something of the word; what it finds may still have to be compared (`get_weather`, `C++`)."""
    return bool(_INDEXABLE.search(word)) and not _WITHOUT_SPACES.search(word)


def _is_indexable(word: str) -> bool:
    """The index finds exactly what was meant: one word of letters and digits, in a script with spaces."""
    return bool(_INDEXABLE.fullmatch(word)) and not _WITHOUT_SPACES.search(word)
