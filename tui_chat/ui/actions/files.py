"""Commands that put a conversation, an answer or a piece of code somewhere else."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.core.parts import Role
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.screens.chat import ChatScreen

SUFFIXES = {"markdown": "md", "json": "json"}
NAMES = {"md": "markdown", **{name: name for name in SUFFIXES}}


async def save(chat: "ChatScreen", path: str) -> None:
    """Save the conversation as Markdown, or as what the path's ending says."""
    suffix = Path(path).suffix.lstrip(".").lower()
    await _write(chat, NAMES.get(suffix, "markdown"), path)


async def export(chat: "ChatScreen", arguments: str) -> None:
    """Save the conversation in the format that is named first."""
    name, _, path = arguments.partition(" ")
    form = NAMES.get(name.lower())
    if form is None:
        raise CommandRefused(f"Formats are {' and '.join(SUFFIXES)}: /export markdown [PATH]")
    await _write(chat, form, path.strip())


async def _write(chat: "ChatScreen", form: str, path: str) -> None:
    if not chat.session.path:
        raise CommandRefused("There is nothing to save yet.")
    # The writers are imported when the first file is written.
    from tui_chat.transcripts.filename import suggested_name
    from tui_chat.transcripts.saving import FileExists, save_export

    conversation = chat.session.conversation
    if form == "json":
        from tui_chat.transcripts.json import to_json

        text = to_json(conversation, chat.session.tree.nodes())
    else:
        from tui_chat.transcripts.markdown import to_markdown

        text = to_markdown(conversation, chat.session.path)
    target = Path(path) if path else Path()
    if not path or path.endswith("/") or target.expanduser().is_dir():
        target = target / suggested_name(conversation.title, conversation.created_at, SUFFIXES[form])
    try:
        saved = await asyncio.to_thread(save_export, target, text)
    except FileExists as error:
        from tui_chat.ui.screens.confirm import ConfirmDialog  # imported when it is opened

        question = ConfirmDialog("Replace the file?", f"{error.failure.message}", "Replace")
        if not await chat.app.push_screen_wait(question):
            return
        saved = await asyncio.to_thread(save_export, target, text, True)
    chat.toast(f"Saved to {sanitize_line(str(saved), 300)}", timeout=8)


def copy(chat: "ChatScreen", number: str) -> None:
    """Copy the last answer, its N-th code block, or everything."""
    if number.lower() == "all":
        if not chat.session.path:
            raise CommandRefused("There is nothing to copy yet.")
        chat.copy(chat.transcript.all_text(), "the conversation")
        return
    if not number:
        text = next(
            (node.message.text for node in reversed(chat.session.path) if node.message.role is Role.ASSISTANT), ""
        )
        if not text:
            raise CommandRefused("There is no answer to copy yet.")
        chat.copy(text, "the last answer")
        return
    if not number.isdecimal() or int(number) < 1:
        raise CommandRefused("Say which code block by its number: /copy 2")
    code = chat.transcript.code_block(int(number))
    if code is None:
        raise CommandRefused(f"The last answer has no code block {int(number)}.")
    chat.copy(code, f"code block {int(number)}")
