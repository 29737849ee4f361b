"""Prompts that were sent, and the walk through them: edits of a recalled prompt stay until something is sent."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

LIMIT = 1_000


class PromptHistory:
    """Sent prompts, oldest first, with a place in the walk. The place after the newest is the draft."""

    def __init__(self, prompts: Iterable[str] = ()) -> None:
        self._prompts = list(prompts)[-LIMIT:]
        self._edits: dict[int, str] = {}
        self._place = len(self._prompts)

    @property
    def prompts(self) -> tuple[str, ...]:
        """All prompts, oldest first."""
        return tuple(self._prompts)

    def begin_with(self, older: Iterable[str]) -> None:
        """Put prompts of earlier runs before those of this one, once they have been read."""
        known = [*older, *self._prompts][-LIMIT:]
        shift = len(known) - len(self._prompts)
        self._prompts, self._place = known, self._place + shift
        self._edits = {place + shift: text for place, text in self._edits.items()}

    def add(self, prompt: str) -> None:
        """Remember a prompt that was sent and leave the walk; one that repeats the newest is not kept twice."""
        if prompt.strip() and (not self._prompts or self._prompts[-1] != prompt):
            self._prompts = [*self._prompts, prompt][-LIMIT:]
        self._edits.clear()
        self._place = len(self._prompts)

    def earlier(self, current: str) -> str | None:
        """The prompt before this place, as it was last edited; None at the oldest."""
        return self._go(-1, current)

    def later(self, current: str) -> str | None:
        """The prompt after this place, in the end the draft; None at the draft."""
        return self._go(1, current)

    def _go(self, step: int, current: str) -> str | None:
        place = self._place + step
        if not 0 <= place <= len(self._prompts):
            return None
        self._edits[self._place] = current
        self._place = place
        return self._edits.get(place, self._prompts[place] if place < len(self._prompts) else "")


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
