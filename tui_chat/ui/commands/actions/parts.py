"""Opening and saving the pictures, sound, files and sources of answers."""

import asyncio
from pathlib import Path

from tui_chat.core.parts import Beside, Source
from tui_chat.core.sanitize import sanitize_line, without_surrogates
from tui_chat.terminal.opener import OpenerFailed
from tui_chat.transcripts.saving import FileExists, file_at, save_bytes
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import beside
from tui_chat.workspace.refusal import CommandRefused


async def take(context: CommandContext, part: Beside | Source | None, *, saves: bool) -> None:
    """Open a part, or save it where the person says."""
    await (_save(context, part) if saves else _open(context, part))


async def take_of_call(context: CommandContext, text: str, tool: str, what: str, *, saves: bool) -> None:
    """Copy what a view shows of a call, or save it where the person says; `what` names it: arguments, output."""
    if saves:
        await _save_as(context, without_surrogates(text).encode(), beside.call_file_name(tool, what, text))
    else:
        context.copying.copy(text, f"the {what}")


async def export(context: CommandContext, arguments: str) -> None:
    """Save the parts of the last answer that has any, or the one with the number that comes first."""
    saved = [
        path
        for saving in beside.to_export(context.conversation, arguments)
        if (path := await _write(context, saving.file, saving.data)) is not None
    ]
    _tell(context, saved)


async def _open(context: CommandContext, part: Beside | Source | None) -> None:
    opener = context.program.outside.opener
    try:
        match beside.to_open(part):
            case beside.Address(url, host):
                question = dialogs.yes_or_no(
                    f"Open a page of {sanitize_line(host, 40)}?", url, no="Stay here", yes="Open the page"
                )
                if await context.ask(question):
                    await opener.browse(url)
                    context.note(f"Opened {sanitize_line(url, 100)}.")
            case beside.Viewable(data, name):
                await opener.show(data, name, in_memory=context.conversation.is_temporary)
                context.note(f"Opened {name}.")
    except OpenerFailed as failure:
        raise CommandRefused(f"{failure} Save it, or copy its address, instead.") from failure


async def _save(context: CommandContext, part: Beside | Source | None) -> None:
    await _save_as(context, *beside.to_save(part))


async def _save_as(context: CommandContext, data: bytes, name: str) -> None:
    answer = await context.ask(dialogs.line("Save as", name, hint="PATH", verb="save"))
    if answer and answer.strip():
        file = await asyncio.to_thread(file_at, answer.strip(), name)
        saved = await _write(context, file, data)
        _tell(context, [saved] if saved else [])


async def _write(context: CommandContext, file: Path, data: bytes) -> Path | None:
    """Where it was saved; None where the person keeps what is there."""
    try:
        return await asyncio.to_thread(save_bytes, file, data)
    except FileExists as error:
        question = dialogs.yes_or_no("Replace the file?", error.failure.message, no="Keep it", yes="Replace it")
        if not await context.ask(question):
            return None
        return await asyncio.to_thread(save_bytes, file, data, True)


def _tell(context: CommandContext, saved: list[Path]) -> None:
    if saved:
        names = ", ".join(path.name for path in saved)
        where = saved[0] if len(saved) == 1 else f"{saved[0].parent}: {names}"
        context.note(f"Saved to {sanitize_line(str(where), 300)}.", timeout=8)
