"""`tui-chat history`: what its subcommands do with saved conversations, and how they are shown, exported, imported and
backed up."""

import sys
from pathlib import Path
from typing import TextIO, assert_never

import msgspec

from tui_chat.chat.ports import Store
from tui_chat.chat.services import Services
from tui_chat.chat.titles import cost_of_titles
from tui_chat.cli.arguments import (
    HistoryArchive,
    HistoryArguments,
    HistoryBackup,
    HistoryDelete,
    HistoryExport,
    HistoryImport,
    HistoryList,
    HistoryRename,
    HistoryRestore,
    HistorySearch,
    HistoryShow,
    HistoryTree,
)
from tui_chat.cli.deletion import delete
from tui_chat.cli.exporting import export, wrong_use_of
from tui_chat.cli.listing import list_conversations
from tui_chat.cli.loading import note
from tui_chat.cli.narrowing import says_nothing
from tui_chat.cli.progress import Progress
from tui_chat.cli.running import run_listing, say_failure
from tui_chat.cli.searching import search_messages
from tui_chat.cli.shelving import rename, shelve
from tui_chat.cli.table import write_json
from tui_chat.cli.tree import show_tree
from tui_chat.cli.wrong_use import WRONG_USE, refuse
from tui_chat.core import figures
from tui_chat.core.errors import TranscriptError
from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import Tree
from tui_chat.settings.command_line import CommandLine
from tui_chat.transcripts.exporting import document
from tui_chat.workspace.importing import file_words, import_file, imported_words, notes_on


def run_history(line: CommandLine, arguments: HistoryArguments) -> int:
    """Carry out one of the history subcommands, and return the exit status.

    Raises:
        SystemExit: something to look for, or a name, is needed; a message has been printed.
    """
    match arguments:
        case HistorySearch() if msgspec.structs.replace(arguments, as_json=False) == HistorySearch():
            refuse("give words to look for, or a filter such as --model", command="history search")
        case HistoryRename(name=words) if not " ".join(words).strip():
            refuse("a name needs a letter at least", command="history rename")
        case HistoryExport() if why := wrong_use_of(arguments):
            refuse(why, command="history export")
        case HistorySearch() if says_nothing(arguments):
            refuse("give the words that are looked for", command="history search")
    return run_listing(line, lambda services: _act(services, sys.stdout, arguments))


async def _act(services: Services, out: TextIO, arguments: HistoryArguments) -> int:
    store = services.store
    match arguments:
        case HistoryList():
            await list_conversations(store, out, arguments)
        case HistorySearch():
            await search_messages(store, out, arguments, services.clock.now())
        case HistoryTree(id=id_prefix, as_json=as_json):
            await show_tree(store, out, id_prefix, as_json=as_json)
        case HistoryShow(id=id_prefix, as_json=as_json):
            out.write(await _document(store, id_prefix, as_json=as_json))
        case HistoryExport():
            return await export(services, out, arguments)
        case HistoryImport(file=file, as_json=as_json):
            try:
                await _import(store, out, Path(file), as_json=as_json)
            except TranscriptError as error:
                say_failure(error.failure)
                return WRONG_USE
        case HistoryRename(id=id_prefix, name=words, as_json=as_json):
            await rename(store, out, id_prefix, " ".join(words), as_json=as_json)
        case HistoryArchive(id=id_prefix, as_json=as_json):
            await shelve(store, out, id_prefix, archived=True, as_json=as_json)
        case HistoryRestore(id=id_prefix, as_json=as_json):
            await shelve(store, out, id_prefix, archived=False, as_json=as_json)
        case HistoryDelete():
            await delete(services, out, arguments)
        case HistoryBackup(path=path, as_json=as_json):
            await _back_up(store, out, Path(path), as_json=as_json)
        case _:
            assert_never(arguments)
    return 0


async def _document(store: Store, id_prefix: str, *, as_json: bool) -> str:
    """Write the whole conversation as JSON, or its current path as Markdown."""
    conversation, nodes = await store.load(id_prefix)
    titles = await cost_of_titles(store, conversation.id)
    filed = (await store.find(conversation.id)).filed
    return document("json" if as_json else "markdown", conversation, Tree(nodes), titles, filed)


async def _import(store: Store, out: TextIO, file: Path, *, as_json: bool) -> None:
    with Progress("imported") as progress:
        imported = await import_file(store, file, progress.show)
    if as_json:
        ids = [one.conversation.id for one in imported.conversations]
        write_json(
            out,
            {
                "id": ids[0],
                "conversations": list[JsonValue](ids),
                "messages": imported.added,
                "already": imported.already,
                "left_out": list[JsonValue](imported.left_out),
                "new_ids": [one.conversation.id for one in imported.conversations if one.has_new_ids],
            },
        )
        return
    for line in notes_on(imported):
        note(line)
    for one in imported.conversations:
        out.write(f"{imported_words(one)}\n")
    if len(imported.conversations) > 1:
        note(file_words(imported))


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
