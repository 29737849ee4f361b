"""Commands that open and save the pictures, sound, files and sources of answers."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.core.media import source_words
from tui_chat.core.parts import Beside, Source
from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.wording import part_words
from tui_chat.terminal.opener import OpenerFailed
from tui_chat.transcripts.saving import FileExists, save_bytes
from tui_chat.workspace import beside

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


async def open_part(chat: "Chat", which: str) -> None:
    """Open a part or a source of the last answer that has any: the only one, the one with this number, or one that is
    chosen."""
    parts = beside.openable(chat.conversation)
    if not parts:
        chat.say("No answer here holds a picture, a sound, a file or a source.")
        return
    if which.isdecimal() and 1 <= int(which[:9]) <= len(parts):
        part: Beside | Source | None = parts[int(which[:9]) - 1]
    elif len(parts) == 1 and not which:
        part = parts[0]
    else:
        part = chat.choose(parts, _words)
    if part is None:
        return
    try:
        match beside.to_open(part):
            case beside.Address(url, host):
                if chat.confirm(f"A page of {host}: {url}\nOpen it?"):
                    await chat.context.opener.browse(url)
                    chat.say("Opened.")
            case beside.Viewable(data, name):
                await chat.context.opener.show(data, name, in_memory=chat.session.is_temporary)
                chat.say(f"Opened {name}.")
    except OpenerFailed as failure:
        chat.say(f"{failure} /export parts saves the parts.")


async def export(chat: "Chat", arguments: str) -> None:
    """Save the parts of the last answer that has any, or the one with the number that comes first."""
    for saving in beside.to_export(chat.conversation, arguments):
        try:
            saved: Path | None = await asyncio.to_thread(save_bytes, saving.file, saving.data)
        except FileExists as error:
            replaces = chat.confirm(f"{error.failure.message} Replace it?")
            saved = await asyncio.to_thread(save_bytes, saving.file, saving.data, True) if replaces else None
        chat.say(f"Saved to {sanitize_line(str(saved), 300)}." if saved else "Not saved.")


def _words(part: Beside | Source) -> str:
    return f"Source {source_words(part)}" if isinstance(part, Source) else part_words(part)
