"""Lists of conversations, and what puts them in order: labels, the archive, out of sight until they are deleted."""

import sqlite3
from collections.abc import Sequence
from typing import Final

import msgspec

from tui_chat.chat.ports import ConversationSummary, Preview
from tui_chat.core.parts import Message, Role
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.search_query import Filters
from tui_chat.core.usage import Spending
from tui_chat.store.deleted import NOT_MARKED
from tui_chat.store.finding import MODEL_OF_ANSWER, of_conversation
from tui_chat.store.lookup import not_there, one_of
from tui_chat.store.rows import read_parts
from tui_chat.store.sums import sums_from
from tui_chat.store.typed import typed

_PREVIEW_CHARS = 64 * 1024


class _SummaryRow(msgspec.Struct, array_like=True):
    id: str
    title: str
    model: str
    created_at: float
    updated_at: float
    messages: int
    spending: str
    labels: str | None
    is_archived: int
    written: int
    """Answers that are being written."""


_SUMMARIES: Final = (
    "SELECT id, title, model, created_at, updated_at, messages, spending,"
    " (SELECT group_concat(name, char(10)) FROM labels WHERE conversation_id = id), archived_at IS NOT NULL,"
    " coalesce(written, 0) FROM conversations LEFT JOIN (SELECT conversation_id AS of_id, count(*) AS written"
    " FROM answers CROSS JOIN nodes ON seq = node_seq WHERE outcome IS NULL GROUP BY conversation_id) ON of_id = id"
)
"""CROSS JOIN: it begins with the few answers that are being written, which an index knows, not with all messages."""


def read_summaries(
    connection: sqlite3.Connection, limit: int | None, filters: Filters
) -> tuple[ConversationSummary, ...]:
    """Conversations, the one with the newest message first."""
    conditions = of_conversation(filters)
    values = [value for each in conditions for value in each.values]
    limit = -1 if limit is None else max(0, limit)
    return _read_where(connection, " AND ".join(each.sql for each in conditions), values, limit)


def read_summary(connection: sqlite3.Connection, conversation_id: str) -> ConversationSummary | None:
    """The conversation with exactly this id; None where there is none in sight."""
    found = _read_where(connection, "id = ? AND deleted_at IS NULL", (conversation_id,), 1)
    return found[0] if found else None


def _read_where(
    connection: sqlite3.Connection, condition: str, values: Sequence[str | float], limit: int
) -> tuple[ConversationSummary, ...]:
    rows = connection.execute(
        f"{_SUMMARIES} WHERE {condition} ORDER BY updated_at DESC, conversations.rowid DESC LIMIT ?", (*values, limit)
    )
    return tuple(_summary(typed(row, _SummaryRow)) for row in rows)


def find_summary(connection: sqlite3.Connection, id_prefix: str) -> ConversationSummary:
    """A conversation by its id or a unique beginning of it.

    Raises:
        StoreError: there is none, or more than one.
    """
    row = connection.execute(f"{_SUMMARIES} WHERE id = ?", (find_id(connection, id_prefix),)).fetchone()
    return _summary(typed(row, _SummaryRow))


def find_id(connection: sqlite3.Connection, id_prefix: str) -> str:
    """The id of a conversation by a unique beginning of it.

    Raises:
        StoreError: there is none, or more than one.
    """
    id_prefix = without_surrogates(id_prefix)
    rows = connection.execute(
        "SELECT id FROM conversations WHERE id >= ? AND id < ? || char(1114111) AND deleted_at IS NULL"
        " ORDER BY id LIMIT 6",
        (id_prefix, id_prefix),
    )
    return one_of(id_prefix, [typed(row[0], str) for row in rows])


def _summary(row: _SummaryRow) -> ConversationSummary:
    return ConversationSummary(
        row.id,
        row.title,
        row.model,
        row.created_at,
        row.updated_at,
        row.messages,
        _cost(sums_from(row.spending), row.written),
        tuple(sorted(row.labels.split("\n"))) if row.labels else (),
        bool(row.is_archived),
    )


def _cost(spending: Spending, written: int) -> Spending:
    """What it costs; of an answer that is being written that is not known yet."""
    for _ in range(written):
        spending = spending.plus(None, None)
    return spending


def latest_id(connection: sqlite3.Connection) -> str | None:
    """The conversation with the newest message, archived or not."""
    row = connection.execute(
        "SELECT id FROM conversations WHERE messages AND deleted_at IS NULL"
        " ORDER BY updated_at DESC, rowid DESC LIMIT 1"
    ).fetchone()
    return None if row is None else typed(row[0], str)


def read_preview(connection: sqlite3.Connection, conversation_id: str) -> Preview:
    """The last that was said on each side, and is not deleted."""
    said = {}
    for role in (Role.USER, Role.ASSISTANT):
        row = connection.execute(
            f"SELECT seq FROM nodes WHERE conversation_id = ? AND role = ? AND {NOT_MARKED} ORDER BY seq DESC LIMIT 1",
            (conversation_id, role.value),
        ).fetchone()
        parts = read_parts(connection, typed(row[0], int), _PREVIEW_CHARS) if row is not None else []
        said[role] = Message(role, tuple(parts)).text
    return Preview(said[Role.USER], said[Role.ASSISTANT])


def write_title(connection: sqlite3.Connection, conversation_id: str, title: str) -> None:
    """Give a conversation the title that the person wants."""
    renamed = connection.execute(
        "UPDATE conversations SET title = ?, is_named = 1 WHERE id = ?", (without_surrogates(title), conversation_id)
    )
    if not renamed.rowcount:
        raise not_there(conversation_id)


def write_labels(connection: sqlite3.Connection, conversation_id: str, labels: Sequence[str]) -> None:
    """Give a conversation these labels and no others; a label has no line breaks."""
    connection.execute("DELETE FROM labels WHERE conversation_id = ?", (conversation_id,))
    names = {" ".join(without_surrogates(label).split()) for label in labels}
    connection.executemany("INSERT INTO labels VALUES (?, ?)", [(conversation_id, name) for name in names if name])


def read_models(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Every model of which an answer is there, in the order of the alphabet."""
    rows = connection.execute(
        f"SELECT name FROM models WHERE EXISTS (SELECT 1 FROM answers WHERE {MODEL_OF_ANSWER} = +name) ORDER BY name"
    )  # the sign takes the column's type away, which would keep it from using the index
    return tuple(typed(row[0], str) for row in rows)


def read_labels(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Every label that is in use."""
    rows = connection.execute("SELECT DISTINCT name FROM labels ORDER BY name COLLATE NOCASE")
    return tuple(typed(row[0], str) for row in rows)
