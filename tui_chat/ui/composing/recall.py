"""The walk through the prompt history, from the first and the last row of the text."""

from typing import Protocol

from tui_chat.workspace.prompt_history import PromptHistory


class Recalling(Protocol):
    """A text that prompts are recalled into."""

    @property
    def text(self) -> str:
        """The text."""
        ...

    def put(self, text: str) -> None:
        """Replace it by a text that was edited before."""
        ...

    def recall(self, text: str) -> None:
        """Replace it by a prompt as it was sent."""
        ...


class Recall:
    """Replaces the text by earlier and later prompts; the draft comes back at the end of the walk."""

    def __init__(self, field: Recalling, prompts: PromptHistory) -> None:
        self._field = field
        self._prompts = prompts

    def earlier(self) -> bool:
        """Recall the previous prompt; False where there is none."""
        return self._show(self._prompts.earlier(self._field.text))

    def later(self) -> bool:
        """Recall the next prompt, in the end the draft; False where the draft is there already."""
        return self._show(self._prompts.later(self._field.text))

    def _show(self, text: str | None) -> bool:
        if text is None:
            return False
        # What was edited on the way stays as it was, with the chips that were opened in it.
        (self._field.recall if text in self._prompts.prompts else self._field.put)(text)
        return True
