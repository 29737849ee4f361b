"""The external editor. Nothing else runs meanwhile, and the terminal is the editor's."""

import os
import shlex
import signal
import subprocess
import tempfile
from pathlib import Path

from tui_chat.core.sanitize import without_surrogates
from tui_chat.private_files import replacing
from tui_chat.regular_files import read_whole
from tui_chat.workspace.drafts import LARGEST_BYTES

_MEMORY = Path("/dev/shm")


class EditorFailed(Exception):
    """The editor gave no text; the message is for the person."""


def write_in_editor(text: str, *, is_temporary: bool) -> str:
    """Open a text in the editor, and return it as the editor left it. The file of a temporary conversation is kept in
    memory where the system has such a folder.

    Raises:
        EditorFailed: the editor did not start, or did not end well.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    where = _MEMORY if is_temporary and os.access(_MEMORY, os.W_OK) else None
    # Ctrl+C belongs to the editor while it runs.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with tempfile.TemporaryDirectory(prefix="tui-chat-", dir=where) as folder:
            file = Path(folder, "message.md")
            with replacing(file, is_durable=False) as opened:
                opened.write(text.encode(errors="replace"))
            argv = [*shlex.split(command), str(file)]
            done = subprocess.run(argv, check=False, restore_signals=True, preexec_fn=_restore_interrupts)
            written = read_whole(file, LARGEST_BYTES).decode(errors="replace").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        raise EditorFailed(f"The editor {command} did not work: {error}. Set VISUAL or EDITOR.") from error
    finally:
        signal.signal(signal.SIGINT, before)
    if done.returncode:
        raise EditorFailed(f"The editor ended with {done.returncode}; nothing is sent.")
    return without_surrogates(written).rstrip("\n")


def _restore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
