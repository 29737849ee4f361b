"""`tui-chat history`: list, show, search, export, import, delete and back up saved conversations."""

import sys
from pathlib import Path
from typing import TextIO, assert_never

from tui_chat.chat.ports import FoundIn, Store
from tui_chat.chat.services import Services
from tui_chat.cli.arguments import (
    HistoryArguments,
    HistoryBackup,
    HistoryDelete,
    HistoryExport,
    HistoryImport,
    HistoryList,
    HistorySearch,
    HistoryShow,
)
from tui_chat.cli.loading import note
from tui_chat.cli.progress import Progress
from tui_chat.cli.running import run_listing, say_failure
from tui_chat.cli.table import iso_time, local_time, write_json, write_table
from tui_chat.cli.wrong_use import WRONG_USE
from tui_chat.core import figures
from tui_chat.core.errors import TranscriptError
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.sanitize import sanitize_in_place, sanitize_line
from tui_chat.core.search_query import read_query
from tui_chat.core.tree import Tree
from tui_chat.settings.command_line import CommandLine
from tui_chat.transcripts.json import to_json
from tui_chat.transcripts.markdown import to_markdown
from tui_chat.transcripts.saving import save_export
from tui_chat.workspace.importing import OTHER_IDS, import_file, imported_words


def run_history(line: CommandLine, arguments: HistoryArguments) -> int:
    """Carry out one of the history subcommands, and return the exit status."""
    return run_listing(line, lambda services: _act(services, sys.stdout, arguments))


async def _act(services: Services, out: TextIO, arguments: HistoryArguments) -> int:
    store = services.store
    match arguments:
        case HistoryList(limit=limit, as_json=as_json):
            await _list(store, out, limit=limit, as_json=as_json)
        case HistorySearch(words=words, as_json=as_json):
            await _search(store, out, " ".join(words), now=services.clock.now(), as_json=as_json)
        case HistoryShow(id=id_prefix, as_json=as_json):
            out.write(await _document(store, id_prefix, as_json=as_json))
        case HistoryExport(id=id_prefix, format=form, output=output):
            text = await _document(store, id_prefix, as_json=form == "json")
            out.write(f"{sanitize_in_place(str(save_export(Path(output), text)))}\n" if output else text)
        case HistoryImport(file=file, as_json=as_json):
            try:
                await _import(store, out, Path(file), as_json=as_json)
            except TranscriptError as error:
                say_failure(error.failure)
                return WRONG_USE
        case HistoryDelete(id=id_prefix, as_json=as_json):
            await _delete(store, out, id_prefix, as_json=as_json)
        case HistoryBackup(path=path, as_json=as_json):
            await _back_up(store, out, Path(path), as_json=as_json)
        case _:
            assert_never(arguments)
    return 0


async def _list(store: Store, out: TextIO, *, limit: int | None, as_json: bool) -> None:
    rows = await store.list(limit)
    if as_json:
        objects: list[JsonValue] = [
            {
                "id": row.id,
                "title": row.title,
                "model": row.model,
                "created": iso_time(row.created_at),
                "updated": iso_time(row.updated_at),
                "messages": row.messages,
            }
            for row in rows
        ]
        write_json(out, objects)
        return
    if not rows:
        out.write("No conversation has been saved yet.\n")
        return
    cells = [(row.id, local_time(row.updated_at), str(row.messages), row.model, row.title) for row in rows]
    write_table(out, ("ID", "LAST MESSAGE", "MESSAGES", "MODEL", "TITLE"), cells, right=(2,))


async def _search(store: Store, out: TextIO, words: str, *, now: float, as_json: bool) -> None:
    read = read_query(words, now)
    for problem in read.problems:
        note(problem)
    hits = (await store.search(read.query)).hits
    if as_json:
        objects: list[JsonValue] = [
            {
                "conversation": hit.conversation_id,
                "title": hit.title,
                "message": hit.node_id or None,
                "role": None if hit.found_in is FoundIn.TITLE else hit.role,
                "model": hit.model or None,
                "time": iso_time(hit.created_at),
                "excerpt": hit.excerpt,
            }
            for hit in hits
        ]
        write_json(out, objects)
        return
    for hit in hits:
        out.write(f"{hit.conversation_id}  {local_time(hit.created_at)}  {sanitize_line(hit.title)}\n")
        out.write(f"    {sanitize_line(hit.excerpt)}\n")
    if not hits:
        out.write("Nothing was found.\n")


async def _document(store: Store, id_prefix: str, *, as_json: bool) -> str:
    """Write the whole conversation as JSON, or its current path as Markdown."""
    conversation, nodes = await store.load(id_prefix)
    if as_json:
        return to_json(conversation, nodes)
    return to_markdown(conversation, Tree(nodes).path(conversation.head_id))


async def _import(store: Store, out: TextIO, file: Path, *, as_json: bool) -> None:
    imported = await import_file(store, file)
    if as_json:
        id_ = imported.conversation.id
        counts: JsonObject = {"messages": imported.added, "already": imported.already, "left_out": []}
        write_json(out, {"id": id_, "conversations": [id_], **counts})
        return
    if imported.has_new_ids:
        note(OTHER_IDS)
    out.write(f"{imported_words(imported)}\n")


async def _back_up(store: Store, out: TextIO, path: Path, *, as_json: bool) -> None:
    with Progress("copied") as progress:
        backed_up = await store.back_up(path, progress.show)
    if as_json:
        write_json(
            out,
            {
                "path": str(backed_up.path),
                "conversations": backed_up.conversations,
                "messages": backed_up.messages,
                "bytes": backed_up.size,
            },
        )
        return
    size = figures.size(backed_up.size)
    conversations = figures.counted(backed_up.conversations, "conversation")
    what = f"{conversations} with {figures.counted(backed_up.messages, 'message')}, {size}"
    out.write(f"{sanitize_line(str(backed_up.path), 4096)}  ({what})\n")


async def _delete(store: Store, out: TextIO, id_prefix: str, *, as_json: bool) -> None:
    conversation, nodes = await store.load(id_prefix)
    title = sanitize_line(conversation.title)
    if not as_json and sys.stdin.isatty() and sys.stdout.isatty():
        out.write(f"Delete “{title}” with its {len(nodes)} messages for good? [y/N] ")
        out.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            out.write("Kept.\n")
            return
    await store.delete(conversation.id)
    if as_json:
        write_json(out, {"deleted": conversation.id})
    else:
        out.write(f"Deleted {conversation.id}  {title}\n")
