"""The journal of an answer that is being written, and what becomes of it when its writer dies.

While an answer grows, its events are appended in lists, so that saving costs what arrived and not what is there.
Saving the answer whole ends its journal. Whoever reads in between folds what the journal holds onto what was saved.

A writer counts as dead when the lock of its run is gone (seen only on its own host) or when it has been silent for
fifteen seconds. Silence may be wrong (a gateway can be silent for longer), so reading never writes: the answer is only
shown as cut, and a living writer's own save, which is whole, puts it right. On disk an answer is closed only when the
lock of its writer's run is gone, or its writer has been silent for an hour (another host, a file system without locks).
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

import msgspec

from tui_chat.chat.ports import TimedEvent
from tui_chat.core.answer import Timing
from tui_chat.core.cut_answer import cut
from tui_chat.core.jsonvalue import json_text
from tui_chat.core.reply import ReplyFold
from tui_chat.core.tree import Node
from tui_chat.store.answer_rows import Writer
from tui_chat.store.rows import StoredNode, read_nodes
from tui_chat.store.typed import typed

SILENT_AFTER_S = 15.0
GIVEN_UP_AFTER_S = 3600.0
_ROW_CHARS = 512 * 1024

Lives = Callable[[str], bool]
"""Tells whether the run of the program with this id still has its lock."""


@cache
def _decoder() -> msgspec.json.Decoder[list[TimedEvent]]:
    """What reads a row. It takes a millisecond to make, and who only writes does without."""
    return msgspec.json.Decoder(list[TimedEvent])


def append(connection: sqlite3.Connection, seq: int, events: Sequence[TimedEvent], writer: Writer) -> None:
    """Keep what arrived, and that its writer lives."""
    for rows in _in_rows(events):
        connection.execute("INSERT INTO journal (node_seq, events) VALUES (?, ?)", (seq, rows))
    connection.execute(
        "UPDATE answers SET writer_host = ?, writer_pid = ?, written_at = ?, writer_run = ? WHERE node_seq = ?",
        (writer.host, writer.pid, writer.written_at, writer.run, seq),
    )


def _in_rows(events: Sequence[TimedEvent]) -> Iterator[str]:
    """The events as lists of a bounded size: what comes in half a second may be all that an answer can hold."""
    row: list[str] = []
    size = 0
    for event in events:
        row.append(json_text(event))
        size += len(row[-1])
        if size >= _ROW_CHARS:
            yield f"[{','.join(row)}]"
            row, size = [], 0
    if row:
        yield f"[{','.join(row)}]"


def events_of(connection: sqlite3.Connection, seq: int) -> list[TimedEvent]:
    """All that the journal of a node holds and that can be read."""
    events: list[TimedEvent] = []
    for row in connection.execute("SELECT events FROM journal WHERE node_seq = ? ORDER BY seq", (seq,)):
        try:
            events += _decoder().decode(typed(row[0], str))
        except msgspec.MsgspecError:
            # A journal with a gap is worth nothing after it; what came before still counts.
            break
    return events


def grown(node: Node, events: Iterable[TimedEvent]) -> Node:
    """The node as far as its journal goes; how it ended is what the journal says, or still unknown."""
    info = node.answer
    if info is None:
        return node
    folding = ReplyFold(info.requested_model)
    last_s: float | None = None
    for timed in events:
        folding.feed(timed.event, timed.at_s)
        last_s = timed.at_s
    if last_s is None:
        return node
    reply = folding.reply()
    first_token_s = info.timing.first_token_s
    return msgspec.structs.replace(
        node,
        message=msgspec.structs.replace(node.message, parts=node.message.parts + reply.parts),
        answer=msgspec.structs.replace(
            info,
            model=reply.model or info.model,
            response_id=reply.response_id or info.response_id,
            outcome=reply.outcome or info.outcome,
            finish_reason=reply.finish_reason or info.finish_reason,
            failure=reply.failure or info.failure,
            counts=reply.counts or info.counts,
            cost=reply.cost or info.cost,
            usage_raw=reply.usage_raw or info.usage_raw,
            timing=Timing(reply.timing.first_token_s if first_token_s is None else first_token_s, last_s),
            retries=max(reply.retries, info.retries),
            provider_data={**info.provider_data, **reply.provider_data},
            message_data={**info.message_data, **reply.message_data},
            left_out=tuple(dict.fromkeys((*info.left_out, *reply.left_out))),
            has_begun=reply.has_begun or info.has_begun,
            fell_back=(*info.fell_back, *reply.fell_back),
        ),
    )


def is_gone(writer: Writer, here: Writer, lives: Lives) -> bool:
    """The run that wrote is known to be over."""
    return bool(writer.run) and writer.host == here.host and not lives(writer.run)


def as_read(connection: sqlite3.Connection, stored: StoredNode, here: Writer, lives: Lives) -> Node:
    """A node as a reader should see it; nothing is written."""
    node = stored.node
    if stored.writer is None or node.answer is None or node.answer.outcome is not None:
        return node
    node = grown(node, events_of(connection, stored.seq))
    silent_s = here.written_at - stored.writer.written_at
    return cut(node) if silent_s >= SILENT_AFTER_S or is_gone(stored.writer, here, lives) else node


def abandoned(connection: sqlite3.Connection, here: Writer, lives: Lives) -> list[tuple[str, Node]]:
    """Answers, with their conversations' ids, that nobody writes any more: to be saved as they are."""
    rows = connection.execute(
        "SELECT seq, conversation_id, writer_host, writer_pid, written_at, writer_run"
        " FROM answers JOIN nodes ON seq = node_seq WHERE outcome IS NULL"
    ).fetchall()
    found: dict[str, set[int]] = {}
    for row in rows:
        seq, conversation_id, *writing = row
        writer = typed(writing, Writer)
        silent_s = here.written_at - writer.written_at
        if silent_s >= GIVEN_UP_AFTER_S or is_gone(writer, here, lives):
            found.setdefault(typed(conversation_id, str), set()).add(typed(seq, int))
    return [
        (conversation_id, cut(grown(stored.node, events_of(connection, stored.seq))))
        for conversation_id, seqs in found.items()
        for stored in _readable(connection, conversation_id)
        if stored.seq in seqs
    ]


def _readable(connection: sqlite3.Connection, conversation_id: str) -> list[StoredNode]:
    """The nodes of a conversation; none where a row of it is damaged, which must not keep the file from being used."""
    try:
        return read_nodes(connection, conversation_id)
    except msgspec.MsgspecError:
        return []
