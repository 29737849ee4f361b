"""Prompt history: going back and forth through the prompts that were sent."""

from collections.abc import Iterable

from tui_chat.workspace.prompts_file import LIMIT


class PromptHistory:
    """Sent prompts, oldest first, with a current place; the place after the newest is the draft. Edits of a recalled
    prompt stay until something is sent."""

    def __init__(self, prompts: Iterable[str] = ()) -> None:
        self._prompts = list(prompts)[-LIMIT:]
        self._edits: dict[int, str] = {}
        self._place = len(self._prompts)

    @property
    def prompts(self) -> tuple[str, ...]:
        """All prompts, oldest first."""
        return tuple(self._prompts)

    def begin_with(self, older: Iterable[str]) -> None:
        """Put the prompts of earlier runs before those of this one, once they have been read."""
        known = [*older, *self._prompts][-LIMIT:]
        shift = len(known) - len(self._prompts)
        self._prompts, self._place = known, self._place + shift
        self._edits = {place + shift: text for place, text in self._edits.items()}

    def add(self, prompt: str) -> None:
        """Remember a prompt that was sent, and go back to the draft; one that repeats the newest is not kept twice."""
        if prompt.strip() and (not self._prompts or self._prompts[-1] != prompt):
            self._prompts = [*self._prompts, prompt][-LIMIT:]
        self._edits.clear()
        self._place = len(self._prompts)

    def earlier(self, current: str) -> str | None:
        """Go to the previous prompt, as it was last edited; None at the oldest. `current` is the text shown now."""
        return self._go(-1, current)

    def later(self, current: str) -> str | None:
        """Go to the next prompt, after the newest to the draft; None at the draft. `current` is the text shown now."""
        return self._go(1, current)

    def _go(self, step: int, current: str) -> str | None:
        place = self._place + step
        if not 0 <= place <= len(self._prompts):
            return None
        self._edits[self._place] = current
        self._place = place
        return self._edits.get(place, self._prompts[place] if place < len(self._prompts) else "")
