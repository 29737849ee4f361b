"""Commands that put a conversation, an answer or a piece of code somewhere else."""

import asyncio
from pathlib import Path
from typing import Final

from tui_chat.core.figures import counted
from tui_chat.core.sanitize import sanitize_line
from tui_chat.transcripts.saving import FileExists, save_export
from tui_chat.ui import dialogs
from tui_chat.ui.commands.actions import parts
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import verbs
from tui_chat.workspace.lasting import Lasting
from tui_chat.workspace.mentions import mention_of
from tui_chat.workspace.refusal import CommandRefused

_MOST_NOTES: Final = 3
"""Lines beside the counts of an import: a note covers the transcript."""


async def save(context: CommandContext, path: str) -> None:
    """Save the conversation as Markdown, or as what the path's ending says."""
    await write(context, await verbs.export_by_path(context.conversation, path))


async def export(context: CommandContext, arguments: str) -> None:
    """Save the conversation in the format that is named first, or the parts of the last answer."""
    if (rest := verbs.parts_named(arguments)) is not None:
        await parts.export(context, rest)
        return
    await write(context, await verbs.export_by_format(context.conversation, arguments, _selected(context)))


def _selected(context: CommandContext) -> tuple[str, ...]:
    """Ids of the messages that are selected, else of the one under the cursor, which is not shown while one types."""
    from tui_chat.ui.transcript.selecting import selected_messages  # the transcript's engine is not needed before it

    transcript = context.transcript
    touched = selected_messages(transcript.whole.sections, transcript.text_selection)
    return touched or tuple(filter(None, (transcript.last_here,)))


async def import_(context: CommandContext, path: str) -> None:
    """Add the conversations in a file to the saved ones."""
    from tui_chat.workspace.importing import file_words, import_file, notes_on, opening_words  # few people ever import

    def tell(share: float) -> None:
        context.note(f"Importing … {round(share * 100)} %", timeout=1)

    imported = await import_file(context.conversation.services.store, Path(path), Lasting(tell))
    words = f"{file_words(imported)}. {opening_words(imported)}"
    notes = notes_on(imported)
    more = (f"And {counted(len(notes) - _MOST_NOTES, 'line')} more: `history import` in the shell says them all.",)
    shown = notes if len(notes) <= _MOST_NOTES else notes[:_MOST_NOTES] + more
    context.note("\n".join((words, *shown)), timeout=8)


async def write(context: CommandContext, export: verbs.Export) -> None:
    """Write a document to its file, with something hidden in it after a look at what that is; a file that is there is
    replaced only where that is wanted."""
    if export.hides:
        question = dialogs.yes_or_no("Save it like this?", export.hidden, no="Leave it unsaved", yes="Save it")
        if not await context.ask(question):
            return
    try:
        saved = await asyncio.to_thread(save_export, export.file, export.text)
    except FileExists as error:
        question = dialogs.yes_or_no("Replace the file?", error.failure.message, no="Keep it", yes="Replace it")
        if not await context.ask(question):
            return
        saved = await asyncio.to_thread(save_export, export.file, export.text, True)
    context.note(f"Saved to {sanitize_line(str(saved), 300)}. {export.hidden}".rstrip(), timeout=8)


async def attach(context: CommandContext, path: str) -> None:
    """Name a file in the draft, where the cursor is; refused where it cannot be attached."""
    from tui_chat.workspace.mentioned_files import files_named, shown_name  # nothing before the first file needs it

    named = await asyncio.to_thread(files_named, mention_of(path), Path())
    for file in named:
        if file.problem:
            raise CommandRefused(f"{shown_name(file.name)}: {file.problem}.")
    if not named:
        raise CommandRefused(f"{shown_name(path)}: no such file.")
    context.writing.attaching.attach(path)


def detach(context: CommandContext, name: str) -> None:
    """Take the files out of the draft, or the one of this name."""
    refuse_without_files(context)
    said = context.writing.attaching.detach(name)
    if not said:
        raise CommandRefused(f"{sanitize_line(name, 100)} is not attached.")
    context.note(said)


def refuse_without_files(context: CommandContext) -> None:
    """Refuse to detach where nothing is attached."""
    if not context.writing.attaching.names:
        raise CommandRefused("Nothing is attached.")


def copy(context: CommandContext, which: str) -> None:
    """Copy message N, else the one under the cursor, else the last answer; a code block of that one, or everything."""
    if which.lower() == "all":
        if not context.conversation.session.path:
            raise CommandRefused("There is nothing to copy yet.")
        from tui_chat.ui.transcript.extraction import all_text  # the transcript's engine is not needed before it

        context.copying.copy(all_text(context.transcript.whole), "the conversation")
        return
    if (number := verbs.code_named(which)) is not None:
        from tui_chat.ui.transcript.extraction import code_texts

        blocks = code_texts(context.transcript.whole)
        at = verbs.code_block_at(len(blocks), number)
        context.copying.copy(blocks[at - 1], f"code block {at}")
        return
    found = verbs.text_to_copy(context.conversation, which, context.transcript.here)
    context.copying.copy(found.text, found.what)
