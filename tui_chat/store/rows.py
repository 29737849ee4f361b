"""Conversations and nodes as rows, and rows as those; the facts of answers are in `answer_rows`."""

import sqlite3
from decimal import Decimal

import msgspec

from tui_chat.chat.ports import Around
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.jsonvalue import json_bytes, json_text
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.parts import Message, Part, Role, Text
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Spending
from tui_chat.store import large
from tui_chat.store.answer_rows import (
    ANSWER_COLUMNS,
    ANSWER_PLACES,
    AnswerRow,
    Writer,
    answer_info,
    answer_row,
    read_answer,
)
from tui_chat.store.integers import bounded_counts
from tui_chat.store.sums import sums_from
from tui_chat.store.typed import typed

SHORT_PART = 64 * 1024
"""Characters of a part's JSON up to which it is read for a look at a message."""


class StoredNode(msgspec.Struct, frozen=True, gc=False):
    """A node with what only the store knows of it."""

    seq: int
    node: Node
    writer: Writer | None
    """None where the message is no answer."""


class _NodeRow(msgspec.Struct, array_like=True, gc=False):
    seq: int
    id: str
    parent_id: str | None
    created_at: float
    role: Role
    marks: str


class _PartRow(msgspec.Struct, array_like=True, gc=False):
    node_seq: int
    data: str


_NODE_COLUMNS = ", ".join(_NodeRow.__struct_fields__)


def write_conversation(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Insert or update; the time of its last message stays, and a title that a person gave, here or in another program,
    gives way only to one that a person gave."""
    connection.execute(
        "INSERT INTO conversations (id, created_at, updated_at, title, model, system, head_id, is_named, sampling,"
        " preset, preset_sampling, budget_usd) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET title = iif(is_named AND NOT excluded.is_named, title, excluded.title),"
        " model = excluded.model, system = excluded.system, head_id = excluded.head_id,"
        " is_named = max(is_named, excluded.is_named), sampling = excluded.sampling, preset = excluded.preset,"
        " preset_sampling = excluded.preset_sampling, budget_usd = excluded.budget_usd",
        (
            conversation.id,
            conversation.created_at,
            conversation.created_at,
            without_surrogates(conversation.title),
            without_surrogates(conversation.model),
            without_surrogates(conversation.system),
            conversation.head_id,
            conversation.is_named,
            json_text(conversation.sampling),
            without_surrogates(conversation.preset),
            _preset_text(conversation),
            None if conversation.budget_usd is None else f"{conversation.budget_usd}",
        ),
    )


def read_conversation(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    """The row with exactly this id, which must exist."""
    row = connection.execute(
        "SELECT id, created_at, title, model, system, head_id, is_named, sampling, preset, preset_sampling, budget_usd"
        " FROM conversations WHERE id = ?",
        (conversation_id,),
    ).fetchone()
    id_, created_at, title, model, system, head_id, named, own, preset, of_preset, budget = typed(
        row, tuple[str, float, str, str, str, str | None, int, str, str, str, Decimal | None]
    )
    return Conversation(
        id_,
        created_at,
        title,
        model,
        system,
        head_id,
        bool(named),
        _SAMPLING.decode(own),
        preset,
        _SAMPLING.decode(of_preset),
        budget,
        _PRESET_TOOLS.decode(of_preset).tools,
    )


def _preset_text(conversation: Conversation) -> str:
    """The parameters of its preset as JSON, with the tools that it leaves on beside them."""
    if conversation.preset_tools is None:
        return json_text(conversation.preset_sampling)
    return json_text({**msgspec.to_builtins(conversation.preset_sampling), "tools": conversation.preset_tools})


def seq_of(connection: sqlite3.Connection, conversation_id: str, node_id: str) -> int | None:
    """The row number of a node; None where it was never written."""
    row = connection.execute(
        "SELECT seq FROM nodes WHERE conversation_id = ? AND id = ?", (conversation_id, node_id)
    ).fetchone()
    return None if row is None else typed(row[0], int)


def write_node(connection: sqlite3.Connection, conversation_id: str, node: Node, writer: Writer) -> int:
    """Write a node whole, in place of what was there under its id, end its journal, and count it with its conversation;
    return its row number."""
    before = seq_of(connection, conversation_id, node.id)
    spent_before = Spending()
    if before is None:
        seq = connection.execute(
            "INSERT INTO nodes (conversation_id, id, parent_id, created_at, role, marks) VALUES (?, ?, ?, ?, ?, ?)",
            (conversation_id, node.id, node.parent_id, node.created_at, node.message.role, _marks_text(node.marks)),
        ).lastrowid
        assert seq is not None
    else:
        seq = before
        spent_before = _spent(read_answer(connection, seq))
        connection.execute(
            "UPDATE nodes SET parent_id = ?, created_at = ?, role = ?, marks = ? WHERE seq = ?",
            (node.parent_id, node.created_at, node.message.role, _marks_text(node.marks), seq),
        )
        for table in ("parts", "answers", "journal"):
            connection.execute(f"DELETE FROM {table} WHERE node_seq = ?", (seq,))
    for position, part in enumerate(node.message.parts):
        kind, data = str(part.__struct_config__.tag), json_bytes(part)
        large.insert(connection, "parts (node_seq, position, kind, data)", (seq, position, kind), data)
    if node.answer is not None:
        connection.execute(
            f"INSERT INTO answers ({ANSWER_COLUMNS}) VALUES ({ANSWER_PLACES})",
            msgspec.to_builtins(answer_row(seq, node.answer, writer)),
        )
        connection.execute(
            "INSERT OR IGNORE INTO models VALUES (?)", (without_surrogates(node.answer.answering_model),)
        )
    connection.execute(
        "UPDATE conversations SET updated_at = max(updated_at, ?), messages = messages + ? WHERE id = ?",
        (node.created_at, before is None, conversation_id),
    )
    if (spent := _spent(node.answer)) != spent_before:
        _count_spending(connection, conversation_id, spent_before, spent)
    return seq


def _spent(info: AnswerInfo | None) -> Spending:
    if info is None or not info.may_have_cost:
        return Spending()
    return Spending().plus(info.counts and bounded_counts(info.counts), info.cost)


def _count_spending(connection: sqlite3.Connection, conversation_id: str, before: Spending, now: Spending) -> None:
    row = connection.execute("SELECT spending FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    sums = sums_from(typed(row[0], str)).but_for(before).and_also(now)
    connection.execute("UPDATE conversations SET spending = ? WHERE id = ?", (json_text(sums), conversation_id))


def read_nodes(connection: sqlite3.Connection, conversation_id: str) -> list[StoredNode]:
    """All nodes of a conversation, in the order of writing."""
    return _read_nodes(connection, "conversation_id = ?", (conversation_id,))


def read_last_exchange(connection: sqlite3.Connection, conversation_id: str) -> list[StoredNode]:
    """The node of a conversation that was written last, and before it its parent."""
    row = connection.execute(
        "SELECT id, parent_id FROM nodes WHERE conversation_id = ? ORDER BY seq DESC LIMIT 1", (conversation_id,)
    ).fetchone()
    ids = typed(row, tuple[str, str | None]) if row is not None else ("", None)
    return _read_nodes(connection, "conversation_id = ? AND id IN (?, ?)", (conversation_id, *ids))


_NUMBER = """
    WITH RECURSIVE above(id) AS (
        VALUES (?)
        UNION SELECT parent_id FROM nodes JOIN above USING (id) WHERE conversation_id = ? AND parent_id IS NOT NULL
    )
    SELECT (SELECT count(*) FROM above), (SELECT count(*) FROM nodes WHERE conversation_id = ?)
"""


def read_around(connection: sqlite3.Connection, conversation_id: str, node_id: str) -> Around:
    """A node between its parent and its newest child, their parts as far as they are short."""
    row = connection.execute(
        "SELECT parent_id FROM nodes WHERE conversation_id = ? AND id = ?", (conversation_id, node_id)
    ).fetchone()
    if row is None:
        return Around()
    child = connection.execute(
        "SELECT id FROM nodes WHERE conversation_id = ? AND parent_id = ? ORDER BY seq DESC LIMIT 1",
        (conversation_id, node_id),
    ).fetchone()
    (parent_id,) = typed(row, tuple[str | None])
    ids = (parent_id, node_id, typed(child[0], str) if child is not None else None)
    found = (_read_shortened(connection, conversation_id, id_) for id_ in ids if id_ is not None)
    nodes = tuple(node for node in found if node is not None)
    counts = connection.execute(_NUMBER, (node_id, conversation_id, conversation_id)).fetchone()
    return Around(nodes, *typed(counts, tuple[int, int]))


def _read_shortened(connection: sqlite3.Connection, conversation_id: str, node_id: str) -> Node | None:
    row = connection.execute(
        f"SELECT {_NODE_COLUMNS} FROM nodes WHERE conversation_id = ? AND id = ?", (conversation_id, node_id)
    ).fetchone()
    if row is None:
        return None
    node = typed(row, _NodeRow)
    parts = read_parts(connection, node.seq, SHORT_PART)
    if not parts:
        words = connection.execute(
            "SELECT substr(text, 1, ?) FROM search_text WHERE node_seq = ?", (SHORT_PART, node.seq)
        ).fetchone()
        parts = [Text(typed(words[0], str))] if words is not None else []
    answer = connection.execute(f"SELECT {ANSWER_COLUMNS} FROM answers WHERE node_seq = ?", (node.seq,)).fetchone()
    return _stored(node, tuple(parts), typed(answer, AnswerRow) if answer is not None else None).node


def read_parts(connection: sqlite3.Connection, seq: int, longest: int) -> list[Part]:
    """The parts of a message, but for those whose JSON has more than `longest` characters."""
    rows = connection.execute(
        "SELECT data FROM parts WHERE node_seq = ? AND length(data) <= ? ORDER BY position", (seq, longest)
    )
    return [_PARTS.decode(typed(row[0], str)) for row in rows]


def _read_nodes(connection: sqlite3.Connection, which: str, values: tuple[str | None, ...]) -> list[StoredNode]:
    parts: dict[int, list[Part]] = {}
    for row in connection.execute(
        f"SELECT node_seq, data FROM parts JOIN nodes ON seq = node_seq WHERE {which} ORDER BY node_seq, position",
        values,
    ):
        part = typed(row, _PartRow)
        parts.setdefault(part.node_seq, []).append(_PARTS.decode(part.data))
    answers = {
        answer.node_seq: answer
        for answer in (
            typed(row, AnswerRow)
            for row in connection.execute(
                f"SELECT {ANSWER_COLUMNS} FROM answers JOIN nodes ON seq = node_seq WHERE {which}", values
            )
        )
    }
    return [
        _stored(node, tuple(parts.get(node.seq, ())), answers.get(node.seq))
        for node in (
            typed(row, _NodeRow)
            for row in connection.execute(f"SELECT {_NODE_COLUMNS} FROM nodes WHERE {which} ORDER BY seq", values)
        )
    ]


_PARTS: msgspec.json.Decoder[Part] = msgspec.json.Decoder(Part)
_MARKS = msgspec.json.Decoder(Marks)


class _OfPreset(msgspec.Struct, gc=False):
    """What stands beside the parameters of a preset."""

    tools: tuple[str, ...] | None = None


_SAMPLING = msgspec.json.Decoder(Sampling)
_PRESET_TOOLS = msgspec.json.Decoder(_OfPreset)


def _stored(row: _NodeRow, parts: tuple[Part, ...], answer: AnswerRow | None) -> StoredNode:
    info = writer = None
    if answer is not None:
        info = answer_info(answer)
        writer = Writer(answer.writer_host, answer.writer_pid, answer.written_at, answer.writer_run)
    marks = UNMARKED if row.marks == "{}" else _MARKS.decode(row.marks)
    node = Node(row.id, row.parent_id, row.created_at, Message(row.role, parts), info, marks)
    return StoredNode(row.seq, node, writer)


def _marks_text(marks: Marks) -> str:
    return "{}" if marks == UNMARKED else json_text(marks)
