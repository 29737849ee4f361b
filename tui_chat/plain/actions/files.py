"""Commands that save, export, copy and attach."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.actions import parts
from tui_chat.plain.wording import label_of, message_text
from tui_chat.transcripts.saving import FileExists, save_export
from tui_chat.workspace import verbs
from tui_chat.workspace.importing import file_words, import_file, notes_on, opening_words
from tui_chat.workspace.lasting import Lasting
from tui_chat.workspace.mentioned_files import files_named, taken_out_words
from tui_chat.workspace.mentions import mention_of
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

_TOLD_EVERY_S: Final = 5.0
"""A line stays where it is said."""


async def save(chat: "Chat", path: str) -> None:
    """Save the conversation as Markdown, or in the format of the path's ending."""
    await _write(chat, await verbs.export_by_path(chat.conversation, path))


async def export(chat: "Chat", arguments: str) -> None:
    """Save the conversation in the format that the first argument names, or the parts of the last answer."""
    if (rest := verbs.parts_named(arguments)) is not None:
        await parts.export(chat, rest)
        return
    await _write(chat, await verbs.export_by_format(chat.conversation, arguments))


async def import_(chat: "Chat", path: str) -> None:
    """Add the conversations in a file to the saved ones."""
    path = path or chat.ask_line("File: ", is_path=True).strip()
    if not path:
        return
    tell = Lasting(lambda share: chat.say(f"Importing, {round(share * 100)} percent."), every_s=_TOLD_EVERY_S)
    if imported := await chat.run(import_file(chat.services.store, Path(path), tell)):
        for line in (*notes_on(imported), file_words(imported), opening_words(imported)):
            chat.say(line)


async def _write(chat: "Chat", export: verbs.Export) -> None:
    if export.hides and chat.lines.is_terminal and not chat.confirm(f"{export.hidden} Save it like this?"):
        chat.say("Not saved.")
        return
    try:
        saved = await asyncio.to_thread(save_export, export.file, export.text)
    except FileExists as error:
        if not chat.confirm(f"{error.failure.message} Replace it?"):
            chat.say("Not saved.")
            return
        saved = await asyncio.to_thread(save_export, export.file, export.text, True)
    chat.say(f"Saved to {sanitize_line(str(saved), 300)}.")
    if export.hidden:
        chat.say(export.hidden)


async def attach(chat: "Chat", path: str) -> None:
    """Attach a file to the next message."""
    path = path or chat.ask_line("File: ", is_path=True).strip()
    if not path:
        return
    named = await asyncio.to_thread(files_named, mention_of(path), Path.cwd())
    problem = next((file.problem for file in named if file.problem), "" if named else "no such file")
    if problem:
        chat.say(f"{sanitize_line(path, 100)} cannot be attached: {problem}.")
    else:
        chat.attached.append(mention_of(path))
        chat.say(f"{sanitize_line(path, 100)} goes along with your next message.")


def detach(chat: "Chat", name: str) -> None:
    """Detach all files from the next message, or the one with this name."""
    wanted = [mention for mention in chat.attached if not name or mention == mention_of(name)]
    chat.attached[:] = [mention for mention in chat.attached if mention not in wanted]
    gone = taken_out_words(wanted) if wanted else ""
    chat.say(gone or ("Nothing of that name is attached." if name else "Nothing is attached."))


async def copy(chat: "Chat", which: str) -> None:
    """Copy message N, else the last answer; a code block of that one, or everything."""
    copy = _whole(chat) if which.lower() == "all" else verbs.text_to_copy(chat.conversation, which)
    chat.say(await chat.context.copy(copy.text, copy.what, not chat.session.is_temporary))


def _whole(chat: "Chat") -> verbs.Copy:
    path = chat.session.path
    if not path:
        raise CommandRefused("There is nothing to copy yet.")
    text = "\n\n".join(f"{label_of(node)}: {message_text(node.message)}" for node in path)
    return verbs.Copy(text, "the conversation")
