"""Commands about the draft: earlier prompts, the external editor."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.ui.refusal import CommandRefused
from tui_chat.ui.widgets.composer import as_typed

if TYPE_CHECKING:
    from tui_chat.ui.screens.chat import ChatScreen


async def search_prompts(chat: "ChatScreen", _: str) -> None:
    """Find an earlier prompt and take it into the composer."""
    from tui_chat.ui.screens.prompt_search import PromptSearch  # imported when it is opened

    prompts = chat.composer.prompts.prompts
    if not prompts:
        raise CommandRefused("Nothing has been sent yet.")
    chosen = await chat.app.push_screen_wait(PromptSearch(prompts))
    if chosen is not None:
        chat.composer.put(chosen)


def external_editor(chat: "ChatScreen", _: str) -> None:
    """Write the draft in $VISUAL or $EDITOR; the terminal is the editor's until it ends."""
    from textual.app import SuspendNotSupported

    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    handle, name = tempfile.mkstemp(prefix="tui-chat-", suffix=".md")
    file = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as draft:
            draft.write(chat.composer.text)
        with chat.app.suspend():
            code = subprocess.run([*shlex.split(command), name], check=False).returncode
        text = as_typed(file.read_text("utf-8", errors="replace"))
    except (OSError, ValueError) as error:
        raise CommandRefused(f"The editor {command!r} did not start: {error}. Set VISUAL or EDITOR.") from error
    except SuspendNotSupported as error:
        raise CommandRefused("No editor can be opened from here.") from error
    finally:
        file.unlink(missing_ok=True)
    if code:
        raise CommandRefused(f"The editor ended with {code}; the draft is as it was.")
    chat.composer.put(text.rstrip("\n"))
