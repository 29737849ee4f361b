"""Commands about the draft: earlier prompts, the external editor."""

import os
from typing import TYPE_CHECKING

from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.chat_screen.screen import ChatScreen


async def search_prompts(chat: "ChatScreen", _: str) -> None:
    """Find an earlier prompt and take it into the composer."""
    from tui_chat.ui.dialogs.prompt_search import PromptSearch  # imported when it is opened

    prompts = chat.composer.prompts.prompts
    if not prompts:
        raise CommandRefused("Nothing has been sent yet.")
    chosen = await chat.app.push_screen_wait(PromptSearch(prompts))
    if chosen is not None:
        chat.composer.recall(chosen)


async def external_editor(chat: "ChatScreen", words: str) -> None:
    """Write the draft in $VISUAL or $EDITOR; with `quote`, the last answer is below it to look at."""
    if words not in ("", "quote"):
        raise CommandRefused("/editor takes `quote` or nothing.")
    if chat.chat_app.editor.is_open:
        return
    text = chat.composer.text
    changed = await chat.chat_app.editor.change(
        os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi",
        text,
        quoted=chat.transcript.last_answer_text() if words and chat.has_session else "",
        is_temporary=chat.is_temporary,
    )
    if changed != text:
        chat.composer.put(changed)


def vim(chat: "ChatScreen", _: str) -> None:
    """Switch vim's modes on or off, from now on and in the next run."""
    is_on = not chat.composer.uses_vim
    chat.composer.use_vim(is_on)
    chat.toast("Vim's modes are on: Esc leaves inserting." if is_on else "Vim's modes are off.")
    chat.chat_app.save_setting("vim", is_on)


async def editor_with_answer(chat: "ChatScreen", _: str) -> None:
    """The same with the last answer, for a key."""
    await external_editor(chat, "quote")
