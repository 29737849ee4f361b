"""Commands that put a conversation, an answer or a piece of code somewhere else."""

import asyncio
from pathlib import Path

from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import last_of
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace.mentions import mention_of
from tui_chat.workspace.refusal import CommandRefused


async def save(context: CommandContext, path: str) -> None:
    """Save the conversation as Markdown, or as what the path's ending says."""
    from tui_chat.transcripts.exporting import form_of_path  # the writers are imported when a file is written

    await _write(context, form_of_path(path), path)


async def export(context: CommandContext, arguments: str) -> None:
    """Save the conversation in the format that is named first."""
    from tui_chat.transcripts.exporting import SUFFIXES, form_named

    name, _, path = arguments.partition(" ")
    form = form_named(name)
    if form is None:
        raise CommandRefused(f"Formats are {' and '.join(SUFFIXES)}: /export markdown [PATH]")
    await _write(context, form, path.strip())


async def _write(context: CommandContext, form: str, path: str) -> None:
    if not context.conversation.session.path:
        raise CommandRefused("There is nothing to save yet.")
    from tui_chat.transcripts.exporting import document, file_for
    from tui_chat.transcripts.saving import FileExists, save_export

    text = document(form, context.conversation.session.conversation, context.conversation.session.tree)
    target = file_for(path, form, context.conversation.session.conversation)
    try:
        saved = await asyncio.to_thread(save_export, target, text)
    except FileExists as error:
        question = dialogs.yes_or_no("Replace the file?", f"{error.failure.message}", "Replace")
        if not await context.ask(question):
            return
        saved = await asyncio.to_thread(save_export, target, text, True)
    context.toast(f"Saved to {sanitize_line(str(saved), 300)}", timeout=8)


async def attach(context: CommandContext, path: str) -> None:
    """Name a file in the draft, where the cursor is; refused where it cannot be attached."""
    from tui_chat.workspace.mentioned_files import files_named, shown_name  # nothing before the first file needs it

    named = await asyncio.to_thread(files_named, mention_of(path), Path())
    for file in named:
        if file.problem:
            raise CommandRefused(f"{shown_name(file.name)}: {file.problem}.")
    context.conversation.attaching.attach(path)


def detach(context: CommandContext, name: str) -> None:
    """Take the files out of the draft, or the one of this name."""
    gone = context.conversation.attaching.detach(name)
    if not gone:
        raise CommandRefused(f"{sanitize_line(name, 100)} is not attached." if name else "Nothing is attached.")
    context.toast(f"Detached: {sanitize_line(', '.join(gone), 200)}")


def copy(context: CommandContext, number: str) -> None:
    """Copy the last answer, its N-th code block, or everything."""
    if number.lower() == "all":
        if not context.conversation.session.path:
            raise CommandRefused("There is nothing to copy yet.")
        context.copying.copy(context.transcript.all_text(), "the conversation")
        return
    if not number:
        answer = last_of(context.conversation.session.path, Role.ASSISTANT)
        if answer is None or not answer.message.text:
            raise CommandRefused("There is no answer to copy yet.")
        context.copying.copy(answer.message.text, "the last answer")
        return
    if not number.isdecimal() or int(number) < 1:
        raise CommandRefused("Say which code block by its number: /copy 2")
    code = context.transcript.code_block(int(number))
    if code is None:
        raise CommandRefused(f"The last answer has no code block {int(number)}.")
    context.copying.copy(code, f"code block {int(number)}")
