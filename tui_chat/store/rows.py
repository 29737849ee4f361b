"""Conversations and nodes as rows, and rows as those; the facts of answers are in `answer_rows`."""

import sqlite3
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from tui_chat.chat.ledger import LedgerKind, sum_of
from tui_chat.chat.ports import Around
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.jsonvalue import json_bytes, json_text
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.merging import Marked, changed_marks
from tui_chat.core.parts import Message, Part, Role, Text
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.tool_switch import ToolSwitches, merged
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Spending
from tui_chat.store import large, ledger
from tui_chat.store.answer_rows import (
    ANSWER_COLUMNS,
    ANSWER_PLACES,
    AnswerRow,
    Writer,
    answer_info,
    answer_row,
    read_answer,
)
from tui_chat.store.conversation_cost import count_spending
from tui_chat.store.deleted import NOT_DELETED
from tui_chat.store.integers import bounded_counts
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
    """Insert or update; the time of its last message stays, a title that a person gave, here or in another program,
    gives way only to one that a person gave, and each tool stays as it was switched last."""
    row = connection.execute("SELECT tool_switches FROM conversations WHERE id = ?", (conversation.id,)).fetchone()
    switches = merged(() if row is None else _SWITCHES.decode(typed(row[0], str)), conversation.tool_switches)
    connection.execute(
        "INSERT INTO conversations (id, created_at, updated_at, title, model, system, head_id, is_named, sampling,"
        " preset, preset_sampling, budget_usd, tool_switches) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET title = iif(is_named AND NOT excluded.is_named, title, excluded.title),"
        " model = excluded.model, system = excluded.system, head_id = excluded.head_id,"
        " is_named = max(is_named, excluded.is_named), sampling = excluded.sampling, preset = excluded.preset,"
        " preset_sampling = excluded.preset_sampling, budget_usd = excluded.budget_usd,"
        " tool_switches = excluded.tool_switches",
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
            json_text(switches),
        ),
    )
    if row is None:  # titles of one that was deleted, and is written again, are in the ledger still
        titles = ledger.read_entries(connection, conversation.id, LedgerKind.TITLE)
        count_spending(connection, conversation.id, Spending(), sum_of(titles))


def read_conversation(connection: sqlite3.Connection, conversation_id: str) -> Conversation:
    """The row with exactly this id, which must exist."""
    found = find_conversation(connection, conversation_id)
    assert found is not None
    return found


def find_conversation(connection: sqlite3.Connection, conversation_id: str) -> Conversation | None:
    """The row with exactly this id; None where it is not there."""
    row = connection.execute(
        "SELECT id, created_at, title, model, system, head_id, is_named, sampling, preset, preset_sampling, budget_usd,"
        " tool_switches FROM conversations WHERE id = ?",
        (conversation_id,),
    ).fetchone()
    if row is None:
        return None
    id_, created_at, title, model, system, head_id, named, own, preset, of_preset, budget, switches = typed(
        row, tuple[str, float, str, str, str, str | None, int, str, str, str, Decimal | None, str]
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
        _SWITCHES.decode(switches),
        _preset_tools(of_preset),
    )


def _preset_tools(of_preset: str) -> tuple[str, ...] | None:
    """The tools that a preset leaves on; none where that cannot be understood."""
    try:
        return _PRESET_TOOLS.decode(of_preset).tools
    except msgspec.ValidationError:
        return ()


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
    seq = seq_of(connection, conversation_id, node.id)
    if seq is None:
        return write_new_nodes(connection, conversation_id, (node,), writer)[0]
    spent_before = _spent(read_answer(connection, seq))
    connection.execute(
        "UPDATE nodes SET parent_id = ?, created_at = ?, role = ?, marks = ? WHERE seq = ?",
        (node.parent_id, node.created_at, node.message.role, _marks_text(node.marks), seq),
    )
    for table in ("parts", "answers", "journal"):
        connection.execute(f"DELETE FROM {table} WHERE node_seq = ?", (seq,))
    _write_contents(connection, [(seq, node)], writer)
    _count(connection, conversation_id, (node,), new=0)
    if (spent := _spent(node.answer)) != spent_before:
        count_spending(connection, conversation_id, spent_before, spent)
    return seq


def write_marks(connection: sqlite3.Connection, conversation_id: str, marked: Marked) -> None:
    """Change what a message is marked with, where it is there; what was said in it stays as it is."""
    row = connection.execute(
        "SELECT seq, marks FROM nodes WHERE conversation_id = ? AND id = ?", (conversation_id, marked.node_id)
    ).fetchone()
    if row is not None:
        seq, there = typed(row, tuple[int, str])
        marks = changed_marks(_MARKS.decode(there), marked.before, marked.marks)
        connection.execute("UPDATE nodes SET marks = ? WHERE seq = ?", (_marks_text(marks), seq))


def write_new_nodes(
    connection: sqlite3.Connection, conversation_id: str, nodes: Sequence[Node], writer: Writer
) -> list[int]:
    """Write nodes whose ids are not there, whole, and count them with their conversation; return their row numbers."""
    seqs: list[int] = []
    for node in nodes:
        seq = connection.execute(
            "INSERT INTO nodes (conversation_id, id, parent_id, created_at, role, marks) VALUES (?, ?, ?, ?, ?, ?)",
            (conversation_id, node.id, node.parent_id, node.created_at, node.message.role, _marks_text(node.marks)),
        ).lastrowid
        assert seq is not None
        seqs.append(seq)
    _write_contents(connection, list(zip(seqs, nodes, strict=True)), writer)
    _count(connection, conversation_id, nodes, new=len(nodes))
    spent = Spending()
    for node in nodes:
        if node.answer is not None and node.answer.may_have_cost:
            spent = _with_answer(spent, node.answer)
    if spent != Spending():
        count_spending(connection, conversation_id, Spending(), spent)
    return seqs


def _write_contents(connection: sqlite3.Connection, nodes: Sequence[tuple[int, Node]], writer: Writer) -> None:
    parts = (
        ((seq, position, str(part.__struct_config__.tag)), json_bytes(part))
        for seq, node in nodes
        for position, part in enumerate(node.message.parts)
    )
    large.insert_many(connection, "parts (node_seq, position, kind, data)", parts)
    answers = [(seq, node.answer) for seq, node in nodes if node.answer is not None]
    connection.executemany(
        f"INSERT INTO answers ({ANSWER_COLUMNS}) VALUES ({ANSWER_PLACES})",
        (msgspec.to_builtins(answer_row(seq, info, writer)) for seq, info in answers),
    )
    models = {without_surrogates(info.answering_model) for _, info in answers}
    connection.executemany("INSERT OR IGNORE INTO models VALUES (?)", ((model,) for model in models))


def _count(connection: sqlite3.Connection, conversation_id: str, nodes: Sequence[Node], *, new: int) -> None:
    connection.execute(
        "UPDATE conversations SET updated_at = max(updated_at, ?), messages = messages + ? WHERE id = ?",
        (max(node.created_at for node in nodes), new, conversation_id),
    )


def _spent(info: AnswerInfo | None) -> Spending:
    if info is None or not info.may_have_cost:
        return Spending()
    return _with_answer(Spending(), info)


def _with_answer(spent: Spending, info: AnswerInfo) -> Spending:
    return spent.plus(info.counts and bounded_counts(info.counts), info.cost)


def read_nodes(connection: sqlite3.Connection, conversation_id: str) -> list[StoredNode]:
    """All nodes of a conversation, in the order of writing."""
    return _read_nodes(connection, "conversation_id = ?", (conversation_id,))


def read_marks(connection: sqlite3.Connection, conversation_id: str) -> dict[str, Marks]:
    """What each message of a conversation is marked with, by its id."""
    rows = connection.execute("SELECT id, marks FROM nodes WHERE conversation_id = ?", (conversation_id,))
    return {id_: UNMARKED if marks == "{}" else _MARKS.decode(marks) for id_, marks in rows}


def read_chosen(connection: sqlite3.Connection, conversation_id: str, ids: Sequence[str]) -> list[StoredNode]:
    """The nodes of a conversation with these ids, in the order of writing."""
    return _read_nodes(
        connection, f"conversation_id = ? AND id IN ({', '.join('?' * len(ids))})", (conversation_id, *ids)
    )


_END = """
    WITH RECURSIVE above(id, parent_id, place) AS (
        SELECT id, parent_id, 1 FROM nodes WHERE seq = ?
        UNION ALL
        SELECT nodes.id, nodes.parent_id, place + 1 FROM above JOIN nodes ON nodes.id = above.parent_id
        WHERE conversation_id = ? AND place < ?
    )
    SELECT id FROM above
"""


def read_end(connection: sqlite3.Connection, conversation_id: str, count: int) -> list[StoredNode]:
    """The last nodes of the path that was being read, so many of them at most, the first of them first."""
    row = connection.execute(
        "SELECT coalesce((SELECT seq FROM nodes WHERE conversation_id = c.id AND id = head_id),"
        " (SELECT max(seq) FROM nodes WHERE conversation_id = c.id)) FROM conversations AS c WHERE id = ?",
        (conversation_id,),
    ).fetchone()
    found = connection.execute(_END, (row[0], conversation_id, count)) if row is not None else ()
    ids = list(dict.fromkeys(typed(each[0], str) for each in found))  # a changed file may hold a ring
    places = f"conversation_id = ? AND id IN ({', '.join('?' * len(ids))})"
    nodes = {stored.node.id: stored for stored in _read_nodes(connection, places, (conversation_id, *ids))}
    return [nodes[id_] for id_ in reversed(ids)]


_NUMBER = f"""
    WITH RECURSIVE above(id) AS (
        VALUES (?)
        UNION SELECT parent_id FROM nodes JOIN above USING (id) WHERE conversation_id = ? AND parent_id IS NOT NULL
    )
    SELECT (SELECT count(*) FROM above JOIN nodes USING (id) WHERE conversation_id = ? AND {NOT_DELETED}),
        (SELECT count(*) FROM nodes WHERE conversation_id = ?)
"""


def read_around(connection: sqlite3.Connection, conversation_id: str, node_id: str) -> Around:
    """A node between its parent and its newest child, where these are not deleted, their parts as far as they are
    short."""
    row = connection.execute(
        "SELECT parent_id FROM nodes WHERE conversation_id = ? AND id = ?", (conversation_id, node_id)
    ).fetchone()
    if row is None:
        return Around()
    child = connection.execute(
        f"SELECT id FROM nodes WHERE conversation_id = ? AND parent_id = ? AND {NOT_DELETED} ORDER BY seq DESC LIMIT 1",
        (conversation_id, node_id),
    ).fetchone()
    parent = connection.execute(
        f"SELECT id FROM nodes WHERE conversation_id = ? AND id = ? AND {NOT_DELETED}",
        (conversation_id, typed(row, tuple[str | None])[0]),
    ).fetchone()
    ids = [*(parent or ()), node_id, *(child or ())]
    found = (_read_shortened(connection, conversation_id, typed(id_, str)) for id_ in ids)
    nodes = tuple(node for node in found if node is not None)
    counts = connection.execute(_NUMBER, (node_id, *[conversation_id] * 3)).fetchone()
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
    # A join, and an order by the number of the message, would sort a copy of every text.
    of_these = f"node_seq IN (SELECT seq FROM nodes WHERE {which})"
    parts: dict[int, list[Part]] = {}
    for row in connection.execute(
        f"SELECT node_seq, data FROM parts WHERE {of_these} ORDER BY node_seq, position", values
    ):
        part = typed(row, _PartRow)
        parts.setdefault(part.node_seq, []).append(_PARTS.decode(part.data))
    rows = connection.execute(f"SELECT {ANSWER_COLUMNS} FROM answers WHERE {of_these}", values)
    answers = {answer.node_seq: answer for answer in (typed(row, AnswerRow) for row in rows)}
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
_SWITCHES = msgspec.json.Decoder(ToolSwitches)
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
