"""The words of each message as they can be found, and the index kept beside them."""

import sqlite3
from collections.abc import Iterable
from itertools import groupby

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
from tui_chat.store import index, large
from tui_chat.store.typed import typed


def searchable(message: Message) -> str:
    """Everything of a message that can be found, a line a part."""
    lines = (line for part in message.parts if (line := _words_of(part)))
    return without_surrogates("\n".join(lines)).replace("\0", " ")


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


def put(connection: sqlite3.Connection, seq: int, message: Message, *, has_index: bool) -> None:
    """Make a message findable, in place of what was findable of it before."""
    text = searchable(message)
    old = connection.execute("SELECT text FROM search_text WHERE node_seq = ?", (seq,)).fetchone()
    if old is not None:
        if old[0] == text:
            return
        del old
        _forget(connection, seq, has_index=has_index)
    put_new(connection, [(seq, text)], has_index=has_index)


def put_new(connection: sqlite3.Connection, texts: Iterable[tuple[int, str]], *, has_index: bool) -> None:
    """Make messages findable that never were: their numbers, and what is `searchable` of each, which may be nothing."""
    kept = [(seq, text) for seq, text in texts if text]
    large.insert_many(connection, "search_text (node_seq, text)", (((seq,), text) for seq, text in kept))
    for number, group in groupby(kept, lambda row: index.number_of(row[0])):
        rows = list(group)
        is_usable = has_index and not index.is_anew(connection, number)
        if indexed := [row for row in rows if is_usable and index.fits(row[1])]:
            index.put(connection, number, indexed)
        for seq, text in rows:
            if not (is_usable and index.fits(text)):
                index.leave_out(connection, seq, text)


def drop(connection: sqlite3.Connection, conversation_id: str, *, has_index: bool) -> None:
    """Make a whole conversation unfindable, and leave none of its words in the index once that is merged."""
    rows = connection.execute(
        "SELECT node_seq FROM search_text JOIN nodes ON seq = node_seq WHERE conversation_id = ?", (conversation_id,)
    ).fetchall()
    seqs = [typed(row[0], int) for row in rows]
    for seq in seqs:
        _forget(connection, seq, has_index=has_index)
    index.drop(connection, seqs)


def _forget(connection: sqlite3.Connection, seq: int, *, has_index: bool) -> None:
    number = index.number_of(seq)
    if index.is_unindexed(connection, seq):
        index.forget_unindexed(connection, seq)
    elif not has_index:
        index.mark(connection, number, "anew")
    elif not index.is_anew(connection, number):
        text = connection.execute("SELECT text FROM search_text WHERE node_seq = ?", (seq,)).fetchone()[0]
        index.take_out(connection, seq, typed(text, str))
    connection.execute("DELETE FROM search_text WHERE node_seq = ?", (seq,))
