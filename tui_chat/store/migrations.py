"""The shape of the conversations file, as numbered steps; `PRAGMA user_version` says how many of them were taken.

A step that was once released is never changed: a new shape is a new step. What the tables hold, so that the file can
be read without this program (`sqlite3 conversations.db`):

* `conversations`: one row each; `head_id` is the last message of the path that was being read, `updated_at` the time
  of the last message. All times are seconds since the epoch, UTC.
* `nodes`: one row a message in the order of writing; `parent_id` is the message that it follows, so that siblings are
  variants of one place. `role` is `system`, `user`, `assistant` or `tool`.
* `parts`: what a message is made of, in order; `kind` is `text`, `reasoning`, `refusal`, `tool_call`, `tool_result`,
  `image`, `file`, `media`, `source` or `foreign`, and `data` its fields as JSON (a tool call with its fragments:
  `[seconds, characters]` each).
* `answers`: beside every message that came from a model: how it came about. `outcome` NULL: it is being written.
  `cost_usd` is an exact decimal; NULL is unknown, never zero; `cost_source` is `gateway` or `estimate`.
  `has_counts` tells "no usage came" (0) from "usage came without figures". `failure` and `provider_data` are JSON.
  `message_data` (JSON) is what came with the message and may have to go back to its model, byte for byte; `gateway` the
  base URL that was asked, empty where that was not kept; `left_out` (JSON) the fields that were not sent.
  `writer_host`, `writer_pid`, `written_at`: who wrote last, and when; `writer_run` the run of the program that holds a
  lock on `conversations.db.run-…` for as long as it lives (empty where it could have none).
* `journal`: what arrived for an answer that is being written: JSON lists of `[seconds, event]`, in order of `seq`.
* The application id of the file is `tuic` (`ownership`).
* `search_text`: the words of each message as they are searched; `search_index`, where the SQLite library has FTS5,
  is the full-text index over it. `meta` notes whether that index must be rebuilt.
"""

import sqlite3

from tui_chat.core.errors import StoreError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE conversations (
        id TEXT PRIMARY KEY NOT NULL,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        title TEXT NOT NULL,
        model TEXT NOT NULL,
        system TEXT NOT NULL,
        head_id TEXT
    );
    CREATE INDEX conversations_by_time ON conversations (updated_at);
    CREATE TABLE nodes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        parent_id TEXT,
        created_at REAL NOT NULL,
        role TEXT NOT NULL,
        UNIQUE (conversation_id, id)
    );
    CREATE TABLE parts (
        node_seq INTEGER NOT NULL REFERENCES nodes (seq) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        data TEXT NOT NULL,
        PRIMARY KEY (node_seq, position)
    ) WITHOUT ROWID;
    CREATE TABLE answers (
        node_seq INTEGER PRIMARY KEY REFERENCES nodes (seq) ON DELETE CASCADE,
        requested_model TEXT NOT NULL,
        model TEXT,
        response_id TEXT,
        outcome TEXT,
        finish_reason TEXT,
        failure TEXT,
        has_counts INTEGER NOT NULL,
        prompt_tokens INTEGER,
        completion_tokens INTEGER,
        total_tokens INTEGER,
        reasoning_tokens INTEGER,
        cached_tokens INTEGER,
        cost_usd TEXT,
        cost_source TEXT,
        usage_raw TEXT,
        first_token_s REAL,
        total_s REAL,
        retries INTEGER NOT NULL,
        provider_data TEXT NOT NULL,
        writer_host TEXT NOT NULL,
        writer_pid INTEGER NOT NULL,
        written_at REAL NOT NULL
    );
    CREATE INDEX answers_being_written ON answers (node_seq) WHERE outcome IS NULL;
    CREATE TABLE journal (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        node_seq INTEGER NOT NULL REFERENCES nodes (seq) ON DELETE CASCADE,
        events TEXT NOT NULL
    );
    CREATE INDEX journal_by_node ON journal (node_seq);
    CREATE TABLE search_text (
        node_seq INTEGER PRIMARY KEY REFERENCES nodes (seq) ON DELETE CASCADE,
        text TEXT NOT NULL
    );
    CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
    """,
    """
    ALTER TABLE answers ADD COLUMN message_data TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE answers ADD COLUMN gateway TEXT NOT NULL DEFAULT '';
    ALTER TABLE answers ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';
    """,
    """
    ALTER TABLE answers ADD COLUMN writer_run TEXT NOT NULL DEFAULT '';
    PRAGMA application_id = 1953851747;
    """,
)


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps the file has taken; 0 for a new one."""
    row: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return row[0]


def migrate(connection: sqlite3.Connection, migrations: tuple[str, ...] = MIGRATIONS) -> None:
    """Take the steps that are missing, each whole or not at all.

    Raises:
        StoreError: the file was written by a newer program; it is left as it is.
    """
    while (version := version_of(connection)) < len(migrations):
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{migrations[version]}\nPRAGMA user_version = {version + 1};\nCOMMIT;"
        )
    if version > len(migrations):
        raise StoreError(
            f"The conversations file was written by a newer tui-chat (format {version}, this one knows"
            f" {len(migrations)}). It was left untouched.",
            "Update tui-chat, or set TUI_CHAT_HOME to another folder.",
        )
