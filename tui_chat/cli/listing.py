"""`tui-chat history list`: conversations as a table, and as objects."""

from collections.abc import Sequence
from typing import TextIO

from msgspec.structs import replace

from tui_chat.chat.ports import ConversationSummary, Store
from tui_chat.cli.arguments import HistoryList
from tui_chat.cli.narrowing import narrowed
from tui_chat.cli.table import Shrinking, exact_usd, iso_time, local_time, write_json, write_table
from tui_chat.core import figures
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.search_query import ALL, Shelf


async def list_conversations(store: Store, out: TextIO, arguments: HistoryList) -> None:
    """Print the conversations that are meant, the one with the newest message first."""
    shelf = Shelf.ARCHIVED if arguments.archived else Shelf.USED
    filters = narrowed(arguments, replace(ALL, shelf=shelf))
    rows = await store.list(arguments.limit, filters)
    if arguments.as_json:
        write_json(out, [conversation_object(row) for row in rows])
    elif rows:
        _write_rows(out, rows)
    elif filters == ALL and await store.list(1, replace(ALL, shelf=Shelf.ARCHIVED)):
        out.write("Every conversation is archived: --archived lists them.\n")
    elif filters == ALL:
        out.write("No conversation has been saved yet.\n")
    elif filters == replace(ALL, shelf=Shelf.ARCHIVED):
        out.write("The archive is empty.\n")
    else:
        out.write("No conversation is like that.\n")


def _write_rows(out: TextIO, rows: Sequence[ConversationSummary]) -> None:
    """Write a table; labels have a column only where there are some."""
    header = ["ID", "LAST MESSAGE", "MSGS", "COST", "MODEL", "LABELS", "TITLE"]
    cells = [
        [
            row.id,
            local_time(row.updated_at),
            str(row.messages),
            figures.total_cost(row.spending, is_narrow=True),
            row.model,
            " ".join(f"#{label}" for label in row.labels),
            row.title,
        ]
        for row in rows
    ]
    shrinking = [Shrinking(4, 8, keeps_end=True), Shrinking(5, 8), Shrinking(6, 12)]
    if not any(row.labels for row in rows):
        for line in (header, *cells):
            del line[5]
        shrinking = [Shrinking(4, 12, keeps_end=True), Shrinking(5, 12)]
    write_table(out, header, cells, right=(2, 3), shrinking=shrinking)


def conversation_object(row: ConversationSummary) -> JsonObject:
    """A conversation for programs."""
    return {
        "id": row.id,
        "title": row.title,
        "model": row.model,
        "created": iso_time(row.created_at),
        "updated": iso_time(row.updated_at),
        "messages": row.messages,
        "archived": row.is_archived,
        "labels": list(row.labels),
        "cost_usd": exact_usd(row.spending),
    }
