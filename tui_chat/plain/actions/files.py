"""Commands that put a conversation, an answer or a piece of code somewhere else."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.tree import last_of
from tui_chat.plain.wording import label_of, message_text
from tui_chat.transcripts.exporting import SUFFIXES, document, file_for, form_named, form_of_path
from tui_chat.transcripts.saving import FileExists, save_export
from tui_chat.workspace.mentioned_files import files_named
from tui_chat.workspace.mentions import mention_of

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


async def save(chat: "Chat", path: str) -> None:
    """Save the conversation as Markdown, or as what the path's ending says."""
    await _write(chat, form_of_path(path), path)


async def export(chat: "Chat", arguments: str) -> None:
    """Save the conversation in the format that is named first."""
    name, _, path = arguments.partition(" ")
    form = form_named(name)
    if form is None:
        chat.say(f"Formats are {' and '.join(SUFFIXES)}: /export markdown PATH")
    else:
        await _write(chat, form, path.strip())


async def _write(chat: "Chat", form: str, path: str) -> None:
    if not chat.session.path:
        chat.say("There is nothing to save yet.")
        return
    text = document(form, chat.session.conversation, chat.session.tree)
    target = file_for(path, form, chat.session.conversation)
    try:
        saved = await asyncio.to_thread(save_export, target, text)
    except FileExists as error:
        if not chat.confirm(f"{error.failure.message} Replace it?"):
            chat.say("Not saved.")
            return
        saved = await asyncio.to_thread(save_export, target, text, True)
    chat.say(f"Saved to {sanitize_line(str(saved), 300)}")


async def attach(chat: "Chat", path: str) -> None:
    """Name a file for the next message."""
    path = path or chat.ask_line("File: ").strip()
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
    """Take files from the next message, or the one of this name."""
    wanted = [mention for mention in chat.attached if not name or mention == mention_of(name)]
    chat.attached[:] = [mention for mention in chat.attached if mention not in wanted]
    gone = ", ".join(sanitize_line(mention, 100) for mention in wanted)
    chat.say(f"Detached: {gone}" if gone else "Nothing of that name is attached." if name else "Nothing is attached.")


async def copy(chat: "Chat", which: str) -> None:
    """Copy the last answer, its N-th code block, or everything."""
    if which.lower() == "all":
        what, text = "the conversation", _all_text(chat)
    else:
        what = "the last answer"
        answer = last_of(chat.session.path, Role.ASSISTANT)
        text = answer.message.text if answer else ""
        if which and text:
            blocks = _code_blocks(text)
            if not which.isdecimal() or not 1 <= int(which[:9]) <= len(blocks):
                chat.say(f"The last answer has {len(blocks)} code blocks: /copy 1 copies the first.")
                return
            what, text = f"code block {int(which)}", blocks[int(which) - 1]
    if text:
        chat.say(await chat.surroundings.copy(text, what, not chat.session.is_temporary))
    else:
        chat.say("There is nothing to copy yet.")


def _all_text(chat: "Chat") -> str:
    return "\n\n".join(f"{label_of(node)}: {message_text(node.message)}" for node in chat.session.path)


def _code_blocks(markdown: str) -> list[str]:
    from markdown_it import MarkdownIt  # only where a piece of code is asked for

    return [token.content for token in MarkdownIt().parse(markdown) if token.type in ("fence", "code_block")]
