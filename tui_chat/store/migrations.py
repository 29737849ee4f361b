"""The shape of the conversations file, as numbered steps; `PRAGMA user_version` says how many of them were taken.

A step that was once released is never changed: a new shape is a new step. What the tables hold, so that the file can
be read without this program (`sqlite3 conversations.db`):

* `conversations`: one row each; `head_id` is the last message of the path that was being read, `updated_at` the time
  of the last message. All times are seconds since the epoch, UTC.
* `nodes`: one row a message in the order of writing; `parent_id` is the message that it follows, so that siblings are
  variants of one place. `role` is `system`, `user`, `assistant` or `tool`. `marks` (JSON: `core.marks.Marks`) is what
  is noted of it: muted, pinned, labelled, edited, going on with another, standing for what was before it.
* `parts`: what a message is made of, in order; `kind` is `text`, `reasoning`, `refusal`, `tool_call`, `tool_result`,
  `image`, `file`, `media`, `source` or `foreign`, and `data` its fields as JSON (a tool call with its fragments:
  `[seconds, characters]` each).
* `answers`: beside every message that came from a model: how it came about. `outcome` NULL: it is being written.
  `cost_usd` is an exact decimal; NULL is unknown, never zero; `cost_source` is `gateway` or `estimate`.
  `has_counts` tells "no usage came" (0) from "usage came without figures". `failure` and `provider_data` are JSON.
  `message_data` (JSON) is what came with the message and may have to go back to its model, byte for byte; `gateway` the
  base URL that was asked, empty where that was not kept; `left_out` (JSON) the fields that were not sent; `sampling`
  (JSON: `core.request.Sampling`, empty where that was not kept) what it was asked with; `has_begun`: the gateway took
  the request (2xx); `fell_back` (JSON) the models that failed before the one that answered was asked.
  `writer_host`, `writer_pid`, `written_at`: who wrote last, and when; `writer_run` the run of the program that holds a
  lock on `conversations.db.run-…` for as long as it lives (empty where it could have none).
* `journal`: what arrived for an answer that is being written: JSON lists of `[seconds, event]`, in order of `seq`.
* The application id of the file is `tuic` (`ownership`).
* Of a conversation, `messages` and `spending` (sums as JSON: `core.usage.Spending`) are kept with its row; `is_named`:
  the person gave it its title; `sampling` (JSON), `preset` and its `preset_sampling` (JSON, with the `tools` that it
  leaves on): how its answers are asked for; `tool_switches` (JSON: `core.tool_switch`): the tools that were switched
  off or on in it; `archived_at`: NULL is not archived; `deleted_at`: it is out of sight, and removed by the end of the
  run `deleted_by`, or after it. `labels` has a row for each label of a conversation.
* `ledger`: one row for each request that a gateway began to answer, with what it cost and not a word of what was said;
  `kind` is `answer`, `title` or `summary`. It has no key into the other tables: what was billed outlives what was said.
  `spent_by_time` has its sums, by quarter of an hour (`slot`: seconds since the epoch / 900), conversation, model,
  gateway and kind; `spent_by_model` those of all time. US dollars are `picodollars` (10^-12) and `yoctodollars`
  (10^-24) together; `cached_told` is how many answers told how many tokens were cached; `beyond` (JSON) has sums that
  are no such integers. `uncounted` marks what is in no sum yet: programs of the eighth form that had the file open as
  it got its ninth have entered it. `spent` is theirs: sums of the last month, by which they hold budgets.
* `claims`: what an answer that is being written may have cost so far, in US dollars, where a budget is set. It counts
  for as long as the run lives that wrote it; as `settled` it is the estimate of an answer whose cost nobody told.
* `search_text`: the words of each message as they are searched. Where the SQLite library has FTS5, `search_index_N` are
  full-text indexes over the messages of 2^15 numbers each (`index`); `unindexed` are the messages that are in none
  yet (`stays`: and never will be, for their length), `models` the models that answered.
* `meta`: notes of the program for itself; `pages_to_clear_from` is told in `gaps`.
"""

import sqlite3

from tui_chat.core.errors import StoreError
from tui_chat.store import sums
from tui_chat.store.index_text import is_composed

_MAY_HAVE_COST = "answer_may_have_cost(outcome, failure, has_counts, cost_usd, first_token_s)"
BILLED = f"""
    INSERT OR IGNORE INTO ledger (id, conversation_id, created_at, kind, requested_model, model, gateway, has_counts,
        prompt_tokens, completion_tokens, total_tokens, reasoning_tokens, cached_tokens, cost_usd, cost_source)
    SELECT conversation_id || '/' || nodes.id, conversation_id, nodes.created_at, 'answer', requested_model,
        coalesce(nullif(model, ''), requested_model), gateway, has_counts, prompt_tokens, completion_tokens,
        total_tokens, reasoning_tokens, cached_tokens, cost_usd, cost_source
    FROM answers JOIN nodes ON seq = node_seq
    WHERE {_MAY_HAVE_COST};
"""
"""Fills the ledger of a file that had none."""

BEGUN = f"UPDATE answers SET has_begun = 1 WHERE {_MAY_HAVE_COST};"
"""Says of the answers of a file that does not whether the gateway began to answer."""

_SPENT = """
    INSERT INTO spent
        SELECT cast(created_at / 900 AS INTEGER) AS slot, conversation_id, model, gateway,
            sum_of_answers(has_counts, prompt_tokens, completion_tokens, total_tokens, reasoning_tokens, cached_tokens,
                cost_usd, cost_source)
        FROM ledger GROUP BY slot, conversation_id, model, gateway;
"""
"""Sums of the ledger as the fourth form has them."""

_COUNTED = """
    UPDATE conversations SET
        messages = (SELECT count(*) FROM nodes WHERE conversation_id = conversations.id),
        spending = coalesce((
            SELECT sum_of_answers(has_counts, prompt_tokens, completion_tokens, total_tokens, reasoning_tokens,
                cached_tokens, cost_usd, cost_source)
            FROM answers JOIN nodes ON seq = node_seq
            WHERE conversation_id = conversations.id AND IS_BILLED
            ), '{}');
    INSERT INTO models SELECT DISTINCT coalesce(nullif(model, ''), requested_model) FROM answers;
    INSERT INTO unindexed (node_seq) SELECT node_seq FROM search_text;
"""
"""Fills what is kept beside what it is counted from, where there is nothing of it yet."""
_SUM_COLUMNS = (
    "answers",
    "picodollars",
    "yoctodollars",
    "estimated",
    "unknown",
    "prompt_tokens",
    "completion_tokens",
    "uncounted",
    "cached_tokens",
    "cached_told",
    "cache_write_tokens",
    "cache_write_told",
    "beyond",
)
_SUM_DEFINITIONS = ", ".join(f"{name} INTEGER NOT NULL" for name in _SUM_COLUMNS[:-1]) + ", beyond TEXT"
_SUM_VALUES = ", ".join(f"json_extract(sums, '$[{place}]')" for place in range(len(_SUM_COLUMNS)))
_SUMS = """columns_of_answers(has_counts, prompt_tokens, completion_tokens, total_tokens, reasoning_tokens,
                cached_tokens, cache_write_tokens, cost_usd, cost_source) AS sums"""
ADDED_UP = f"""
    INSERT INTO spent_by_time
        SELECT slot, conversation_id, model, gateway, kind, {_SUM_VALUES} FROM (
            SELECT cast(max(0, min(created_at / 900, 9007199254740991.0)) AS INTEGER) AS slot, conversation_id, model,
                gateway, kind, {_SUMS}
            FROM ledger GROUP BY slot, conversation_id, model, gateway, kind
        );
    INSERT INTO spent_by_model
        SELECT model, gateway, kind, {_SUM_VALUES} FROM (
            SELECT model, gateway, kind, {_SUMS} FROM ledger GROUP BY model, gateway, kind
        );
    DELETE FROM uncounted;
"""
"""Sums of the ledger as the ninth form has them, where there are none yet."""

_BILLED_ANSWER = "answer_is_billed(outcome, failure, has_counts, cost_usd, first_token_s, has_begun)"
_FIGURES = """has_counts, prompt_tokens, completion_tokens, total_tokens, reasoning_tokens, cached_tokens, cost_usd,
                cost_source"""
_WITH_TITLES = f"""
    UPDATE conversations SET spending = (
        SELECT sum_of_answers({_FIGURES}) FROM (
            SELECT {_FIGURES} FROM answers JOIN nodes ON seq = node_seq
                WHERE conversation_id = conversations.id AND {_BILLED_ANSWER}
            UNION ALL
            SELECT {_FIGURES} FROM ledger WHERE conversation_id = conversations.id AND kind = 'title'
        ))
    WHERE id IN (SELECT conversation_id FROM ledger WHERE kind = 'title');
"""
"""Counts with conversations what their titles cost."""

COUNTED = ADDED_UP + _COUNTED.replace("IS_BILLED", _BILLED_ANSWER) + _WITH_TITLES
"""Fills what is kept beside what it is counted from, in a file of the newest form."""

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
    f"""
    ALTER TABLE answers ADD COLUMN entry_id TEXT NOT NULL DEFAULT '';
    CREATE TABLE ledger (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        conversation_id TEXT NOT NULL,
        created_at REAL NOT NULL,
        kind TEXT NOT NULL,
        requested_model TEXT NOT NULL,
        model TEXT NOT NULL,
        gateway TEXT NOT NULL,
        has_counts INTEGER NOT NULL,
        prompt_tokens INTEGER,
        completion_tokens INTEGER,
        total_tokens INTEGER,
        reasoning_tokens INTEGER,
        cached_tokens INTEGER,
        cost_usd TEXT,
        cost_source TEXT
    );
    {BILLED}
    CREATE TABLE spent (
        slot INTEGER NOT NULL,
        conversation_id TEXT NOT NULL,
        model TEXT NOT NULL,
        gateway TEXT NOT NULL,
        sums TEXT NOT NULL,
        PRIMARY KEY (slot, conversation_id, model, gateway)
    ) WITHOUT ROWID;
    ALTER TABLE conversations ADD COLUMN messages INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE conversations ADD COLUMN spending TEXT NOT NULL DEFAULT '{{}}';
    ALTER TABLE conversations ADD COLUMN is_named INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE conversations ADD COLUMN archived_at REAL;
    ALTER TABLE conversations ADD COLUMN deleted_at REAL;
    ALTER TABLE conversations ADD COLUMN deleted_by TEXT NOT NULL DEFAULT '';
    CREATE INDEX conversations_archived ON conversations (updated_at) WHERE archived_at IS NOT NULL;
    CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;
    CREATE INDEX answers_by_model ON answers (coalesce(nullif(model, ''), requested_model));
    CREATE INDEX nodes_by_time ON nodes (created_at);
    CREATE INDEX nodes_by_role ON nodes (role) WHERE role IN ('system', 'tool');
    CREATE INDEX parts_by_kind ON parts (kind, node_seq) WHERE kind <> 'text';
    CREATE TABLE labels (
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (conversation_id, name)
    );
    CREATE INDEX labels_by_name ON labels (name);
    CREATE TABLE models (name TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
    CREATE TABLE unindexed (node_seq INTEGER PRIMARY KEY, stays INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX unindexed_waiting ON unindexed (node_seq) WHERE NOT stays;
    {_SPENT}
    {_COUNTED.replace("IS_BILLED", _MAY_HAVE_COST)}
    DELETE FROM meta WHERE name = 'search_index';
    """,
    """
    ALTER TABLE nodes ADD COLUMN marks TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE answers ADD COLUMN sampling TEXT NOT NULL DEFAULT '';
    ALTER TABLE conversations ADD COLUMN sampling TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE conversations ADD COLUMN preset TEXT NOT NULL DEFAULT '';
    """,
    """
    ALTER TABLE conversations ADD COLUMN preset_sampling TEXT NOT NULL DEFAULT '{}';
    """,
    f"""
    ALTER TABLE answers ADD COLUMN has_begun INTEGER NOT NULL DEFAULT 0;
    {BEGUN}
    ALTER TABLE answers ADD COLUMN fell_back TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE ledger ADD COLUMN first_token_s REAL;
    ALTER TABLE ledger ADD COLUMN total_s REAL;
    UPDATE ledger SET (first_token_s, total_s) = (
        SELECT first_token_s, total_s FROM nodes JOIN answers ON node_seq = seq
        WHERE nodes.conversation_id = ledger.conversation_id
            AND nodes.id = substr(ledger.id, length(ledger.conversation_id) + 2)
    );
    CREATE INDEX ledger_by_conversation ON ledger (conversation_id);
    CREATE INDEX ledger_by_time ON ledger (created_at);
    ALTER TABLE conversations ADD COLUMN budget_usd TEXT;
    CREATE TABLE claims (
        id TEXT PRIMARY KEY NOT NULL,
        run TEXT NOT NULL,
        conversation_id TEXT NOT NULL,
        at REAL NOT NULL,
        usd TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE conversations ADD COLUMN tool_switches TEXT NOT NULL DEFAULT '[]';
    """,
    f"""
    ALTER TABLE answers ADD COLUMN cache_write_tokens INTEGER;
    ALTER TABLE ledger ADD COLUMN cache_write_tokens INTEGER;
    CREATE TABLE spent_by_time (
        slot INTEGER NOT NULL,
        conversation_id TEXT NOT NULL,
        model TEXT NOT NULL,
        gateway TEXT NOT NULL,
        kind TEXT NOT NULL,
        {_SUM_DEFINITIONS},
        PRIMARY KEY (slot, conversation_id, model, gateway, kind)
    ) WITHOUT ROWID;
    CREATE TABLE spent_by_model (
        model TEXT NOT NULL,
        gateway TEXT NOT NULL,
        kind TEXT NOT NULL,
        {_SUM_DEFINITIONS},
        PRIMARY KEY (model, gateway, kind)
    ) WITHOUT ROWID;
    CREATE TABLE uncounted (entry_seq INTEGER PRIMARY KEY);
    {ADDED_UP}
    CREATE TRIGGER ledger_entered AFTER INSERT ON ledger BEGIN INSERT INTO uncounted VALUES (new.seq); END;
    DELETE FROM spent WHERE slot < (SELECT max(slot) FROM spent) - 3072;
    """,
    """
    INSERT OR REPLACE INTO meta
        SELECT DISTINCT 'search_index_' || (node_seq >> 15), 'anew' FROM search_text WHERE NOT is_composed(text);
    """,
    _WITH_TITLES,
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
    sums.prepare(connection)
    connection.create_function("is_composed", 1, is_composed, deterministic=True)
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
