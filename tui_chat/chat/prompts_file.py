"""The file of prompts that were sent, one as JSON a line, oldest first: every front end reads and adds to it."""

import json
import os
from pathlib import Path

LIMIT = 1_000


def read_prompts(file: Path) -> tuple[str, ...]:
    """The prompts of earlier runs, oldest first; none where the file is missing, and broken lines are passed over."""
    try:
        lines = file.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return ()
    prompts: list[str] = []
    for line in lines[-LIMIT:]:
        try:
            prompt = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(prompt, str) and prompt.strip():
            prompts.append(prompt)
    return tuple(prompts)


def append_prompt(file: Path, prompt: str) -> None:
    """Add a prompt to the file, for its owner only. A file that cannot be written is no reason to stop anybody."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as lines:
            lines.write(json.dumps(prompt) + "\n")
    except OSError:
        return
