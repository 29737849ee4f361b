"""A field that stands over a row of a list, where what it changes is shown."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from tui_chat.ui.fields.search_field import SearchField
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound

SAVE_ROW: Final = Hint("row-take", "save")
KEEP_ROW: Final = Hint("leave", "keep the old value")
"""The keys of a field that stands over a row, for the frame around."""


class WordSuggester(Suggester):
    """Completes the last word of a text from a list of words; a sign before it stays."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._words = tuple(words)

    async def get_suggestion(self, value: str) -> str | None:
        """The text with its last word completed; None where no word begins so."""
        begun = value.rpartition(",")[2].lstrip() if "," in value else value.rpartition(" ")[2]
        begun = begun.removeprefix("#")
        if not begun:
            return None
        longer = (word for word in self._words if word.lower().startswith(begun.lower()) and len(word) > len(begun))
        word = next(longer, None)
        return None if word is None else value + word[len(begun) :]


class RowField(SearchField):
    """Answers once: with the text, or with None where it was left."""

    DEFAULT_CSS = """
    RowField, RowField.-textual-compact, RowField:focus {
        layer: above; padding: 0; background: $surface; color: $foreground;
    }
    RowField > .input--suggestion { color: $muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bound("row-take", "submit"), bound("row-complete", "complete")]

    class Answered(Message):
        """What was written; None where the field was left."""

        def __init__(self, text: str | None) -> None:
            super().__init__()
            self.text = text

    def __init__(self, text: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.value = text

    def complete_from(self, words: Sequence[str]) -> None:
        """Offer these words from now on."""
        self.suggester = WordSuggester(words)
        self.refresh_bindings()

    def on_resize(self, event: events.Resize) -> None:
        """Show the end of the text, where one writes on; before it has a size, nothing is scrolled."""
        del event
        self.cursor_position = 0
        self.cursor_position = len(self.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to complete only where there are words for it."""
        return (action != "complete" or self.suggester is not None) and super().check_action(action, parameters)

    def action_complete(self) -> None:
        """Take the word that is offered."""
        if self._suggestion:
            self.action_cursor_right()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it from the field of the list around."""
        event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        event.stop()
        self.post_message(self.Answered(event.value))

    def on_blur(self, event: events.Blur) -> None:
        """Nobody writes here any more."""
        del event
        self.post_message(self.Answered(None))
