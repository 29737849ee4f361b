"""`tui-chat history search`: messages with all the words, the best first."""

from time import monotonic
from typing import Final, TextIO

from msgspec.structs import replace

from tui_chat.chat.found import FoundIn, SearchHit, SearchResult
from tui_chat.chat.ports import Store
from tui_chat.cli.arguments import HistorySearch
from tui_chat.cli.loading import note
from tui_chat.cli.narrowing import narrowed
from tui_chat.cli.table import iso_time, local_time, write_json
from tui_chat.core.errors import StoreError
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.search_query import ReadQuery, SearchQuery, read_query
from tui_chat.workspace.search import find, meant_words

_INDEXED_WITHIN_S: Final = 1.0
MOST_HITS: Final = 50
"""Hits that are printed where no other number is asked for."""


def query_of(arguments: HistorySearch, now: float) -> ReadQuery:
    """What is looked for: words, filters among them, and flags."""
    read = read_query(" ".join(arguments.words), now)
    filters = narrowed(arguments, read.query.filters)
    if arguments.role:
        filters = replace(filters, role=Role(arguments.role))
    return replace(read, query=SearchQuery(read.query.words, filters))


async def search_messages(store: Store, out: TextIO, arguments: HistorySearch, now: float) -> None:
    """Print what is found, and say on standard error what was passed over."""
    read = query_of(arguments, now)
    for problem in read.problems:
        note(problem)
    limit = MOST_HITS if arguments.limit is None else arguments.limit
    result = await find(store, read.query, limit)
    if arguments.as_json:
        write_json(out, [_object(hit) for hit in result.hits])
    else:
        for hit in result.hits:
            out.write(f"{hit.conversation_id}  {local_time(hit.created_at)}  {sanitize_line(hit.title)}\n")
            out.write(f"    {sanitize_line(hit.excerpt)}\n")
        if not result.hits:
            out.write(f"{_nothing_words(result)}\n")
    _say_what_is_missing(result)
    if result.indexed < 1.0:
        out.flush()
        await index_more(store, _INDEXED_WITHIN_S)


def _nothing_words(result: SearchResult) -> str:
    return " ".join(("Nothing was found.", *([meant_words(result.meant)] if result.meant else [])))


def _say_what_is_missing(result: SearchResult) -> None:
    if (shown := len(result.hits)) < result.found:
        note(f"The best {shown:,} of {result.found:,} hits; --limit {result.found} prints them all.")
    if result.is_bounded:
        note(f"Only the newest {result.found:,} hits were ranked; another word, or a filter, finds older ones.")
    if result.indexed < 1.0:
        share = int(result.indexed * 100)
        note(f"The index of words is not complete yet ({share} %): older messages may be missing.")


async def index_more(store: Store, within_s: float) -> float:
    """Go on with what the store has put off, for so long, and return the share that is done then. A store that cannot
    be written leaves it undone."""
    share, until = 0.0, monotonic() + within_s
    try:
        while share < 1.0 and monotonic() < until:
            share = await store.tend()
    except StoreError:
        pass
    return share


def _object(hit: SearchHit) -> JsonObject:
    return {
        "conversation": hit.conversation_id,
        "title": hit.title,
        "message": hit.node_id or None,
        "role": None if hit.found_in is FoundIn.TITLE else hit.role,
        "model": hit.model or None,
        "time": iso_time(hit.created_at),
        "excerpt": hit.excerpt,
    }
