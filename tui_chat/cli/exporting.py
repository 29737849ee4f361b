"""`tui-chat history export`: one conversation to standard output or a file, or all of them to a folder."""

import asyncio
from pathlib import Path
from typing import TextIO

from msgspec.structs import replace

from tui_chat.chat.services import Services
from tui_chat.chat.titles import cost_of_titles
from tui_chat.cli.arguments import HistoryExport
from tui_chat.cli.loading import note
from tui_chat.cli.progress import Progress
from tui_chat.core import figures
from tui_chat.core.errors import ChatError, StoreError, TranscriptError
from tui_chat.core.sanitize import sanitize_in_place
from tui_chat.core.search_query import ALL, Shelf
from tui_chat.core.tree import Tree
from tui_chat.private_files import make_private_folder
from tui_chat.regular_files import expanded
from tui_chat.transcripts.choosing import LOSSLESS
from tui_chat.transcripts.exporting import Choice, Exported, exported, file_for, form_of_path
from tui_chat.transcripts.redacting import findings_words
from tui_chat.transcripts.saving import FileExists, save_export
from tui_chat.workspace.exporting import choice_of

_MOST_OF_ONE_NAME = 10_000


def wrong_use_of(arguments: HistoryExport) -> str:
    """Why these arguments cannot be meant together; empty where they can."""
    is_lossless = _form(arguments) in LOSSLESS
    if arguments.id is None and not arguments.output:
        return "give the id of a conversation, or a folder with -o for all of them"
    if arguments.id is None and arguments.branch:
        return "--branch wants the id of a conversation"
    if arguments.branch and arguments.all_branches:
        return "--branch is one branch and --all is every one; give one of them"
    if arguments.last is not None and arguments.all_branches:
        return "--last is the end of one branch and --all is every one; give one of them"
    if is_lossless and (arguments.branch or arguments.last is not None):
        return "json and jsonl always hold every message; --branch and --last are for the other forms"
    return ""


async def export(services: Services, out: TextIO, arguments: HistoryExport) -> int:
    """Write what is meant, and return the exit status."""
    choice = replace(
        choice_of(services, _form(arguments), redact=arguments.redact),
        all_branches=arguments.all_branches,
        branch=arguments.branch,
        last=arguments.last,
        facts=not arguments.no_facts,
    )
    if arguments.id is None:
        return await _export_all(services, out, choice, arguments.output)
    document = await _document(services, choice, arguments.id)
    if not arguments.output:
        out.write(document.text)
    else:
        file = file_for(arguments.output, choice.form, document.conversation)
        out.write(f"{sanitize_in_place(str(save_export(file, document.text)))}\n")
    _say_hidden(choice, document)
    return 0


def _form(arguments: HistoryExport) -> str:
    return arguments.format or (form_of_path(arguments.output) if arguments.id is not None else "markdown")


async def _document(services: Services, choice: Choice, id_: str) -> Exported:
    conversation, nodes = await services.store.load(id_)
    choice = replace(choice, beside=await cost_of_titles(services.store, conversation.id))
    filed = (await services.store.find(conversation.id)).filed
    return await asyncio.to_thread(exported, choice, conversation, Tree(nodes), filed)


async def _export_all(services: Services, out: TextIO, choice: Choice, folder: str) -> int:
    """Write every conversation, those in the archive too, to a file of its own. One that cannot be written is named,
    and the others are written all the same."""
    place = _folder(folder)
    rows = await services.store.list(filters=replace(ALL, shelf=Shelf.ALL))
    failed = 0
    with Progress("written") as progress:
        for number, row in enumerate(rows):
            progress.show(number / len(rows))
            try:
                document = await _document(services, choice, row.id)
                file = await asyncio.to_thread(_save_new, place, choice.form, document)
            except ChatError as error:
                failed += 1
                progress.clear()
                note(f"{row.id} is not exported: {error.failure.message}")
                continue
            progress.clear()
            out.write(f"{sanitize_in_place(str(file))}\n")
            _say_hidden(choice, document, row.id)
    if not rows:
        note("No conversation has been saved yet.")
    if failed:
        note(f"{figures.counted(failed, 'conversation')} of {len(rows)} could not be exported.")
    return 1 if failed else 0


def _folder(path: str) -> Path:
    """The folder, made where there is none.

    Raises:
        TranscriptError: something else is there.
        FileError: it cannot be made.
    """
    place = expanded(path).absolute()
    if place.exists() and not place.is_dir():
        raise TranscriptError(f"{path} is no folder, and all conversations do not go into one file.", "Name a folder.")
    make_private_folder(place)
    return place


def _save_new(place: Path, form: str, document: Exported) -> Path:
    """Write to a name that nobody has: a number follows where somebody has it."""
    first = file_for(f"{place}/", form, document.conversation)
    for number in range(1, _MOST_OF_ONE_NAME):
        file = first if number == 1 else first.with_name(f"{first.stem}-{number}{first.suffix}")
        try:
            return save_export(file, document.text)
        except FileExists:
            continue
    raise StoreError(f"{first} and {_MOST_OF_ONE_NAME:,} names like it exist already.", "Name an empty folder.")


def _say_hidden(choice: Choice, document: Exported, id_: str = "") -> None:
    if choice.redactor is None:
        return
    name = f"{id_}: " if id_ else ""
    for words in findings_words(document.findings):
        note(f"{name}{words}")
    if not document.findings:
        note(f"{name}Nothing was found to hide.")
